"""The disclosure statistics: rows of item, line number and figure below headings of sections."""

import re

from final_accounts.ingest.document.pages import Cell, Grid, is_value, joined, key, undoubled
from final_accounts.ingest.layouts import Table, column_of
from final_accounts.ingest.tables.find.vocabulary import is_heading_row
from final_accounts.ingest.tables.ruled.table import NOTE, ReadTable, amount_of, keep_apart, take_note, tidy


def read_section_grids(result: ReadTable, table: Table, grids: list[Grid]) -> None:
    """The disclosure statistics: rows of item, line number and figure below headings of sections."""
    rows = _Rows(result, table)
    for grid in grids:
        for number in range(len(grid.slots)):
            rows.add([grid.own(number, c) for c in range(grid.width)], grid.page)


class _Rows:
    """The rows read so far, the section that they are of, and the columns that the headings tell."""

    def __init__(self, result: ReadTable, table: Table) -> None:
        self._result, self._table = result, table
        self._section = ""
        self._roles: dict[str, int] = {}
        self._headings: list[str] = []

    def add(self, own: list[Cell | None], page: int) -> None:
        """Takes the cells of a row for what they are: a note, headings, the name of a section, or a line."""
        filled = [cell for cell in own if cell and cell.text.strip()]
        texts = [undoubled(cell.text.strip()) for cell in filled]
        if not texts:
            return
        if NOTE.match(texts[0]):
            take_note(self._result, "".join(texts))
        elif is_heading_row(texts):
            self._take_headings([undoubled(cell.text.strip()) if cell else "" for cell in own])
        elif len(texts) == 1 and re.match(r"^[一二三四五六七八九十]+、", texts[0]):
            self._section = joined(texts[0])
        else:
            self._add_line(own, filled, page)

    def _take_headings(self, headings: list[str]) -> None:
        """Tells the columns by their headings."""
        self._headings = headings
        self._roles = {name: c for c, name in column_of(headings, self._table.columns).items()}
        self._roles |= {key(heading): c for c, heading in enumerate(headings) if key(heading) == "行次"}

    def _add_line(self, own: list[Cell | None], filled: list[Cell], page: int) -> None:
        """Adds a line: its first cell is the item, one of its figures the number, another the statistic."""
        at = {name: own[c] if c < len(own) else None for name, c in self._roles.items()}
        figures = [cell for cell in filled[1:] if is_value(joined(cell.text))]
        if len(at) == 2:
            line_no, value = at["行次"], at["statistic"]
        else:
            line_no, value = _told_apart(self._result, figures, at.get("statistic"), page, "statistic" in at)
        for c, cell in enumerate(own):
            if cell in figures and cell is not line_no and cell is not value:
                keep_apart(self._result, own, c, f"?{self._headings[c] if c < len(self._headings) else ''}")
        self._result.rows.append(
            {
                "section": Cell(self._section, page),
                "item": Cell(tidy(filled[0].text), filled[0].page, filled[0].box, filled[0].doubt),
                "line_no": line_no or Cell("", page),
                "statistic": amount_of(value) if value else Cell("", page),
            }
        )


def _told_apart(
    result: ReadTable, figures: list[Cell], below: Cell | None, page: int, has_heading: bool
) -> tuple[Cell | None, Cell | None]:
    """Line number and figure of a row where not both have a heading; `below` stands below the heading of figures."""
    line_no = figures[0] if len(figures) > 1 and re.fullmatch(r"\d{1,2}", figures[0].text.strip()) else None
    rest = [cell for cell in figures if cell is not line_no]
    value = below or next(iter(rest), None)
    if len(figures) == 1:
        result.problems.append(f"page {page}: «{figures[0].text}» may be a line number or a figure")
    elif len(rest) > 1 and not has_heading:
        value.doubt = value.doubt or "no heading says which of the figures of its line it is"
    return line_no, value
