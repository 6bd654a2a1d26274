"""What all kinds of workbooks have in common: hidden rows and columns, merged cells, marks on a cell."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from final_accounts.ingest.document.pages import (
    Cell,
    Grid,
    Line,
    Page,
    Refused,
    amount_in,
    figure,
    is_value,
    plain,
)
from final_accounts.ingest.layouts import is_other_title, title_of
from final_accounts.ingest.narrative.words import PART, SECTION, is_heading

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


def page_of(slots: Slots, number: int) -> Page:
    """A sheet as a page: its tables, and the text that it holds in rows of one cell each as lines."""
    grid = Grid(number, None, slots)
    texts = [_texts(grid, row) for row in range(len(slots))]
    page = Page(number, scales=_scales(slots))
    start = 0
    for first, end in [*_stretches_of_text(texts), (len(slots), len(slots))]:
        last = max((row for row in range(start, first) if texts[row]), default=start - 1)
        if last >= start:
            page.parts.append(Grid(number, None, slots[start : last + 1]))
        page.parts += [
            Line(line.rstrip(), number)
            for row in texts[first:end]
            for cell in row
            for line in cell.text.split("\n")
            if line.strip()
        ]
        start = end
    return page


# «万» behind a figure: the unit that a format writes there.
_WITH_UNIT = re.compile(r"^(?P<figure>.*[\d)）])\s*(?P<unit>千|[百千]?[万萬]|[亿億])元?$")
_MOST_POWERS = 12


def scaled(text: str, value: float | Decimal) -> tuple[str, tuple[int, str] | None]:
    """The figure that a sheet shows of a number, without a unit behind it, and its scale; None where it tells none."""
    match = _WITH_UNIT.match(text)
    unit = match["unit"] if match and is_value(figure(match["figure"])) else ""
    text = figure(match["figure"]) if match and unit else text
    shown, number = amount_in(text), abs(Decimal(str(value)))
    if not shown or not number:
        return text, None
    # what is shown is the number in so many powers of ten, as far as its digits go
    half = Decimal(1).scaleb(shown.as_tuple().exponent) / 2
    powers = (n for n in range(_MOST_POWERS) if abs(number.scaleb(-n) - abs(shown)) <= half)
    power = next(powers, None)
    is_told = len(shown.as_tuple().digits) > 1 or unit
    return text, (power, unit) if power is not None and is_told else None


def _scales(slots: Slots) -> dict[tuple[int, str], str]:
    """The scales of the amounts of a sheet, each with the first text that is shown so; counts and codes have none."""
    found: dict[tuple[int, str], str] = {}
    for cell in (cell for row in slots for cell in row if cell and cell.scale):
        if is_money(cell.text) or cell.scale != (0, ""):
            found.setdefault(cell.scale, cell.text)
    return found


def _texts(grid: Grid, row: int) -> list[Cell]:
    cells = (grid.own(row, column) for column in range(len(grid.slots[row])))
    return [cell for cell in cells if cell and cell.text.strip()]


def _stretches_of_text(texts: list[list[Cell]]) -> Iterator[tuple[int, int]]:
    """First rows and ends of what is text: a whole sheet, or what begins with a heading of the text and has sentences.

    What else stands above and below a table in rows of one cell is its title, its unit and its notes; below the title
    of a table that is empty nothing else may stand.
    """
    if _is_text_alone(texts):
        yield 0, len(texts)
        return
    start: int | None = None
    for number, row in enumerate([*texts, [_NO_TEXT, _NO_TEXT]]):
        text = row[0].text.strip() if row else ""
        if start is None:
            start = number if len(row) == 1 and _begins_text(text) else None
        elif len(row) > 1 or title_of(text) or is_other_title(text):
            if _has_sentence(texts[start:number]):
                yield start, number
            start = None


def _is_text_alone(texts: list[list[Cell]]) -> bool:
    """Whether a sheet has nothing but text: no two cells beside each other, and no title of a table."""
    return all(len(row) < 2 for row in texts) and not any(title_of(cell.text) for row in texts for cell in row)


def _begins_text(text: str) -> bool:
    """Whether a line is a heading of the text."""
    return bool(PART.match(text) or (SECTION.match(text) and is_heading(text)))


def _has_sentence(texts: list[list[Cell]]) -> bool:
    """Whether a sentence is among the cells."""
    return any(_is_sentence(cell.text) for row in texts for cell in row)


_NO_TEXT = Cell("", 0)


def _is_sentence(text: str) -> bool:
    return len(text) > 20 and "。" in text


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
