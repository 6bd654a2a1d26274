"""The disclosure statistics: rows of item, line number and figure below headings of sections."""

import re

from final_accounts.ingest.document.pages import Cell, Grid, is_value, joined, key, undoubled
from final_accounts.ingest.layouts import Table
from final_accounts.ingest.tables.find.vocabulary import is_heading_row
from final_accounts.ingest.tables.ruled.table import NOTE, ReadTable, amount_of, take_note, tidy


def read_section_grids(result: ReadTable, table: Table, grids: list[Grid]) -> None:
    """The disclosure statistics: rows of item, line number and figure below headings of sections."""
    section = ""
    roles: dict[str, int] = {}
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
                roles = {key(undoubled(cell.text)): c for c, cell in enumerate(own) if cell and cell.text.strip()}
                continue
            if len(texts) == 1 and re.match(r"^[一二三四五六七八九十]+、", texts[0]):
                section = joined(texts[0])
                continue
            figures = [cell for cell in filled[1:] if is_value(joined(cell.text))]
            if "行次" in roles and "统计数" in roles:
                line_no, value = (own[roles[name]] if roles[name] < len(own) else None for name in ("行次", "统计数"))
            else:
                line_no = figures[0] if len(figures) > 1 and re.fullmatch(r"\d{1,2}", figures[0].text.strip()) else None
                value = next((cell for cell in figures if cell is not line_no), None)
                if len(figures) == 1:
                    result.problems.append(f"page {grid.page}: «{figures[0].text}» may be a line number or a figure")
            result.rows.append(
                {
                    "section": Cell(section, grid.page),
                    "item": Cell(tidy(filled[0].text), filled[0].page, filled[0].box, filled[0].doubt),
                    "line_no": line_no or Cell("", grid.page),
                    "statistic": amount_of(value) if value else Cell("", grid.page),
                }
            )
