"""A build takes over the landed reports that have not changed, and gives what a full build gives."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from final_accounts.build import Options
from final_accounts.generate import generate
from projects import REPORTS, SHIPPED, Outcome, Project, query

# The report of the year after the shipped one, and others with every kind of table.
REAL = ("140405-031-2024", "990101-117-2018", "990202-005-2022")
CORRECTED, YEAR_AFTER = "synthetic-1-000001-2022", "synthetic-1-000001-2023"
WITHDRAWN, BEFORE_IT_CAME = "synthetic-1-000002-2022", "synthetic-1-000002-2023"


@dataclass(frozen=True)
class Releases:
    """Three builds of one project: of a landing folder, of the same folder changed, and the last one in full."""

    project: Project
    first: Outcome
    second: Outcome
    again: Outcome


def _rewrite(folder: Path, table: str, select: str) -> None:
    """Replaces the Parquet files of a raw table by what a query makes of them."""
    (file,) = (folder / table).glob("*.parquet")
    duckdb.sql(f"copy ({select.format(rows=f'(from read_parquet({str(file)!r}))')}) to '{file}.new' (format parquet)")
    Path(f"{file}.new").replace(file)


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    """A report is corrected, one withdrawn, one added."""
    project, landing = Project.copy(tmp_path_factory.mktemp("project")), tmp_path_factory.mktemp("landing")
    generate(8, landing, seed=1, processes=1)
    for report in REAL[:2]:
        for file in (REPORTS / report).glob("*.csv"):
            (landing / file.stem).mkdir(exist_ok=True)
            shutil.copy(file, landing / file.stem / f"{report}.csv")
    options = Options(landing=landing, synthetic=True, allow_loss=True, allow_withdrawn=True, site=False)
    first = project.build(options)
    for table in (path.name for path in landing.iterdir()):
        if list((landing / table).glob("*.parquet")):
            _rewrite(landing, table, f"select * from {{rows}} where report_id <> '{WITHDRAWN}'")
    _rewrite(
        landing,
        "revenue_expenditure_summary",
        f"""
        select * replace (
            case when report_id = '{CORRECTED}' and item = '年末结转和结余' then '0.01' else amount end as amount
        ) from {{rows}}
        """,
    )
    for file in (REPORTS / REAL[2]).glob("*.csv"):
        (landing / file.stem).mkdir(exist_ok=True)
        shutil.copy(file, landing / file.stem / f"{REAL[2]}.csv")
    second = project.build(options)
    again = project.build(Options(**vars(options) | {"full": True}))
    return Releases(project, first, second, again)


def test_a_first_build_computes_everything(releases: Releases) -> None:
    """And says why."""
    assert "Everything is computed: there is no release yet." in releases.first.out


def test_unchanged_reports_are_taken_over(releases: Releases) -> None:
    """Not those that are new or corrected, nor of the year after one of these, one of the seeds or one withdrawn."""
    assert releases.second.status in (0, 3), releases.second.err
    taken = re.search(r"Taken over from release [\w-]+: (\d+) of (\d+) landed reports", releases.second.out)
    assert taken, releases.second.out
    landed = 8 + 3 - 1
    changed = {CORRECTED, YEAR_AFTER, BEFORE_IT_CAME, REAL[0], REAL[2]}
    assert (int(taken[1]), int(taken[2])) == (landed - len(changed), landed)


def test_the_data_is_that_of_a_full_build(releases: Releases) -> None:
    """Every cell of every table: a full build of the same files has nothing new to release."""
    assert "nothing has changed since release" in releases.again.out, releases.again.out + releases.again.err


def test_what_was_corrected_is_seen(releases: Releases) -> None:
    """In the report and in that of the year after."""
    rows = query(
        releases.project.published,
        """
        select report_id, count(*) from quality.fct_identity_results
        where status = 'broken' and report_id in (?, ?)
        group by all
        """,
        CORRECTED,
        YEAR_AFTER,
    )
    assert {report for report, _ in rows} == {CORRECTED, YEAR_AFTER}


def test_what_was_withdrawn_is_gone(releases: Releases) -> None:
    """From every table that names reports."""
    tables = query(
        releases.project.published,
        """
        select distinct schema_name || '.' || table_name from duckdb_columns()
        where column_name = 'report_id' and not internal
        """,
    )
    for (table,) in tables:
        assert query(releases.project.published, f"select count(*) from {table} where report_id = '{WITHDRAWN}'") == [
            (0,)
        ], table


def test_versions_of_landed_reports_are_in_the_file(releases: Releases) -> None:
    """Those of seeds are not: seeds are always computed."""
    rows = query(releases.project.published, "select report_id from quality.release_reports")
    reports = {report for (report,) in rows}
    assert CORRECTED in reports
    assert SHIPPED not in reports
