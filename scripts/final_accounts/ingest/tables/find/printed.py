"""What is printed of a table: a grid for each page.

A table that is drawn without rules gets its grids from the places of its words; a file without coordinates has lines
only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from final_accounts.ingest.document.pages import Grid, Line, TextLine, key, undoubled
from final_accounts.ingest.layouts import Table
from final_accounts.ingest.tables.find.halves import is_nameless
from final_accounts.ingest.tables.find.headings import labels_of_rows
from final_accounts.ingest.tables.find.segments import Segment
from final_accounts.ingest.tables.find.vocabulary import is_heading_row, is_info
from final_accounts.ingest.tables.unruled.grids import grids_of_lines
from final_accounts.ingest.tables.unruled.words import rows_of_line, upright_together


@dataclass
class Printed:
    """What is printed of a table: a grid for each page, or its lines where the file has no coordinates.

    Beside it, the lines above the first row of headings, and sentences about figures outside of what is drawn.
    """

    grids: list[Grid] = field(default_factory=list)
    lines: list[TextLine] = field(default_factory=list)
    above: list[Line] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


def printed_of(segment: Segment, table: Table) -> Printed:
    """What is printed of the table that a segment is, page by page."""
    lines = [line for _, part in segment.parts if isinstance(part, Line) for line in rows_of_line(part)]
    if not segment.has_grid and not any(line.words for line in lines):
        first = _first_of_headings(lines, table)
        return Printed(lines=[TextLine(line.text, line.page) for line in lines[first:]], above=lines[:first])
    pages = _Pages(table)
    for page in sorted({page for page, _ in segment.parts}):
        pages.add(page, [part for number, part in segment.parts if number == page])
    return pages.printed()


class _Pages:
    """The pages of a table: what is drawn, the lines of those where nothing is, and what stands around both."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._drawn: list[Grid] = []
        self._unruled: list[list[Line]] = []
        self._above: list[Line] = []
        self._outside: list[str] = []

    def add(self, page: int, parts: list[Line | Grid]) -> None:
        """Adds the parts of a page; where the table is drawn on it, its lines stand outside."""
        drawn = [part for part in parts if isinstance(part, Grid) and (part.width > 1 or is_nameless(part))]
        lines = [part for part in parts if isinstance(part, Line)]
        rows = [row for line in (lines if drawn else upright_together(lines)) for row in rows_of_line(line)]
        if drawn:
            self._add_drawn(page, drawn, rows)
        else:
            self._add_lines(rows)

    def _add_drawn(self, page: int, grids: list[Grid], loose: list[Line]) -> None:
        if not self._drawn:
            self._above += [line for line in loose if line.box is None or line.box.top < grids[0].box.top]
        self._drawn += grids
        self._outside += _figures_outside(loose, grids[0], page)

    def _add_lines(self, lines: list[Line]) -> None:
        """Adds the lines of a page from the first of the headings on."""
        if self._drawn or self._unruled:
            # unit, department and number of the form stand again above a table that goes on
            start = next((n for n, line in enumerate(lines) if not is_info(line.text)), len(lines))
        else:
            start = _first_of_wrapped_headings(lines, self._table)
            self._above += lines[:start]
        if lines[start:]:
            self._unruled.append(lines[start:])

    def printed(self) -> Printed:
        """What is printed of the table on all pages; lines beside pages that are drawn are none of it."""
        grids = self._drawn or grids_of_lines(self._unruled, labels_of_rows(self._table), self._table.rows)
        return Printed(grids, [], self._above, self._outside)


def _figures_outside(lines: list[Line], grid: Grid, page: int) -> Iterator[str]:
    """Says which lines below the head of a table that is drawn have an amount or a code, and are none of its rows."""
    for line in lines:
        is_below = line.box is not None and line.box.top > grid.box.top
        if is_below and re.search(r"\d\.\d\d|^\d{3,7}(?!\d)", line.text):
            yield f"page {page}: «{line.text[:60]}» stands outside of the table that is drawn"


def _first_of_headings(lines: list[Line], table: Table) -> int:
    """The number of the first line that is a heading of a table; of none, how many lines there are."""
    return next((n for n, line in enumerate(lines) if _starts_heading(line.text, table)), len(lines))


def _first_of_wrapped_headings(lines: list[Line], table: Table) -> int:
    """As _first_of_headings, with the lines above it that its headings begin on."""
    start = _first_of_headings(lines, table)
    while 0 < start < len(lines) and _is_wrapped_heading(lines[start - 1], lines[start]):
        start -= 1
    return start


def _is_wrapped_heading(line: Line, below: Line) -> bool:
    """Whether a line is the first one of headings that go on below it: no heading is whole on it."""
    if line.box is None or below.box is None or len(line.words) < 3 or is_info(line.text):
        return False
    return below.box.top - line.box.bottom < 0.5 * (line.box.bottom - line.box.top)


def _starts_heading(text: str, table: Table) -> bool:
    texts = [undoubled(word) for word in text.split()]
    if table.rows == "one":
        return (
            any(re.match(r"^(预算数|决算数|合计|因公出国|公务用车购置|(?:财政拨款)?[“\"]三公)", key(t)) for t in texts)
            and "：" not in text
        )
    if table.rows == "sections":
        return any(re.match(r"^([一二三]、|项目$)", key(t)) for t in texts)
    if table.rows == "economic":
        return any(re.match(r"^(人员经费|公用经费|经济分类|科目)", key(t)) for t in texts)
    return is_heading_row(texts)
