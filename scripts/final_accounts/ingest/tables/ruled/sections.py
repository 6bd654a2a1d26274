"""The disclosure statistics: rows of item, line number and figure below headings of sections."""

import re

from final_accounts.ingest.document.pages import Cell, Grid, is_value, joined, key, undoubled
from final_accounts.ingest.layouts import Table, column_of
from final_accounts.ingest.tables.find.vocabulary import is_heading_row
from final_accounts.ingest.tables.ruled.table import NOTE, ReadTable, amount_of, keep_apart, take_note, tidy


def read_section_grids(result: ReadTable, table: Table, grids: list[Grid]) -> None:
    """The disclosure statistics: rows of item, line number and figure below headings of sections."""
    section = ""
    roles: dict[str, int] = {}
    headings: list[str] = []
    for grid in grids:
        for number in range(len(grid.slots)):
            own = [grid.own(number, c) for c in range(grid.width)]
            filled = [cell for cell in own if cell and cell.text.strip()]
            texts = [undoubled(cell.text.strip()) for cell in filled]
            if not texts:
                continue
            if NOTE.match(texts[0]):
                take_note(result, "".join(texts))
                continue
            if is_heading_row(texts):
                headings = [undoubled(cell.text.strip()) if cell else "" for cell in own]
                roles = {name: c for c, name in column_of(headings, table.columns).items()}
                roles |= {key(heading): c for c, heading in enumerate(headings) if key(heading) == "行次"}
                continue
            if len(texts) == 1 and re.match(r"^[一二三四五六七八九十]+、", texts[0]):
                section = joined(texts[0])
                continue
            at = {name: own[c] if c < len(own) else None for name, c in roles.items()}
            figures = [cell for cell in filled[1:] if is_value(joined(cell.text))]
            if len(at) == 2:
                line_no, value = at["行次"], at["statistic"]
            else:
                line_no, value = _told_apart(result, figures, at.get("statistic"), grid.page, "statistic" in at)
            for c, cell in enumerate(own):
                if cell in figures and cell is not line_no and cell is not value:
                    keep_apart(result, own, c, f"?{headings[c] if c < len(headings) else ''}")
            result.rows.append(
                {
                    "section": Cell(section, grid.page),
                    "item": Cell(tidy(filled[0].text), filled[0].page, filled[0].box, filled[0].doubt),
                    "line_no": line_no or Cell("", grid.page),
                    "statistic": amount_of(value) if value else Cell("", grid.page),
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
