"""A release without personal data: nothing that a tagged column holds is anywhere in its folder, nor in its exports."""

import csv
from pathlib import Path

import duckdb
import pytest
import yaml
from final_accounts.chromium import CHROMIUM, chromium
from final_accounts.dashboards.bundle import assets, read
from final_accounts.release import export
from final_accounts.release.manifest import TAG
from final_accounts.release.tables import columns_of, quoted
from final_accounts.site.pages import shown_queries
from final_accounts.warehouse.build import Options
from final_accounts.warehouse.paths import TOP
from projects import SHIPPED, Project

# Written into every cell of every tagged column.
NAME = "张三丰"
# Who the shipped report names.
PRINTED_NAME = "毕贵才"


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
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Names in every tagged cell of the shipped report and the made-up ones; built and exported without them."""
    project = Project.copy(tmp_path_factory.mktemp("private"))
    project.add_reports()
    # nobody has had to correct a cell of these reports
    correction = {"report_id": SHIPPED, "table_no": "05", "row_no": "1", "column_name": "total", "text_read": "1"}
    correction |= {"text_corrected": "2", "corrected_by": "", "corrected_at": "2024-10-31"}
    project.write("corrections", [correction])
    for table, columns in tagged(project.top / "seeds").items():
        rows = project.read(table)
        assert rows, f"{table} has no rows to put a name into"
        project.write(table, [row | {column: f"{row[column]}{NAME}" for column in columns} for row in rows])
    older = project.published.parent / "site" / "reports" / "withdrawn.html"
    older.parent.mkdir(parents=True)
    older.write_text(f"a page of an earlier release: {NAME}", encoding="utf-8")
    outcome = project.build(Options(personal_data=False))
    assert outcome.status == 0, outcome.err
    warehouse = project.published.parent
    assert export.main(["--warehouse", str(warehouse), "--to", str(warehouse / "exports")]) == 0
    return project


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
    files = [file for file in project.published.parent.rglob("*") if file.is_file()]
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
            assert connection.execute(sql).fetchall(), name
    pages = project.published.parent / "site" / "reports"
    assert sorted(page.stem for page in pages.glob("*.html")) == sorted(reports)


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed, so no page can be looked at.")
def test_the_pages_do_without_names(project: Project) -> None:
    """Projects and their forms are known by their numbers; the figures stand where they stand."""
    with chromium() as browser:
        for view in ("figures", "tables", "proof"):
            browser.open(project.published.parent / "site" / "reports" / f"{SHIPPED}.html", f"#{view}")
            text = browser.ask("document.querySelector('main').innerText")
            assert browser.problems == []
            assert not {"null", "undefined", "NaN"} & set(text.split())
            assert "项目2" in text or view == "tables"
        browser.open(
            project.published.parent / "site" / "reports" / f"{SHIPPED}.html", "#tables/project/2%2Ffunding/executed"
        )
        assert "10.505" in browser.ask("document.getElementById('cell').innerText")


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
