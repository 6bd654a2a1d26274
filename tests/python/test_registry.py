"""The list of printed tables: what is generated from it, what must agree with it, and how a table is added."""

import csv
import re
from pathlib import Path

import duckdb
from final_accounts.ingest.layouts import tables
from final_accounts.registry import MACRO, PRINTED_TABLES, ROW_SUMS, as_macro
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.paths import TOP
from projects import SHIPPED, Project

SEED = """\
seeds:
  - name: donations
    description: One row per printed row of 公开11 (捐赠收支表).
    config:
      meta:
        contract: {key: [report_id, row_no], table_no: '11', integers: [row_no]}
      column_types: {report_id: string, row_no: string, subject_code: string, subject_name: string, total: string}
"""
STAGING = "{{ staged_subject_rows(ref('donations'), printed_tables()['11']['amounts']) }}\n"


def test_the_macro_is_generated_from_the_seeds() -> None:
    """Where this fails, the seeds changed: `python -m final_accounts.registry` writes the macro anew."""
    assert MACRO.read_text(encoding="utf-8") == as_macro(PRINTED_TABLES)


def test_layouts_read_the_columns_of_the_registry() -> None:
    """A column that the raw table has not would be lost; one that the layouts have not is never read."""
    assert {number: set(table.amounts) for number, table in tables().items()} == {
        number: set(table.amounts) for number, table in PRINTED_TABLES.items()
    }


def test_rows_add_up_as_the_identities_say() -> None:
    """The reader places amounts by the same sums that prove them."""
    columns = {number: set(table.amounts) for number, table in PRINTED_TABLES.items()}
    assert set(ROW_SUMS) >= {"02", "03", "04", "05", "07", "08", "09"}
    for number in columns.keys() & ROW_SUMS.keys():
        assert all(set(row.wholes) | set(row.parts) <= columns[number] for row in ROW_SUMS[number])


def test_every_key_figure_is_that_of_its_cell() -> None:
    """A measure of the seed that the model does not name would be left to the sum of rounded rows."""
    with (TOP / "seeds" / "classification" / "report_measures.csv").open(encoding="utf-8", newline="") as file:
        measures = {row["measure"] for row in csv.DictReader(file)}
    model = (TOP / "models" / "marts" / "reporting" / "rpt_department_years.sql").read_text(encoding="utf-8")
    (listed,) = re.findall(r"set printed_measures = \[(.*?)\]", model, re.S)
    assert set(re.findall(r"'(\w+)'", listed)) == measures


def test_a_table_is_added_as_the_guide_says(tmp_path: Path) -> None:
    """A made-up eleventh table: rows of the classification, a seed, a staging model; the ledger has its cells."""
    project = Project.copy(tmp_path)
    project.append(
        "forms",
        table_no="11",
        form_name="donations",
        row_kind="functional_subjects",
        title_zh="捐赠收支表",
        title_en="Donations",
    )
    project.append("form_columns", table_no="11", column_name="total", label_zh="合计", column_role="total")
    amounts = PRINTED_TABLES | {
        "11": type(PRINTED_TABLES["02"])("11", "donations", "functional_subjects", "", ["total"])
    }
    (project.top / "macros" / "printed_tables.sql").write_text(as_macro(amounts), encoding="utf-8")
    seeds = project.top / "seeds" / "accounts"
    rows = (
        f"report_id,row_no,subject_code,subject_name,total\n{SHIPPED},1,,合计,12.30\n{SHIPPED},2,205,教育支出,12.30\n"
    )
    (seeds / "donations.csv").write_text(rows, encoding="utf-8")
    (seeds / "donations.yml").write_text(SEED, encoding="utf-8")
    staging = project.top / "models" / "staging" / "stg_accounts__donations.sql"
    staging.write_text(STAGING, encoding="utf-8")
    database = tmp_path / "target" / "final_accounts.duckdb"
    database.parent.mkdir(exist_ok=True)
    assert run_dbt(["seed"], database, project.top).success
    assert run_dbt(["run", "--select", "+fct_report_cells"], database, project.top).success
    with duckdb.connect(str(database), read_only=True) as connection:
        cells = connection.execute(
            "select row_key, column_name, amount_yuan from quality.fct_report_cells where table_no = '11' order by all"
        ).fetchall()
    assert [(row, column, str(amount)) for row, column, amount in cells] == [
        ("205", "total", "123000.00"),
        ("total", "total", "123000.00"),
    ]
