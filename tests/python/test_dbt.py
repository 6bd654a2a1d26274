"""Running dbt in this process: what it says, and what it leaves behind."""

import os
import shutil
from pathlib import Path

import duckdb
import pytest
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.paths import TOP


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one sound model."""
    top = tmp_path / "small"
    (top / "models").mkdir(parents=True)
    shutil.copytree(TOP / "profiles", top / "profiles")
    (top / "dbt_project.yml").write_text("name: small\nprofile: final_accounts\n")
    (top / "models" / "sound.sql").write_text("select 1 as number")
    return top


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A file that does not exist yet."""
    return tmp_path / "final_accounts.duckdb"


def test_success_is_silent(project: Path, database: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Where nobody watches a terminal, there is nothing to read."""
    assert run_dbt(["build"], database, project).success
    assert capfd.readouterr() == ("", "")


def test_an_error_of_a_model_is_said_once(project: Path, database: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """With the model's name, in plain text."""
    (project / "models" / "broken.sql").write_text("select cast('样本' as integer) as number from {{ ref('sound') }}")
    (project / "models" / "broken.yml").write_text("models: [{name: broken, config: {materialized: table}}]")
    run = run_dbt(["build"], database, project)
    said = capfd.readouterr()
    assert not run.success
    assert said.out == ""
    assert said.err.count("Failure in model broken (models/broken.sql)") == 1
    assert said.err.count("Could not convert string '样本' to INT32") == 1
    assert "\x1b" not in said.err


def test_an_error_of_the_project_is_said_once(project: Path, database: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A model that dbt cannot read stops everything."""
    (project / "models" / "broken.sql").write_text("select * from {{ ref('missing') }}")
    run = run_dbt(["build"], database, project)
    said = capfd.readouterr()
    assert not run.success
    assert said.out == ""
    assert said.err.count("depends on a node named 'missing' which was not found") == 1


def test_everything_is_written_in_the_project_and_the_file(project: Path, database: Path) -> None:
    """Two projects can be run side by side."""
    run_dbt(["build"], database, project)
    assert sorted(path.name for path in project.iterdir() if path.name != "logs") == [
        "dbt_project.yml",
        "models",
        "profiles",
        "target",
    ]
    assert sorted(path.name for path in database.parent.iterdir()) == ["final_accounts.duckdb", "small"]


def test_the_file_is_free_afterwards(project: Path, database: Path) -> None:
    """Whoever called can open it, read or write."""
    run_dbt(["build"], database, project)
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.execute("select number from main.sound").fetchall() == [(1,)]


@pytest.mark.parametrize("before", [None, "/somewhere/else.duckdb"])
def test_the_environment_is_as_before(
    project: Path, database: Path, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    """The path of the database is handed to dbt in a variable that the caller may use too."""
    monkeypatch.delenv("FINAL_ACCOUNTS_DATABASE", raising=False)
    if before:
        monkeypatch.setenv("FINAL_ACCOUNTS_DATABASE", before)
    run_dbt(["parse"], database, project)
    assert os.environ.get("FINAL_ACCOUNTS_DATABASE") == before
