"""Tables of lines in two panels side by side, revenue and expenditure."""

import re
from collections.abc import Container

from final_accounts.ingest.document.pages import Cell, Grid, is_value, joined, key, label_key
from final_accounts.ingest.layouts import Table, column_of, form_labels
from final_accounts.ingest.tables.find.headings import headings_of, split_header
from final_accounts.ingest.tables.find.vocabulary import is_heading_row, is_numbering
from final_accounts.ingest.tables.ruled.table import (
    ReadTable,
    Row,
    add_panels,
    amount_of,
    free_amount,
    free_label,
    is_note,
    keep_apart,
    rows_below,
    tidy,
)


def read_line_grids(result: ReadTable, table: Table, grids: list[Grid]) -> None:
    """Tables of two panels side by side, revenue and expenditure."""
    found: dict[str, list[Row]] = {panel: [] for panel in table.panels}
    places: list[tuple[str, dict[int, str]]] = []
    labels = form_labels(table.table_no)
    width = 0
    for grid in grids:
        rows = split_header(grid, table)
        if here := _panels(result, table, headings_of(grid, rows), _words_of(grid)) if rows else []:
            places, width = here, grid.width
        if not places:
            result.problems.append(f"page {grid.page}: no heading is one of table {table.table_no}")
            continue
        if grid.width != width:
            result.problems.append(f"page {grid.page}: {grid.width} columns, the page before has {width}")
        first = True
        for _, own, texts in rows_below(result, grid, rows):
            if _repeats_headings(texts, labels) or (not texts and grid.box is None):
                continue
            read = {panel: _panel_row(result, table, grid, own, roles) for panel, roles in places}
            _add_rows(found, read, table, may_go_on=first)
            first = False
    add_panels(result, found)


def _repeats_headings(texts: list[str], labels: Container[str]) -> bool:
    """Whether the texts of a row are headings or number the columns; a label of the form with amounts is none."""
    is_line = any(label_key(text) in labels for text in texts) and any(map(is_value, texts))
    return not is_line and (is_heading_row(texts) or is_numbering(texts))


def _add_rows(found: dict[str, list[Row]], read: dict[str, Row], table: Table, *, may_go_on: bool) -> None:
    """Adds the row of each panel; the first of a page may hold the rest of the labels of the one above it."""
    panels = [panel for panel in read if may_go_on and found[panel]]
    rests = [panel for panel in panels if _is_label_rest(found[panel][-1], read[panel], table)]
    for panel, row in read.items():
        is_blank = not any(cell.text for cell in row.values())
        if rests and panel in panels and (panel in rests or is_blank):
            _join_rest(found[panel][-1], row)
        else:
            found[panel].append(row)


def _join_rest(above: Row, row: Row) -> None:
    """Joins the rest of a label to it, and the cells beside it to those that are blank there."""
    above["item"] = Cell(above["item"].text + row["item"].text, above["item"].page, above["item"].box)
    above |= {n: cell for n, cell in row.items() if n != "item" and cell.text and not above.get(n, cell).text}


def _panel_row(result: ReadTable, table: Table, grid: Grid, own: list[Cell | None], roles: dict[int, str]) -> Row:
    """One row of one panel."""
    row: Row = {}
    for c, role in roles.items():
        cell = own[c] if c < len(own) and own[c] else Cell("", grid.page)
        if role.startswith("?"):
            if cell.text.strip():
                keep_apart(result, own, c, role)
            continue
        row[role] = amount_of(cell) if role in table.amounts else Cell(tidy(cell.text), cell.page, cell.box, cell.doubt)
    row.setdefault("item", Cell("", grid.page))
    names = [role for _, role in sorted(roles.items()) if role in table.amounts]
    if "line_no" not in row:
        free_label(row, "item", names)
        free_amount(row, "item", names)
    return row


def _is_label_rest(above: Row, row: Row, table: Table) -> bool:
    labels = form_labels(table.table_no)
    before, rest = label_key(above["item"].text), joined(row["item"].text)
    return bool(rest and before) and before not in labels and label_key(above["item"].text + rest) in labels


def _lacks(name: str, table: Table, words: str) -> bool:
    """Whether a column is one that older forms do not have, and nothing in the table speaks of it."""
    return name in table.newer and key(table.newer[name]) not in words


def _words_of(grid: Grid) -> str:
    """What is printed in the rows of a table; its note may speak of what other years have."""
    rows = ([cell.text for cell in slots if cell] for slots in grid.slots)
    return "".join(key(text) for row in rows if not is_note([t.strip() for t in row if t.strip()]) for text in row)


def _panels(result: ReadTable, table: Table, headings: list[list[str]], words: str) -> list[tuple[str, dict[int, str]]]:
    """Panels with the roles of their columns: each begins with a column of items. `words` are those of the table."""
    starts = [c for c, texts in enumerate(headings) if texts and re.match(r"^(项目)(\(.*\))?$", key(texts[-1]))]
    panels: dict[str, dict[int, str]] = {}
    for start, end in zip(starts, [*starts[1:], len(headings)], strict=False):
        panel = _panel_of(key("".join(headings[start])), list(table.panels), len(panels))
        if panel in panels:
            result.problems.append(
                f"a further panel «{''.join(headings[start])}», which the raw table has no column for"
            )
            continue
        names = table.panels[panel]
        roles = _roles_of_panel(headings, start, end, names)
        missing = [name for name in names if name not in roles.values() and not _lacks(name, table, words)]
        if missing:
            result.problems.append(f"no heading was found for the columns {', '.join(missing)} of the panel {panel}")
        panels[panel] = roles
    return list(panels.items())


def _panel_of(heading: str, panels: list[str], number: int) -> str:
    """The panel that a heading names; where it names none, the one that is as far to the right."""
    if "支出" in heading:
        return "expenditure"
    return "revenue" if "收入" in heading else panels[min(number, len(panels) - 1)]


def _roles_of_panel(
    headings: list[list[str]], start: int, end: int, names: dict[str, list[list[str]]]
) -> dict[int, str]:
    """The roles of the columns of a panel, which is from its column of items to another."""
    texts = {c: "".join(headings[c]) for c in range(start + 1, end)}
    rest = {c: text for c, text in texts.items() if not key(text).endswith("行次")}
    roles = {start: "item"} | {c: "line_no" for c in texts if c not in rest}
    found = column_of([rest.get(c, "") for c in range(end)], names)
    roles |= {c: name for c, name in found.items() if c in rest}
    return roles | {c: f"?{text}" for c, text in rest.items() if c not in roles}
