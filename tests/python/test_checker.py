"""The process that checks the expectations of a build: it does not outlive the build, and says why it cannot check."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run
from final_accounts.release.errors import NotReleasedError
from final_accounts.release.expecting import expectations_checker
from projects import query


def test_a_build_that_is_killed_leaves_nothing_that_waits() -> None:
    """The end of what it is told is enough."""
    run = subprocess.run(
        [sys.executable, "-m", "final_accounts.release.expecting"],
        input="",
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (run.returncode, run.stdout) == (0, "")


def test_a_warehouse_is_checked(first_run: Run) -> None:
    """The answer is whole: as many reports as there are, and every suite."""
    with expectations_checker() as check:
        reports, checks = check(first_run.database, None)
    (known,) = query(first_run.database, "select count(*) from raw.reports")[0]
    assert reports.known == known
    assert {each.name.split()[0] for each in checks} >= {"raw", "staging", "marts", "identities"}
    assert {each.tool for each in checks} == {"expectations"}


def test_why_nothing_is_released_is_handed_on(tmp_path: Path) -> None:
    """As the reason that the build ends with."""
    with expectations_checker() as check, pytest.raises(NotReleasedError, match=r"could not run\. .*no such file"):
        check(tmp_path / "none.duckdb", None)
