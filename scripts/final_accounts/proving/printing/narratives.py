"""Writes the text that departments print beside the tables: what it says is what the tables of the same print say."""

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from final_accounts.proving.printing.paper import Rows

NUMBERS = "一二三四五六七八九十"
# Titles of the sections, as departments of several provinces put them; the order is that of `_sections`.
TITLES = (
    ("收入支出决算总体情况说明", "收入支出总体情况", "2023年度收入支出决算总体情况"),
    ("收入决算情况说明", "收入决算情况", "关于收入决算的说明"),
    ("支出决算情况说明", "支出决算情况", "关于支出决算的说明"),
    ("一般公共预算财政拨款支出决算情况说明", "一般公共预算财政拨款支出决算情况"),
    ("一般公共预算财政拨款基本支出决算情况说明", "一般公共预算财政拨款基本支出决算情况"),
)
# The columns of tables 02 and 03 by what the text calls them.
REVENUE = {
    "fiscal_appropriation": "财政拨款收入",
    "superior_subsidy": "上级补助收入",
    "institutional": "事业收入",
    "business": "经营收入",
    "affiliate_remittance": "附属单位上缴收入",
    "other": "其他收入",
}
EXPENDITURE = {
    "basic": "基本支出",
    "project": "项目支出",
    "superior_remittance": "上缴上级支出",
    "business": "经营支出",
    "affiliate_subsidy": "对附属单位补助支出",
}


def narrative(rows: "Rows", seed: str) -> list[dict[str, str]]:
    """The paragraphs beside the tables of a report that is as printed: a section for each table that has a total.

    Words are drawn by the seed; amounts are those of the tables, in their unit, as they stand there.
    """
    chance = random.Random(seed)  # noqa: S311
    report = rows["reports"][0]
    told: list[dict[str, str]] = []
    for titles, sentence in zip(TITLES, _sections(rows, chance), strict=True):
        if sentence:
            section = chance.choice(titles).replace("2023", report["fiscal_year"])
            number = NUMBERS[len({row["section"] for row in told})]
            told.append(
                {
                    "report_id": report["report_id"],
                    "paragraph_no": str(len(told) + 1),
                    "section": f"{number}、{section}",
                    "subsection": "",
                    "paragraph_text": sentence,
                }
            )
    return told


def lines_of(rows: "Rows") -> Iterator[str]:
    """The narrative line by line, with its title and those of its sections; nothing where a report has none."""
    told = rows.get("narrative_paragraphs", [])
    if told:
        yield f"第三部分 {rows['reports'][0]['department_name']}决算情况说明"
    for row in told:
        yield from (row["section"], row["paragraph_text"])


def _sections(rows: "Rows", chance: random.Random) -> Iterator[str]:
    """What each section says; nothing where the table that it repeats has no total."""
    report = rows["reports"][0]
    year, unit = f"{report['fiscal_year']}年度", report["amount_unit"]
    both = [_line(rows, panel, "总计") for panel in ("revenue", "expenditure")]
    yield f"{year}收入总计{both[0]}{unit}，支出总计{both[1]}{unit}。" if all(both) else ""
    for name, verb, parts in (("revenue", "收入", REVENUE), ("expenditure", "支出", EXPENDITURE)):
        total = _total(rows.get(name, []))
        named = "，".join(f"{word}{total[column]}{unit}" for column, word in parts.items() if total.get(column))
        begin = chance.choice([f"{year}{verb}合计", f"本年{verb}合计"])
        yield f"{begin}{total['total']}{unit}，其中：{named}。" if named else ""
    total = _total(rows.get("general_public_budget_expenditure", []))
    begin = chance.choice([f"{year}一般公共预算财政拨款支出", "一般公共预算财政拨款支出"])
    yield f"{begin}{total['total']}{unit}。" if total.get("total") else ""
    begin = chance.choice([f"{year}一般公共预算财政拨款基本支出", "一般公共预算财政拨款基本支出"])
    yield f"{begin}{total['basic']}{unit}。" if total.get("basic") else ""


def _line(rows: "Rows", panel: str, item: str) -> str:
    """The amount of a line of table 01, by the end of its name."""
    own = (row for row in rows.get("revenue_expenditure_summary", []) if row["panel"] == panel)
    return next((row["amount"] for row in own if row["item"].endswith(item)), "")


def _total(own: list[dict[str, str]]) -> dict[str, str]:
    """The row of totals of a table by subject: as printed, a dash or a zero said in words being nothing to tell."""
    row = next((row for row in own if row["subject_name"] == "合计"), {})
    return {column: text for column, text in row.items() if any(c in "123456789" for c in text)}
