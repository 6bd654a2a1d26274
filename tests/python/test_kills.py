"""A short form of scripts/prove_publishing: builds are killed while readers look on."""

import re
from pathlib import Path

import pytest
from final_accounts.prove_publishing import prove


def test_readers_never_notice_that_a_build_was_killed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """At every step of the publishing that comes first, at random moments, and as a whole; the next build just works."""
    status = prove(tmp_path, publishing=8, whole=1, readers=1)
    said, complaints = capfd.readouterr()
    assert status == 0, complaints
    assert "seconds readers could not open the file: 0\n" in said
    assert "bad reads: 0\n" in said
    looks = re.search(r"reads checked: ([\d,]+), of ([\d,]+) releases", said)
    assert looks
    assert int(looks[1].replace(",", "")) > 10
