"""scripts/build from end to end, through the shell and from another directory."""

import re
import shutil
from pathlib import Path

import pytest
from conftest import Run
from final_accounts.warehouse import build
from projects import Project, contents, query


@pytest.fixture(params=["first_run", "second_run"])
def run(request: pytest.FixtureRequest, first_run: Run, second_run: Run) -> Run:
    """Either of two runs, one after the other, in one copy of the project."""
    return {"first_run": first_run, "second_run": second_run}[request.param]


def test_a_run_is_released(run: Run) -> None:
    """The exit status and the last line say so, and nothing is complained of."""
    assert run.outcome.status == 0, run.outcome.err
    assert re.fullmatch(r"Released as \d{8}-\d{6}-[0-9a-f]{8}\.", run.outcome.out.splitlines()[-1])
    assert run.outcome.complaints == []


def test_a_run_says_how_many_reports_cells_and_amounts_there_are(run: Run) -> None:
    """The counts are those of the published file."""
    ((reports,),) = query(run.database, "select count(*) from marts.dim_reports")
    ((cells, amounts),) = query(
        run.database,
        "select count(*), count(*) filter (where cell_status = 'amount') from quality.fct_report_cells",
    )
    assert run.outcome.out.startswith(
        f"{reports:,} reports, {cells:,} cells of their tables, {amounts:,} of them amounts. Rows:\n"
    )
    assert (reports, amounts > 0) == (1, True)


def test_a_run_says_how_many_rows_each_mart_has(run: Run) -> None:
    """Everything that readers may query is listed with its rows."""
    said = dict(re.findall(r"^  (\w+\.\w+) +([\d,]+)$", run.outcome.out, re.MULTILINE))
    assert said == {table: f"{len(rows):,}" for table, rows in contents(run.database).items()}
    assert {"marts.fct_expenditure", "quality.fct_report_cells", "reporting.rpt_department_years"} <= set(said)


def test_a_run_says_for_how_many_reports_a_solver_was_asked(run: Run) -> None:
    """The shipped report contradicts itself."""
    assert "a solver was asked for 1 reports; wrong cells were not searched to the end in 0.\n" in run.outcome.out


def test_a_run_says_where_the_warehouse_is(run: Run) -> None:
    """The path stands in full, as the reader may be anywhere."""
    assert f"The warehouse is {run.project.published}." in run.outcome.out


def test_the_query_that_a_run_prints_can_be_run(run: Run) -> None:
    """It returns the classes of the report, the largest first."""
    printed = run.outcome.out.partition("Try:")[2].partition("\n\n")[2].partition("\n\n")[0]
    rows = query(run.database, printed)
    assert rows[0][0] == "资源勘探工业信息等支出"
    assert [amount for _, amount, _ in rows] == sorted((amount for _, amount, _ in rows), reverse=True)
    assert float(sum(share for *_, share in rows)) == pytest.approx(1, abs=1e-5)


def test_the_published_file_lies_alone(second_run: Run) -> None:
    """A run leaves no candidate beside it, and no log of changes that would be replayed into the next one."""
    assert second_run.project.left_in_warehouse == [
        ".lock",
        "current",
        "final_accounts.duckdb",
        "releases",
        "site",
    ]


def test_byte_order_marks_and_crlf_change_nothing(first_run: Run, second_run: Run) -> None:
    """Every row that readers see is the same as from plain files."""
    first, second = contents(first_run.database), contents(second_run.database)
    assert [table for table in first if first[table] != second.get(table)] == []
    assert len(first) == len(second)


def test_a_failed_run_leaves_no_candidate_of_an_earlier_one(tmp_path: Path) -> None:
    """What an interrupted run left is cleared away even if the next one does not come to build."""
    project = Project.copy(tmp_path)
    candidate = project.published.parent / "releases" / ".candidate" / "final_accounts.duckdb"
    candidate.parent.mkdir(parents=True)
    candidate.write_bytes(b"half a warehouse")
    project.seed("funds").unlink()
    assert project.build().status == 1
    assert not candidate.parent.exists()


def test_help_says_what_is_built_and_the_exit_statuses(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It builds nothing."""
    monkeypatch.setattr("sys.argv", ["scripts/build", "--help"])
    with pytest.raises(SystemExit) as stop:
        build.main()
    said = " ".join(capsys.readouterr().out.split())
    assert stop.value.code == 0
    assert said.startswith("usage: scripts/build")
    assert "warehouse/final_accounts.duckdb" in said
    assert "0 released, 3 released with reports held back (named), 5 released with something left undone" in said
    assert "1 not released (what readers have is unchanged), 2 wrong usage, 128 and the number of a signal" in said


@pytest.mark.parametrize("arguments", [["--nonsense"], ["seeds"]])
def test_wrong_usage_exits_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """An argument that nobody knows is named, and nothing is built."""
    monkeypatch.setattr("sys.argv", ["scripts/build", *arguments])
    with pytest.raises(SystemExit) as stop:
        build.main()
    assert stop.value.code == 2
    assert arguments[0] in capsys.readouterr().err


def test_the_exit_status_of_wrong_usage_reaches_the_shell(second_run: Run, tmp_path: Path) -> None:
    """The shell command hands on arguments and status."""
    outcome = second_run.project.run("build", "--nonsense", directory=tmp_path)
    assert (outcome.status, outcome.out) == (2, "")
    assert "usage: scripts/build" in outcome.err


def test_the_exit_status_of_a_failure_reaches_the_shell(second_run: Run, tmp_path: Path) -> None:
    """A scheduler sees that nothing was released; readers see what they had."""
    project, digest = second_run.project, second_run.project.digest
    missing = project.seed("glossary")
    shutil.move(missing, tmp_path)
    outcome = project.run("build", directory=tmp_path)
    shutil.move(tmp_path / missing.name, missing)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.sentences == ["seeds/accounts/glossary.csv: the file is missing; its contract is glossary.yml"]
    assert project.digest == digest
