"""Short forms of scripts/prove_publishing and scripts/prove_faults: what is killed, and what fails.

That a whole build is killed is in test_endings.py; what dbt would build is taken from the whole build of all tests.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from final_accounts.proving.prove_publishing import prepare_of
from final_accounts.warehouse.paths import PUBLISHED
from quick import Whole


@pytest.fixture(scope="module")
def prepared(whole: Whole, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What builds begin with here."""
    folder = tmp_path_factory.mktemp("prepared")
    built, seeds = whole.kept / PUBLISHED.name, whole.project.top / "seeds"
    prepare_of(built, whole.built.relations, whole.built.checks, seeds, folder)
    return folder


def _proved(command: str, *arguments: str) -> str:
    """What a command says that proves something; in a process of its own: one with open databases must not fork."""
    module = f"final_accounts.proving.{command}"
    run = subprocess.run([sys.executable, "-m", module, *arguments], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_readers_never_notice_that_a_build_was_killed(prepared: Path) -> None:
    """At steps of the publishing, and at random moments; the next build just works."""
    said = _proved("prove_publishing", "--publishing=8", "--whole=0", "--readers=1", f"--prepared={prepared}")
    assert "builds killed: 8 " in said
    assert "seconds readers could not open the file: 0\n" in said
    assert "bad reads: 0\n" in said
    looks = re.search(r"reads checked: ([\d,]+), of ([\d,]+) releases", said)
    assert looks
    assert int(looks[1].replace(",", "")) > 10


@pytest.mark.skipif(not shutil.which("cc"), reason="There is no C compiler to make the library that counts calls.")
def test_nothing_that_fails_or_is_killed_makes_what_is_said_untrue(prepared: Path) -> None:
    """Some of the calls of a build, a rollback, a removal, land and ingest."""
    said = _proved("prove_faults", "--every=300", "--within=1", f"--prepared={prepared}")
    assert "untrue: 0\n" in said
