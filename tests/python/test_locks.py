"""The lock files agree: what is tested, and what builds on Spark, has the packages that a build has."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from final_accounts.warehouse.paths import TOP


def pinned(lock: str) -> set[str]:
    """The packages of a lock file with their versions."""
    text = (TOP / lock).read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9][a-z0-9._-]*==[^\s;\\]+)", text, re.MULTILINE | re.IGNORECASE))


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [("requirements.txt", "requirements-test.txt"), ("requirements-test.txt", "requirements-spark.txt")],
)
def test_a_lock_holds_everything_of_the_one_before_it(smaller: str, larger: str) -> None:
    """scripts/environment.sh takes an environment with more packages for one with fewer."""
    assert pinned(smaller)
    assert pinned(smaller) - pinned(larger) == set()


@pytest.mark.parametrize("group", ["scan", "mcp"])
def test_a_lock_of_more_packages_can_be_added_to_any_of_them(group: str) -> None:
    """What two locks have in common is of one version in both: adding changes nothing that is there."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    lock, all_others = pinned(f"requirements-{group}.txt"), pinned("requirements-spark.txt")
    assert set(project["dependency-groups"][group]) - lock == set()
    names = {package.partition("==")[0] for package in all_others}
    assert {package for package in lock if package.partition("==")[0] in names} - all_others == set()


def test_the_lock_of_the_benchmark_stands_apart_with_the_packages_of_its_group() -> None:
    """What it compares need not go with the warehouse's packages, but runs on the warehouse's DuckDB and dbt."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    lock = pinned("requirements-benchmark.txt")
    assert set(project["dependency-groups"]["benchmark"]) - lock == set()
    shared = {package for package in lock if package.startswith(("duckdb==", "dbt-core=="))}
    assert shared
    assert shared - pinned("requirements.txt") == set()


@pytest.mark.parametrize(("made_with", "is_asked_again"), [("Python 3.9.0", True), ("", False)])
def test_an_environment_of_another_python_is_made_anew(made_with: str, is_asked_again: bool, tmp_path: Path) -> None:
    """Where one is asked for by its name, an environment that another one made will not do."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text(
        f'#!/bin/sh\n[ "{made_with}" ] && echo {made_with} || {sys.executable} -V\n'
    )
    (tmp_path / "bin" / "python").chmod(0o755)
    script = f"""
        . {TOP}/scripts/environment.sh
        echo "requirements.txt $(cksum <{TOP}/requirements.txt)" >{tmp_path}/installed
        is_made_from {tmp_path} requirements.txt && echo asked by nobody
        export FINAL_ACCOUNTS_PYTHON={sys.executable}
        is_made_from {tmp_path} requirements.txt || echo made anew
    """
    said = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout
    assert said == "asked by nobody\n" + "made anew\n" * is_asked_again
