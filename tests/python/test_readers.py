"""What readers open the published file with, each the real client, while other releases take its place."""

import csv
import hashlib
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas
import polars
import pytest
import sqlalchemy
from conftest import Run
from final_accounts.release import downloads, export
from final_accounts.release.audit import READ_ONLY_SETTINGS
from final_accounts.release.export import cell
from final_accounts.release.history import history
from final_accounts.release.publish import publish
from final_accounts.warehouse.paths import TOP, Warehouse
from projects import SHIPPED, query

QUESTION = "select subject_name, amount_yuan from marts.fct_expenditure join marts.dim_subjects using (subject_id)"


@pytest.fixture(scope="module")
def swapped(second_run: Run) -> Iterator[Path]:
    """A published file that is replaced twenty times a second, as long as the tests of this file go on."""
    warehouse = Warehouse(second_run.project.published.parent)
    release = history(warehouse).published
    stop, swaps = threading.Event(), []

    def swap() -> None:
        while not stop.is_set():
            publish(warehouse, release.folder)
            swaps.append(1)
            time.sleep(0.05)

    thread = threading.Thread(target=swap)
    thread.start()
    yield warehouse.published
    stop.set()
    thread.join()
    assert len(swaps) > 20


def test_the_duckdb_client_reads_every_table(swapped: Path) -> None:
    """With nothing allowed but to read this file: no other file, no extension, no setting changed back."""
    with duckdb.connect(str(swapped), read_only=True, config=READ_ONLY_SETTINGS) as connection:
        names = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() union all "
            "select schema_name || '.' || view_name from duckdb_views() where not internal"
        ).fetchall()
        for (name,) in names:
            connection.execute(f"select * from {name}").fetchall()
        assert len(names) > 100
        with pytest.raises(duckdb.Error, match="disabled"):
            connection.execute("from read_csv('/etc/passwd')")
        with pytest.raises(duckdb.Error):
            connection.execute("set enable_external_access = true")
        with pytest.raises(duckdb.Error, match="read-only"):
            connection.execute("delete from marts.fct_expenditure")


def test_pandas_and_polars_keep_rows_and_decimals(swapped: Path) -> None:
    """Money does not become a float on its way into Polars; in pandas it does, unless it is asked for as text."""
    with duckdb.connect(str(swapped), read_only=True) as connection:
        rows = sorted(connection.execute(QUESTION).fetchall())
        frame = connection.execute(QUESTION).pl()
        assert frame.schema["amount_yuan"] == polars.Decimal(20, 2)
        assert sorted(frame.rows()) == rows
        table = connection.execute(QUESTION).to_arrow_table().to_pandas()
        assert isinstance(table, pandas.DataFrame)
        assert sorted(table.itertuples(index=False, name=None)) == rows
        assert isinstance(table["amount_yuan"].iloc[0], Decimal)


@pytest.fixture
def engine(swapped: Path) -> Iterator[sqlalchemy.Engine]:
    """The file as Superset opens it."""
    engine = sqlalchemy.create_engine(
        f"duckdb:///{swapped}", connect_args={"read_only": True, "config": READ_ONLY_SETTINGS}
    )
    yield engine
    engine.dispose()


def test_sqlalchemy_sees_schemas_tables_and_comments(engine: sqlalchemy.Engine) -> None:
    """What a BI tool shows when somebody browses."""
    inspector = sqlalchemy.inspect(engine)
    schemas = {name.split(".")[-1].strip('"') for name in inspector.get_schema_names()}
    assert {"marts", "quality", "reporting"} <= schemas
    assert {"fct_expenditure", "dim_subjects"} <= set(inspector.get_table_names(schema="marts"))
    assert "rpt_department_years" in inspector.get_view_names(schema="reporting")
    columns = {column["name"]: column for column in inspector.get_columns("fct_expenditure", schema="marts")}
    assert isinstance(columns["amount_yuan"]["type"], sqlalchemy.Numeric)
    assert (columns["amount_yuan"]["type"].precision, columns["amount_yuan"]["type"].scale) == (20, 2)
    assert isinstance(columns["subject_code"]["type"], sqlalchemy.String)
    assert columns["amount_yuan"]["comment"]


def test_sqlalchemy_keeps_decimals(engine: sqlalchemy.Engine) -> None:
    """A sum is exact."""
    with engine.connect() as connection:
        total = connection.execute(sqlalchemy.text("select sum(amount_yuan) from marts.fct_expenditure")).scalar()
        assert isinstance(total, Decimal)


def test_the_file_is_in_a_format_that_older_readers_know(first_run: Run) -> None:
    """Whichever DuckDB wrote it: pages and shells of readers are older than what builds."""
    tags = "select tags['storage_version'] from duckdb_databases() where not internal"
    with duckdb.connect(str(first_run.database), read_only=True) as connection:
        assert connection.execute(tags).fetchall() == [("v1.0.0+",)]


def test_the_shell_reads_it(swapped: Path) -> None:
    """Read-only, with no file of its own."""
    shell = Path(sys.executable).with_name("duckdb")
    run = subprocess.run(
        [shell, "-readonly", "-csv", swapped, "-c", "select count(*) as reports from marts.dim_reports"],
        capture_output=True,
        text=True,
    )
    assert run.stdout.split() == ["reports", "1"], run.stderr
    written = subprocess.run(
        [shell, "-readonly", swapped, "-c", "delete from marts.dim_reports"], capture_output=True, text=True
    )
    assert "read-only" in written.stderr


def test_joins_can_be_drawn(first_run: Run) -> None:
    """Every mart has a primary key; facts point to their dimensions."""
    keys = query(
        first_run.database,
        "select table_name, constraint_type, constraint_column_names, referenced_table from duckdb_constraints() "
        "where schema_name = 'marts' and constraint_type in ('PRIMARY KEY', 'FOREIGN KEY')",
    )
    tables = {
        name
        for (name,) in query(first_run.database, "select table_name from duckdb_tables() where schema_name = 'marts'")
    }
    assert {table for table, kind, *_ in keys if kind == "PRIMARY KEY"} == tables
    joins = {(table, columns[0], target) for table, kind, columns, target in keys if kind == "FOREIGN KEY"}
    assert ("fct_expenditure", "subject_id", "dim_subjects") in joins
    assert ("fct_expenditure", "fund", "dim_funds") in joins
    assert {table for table in tables if table.startswith("fct_")} <= {table for table, *_ in joins}


def test_everything_for_people_is_described(first_run: Run) -> None:
    """Each table and column, in the file itself."""
    described = query(
        first_run.database,
        """
        select schema_name || '.' || table_name, comment from duckdb_tables() where schema_name in ('marts', 'quality')
        union all select schema_name || '.' || view_name, comment from duckdb_views() where schema_name = 'reporting'
        union all select schema_name || '.' || table_name || '.' || column_name, comment from duckdb_columns()
        where schema_name in ('marts', 'quality', 'reporting') and table_name not like 'release%'
        """,
    )
    assert [name for name, comment in described if not comment] == []
    assert len(described) > 300


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+86 10", "'+86 10"),
        ("-5", "'-5"),
        ("@name", "'@name"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("\tx", "'\tx"),
        ("0101", "\t0101"),
        ("2010301", "\t2010301"),
        ("1-2", "\t1-2"),
        ("3E5", "\t3E5"),
        ("50%", "\t50%"),
        ("2023年1月", "\t2023年1月"),
        ("Mar-24", "\tMar-24"),
        ("true", "\ttrue"),
        ("行政运行", "行政运行"),
        ("t03_row", "t03_row"),
        ("", ""),
        (None, ""),
        (Decimal("-5.00"), "-5.00"),
        (True, "true"),
    ],
)
def test_a_cell_shows_in_a_spreadsheet_as_it_is(value: object, written: str) -> None:
    """Never run as a formula, never turned into another number or a date."""
    assert cell(value) == written


def test_an_export_holds_what_the_release_holds(first_run: Run, tmp_path: Path) -> None:
    """Row by row, in both formats, in order; UTF-8 with a byte order mark."""
    warehouse = first_run.project.published.parent
    assert export.main(["--warehouse", str(warehouse), "--to", str(tmp_path)]) == 0
    (folder,) = tmp_path.iterdir()
    names = query(
        first_run.project.published,
        "select table_name from information_schema.tables where table_schema in ('marts', 'quality', 'reporting')",
    )
    assert len(list(folder.rglob("*.parquet"))) == len(list((folder / "csv").rglob("*.csv"))) == len(names)
    for schema, name in (("marts", "fct_expenditure"), ("quality", "fct_report_cells")):
        expected = query(first_run.project.published, f"select * from {schema}.{name} order by all")
        parquet = folder / "parquet" / schema / f"{name}.parquet"
        assert duckdb.sql(f"from '{parquet}'").fetchall() == expected
        file = folder / "csv" / schema / f"{name}.csv"
        assert file.read_bytes().startswith(b"\xef\xbb\xbf")
        with file.open(encoding="utf-8-sig", newline="") as text:
            _, *rows = csv.reader(text)
        assert rows == [[cell(value) for value in row] for row in expected]


def test_the_notebook_answers_its_five_questions(first_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its cells run one after another in the folder of the project; each answer is about the shipped report."""
    notebook = json.loads((TOP / "models" / "docs" / "questions.ipynb").read_text(encoding="utf-8"))
    monkeypatch.chdir(first_run.project.published.parents[1])
    names: dict[str, Any] = {}
    for each in notebook["cells"]:
        if each["cell_type"] == "code":
            exec(each["source"], names)  # the notebook is ours
    names["file"].close()
    answers = names["answers"]
    assert len(answers) == 5
    assert {row[0] for rows in answers.values() for row in rows} == {SHIPPED}
    assert answers["most spent on"][0][1] == "其他制造业支出"
    assert answers["budgeted"][0][2] == Decimal("434588100.00")


@pytest.fixture(scope="module")
def exported(first_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook and the Fiscal Data Package of the shipped report."""
    target = tmp_path_factory.mktemp("exported")
    given = ["--warehouse", str(first_run.project.published.parent), "--to", str(target)]
    assert export.main([*given, "--format", "excel", "--format", "package"]) == 0
    (folder,) = target.iterdir()
    return folder


def test_the_workbook_opens_with_numbers_as_numbers_and_texts_as_texts(first_run: Run, exported: Path) -> None:
    """Each sheet has a head that says what it is; codes stay codes; the findings are there."""
    book = openpyxl.load_workbook(exported / "final_accounts.xlsx", read_only=True)
    sheets = {name.split()[-1]: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames}
    assert list(sheets) == ["about", "years", "function", "projects", "findings", "dictionary"]
    head, year = sheets["years"][:2]
    assert dict(zip(head, year, strict=True))["本年支出 expenditure"] == 1456006400
    codes = {row[4] for row in sheets["function"][1:]}
    assert {"215", "2230102"} <= codes
    assert len(sheets["projects"]) == 1 + query(first_run.database, "select count(*) from marts.fct_projects")[0][0]
    assert "43,010.69" in sheets["findings"][1][3]
    described = query(
        first_run.database,
        "select count(*) from duckdb_columns() where schema_name in ('marts', 'reporting', 'quality')",
    )
    assert described == [(len(sheets["dictionary"]) - 1,)]


def test_a_text_in_the_workbook_is_never_a_formula() -> None:
    """Nor can a text of a report break the file."""
    sheet = openpyxl.Workbook(write_only=True).create_sheet()
    for text in ("=1+1", "+1", "a\x0bb", "长" * 40_000):
        made = downloads._cell(sheet, text)
        assert made.data_type == "s"
        assert len(made.value) <= downloads.LONGEST_TEXT
        assert "\x0b" not in made.value


def test_the_fiscal_data_package_is_what_its_descriptor_says(first_run: Run, exported: Path) -> None:
    """Columns, types, bytes and hash; its amounts are those of the marts, and each is of one kind of the taxonomy."""
    descriptor = json.loads((exported / "package" / "datapackage.json").read_text(encoding="utf-8"))
    assert descriptor["profile"] == "fiscal-data-package"
    (resource,) = descriptor["resources"]
    file = exported / "package" / resource["path"]
    assert resource["bytes"] == file.stat().st_size
    assert resource["hash"] == f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    kinds = [field["columnType"] for field in fields.values() if "columnType" in field]
    assert len(kinds) == len(set(kinds))
    assert {"value", "date:fiscal-year", "direction", "phase:id", "value-currency:code"} <= set(kinds)
    patterns = {"number": r"-?\d+\.\d\d", "year": r"\d{4}", "string": ".*"}
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert list(rows[0]) == list(fields)
    assert not [
        (name, row[name])
        for row in rows
        for name, field in fields.items()
        if row[name] and not re.fullmatch(patterns[field["type"]], row[name])
    ]
    for direction in ("expenditure", "revenue"):
        total = sum(Decimal(row["amount_yuan"]) for row in rows if row["direction"] == direction)
        assert query(first_run.database, f"select sum(amount_yuan) from marts.fct_{direction}") == [(total,)]


def test_an_export_has_the_hash_of_each_of_its_files(exported: Path) -> None:
    """As `sha256sum --check` reads it."""
    checked = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=exported, check=False)
    assert checked.returncode == 0
    listed = (exported / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert len(listed) + 1 == len([file for file in exported.rglob("*") if file.is_file()])


def test_no_cell_of_an_export_is_a_formula(first_run: Run, tmp_path: Path) -> None:
    """Numbers may be negative; nothing else begins like one."""
    export.main(["--warehouse", str(first_run.project.published.parent), "--to", str(tmp_path), "--format", "csv"])
    cells = 0
    for file in tmp_path.rglob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as text:
            for row in csv.reader(text):
                for each in row:
                    cells += 1
                    assert not each.startswith(("=", "+", "@")), (file, each)
                    assert not each.startswith("-") or re.fullmatch(r"-[\d.]+", each), (file, each)
    assert cells > 10_000


def test_only_an_audited_release_is_exported(
    first_run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither one that is not kept, nor one that was changed since."""
    source = first_run.project.published.parent
    assert export.main(["--warehouse", str(source), "--to", str(tmp_path / "out"), "--release", "none"]) == 1
    assert "is not kept" in capsys.readouterr().err
    copied = tmp_path / "warehouse"
    subprocess.run(["cp", "-a", source, copied], check=True)
    for file in copied.glob("releases/*/final_accounts.duckdb"):
        file.chmod(0o644)
        file.write_bytes(file.read_bytes() + b" ")
    assert export.main(["--warehouse", str(copied), "--to", str(tmp_path / "out")]) == 1
    assert "is not the file that was audited" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
