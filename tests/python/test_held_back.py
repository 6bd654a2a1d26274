"""A report whose tables do not add up is named and held back; the others are released; alone it releases nothing."""

from dataclasses import replace

import duckdb
import pytest
from conftest import Run
from final_accounts.warehouse.build import Options
from projects import SHIPPED, Outcome, Project, query
from quick import Quick, build_and_keep

BROKEN = "990101-117-2018"
TOTAL = {"row_no": "1"}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, str, str]:
    """A build whose only report does not add up, over a published file of other contents."""
    project = Project.copy(tmp_path_factory.mktemp("alone"))
    project.published.parent.mkdir()
    duckdb.connect(str(project.published)).close()
    before = project.digest
    project.edit("expenditure", {"report_id": SHIPPED, **TOTAL}, total="145600.94")
    return project.build(Options(site=False)), before, project.digest


@pytest.fixture(scope="module")
def over_a_release(released: Quick, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Quick]:
    """A build of reports that readers have, of which one no longer adds up; and what it built, to go on from."""
    kept = tmp_path_factory.mktemp("kept")
    released.project.edit("expenditure", {"report_id": BROKEN, **TOTAL}, total="1.00")
    outcome, built = build_and_keep(released.project, kept, Options(site=False))
    return Run(released.project, outcome, released.project.published), replace(released, built=built, kept=kept)


@pytest.fixture(scope="module")
def among_others(over_a_release: tuple[Run, Quick]) -> Run:
    """The same, when the loss was asked for."""
    before, quick = over_a_release
    assert (before.outcome.status, quick.project.digest) == (1, quick.digest), before.outcome.err
    with quick.models():
        outcome = quick.project.build(Options(site=False, allow_loss=True))
    return Run(quick.project, outcome, quick.project.published)


def test_a_report_that_readers_have_is_not_lost_unasked(over_a_release: tuple[Run, Quick]) -> None:
    """It would be held back, and so be gone for them."""
    outcome = over_a_release[0].outcome
    assert outcome.err.splitlines()[-1].startswith("Not released: readers would lose what they have")
    assert "--allow-loss" in outcome.err.splitlines()[-1]
    assert f"Lost: report {BROKEN}, which readers have, would be gone" in outcome.err.splitlines()
    assert any(line.startswith(f"Held back: report {BROKEN}") for line in outcome.err.splitlines())


def test_the_others_are_released(among_others: Run) -> None:
    """The exit status and the last line say that not all of them are."""
    assert among_others.outcome.status == 3, among_others.outcome.err
    assert among_others.outcome.out.splitlines()[-1].endswith("; reports held back: 1.")


def test_the_report_is_named_with_a_break(among_others: Run) -> None:
    """One line says which report, how much of it is broken, and one break with both sides."""
    (line,) = among_others.outcome.complaints
    assert line.startswith(f"Held back: report {BROKEN}, fatal identities broken: ")
    assert " is not 1.00" in line or "1.00 is not " in line


def test_the_report_is_in_quality_and_in_no_mart(among_others: Run) -> None:
    """All of it stays visible where auditors look."""
    assert query(among_others.database, "select count(*) from marts.dim_reports where report_id = ?", BROKEN) == [(0,)]
    ((cells,),) = query(
        among_others.database, "select count(*) from quality.fct_report_cells where report_id = ?", BROKEN
    )
    assert cells > 0


def test_alone_it_releases_nothing(alone: tuple[Outcome, str, str]) -> None:
    """There is nothing that readers could be given."""
    outcome, _, _ = alone
    assert outcome.status == 1
    assert f"Held back: report {SHIPPED}" in outcome.err
    assert outcome.err.splitlines()[-1].startswith("Not released: no report is left to release")


def test_alone_it_leaves_what_readers_have(alone: tuple[Outcome, str, str]) -> None:
    """Byte for byte."""
    _, before, after = alone
    assert after == before
