"""Draws a report as PDF, with rules or without, page by page."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from final_accounts.proving.printing.paper import ORDER, TITLES, Column, Rows, Table, as_printed, header_cells, table_of
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
        edges = [top]
        for h in heights:
            edges.append(edges[-1] + h)
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
        size, widths = self._size(table), self._widths(table)
        step = size * 1.25
        gap = 4.0 if self.style.ruled else 6.0
        top = self._header(table, self._top(table, rows, title))
        bottom = self.height - 45
        fresh = True
        ended: dict[int, int] = {}
        for n, texts in enumerate(table.body):
            lines = [wrapped(t, w - 4, size) if t else [] for t, w in zip(texts, widths, strict=True)]
            spans = table.spans.get(n, [])
            for first, _ in spans:
                lines[first] = [texts[first]] if texts[first] else []
            height = heights[n] * step + gap
            if n in ends if ends is not None else top + height > bottom and not fresh:
                room = int((bottom - top - gap) // step) if ends is None else ends[n]
                if not self.style.split_rows or spans or heights[n] < 2:
                    room = 0
                ended[n] = max(room, 0)
                if ended[n]:
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
            self._notes(table, top)
        self.canvas.showPage()
        return ended

    def _notes(self, table: Table, top: float) -> None:
        """Draws the notes below a table, or on the next page where they have no room."""
        if top + 14 * len(table.notes) > self.height - 20:
            self.canvas.showPage()
            top = 40.0
        for note in table.notes:
            for part in wrapped(note, self.width - 2 * self.margin, 8):
                self.text(self.margin, top + 6, part, 8)
                top += 12

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
