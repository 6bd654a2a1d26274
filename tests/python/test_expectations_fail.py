"""Every identity has an expectation that a damaged report fails: one report for each, damaged as publishers err.

The damage is done to printed rows, and the models find it: no result is written by hand.
"""

import copy
import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction

import duckdb
import golden_reports
import oracle
import pytest
from damage import as_text
from final_accounts.expectations.expect import suites_of
from final_accounts.expectations.validation import name_of, validate
from final_accounts.ingest.proof import add_rows
from final_accounts.landing.reader import tables as raw_tables
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.paths import PUBLISHED, SEEDS
from final_accounts.warehouse.prepared import prepared
from oracle import Forms, Tables
from projects import REPORTS, SHIPPED, read_rows

NEXT_YEAR = "140405-031-2024"
Damage = Callable[[Tables], None]


def _row(tables: Tables, table: str, **where: str) -> dict[str, str | None]:
    """The first row with these texts."""
    return next(row for row in tables[table] if all(row[name] == text for name, text in where.items()))


def _set(table: str, where: dict[str, str], **texts: str) -> Damage:
    """Other texts in a row."""
    return lambda tables: _row(tables, table, **where).update(texts)


def _claim(number: int, **texts: str) -> Damage:
    return _set("narrative_claims", {"claim_no": str(number)}, **texts)


def _without(table: str, **where: str) -> Damage:
    """A row is not printed."""
    return lambda tables: tables[table].remove(_row(tables, table, **where))


def _mention(kind: str, **texts: str) -> Damage:
    """Words of the narrative."""
    row = {"mention_no": "999", "paragraph_no": "1", "base": "", "mention_text": "words"} | texts
    return lambda tables: tables["narrative_mentions"].append({"mention_kind": kind} | row)


def _blank(table: str) -> Damage:
    """A table whose amounts are gone."""

    def damage(tables: Tables) -> None:
        for row in tables[table]:
            row |= dict.fromkeys(("total", "basic", "project"), "")

    return damage


def _other_code(before: str, after: str) -> Damage:
    """A subject under another code, wherever it is printed."""

    def damage(tables: Tables) -> None:
        for rows in tables.values():
            for row in rows:
                if row.get("subject_code") == before:
                    row["subject_code"] = after

    return damage


def _nothing_carried_over(tables: Tables) -> None:
    """One subject, and more came in for it than was spent."""
    amounts = {"revenue": {"total": "9.00", "fiscal_appropriation": "9.00"}}
    amounts |= {"general_public_budget_expenditure": {"total": "7.00", "basic": "7.00"}}
    _small(tables, amounts)


def _nothing_non_fiscal(tables: Tables) -> None:
    """One subject, and more was spent on it than the funds paid."""
    amounts = {"expenditure": {"total": "9.00", "basic": "9.00"}}
    amounts |= {"general_public_budget_expenditure": {"total": "7.00", "basic": "7.00"}}
    _small(tables, amounts)


def _trips_that_nobody_tells(tables: Tables) -> None:
    """Overseas trips that cost money, and no word of them in a text that speaks of the three public expenses."""
    _row(tables, "three_public", row_no="1")["final_overseas_trips"] = "3.00"
    for row in tables["narrative_paragraphs"]:
        row["paragraph_text"] = (row["paragraph_text"] or "").replace("出国", "出行")


def _small(tables: Tables, amounts: dict[str, dict[str, str]]) -> None:
    """A report of one subject, with balances of nothing; the other tables are empty."""
    reports = tables["reports"]
    keys = ("subject_code", "subject_name", "total", "basic", "project")
    for name, rows in tables.items():
        tables[name] = []
        for row in rows[:1] if name in oracle.SUBJECT_FORMS.values() else []:
            texts = amounts.get(name, {})
            blank = {column: "" for column in row if column not in ("report_id", "row_no", "panel_no")}
            total, subject = blank | {"subject_name": "合计"}, blank | {"subject_name": "科目"}
            code = {"subject_code": "201" if set(keys) & set(texts) else ""}
            tables[name] = [row | total | texts, row | subject | texts | code | {"row_no": "2"}]
            if not texts:
                tables[name] = tables[name][:1]
    lines = {
        "revenue_expenditure_summary": [("revenue", "年初结转和结余"), ("expenditure", "年末结转和结余")],
        "fiscal_appropriation_summary": [
            ("revenue", "年初财政拨款结转和结余"),
            ("expenditure", "年末财政拨款结转和结余"),
        ],
    }
    for name, labels in lines.items():
        for number, (panel, item) in enumerate(labels, start=1):
            tables[name].append({"row_no": str(number), "panel": panel, "item": item})
    tables["reports"] = reports


# What breaks each identity that is code, in a copy of the shipped report.
DAMAGES: dict[str, Damage] = {
    "n_amount": _claim(21, value_text="999.99"),
    "n_repeated": _claim(41, value_text="999.99"),
    "n_items": _claim(42, value_text="9999.99"),
    "n_omitted_item": _without("narrative_claims", claim_no="52"),
    "n_share": _claim(9, value_text="12.34"),
    "n_change_rate": _claim(4, value_text="12.34"),
    "n_completion_rate": _claim(56, value_text="12.34"),
    "n_rate_over_zero": _claim(69, value_text="100"),
    "n_direction": _claim(4, direction="下降"),
    "n_comparison": _mention("below_budget", subject="一般公共预算财政拨款支出", base="年初预算"),
    "n_year": _mention("period", subject="", base="2019年度"),
    "n_unfinished": _mention("unfinished", subject="", mention_text="增长（下降）"),
    "n_named_account": _mention("account", subject="培训费", base="培训", paragraph_no="2"),
    "n_project_count": _claim(139, value_text="3"),
    "n_project_money": _claim(140, value_text="3.00"),
    "n_project_funds": _claim(142, value_text="3.00"),
    "n_grade": _set("projects", {"project_no": "1"}, grade="中"),
    "e_column": _blank("state_capital_operations"),
    "e_note": _without("table_notes", table_no="07", note_no="2"),
    "e_narrative": _mention("no_activity", subject="国有资本经营预算财政拨款", paragraph_no="33"),
    "p_execution_rate": _set("project_funding", {"project_no": "1", "row_no": "1"}, execution_rate="12"),
    "p_execution_points": _set("project_funding", {"project_no": "1", "row_no": "1"}, score="3"),
    "p_grade": _set("projects", {"project_no": "1"}, grade="差"),
    "p_lost_points": _set("project_indicators", {"project_no": "1", "row_no": "1"}, score="3", deviation_reason=".."),
    "p_missed_target": _set("project_indicators", {"project_no": "1", "row_no": "1"}, actual_value="＝3户"),
    "p_cost": _set(
        "project_indicators",
        {"project_no": "1", "row_no": "1"},
        level_2="成本指标",
        initial_target="≤260.662万元",
        adjusted_target="≤260.662万元",
        actual_value="≤3万元",
    ),
    "s_line_numbers": _set("revenue_expenditure_summary", {"row_no": "5"}, line_no="77"),
    "s_classes": _other_code("221", "299"),
    "s_class_names": _set("basic_expenditure", {"subject_code": "301"}, subject_name="商品和服务支出"),
    "s_subject_names": _set("basic_expenditure", {"subject_code": "30102"}, subject_name="基本工资"),
    "s_levels": _without("general_public_budget_expenditure", subject_code="2210201"),
    "s_first_seen": _other_code("2210201", "2210277"),
    "s_signs": _set("disclosure_statistics", {"item": "货物"}, statistic="-0.96"),
    "s_decimals": _set("revenue", {"row_no": "2"}, total="14190.4512"),
    "s_tables": _without("report_tables", table_no="05"),
    "t02_t05_subjects": _nothing_carried_over,
    "t03_t05_subjects": _nothing_non_fiscal,
    "n_three_public": _trips_that_nobody_tells,
    "t09_t10_vehicles": _set("three_public", {"row_no": "1"}, final_vehicle_operation="3.00"),
}


def _copied(tables: Tables, report_id: str, department: str) -> Tables:
    """A copy of a report, of a department of its own."""
    whole = {name: [{**row, "report_id": report_id} for row in rows] for name, rows in copy.deepcopy(tables).items()}
    whole["reports"][0]["department_code"] = department
    return whole


def _whole_rows(tables: Tables, report_id: str) -> Tables:
    """The rows with every column of their contract."""
    return {
        name: [dict.fromkeys(columns) | row | {"report_id": report_id} for row in tables.get(name, [])]
        for name, columns in raw_tables().items()
    }


def _of_the_registry(forms: Forms) -> Iterator[Tables]:
    """For each identity of terms the golden report with one cell that breaks it, and its year before."""
    prior, golden = golden_reports.golden_tables(forms)
    broken = defaultdict(list)
    with (golden_reports.GOLDEN / "errors_found.csv").open(encoding="utf-8") as text:
        for row in csv.DictReader(text):
            cells = [name for column in ("broken_by", "broken_if_raised") for name in (row[column] or "").split()]
            broken[row["identity_id"]] += [cell for cell in cells if "prior-" not in cell]
    for identity_id, cells in broken.items():
        table_no, row_and_column = cells[0][1:].split("/", 1)
        row_key, column = row_and_column.rsplit("/", 1)
        tables = _copied(golden, f"{identity_id}-2023", identity_id)
        (cell,) = (c for c in oracle.read_report(tables, forms).cells if c.name == (table_no, row_key, column))
        more = (cell.value or Fraction(0)) / (cell.place or 1) / 10**cell.decimals + golden_reports.A_LOT
        cell.row[cell.raw_column] = as_text(more, cell.decimals)
        yield tables
        if identity_id.startswith("y_"):
            yield _copied(prior, f"{identity_id}-2022", identity_id)


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """By expectation, the reports in its failing rows, each told by the identity that it was damaged for."""
    forms = Forms.read(SEEDS / "classification")
    shipped = {file.stem: read_rows(file) for file in sorted((SEEDS / "accounts").glob("*.csv"))}
    later = {file.stem: read_rows(file) for file in sorted((REPORTS / NEXT_YEAR).glob("*.csv"))}
    batch = {tables["reports"][0]["report_id"]: tables for tables in _of_the_registry(forms)}
    for identity_id, damage in DAMAGES.items():
        tables = _copied(shipped, f"{identity_id}-2023", identity_id)
        damage(tables)
        batch[f"{identity_id}-2023"] = tables
    batch["y_change-2023"] = _copied(shipped, "y_change-2023", "y_change")
    batch["y_change-2024"] = _copied(later, "y_change-2024", "y_change")
    _claim(2, value_text="999.99")(batch["y_change-2024"])
    database = tmp_path_factory.mktemp("failing") / PUBLISHED.name
    prepared().copy(database)
    with duckdb.connect(str(database)) as connection:
        add_rows(connection, {name: _whole_rows(tables, name) for name, tables in ({SHIPPED: shipped} | batch).items()})
    assert run_dbt(["run", "--select", "+fct_identity_results"], database).success
    (suite,) = validate(database, suites_of(database, ("identities",)))
    return {
        name_of(each): {
            row["report_id"].rsplit("-", 1)[0]
            for row in each.result["details"]["unexpected_rows"]
            if row["report_id"] != SHIPPED
        }
        for each in suite.results
    }


IDENTITIES = [row["identity_id"] for row in read_rows(SEEDS / "identities" / "identities.csv")]


@pytest.mark.parametrize("identity_id", IDENTITIES)
def test_the_expectation_of_an_identity_fails_on_the_report_that_was_damaged_for_it(
    identity_id: str, failing: dict[str, set[str]]
) -> None:
    """And names that report."""
    assert identity_id in failing[identity_id]
