"""Expectations over a finished warehouse: what is met, what is not, what could not run, and the pages that show it."""

import contextlib
import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from conftest import Run
from final_accounts.expectations.expect import COULD_NOT_RUN, MET, NOT_MET, expect, main
from final_accounts.expectations.files import FOLDER, as_text, made_suites
from final_accounts.expectations.validation import SUITES, SuiteResult, name_of, suites_of, validate
from projects import SHIPPED, Outcome, drop_keys, query

A_FATAL_IDENTITY = "t01_totals_agree"
A_BREAK = f"""
    insert into quality.fct_identity_results by name
    select '{SHIPPED}' as report_id, '{A_FATAL_IDENTITY}' as identity_id, 'made up' as instance_key,
        'fatal' as severity, 'broken' as status, 'equal' as comparison, 1234567.89 as residual_yuan,
        100 as bound_yuan, 2234567.89 as left_yuan, 1000000 as right_yuan, 2 as cells_present
"""

# What is done to the tables of a layer, so that each of its expectations fails.
SHIPPED_CLAIM = f"update raw.narrative_claims set {{}} where report_id = '{SHIPPED}' and claim_no = '{{}}'"
DAMAGE = {
    "raw": [
        "insert into raw.forms by name select '11' as table_no, 'revenue' as form_name",
        "insert into raw.form_columns by name select '02' as table_no, 'gifts' as column_name",
        "alter table raw.glossary alter term_no type integer using 1",
        f"delete from raw.three_public where report_id = '{SHIPPED}'",
        f"delete from raw.revenue where report_id = '{SHIPPED}' and row_no = '3'",
        SHIPPED_CLAIM.format("value_text = '1.23456'", 2),
        "insert into raw.identities by name select 't02_row' as identity_id, 'deadly' as severity",
        "insert into raw.waivers by name select 't02_row' as identity_id, 'nowhere' as report_id",
    ],
    "staging": [
        "create table raw.gifts as select report_id from raw.reports",
        "create table main.reports as from staging.stg_accounts__reports",
        "update main.reports set amount_unit_yuan = null, fiscal_year = null",
        f"""
        update main.reports set fiscal_year = 1066, amount_decimals = 7
        where report_id = '{SHIPPED}'
        """,
        "insert into main.reports from main.reports where report_id like '990101-%'",
        "create or replace view staging.stg_accounts__reports as from main.reports",
        "create table main.claims as from staging.stg_accounts__narrative_claims",
        "update main.claims set value_status = 'odd' where claim_no = 1",
        "create or replace view staging.stg_accounts__narrative_claims as from main.claims",
        "create table main.revenue as from staging.stg_accounts__revenue",
        "insert into main.revenue from main.revenue where row_key = 'total'",
        "create or replace view staging.stg_accounts__revenue as from main.revenue",
        "update quality.fct_report_cells set printed_text = '0.01' where table_no = '03' and row_key = 'total'",
        "create table main.projects as from staging.stg_accounts__projects",
        "update main.projects set page_from = page_to + 1",
        "create or replace view staging.stg_accounts__projects as from main.projects",
    ],
    "marts": [
        "alter table quality.fct_report_cells drop line_no",
        # A view over the column could not be read any more, and what asks it could not be evaluated.
        "create or replace view reporting.rpt_narrative_and_tables as select '' as report_id",
        "alter table marts.fct_narrative_claims drop unit",
        "drop table quality.fct_suspect_cells",
        "create table marts.floats as select 1.5::double as amount",
        *(
            f"insert into {table} from {table} where report_id = '{SHIPPED}'"
            for table in (
                "quality.fct_report_cells",
                "quality.fct_identity_results",
                "marts.fct_revenue",
                "marts.fct_basic_expenditure",
                "marts.fct_expenditure",
                "marts.fct_fund_balances",
            )
        ),
        f"insert into quality.fct_joint_conflicts by name select '{SHIPPED}' as report_id, 1 as conflict_no",
        "update quality.fct_report_cells set cell_status = 'odd' where table_no = '10'",
        "update quality.fct_identity_results set status = 'odd' where identity_id = 't02_row'",
        "update quality.fct_identity_results set status = 'not_evaluable' where identity_id = 't03_row'",
        "delete from quality.fct_identity_results where identity_id = 't04_row'",
        "update marts.fct_expenditure set fund = 'odd', expenditure_kind = 'odd' where table_no = '08'",
        "update marts.fct_revenue set revenue_source = 'odd' where report_id like '990101-%'",
        "update marts.fct_projects set total_score = 101, indicator_weight = 101, execution_rate_percent = -1",
        "delete from quality.fct_report_cells where report_id like '990202-%'",
        "delete from marts.dim_reports where report_id like '990101-%'",
        "create table main.spending as from reporting.rpt_spending_by_function",
        f"update main.spending set amount_yuan = 0.01, share_of_total = 2 where report_id = '{SHIPPED}'",
        "create or replace view reporting.rpt_spending_by_function as from main.spending",
        "create table main.years as select * replace ('' as report_id) from reporting.rpt_department_years",
        "create or replace view reporting.rpt_department_years as from main.years",
    ],
}
# These cannot fail without another one that raises, or one that has nothing left to find.
ALONE = {
    "there_is_a_report",
    "columns_of_fct_identity_results_are_there",
    "columns_of_fct_expenditure_are_there",
    "columns_of_fct_revenue_are_there",
}


@dataclass(frozen=True)
class Warehouse:
    """A copy of a built warehouse, in a folder of its own."""

    database: Path

    @classmethod
    def copy(cls, run: Run, folder: Path, *changes: str) -> "Warehouse":
        """Copies the warehouse of a run and changes the copy."""
        folder.mkdir(parents=True, exist_ok=True)
        warehouse = cls(folder / run.database.name)
        shutil.copyfile(run.database, warehouse.database)
        if changes:
            with duckdb.connect(str(warehouse.database)) as connection:
                drop_keys(connection)
                for change in changes:
                    connection.execute(change)
        return warehouse

    @property
    def docs(self) -> Path:
        """Where the pages go unless told otherwise."""
        return self.database.with_name("data_docs")

    def page(self, name: str) -> str:
        """A page of the Data Docs."""
        return (self.docs / f"{name}.html").read_text(encoding="utf-8")

    def expect(self, *suites: str) -> Outcome:
        """Does what scripts/expect does, in this process."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = expect(self.database, names=suites or SUITES)
        return Outcome(status, out.getvalue(), err.getvalue())

    def not_met(self, suite: str) -> set[str]:
        """The names of the expectations of a suite that fail; none may raise."""
        (result,) = self.results(suite)
        assert not result.not_evaluated, {name_of(each): each.exception_info for each in result.not_evaluated}
        return {name_of(each) for each in result.not_met}

    def results(self, suite: str) -> list[SuiteResult]:
        """What came of a suite."""
        return validate(self.database, suites_of(self.database, (suite,)))


@pytest.fixture(scope="module")
def sound(many: Run, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """An unchanged copy of a warehouse with four reports."""
    return Warehouse.copy(many, tmp_path_factory.mktemp("sound"))


@pytest.fixture(scope="module")
def outcome(sound: Warehouse) -> Outcome:
    """What all suites over it come to."""
    return sound.expect()


def section(page: str, name: str) -> str:
    """The part of a page that is about one expectation."""
    start = page.index(f'<details id="{name}"')
    end = page.find('<details id="', start + 1)
    return page[start : end if end > 0 else None]


def shown(page: str) -> dict[str, str]:
    """The expectations of a page and how they are marked: passed, failed, empty or raised."""
    return dict(re.findall(r'<details id="([^"]+)".*?<span class="mark (\w+)', page, re.DOTALL))


# What is met


def test_all_critical_expectations_of_a_sound_warehouse_are_met(outcome: Outcome) -> None:
    """A sound warehouse passes, and the last line says so."""
    assert outcome.status == MET, outcome.out + outcome.err
    assert outcome.out.splitlines()[-1].startswith("All critical expectations are met.")
    assert outcome.err == ""


def test_there_is_one_expectation_for_each_identity(sound: Warehouse, outcome: Outcome) -> None:
    """One expectation and one line on the page for each identity of the registry, no more and no fewer."""
    registered = [name for (name,) in query(sound.database, "select identity_id from raw.identities order by all")]
    (suite,) = suites_of(sound.database, ("identities",))
    assert sorted(check.name for check in suite.checks) == registered
    assert sorted(shown(sound.page("identities"))) == registered


def test_severity_is_that_of_the_registry(sound: Warehouse) -> None:
    """Fatal is critical, error is warning, info is info."""
    registered = dict(query(sound.database, "select identity_id, severity from raw.identities"))
    (suite,) = suites_of(sound.database, ("identities",))
    severities = {check.name: check.expectation.severity.value for check in suite.checks}
    names = {"fatal": "critical", "error": "warning", "info": "info"}
    assert severities == {identity: names[severity] for identity, severity in registered.items()}


def test_the_publishers_own_contradictions_are_shown_and_stop_nothing(sound: Warehouse, outcome: Outcome) -> None:
    """A broken identity that is no fatal one is on its page as failed, with its row and the amounts."""
    page = section(sound.page("identities"), "p_executed")
    assert 'class="mark failed warning"' in page
    for text in (SHIPPED, "105,050.00", "50,000.00", "55,050.00", "各来源执行数不大于预算", "p_executed"):
        assert text in page
    assert "p_executed (1)" in outcome.out


def test_the_warehouse_is_open_to_writers_afterwards(sound: Warehouse, outcome: Outcome) -> None:
    """No connection is left open."""
    with duckdb.connect(str(sound.database)) as connection:
        connection.execute("select 1")


# Data Docs


def test_data_docs_have_an_index_and_a_page_for_each_suite(sound: Warehouse, outcome: Outcome) -> None:
    """The pages are there, and the index leads to them."""
    assert sorted(path.name for path in sound.docs.iterdir()) == sorted(f"{name}.html" for name in ("index", *SUITES))
    for suite in SUITES:
        assert f'href="{suite}.html"' in sound.page("index")


def test_data_docs_load_nothing(sound: Warehouse, outcome: Outcome) -> None:
    """No page asks for anything outside itself."""
    for path in sound.docs.iterdir():
        page = path.read_text(encoding="utf-8")
        # A query may name an address; an attribute or a style that loads one may not.
        assert not re.findall(r'(?:src|href|action|data)\s*=\s*["\']?\s*(?:https?:)?//', page)
        assert not re.findall(r"<(?:script|link[^>]+stylesheet|iframe|img|object)|@import|url\(", page)


def test_data_docs_are_titled_in_chinese_and_english(sound: Warehouse, outcome: Outcome) -> None:
    """Every identity has both titles and its formula on the page."""
    page = sound.page("identities")
    assert '<meta charset="utf-8">' in page
    assert '<html lang="zh-CN">' in page
    for identity, title_zh, title, formula in query(
        sound.database, "select identity_id, title_zh, title, formula from raw.identities"
    ):
        about = section(page, identity)
        for text in (title_zh, title, formula):
            assert text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in about.replace("&#39;", "'")


def test_an_identity_of_which_nothing_is_printed_is_not_marked_as_met(sound: Warehouse, outcome: Outcome) -> None:
    """What was not checked does not look like what was."""
    nothing = query(
        sound.database,
        "select identity_id from quality.fct_identity_results group by all having bool_and(status = 'not_evaluable')",
    )
    marks = shown(sound.page("identities"))
    assert {name for name, mark in marks.items() if mark == "empty"} == {name for (name,) in nothing}
    assert f"nothing to check: {len(nothing)}" in outcome.out


def test_pages_of_suites_that_did_not_run_are_removed(many: Run, tmp_path: Path) -> None:
    """Pages of another run do not stay beside new ones; files of others do."""
    warehouse = Warehouse.copy(many, tmp_path)
    warehouse.docs.mkdir()
    (warehouse.docs / "raw.html").write_text("of another day")
    (warehouse.docs / "mine.html").write_text("kept")
    assert warehouse.expect("gate").status == MET
    assert sorted(path.name for path in warehouse.docs.iterdir()) == ["gate.html", "index.html", "mine.html"]


# What is not met


def test_a_broken_fatal_identity_of_a_released_report_stops_the_release(many: Run, tmp_path: Path) -> None:
    """Exit status 1, with the identity and its rows."""
    warehouse = Warehouse.copy(many, tmp_path, A_BREAK)
    outcome = warehouse.expect("identities")
    assert outcome.status == NOT_MET
    assert f"identities {A_FATAL_IDENTITY}: 收入总计等于支出总计" in outcome.out
    assert f"report {SHIPPED} is released, and fails {A_FATAL_IDENTITY}" in outcome.err
    assert outcome.err.splitlines()[-1] == "Not met: reports on which the expectations and the gate disagree: 1."
    about = section(warehouse.page("identities"), A_FATAL_IDENTITY)
    assert 'class="mark failed critical"' in about
    for text in (SHIPPED, "made up", "2,234,567.89", "1,234,567.89"):
        assert text in about


def test_of_many_rows_the_first_are_shown_and_all_are_counted(many: Run, tmp_path: Path) -> None:
    """A page stays readable, and says what it leaves out."""
    warehouse = Warehouse.copy(many, tmp_path, f"{A_BREAK} from range(250)")
    assert f"{A_FATAL_IDENTITY}: " in warehouse.expect("identities").out
    about = section(warehouse.page("identities"), A_FATAL_IDENTITY)
    assert "the first 200 of 250 rows" in about
    assert about.count("made up") == 200


def test_a_report_that_is_held_back_is_shown_and_does_not_stop_the_others(many: Run, tmp_path: Path) -> None:
    """Its breaks are on the page of the identities, other reasons on that of the gate; the others are released."""
    warehouse = Warehouse.copy(
        many,
        tmp_path,
        A_BREAK,
        f"insert into quality.fct_hold_reasons values ('{SHIPPED}', 'unreadable', 'revenue', 'a sentence on 1,2345')",
        f"delete from marts.dim_reports where report_id = '{SHIPPED}'",
    )
    outcome = warehouse.expect("identities", "gate")
    assert outcome.status == MET, outcome.err
    assert "Reports: 4, released 3, held back 1." in outcome.out
    about = section(warehouse.page("identities"), A_FATAL_IDENTITY)
    for text in (SHIPPED, "收入总计等于支出总计", "made up", "2,234,567.89"):
        assert text in about
    assert "a sentence on 1,2345" in section(warehouse.page("gate"), "figures_can_be_read")


def test_a_report_that_is_held_back_for_no_reason_stops_the_release(many: Run, tmp_path: Path) -> None:
    """The reports that fail are exactly those that are held back, or nothing is released."""
    warehouse = Warehouse.copy(many, tmp_path, f"delete from marts.dim_reports where report_id = '{SHIPPED}'")
    outcome = warehouse.expect("identities", "gate")
    assert outcome.status == NOT_MET
    assert f"report {SHIPPED} is held back, and fails nothing" in outcome.err


def test_each_identity_has_an_expectation_that_its_break_fails(many: Run, tmp_path: Path) -> None:
    """A break of every identity at once: each expectation shows the row of its own and no other."""
    warehouse = Warehouse.copy(
        many,
        tmp_path,
        "delete from quality.fct_identity_results",
        f"""
        insert into quality.fct_identity_results by name
        select '{SHIPPED}' as report_id, identity_id, 'of ' || identity_id as instance_key, severity, 'broken' as status
        from raw.identities
        """,
    )
    (suite,) = warehouse.results("identities")
    rows = {name_of(each): each.result["details"]["unexpected_rows"] for each in suite.results}
    assert {name: [row["instance_key"] for row in found] for name, found in rows.items()} == {
        name: [f"of {name}"] for name in rows
    }
    assert len(rows) == len(query(many.database, "select 1 from raw.identities"))


def test_the_files_of_the_suites_are_what_the_registry_gives(many: Run) -> None:
    """`scripts/expect --write-suites` makes them anew."""
    with duckdb.connect(str(many.database), read_only=True) as connection:
        for suite in made_suites(connection):
            assert (FOLDER / f"{suite.name}.json").read_text(encoding="utf-8") == as_text(suite), suite.name


@pytest.mark.parametrize(("suite", "damage"), DAMAGE.items(), ids=DAMAGE)
def test_every_expectation_of_a_layer_finds_the_damage_it_is_there_for(
    many: Run, tmp_path: Path, suite: str, damage: list[str]
) -> None:
    """No expectation is met whatever happens."""
    warehouse = Warehouse.copy(many, tmp_path, *damage)
    (expected,) = suites_of(warehouse.database, (suite,))
    assert {check.name for check in expected.checks} - warehouse.not_met(suite) - ALONE == set()


def test_a_warehouse_without_a_report_is_none(many: Run, tmp_path: Path) -> None:
    """An empty warehouse is not a sound one."""
    assert "there_is_a_report" in Warehouse.copy(many, tmp_path, "delete from raw.reports").not_met("raw")


# What could not run


def test_an_expectation_that_raises_is_named_and_is_not_called_met(many: Run, tmp_path: Path) -> None:
    """Exit status 4, on the screen and on the pages."""
    warehouse = Warehouse.copy(many, tmp_path, "alter table raw.waivers drop approved_by")
    outcome = warehouse.expect("raw")
    assert outcome.status == COULD_NOT_RUN
    assert re.search(r"Could not be evaluated: raw waivers_are_in_force\. .*approved_by", outcome.err)
    assert outcome.err.splitlines()[-1] == "Could not run: expectations that could not be evaluated: 1."
    assert shown(warehouse.page("raw"))["waivers_are_in_force"] == "raised"
    assert "未能执行" in warehouse.page("index")


def test_identities_that_cannot_be_evaluated_are_named_together(many: Run, tmp_path: Path) -> None:
    """One reason is said once."""
    warehouse = Warehouse.copy(many, tmp_path, "alter table quality.fct_identity_results drop left_yuan")
    outcome = warehouse.expect("identities")
    assert outcome.status == COULD_NOT_RUN
    assert f"identities {A_FATAL_IDENTITY}" in outcome.err
    assert len(outcome.err.splitlines()) == 2


def test_a_table_that_is_missing_is_named_with_the_expectations_that_need_it(many: Run, tmp_path: Path) -> None:
    """A table that is gone is no table without problems."""
    outcome = Warehouse.copy(many, tmp_path, "drop table marts.fct_projects").expect("marts")
    assert outcome.status == COULD_NOT_RUN
    assert "total_score_of_fct_projects_is_plausible" in outcome.err
    assert "Table with name fct_projects does not exist" in outcome.err


@pytest.fixture
def writer(many: Run, tmp_path: Path) -> Iterator[Warehouse]:
    """A warehouse that another process writes to."""
    warehouse = Warehouse.copy(many, tmp_path)
    code = "import duckdb, sys; connection = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, warehouse.database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "open\n"
    yield warehouse
    process.communicate()


def test_a_warehouse_that_somebody_writes_to_is_not_checked(writer: Warehouse) -> None:
    """The file of another writer is left alone."""
    outcome = writer.expect()
    assert outcome.status == COULD_NOT_RUN
    assert "locked by a writer" in outcome.err
    assert not writer.docs.exists()


def test_a_warehouse_with_a_journal_beside_it_is_not_checked(many: Run, tmp_path: Path) -> None:
    """What DuckDB would replay is not what stands in the file."""
    warehouse = Warehouse.copy(many, tmp_path)
    warehouse.database.with_name(f"{warehouse.database.name}.wal").write_bytes(b"")
    outcome = warehouse.expect()
    assert outcome.status == COULD_NOT_RUN
    assert "final_accounts.duckdb.wal lies beside it" in outcome.err


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "no such file"),
        (b"report_id,title\n" * 500, "cannot be opened as a DuckDB file"),
        (b"", "cannot be opened as a DuckDB file"),
    ],
    ids=["missing", "CSV", "empty"],
)
def test_a_file_that_is_no_warehouse_is_not_checked(tmp_path: Path, content: bytes | None, problem: str) -> None:
    """Missing and foreign files are named."""
    warehouse = Warehouse(tmp_path / "final_accounts.duckdb")
    if content is not None:
        warehouse.database.write_bytes(content)
    outcome = warehouse.expect()
    assert outcome.status == COULD_NOT_RUN
    assert problem in outcome.err
    assert outcome.err.startswith("Could not run: ")
    assert outcome.out == ""


def test_another_database_is_no_warehouse(tmp_path: Path) -> None:
    """A DuckDB file without our tables is named."""
    warehouse = Warehouse(tmp_path / "final_accounts.duckdb")
    duckdb.connect(str(warehouse.database)).close()
    outcome = warehouse.expect()
    assert outcome.status == COULD_NOT_RUN
    assert "no warehouse of this project" in outcome.err


def test_pages_that_cannot_be_written_are_said(sound: Warehouse, outcome: Outcome, tmp_path: Path) -> None:
    """Without Data Docs the run is not complete."""
    (tmp_path / "taken").write_text("")
    err = io.StringIO()
    with contextlib.redirect_stderr(err):
        assert expect(sound.database, tmp_path / "taken", ("gate",)) == COULD_NOT_RUN
    assert "Data Docs cannot be written" in err.getvalue()


# The command


def test_unusual_paths_and_names_are_taken_as_they_are(many: Run, tmp_path: Path) -> None:
    """Nothing in a path or a name is taken for SQL, a parameter or a variable."""
    report_id = "it's {odd}:name $HOME %41"
    quoted = report_id.replace("'", "''")
    changed = Warehouse.copy(
        many,
        tmp_path,
        f"insert into quality.fct_hold_reasons values ('{quoted}', 'contract', 'reports', 'a sentence')",
    )
    warehouse = Warehouse(tmp_path / "账 本 $HOME %41 #?&" / changed.database.name)
    warehouse.database.parent.mkdir()
    changed.database.replace(warehouse.database)
    outcome = warehouse.expect("gate")
    assert outcome.status == MET, outcome.err
    assert "it&#39;s {odd}:name $HOME %41" in warehouse.page("gate")


@pytest.mark.parametrize("arguments", [["--suite", "nonsense"], ["--databse", "x"], ["file"]])
def test_wrong_usage_is_said(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    """Exit status 2."""
    monkeypatch.setattr(sys, "argv", ["scripts/expect", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2


def test_the_command_runs_from_anywhere_and_says_nothing_else(many: Run, tmp_path: Path) -> None:
    """Through the shell, without a progress bar or a warning."""
    docs = tmp_path / "docs"
    outcome = many.project.run(
        "expect", "--database", str(many.database), "--docs", str(docs), "--suite", "gate", directory=tmp_path
    )
    assert outcome.status == MET, outcome.err
    assert outcome.err == ""
    assert [line.split()[0] for line in outcome.out.splitlines()] == ["Reports:", "gate", "Data", "All"]
    assert (docs / "index.html").is_file()


def test_a_large_result_of_a_union_is_handed_out(tmp_path: Path) -> None:
    """DuckDB holds a streamed one for ever when several branches of a UNION ALL wait for a full buffer."""
    file = tmp_path / "large.duckdb"
    with duckdb.connect(str(file)) as connection:
        for table in ("one", "other"):
            connection.execute(
                f"create table {table} as select range as k, '{table} ' || range as t from range(1000000)"
            )
    program = f"""if True:
        from pathlib import Path
        import sqlalchemy
        from final_accounts.expectations.duckdb_dialect import read_only_url
        joined = "from one inner join other on one.k = other.k"
        with sqlalchemy.create_engine(read_only_url(Path({str(file)!r}))).connect() as connection:
            rows = connection.execute(sqlalchemy.text(f"select one.t {{joined}} union all select other.t {{joined}}"))
            print(len(rows.fetchmany(200)))
    """
    # a process of its own: a query that waits for ever cannot be interrupted
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert found.stdout == "200\n", found.stderr
