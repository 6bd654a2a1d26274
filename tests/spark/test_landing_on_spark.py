"""What a build on Spark takes from a landing folder, and what stops it; see tests/python/test_landing.py."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from final_accounts.proving.generate import generate
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.paths import SEEDS
from projects import SHIPPED
from pyspark.sql import SparkSession

CORRECTIONS = "report_id,table_no,row_no,column_name,text_read,text_corrected,corrected_by,corrected_at"


@pytest.fixture(scope="module", autouse=True)
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One Spark for these tests, gone before others name a folder of their own for its tables."""
    folder = tmp_path_factory.mktemp("landing_on_spark")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_LOG_LEVEL_FILE", "none")
        patch.setenv("DBT_TARGET_PATH", str(folder / "target"))
        patch.setenv("FINAL_ACCOUNTS_SPARK_TABLES", str(folder / "tables"))
        yield
        SparkSession.builder.getOrCreate().stop()


def _seed(tables: str, tmp_path: Path, landing: str | Path, *, synthetic: bool = False, target: str = "spark") -> bool:
    """Loads some raw tables, as seeds and landing folder have them."""
    command = ["seed", "--target", target, "--select", *tables.split()]
    return run_dbt(command, tmp_path / "final_accounts.duckdb", landing=landing, synthetic=synthetic).success


def _reports(table: str) -> set[str]:
    rows = SparkSession.builder.getOrCreate().sql(f"select distinct report_id from raw.{table}").collect()
    return {row.report_id for row in rows}


def _land(folder: Path, table: str, content: str, encoding: str = "utf-8") -> Path:
    """Writes a CSV file into a landing folder, and returns the folder."""
    (folder / table).mkdir(parents=True)
    (folder / table / "landed.csv").write_text(content, encoding=encoding)
    return folder


def test_a_report_in_both_places_stops_the_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the same sentence as on DuckDB."""
    place = tmp_path / "landing" / "reports"
    place.mkdir(parents=True)
    shutil.copy(SEEDS / "accounts" / "reports.csv", place / "again.csv")
    said = {}
    for target in ("development", "spark"):
        assert not _seed("reports", tmp_path, place.parent, target=target)
        said[target] = [line.strip() for line in capsys.readouterr().err.splitlines() if "landing folder" in line]
    places = f"seeds/accounts/reports.csv and in the landing folder {place.parent}"
    sentence = f"Report {SHIPPED} is in {places}; expected it in one place."
    assert said == {"development": [sentence], "spark": [sentence]}


@pytest.mark.parametrize(("asked", "reports"), [(False, 1), (True, 5)])
def test_synthetic_reports_are_read_only_when_asked_for(tmp_path: Path, asked: bool, reports: int) -> None:
    """In no table, not only not in that of the reports; an address is read like a path."""
    generate(4, tmp_path / "landing", 1, 1)
    assert _seed("reports expenditure", tmp_path, f"file://{tmp_path}/landing/", synthetic=asked)
    assert len(_reports("reports")) == reports
    assert _reports("expenditure") == _reports("reports")


def test_a_folder_without_a_table_leaves_it_to_the_seed(tmp_path: Path) -> None:
    """So does one that nothing has landed in yet; what lies further down has not landed."""
    (tmp_path / "empty").mkdir()
    assert _seed("glossary", tmp_path, tmp_path / "empty")
    assert _reports("glossary") == {SHIPPED}
    _land(tmp_path / "landing" / "archive", "glossary", "report_id\nA\n")
    assert _seed("glossary", tmp_path, _land(tmp_path / "landing", "corrections", f"{CORRECTIONS}\nA,,,,,,,\n"))
    assert _reports("glossary") == {SHIPPED}


def test_a_table_whose_seed_has_no_rows_is_landed(tmp_path: Path) -> None:
    """As corrections are, until there is one in the seeds."""
    assert _seed("corrections", tmp_path, _land(tmp_path / "landing", "corrections", f"{CORRECTIONS}\nA,,,,,,,\n"))
    assert _reports("corrections") == {"A"}


def test_a_file_that_is_not_utf_8_stops_the_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Spark by itself would read its characters as question marks."""
    landing = _land(tmp_path / "landing", "corrections", f"{CORRECTIONS}\nA,,,,,行政,,\n", encoding="gb18030")
    assert not _seed("corrections", tmp_path, landing)
    said = capsys.readouterr().err
    assert "corrections/landed.csv: not UTF-8, perhaps GBK or GB18030; expected a file saved as UTF-8." in said


@pytest.mark.parametrize(
    "content",
    [
        CORRECTIONS.replace("text_read,text_corrected", "text_corrected,text_read") + "\nA,,,,1,2,,\n",
        CORRECTIONS + "\nA,,,,1,2\n",
        CORRECTIONS + "\nA,,,,1,2,,,\n",
    ],
    ids=["other order", "short row", "long row"],
)
def test_a_file_that_spark_would_read_by_place_stops_the_build(tmp_path: Path, content: str) -> None:
    """By itself Spark takes columns by place, fills rows that are too short and cuts those that are too long."""
    assert not _seed("corrections", tmp_path, _land(tmp_path / "landing", "corrections", content))
