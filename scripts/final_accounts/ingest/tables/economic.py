"""The table by economic subject: panels of code, name and amount side by side, their totals below all of them."""

import re

from final_accounts.ingest.document import Cell, Grid, is_value, joined, key, undoubled
from final_accounts.ingest.layouts import Table, column_of
from final_accounts.ingest.tables.headings import headings_of, split_header
from final_accounts.ingest.tables.table import (
    ECONOMIC_TOTAL,
    NOTE,
    ReadTable,
    Row,
    amount_of,
    free_amount,
    free_label,
    take_note,
    tidy,
)
from final_accounts.ingest.tables.unruled import CODE, is_heading_row, is_numbering


def read_economic_grids(result: ReadTable, table: Table, grids: list[Grid]) -> None:
    """Panel after panel, then the totals."""
    panels: dict[int, list[Row]] = {}
    totals: list[Row] = []
    starts: list[dict[str, int]] = []
    width = 0
    for grid in grids:
        rows = split_header(grid, table)
        if rows:
            starts, width = _panels(headings_of(grid, rows), table), grid.width
        elif grid.width != width and any(c and CODE.match(joined(c.text)) for slots in grid.slots for c in slots):
            result.problems.append(f"page {grid.page}: {grid.width} columns, the page before has {width}")
        _read_grid(result, grid, rows, starts, panels, totals)
    for number in sorted(panels):
        for row in panels[number]:
            row["panel_no"] = Cell(str(number), row["subject_name"].page)
            result.rows.append(row)
    result.rows += totals


def _panels(headings: list[list[str]], table: Table) -> list[dict[str, int]]:
    """Columns of code, name and amount, panel by panel."""
    starts: list[dict[str, int]] = []
    for c, texts in enumerate(headings):
        whole = key("".join(texts))
        if re.search(r"科目编码|科目代码|编码$", whole) and "名称" not in whole:
            starts.append({"code": c})
        elif starts and re.search(r"名称", whole):
            starts[-1]["name"] = c
        elif starts and column_of(["".join(texts[-1:])], table.columns) and "amount" not in starts[-1]:
            starts[-1]["amount"] = c
        elif whole and starts:
            starts[-1].setdefault("other", c)
    return starts


def _read_grid(
    result: ReadTable,
    grid: Grid,
    rows: int,
    starts: list[dict[str, int]],
    panels: dict[int, list[Row]],
    totals: list[Row],
) -> None:
    for number in range(rows, len(grid.slots)):
        own = [grid.own(number, c) for c in range(grid.width)]
        filled = [(c, cell) for c, cell in enumerate(own) if cell and cell.text.strip()]
        texts = [cell.text.strip() for _, cell in filled]
        if texts and NOTE.match(texts[0]):
            take_note(result, "".join(texts))
            continue
        if not texts or is_heading_row(texts) or is_numbering(texts):
            continue
        if any(ECONOMIC_TOTAL.match(joined(undoubled(t))) for t in texts):
            for position, (_, cell) in enumerate(filled):
                name = joined(undoubled(cell.text))
                if not ECONOMIC_TOTAL.match(name):
                    continue
                after = filled[position + 1] if position + 1 < len(filled) else None
                value = after[1] if after and is_value(after[1].text.strip()) else Cell("", grid.page)
                totals.append(
                    {
                        "panel_no": Cell("", grid.page),
                        "subject_code": Cell("", grid.page),
                        "subject_name": Cell(name, cell.page, cell.box, cell.doubt),
                        "amount": amount_of(value),
                    }
                )
            continue
        for panel, places in enumerate(starts, 1):
            cells = {role: own[c] if c < len(own) and own[c] else Cell("", grid.page) for role, c in places.items()}
            code, name = cells["code"], cells.get("name", Cell("", grid.page))
            if "other" in cells and cells["other"].text.strip():
                result.problems.append(
                    f"page {grid.page}: «{cells['other'].text}» stands in a column that the raw table does not have"
                )
            if not (joined(code.text) or name.text.strip()):
                if cells.get("amount") and cells["amount"].text.strip():
                    result.problems.append(f"page {grid.page}: «{cells['amount'].text}» stands beside no subject")
                continue
            row = {
                "panel_no": Cell("", grid.page),
                "subject_code": Cell(_single(joined(code.text)), code.page, code.box, code.doubt),
                "subject_name": Cell(tidy(undoubled(name.text)), name.page, name.box, name.doubt),
                "amount": amount_of(cells.get("amount") or Cell("", grid.page)),
            }
            if not row["subject_code"].text and panels.get(panel) and not row["amount"].text:
                last = panels[panel][-1]["subject_name"]
                last.text += row["subject_name"].text
                continue
            free_label(row, "subject_name", ["amount"])
            free_amount(row, "subject_name", ["amount"])
            panels.setdefault(panel, []).append(row)


def _single(code: str) -> str:
    half = len(code) // 2
    return code[:half] if len(code) in (6, 10) and code[:half] == code[half:] else code
