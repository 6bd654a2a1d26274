"""What is said of a file, in Chinese and English, and what a person must look at by cause.

Sentences are made in English where something is found; here stand their causes, and those that are met most often in
Chinese. A sentence that is not known is shown as it is, below its cause.
"""

import csv
import re
from functools import cache

from final_accounts.asking.words import ZH, reason_text
from final_accounts.ingest.batch import Result
from final_accounts.warehouse.paths import SEEDS

# The first pattern that a sentence has names its cause.
CAUSES = (
    (r"was not found$|printed again on page", "tables that were not found, or twice", "未找到或重复的表"),
    (r"shows a picture|shows notes", "what is on a page and was not read", "页面上未读取的内容"),
    (r"^contract: ", "rows that do not follow the contract", "不符合原始表约定的行"),
    (r"^an identity breaks", "sums that do not hold", "不成立的勾稽关系"),
    (
        r"no identity holds|amounts are not proved|amounts were read",
        "amounts that nothing holds",
        "无勾稽关系支持的金额",
    ),
    (r"is no amount|^not an amount|is in no row", "texts that are no amount", "不是金额的文字"),
    (r"\d+ cells: |read again as", "cells that are doubtful to read", "读取存疑的单元格"),
    (r"heading|columns?\b", "headings and columns", "表头与栏目"),
    (r"is no line|lines of the form|the line «", "lines of the form", "表中项目"),
    (r"subject|\bcode\b", "subjects and their codes", "科目与编码"),
    (r"amounts are in|amount unit", "the unit of the amounts", "金额单位"),
    (r"^narrative: ", "the narrative", "决算情况说明"),
    (r"^self-evaluation form", "self-evaluation forms", "绩效自评表"),
    (r"^report: |department", "department, year and division", "部门、年度与区划"),
    (r"", "other points", "其他"),
)

_WORDS = {
    "proved": "已证明",
    "to review": "待复核",
    "refused": "不接受",
    "left out": "略过",
    "pages": "页数",
    "seconds a page": "每页秒数",
    "look at": "请看",
    "printed so": "原文如此",
    "remark": "备注",
    "review page": "复核页",
    "nothing written": "未写入",
    "no narrative": "无说明文字",
    "no identity holds it": "无勾稽关系支持",
    "the text contradicts it": "与文字不符",
    "an identity breaks": "勾稽关系不成立",
    "doubtful to read": "读取存疑",
    "missing": "缺",
    "empty": "空表",
    "layout": "版式",
    "tables": "张表",
    "Your name": "您的姓名",
    "section": "部分",
    "line_no": "行次",
    "subject_code": "科目编码",
    "subject_name": "科目名称",
    "item": "项目",
    "What would mend it": "怎样改才能成立",
    "take all of these values": "采用这些值",
    "Save corrections": "保存更正",
    "Cells to check first": "先查的单元格",
    "table": "表",
    "row": "行",
    "column": "栏",
    "printed": "原文",
    "read": "读作",
    "proposed": "建议值",
    "why": "原因",
    "take this value": "采用此值",
    "To look at": "待看",
    "Contradictions in print": "原文自相矛盾之处",
    "Habits of print": "印制习惯",
    "Kept apart, in no table of the ten": "另存（不属于十张表）",
    "The file has no pages to show.": "文件没有可显示的页面。",
    "Click or go to a cell with Tab to see it on the page; double-click or Enter to correct it, Escape to leave it.": (
        "单击或按 Tab 到单元格可在页面上看到它；双击或按回车更正，按 Esc 放弃。"
    ),
    "corrected text": "更正后的文字",
    "the cell in print": "原文中的单元格",
    "Saved. Now:": "已保存。接着运行：",
}

_SENTENCES = (
    (r"^table (\d\d) was not found$", r"未找到 \1 表"),
    (r"^page (\d+) shows a picture, and what is on it was not read$", r"第 \1 页有图片，其内容未读取"),
    (r"^table (\d\d), row (\d+), (\w+): no identity holds this amount$", r"\1 表第 \2 行 \3：没有勾稽关系支持这个金额"),
    (r"^table (\d\d): page (\d+): «(.*)» is no amount$", r"\1 表第 \2 页：«\3» 不是金额"),
    (r"^table (\d\d): page (\d+): «(.*)» is no line of table \d\d$", r"\1 表第 \2 页：«\3» 不是该表的项目"),
    (r"^table (\d\d): no heading was found for the columns? ([\w, ]+)$", r"\1 表：未找到栏目 \2 的表头"),
    (r"^table (\d\d): page (\d+): «(.*)» has no subject code$", r"\1 表第 \2 页：«\3» 没有科目编码"),
    (
        r"^table (\d\d): page (\d+): no codes stand beside (\d+) subjects, from «(.*)» on$",
        r"\1 表第 \2 页：自«\4»起 \3 个科目没有印编码",
    ),
    (r"^table (\d\d): page (\d+): (.*) is printed twice$", r"\1 表第 \2 页：\3 出现两次"),
    (
        r"^table (\d\d): page (\d+): «(.*)» below the heading «(.*)», which the raw table has no column for$",
        r"\1 表第 \2 页：表头 «\4» 下的 «\3» 在原始表中没有对应栏目",
    ),
    (r"^(.*): (\d+) figures are kept apart$", r"\1：另存 \2 个数字"),
    (r"^narrative: it was not found, though headings speak of it$", r"目录或标题提到决算情况说明，但未找到"),
    (r"^an identity breaks: (.*)$", r"勾稽关系不成立：\1"),
    (r"(\d+) identities of the tables break over this cell", r"\1 条表内勾稽在此格不成立"),
    (r"(\d+) figures of the text or the forms contradict it", r"\1 处文字或自评表与之不符"),
    (r"(\d+) identities hold this amount", r"\1 条勾稽关系支持这个金额"),
    (r"^no identity holds this amount", "没有勾稽关系支持这个金额"),
    (r"nothing else explains what breaks", "别无其他解释"),
    (r"one of (\d+) that may be wrong", r"可能有误的 \1 格之一"),
    (r"this is no amount", "不是金额"),
    (r"seen twice alike on the picture", "图片上两次读得相同"),
    (r"read again as «(.*?)»", r"再读作 «\1»"),
    (r"\bpage (\d+): ?", r"第 \1 页 "),
    (r", and (\d+) more\)", r"，另 \1 处)"),
)


def word(text: str, language: str) -> str:
    """A word or a fixed sentence in a language."""
    return _WORDS.get(text, text) if language == "zh" else text


def sentence(text: str, language: str) -> str:
    """A sentence about a report in a language, as far as it is known."""
    if language != "zh":
        return text
    for title, title_zh in _titles().items():
        if title in text:
            before, after = text.split(title, 1)
            place, between, reason = _parted(after)
            text = f"{before}{title_zh}{place}{between}{reason_text('', reason, ZH)}"
            break
    else:
        place, between, reason = _parted(text)
        text = f"{place}{between}{reason_text('', reason, ZH)}"
    for pattern, chinese in _SENTENCES:
        text = re.sub(pattern, chinese, text)
    return text


def _parted(text: str) -> tuple[str, str, str]:
    """Where something was found, in brackets, and the reason behind it; only the reason where that is all."""
    found = re.fullmatch(r"(\s*\(.*?\))?(: )?(.*)", text, re.DOTALL)
    return (found[1] or "", found[2] or "", found[3]) if found else ("", "", text)


@cache
def _titles() -> dict[str, str]:
    """Titles of the identities in Chinese by those in English, the longest first."""
    with (SEEDS / "identities" / "identities.csv").open(encoding="utf-8", newline="") as file:
        titles = {row["title"]: row["title_zh"] for row in csv.DictReader(file)}
    return dict(sorted(titles.items(), key=lambda own: -len(own[0])))


def by_cause(points: list[str], language: str) -> list[tuple[str, list[str]]]:
    """Points by their causes, in the order of the causes, each in a language."""
    groups: dict[int, list[str]] = {}
    for point in points:
        number = next(n for n, (pattern, *_) in enumerate(CAUSES) if re.search(pattern, point))
        groups.setdefault(number, []).append(sentence(point, language))
    return [(CAUSES[n][2 if language == "zh" else 1], own) for n, own in sorted(groups.items())]


def by_title(points: list[str], language: str) -> list[tuple[str, list[str]]]:
    """What the print contradicts by the identity that says so, in a language: where, and what it comes to."""
    groups: dict[str, list[str]] = {}
    for point in points:
        title = next((own for own in _titles() if point.startswith(own)), "")
        groups.setdefault(title, []).append(sentence(point.removeprefix(title).lstrip(": "), language))
    return [(sentence(title, language), own) for title, own in groups.items()]


def heading(table_no: str, column: str, language: str) -> str:
    """What a column is called: as the national form has it, or by its name."""
    if language != "zh":
        return column.replace("_", " ")
    return _columns().get((table_no, column)) or _WORDS.get(column, column)


@cache
def _columns() -> dict[tuple[str, str], str]:
    with (SEEDS / "classification" / "form_columns.csv").open(encoding="utf-8", newline="") as file:
        return {(row["table_no"], row["column_name"]): row["label_zh"] for row in csv.DictReader(file)}


def verdict(result: Result, language: str) -> str:
    """The outcome, and what is counted beside it."""
    if language != "zh":
        return result.verdict
    parts = [word(result.outcome, language)]
    parts += [f"图片中读到 {result.cells_seen} 个金额，未得勾稽关系支持"] if result.cells_seen else []
    parts += [f"原文有 {len(result.contradictions)} 处自相矛盾"] if result.contradictions else []
    return "；".join(parts)
