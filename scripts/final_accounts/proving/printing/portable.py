"""Draws a report as PDF, with rules or without, page by page."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from final_accounts.proving.printing.paper import (
    ORDER,
    TITLES,
    Column,
    Rows,
    Table,
    as_printed,
    header_cells,
    tables_of,
)
from final_accounts.proving.printing.styles import Style

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))


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


@dataclass
class BodyRow:
    """A row of the body: the lines of each cell, which cells are merged, and how many lines high it is."""

    cells: list[list[str]]
    spans: list[tuple[int, int]]
    height: int

    @property
    def can_be_split(self) -> bool:
        """Whether a page may end within it."""
        return not self.spans and self.height > 1

    def split(self, room: int) -> tuple["BodyRow", "BodyRow"]:
        """The lines of it that have room on a page, and those on the next."""
        above, below = [part[:room] for part in self.cells], [part[room:] for part in self.cells]
        return replace(self, cells=above, height=room), replace(self, cells=below, height=self.height - room)


@dataclass(frozen=True)
class Setting:
    """How a table is set on its pages: the size of its letters, widths and edges of its columns."""

    table: Table
    size: float
    widths: list[float]
    edges: list[float]

    @property
    def step(self) -> float:
        """From one line of text to the next."""
        return self.size * 1.25


def _body_rows(setting: Setting, heights: list[int]) -> Iterator[BodyRow]:
    """The rows of a table with the texts of their cells wrapped, but for those that stand over several columns."""
    for n, texts in enumerate(setting.table.body):
        spans = setting.table.spans.get(n, [])
        cells = [wrapped(t, w - 4, setting.size) if t else [] for t, w in zip(texts, setting.widths, strict=True)]
        for first, _ in spans:
            cells[first] = [texts[first]] if texts[first] else []
        yield BodyRow(cells, spans, heights[n])


def _side_of(column: Column) -> str:
    """Where the texts of a column stand in its cells."""
    if column.role in ("item", "subject_name") or "code" in column.role:
        return "left"
    return "centre" if column.role in ("line_no", "类", "款", "项") else "right"


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

    def heading(self, text: str, width: float, size: float) -> list[str]:
        """The lines of a heading: as they fit, or one character a line where it stands upright in a narrow column."""
        is_upright = self.style.upright and width < 80 and not text.isascii()
        return list(text.replace(" ", "")) if is_upright else wrapped(text, width, size)

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
        for table in tables_of(rows, self.style):
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
            ends = self._pages(left, rows, heights, title=True, notes=False)
            self._pages(right, rows, heights, title=False, notes=True, ends=ends)
        else:
            self._pages(table, rows, self._heights(table), title=True, notes=True)

    def _widths(self, table: Table) -> list[float]:
        weights = [
            c.weight * (0.75 if self.style.wrapped and c.role in ("item", "subject_name") else 1) for c in table.columns
        ]
        space = self.width - 2 * self.margin
        return [space * w / sum(weights) for w in weights]

    def _edges(self, table: Table) -> list[float]:
        """Left edge of each column, and the right one of the last."""
        return [*accumulate(self._widths(table), initial=self.margin)]

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
        size, x = self._size(table), self._edges(table)
        rows, cells = header_cells(table.columns, table.numbering)
        step = size * 1.25
        heights = []
        for level in range(rows):
            lines = [
                len(self.heading(text, x[last + 1] - x[first] - 4, size))
                for row, first, last_row, last, text in cells
                if row == level and last_row == level
            ]
            tall = [
                -(-len(self.heading(text, x[last + 1] - x[first] - 4, size)) // (last_row - row + 1))
                for row, first, last_row, last, text in cells
                if row <= level <= last_row
            ]
            heights.append(max([*lines, *tall, 1]) * step + 4)
        edges = [*accumulate(heights, initial=top)]
        for row, first, last_row, last, text in cells:
            left, right, upper, lower = x[first], x[last + 1], edges[row], edges[last_row + 1]
            lines = self.heading(text, right - left - 4, size)
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

    def _pages(
        self,
        table: Table,
        rows: Rows,
        heights: list[int],
        title: bool,
        notes: bool,
        ends: dict[int, int] | None = None,
    ) -> dict[int, int]:
        """Draws one table; the pages end before the rows that `ends` says, with so many lines of it, or where it must.

        Returns where they ended.
        """
        setting = Setting(table, self._size(table), self._widths(table), self._edges(table))
        top = self._header(table, self._top(table, rows, title))
        ended: dict[int, int] = {}
        for n, row in enumerate(_body_rows(setting, heights)):
            must_end = n > 0 and top + self._height(setting, row) > self._bottom
            if must_end if ends is None else n in ends:
                room = self._room(setting, top) if ends is None else ends[n]
                ended[n] = max(room, 0) if self.style.split_rows and row.can_be_split else 0
                if ended[n]:
                    now, row = row.split(ended[n])
                    top = self._row(setting, now, top)
                top = self._next_page(setting, top)
            top = self._row(setting, row, top)
        if not self.style.ruled:
            self.line(self.margin, top, self.margin + sum(setting.widths), top)
        if notes:
            self._notes(table, top)
        self.canvas.showPage()
        return ended

    @property
    def _bottom(self) -> float:
        """Where the rows of a page end at the latest."""
        return self.height - 45

    @property
    def _gap(self) -> float:
        """What a row is higher than its lines."""
        return 4.0 if self.style.ruled else 6.0

    def _height(self, setting: Setting, row: BodyRow) -> float:
        """Height of a row in points."""
        return row.height * setting.step + self._gap

    def _room(self, setting: Setting, top: float) -> int:
        """How many lines of a row have room above the end of the page."""
        return int((self._bottom - top - self._gap) // setting.step)

    def _notes(self, table: Table, top: float) -> None:
        """Draws the notes below a table, or on the next page where they have no room."""
        if top + 14 * len(table.notes) > self.height - 20:
            self.canvas.showPage()
            top = 40.0
        for note in table.notes:
            for part in wrapped(note, self.width - 2 * self.margin, 8):
                self.text(self.margin, top + 6, part, 8)
                top += 12

    def _next_page(self, setting: Setting, top: float) -> float:
        """Ends a page within a table; returns where its rows go on on the next one."""
        if not self.style.ruled:
            self.line(self.margin, top, self.margin + sum(setting.widths), top)
        self.canvas.showPage()
        self.canvas.setLineWidth(0.5)
        return self._header(setting.table, 40.0) if self.style.repeat_header else 40.0

    def _row(self, setting: Setting, row: BodyRow, top: float) -> float:
        """Draws a row of the body; returns where it ends."""
        height = self._height(setting, row)
        covered = {c: (first, last) for first, last in row.spans for c in range(first, last + 1)}
        for c, parts in enumerate(row.cells):
            first, last = covered.get(c, (c, c))
            left, right = setting.edges[first], setting.edges[last + 1]
            if self.style.ruled and c == first:
                self._box(left, top, right, top + height)
            start = top + (height - len(parts) * setting.step) / 2
            side = "centre" if c in covered else _side_of(setting.table.columns[c])
            for n, part in enumerate(parts):
                y = start + n * setting.step
                if side == "centre":
                    self.centred(left, right, y, part, setting.size)
                elif side == "left":
                    self.text(left + 2 + self._shift(setting, row, c), y, part, setting.size)
                else:
                    self.text(right - 2 - width_of(part, setting.size), y, part, setting.size)
        return top + height

    def _shift(self, setting: Setting, row: BodyRow, label: int) -> float:
        """How far a label is moved to end where the amount behind it begins, where the style glues them together."""
        columns, size = setting.table.columns, setting.size
        if not self.style.glued or columns[label].role != "item":
            return 0.0
        amount = next((m for m in range(label + 1, len(row.cells)) if columns[m].role != "line_no"), None)
        if amount != label + 1 or len(row.cells[label]) != 1 or len(row.cells[amount]) != 1:
            return 0.0
        begin = setting.edges[amount + 1] - 2 - width_of(row.cells[amount][0], size)
        return begin - width_of(row.cells[label][0], size) - (setting.edges[label] + 2)

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
