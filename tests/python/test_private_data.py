"""A release without personal data: nothing that a tagged column holds is anywhere in its folder, nor in its exports."""

import csv
import json
import zipfile
from pathlib import Path

import duckdb
import pytest
import yaml
from conftest import Run
from final_accounts.asking.asker import Asker
from final_accounts.chromium import CHROMIUM, chromium
from final_accounts.dashboards.bundle import assets, read
from final_accounts.release import export
from final_accounts.release.downloads import write_package, write_workbook
from final_accounts.release.manifest import TAG
from final_accounts.release.tables import columns_of, quoted
from final_accounts.site.pages import shown_queries
from final_accounts.warehouse.build import Options
from final_accounts.warehouse.paths import TOP
from final_accounts.warehouse.steps import logged
from projects import SHIPPED, Project, query, read_rows

# Written into every cell of every tagged column.
NAME = "张三丰"
# Who the shipped report names.
PRINTED_NAME = "毕贵才"
# Written where a name may stay.
STAYING_NAME = "李四光"

# Every text column of a raw table is tagged, refused a name by the contract, or one of these: what stands there, and so
# why it stays. In a release without personal data a name may be there, and in what is made of it, and nowhere else.
MAY_STAY = {
    "subject_name": "a subject of the functional or economic classification, as printed",
    "section": "a heading of the national form 10, or of a self-evaluation form",
    "department_name": "the body whose accounts these are, as every figure of it is looked up",
    "division_name": "an administrative division",
    "fiscal_year": "the year that a table prints above itself",
    "source_sha256": "the fingerprint of a file",
    "department": "the body that a project belongs to, with its number",
    "budget_unit": "the unit that spends on a project, with its number",
    "funding_source": "a kind of money: the rows of the form are known by it",
    "level_1": "a heading of the form of indicators: output, outcome, satisfaction",
    "level_2": "a heading of the form of indicators: quantity, quality, time, cost",
    "value_text": "a figure, as printed; staging reads nothing else from it",
    "box": "a place on a page, in points",
}
# Of these, the ones that a build does not go by: the others name the body, its year or a row of a form.
HARMLESS = ("department_name", "division_name", "level_1", "level_2", "budget_unit", "department")
FORM_COLUMNS = read_rows(TOP / "seeds" / "classification" / "form_columns.csv")


def contract(table: str) -> tuple[list[str], set[str]]:
    """The columns of a raw table, and those that its contract refuses a name: numbers, codes, choices and lines."""
    (seed,) = yaml.safe_load((TOP / "seeds" / "accounts" / f"{table}.yml").read_text(encoding="utf-8"))["seeds"]
    columns = list(seed["config"]["column_types"])
    asked = seed["config"]["meta"]["contract"]
    ways = ("integers", "amounts", "choices", "parts", "dates", "patterns")
    refused = {column for way in ways for column in asked.get(way, [])}
    if printed := asked.get("table_no"):
        amounts = {row["column_name"] for row in FORM_COLUMNS if row["table_no"] == printed}
        refused |= amounts | ({"subject_code", "item"} & set(columns))
    return columns, refused | {"report_id"}


CONTRACTS = {file.stem: contract(file.stem) for file in sorted((TOP / "seeds" / "accounts").glob("*.yml"))}


def tagged(folder: Path) -> dict[str, list[str]]:
    """The tagged columns of the seeds or models in a folder, by table."""
    found: dict[str, list[str]] = {}
    for file in sorted(folder.rglob("*.yml")):
        described = yaml.safe_load(file.read_text(encoding="utf-8"))
        for table in [*described.get("seeds", []), *described.get("models", [])]:
            for column in table.get("columns", []):
                if (column.get("config") or {}).get("meta", {}).get(TAG):
                    found.setdefault(table["name"], []).append(column["name"])
    return found


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, first_run: Run) -> Project:
    """Names in every tagged cell of the shipped report and the made-up ones; built and exported without them."""
    project = Project.copy(tmp_path_factory.mktemp("private"))
    project.add_reports()
    # nobody has had to correct a cell of these reports
    correction = {"report_id": SHIPPED, "table_no": "05", "row_no": "1", "column_name": "total", "text_read": "1"}
    correction |= {"text_corrected": "2", "corrected_by": "", "corrected_at": "2024-10-31"}
    project.write("corrections", [correction])
    # nor has one of them printed anything that no raw table has a place for
    other = {"report_id": SHIPPED, "cell_no": "1", "title": "捐赠表", "column_no": "1", "printed_text": "1.00"}
    project.write("other_cells", [other])
    broken = "select identity_id, report_id, instance_key, residual_yuan from quality.fct_identity_results"
    broken += " where status = 'broken' and identity_id = 'p_executed' order by all limit 1"
    (accepted,) = query(first_run.database, broken)
    waiver = dict(zip(("identity_id", "report_id", "instance_key", "residual_yuan"), map(str, accepted), strict=True))
    project.write("waivers", [waiver | {"reason": "", "approved_by": "", "valid_until": "2099-12-31"}])
    for table, columns in tagged(project.top / "seeds").items():
        rows = project.read(table)
        assert rows, f"{table} has no rows to put a name into"
        project.write(table, [row | {column: f"{row[column]}{NAME}" for column in columns} for row in rows])
    for table, (columns, _) in CONTRACTS.items():
        rows = project.read(table)
        for row in rows:
            stays = [column for column in HARMLESS if column in columns and row[column] and row["report_id"] != SHIPPED]
            row.update({column: f"{row[column]}{STAYING_NAME}" for column in stays})
        project.write(table, rows)
    older = project.published.parent / "site" / "reports" / "withdrawn.html"
    older.parent.mkdir(parents=True)
    older.write_text(f"a page of an earlier release: {NAME}", encoding="utf-8")
    with logged(project.top / "logs" / "build.log"):
        outcome = project.build(Options(personal_data=False))
    assert outcome.status == 0, outcome.err
    (project.top / "logs" / "said").write_text(outcome.out + outcome.err, encoding="utf-8")
    warehouse = project.published.parent
    assert export.main(["--warehouse", str(warehouse), "--to", str(warehouse / "exports")]) == 0
    return project


def test_every_text_column_of_a_raw_table_is_decided() -> None:
    """It is left out, its contract refuses a name, or one sentence says what stands there and stays."""
    left_out = tagged(TOP / "seeds")
    undecided = [
        f"{table}.{column}"
        for table, (columns, refused) in CONTRACTS.items()
        for column in columns
        if column not in left_out.get(table, []) and column not in refused | MAY_STAY.keys()
    ]
    assert undecided == []
    # of the other seeds, which are texts of the forms and of this project, one is about people
    assert left_out["waivers"] == ["reason", "approved_by"]


def test_a_name_that_stays_is_found_where_it_may(project: Project) -> None:
    """In columns that are called so, and in what is made of them."""
    holds = "select count(*) from {} where contains(cast({} as varchar), $1)"
    with duckdb.connect(str(project.published), read_only=True) as connection:
        found = {
            column
            for table, columns in columns_of(connection, project.published.stem).items()
            for column in columns
            if connection.execute(holds.format(quoted(table), quoted(column)), [STAYING_NAME]).fetchone() != (0,)
        }
    # parts of a budget unit, and the names of a department in its series and after a change
    assert found - MAY_STAY.keys() <= {"budget_unit_name", "budget_unit_code", "series_name", "successor_name"}
    assert {"department_name", "level_1"} <= found


def test_a_column_that_refuses_names_does_not_tell_them(tmp_path: Path) -> None:
    """They stop the build; without personal data neither the screen nor a log has the text."""
    project = Project.copy(tmp_path)
    project.add_reports()
    planted = 0
    for table, (columns, refused) in CONTRACTS.items():
        rows = project.read(table)
        for number, column in enumerate([column for column in columns if column in refused] if rows else []):
            rows[number % len(rows)][column] = NAME
            planted += 1
        project.write(table, rows)
    assert planted > 100
    with logged(project.top / "logs" / "build.log"):
        outcome = project.build(Options(personal_data=False))
    assert outcome.status == 1
    assert NAME not in outcome.err + outcome.out
    for file in [*(project.top / "logs").rglob("*"), *project.published.parent.rglob("*")]:
        assert not file.is_file() or NAME.encode() not in file.read_bytes(), file


def test_the_name_of_a_project_is_tagged() -> None:
    """The one column of which we know that it names somebody, in every layer."""
    names = tagged(TOP / "seeds") | tagged(TOP / "models")
    for table in ("projects", "stg_accounts__projects", "fct_projects", "rpt_project_execution"):
        assert "project_name" in names[table]


def test_no_table_holds_a_name(project: Project) -> None:
    """Every cell of every column of every table, raw ones too."""
    with duckdb.connect(str(project.published), read_only=True) as connection:
        for table, columns in columns_of(connection, project.published.stem).items():
            for column in columns:
                found = connection.execute(
                    f"select count(*) from {quoted(table)} where cast({quoted(column)} as varchar) similar to $1",
                    [f"(?s).*({NAME}|{PRINTED_NAME}).*"],
                ).fetchone()
                assert found == (0,), f"{table}.{column}"


def test_no_tagged_column_is_left(project: Project) -> None:
    """Neither the column nor a view that could compute it again."""
    with duckdb.connect(str(project.published), read_only=True) as connection:
        columns = columns_of(connection, project.published.stem)
        assert connection.execute("select view_name from duckdb_views() where not internal").fetchall() == []
    by_name = {table.split(".")[1]: names for table, names in columns.items()}
    for table, names in (tagged(TOP / "seeds") | tagged(TOP / "models")).items():
        assert set(names) & set(by_name.get(table, {})) == set()
    assert {"raw.projects", "staging.stg_accounts__projects", "marts.fct_projects"} <= columns.keys()


def test_no_comment_holds_a_name(project: Project) -> None:
    """Nor a definition."""
    with duckdb.connect(str(project.published), read_only=True) as connection:
        texts = connection.execute(
            """
            select comment from duckdb_tables() union all select comment from duckdb_columns()
            union all select sql from duckdb_tables() union all select sql from duckdb_views()
            """
        ).fetchall()
    assert [text for (text,) in texts if text and (NAME in text or PRINTED_NAME in text)] == []
    assert len(texts) > 500


def test_no_file_holds_a_name(project: Project) -> None:
    """Byte by byte: the release, its record and summary, and every file of the export."""
    folders = (project.published.parent, project.top / "logs")
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    assert len([file for file in files if file.suffix == ".csv"]) > 30
    for file in files:
        content = file.read_bytes()
        assert NAME.encode() not in content, file
        assert PRINTED_NAME.encode() not in content, file


def test_no_parquet_file_holds_a_name(project: Project) -> None:
    """They are compressed: read cell by cell."""
    files = list((project.published.parent / "exports").rglob("*.parquet"))
    assert len(files) > 30
    for file in files:
        rows = duckdb.sql(f"from '{file}'").fetchall()
        assert NAME not in str(rows), file
        assert PRINTED_NAME not in str(rows), file


def test_the_dashboards_do_without_names(project: Project) -> None:
    """Their datasets fit a release without the tagged columns, too."""
    assert any(name.startswith("dashboards/") for name in assets(read(), project.published))


def test_the_site_has_a_page_and_its_queries_for_every_report(project: Project) -> None:
    """Pages without names, not no pages; a query behind a picture runs on this release."""
    with duckdb.connect(str(project.published), read_only=True) as connection:
        reports = [report for (report,) in connection.execute("select report_id from raw.reports").fetchall()]
        for name, sql in shown_queries(SHIPPED, personal=False).items():
            # nothing changes without the year before
            assert connection.execute(sql).fetchall() or name == "changes", name
    pages = project.published.parent / "site" / "reports"
    assert sorted(page.stem for page in pages.glob("*.html")) == sorted(reports)


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed, so no page can be looked at.")
def test_the_pages_do_without_names(project: Project) -> None:
    """Projects and their forms are known by their numbers; the figures stand where they stand."""
    with chromium() as browser:
        for view in ("figures", "tables", "proof", "text"):
            browser.open(project.published.parent / "site" / "reports" / f"{SHIPPED}.html", f"#{view}")
            text = browser.ask("document.querySelector('main').innerText")
            assert browser.problems == []
            assert not {"null", "undefined", "NaN"} & set(text.split())
            assert "项目2" in text or view in ("tables", "text")
        browser.open(
            project.published.parent / "site" / "reports" / f"{SHIPPED}.html", "#tables/project/2%2Ffunding/executed"
        )
        assert "10.505" in browser.ask("document.getElementById('cell').innerText")


def test_neither_pages_nor_answers_nor_downloads_have_a_name(project: Project, tmp_path: Path) -> None:
    """Pages, JSON, workbook and package, and what an assistant is told: no name, and no sentence of the report."""
    site = project.published.parent / "site"
    texts = [file.read_text(encoding="utf-8") for file in site.rglob("*") if file.suffix in {".html", ".js", ".json"}]
    with Asker(project.published) as asked:
        answers = [asked.year(SHIPPED), asked.findings(SHIPPED), asked.explain(SHIPPED, "narrative", "140")]
        answers.append(asked.explain(SHIPPED, "project", "5/funding", "executed"))
        texts.append(json.dumps(answers, ensure_ascii=False))
        write_workbook(asked.connection, "this", tmp_path / "book.xlsx")
        write_package(asked.connection, "this", tmp_path / "package")
    with zipfile.ZipFile(tmp_path / "book.xlsx") as book:
        texts += [book.read(name).decode() for name in book.namelist()]
    texts.append((tmp_path / "package" / "final_accounts.csv").read_text(encoding="utf-8"))
    assert not [text[:80] for text in texts if PRINTED_NAME in text]
    findings = json.loads((site / "reports" / f"{SHIPPED}.json").read_text(encoding="utf-8"))["findings"]
    assert findings
    assert {finding["quote"] for finding in findings} == {None}


def test_the_figures_are_all_there(project: Project) -> None:
    """Rows are not left out, only columns."""
    with duckdb.connect(str(project.published), read_only=True) as connection:
        rows = dict(connection.execute("select table_name, rows from quality.release_inputs").fetchall())
        for table, expected in rows.items():
            assert connection.execute(f"select count(*) from {quoted(table)}").fetchone() == (expected,)
        assert connection.execute("select has_personal_data from quality.releases").fetchall() == [(False,)]


def test_the_search_finds_a_name_where_there_is_one() -> None:
    """The shipped report prints one, so the tests above do not pass for want of names."""
    with (TOP / "seeds/accounts/projects.csv").open(encoding="utf-8", newline="") as text:
        assert any(PRINTED_NAME in row["project_name"] for row in csv.DictReader(text))
