"""Prints reports of the warehouse as departments publish them, to see whether what is read is what was printed.

A report is raw rows by table. `as_printed` says what of them a style shows (no line numbers in Shanghai, the total last
…); the printers draw that: as PDF with rules or without, as text in the two ways of PDF readers, as a workbook.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from final_accounts.printed_tables import TABLE_NAMES
from openpyxl import Workbook
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

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


@dataclass(frozen=True)
class Style:
    """How a report is printed."""

    layout: str = "national"
    ruled: bool = True
    landscape: bool = False
    repeat_header: bool = True
    drawn_twice: bool = False
    split_rows: bool = False
    three_codes: bool = False
    total_last: bool = False
    halves: bool = False
    glued: bool = False
    wrapped: bool = False
    short_pages: bool = False
    in_grid_title: bool = False
    size: float = 9.0


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
    totals: set[int]
    notes: list[str]
    spans: dict[int, list[tuple[int, int]]]


def as_printed(rows: Rows, style: Style) -> Rows:
    """The raw rows that a faithful reading of the print in this style gives."""
    result: Rows = {name: [dict(row) for row in own] for name, own in rows.items()}
    order = ORDER[style.layout]
    for number, name in TABLE_NAMES.items():
        own = result.get(name, [])
        if number not in order:
            result[name] = []
            continue
        if number in ("02", "03", "05", "07", "08") and style.total_last:
            own = [r for r in own if r["subject_name"] != "合计"] + [r for r in own if r["subject_name"] == "合计"]
        if number == "06" and style.layout == "shanghai":
            own = [r | {"panel_no": "2" if r["panel_no"] not in ("", "1") else r["panel_no"]} for r in own]
        if number in ("01", "04"):
            panels = [[r for r in own if r["panel"] == p] for p in ("revenue", "expenditure")]
            longest = max(map(len, panels))
            own = []
            for panel, lines in zip(("revenue", "expenditure"), panels, strict=True):
                blank = dict.fromkeys((lines or [{}])[0], "")
                own += lines + [blank | {"report_id": rows["reports"][0]["report_id"], "panel": panel}] * (
                    longest - len(lines)
                )
            if style.layout == "shanghai":
                own = [r | {"line_no": ""} for r in own]
            if not style.ruled:
                seen = [
                    any(own[n][c] or own[n + longest][c] for c in own[0] if c not in HIDDEN) for n in range(longest)
                ]
                own = [r for n, r in enumerate(own) if seen[n % longest]]
        elif not style.ruled:
            own = [r for r in own if any(v for c, v in r.items() if c not in HIDDEN)]
        result[name] = [r | {"row_no": str(n)} for n, r in enumerate(own, 1)]
    unit = rows["reports"][0]["amount_unit"]
    result["report_tables"] = [
        {
            "report_id": rows["reports"][0]["report_id"],
            "table_no": number,
            "form_no": f"公开{number}表" if style.layout == "national" else "",
            "title": TITLES[number],
            "department_name": rows["reports"][0]["department_name"] if style.layout == "national" else "",
            "fiscal_year": f"{rows['reports'][0]['fiscal_year']}年度" if style.layout == "national" else "",
            "amount_unit": unit,
        }
        for number in sorted(order)
        if rows.get(TABLE_NAMES[number])
    ]
    return result


def table_of(number: str, rows: Rows, style: Style) -> Table | None:
    """One table of rows that are as printed."""
    own = rows.get(TABLE_NAMES[number], [])
    if not own and not any(r["table_no"] == number for r in rows["report_tables"]):
        return None
    notes = [f"{r['note_kind']}：{r['note_text']}" for r in rows.get("table_notes", []) if r["table_no"] == number]
    notes = notes or [f"注：本表反映部门本年度{TITLES[number].removesuffix('决算表')}情况。"]
    national = style.layout == "national"
    table = Table(number, TITLES[number], [], [], national and number != "10", set(), notes, {})
    if number in ("01", "04"):
        _line_table(table, own, national)
    elif number == "06":
        _economic_table(table, own, national)
    elif number == "09":
        _three_public(table, own, national)
    elif number == "10":
        _statistics(table, own)
    else:
        _subject_table(table, own, style)
    return table


def _line_table(table: Table, own: list[dict[str, str]], national: bool) -> None:
    amount = "金额" if national else "决算数"
    for panel, word in (("revenue", "收入"), ("expenditure", "支出")):
        table.columns.append(Column("item", (word, "项目"), 5, panel))
        if national:
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
    table.columns = _subject_columns(style)
    number = table.table_no
    if number in AMOUNTS:
        table.columns += [Column(role, (label,), 2.2) for role, label in AMOUNTS[number].items()]
    elif number == "05":
        label = "小计" if style.layout == "national" else "合计"
        head = ("本年支出",) if style.layout == "national" else ()
        table.columns += [
            Column("total", (*head, label), 2.2), Column("basic", (*head, "基本支出"), 2.2),
            Column("project", (*head, "项目支出"), 2.2)
        ]  # fmt: skip
    else:
        prefix = "expenditure_" if number == "07" else ""
        around = number == "07" or style.layout == "shanghai"
        if around:
            opening, revenue = ("opening_balance", "revenue") if number == "07" else ("?", "?")
            table.columns += [Column(opening, ("年初结转和结余",), 2.2), Column(revenue, ("本年收入",), 2.2)]
        label = "小计" if number == "07" and style.layout == "national" else "合计"
        table.columns += [
            Column(f"{prefix}total", ("本年支出", label), 2.2),
            Column(f"{prefix}basic", ("本年支出", "基本支出"), 2.2),
            Column(f"{prefix}project", ("本年支出", "项目支出"), 2.2),
        ]
        if around:
            table.columns.append(Column("closing_balance" if number == "07" else "?", ("年末结转和结余",), 2.2))
    for row in own:
        code = row["subject_code"]
        parts = {"类": code[:3], "款": code[3:5], "项": code[5:7]}
        texts = [parts[c.role] if c.role in parts else row.get(c.role, "") for c in table.columns]
        if row["subject_name"] == "合计":
            width = next(n for n, c in enumerate(table.columns) if c.role == "subject_name")
            texts[0], texts[width] = "合计", ""
            table.spans[len(table.body)] = [(0, width)]
        table.body.append(texts)


def _economic_table(table: Table, own: list[dict[str, str]], national: bool) -> None:
    panels = sorted({r["panel_no"] for r in own if r["panel_no"]})
    code = "科目代码" if national else "经济分类科目编码"
    for panel in panels:
        head = (("人员经费" if panel == panels[0] else "公用经费"),) if national else ()
        table.columns += [
            Column("subject_code", (*head, code), 1.6, panel),
            Column("subject_name", (*head, "科目名称"), 4, panel),
            Column("amount", (*head, "决算数"), 1.9, panel),
        ]
    table.numbering = False
    lines = {panel: [r for r in own if r["panel_no"] == panel] for panel in panels}
    for n in range(max(map(len, lines.values()))):
        texts = []
        for column in table.columns:
            line = lines[column.panel]
            texts.append(line[n][column.role] if n < len(line) else "")
        table.body.append(texts)
    totals = [r for r in own if not r["panel_no"]]
    last = [""] * len(table.columns)
    if totals:
        last[0], last[2] = totals[0]["subject_name"], totals[0]["amount"]
        if len(totals) > 1:
            last[3], last[-1] = totals[1]["subject_name"], totals[1]["amount"]
        table.spans[len(table.body)] = [(0, 1), (3, len(table.columns) - 2)]
        table.body.append(last)


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
        number = 0
        for n, column in enumerate(columns):
            if column.role in ("item", "subject_name", "subject_code", "类", "款", "项"):
                text = "栏次" if column.role in ("item", "subject_name") else ""
            elif column.role == "line_no":
                text = ""
            else:
                number += 1
                text = str(number)
            cells.append((depth, n, depth, n, text))
    return depth + numbering, cells


def width_of(text: str, size: float) -> float:
    """Width of a text in points."""
    return pdfmetrics.stringWidth(text, FONT, size)


def wrapped(text: str, width: float, size: float) -> list[str]:
    """A text cut into lines that fit."""
    lines = [""]
    for character in text:
        if lines[-1] and width_of(lines[-1] + character, size) > width:
            lines.append("")
        lines[-1] += character
    return lines


class Printer:
    """Draws a report on a canvas, page by page."""

    def __init__(self, path: Path, style: Style):
        self.style = style
        page = landscape(A4) if style.landscape else A4
        if style.short_pages:
            page = (page[0], page[1] * 0.55)
        self.width, self.height = page
        self.canvas = Canvas(str(path), pagesize=page, invariant=1)
        self.canvas.setLineWidth(0.5)
        self.margin = 40

    def text(self, x: float, top: float, text: str, size: float | None = None, twice: bool = False) -> None:
        """Draws a text with its upper edge at a distance from the top of the page."""
        size = size or self.style.size
        self.canvas.setFont(FONT, size)
        for offset in (0, 0.3) if twice else (0,):
            self.canvas.drawString(x + offset, self.height - top - size * 0.88, text)

    def centred(
        self, left: float, right: float, top: float, text: str, size: float | None = None, twice: bool = False
    ) -> None:
        """Draws a text in the middle between two edges."""
        self.text((left + right - width_of(text, size or self.style.size)) / 2, top, text, size, twice)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draws a rule between two points counted from the top."""
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def report(self, rows: Rows) -> None:
        """Draws title page, tables and narrative of rows that are as printed."""
        report = rows["reports"][0]
        self.centred(0, self.width, 150, report["department_name"], 20)
        self.centred(0, self.width, 190, f"{report['fiscal_year']}年度", 20)
        self.centred(0, self.width, 230, "部门决算", 20)
        self.canvas.showPage()
        top = 60
        self.text(60, top, "目录", 12)
        for n, number in enumerate(ORDER[self.style.layout]):
            self.text(60, top + 24 + 16 * n, f"{'一二三四五六七八九十'[n]}、{TITLES[number]}", 10)
        self.canvas.showPage()
        for number in ORDER[self.style.layout]:
            table = table_of(number, rows, self.style)
            if table:
                self.table(table, rows)
        self.narrative(rows)
        self.canvas.save()

    def table(self, table: Table, rows: Rows) -> None:
        """Draws one table over as many pages as it takes, or over half pages."""
        amounts = [
            n for n, c in enumerate(table.columns) if c.role not in ("subject_code", "subject_name", "类", "款", "项")
        ]
        if self.style.halves and table.table_no in ("02", "03"):
            middle = amounts[len(amounts) // 2]
            left = replace_columns(table, range(middle))
            right = replace_columns(table, range(middle, len(table.columns)))
            heights = self._heights(left)
            self._pages(left, rows, heights, title=True, notes=False)
            self._pages(right, rows, heights, title=False, notes=True)
        else:
            self._pages(table, rows, self._heights(table), title=True, notes=True)

    def _widths(self, table: Table) -> list[float]:
        weights = [
            c.weight * (0.75 if self.style.wrapped and c.role in ("item", "subject_name") else 1) for c in table.columns
        ]
        space = self.width - 2 * self.margin
        return [space * w / sum(weights) for w in weights]

    def _size(self, table: Table) -> float:
        widest = max(
            (
                width_of(t, 1)
                for row in table.body
                for n, t in enumerate(row)
                if table.columns[n].weight <= 2.6
                and n
                not in {m for spans in table.spans.values() for first, last in spans for m in range(first, last + 1)}
            ),
            default=1,
        )
        narrowest = min(
            (w for w, c in zip(self._widths(table), table.columns, strict=True) if 1.6 <= c.weight <= 2.6), default=60
        )
        return max(3.2, min(self.style.size, (narrowest - 4) / max(widest, 1)))

    def _heights(self, table: Table) -> list[int]:
        """Lines of text that each body row takes."""
        size, widths = self._size(table), self._widths(table)
        result = []
        for n, row in enumerate(table.body):
            spans = table.spans.get(n, [])
            lines = 1
            for c, text in enumerate(row):
                if not any(first <= c <= last for first, last in spans):
                    lines = max(lines, len(wrapped(text, widths[c] - 4, size)))
            result.append(lines)
        return result

    def _top(self, table: Table, rows: Rows, title: bool) -> float:
        top = 40.0
        report = rows["reports"][0]
        if title:
            self.centred(0, self.width, top, table.title, 14, self.style.drawn_twice)
            top += 22
            if self.style.layout == "national":
                self.text(self.width - self.margin - 60, top, f"公开{table.table_no}表", 9)
                top += 14
                self.text(self.margin, top, f"部门名称：{report['department_name']}", 9)
                self.centred(0, self.width, top, f"{report['fiscal_year']}年度", 9)
            self.text(self.width - self.margin - 80, top, f"金额单位：{report['amount_unit']}", 9)
            top += 16
        return top

    def _header(self, table: Table, top: float) -> float:
        size, widths = self._size(table), self._widths(table)
        x = [self.margin]
        for w in widths:
            x.append(x[-1] + w)
        rows, cells = header_cells(table.columns, table.numbering)
        step = size * 1.25
        heights = []
        for level in range(rows):
            lines = [
                len(wrapped(text, x[last + 1] - x[first] - 4, size))
                for row, first, last_row, last, text in cells
                if row == level and last_row == level
            ]
            tall = [
                -(-len(wrapped(text, x[last + 1] - x[first] - 4, size)) // (last_row - row + 1))
                for row, first, last_row, last, text in cells
                if row <= level <= last_row
            ]
            heights.append(max([*lines, *tall, 1]) * step + 4)
        edges = [top]
        for h in heights:
            edges.append(edges[-1] + h)
        for row, first, last_row, last, text in cells:
            left, right, upper, lower = x[first], x[last + 1], edges[row], edges[last_row + 1]
            lines = wrapped(text, right - left - 4, size)
            start = upper + (lower - upper - len(lines) * step) / 2
            for n, part in enumerate(lines):
                self.centred(left, right, start + n * step, part, size, self.style.drawn_twice)
            if self.style.ruled:
                self._box(left, upper, right, lower)
        if not self.style.ruled:
            self.line(x[0], edges[0], x[-1], edges[0])
            self.line(x[0], edges[-1], x[-1], edges[-1])
        return edges[-1]

    def _box(self, left: float, upper: float, right: float, lower: float) -> None:
        self.line(left, upper, right, upper)
        self.line(left, lower, right, lower)
        self.line(left, upper, left, lower)
        self.line(right, upper, right, lower)

    def _pages(self, table: Table, rows: Rows, heights: list[int], title: bool, notes: bool) -> None:
        size, widths = self._size(table), self._widths(table)
        step = size * 1.25
        gap = 4.0 if self.style.ruled else 6.0
        top = self._header(table, self._top(table, rows, title))
        bottom = self.height - 45
        fresh = True
        for n, texts in enumerate(table.body):
            lines = [wrapped(t, w - 4, size) if t else [] for t, w in zip(texts, widths, strict=True)]
            spans = table.spans.get(n, [])
            for first, _ in spans:
                lines[first] = [texts[first]] if texts[first] else []
            height = heights[n] * step + gap
            if top + height > bottom and not fresh:
                room = int((bottom - top - gap) // step)
                if self.style.split_rows and not spans and heights[n] > 1 and room >= 1:
                    now = [part[:room] for part in lines]
                    top = self._row(table, now, spans, widths, top, room * step + gap, size)
                    lines = [part[room:] for part in lines]
                    height = (heights[n] - room) * step + gap
                self._end_of_page(table, widths, top)
                top = self._header(table, 40.0) if self.style.repeat_header else 40.0
            top = self._row(table, lines, spans, widths, top, height, size)
            fresh = False
        if not self.style.ruled:
            self.line(self.margin, top, self.margin + sum(widths), top)
        if notes:
            if top + 14 * len(table.notes) > self.height - 20:
                self.canvas.showPage()
                top = 40.0
            for note in table.notes:
                for part in wrapped(note, self.width - 2 * self.margin, 8):
                    self.text(self.margin, top + 6, part, 8)
                    top += 12
        self.canvas.showPage()

    def _end_of_page(self, table: Table, widths: list[float], top: float) -> None:
        if not self.style.ruled:
            self.line(self.margin, top, self.margin + sum(widths), top)
        self.canvas.showPage()
        self.canvas.setLineWidth(0.5)

    def _row(
        self,
        table: Table,
        lines: list[list[str]],
        spans: list[tuple[int, int]],
        widths: list[float],
        top: float,
        height: float,
        size: float,
    ) -> float:
        x = [self.margin]
        for w in widths:
            x.append(x[-1] + w)
        step = size * 1.25
        covered = {c: (first, last) for first, last in spans for c in range(first, last + 1)}
        for c, parts in enumerate(lines):
            first, last = covered.get(c, (c, c))
            left, right = x[first], x[last + 1]
            if self.style.ruled and c == first:
                self._box(left, top, right, top + height)
            start = top + (height - len(parts) * step) / 2
            role = table.columns[c].role
            for n, part in enumerate(parts):
                y = start + n * step
                if c in covered:
                    self.centred(left, right, y, part, size)
                elif role in ("item", "subject_name") or "code" in role:
                    shift = 0.0
                    following = next((m for m in range(c + 1, len(lines)) if table.columns[m].role != "line_no"), None)
                    if (
                        self.style.glued
                        and role == "item"
                        and following == c + 1
                        and len(parts) == 1
                        and len(lines[following]) == 1
                    ):
                        # the label ends where the amount begins
                        amount = x[following + 1] - 2 - width_of(lines[following][0], size)
                        shift = amount - width_of(part, size) - (left + 2)
                    self.text(left + 2 + shift, y, part, size)
                elif role in ("line_no", "类", "款", "项"):
                    self.centred(left, right, y, part, size)
                else:
                    self.text(right - 2 - width_of(part, size), y, part, size)
        return top + height

    def narrative(self, rows: Rows) -> None:
        """Draws the paragraphs below their headings."""
        paragraphs = rows.get("narrative_paragraphs", [])
        if not paragraphs:
            return
        top, size = 60.0, 11.0
        report = rows["reports"][0]
        self.text(60, top, f"第三部分 {report['department_name']}决算情况说明", 14)
        top += 30
        section = subsection = None
        for row in paragraphs:
            blocks = []
            if row["section"] != section:
                section, subsection = row["section"], ""
                blocks.append((28, section))
            if row["subsection"] != subsection:
                subsection = row["subsection"]
                blocks += [(28, part) for part in subsection.split(" ") if part]
            blocks.append((24, row["paragraph_text"]))
            for indent, text in blocks:
                for n, part in enumerate(self._flow(text, size, indent)):
                    if top > self.height - 60:
                        self.canvas.showPage()
                        top = 50.0
                    self.text(60 + (indent if n == 0 else 0), top, part, size)
                    top += 18
        self.canvas.showPage()

    def _flow(self, text: str, size: float, indent: float) -> Iterator[str]:
        line, space = "", self.width - 120 - indent
        for character in text:
            if line and width_of(line + character, size) > space:
                yield line
                line, space = "", self.width - 120
            line += character
        if line:
            yield line


def replace_columns(table: Table, wanted: range) -> Table:
    """Some of the columns of a table."""
    spans = {n: [(a, b) for a, b in own if b < len(wanted) and 0 in wanted] for n, own in table.spans.items()}
    return replace_table(
        table, [table.columns[n] for n in wanted], [[row[n] for n in wanted] for row in table.body], spans
    )


def replace_table(table: Table, columns: list[Column], body: list[list[str]], spans: dict) -> Table:
    """A table with other columns and rows."""
    return replace(table, columns=columns, body=body, spans=spans)


def print_pdf(rows: Rows, path: Path, style: Style) -> Rows:
    """Prints a report as PDF; returns the rows that a faithful reading gives."""
    expected = as_printed(rows, style)
    Printer(path, style).report(expected)
    return expected


def print_workbook(rows: Rows, path: Path, style: Style) -> Rows:
    """Writes a report as .xlsx, a sheet a table, headings merged, amounts as text or numbers by turns."""
    expected = as_printed(rows, style)
    report = expected["reports"][0]
    book = Workbook()
    book.remove(book.active)
    for number in ORDER[style.layout]:
        table = table_of(number, expected, style)
        if not table:
            continue
        sheet = book.create_sheet(f"Z{number} {table.title[:20]}")
        width = len(table.columns)
        sheet.append([table.title])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
        if style.layout == "national":
            sheet.append([""] * (width - 1) + [f"公开{number}表"])
            sheet.append(
                [
                    f"部门名称：{report['department_name']}",
                    f"{report['fiscal_year']}年度",
                    f"金额单位：{report['amount_unit']}",
                ]
            )
        else:
            sheet.append([""] * (width - 1) + [f"单位：{report['amount_unit']}"])
        first = sheet.max_row + 1
        _, cells = header_cells(table.columns, table.numbering)
        for row, column, last_row, last, text in cells:
            sheet.cell(first + row, column + 1, text)
            if (row, column) != (last_row, last):
                sheet.merge_cells(
                    start_row=first + row, start_column=column + 1, end_row=first + last_row, end_column=last + 1
                )
        start = first + max(c[2] for c in cells) + 1
        for n, texts in enumerate(table.body):
            for c, text in enumerate(texts):
                if text:
                    cell = sheet.cell(start + n, c + 1, text)
                    is_number = text.replace(".", "", 1).isdigit() and "." in text and (n + c) % 2 == 0
                    if is_number:
                        cell.value = float(text)
                        cell.number_format = "0." + "0" * len(text.partition(".")[2])
            for a, b in table.spans.get(n, []):
                sheet.merge_cells(start_row=start + n, start_column=a + 1, end_row=start + n, end_column=b + 1)
        end = start + len(table.body)
        for n, note in enumerate(table.notes):
            sheet.cell(end + n, 1, note)
            sheet.merge_cells(start_row=end + n, start_column=1, end_row=end + n, end_column=width)
    book.save(path)
    return expected


def print_lined_up_text(rows: Rows, path: Path, style: Style) -> Rows:
    """Writes a report as `pdftotext -layout` does: columns lined up with spaces, a form feed after each page."""
    expected = as_printed(rows, replace(style, ruled=False))
    report = expected["reports"][0]
    pages = [f"{report['department_name']}\n\n{report['fiscal_year']}年度部门决算\n"]
    for number in ORDER[style.layout]:
        table = table_of(number, expected, style)
        if not table:
            continue
        lines = ["            " + table.title]
        if style.layout == "national":
            lines.append(" " * 60 + f"公开{number}表")
            lines.append(
                f"部门名称：{report['department_name']}          {report['fiscal_year']}年度          "
                f"金额单位：{report['amount_unit']}"
            )
        else:
            lines.append(" " * 60 + f"单位：{report['amount_unit']}")
        depth, cells = header_cells(table.columns, table.numbering)
        texts = [
            [
                row[c]
                for row in table.body
                if c not in {m for a, b in table.spans.get(table.body.index(row), []) for m in range(a, b + 1)}
            ]
            for c in range(len(table.columns))
        ]
        texts = [own + [t for _, column, _, last, t in cells if last == column == c] for c, own in enumerate(texts)]
        widths = [max(_columns(t) for t in own) + 3 for own in texts]
        at = [sum(widths[:c]) for c in range(len(widths) + 1)]
        for level in range(depth):
            placed = [
                (at[column], at[last + 1] - 3, text, "c")
                for row, column, last_row, last, text in cells
                if (row + last_row) // 2 == level and text
            ]
            lines.append(_line(placed))
        for n, row in enumerate(table.body):
            spans = dict(table.spans.get(n, []))
            placed = []
            for c, text in enumerate(row):
                if text:
                    right = table.columns[c].role not in ("item", "subject_name", "subject_code")
                    placed.append(
                        (at[c], at[spans.get(c, c) + 1] - 3, text, "c" if c in spans else "r" if right else "l")
                    )
            if placed:
                lines.append(_line(placed))
        lines += table.notes
        pages.append("\n".join(lines) + "\n")
    path.write_text("\f".join(pages) + "\f", encoding="utf-8")
    return expected


def _columns(text: str) -> int:
    return sum(2 if ord(c) > 0x2000 else 1 for c in text)


def _line(placed: list[tuple[int, int, str, str]]) -> str:
    line, width = "", 0
    for left, right, text, how in sorted(placed):
        start = {"l": left, "r": right - _columns(text), "c": (left + right - _columns(text)) // 2}[how]
        start = max(start, width + 1 if width else 0)
        line += " " * (start - width) + text
        width = start + _columns(text)
    return line


def print_running_text(rows: Rows, path: Path, style: Style) -> Rows:
    """Writes a report as readers do that put cells one after the other, an empty one as nothing between two spaces."""
    expected = as_printed(rows, style)
    report = expected["reports"][0]
    out = [f"{report['department_name']}{report['fiscal_year']}年部门决算公开报告"]
    for number in ORDER[style.layout]:
        table = table_of(number, expected, style)
        if not table:
            continue
        out += [" " + table.title * 2, "", f"公开{number}表", "",
                f"部门名称：{report['department_name']} {report['fiscal_year']}年度",
                "", f"金额单位：{report['amount_unit']}", ""]  # fmt: skip
        depth, cells = header_cells(table.columns, table.numbering)
        for level in range(depth):
            texts = [t for row, _, _, _, t in cells if row == level and t]
            out += [" ".join(t if t.isdigit() or t == "栏次" else t * 2 for t in texts), ""]
        for n, row in enumerate(table.body):
            spans = {m for a, b in table.spans.get(n, []) for m in range(a + 1, b + 1)}
            texts = [t for c, t in enumerate(row) if c not in spans]
            line = " ".join(texts)
            out += [line + (" " if not texts[-1] else ""), ""]
        out += table.notes
    path.write_text("\n".join(out) + "\n", encoding="utf-8")
    return expected


def print_in_browser_html(rows: Rows, style: Style) -> tuple[str, Rows]:
    """A report as HTML, for a browser to print: rules, breaks and wraps are the browser's own."""
    expected = as_printed(rows, style)
    report = expected["reports"][0]
    border = "1px solid black" if style.ruled else "none"
    parts = [
        "<meta charset=utf-8><style>body{font-family:'Noto Serif CJK SC';font-size:9pt}",
        f"table{{border-collapse:collapse;width:100%}}td,th{{border:{border};padding:2px 4px;font-weight:normal}}",
        "td.n{text-align:right}h1{font-size:14pt;text-align:center;break-before:page}",
        f"@page{{size:A4 {'landscape' if style.landscape else 'portrait'};margin:15mm}}"
        + ("" if style.repeat_header else "thead{display:table-row-group}")
        + "</style>",
        f"<p style='text-align:center'>{report['department_name']}{report['fiscal_year']}年度部门决算</p>",
    ]
    for number in ORDER[style.layout]:
        table = table_of(number, expected, style)
        if not table:
            continue
        parts.append(f"<h1>{table.title}</h1>")
        if style.layout == "national":
            parts.append(
                f"<div style='text-align:right'>公开{number}表</div><div>部门名称：{report['department_name']}"
                f"&emsp;&emsp;{report['fiscal_year']}年度&emsp;&emsp;金额单位：{report['amount_unit']}</div>"
            )
        else:
            parts.append(f"<div style='text-align:right'>单位：{report['amount_unit']}</div>")
        depth, cells = header_cells(table.columns, table.numbering)
        parts.append("<table><thead>")
        for level in range(depth):
            own = sorted(c for c in cells if c[0] == level)
            parts.append(
                "<tr>"
                + "".join(f"<th rowspan={lr - r + 1} colspan={lc - c + 1}>{t}</th>" for r, c, lr, lc, t in own)
                + "</tr>"
            )
        parts.append("</thead><tbody>")
        for n, row in enumerate(table.body):
            spans = dict(table.spans.get(n, []))
            hidden = {m for a, b in spans.items() for m in range(a + 1, b + 1)}
            parts.append(
                "<tr>"
                + "".join(
                    f"<td colspan={spans.get(c, c) - c + 1} class={'n' if table.columns[c].weight < 3 else 't'}>"
                    f"{t or '&nbsp;'}</td>"
                    for c, t in enumerate(row)
                    if c not in hidden
                )
                + "</tr>"
            )
        parts.append("</tbody></table>" + "".join(f"<p>{note}</p>" for note in table.notes))
    return "".join(parts), expected


STYLES = {
    "plain": Style(),
    "no rules": Style(ruled=False),
    "several pages, headings repeated": Style(short_pages=True),
    "several pages, headings once": Style(short_pages=True, repeat_header=False),
    "no rules, several pages": Style(ruled=False, short_pages=True),
    "no rules, headings once": Style(ruled=False, short_pages=True, repeat_header=False),
    "wrapped names": Style(wrapped=True, size=10.5),
    "no rules, wrapped names": Style(ruled=False, wrapped=True, size=10.5),
    "headings drawn twice": Style(drawn_twice=True),
    "rows split over the page end": Style(
        wrapped=True, short_pages=True, split_rows=True, repeat_header=False, size=10.5
    ),
    "codes in three columns": Style(three_codes=True),
    "total last": Style(total_last=True),
    "landscape": Style(landscape=True),
    "half pages": Style(halves=True),
    "half pages of several pages": Style(halves=True, short_pages=True),
    "amounts glued to labels": Style(layout="shanghai", glued=True, landscape=True),
    "shanghai": Style(layout="shanghai"),
    "shanghai, no rules": Style(layout="shanghai", ruled=False),
    "shanghai, codes in three columns": Style(layout="shanghai", three_codes=True, landscape=True),
    "shanghai, several pages, total last": Style(layout="shanghai", short_pages=True, total_last=True, landscape=True),
}
PRINTERS = {"workbook": print_workbook, "lined-up text": print_lined_up_text, "running text": print_running_text}


def random_style(chance: random.Random) -> Style:
    """Any combination of the traps that can stand together."""
    flip = lambda share=0.5: chance.random() < share  # noqa: E731
    style = Style(
        layout=chance.choice(["national", "shanghai"]),
        ruled=flip(0.7),
        landscape=flip(),
        repeat_header=flip(),
        drawn_twice=flip(0.3),
        three_codes=flip(0.3),
        total_last=flip(0.3),
        wrapped=flip(0.4),
        short_pages=flip(0.4),
        size=chance.choice([8.0, 9.0, 10.5]),
    )
    return replace(style, split_rows=style.ruled and flip(0.4), halves=style.ruled and flip(0.2))
