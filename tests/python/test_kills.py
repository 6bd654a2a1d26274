"""Short forms of scripts/prove_publishing and scripts/prove_faults: what is killed, and what fails."""

import re
import shutil
import subprocess
import sys

import pytest


def test_readers_never_notice_that_a_build_was_killed() -> None:
    """At steps of the publishing, at random moments, and as a whole; the next build just works.

    In a process of its own: one that has opened databases must not fork.
    """
    run = subprocess.run(
        [sys.executable, "-m", "final_accounts.proving.prove_publishing", "--publishing=8", "--whole=1", "--readers=1"],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert "builds killed: 9 " in run.stdout
    assert "seconds readers could not open the file: 0\n" in run.stdout
    assert "bad reads: 0\n" in run.stdout
    looks = re.search(r"reads checked: ([\d,]+), of ([\d,]+) releases", run.stdout)
    assert looks
    assert int(looks[1].replace(",", "")) > 10


@pytest.mark.skipif(not shutil.which("cc"), reason="There is no C compiler to make the library that counts calls.")
def test_nothing_that_fails_or_is_killed_makes_what_is_said_untrue() -> None:
    """A short form of scripts/prove_faults: some of the calls of a build, a rollback and a removal."""
    run = subprocess.run(
        [sys.executable, "-m", "final_accounts.proving.prove_faults", "--every=100", "--within=1"],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert "untrue: 0\n" in run.stdout
