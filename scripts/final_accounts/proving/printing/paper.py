"""What stands on the paper: raw rows as a style shows them, and each table with its headings, rows and notes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from final_accounts.ingest.layouts import tables
from final_accounts.proving.printing.narratives import narrative
from final_accounts.proving.printing.styles import Style
from final_accounts.registry import TABLE_NAMES

Rows = dict[str, list[dict[str, str]]]
TITLES = {
    "01": "收入支出决算总表",
    "02": "收入决算表",
    "03": "支出决算表",
    "04": "财政拨款收入支出决算总表",
    "05": "一般公共预算财政拨款支出决算表",
    "06": "一般公共预算财政拨款基本支出决算明细表",
    "07": "政府性基金预算财政拨款收入支出决算表",
    "08": "国有资本经营预算财政拨款支出决算表",
    "09": "财政拨款“三公”经费支出决算表",
    "10": "部门决算公开相关信息统计表",
}
ORDER = {
    "national": ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10"],
    "shanghai": ["01", "02", "03", "04", "05", "06", "09", "07", "08"],
}
HIDDEN = ("report_id", "row_no", "panel", "panel_no")
ITEMS = {
    "total": ("合计",),
    "overseas_trips": ("因公出国（境）费",),
    "vehicles_total": ("公务用车购置及运行维护费", "小计"),
    "vehicle_purchase": ("公务用车购置及运行维护费", "公务用车购置费"),
    "vehicle_operation": ("公务用车购置及运行维护费", "公务用车运行维护费"),
    "receptions": ("公务接待费",),
}
AMOUNTS = {
    "02": {
        "total": "本年收入合计", "fiscal_appropriation": "财政拨款收入", "superior_subsidy": "上级补助收入",
        "institutional": "事业收入",
        "business": "经营收入", "affiliate_remittance": "附属单位上缴收入", "other": "其他收入",
    },
    "03": {
        "total": "本年支出合计", "basic": "基本支出", "project": "项目支出", "superior_remittance": "上缴上级支出",
        "business": "经营支出",
        "affiliate_subsidy": "对附属单位补助支出",
    },
}  # fmt: skip


# What the headings are called in other provinces, by the names above.
PROVINCIAL = {
    "科目代码": "支出功能分类科目编码",
    "经济分类科目编码": "科目编码",
    "财政拨款收入": "一般公共预算财政拨款收入",
    "附属单位上缴收入": "附属单位缴款",
    "上缴上级支出": "上缴上级支出",
    "对附属单位补助支出": "对附属单位补助支出",
    "年初结转和结余": "上年结转和结余",
    "年末结转和结余": "结转下年",
    "一般公共预算财政拨款": "一般公共预算财政拨款支出",
    "公务用车购置费": "购置费",
    "公务用车运行维护费": "运行维护费",
    "因公出国（境）费": "因公出国（境）费用",
    "金额": "决算数",
}


# Columns that some departments add: the table, the column before it, and what it is called.
EXTRA = {
    "02": ("institutional", "其中：教育收费"),
    "03": ("project", "上年决算数"),
    "05": ("project", "比上年增减"),
    "09": ("final_receptions", "会议费"),
}


@dataclass
class Column:
    """A printed column: which raw column of which panel, and the headings above it, outermost first."""

    role: str
    path: tuple[str, ...]
    weight: float
    panel: str = ""


@dataclass
class Table:
    """A table ready to be drawn: texts of its body rows by column; `whole` rows are one text over all columns."""

    table_no: str
    title: str
    columns: list[Column]
    body: list[list[str]]
    numbering: bool
    notes: list[str]
    spans: dict[int, list[tuple[int, int]]]


def as_printed(rows: Rows, style: Style) -> Rows:
    """The raw rows that a faithful reading of the print in this style gives."""
    result: Rows = {name: [_amounts_as_printed(row, name, style) for row in own] for name, own in rows.items()}
    for number, name in TABLE_NAMES.items():
        own = _lines_as_printed(number, result, style) if number in ORDER[style.layout] else []
        result[name] = [r | {"row_no": str(n)} for n, r in enumerate(own, 1)]
    result["report_tables"] = _heads_as_printed(rows, style)
    if style.narrated:
        result["narrative_paragraphs"] = narrative(result, rows["reports"][0]["report_id"])
    return result


def _lines_as_printed(number: str, rows: Rows, style: Style) -> list[dict[str, str]]:
    """The rows of one table, in the order and the panels of the style, without those that leave no trace."""
    own = rows.get(TABLE_NAMES[number], [])
    if number in ("01", "04"):
        return _panels_as_printed(own, rows["reports"][0]["report_id"], style)
    if number in ("02", "03", "05", "07", "08") and style.total_last:
        own = sorted(own, key=lambda row: row["subject_name"] == "合计")
    if number == "06":
        own = [r | {"panel_no": _economic_panel(r["panel_no"], style)} for r in own]
    return own if style.ruled else [r for r in own if _leaves_a_trace(r)]


def _economic_panel(panel_no: str, style: Style) -> str:
    """The panel of table 06 that a row stands in; totals stand in none, and Shanghai has two."""
    if style.economic != "panels":
        return "1" if panel_no else ""
    return "2" if style.layout == "shanghai" and panel_no not in ("", "1") else panel_no


def _leaves_a_trace(row: dict[str, str]) -> bool:
    """Whether something of a row is printed, which is to be seen without rules too."""
    return any(text for column, text in row.items() if column not in HIDDEN)


def _heads_as_printed(rows: Rows, style: Style) -> list[dict[str, str]]:
    """What stands above each table; Shanghai names neither form nor department nor year there."""
    report = rows["reports"][0]
    national = style.layout == "national"
    return [
        {
            "report_id": report["report_id"],
            "table_no": number,
            "form_no": f"公开{number}表" if national else "",
            "title": TITLES[number],
            "department_name": report["department_name"] if national else "",
            "fiscal_year": f"{report['fiscal_year']}年度" if national else "",
            "amount_unit": report["amount_unit"],
        }
        for number in sorted(ORDER[style.layout])
        if rows.get(TABLE_NAMES[number])
    ]


def _panels_as_printed(own: list[dict[str, str]], report_id: str, style: Style) -> list[dict[str, str]]:
    """The rows of two panels side by side: the shorter one is filled up with blank rows."""
    panels = {panel: [r for r in own if r["panel"] == panel] for panel in ("revenue", "expenditure")}
    longest = max(map(len, panels.values()))
    own = []
    for panel, lines in panels.items():
        blank = dict.fromkeys((lines or [{}])[0], "")
        own += lines + [blank | {"report_id": report_id, "panel": panel}] * (longest - len(lines))
    if not style.has_line_numbers:
        own = [r | {"line_no": ""} for r in own]
    if not style.ruled or style.printer in ("workbook", "running text"):
        # a row that is blank in both panels leaves no trace
        pairs = zip(own[:longest], own[longest:], strict=True)
        seen = [_leaves_a_trace(left) or _leaves_a_trace(right) for left, right in pairs]
        own = [r for n, r in enumerate(own) if seen[n % longest]]
    return own


def _amounts_as_printed(row: dict[str, str], name: str, style: Style) -> dict[str, str]:
    """A row with its amounts as the style sets them: thousands parted, cells without an amount filled."""
    if name not in TABLE_NAMES.values() or name == TABLE_NAMES["10"]:
        return dict(row)
    is_named = any(row.get(c) for c in ("item", "subject_code", "subject_name"))
    printed = {column: row[column] for column in _amount_columns(row, name) if row[column] or is_named}
    return row | {column: _amount_as_printed(text, style) for column, text in printed.items()}


def _amount_columns(row: dict[str, str], name: str) -> list[str]:
    """The columns of amounts that a row has a cell in: of its panel, and of those that some add where it is filled."""
    table = tables()[next(number for number, own in TABLE_NAMES.items() if own == name)]
    printed = [c for c in table.amounts if row.get(c) or (c in row and c not in table.added)]
    return [c for c in printed if c in table.panels.get(row["panel"], [])] if "item" in row else printed


def _amount_as_printed(text: str, style: Style) -> str:
    """An amount with its thousands parted; what stands in place of one where there is none."""
    if style.separator and re.fullmatch(r"-?\d+(\.\d+)?", text):
        whole, point, places = text.partition(".")
        return f"{int(whole):,}".replace(",", style.separator) + point + places
    return text or style.empty


def spaced(text: str) -> str:
    """A text with its characters set apart."""
    return " ".join(text)


def title_of(number: str, rows: Rows, style: Style) -> str:
    """The title as it is printed, with what stands before it."""
    before = {
        "year": f"{rows['reports'][0]['fiscal_year']}年度",
        "numbered": f"附表{'一二三四五六七八九十'[ORDER[style.layout].index(number)]}：",
    }.get(style.titles, "")
    return before + (spaced(TITLES[number]) if style.spaced else TITLES[number])


def table_of(number: str, rows: Rows, style: Style) -> Table | None:
    """One table of rows that are as printed."""
    own = rows.get(TABLE_NAMES[number], [])
    if not own and not any(r["table_no"] == number for r in rows["report_tables"]):
        return None
    notes = [f"{r['note_kind']}：{r['note_text']}" for r in rows.get("table_notes", []) if r["table_no"] == number]
    notes = notes or [f"注：本表反映部门本年度{TITLES[number].removesuffix('决算表')}情况。"]
    is_numbered = style.layout == "national" and number != "10"
    table = Table(number, title_of(number, rows, style), [], [], is_numbered, notes, {})
    _set(table, own, style)
    _reword(table, style)
    if style.extra and number in EXTRA:
        _add_column(table, *EXTRA[number])
    return table


def tables_of(rows: Rows, style: Style) -> Iterator[Table]:
    """The tables of rows that are as printed, in the order of the layout."""
    return filter(None, (table_of(number, rows, style) for number in ORDER[style.layout]))


def _set(table: Table, own: list[dict[str, str]], style: Style) -> None:
    """Sets columns and body of a table as its form has them."""
    national = style.layout == "national"
    if table.table_no in ("01", "04"):
        _line_table(table, own, style)
    elif table.table_no == "06" and style.economic != "panels":
        _one_panel(table, own, style)
    elif table.table_no == "06":
        _economic_table(table, own, national)
    elif table.table_no == "09":
        _three_public(table, own, national)
    elif table.table_no == "10":
        _statistics(table, own)
    else:
        _subject_table(table, own, style)


def _add_column(table: Table, after: str, heading: str) -> None:
    """A column that the raw table does not have, filled in every row that has a name."""
    at = next(n for n, column in enumerate(table.columns, 1) if column.role == after)
    table.columns.insert(at, Column("?", (heading,), 2.2))
    for texts in table.body:
        texts.insert(at, "98765.43" if any(texts) else "")


def _reword(table: Table, style: Style) -> None:
    """Headings as other provinces call them; characters of headings and totals set apart."""
    for column in table.columns:
        if style.words == "provincial" and (table.table_no != "06" or column.role != "subject_code"):
            column.path = tuple(PROVINCIAL.get(text, text) for text in column.path)
        if style.spaced:
            column.path = tuple(spaced(text) if len(text) == 2 else text for text in column.path)
    if style.spaced:
        table.body = [[spaced(t) if t in ("合计", "总计", "小计") else t for t in texts] for texts in table.body]


def _line_table(table: Table, own: list[dict[str, str]], style: Style) -> None:
    amount = "金额" if style.layout == "national" else "决算数"
    for panel, word in (("revenue", "收入"), ("expenditure", "支出")):
        table.columns.append(Column("item", (word, "项目"), 5, panel))
        if style.has_line_numbers:
            table.columns.append(Column("line_no", (word, "行次"), 1.2, panel))
        if table.table_no == "04" and panel == "expenditure":
            for role, label in (
                ("total", "合计"),
                ("general_public_budget", "一般公共预算财政拨款"),
                ("government_fund", "政府性基金预算财政拨款"),
                ("state_capital_operations", "国有资本经营预算财政拨款"),
            ):
                table.columns.append(Column(role, (word, label), 2.6, panel))
        else:
            table.columns.append(Column("amount", (word, amount), 2.6, panel))
    left, right = ([r for r in own if r["panel"] == p] for p in ("revenue", "expenditure"))
    blank = dict.fromkeys(own[0], "")
    for n in range(max(len(left), len(right))):
        by_panel = {
            "revenue": left[n] if n < len(left) else blank,
            "expenditure": right[n] if n < len(right) else blank,
        }
        table.body.append([by_panel[c.panel][c.role] for c in table.columns])


def _subject_columns(style: Style) -> list[Column]:
    code = "科目代码" if style.layout == "national" else "功能分类科目编码"
    if style.three_codes:
        return [
            *(Column(part, ("项目", code, part), 1.0) for part in "类款项"),
            Column("subject_name", ("项目", "科目名称"), 5),
        ]
    return [Column("subject_code", ("项目", code), 2.0), Column("subject_name", ("项目", "科目名称"), 5)]


def _subject_table(table: Table, own: list[dict[str, str]], style: Style) -> None:
    """The columns of a table by function, and a line for each subject; the total stands over code and name."""
    table.columns = _subject_columns(style) + _subject_amounts(table.table_no, own, style)
    width = next(n for n, c in enumerate(table.columns) if c.role == "subject_name")
    for row in own:
        code = row["subject_code"]
        cells = row | {"类": code[:3], "款": code[3:5], "项": code[5:7]}
        texts = [cells.get(c.role, "") for c in table.columns]
        if row["subject_name"] == "合计":
            texts[0], texts[width] = "合计", ""
            table.spans[len(table.body)] = [(0, width)]
        table.body.append(texts)


def _subject_amounts(number: str, own: list[dict[str, str]], style: Style) -> list[Column]:
    """The columns of amounts of a table by function; table 05 has its total under a heading in the national form."""
    if number in AMOUNTS:
        return [Column(role, (label,), 2.2) for role, label in AMOUNTS[number].items()]
    national = style.layout == "national"
    if number == "05":
        return _kinds_of_expenditure("", ("本年支出",) if national else (), "小计" if national else "合计")
    is_fund = number == "07"
    kinds = _kinds_of_expenditure(
        "expenditure_" if is_fund else "", ("本年支出",), "小计" if is_fund and national else "合计"
    )
    if not is_fund and not any(row.get(name) for row in own for name in tables()[number].added):
        return kinds
    return [
        Column("opening_balance", ("年初结转和结余",), 2.2),
        Column("revenue", ("本年收入",), 2.2),
        *kinds,
        Column("closing_balance", ("年末结转和结余",), 2.2),
    ]


def _kinds_of_expenditure(prefix: str, head: tuple[str, ...], total: str) -> list[Column]:
    """Total, basic and project expenditure below what stands above the three."""
    kinds = {"total": total, "basic": "基本支出", "project": "项目支出"}
    return [Column(prefix + kind, (*head, label), 2.2) for kind, label in kinds.items()]


def _economic_table(table: Table, own: list[dict[str, str]], national: bool) -> None:
    """Panels side by side, personnel in the first; the last line has the total of each."""
    table.numbering = False
    panels = sorted({r["panel_no"] for r in own if r["panel_no"]})
    for panel in panels:
        table.columns += _economic_columns(panel, panel == panels[0], national)
    lines = {panel: [r for r in own if r["panel_no"] == panel] for panel in panels}
    for n in range(max(map(len, lines.values()))):
        row = {panel: own[n] for panel, own in lines.items() if n < len(own)}
        table.body.append([row[c.panel][c.role] if c.panel in row else "" for c in table.columns])
    _add_totals(table, [(r["subject_name"], r["amount"]) for r in own if not r["panel_no"]])


def _add_totals(table: Table, totals: list[tuple[str, str]]) -> None:
    """The last line of table 06: the total of the first panel, and that of the last."""
    if totals:
        last = [""] * len(table.columns)
        for (name, amount), (label, place) in zip(totals, ((0, 2), (3, -1)), strict=False):
            last[label], last[place] = name, amount
        table.spans[len(table.body)] = [(0, 1), (3, len(table.columns) - 2)]
        table.body.append(last)


def _economic_columns(panel: str, is_first: bool, national: bool) -> list[Column]:
    """Code, name and amount of one panel of table 06; what it is of stands above them in the national form."""
    head = (("人员经费" if is_first else "公用经费"),) if national else ()
    return [
        Column("subject_code", (*head, "科目代码" if national else "经济分类科目编码"), 1.6, panel),
        Column("subject_name", (*head, "科目名称"), 4, panel),
        Column("amount", (*head, "决算数"), 1.9, panel),
    ]


def _one_panel(table: Table, own: list[dict[str, str]], style: Style) -> None:
    """One panel for all; «split» has the amount again below the kind it is of, and its totals side by side."""
    table.numbering = False
    code = "科目代码" if style.layout == "national" else "经济分类科目编码"
    table.columns = [Column("subject_code", (code,), 2), Column("subject_name", ("科目名称",), 5)]
    rows = [r for r in own if r["subject_code"]]
    totals = {r["subject_name"]: r["amount"] for r in own if not r["subject_code"]}
    if style.economic == "one":
        table.columns.append(Column("amount", ("决算数",), 2.2))
        table.body = [[r["subject_code"], r["subject_name"], r["amount"]] for r in rows]
        for name, amount in totals.items():
            table.spans[len(table.body)] = [(0, 1)]
            table.body.append([name, "", amount])
        return
    table.columns += [
        Column("amount", ("合计",), 2.2),
        Column("personnel", ("人员经费",), 2.2),
        Column("general_operating", ("公用经费",), 2.2),
    ]
    for r in rows:
        is_personnel = r["subject_code"][:3] in ("301", "303")
        two = (r["amount"], style.empty) if is_personnel else (style.empty, r["amount"])
        table.body.append([r["subject_code"], r["subject_name"], r["amount"], *two])
    if totals:
        two = [totals.get("人员经费合计", ""), totals.get("公用经费合计", "")]
        last = ["合计", "", _sum(two, style), *two]
        at = len(table.body) if style.total_last else 0
        table.body.insert(at, last)
        table.spans[at] = [(0, 1)]


def _sum(texts: list[str], style: Style) -> str:
    plain = [Decimal(re.sub("[,，]", "", t)) for t in texts if re.search(r"\d", t)]
    if not plain:
        return style.empty
    return f"{sum(plain):,}".replace(",", style.separator)


def _three_public(table: Table, own: list[dict[str, str]], national: bool) -> None:
    stages = {"budget": "预算数", "final": "决算数"}
    if national:
        for stage, word in stages.items():
            table.columns += [Column(f"{stage}_{item}", (word, *path), 2) for item, path in ITEMS.items()]
    else:
        for item, path in ITEMS.items():
            table.columns += [
                Column(f"{stage}_{item}", ("财政拨款“三公”经费", *path, word), 2) for stage, word in stages.items()
            ]
    table.body = [[row[c.role] for c in table.columns] for row in own]


def _statistics(table: Table, own: list[dict[str, str]]) -> None:
    table.columns = [Column("item", ("项目",), 6), Column("line_no", ("行次",), 1), Column("statistic", ("统计数",), 2)]
    section = None
    for row in own:
        if row["section"] != section:
            section = row["section"]
            table.spans[len(table.body)] = [(0, 2)]
            table.body.append([section, "", ""])
        table.body.append([row["item"], row["line_no"], row["statistic"]])


def header_cells(columns: list[Column], numbering: bool) -> tuple[int, list[tuple[int, int, int, int, str]]]:
    """Rows of headings, and cells as (row, column, last row, last column, text), merged above several columns."""
    depth = max(len(c.path) for c in columns)
    cells = []
    for level in range(depth):
        start = 0
        while start < len(columns):
            path = columns[start].path
            if level >= len(path):
                start += 1
                continue
            end = start
            is_leaf = level == len(path) - 1
            while not is_leaf and end + 1 < len(columns) and columns[end + 1].path[: level + 1] == path[: level + 1]:
                other = columns[end + 1]
                if other.panel != columns[start].panel and other.path[0] not in ("公用经费",):
                    break
                if level == len(other.path) - 1:
                    break
                end += 1
            cells.append((level, start, depth - 1 if is_leaf else level, end, path[level]))
            start = end + 1
    if numbering:
        cells += [(depth, n, depth, n, text) for n, text in enumerate(_numbers_of(columns))]
    return depth + numbering, cells


def _numbers_of(columns: list[Column]) -> Iterator[str]:
    """The row of numbers below the headings (栏次): those of amounts are counted."""
    number = 0
    for column in columns:
        if column.role in ("item", "subject_name", "subject_code", "类", "款", "项"):
            yield "栏次" if column.role in ("item", "subject_name") else ""
        elif column.role == "line_no":
            yield ""
        else:
            number += 1
            yield str(number)
