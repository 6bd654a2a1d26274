"""Reports that are damaged in every way that a report can be: what a build must survive, and hold back by name.

A wreck is a report as raw tables (lists of rows by table) after one kind of damage. Some kinds only take something
away: what is left is true, so that no fact of it may be another than in the whole report (`TAKES_AWAY`).
"""

import random
from collections.abc import Callable

Rows = list[dict[str, str | None]]
Tables = dict[str, Rows]

SUBJECTS = [
    "revenue",
    "expenditure",
    "general_public_budget_expenditure",
    "basic_expenditure",
    "government_fund",
    "state_capital_operations",
]
LINES = ["revenue_expenditure_summary", "fiscal_appropriation_summary", "disclosure_statistics"]
PRINTED = [*SUBJECTS, *LINES, "three_public"]
WORDS = {"report_id", "row_no", "subject_code", "subject_name", "item", "panel", "panel_no", "section", "line_no"}
NO_AMOUNTS = ["见附件", "#REF!", "1.2.3", "12,34.5", "NaN", "1e9", "'; drop table a; --", '"', "\\", "—0"]
HUGE = ["999999999999.99", "-999999999999.99", "999999999999.999999"]

Wreck = Callable[[Tables, random.Random], None]


def _table(tables: Tables, chance: random.Random, names: list[str]) -> Rows:
    return tables[chance.choice([name for name in names if tables.get(name)])]


def _cells(rows: Rows) -> list[tuple[dict[str, str | None], str]]:
    return [(row, column) for row in rows for column in row if column not in WORDS and row[column]]


def _in_a_cell(text: Callable[[random.Random], str]) -> Wreck:
    """One amount is another text."""

    def wreck(tables: Tables, chance: random.Random) -> None:
        filled = [name for name in PRINTED if _cells(tables.get(name, []))]
        row, column = chance.choice(_cells(_table(tables, chance, filled)))
        row[column] = text(chance)

    return wreck


def _without(name: str) -> Wreck:
    """A table is not printed."""

    def wreck(tables: Tables, chance: random.Random) -> None:
        tables[name] = []

    return wreck


def _without_all_but(names: list[str]) -> Wreck:
    """Nothing but some tables is printed."""

    def wreck(tables: Tables, chance: random.Random) -> None:
        for name in PRINTED:
            if name not in names:
                tables[name] = []

    return wreck


def _half(keeps_the_first: bool) -> Wreck:
    """Half of a table is lost with its page."""

    def wreck(tables: Tables, chance: random.Random) -> None:
        rows = _table(tables, chance, PRINTED)
        middle = (len(rows) + 1) // 2
        rows[:] = rows[:middle] if keeps_the_first else rows[middle:] or rows

    return wreck


def _without_total(tables: Tables, chance: random.Random) -> None:
    rows = _table(tables, chance, SUBJECTS)
    rows[:] = [row for row in rows if row["subject_code"]]


def _row_again(new_number: bool) -> Wreck:
    """A row stands twice, under its number or a new one."""

    def wreck(tables: Tables, chance: random.Random) -> None:
        rows = _table(tables, chance, PRINTED)
        row = dict(chance.choice(rows))
        if new_number:
            row["row_no"] = str(len(rows) + 1)
        rows.append(row)

    return wreck


def _in_a_row(names: list[str], column: str, texts: list[str | None]) -> Wreck:
    """A cell that says what a row is, is another text."""

    def wreck(tables: Tables, chance: random.Random) -> None:
        chance.choice(_table(tables, chance, names))[column] = chance.choice(texts)

    return wreck


def _in_the_report(column: str, texts: list[str | None]) -> Wreck:
    """What the report says of itself is something else."""

    def wreck(tables: Tables, chance: random.Random) -> None:
        tables["reports"][0][column] = chance.choice(texts)

    return wreck


def _report_twice(tables: Tables, chance: random.Random) -> None:
    tables["reports"].append(dict(tables["reports"][0]))


def _no_report(tables: Tables, chance: random.Random) -> None:
    tables["reports"] = []


def _everything_twice(tables: Tables, chance: random.Random) -> None:
    for rows in tables.values():
        rows += [dict(row) for row in rows]


def _published_again(dated: bool) -> Wreck:
    """The report is published a second time, with another title; which of the two is later, only a date tells."""

    def wreck(tables: Tables, chance: random.Random) -> None:
        for rows in tables.values():
            rows += [row | {"report_id": f"{row['report_id']}-2"} for row in rows]
        first, second = tables["reports"]
        second["title"] = "corrected"
        if dated:
            first["published_on"], second["published_on"] = "2024-08-30", "2024-10-08"

    return wreck


def _columns_swapped(tables: Tables, chance: random.Random) -> None:
    rows = _table(tables, chance, ["revenue", "expenditure", "general_public_budget_expenditure"])
    one, other = chance.sample([column for column in rows[0] if column not in WORDS], 2)
    for row in rows:
        row[one], row[other] = row[other], row[one]


def _all_negative(tables: Tables, chance: random.Random) -> None:
    for name in PRINTED:
        for row, column in _cells(tables.get(name, [])):
            row[column] = f"-{row[column]}"


def _all_blank(tables: Tables, chance: random.Random) -> None:
    for name in PRINTED:
        for row, column in _cells(tables.get(name, [])):
            row[column] = ""


def _other_unit_of_a_table(tables: Tables, chance: random.Random) -> None:
    chance.choice(tables["report_tables"])["amount_unit"] = chance.choice(["USD", "亿元", "元", "百万元"])


def _absurd_narrative(tables: Tables, chance: random.Random) -> None:
    report_id = tables["reports"][0]["report_id"]
    text = "占总支出的999999999999.99%，比上年增加999999999999亿元"
    tables["narrative_paragraphs"] = [{"report_id": report_id, "paragraph_no": "1", "paragraph_text": text}]
    tables["narrative_claims"] = [
        {
            "report_id": report_id,
            "claim_no": str(number),
            "paragraph_no": "1",
            "subject": subject,
            "base": base,
            "measure": measure,
            "value_text": value,
            "unit": unit,
        }
        for number, (subject, base, measure, value, unit) in enumerate(
            [
                ("支出总计", None, "amount", "999999999999", "亿元"),
                ("基本支出", "支出总计", "share", "999999999999.99", "%"),
                ("支出总计", None, "change", "999999999999", "亿元"),
                ("支出总计", None, "change_rate", "999999999999.99", "%"),
            ],
            start=1,
        )
    ]


def _absurd_project(tables: Tables, chance: random.Random) -> None:
    report_id, huge = tables["reports"][0]["report_id"], "999999999999.99"
    project = {"report_id": report_id, "project_no": "1", "project_name": "项目", "amount_unit": "亿元"}
    tables["projects"] = [project | {"total_score": huge, "grade": "优"}]
    tables["project_funding"] = [
        {"report_id": report_id, "project_no": "1", "row_no": "1", "funding_source": "年度资金总额"}
        | dict.fromkeys(["annual_budget", "executed", "execution_rate", "score"], huge)
    ]
    tables["project_indicators"] = [
        {"report_id": report_id, "project_no": "1", "row_no": "1", "weight": huge, "score": "1.00"}
    ]


def _claim_that_stands_nowhere(tables: Tables, chance: random.Random) -> None:
    _absurd_narrative(tables, chance)
    tables["narrative_claims"][0]["paragraph_no"] = chance.choice(["9", "one", None])


TAKES_AWAY: dict[str, Wreck] = {
    **{f"without {name}": _without(name) for name in PRINTED},
    "nothing but 05": _without_all_but(["general_public_budget_expenditure"]),
    "nothing but 03": _without_all_but(["expenditure"]),
    "nothing but 04": _without_all_but(["fiscal_appropriation_summary"]),
    "nothing but 01": _without_all_but(["revenue_expenditure_summary"]),
    "nothing but 03 and 04": _without_all_but(["expenditure", "fiscal_appropriation_summary"]),
    "nothing but 03 and 07": _without_all_but(["expenditure", "government_fund"]),
    "no table": _without_all_but([]),
    "first half of a table": _half(True),
    "second half of a table": _half(False),
    "without a total": _without_total,
    "without a list of tables": _without("report_tables"),
}
OTHERS: dict[str, Wreck] = {
    "text in an amount": _in_a_cell(lambda chance: chance.choice(NO_AMOUNTS)),
    "huge amount": _in_a_cell(lambda chance: chance.choice(HUGE)),
    "other amount": _in_a_cell(lambda chance: f"{chance.randrange(1, 10**7) / 100:.2f}"),
    "row twice": _row_again(False),
    "row again": _row_again(True),
    "everything twice": _everything_twice,
    "other code": _in_a_row(SUBJECTS, "subject_code", ["9999999", "999", "20101", "2010199", "30199"]),
    "no code": _in_a_row(SUBJECTS, "subject_code", ["20", "201010101", "甲", "", None, "201-01"]),
    "other name": _in_a_row(SUBJECTS, "subject_name", ["合计", "", 'O\'Brien \\ "x"', "行\n政"]),
    "other label": _in_a_row(LINES, "item", ["合计", "本年支出合计", "本年收入合计", "甲", "", "总计"]),
    "other panel": _in_a_row(LINES[:2], "panel", ["revenue", "expenditure", "甲", ""]),
    "no row number": _in_a_row(PRINTED, "row_no", ["", "one", "-1", "1.5", None, "1"]),
    "no line number": _in_a_row(LINES, "line_no", ["one", "", "99999999999"]),
    "other year": _in_the_report("fiscal_year", ["1066", "20233", "二〇二三", "", None, "2101", "2018"]),
    "other unit": _in_the_report("amount_unit", ["USD", "", None, "角", "亿元"]),
    "other decimals": _in_the_report("amount_decimals", ["7", "two", "", None, "0"]),
    "other identifier": _in_the_report("department_code", ["other", "", None]),
    "other division": _in_the_report("division_code", ["other", "", None]),
    "other level": _in_the_report("government_level", ["galaxy", "", None]),
    "no title": _in_the_report("title", ["", None]),
    "other hash": _in_the_report("source_sha256", ["none", "", None]),
    "no origin": _in_the_report("origin", ["unknown", "", None]),
    "other day": _in_the_report("published_on", ["yesterday", "2024-13-01"]),
    "other pages": _in_the_report("page_count", ["many"]),
    "report twice": _report_twice,
    "no report": _no_report,
    "published again": _published_again(False),
    "published again later": _published_again(True),
    "columns swapped": _columns_swapped,
    "all negative": _all_negative,
    "all blank": _all_blank,
    "other unit of a table": _other_unit_of_a_table,
    "absurd narrative": _absurd_narrative,
    "absurd project": _absurd_project,
    "claim that stands nowhere": _claim_that_stands_nowhere,
}
WRECKS = TAKES_AWAY | OTHERS

# Damage after which nobody can say what the report is, or what it prints.
CANNOT_BE_RELEASED = {
    "text in an amount",
    "row twice",
    "everything twice",
    "report twice",
    "no report",
    "other identifier",
    "other division",
    "other level",
    "no title",
    "other hash",
    "no origin",
    "other day",
    "other pages",
    "claim that stands nowhere",
    "published again",
    "published again later",
}


def wrecked(reports: list[Tables], seed: int) -> dict[str, tuple[str, Tables]]:
    """Each report damaged in one way, all kinds in turn: the kind and the tables, by the report's identifier."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    kinds = list(WRECKS)
    wrecks = {}
    for number, tables in enumerate(reports):
        kind = kinds[number % len(kinds)]
        name = str(tables["reports"][0]["report_id"])
        copy = {table: [dict(row) for row in rows] for table, rows in tables.items()}
        WRECKS[kind](copy, chance)
        wrecks[name] = kind, copy
    return wrecks
