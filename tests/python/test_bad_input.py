"""Bad rows: each is named by file, row, column, text and what was expected, and nothing of the input is published."""

from dataclasses import dataclass

import pytest
from final_accounts.warehouse.build import Options
from projects import SHIPPED, Outcome, Project
from quick import Quick

YUAN_REPORT = "990101-117-2018"


@dataclass(frozen=True)
class Bad:
    """One row made bad, and the sentence that it must yield."""

    seed: str
    key: dict[str, str]
    cells: dict[str, str]
    sentence: str
    report_id: str = SHIPPED

    def put_into(self, project: Project) -> None:
        """Changes the row of the key, or adds one if there is no key."""
        if self.key:
            project.edit(self.seed, {"report_id": self.report_id, **self.key}, **self.cells)
        else:
            project.append(self.seed, **{"report_id": self.report_id, **self.cells})

    @property
    def named(self) -> str:
        """The sentence as it is printed."""
        return self.sentence.replace("ROW", f"row report_id {self.report_id}")


AN_AMOUNT = "expected an amount such as 1,234.56, nothing, or ────"
A_LABEL = "expected a label of seeds/classification/form_lines.csv"

# What a row must be to be loaded: macros/contract_problems.sql.
CONTRACT = {
    "an amount that is no number": Bad(
        "expenditure",
        {"row_no": "4"},
        {"total": "86.4五"},
        f"seeds/accounts/expenditure.csv, ROW, row_no 4, column total: «86.4五»; {AN_AMOUNT}",
    ),
    "an amount with an exponent": Bad(
        "revenue",
        {"row_no": "6"},
        {"total": "1e5"},
        f"seeds/accounts/revenue.csv, ROW, row_no 6, column total: «1e5»; {AN_AMOUNT}",
    ),
    "an amount in brackets": Bad(
        "government_fund",
        {"row_no": "1"},
        {"closing_balance": "(12.5)"},
        f"seeds/accounts/government_fund.csv, ROW, row_no 1, column closing_balance: «(12.5)»; {AN_AMOUNT}",
    ),
    "an amount with wrong separators": Bad(
        "fiscal_appropriation_summary",
        {"row_no": "32"},
        {"amount": "1,45,599.25"},
        "seeds/accounts/fiscal_appropriation_summary.csv, ROW, row_no 32, column amount: «1,45,599.25»; " + AN_AMOUNT,
    ),
    "an amount with two signs": Bad(
        "three_public",
        {"row_no": "1"},
        {"final_total": "±0.5"},
        f"seeds/accounts/three_public.csv, ROW, row_no 1, column final_total: «±0.5»; {AN_AMOUNT}",
    ),
    "an amount behind an apostrophe": Bad(
        "disclosure_statistics",
        {"row_no": "1"},
        {"statistic": "'0.96"},
        f"seeds/accounts/disclosure_statistics.csv, ROW, row_no 1, column statistic: «'0.96»; {AN_AMOUNT}",
    ),
    "an amount of a project": Bad(
        "project_funding",
        {"project_no": "16", "row_no": "1"},
        {"executed": "四十二"},
        f"seeds/accounts/project_funding.csv, ROW, project_no 16, row_no 1, column executed: «四十二»; {AN_AMOUNT}",
    ),
    "a subject code of four digits": Bad(
        "revenue",
        {"row_no": "4"},
        {"subject_code": "2010"},
        "seeds/accounts/revenue.csv, ROW, row_no 4, column subject_code: «2010»; expected 3, 5 or 7 digits",
    ),
    "an economic code of seven digits": Bad(
        "basic_expenditure",
        {"row_no": "3"},
        {"subject_code": "3010101"},
        "seeds/accounts/basic_expenditure.csv, ROW, row_no 3, column subject_code: «3010101»; expected 3 or 5 digits",
    ),
    "a code whose parent is missing": Bad(
        "general_public_budget_expenditure",
        {"row_no": "7"},
        {"subject_code": "2019999"},
        "seeds/accounts/general_public_budget_expenditure.csv, ROW, row_no 7, column subject_code: «2019999» "
        "has no parent; expected a row 20199 in the same table",
    ),
    "the same code twice": Bad(
        "state_capital_operations",
        {"row_no": "5"},
        {"subject_code": "2230102"},
        "seeds/accounts/state_capital_operations.csv, ROW, row_no 5, column subject_code: «2230102» stands 2 times; "
        "expected one row for a code",
    ),
    "the same key twice": Bad(
        "glossary",
        {},
        {"term_no": "1", "term": "样本", "definition": "样本"},
        "seeds/accounts/glossary.csv, ROW, term_no 1: stands 2 times; expected one row for a key",
    ),
    "a report that is not in reports.csv": Bad(
        "institutions",
        {},
        {"institution_no": "1", "institution_kind": "internal", "institution_name": "样本股"},
        "seeds/accounts/institutions.csv, ROW, institution_no 1, column report_id: «990303-001-2023» "
        "has no row in seeds/accounts/reports.csv",
        report_id="990303-001-2023",
    ),
    "an unknown unit": Bad(
        "reports",
        {"fiscal_year": "2023"},
        {"amount_unit": "万"},
        "seeds/accounts/reports.csv, ROW, column amount_unit: «万»; expected one of 元, 千元, 万元, 百万元, 亿元",
    ),
    "an unknown unit of a project": Bad(
        "projects",
        {"project_no": "2"},
        {"amount_unit": "美元"},
        "seeds/accounts/projects.csv, ROW, project_no 2, column amount_unit: «美元»; "
        "expected one of 元, 千元, 万元, 百万元, 亿元",
    ),
    "an unknown unit of a table": Bad(
        "report_tables",
        {"table_no": "05"},
        {"amount_unit": "单位：元"},
        "seeds/accounts/report_tables.csv, ROW, table_no 05, column amount_unit: «单位：元»; "
        "expected one of 元, 千元, 万元, 百万元, 亿元",
    ),
    "an amount in a column of the other panel of 04": Bad(
        "fiscal_appropriation_summary",
        {"row_no": "1"},
        {"total": "777.77"},
        "seeds/accounts/fiscal_appropriation_summary.csv, ROW, row_no 1, column total: «777.77» "
        "in the panel revenue; expected it in the other panel",
    ),
    "an unknown label in 01": Bad(
        "revenue_expenditure_summary",
        {"row_no": "33"},
        {"item": "二、外交事务支出"},
        "seeds/accounts/revenue_expenditure_summary.csv, ROW, row_no 33, column item: «二、外交事务支出» "
        f"is no line of form 01; {A_LABEL}",
    ),
    "an unknown label in 04": Bad(
        "fiscal_appropriation_summary",
        {"row_no": "34"},
        {"item": "二、外交事务支出"},
        "seeds/accounts/fiscal_appropriation_summary.csv, ROW, row_no 34, column item: «二、外交事务支出» "
        f"is no line of form 04; {A_LABEL}",
    ),
    "an unknown label in 10": Bad(
        "disclosure_statistics",
        {"row_no": "2"},
        {"item": "货品"},
        "seeds/accounts/disclosure_statistics.csv, ROW, row_no 2, column item: «货品» "
        f"is no line of form 10; {A_LABEL}",
    ),
    "an empty key": Bad(
        "narrative_mentions",
        {"mention_no": "7"},
        {"mention_no": ""},
        "seeds/accounts/narrative_mentions.csv, ROW, mention_no (empty), column mention_no: empty; expected a value",
    ),
    "an empty cell that must be filled": Bad(
        "projects",
        {"project_no": "3"},
        {"project_name": " "},
        "seeds/accounts/projects.csv, ROW, project_no 3, column project_name: empty; expected a value",
    ),
    "a row number that is no whole number": Bad(
        "project_indicators",
        {"project_no": "1", "row_no": "1"},
        {"row_no": "x1"},
        "seeds/accounts/project_indicators.csv, ROW, project_no 1, row_no x1, column row_no: «x1»; "
        "expected a whole number",
    ),
    "a line number with decimals": Bad(
        "revenue_expenditure_summary",
        {"row_no": "1"},
        {"line_no": "1.0"},
        "seeds/accounts/revenue_expenditure_summary.csv, ROW, row_no 1, column line_no: «1.0»; expected a whole number",
    ),
    "an unknown measure": Bad(
        "narrative_claims",
        {"claim_no": "1"},
        {"measure": "sum"},
        "seeds/accounts/narrative_claims.csv, ROW, claim_no 1, column measure: «sum»; expected one of amount, share, "
        "change, change_rate, initial_budget, annual_budget, completion_rate, count",
    ),
    "a table number without its zero": Bad(
        "table_notes",
        {"table_no": "01"},
        {"table_no": "1"},
        "seeds/accounts/table_notes.csv, ROW, table_no 1, note_no 1, column table_no: «1»; "
        "expected one of 01, 02, 03, 04, 05, 06, 07, 08, 09, 10",
    ),
}

# Rows that belong to nothing, and texts that mean nothing here. Each sentence is the beginning of one.
STRAY = {
    "money of a project that is not in projects.csv": Bad(
        "project_funding",
        {"project_no": "15", "row_no": "2"},
        {"project_no": "99"},
        "seeds/accounts/project_funding.csv, ROW, project_no 99, row_no 2, column project_no: «99»",
    ),
    "an indicator of a project that is not in projects.csv": Bad(
        "project_indicators",
        {"project_no": "15", "row_no": "1"},
        {"project_no": "98"},
        "seeds/accounts/project_indicators.csv, ROW, project_no 98, row_no 1, column project_no: «98»",
    ),
    "a claim of a paragraph that is missing": Bad(
        "narrative_claims",
        {"claim_no": "3"},
        {"paragraph_no": "999"},
        "seeds/accounts/narrative_claims.csv, ROW, claim_no 3, column paragraph_no: «999»",
    ),
    "an unknown unit of a claim": Bad(
        "narrative_claims",
        {"claim_no": "10"},
        {"unit": "万"},
        "seeds/accounts/narrative_claims.csv, ROW, claim_no 10, column unit: «万»",
    ),
    "amounts in a row without a code that is no total": Bad(
        "expenditure",
        {"row_no": "1"},
        {"subject_name": "总计"},
        "seeds/accounts/expenditure.csv, ROW, row_no 1, column subject_name: «总计»",
    ),
    "a department code that a spreadsheet changed": Bad(
        "reports",
        {"department_code": "005"},
        {"department_code": "5"},
        "seeds/accounts/reports.csv, ROW, column department_code: «5»",
        report_id="990202-005-2022",
    ),
}

# What only later checks can tell: amounts finer than a fen, and figures that are no numbers.
LEDGER = {
    "an amount finer than a fen": Bad(
        "expenditure",
        {"row_no": "8"},
        {"total": "1,372,400.505"},
        f"report {YUAN_REPORT}, table expenditure, row 8, column total: «1,372,400.505»; "
        "expected an amount such as 1,234.56, no finer than a fen",
        report_id=YUAN_REPORT,
    ),
    "an amount of a project finer than a fen": Bad(
        "project_funding",
        {"project_no": "1", "row_no": "2"},
        {"executed": "70,000.005"},
        f"report {YUAN_REPORT}, table project_funding, row 2, column executed: «70,000.005»; "
        "expected an amount such as 1,234.56, no finer than a fen",
        report_id=YUAN_REPORT,
    ),
    "a figure of the narrative that is no number": Bad(
        "narrative_claims",
        {"claim_no": "5"},
        {"value_text": "37,13"},
        f"report {SHIPPED}, table narrative_claims, row 5, column value_text: «37,13»; "
        "expected an amount such as 1,234.56, no finer than a fen",
    ),
}


@dataclass(frozen=True)
class Failed:
    """A build over bad rows: what it said, and what it left where readers look."""

    outcome: Outcome
    digest_before: str
    digest_after: str
    left_in_warehouse: list[str]


def _build_over(project: Project, bad: dict[str, Bad]) -> Failed:
    """Builds over bad rows, and brings the good ones back."""
    before = project.digest
    for row in bad.values():
        row.put_into(project)
    outcome = project.build(Options(site=False))
    project.restore_seeds()
    project.add_reports()
    return Failed(outcome, before, project.digest, project.left_in_warehouse)


@pytest.fixture(scope="module")
def contract(released: Quick) -> Failed:
    """A build over rows that break the contract."""
    return _build_over(released.project, CONTRACT | STRAY)


@pytest.fixture(scope="module")
def ledger(released: Quick) -> Failed:
    """A build over rows that follow the contract and are wrong all the same."""
    return _build_over(released.project, LEDGER)


@pytest.fixture(params=["contract", "ledger"])
def failed(request: pytest.FixtureRequest, contract: Failed, ledger: Failed) -> Failed:
    """Either of the two."""
    return {"contract": contract, "ledger": ledger}[request.param]


@pytest.mark.parametrize("bad", CONTRACT.values(), ids=CONTRACT)
def test_a_row_that_breaks_the_contract_is_named(contract: Failed, bad: Bad) -> None:
    """One sentence says file, row, column, text and what was expected."""
    assert bad.named in contract.outcome.sentences


@pytest.mark.parametrize("bad", STRAY.values(), ids=STRAY)
def test_a_stray_row_is_named(contract: Failed, bad: Bad) -> None:
    """Loaded, its amounts would be lost or wrong."""
    assert any(sentence.startswith(bad.named) for sentence in contract.outcome.sentences)


@pytest.mark.parametrize("bad", LEDGER.values(), ids=LEDGER)
def test_a_row_that_follows_the_contract_and_is_wrong_is_named(ledger: Failed, bad: Bad) -> None:
    """One sentence says report, place, text and what was expected."""
    assert bad.named in ledger.outcome.sentences


def test_only_bad_rows_are_named(contract: Failed, ledger: Failed) -> None:
    """Every sentence about a raw file or an unreadable figure has its bad row, and is printed once."""
    strays = tuple(bad.named for bad in STRAY.values())
    said = [sentence for sentence in contract.outcome.sentences if sentence.startswith("seeds/")]
    said = [sentence for sentence in said if not sentence.startswith(strays)]
    assert sorted(said) == sorted(bad.named for bad in CONTRACT.values())
    said = [sentence for sentence in ledger.outcome.sentences if ", table " in sentence]
    assert sorted(said) == sorted(bad.named for bad in LEDGER.values() if ", table " in bad.named)


def test_the_build_is_not_released(failed: Failed) -> None:
    """The exit status is not zero, and the last words say what readers have."""
    assert failed.outcome.status == 1
    assert failed.outcome.err.splitlines()[-1].startswith("Not released: ")
    assert "Released." not in failed.outcome.out


def test_readers_keep_what_they_have(failed: Failed) -> None:
    """The published file is the same byte for byte."""
    assert failed.digest_after == failed.digest_before


def test_nothing_half_loaded_is_left(failed: Failed) -> None:
    """No candidate, no log of changes lies beside the published file."""
    assert failed.left_in_warehouse == [
        ".lock",
        "current",
        "final_accounts.duckdb",
        "releases",
        "site",
    ]
