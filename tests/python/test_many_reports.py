"""Several reports in one warehouse: other units, years, layouts and departments, made up in tests/reports."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import Run
from final_accounts.landing.raw_files import contract_columns, problems_of_file
from final_accounts.warehouse.build import Options
from final_accounts.warehouse.paths import TOP
from projects import REPORTS, SHIPPED, Project, Row, columns, contents, query, read_rows

NEXT_YEAR = "140405-031-2024"  # the shipped department a year later, in 万元
YUAN = "990101-117-2018"  # in 元, with the labels of 2018, government funds, business revenue and expenditure
# In 千元, subjects down to 款, no tables 09 and 10; another department, the year before the shipped one.
SECTIONS = "990202-005-2022"
MADE_UP = [NEXT_YEAR, YUAN, SECTIONS]
EVERY = [SHIPPED, *MADE_UP]

# Written down here and not read from the files: the factor is what is tested.
YUAN_PER_UNIT = {SHIPPED: 10_000, NEXT_YEAR: 10_000, YUAN: 1, SECTIONS: 1_000}
YUAN_PER_UNIT_OF_TABLE = {(SECTIONS, "06"): 1}

TABLES = {
    "01": "revenue_expenditure_summary",
    "02": "revenue",
    "03": "expenditure",
    "04": "fiscal_appropriation_summary",
    "05": "general_public_budget_expenditure",
    "06": "basic_expenditure",
    "07": "government_fund",
    "08": "state_capital_operations",
    "09": "three_public",
    "10": "disclosure_statistics",
}
LABELS = {"report_id", "row_no", "panel", "panel_no", "section", "item", "line_no", "subject_code", "subject_name"}
FUNDS = {"05": "general_public_budget", "07": "government_fund", "08": "state_capital_operations"}


def raw(report_id: str, table: str) -> list[Row]:
    """The rows of a report in one raw table; none if the report does not print it."""
    file = REPORTS / report_id / f"{table}.csv"
    if report_id == SHIPPED:
        file = TOP / "seeds" / "accounts" / f"{table}.csv"
    return read_rows(file) if file.exists() else []


def number(text: str) -> Decimal:
    """The number that a cell prints; a blank is zero."""
    return Decimal(text.replace(",", "") or 0)


def in_yuan(report_id: str, table_no: str, text: str) -> Decimal:
    """The amount of a printed cell in yuan."""
    return number(text) * YUAN_PER_UNIT_OF_TABLE.get((report_id, table_no), YUAN_PER_UNIT[report_id])


def amounts(report_id: str, table_no: str) -> Iterator[tuple[Row, str, str]]:
    """Row, column and text of each cell that prints an amount."""
    for row in raw(report_id, TABLES[table_no]):
        for column, text in row.items():
            if column not in LABELS and text.strip("─"):
                yield row, column, text


def leaf_amounts(report_id: str, table_no: str) -> dict[tuple[str, str], Decimal]:
    """Yuan by code and column of the subjects that nothing is printed below."""
    codes = [row["subject_code"] for row in raw(report_id, TABLES[table_no]) if row["subject_code"]]
    return {
        (row["subject_code"], column): in_yuan(report_id, table_no, text)
        for row, column, text in amounts(report_id, table_no)
        if sum(code.startswith(row["subject_code"]) for code in codes) == 1 and row["subject_code"]
    }


def total_row(report_id: str, table: str) -> Row:
    """The row of a table that is printed as its total."""
    (row,) = (row for row in raw(report_id, table) if row["subject_name"] == "合计")
    return row


def line(report_id: str, table: str, label: str) -> Row:
    """The first line of a table whose label ends so."""
    return next(row for row in raw(report_id, table) if row["item"].endswith(label))


@pytest.fixture(scope="module")
def warehouse(many: Run) -> Path:
    """The published file with all reports."""
    return many.database


# The made-up reports themselves


@pytest.mark.parametrize("report_id", MADE_UP)
def test_a_made_up_report_says_so(report_id: str) -> None:
    """Nobody shall take one for a published report."""
    (report,) = raw(report_id, "reports")
    assert report["origin"] == "synthetic"
    assert any(word in report["department_name"] for word in ("示例", "样例", "样本"))


@pytest.mark.parametrize("report_id", MADE_UP)
def test_a_made_up_report_is_written_as_the_raw_tables_are(report_id: str) -> None:
    """A column that a raw table has gained is missed here."""
    for file in (REPORTS / report_id).iterdir():
        contract = TOP / "seeds" / "accounts" / f"{file.stem}.yml"
        assert problems_of_file(file, file.name, contract_columns(contract), needs_rows=True) == []


@pytest.mark.parametrize("report_id", MADE_UP)
@pytest.mark.parametrize("table_no", ["02", "03", "05", "07", "08"])
def test_the_subjects_of_a_made_up_report_add_up(report_id: str, table_no: str) -> None:
    """In every column a subject is the sum of those below it, and the total that of the classes."""
    rows = raw(report_id, TABLES[table_no])
    for column in set(rows[0]) - LABELS:
        for row in rows:
            code = row["subject_code"]
            length = {0: 3, 3: 5, 5: 7, 7: 9}[len(code)]
            below = [
                other
                for other in rows
                if other["subject_code"].startswith(code) and len(other["subject_code"]) == length
            ]
            if below:
                assert number(row[column]) == sum(number(other[column]) for other in below), (code, column)


@pytest.mark.parametrize("report_id", MADE_UP)
def test_the_summaries_of_a_made_up_report_balance(report_id: str) -> None:
    """What there was and what came in is what was spent and what is left."""
    for table, column in (("revenue_expenditure_summary", "amount"), ("fiscal_appropriation_summary", "total")):
        grand_totals = [row for row in raw(report_id, table) if row["item"] == "总计"]
        assert [row["panel"] for row in grand_totals] == ["revenue", "expenditure"]
        assert number(grand_totals[0]["amount"]) == number(grand_totals[1][column]) > 0
    opening = number(line(report_id, "revenue_expenditure_summary", "年初结转和结余")["amount"])
    revenue = number(total_row(report_id, "revenue")["total"])
    surplus_used = sum(
        number(row["amount"]) for row in raw(report_id, "revenue_expenditure_summary") if "弥补" in row["item"]
    )
    spent = number(total_row(report_id, "expenditure")["total"])
    distributed = number(line(report_id, "revenue_expenditure_summary", "结余分配")["amount"])
    closing = number(line(report_id, "revenue_expenditure_summary", "年末结转和结余")["amount"])
    assert opening + revenue + surplus_used == spent + distributed + closing


# Release, units, leaves and totals


def test_every_report_is_released(warehouse: Path) -> None:
    """None of them is held back."""
    assert query(warehouse, "select report_id from marts.dim_reports order by 1") == [(name,) for name in sorted(EVERY)]


@pytest.mark.parametrize("report_id", EVERY)
@pytest.mark.parametrize("table_no", TABLES)
def test_every_printed_amount_is_in_the_ledger_in_yuan(warehouse: Path, report_id: str, table_no: str) -> None:
    """Each cell once, with the unit of its table; counts of vehicles and sets are no money."""
    expected = {
        (row["row_no"], column): (
            text,
            number(text),
            None if row.get("section", "").startswith("三、") else in_yuan(report_id, table_no, text),
        )
        for row, column, text in amounts(report_id, table_no)
    }
    found = query(
        warehouse,
        """
        select cast(row_no as varchar), column_name, printed_text, amount, amount_yuan
        from quality.fct_report_cells
        where report_id = ? and table_no = ? and cell_status = 'amount'
        """,
        report_id,
        table_no,
    )
    assert {(row_no, column): cell for row_no, column, *cell in found} == {
        key: [*cell] for key, cell in expected.items()
    }
    assert len(found) == len(expected)


@pytest.mark.parametrize("report_id", EVERY)
def test_revenue_holds_the_leaves_of_table_02(warehouse: Path, report_id: str) -> None:
    """By subject and source, without totals."""
    found = query(
        warehouse,
        "select subject_code, revenue_source, amount_yuan from marts.fct_revenue where report_id = ?",
        report_id,
    )
    expected = {key: amount for key, amount in leaf_amounts(report_id, "02").items() if key[1] != "total"}
    assert {(code, source): amount for code, source, amount in found} == expected
    assert len(found) == len(expected) > 0


@pytest.mark.parametrize("report_id", EVERY)
def test_fiscal_expenditure_holds_the_leaves_of_tables_05_07_and_08(warehouse: Path, report_id: str) -> None:
    """By subject, fund and kind, without totals and balances."""
    found = query(
        warehouse,
        """
        select subject_code, fund, expenditure_kind, amount_yuan
        from marts.fct_expenditure
        where report_id = ? and fund <> 'non_fiscal'
        """,
        report_id,
    )
    expected = {
        (code, fund, column.removeprefix("expenditure_")): amount
        for table_no, fund in FUNDS.items()
        for (code, column), amount in leaf_amounts(report_id, table_no).items()
        if column.endswith(("basic", "project"))
    }
    assert {(code, fund, kind): amount for code, fund, kind, amount in found} == expected
    assert len(found) == len(expected) > 0


@pytest.mark.parametrize(
    ("report_id", "expected"),
    [
        (NEXT_YEAR, {("2010302", "project"): 175_000}),
        (
            YUAN,
            {
                ("2100799", "project"): 12_000,
                ("2100799", "superior_remittance"): 9_000,
                ("2100799", "business"): Decimal("86400.50"),
                ("2100799", "affiliate_subsidy"): 15_000,
            },
        ),
        (SECTIONS, {("20103", "project"): 1_500}),
    ],
)
def test_other_expenditure_is_what_table_03_has_beyond_the_funds(
    warehouse: Path, report_id: str, expected: dict[tuple[str, str], Decimal]
) -> None:
    """Of every kind, on the subject that is printed deepest."""
    found = query(
        warehouse,
        """
        select subject_code, expenditure_kind, amount_yuan
        from marts.fct_expenditure
        where report_id = ? and fund = 'non_fiscal'
        """,
        report_id,
    )
    assert {(code, kind): amount for code, kind, amount in found} == expected


@pytest.mark.parametrize("report_id", EVERY)
def test_basic_expenditure_holds_the_leaves_of_table_06(warehouse: Path, report_id: str) -> None:
    """In the unit of the table, which may not be that of the report."""
    found = query(
        warehouse, "select subject_code, amount_yuan from marts.fct_basic_expenditure where report_id = ?", report_id
    )
    assert dict(found) == {code: amount for (code, _), amount in leaf_amounts(report_id, "06").items()}


@pytest.mark.parametrize("report_id", MADE_UP)
def test_facts_sum_to_the_printed_totals(warehouse: Path, report_id: str) -> None:
    """To the fen, as nothing is rounded in a made-up report."""

    def total(mart: str, measure: str = "amount_yuan") -> Decimal:
        return query(warehouse, f"select coalesce(sum({measure}), 0) from marts.{mart} where report_id = ?", report_id)[
            0
        ][0]

    assert total("fct_revenue") == in_yuan(report_id, "02", total_row(report_id, "revenue")["total"])
    assert total("fct_expenditure") == in_yuan(report_id, "03", total_row(report_id, "expenditure")["total"])
    basic = total_row(report_id, "general_public_budget_expenditure")["basic"]
    assert total("fct_basic_expenditure") == in_yuan(report_id, "05", basic)
    came_in = ("opening_balance_yuan", "revenue_yuan", "non_fiscal_surplus_used_yuan")
    went_out = ("expenditure_yuan", "surplus_distribution_yuan", "closing_balance_yuan")
    grand_total = in_yuan(report_id, "01", line(report_id, "revenue_expenditure_summary", "总计")["amount"])
    for measures in (came_in, went_out):
        assert sum(total("fct_fund_balances", measure) for measure in measures) == grand_total
    for table in raw(report_id, "three_public"):
        assert total("fct_three_public", "budget_yuan") == in_yuan(report_id, "09", table["budget_total"])
        assert total("fct_three_public", "final_yuan") == in_yuan(report_id, "09", table["final_total"])


@pytest.mark.parametrize("report_id", EVERY)
def test_every_three_public_amount_is_accounted_for(warehouse: Path, report_id: str) -> None:
    """Subtotals and totals are none of the facts."""
    found = query(
        warehouse,
        "select column_name, cell_use, mart from quality.fct_cell_uses where report_id = ? and table_no = '09'",
        report_id,
    )
    assert {column: (use, mart) for column, use, mart in found} == {
        column: ("total", None) if column.endswith("total") else ("fact", "fct_three_public")
        for _, column, _ in amounts(report_id, "09")
    }


def test_government_fund_balances_are_kept_by_subject(warehouse: Path) -> None:
    """Opening, revenue, expenditure and closing of table 07."""
    found = query(
        warehouse,
        """
        select report_id, subject_code, opening_balance_yuan, revenue_yuan, expenditure_yuan, closing_balance_yuan
        from marts.fct_government_fund_balances
        order by subject_code
        """,
    )
    assert found == [(YUAN, "2120804", 200_000, 1_000_000, 1_150_000, 50_000), (YUAN, "2296003", 0, 80_000, 80_000, 0)]


def test_balances_of_each_fund_are_kept_apart(warehouse: Path) -> None:
    """The three funds are those of table 04, the rest is what table 01 has beyond it."""
    found = query(
        warehouse,
        """
        select
            fund, opening_balance_yuan, revenue_yuan, non_fiscal_surplus_used_yuan, expenditure_yuan,
            surplus_distribution_yuan, closing_balance_yuan
        from marts.fct_fund_balances
        where report_id = ?
        order by fund
        """,
        YUAN,
    )
    assert [(fund, *map(float, balances)) for fund, *balances in found] == [
        ("general_public_budget", 30_000, 3_987_922.77, 0, 3_937_922.77, 0, 80_000),
        ("government_fund", 200_000, 1_080_000, 0, 1_230_000, 0, 50_000),
        ("non_fiscal", 64_321, 221_234.80, 8_000, 122_400.50, 2_500, 168_655.30),
        ("state_capital_operations", 0, 0, 0, 0, 0, 0),
    ]


# Layouts of other years and places


@pytest.mark.parametrize(
    ("label", "row_key"),
    [
        ("用事业基金弥补收支差额", "non_fiscal_surplus_used"),
        ("七、文化体育与传媒支出", "207"),
        ("九、医疗卫生与计划生育支出", "210"),
        ("十四、资源勘探信息等支出", "215"),
        ("十八、国土海洋气象等支出", "220"),
    ],
)
def test_lines_of_2018_are_found_by_their_labels(warehouse: Path, label: str, row_key: str) -> None:
    """Without line numbers, and at other positions than in the form of today."""
    row = line(YUAN, "revenue_expenditure_summary", label)
    found = query(
        warehouse,
        """
        select row_key, line_no, printed_text
        from quality.fct_report_cells
        where report_id = ? and table_no = '01' and row_no = ?
        """,
        YUAN,
        int(row["row_no"]),
    )
    assert found == [(row_key, None, row["amount"] or None)]


def test_a_table_that_is_missing_is_not_an_empty_one(warehouse: Path) -> None:
    """No rows for the report without tables 09 and 10, rows of zero for the one that prints 09 empty."""
    found = query(
        warehouse,
        """
        select report_id, three_public_final_yuan, procurement_yuan, vehicles
        from reporting.rpt_department_years
        where report_id in (?, ?)
        order by report_id
        """,
        SHIPPED,
        SECTIONS,
    )
    assert found == [(SHIPPED, 0, 9_600, 0), (SECTIONS, None, None, None)]
    for mart in ("fct_three_public", "fct_disclosures"):
        assert query(warehouse, f"select count(*) from marts.{mart} where report_id = ?", SECTIONS) == [(0,)]


def test_counts_are_no_money(warehouse: Path) -> None:
    """Vehicles and sets of equipment are counted, procurement is paid in yuan."""
    found = query(
        warehouse,
        "select statistic, quantity, amount_yuan from marts.fct_disclosures where report_id = ? and is_printed",
        YUAN,
    )
    assert sorted(found) == [
        ("agency_operating_administrative", None, Decimal("230000.00")),
        ("equipment_over_million", 1, None),
        ("procurement_goods", None, Decimal("120000.00")),
        ("procurement_services", None, Decimal("30500.50")),
        ("procurement_works", None, Decimal("50000.00")),
        ("vehicles_emergency", 1, None),
        ("vehicles_law_enforcement", 2, None),
    ]


def test_projects_keep_the_unit_of_their_forms(warehouse: Path) -> None:
    """400 万元 and 70,000.00 元, beside what was executed of it."""
    found = query(
        warehouse,
        """
        select report_id, annual_budget_yuan, executed_yuan, carried_over_yuan
        from marts.fct_projects
        where report_id in (?, ?)
        order by report_id
        """,
        NEXT_YEAR,
        YUAN,
    )
    assert found == [(NEXT_YEAR, 4_000_000, 3_005_000, 995_000), (YUAN, 70_000, 70_000, 0)]


def test_claims_keep_the_unit_of_their_sentences(warehouse: Path) -> None:
    """The same subject in 万元 and in 元."""
    found = query(
        warehouse,
        """
        select report_id, amount_yuan
        from marts.fct_narrative_claims
        where subject = '收入总计' and measure = 'amount'
        order by report_id
        """,
    )
    assert found == [
        (SHIPPED, Decimal("1456181400.00")),
        (NEXT_YEAR, Decimal("126318000.00")),
        (YUAN, Decimal("5591478.57")),
    ]


# The year before


def test_the_report_of_the_year_before_is_found(warehouse: Path) -> None:
    """By department and year, whatever the department is called."""
    found = query(warehouse, "select report_id, prior_report_id from marts.dim_reports order by report_id")
    assert found == [(SHIPPED, None), (NEXT_YEAR, SHIPPED), (YUAN, None), (SECTIONS, None)]


def test_a_department_year_stands_beside_the_year_before(warehouse: Path) -> None:
    """Opening balances are the closing ones of the year before, and every measure has its prior amount."""
    found = query(
        warehouse,
        """
        select
            opening_balance_yuan, prior_closing_balance_yuan, revenue_yuan, prior_revenue_yuan,
            prior_fiscal_appropriation_yuan, prior_expenditure_yuan, prior_three_public_final_yuan,
            prior_procurement_yuan, prior_agency_operating_cost_yuan
        from reporting.rpt_department_years
        where report_id = ?
        """,
        NEXT_YEAR,
    )
    assert [[float(amount) for amount in row] for row in found] == [
        [175_000, 175_000, 126_143_000, 1_456_167_500, 1_455_992_500, 1_456_006_400, 0, 9_600, 98_700]
    ]


@pytest.mark.parametrize(
    ("rate", "this_year", "year_before"),
    [
        ("revenue_change_rate from reporting.rpt_department_years where true", "12614.30", "145616.75"),
        ("procurement_change_rate from reporting.rpt_department_years where true", "2.40", "0.96"),
        ("closing_balance_change_rate from reporting.rpt_department_years where true", "8.20", "17.50"),
        ("change_rate from reporting.rpt_spending_by_function where subject_code = '210'", "4.30", "7.31"),
        ("change_rate from reporting.rpt_revenue_by_source where revenue_source = 'other'", "3.20", "17.50"),
        ("change_rate from reporting.rpt_basic_expenditure where subject_code = '30201'", "5.68", "1.99"),
    ],
    ids=["revenue", "procurement", "closing balance", "a class", "a source", "an economic subject"],
)
def test_a_change_rate_is_the_change_over_the_year_before(
    warehouse: Path, rate: str, this_year: str, year_before: str
) -> None:
    """What this year has beyond the year before, divided by the year before, to six places."""
    expected = (Decimal(this_year) - Decimal(year_before)) / Decimal(year_before)
    found = query(warehouse, f"select {rate} and report_id = ?", NEXT_YEAR)
    assert found == [(expected.quantize(Decimal("0.000001")),)]


def test_a_change_has_no_rate_without_a_year_before_or_from_zero(warehouse: Path) -> None:
    """A new subject has no prior amount; three public expenses rose from zero."""
    found = query(
        warehouse,
        """
        select amount_yuan, prior_amount_yuan, change_rate
        from reporting.rpt_spending_by_function
        where report_id = ? and subject_code = '2150517'
        """,
        NEXT_YEAR,
    )
    assert found == [(3_005_000, None, None)]
    found = query(
        warehouse,
        """
        select three_public_final_yuan, prior_three_public_final_yuan, three_public_final_change_rate
        from reporting.rpt_department_years
        where report_id = ?
        """,
        NEXT_YEAR,
    )
    assert found == [(3_200, 0, None)]


def test_subjects_stand_beside_the_same_subject_of_the_year_before(warehouse: Path) -> None:
    """At every level, fund by fund."""
    found = query(
        warehouse,
        """
        select subject_code, fund, amount_yuan, prior_amount_yuan
        from reporting.rpt_spending_by_function
        where report_id = ? and subject_code in ('215', '21502', '2150299', '223')
        order by subject_code
        """,
        NEXT_YEAR,
    )
    assert [(code, fund, float(amount), float(prior)) for code, fund, amount, prior in found] == [
        ("215", "general_public_budget", 123_005_000, 1_414_876_800),
        ("21502", "general_public_budget", 120_000_000, 1_414_870_400),
        ("2150299", "general_public_budget", 120_000_000, 1_414_870_400),
        ("223", "state_capital_operations", 1_000_000, 7_730_700),
    ]


def test_sources_and_economic_subjects_stand_beside_the_year_before(warehouse: Path) -> None:
    """Each beside itself; what the year before did not print has no prior amount."""
    found = query(
        warehouse,
        """
        select revenue_source, amount_yuan, prior_amount_yuan
        from reporting.rpt_revenue_by_source
        where report_id = ?
        order by 1
        """,
        NEXT_YEAR,
    )
    assert found == [("fiscal_appropriation", 126_111_000, 1_455_992_500), ("other", 32_000, 175_000)]
    found = query(
        warehouse,
        """
        select subject_code, amount_yuan, prior_amount_yuan
        from reporting.rpt_basic_expenditure
        where report_id = ? and subject_code in ('302', '30201', '30217')
        order by 1
        """,
        NEXT_YEAR,
    )
    assert found == [("302", 60_000, 98_700), ("30201", 56_800, 19_900), ("30217", 3_200, None)]


# Dimensions


def test_a_department_bears_its_latest_name(warehouse: Path) -> None:
    """One row per department, whatever its name was."""
    found = query(
        warehouse,
        """
        select department_id, department_name, first_fiscal_year, last_fiscal_year, report_count
        from marts.dim_departments
        order by department_id
        """,
    )
    assert found == [
        ("140405-031", "示例区样本工业和信息化局", 2023, 2024, 2),
        ("990101-117", "虚构市样例卫生和计划生育局", 2018, 2018, 1),
        ("990202-005", "示例县样本局", 2022, 2022, 1),
    ]


def _until_2024(path: str) -> list[tuple[str, int, int | None]]:
    """The rows of a subject that the reports of 2022, 2023 and 2024 print."""
    return [(path, 2022, 2022), (path, 2023, 2023), (path, 2024, None)]


@pytest.mark.parametrize(
    ("code", "periods"),
    [
        # A name that changed, and one that stayed.
        ("210", [("医疗卫生与计划生育支出", 2018, 2021), *_until_2024("卫生健康支出")]),
        (
            "20805",
            [
                ("社会保障和就业支出 / 行政事业单位离退休", 2018, 2021),
                *_until_2024("社会保障和就业支出 / 行政事业单位养老支出"),
            ],
        ),
        # The name of the class above it changed.
        (
            "21011",
            [
                ("医疗卫生与计划生育支出 / 行政事业单位医疗", 2018, 2021),
                *_until_2024("卫生健康支出 / 行政事业单位医疗"),
            ],
        ),
        ("208", [("社会保障和就业支出", 2018, 2021), *_until_2024("社会保障和就业支出")]),
        # Met first in the made-up report of 2024.
        ("2150517", [("资源勘探工业信息等支出 / 工业和信息产业监管 / 产业发展", 2024, None)]),
    ],
)
def test_a_subject_has_a_row_for_each_year_that_prints_it(
    warehouse: Path, code: str, periods: list[tuple[str, int, int | None]]
) -> None:
    """It serves until the year before the next; the last is open."""
    found = query(
        warehouse,
        """
        select full_path, valid_from_year, valid_to_year
        from marts.dim_subjects
        where classification = 'functional' and subject_code = ?
        order by valid_from_year
        """,
        code,
    )
    assert found == periods


def test_facts_bear_the_subject_of_their_year(warehouse: Path) -> None:
    """A sum by class name keeps what 2018 called otherwise apart."""
    found = query(
        warehouse,
        """
        select subjects.class_name, facts.report_id, sum(facts.amount_yuan)
        from marts.fct_expenditure as facts
        inner join marts.dim_subjects as subjects on facts.subject_id = subjects.subject_id
        where subjects.class_code = '210' and facts.report_id <> ?
        group by all
        order by facts.report_id
        """,
        SHIPPED,
    )
    assert found == [
        ("卫生健康支出", NEXT_YEAR, 43_000),
        ("医疗卫生与计划生育支出", YUAN, Decimal("3877977.60")),
        ("卫生健康支出", SECTIONS, 31_050),
    ]


def test_leaves_may_be_sections(warehouse: Path) -> None:
    """A report that prints no 项 has no rows below 款, and its classes are right."""
    found = query(
        warehouse,
        """
        select subject_level, sum(amount_yuan)
        from reporting.rpt_spending_by_function
        where report_id = ?
        group by all
        order by all
        """,
        SECTIONS,
    )
    assert found == [("class", 1_182_730), ("section", 1_182_730)]


# Apart from each other


def test_the_shipped_report_is_the_same_as_when_built_alone(many: Run, first_run: Run) -> None:
    """Every row of it in every mart, but for what later reports say of its department and its subjects."""
    later = ("series_name", "latest_department_id", "latest_code", "latest_name", "series_status", "evidence")
    alone, among = (
        {
            # what nobody here has met before depends on who is here
            table: [row for row in rows if "s_first_seen" not in row]
            for table, rows in contents(run.database, SHIPPED, without=later).items()
        }
        for run in (first_run, many)
    )
    assert [table for table in alone if alone[table] != among.get(table)] == []
    assert len(alone) == len(among) > 20


def test_no_row_belongs_to_a_report_that_is_not_there(warehouse: Path) -> None:
    """Nothing that readers see belongs to another report, or to none."""
    tables = [table for table, names in columns(warehouse).items() if "report_id" in names]
    union = " union ".join(f"select '{table}' as table_name, report_id from {table}" for table in tables)
    found = query(
        warehouse, f"select * from ({union}) where report_id is null or not list_contains(?, report_id)", EVERY
    )
    assert found == []


# In slices, and by other threads


def test_slices_and_threads_give_the_same_rows_in_the_same_places(many: Run, tmp_path: Path) -> None:
    """Two slices of two reports each, and seven threads: every table is as when all reports are worked on at once."""
    project = Project.copy(tmp_path)
    project.add_reports()
    for file, one, other in (
        ("dbt_project.yml", "reports_in_slice: 10000", "reports_in_slice: 2"),
        ("profiles/profiles.yml", "threads: 2", "threads: 7"),
    ):
        text = (project.top / file).read_text(encoding="utf-8")
        assert one in text
        (project.top / file).write_text(text.replace(one, other), encoding="utf-8")
    outcome = project.build(Options(site=False))
    assert outcome.status == 0, outcome.err
    (filled,) = project.top.rglob("run/**/int_identity_sums.sql")
    assert filled.read_text().count("insert into") == 1
    hashes = "select data_sha256 from quality.releases"
    assert query(project.published, hashes) == query(many.database, hashes)
    tables = [name for (name,) in query(many.database, "select schema_name || '.' || table_name from duckdb_tables()")]
    tables = [table for table in tables if not table.startswith("quality.release")]
    assert [t for t in tables if query(many.database, f"from {t}") != query(project.published, f"from {t}")] == []
    assert len(tables) > 20
