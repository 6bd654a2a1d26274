"""What all kinds of workbooks have in common: hidden rows and columns, merged cells, marks on a cell."""

import re
from collections.abc import Iterable

from final_accounts.ingest.document.pages import Cell, Refused, figure, is_value, plain

MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 5_000, 100, 100
Slots = list[list[Cell | None]]


def check_size(number: int, rows: int, columns: int) -> None:
    """Refuses a sheet that holds more than one of a report."""
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise Refused(
            f"sheet {number} has {rows:,} rows and {columns:,} columns; "
            f"expected at most {MOST_ROWS:,} and {MOST_COLUMNS}"
        )


def merge(slots: Slots, first_row: int, last_row: int, first_column: int, last_column: int) -> None:
    """Lets one cell stand in all slots of an area, as far as there are slots; counted from 0, ends included."""
    if first_row < len(slots) and first_column < len(slots[first_row]):
        first = slots[first_row][first_column]
        for row in slots[first_row : last_row + 1]:
            for column in range(first_column, min(last_column + 1, len(row))):
                row[column] = first


def seen(slots: Slots, rows: set[int], columns: set[int], number: int, title: str) -> tuple[Slots, list[str]]:
    """The cells without the rows and columns that are hidden, counted from 0; and a point if those hold amounts."""
    kept = [[cell for c, cell in enumerate(row) if c not in columns] for r, row in enumerate(slots) if r not in rows]
    all_cells = {id(cell): cell for row in slots for cell in row if cell}
    rest = all_cells.keys() - {id(cell) for row in kept for cell in row}
    hidden = sum(1 for one in rest if re.search(r"[1-9]", all_cells[one].text) and is_money(all_cells[one].text))
    point = f"sheet {number} «{plain(title)}» hides rows or columns with {hidden} amounts, which were not read"
    return kept, [point] if hidden else []


def is_money(text: str) -> bool:
    """Whether a text is an amount with decimals; a code or the number of a line is none."""
    return is_value(figure(text)) and "." in text


def without_marked(parts: Iterable[tuple[str, bool, bool]]) -> tuple[str, str | None]:
    """A text without the parts that are struck out, or raised behind a figure, and a doubt that names them.

    Each part is its text, whether it is struck out, and whether it is raised.
    """
    kept, struck, raised, whole = "", "", "", ""
    for text, is_struck, is_raised in parts:
        whole += text
        if is_struck:
            struck += text
        elif is_raised:
            raised += text
        else:
            kept += text
    if struck and re.search(r"\d", whole):
        return plain(kept).strip("\n"), f"«{plain(struck).strip()}» is struck out"
    if raised.strip() and is_value(figure(plain(kept).strip())):
        return plain(kept).strip("\n"), f"a raised «{plain(raised).strip()}» stands beside it"
    return plain(whole).strip("\n"), None
