"""The database that answers without dbt: what it says is what dbt's models say."""

import shutil
from pathlib import Path

import duckdb
import pytest
from final_accounts import warehouse
from final_accounts.ingest.proof import add_rows
from final_accounts.release.record import code_hash
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.paths import PUBLISHED, SEEDS, TOP
from final_accounts.warehouse.prepared import MODELS, prepared
from projects import REPORTS, SHIPPED, Project, read_rows

# A wrong total, a text in an amount and a negative: what breaks, what is rejected, what is suspected.
WRONG = {
    ("expenditure", "1", "total"): "1,23",
    ("revenue", "2", "total"): "999.99",
    ("expenditure", "3", "basic"): "-5",
}


@pytest.fixture(scope="module")
def batch() -> dict[str, dict[str, list[dict[str, str]]]]:
    """The made-up reports, and the shipped one with errors."""
    rows: dict[str, dict[str, list[dict[str, str]]]] = {}
    for file in [*sorted(REPORTS.glob("*/*.csv")), *sorted((SEEDS / "accounts").glob("*.csv"))]:
        for row in read_rows(file):
            if row.get("report_id"):
                rows.setdefault(row["report_id"], {}).setdefault(file.stem, []).append(row)
    for (table, row_no, column), text in WRONG.items():
        (row,) = (row for row in rows[SHIPPED][table] if row["row_no"] == row_no)
        row[column] = text
    return rows


def contents(database: Path) -> dict[str, list[tuple]]:
    """Every row of every table and view that the models make, in no order."""
    with duckdb.connect(str(database), read_only=True) as connection:
        names = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables where table_schema <> 'raw'"
        ).fetchall()
        return {name: sorted(connection.execute(f"select * from {name}").fetchall(), key=repr) for (name,) in names}


def test_the_prepared_models_say_what_dbt_says(tmp_path: Path, batch: dict) -> None:
    """Over reports that are right and one that is wrong in three ways, every row of every model."""
    ours, theirs = (tmp_path / name / PUBLISHED.name for name in ("ours", "theirs"))
    for database in (ours, theirs):
        database.parent.mkdir()
        prepared().copy(database)
        with duckdb.connect(str(database)) as connection:
            add_rows(connection, batch)
    with duckdb.connect(str(ours)) as connection:
        prepared().fill(connection)
    assert run_dbt(["run", "--select", *MODELS], theirs).success
    found, expected = contents(ours), contents(theirs)
    assert found.keys() == expected.keys()
    assert [name for name in expected if found[name] != expected[name]] == []
    assert found["quality.fct_rejected_cells"]
    assert any("broken" in row for row in found["quality.fct_identity_results"])


def test_a_report_that_the_models_cannot_take_is_left_out_and_spoils_nothing(tmp_path: Path, batch: dict) -> None:
    """A text for a row's number holds back its report, and the next reports are computed."""
    database = tmp_path / PUBLISHED.name
    prepared().copy(database)
    first, *others = batch[SHIPPED]["revenue"]
    unnumbered = {SHIPPED: {**batch[SHIPPED], "revenue": [first | {"row_no": "first"}, *others]}}
    scorecards = "select count(*) from quality.fct_report_scorecard"
    with duckdb.connect(str(database)) as connection:
        add_rows(connection, unnumbered)
        prepared().fill(connection)
        assert connection.execute(scorecards).fetchone() == (0,)
        add_rows(connection, batch)
        prepared().fill(connection)
        assert connection.execute(scorecards).fetchone() == (len(batch),)


def test_a_report_that_came_since_is_loaded_without_dbt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads a report into the seeds and then the next one waits for dbt once."""
    project = Project.copy(tmp_path)
    shutil.copytree(prepared().folder.parent, project.top / "target" / "prepared")
    reports, revenue = (project.seed(name) for name in ("reports", "revenue"))
    (shipped,) = (row for row in read_rows(reports) if row["report_id"] == SHIPPED)
    project.write("reports", [*read_rows(reports), shipped | {"report_id": "110000-001-2023", "title": '，「"引"」'}])
    # a copy has no tests in Python, which are code as well
    code = code_hash(TOP)
    monkeypatch.setattr(warehouse.prepared, "code_hash", lambda _project: code)
    monkeypatch.setattr(warehouse.prepared, "_prepare", None)
    database = prepared(project.top).folder / PUBLISHED.name
    with duckdb.connect(str(database), read_only=True) as connection:
        for seed in (reports, revenue):
            rows = connection.execute(f"select * from raw.{seed.stem}").fetchall()
            assert sorted(rows, key=repr) == sorted(
                (tuple(cell or None for cell in row.values()) for row in read_rows(seed)), key=repr
            )
    reports.write_text(reports.read_text(encoding="utf-8").replace("title", "heading", 1), encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"seeds/accounts/reports\.csv: the columns are not report_id, title, "):
        prepared(project.top)
