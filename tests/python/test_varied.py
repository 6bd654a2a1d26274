"""What scripts/prove does to the look of clean reports leaves their amounts as they are; and what its world has."""

import duckdb
import oracle
import pytest
from final_accounts.proving.generate import _raw_tables
from final_accounts.proving.synthetic import add_synthetic_reports
from final_accounts.proving.varied import IN_GROUPS, WITHOUT_ZEROS

TEXTS = [
    "0.00",
    "0.10",
    "12.30",
    "-12.00",
    "100",
    "1234",
    "-1234567.80",
    "1234567890.12",
    "0.1234",
    "-1234.123456",
    "999999999999.99",
    "",
]


@pytest.mark.parametrize("look", [WITHOUT_ZEROS, IN_GROUPS])
@pytest.mark.parametrize("text", TEXTS)
def test_another_look_is_the_same_number(look: str, text: str) -> None:
    """Zeros left off at the end, digits in groups of three."""
    ((printed,),) = duckdb.execute(
        f"select {look.format(column='printed')} from (select ? as printed)", [text]
    ).fetchall()
    assert oracle.read_amount(printed)[:2] == oracle.read_amount(text)[:2], printed


@pytest.fixture(scope="module")
def wide_world() -> duckdb.DuckDBPyConnection:
    """Two hundred reports of the whole world of print."""
    connection = duckdb.connect()
    _raw_tables(connection)
    add_synthetic_reports(connection, 200, seed=1, is_wide=True)
    return connection


@pytest.mark.parametrize(
    ("what", "has_it"),
    [
        ("units", "count(distinct amount_unit) = 4 from raw.reports"),
        ("decimals", "count(distinct amount_decimals) = 7 from raw.reports"),
        ("years", "min(fiscal_year) < '2018' and max(fiscal_year) = '2023' from raw.reports"),
        ("the class that went in 2018", "count(*) > 0 from raw.basic_expenditure where subject_code = '304'"),
        ("refunds", "count(*) > 0 from raw.expenditure where project like '-%'"),
        ("losses", "count(*) > 0 from raw.revenue_expenditure_summary where item like '年末%' and amount like '-%'"),
        ("two years of a department", "count(*) = 2 * count(distinct department_code) from raw.reports"),
    ],
)
def test_the_whole_world_has(wide_world: duckdb.DuckDBPyConnection, what: str, has_it: str) -> None:
    """Each is there, so that no accusation of clean reports means something for it."""
    assert wide_world.execute(f"select {has_it}").fetchone() == (True,), what
