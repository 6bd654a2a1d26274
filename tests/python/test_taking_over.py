"""A build takes over the landed reports that have not changed, and gives what a full build gives."""

import re
import shutil
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest
from final_accounts.expectations.validation import reports_of
from final_accounts.proving.generate import generate
from final_accounts.release.base import take_over, write_versions
from final_accounts.release.record import code_hash, inputs_of
from final_accounts.warehouse import build
from final_accounts.warehouse.build import Options
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.paths import Warehouse
from projects import REPORTS, SHIPPED, Outcome, Project, query

# The report of the year after the shipped one, and others with every kind of table.
REAL = NEXT_OF_THE_SHIPPED, ANNOTATED, ADDED = "140405-031-2024", "990101-117-2018", "990202-005-2022"
CORRECTED, YEAR_AFTER = "synthetic-1-000001-2022", "synthetic-1-000001-2023"
WITHDRAWN, AFTER_THE_WITHDRAWN = "synthetic-1-000002-2022", "synthetic-1-000002-2023"


@dataclass(frozen=True)
class Releases:
    """Three builds of one project: of a landing folder, of the same folder changed, and the last one in full."""

    project: Project
    landing: Path
    first: Outcome
    second: Outcome
    again: Outcome


def _rewrite(folder: Path, table: str, select: str) -> None:
    """Replaces the Parquet files of a raw table by what a query makes of them."""
    (file,) = (folder / table).glob("*.parquet")
    duckdb.sql(f"copy ({select.format(rows=f'(from read_parquet({str(file)!r}))')}) to '{file}.new' (format parquet)")
    Path(f"{file}.new").replace(file)


def _build(project: Project, options: Options, *, tested: bool = False) -> Outcome:
    """A release without expectations, and with dbt's tests where it takes over: other builds are tested elsewhere."""
    left_out = [] if tested else ["--exclude-resource-type", "test"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "run_dbt", lambda command, *a, **k: run_dbt([*command, *left_out], *a, **k))
        patch.setattr(build, "expectations_checker", lambda: nullcontext(lambda file, _docs: (reports_of(file), [])))
        return project.build(options)


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    """A report is corrected, one withdrawn, one added, and one gets a row in the seeds."""
    project, landing = Project.copy(tmp_path_factory.mktemp("project")), tmp_path_factory.mktemp("landing")
    generate(8, landing, seed=1, processes=1)
    for report in (NEXT_OF_THE_SHIPPED, ANNOTATED):
        for file in (REPORTS / report).glob("*.csv"):
            (landing / file.stem).mkdir(exist_ok=True)
            shutil.copy(file, landing / file.stem / f"{report}.csv")
    options = Options(landing=landing, synthetic=True, allow_loss=True, allow_withdrawn=True, site=False)
    first = _build(project, options)
    landed = query(project.published, "select file from quality.release_inputs where file like 'landing/%'")
    assert len(landed) == len([*landing.glob("*/*.*")]), first.err
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
    for file in (REPORTS / ADDED).glob("*.csv"):
        (landing / file.stem).mkdir(exist_ok=True)
        shutil.copy(file, landing / file.stem / f"{ADDED}.csv")
    project.append("glossary", report_id=ANNOTATED, term_no="99", term="term", definition="definition")
    second = _build(project, options, tested=True)
    again = _build(project, replace(options, full=True))
    return Releases(project, landing, first, second, again)


def test_a_first_build_computes_everything(releases: Releases) -> None:
    """And says why."""
    assert "Everything is computed: there is no release yet." in releases.first.out


def test_unchanged_reports_are_taken_over(releases: Releases) -> None:
    """Not those that are new or have other rows, nor of the year after one of these or one that was withdrawn."""
    assert releases.second.status in (0, 3), releases.second.err
    taken = re.search(r"Taken over from release [\w-]+: (\d+) of (\d+) reports", releases.second.out)
    assert taken, releases.second.out
    known = len({SHIPPED, *REAL}) + 8 - len({WITHDRAWN})
    changed = {CORRECTED, YEAR_AFTER, AFTER_THE_WITHDRAWN, ADDED, ANNOTATED}
    assert (int(taken[1]), int(taken[2])) == (known - len(changed), known)


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


def test_every_report_has_its_version_in_the_file(releases: Releases) -> None:
    """From wherever it came."""
    rows = query(releases.project.published, "select report_id from quality.release_reports")
    assert {CORRECTED, SHIPPED, ANNOTATED} <= {report for (report,) in rows}


def _taken_over(releases: Releases, folder: Path) -> str:
    """What a build would say that it takes over."""
    file = folder / "versions.parquet"
    write_versions(releases.project.top, releases.landing, True, file)
    inputs = inputs_of(releases.project.top, releases.landing, True)
    warehouse = Warehouse.of(releases.project.top)
    return take_over(warehouse, code_hash(releases.project.top), inputs, file, folder / "built.duckdb")[1]


def test_what_has_not_changed_at_all_is_taken_over_as_a_whole(releases: Releases, tmp_path: Path) -> None:
    """So that what the next test finds has one reason."""
    assert _taken_over(releases, tmp_path).endswith(": 11 of 11 reports.")


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("seeds/identities/identities.csv", "classification, identities or waivers in seeds/ are not those of release"),
        ("seeds/identities/waivers.csv", "classification, identities or waivers in seeds/ are not those of release"),
        ("seeds/classification/form_lines.csv", "classification, identities or waivers in seeds/ are not those of"),
        ("models/marts/quality/fct_identity_results.sql", "the code or its packages are not those of release"),
    ],
)
def test_what_every_report_rests_on_has_changed(releases: Releases, file: str, reason: str, tmp_path: Path) -> None:
    """Nothing is taken over, and it is said why."""
    changed = releases.project.top / file
    before = changed.read_bytes()
    try:
        changed.write_bytes(before + b"\n")
        assert f"Everything is computed: {reason}" in _taken_over(releases, tmp_path)
    finally:
        changed.write_bytes(before)
