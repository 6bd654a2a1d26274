"""A table over pages side by side: codes, names and some amounts on the first, the other amounts on one or two more.

The rows of all of them stand at the same height below their headings. Where two have as many, they follow each other;
where blank rows of the other half left no trace, as in a table without rules, each of its rows goes to the one at its
height. How much higher one half begins is told by the total: it is filled wherever anything is. Where the other half
repeats the codes, they must be those of the first.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from final_accounts.ingest.document.pages import CJK, Cell, Grid, is_value, joined
from final_accounts.ingest.layouts import Table
from final_accounts.ingest.tables.others import OtherCell
from final_accounts.ingest.tables.ruled.table import TOTAL, ReadTable, Row, amount_of, is_note, keep_apart, rows_below

# The roles of columns that say of what subject a row is.
LABELS = ("class", "section", "item_code", "subject_code", "subject_name", "item")


@dataclass
class Part:
    """One page of one half: where its headings end, None where it has none, and its rows with their heights."""

    page: int
    headings_end: float | None
    rows: list[tuple[float | None, Row]] = field(default_factory=list)


@dataclass(eq=False)
class Half:
    """The columns that stand beside the first ones on pages of their own: headings, roles, and the pages."""

    headings: list[list[str]]
    roles: dict[int, str]
    # the columns of codes that are printed again
    codes: list[int] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    pages: int = 0


def is_nameless(grid: Grid) -> bool:
    """Whether a page shows amounts only: in no row, from the first that has one on, stands a name; notes are none."""
    texts = [grid.texts(number) for number in range(len(grid.slots))]
    first = next((n for n, own in enumerate(texts) if any(map(is_value, own))), None)
    if first is None:
        return False
    return not any(re.search(f"[{CJK}]", "".join(own)) for own in texts[first:] if not is_note(own))


def is_blank(grid: Grid) -> bool:
    """Whether nothing is printed in a grid, as where the columns of a page beside have no amount."""
    return not any(grid.texts(number) for number in range(len(grid.slots)))


def headings_beside(grid: Grid, numbers: set[int]) -> int:
    """How many rows of a page without names are headings; `numbers` are those of the columns on other pages."""
    texts = [grid.texts(number) for number in range(len(grid.slots))]
    first = next((n for n, own in enumerate(texts) if any(map(is_value, own))), 0)
    end = max((n + 1 for n in range(first) if texts[n]), default=0)
    return first + 1 if end and _numbers_columns(texts[first], texts[first + 1 :], numbers) else end


def _numbers_columns(texts: list[str], below: list[list[str]], numbers: set[int]) -> bool:
    """Whether a row numbers the columns: anew, or going on with the numbers on the page before.

    One or two figures below a heading may be amounts; where those have decimals, whole ones are none.
    """
    here = [int(text) for text in texts if re.fullmatch(r"\d{1,2}", text)]
    if not here or len(here) < len(texts) or any(right - left != 1 for left, right in pairwise(here)):
        return False
    has_decimals = any("." in text for own in below for text in own)
    return here[0] - 1 in numbers or len(here) > 2 or (here[0] == 1 and has_decimals)


def height_of_row(row: Row) -> float | None:
    """Where the figures and codes of a row stand, which are on one line; None where the file has no coordinates."""
    boxes = [cell.box for cell in row.values() if cell.box and is_value(cell.text.strip())]
    return sum((box.top + box.bottom) / 2 for box in boxes) / len(boxes) if boxes else None


def end_of_headings(grid: Grid, rows: int) -> float | None:
    """Where the headings of a grid end, None where it has none or no coordinates."""
    bottoms = [cell.box.bottom for slots in grid.slots[:rows] for cell in slots if cell and cell.box]
    return max(bottoms) if bottoms else None


def read_half(result: ReadTable, table: Table, grid: Grid, rows: int, half: Half) -> Part:
    """The rows of a page of the other half: amounts, and the codes that are printed again."""
    part = Part(grid.page, end_of_headings(grid, rows))
    for _, cells, _ in rows_below(result, grid, rows):
        row: Row = {}
        for c, role in half.roles.items():
            cell = cells[c] if c < len(cells) and cells[c] else Cell("", grid.page)
            if role in table.columns:
                row[role] = amount_of(cell)
            elif role.startswith("?") and cell.text.strip():
                keep_apart(result, cells, c, role)
        if half.codes:
            row["subject_code"] = Cell(_code_again(cells, half.codes), grid.page)
        part.rows.append((height_of_row(row), row))
    return part


def _code_again(cells: list[Cell | None], columns: list[int]) -> str:
    """The code in a row of the other half, from the columns that it is printed in again."""
    texts = (joined(cells[c].text) for c in columns if c < len(cells) and cells[c])
    return "".join(text for text in texts if text.isdigit())


def put_together(
    result: ReadTable, columns: Iterable[str], first: list[Part], other: list[Part], beside: int = 1
) -> None:
    """Adds the amounts of the other half, which has these columns, to the rows of the first.

    It is the next one beside the first, or the one so many further. Rows that cannot be matched are said and kept
    apart: a table that lacks them says nothing of what the text tells.
    """
    columns = list(columns)
    rows, others = _rows_of(first), _rows_of(other)
    amounts = [each for row in others for each in row.items() if each[1].text and each[0] != "subject_code"]
    pairs = _paired(first, other, beside) if amounts else []
    if pairs is None:
        result.problems.append(
            f"page {other[0].page}: the other half of the pages has {len(others)} rows, this one {len(rows)}: its "
            f"{len(amounts)} amounts are not matched and were left out"
        )
        result.unmatched = result.unmatched or result.problems[-1]
        result.apart += [OtherCell(None, columns.index(name) + 1, cell, "", name) for name, cell in amounts]
    for row, cells in pairs or []:
        row |= {name: cell for name, cell in cells.items() if name not in row or not row[name].text}
    _fill_blanks(first, columns)


def _fill_blanks(half: list[Part], columns: list[str]) -> None:
    """Gives rows a blank cell in each of these columns that they lack."""
    for part in half:
        for _, row in part.rows:
            for name in columns:
                row.setdefault(name, Cell("", part.page))


def _rows_of(half: list[Part]) -> list[Row]:
    """The rows of all pages of a half."""
    return [row for part in half for _, row in part.rows]


def _paired(first: list[Part], other: list[Part], beside: int) -> list[tuple[Row, Row]] | None:
    """Each row of the other half with the one that it belongs to; None where that is not sure."""
    rows, others = _rows_of(first), _rows_of(other)
    is_row_by_row = len(rows) == len(others)
    pairs = list(zip(rows, others, strict=True)) if is_row_by_row else _at_their_heights(first, other, beside)
    return None if pairs is None or any(_are_of_different_codes(*pair) for pair in pairs) else pairs


def _at_their_heights(first: list[Part], other: list[Part], beside: int) -> list[tuple[Row, Row]] | None:
    """Each row of the other half that has a text with the one at its height; None where that is not sure."""
    # what is blank stands at no height, as a row of headings that has none of its own there
    other = [Part(part.page, part.headings_end, [each for each in part.rows if _has_text(each[1])]) for part in other]
    pages = _side_by_side(first, other, beside)
    if pages is None or (shift := _shift(pages, first[-1])) is None:
        return None
    pairs: list[tuple[Row, Row]] = []
    for left, right in pages:
        lower = _lower_below_headings(left, right)
        at_one_height = None if lower is None else _at_one_height(left, right, shift + lower)
        if at_one_height is None:
            return None
        pairs += at_one_height
    return pairs


def _lower_below_headings(left: Part, right: Part) -> float | None:
    """How much lower the headings of the right page end; nothing where neither has any, None where only one has."""
    ends = left.headings_end, right.headings_end
    if ends == (None, None):
        return 0.0
    return None if None in ends else ends[1] - ends[0]


def _has_text(row: Row) -> bool:
    return any(cell.text for cell in row.values())


def _are_of_different_codes(row: Row, other: Row) -> bool:
    """Whether the other half prints the code of another row again."""
    return "subject_code" in other and other["subject_code"].text != row["subject_code"].text


def _at_one_height(left: Part, right: Part, lower: float) -> list[tuple[Row, Row]] | None:
    """Each row of the right page, where rows stand so much lower, with the left one at its height; None if not sure."""
    heights = [height for height, _ in left.rows]
    if None in heights:
        return None
    pairs: list[tuple[Row, Row]] = []
    pitch = min((abs(b - a) for a in heights for b in heights if a != b), default=20.0)
    taken: set[int] = set()
    for height, cells in right.rows:
        if height is None:
            if any(cell.text for cell in cells.values()):
                return None
            continue
        n = min(range(len(heights)), key=lambda n: abs(heights[n] + lower - height), default=None)
        if n is None or n in taken or abs(heights[n] + lower - height) > 0.3 * pitch:
            return None
        taken.add(n)
        pairs.append((left.rows[n][1], cells))
    return pairs


def _side_by_side(first: list[Part], other: list[Part], beside: int) -> list[tuple[Part, Part]] | None:
    """Each page of the other half with the one it stands beside: printed after all of them, or each after its own.

    A page of the other half may be blank, or lacking, where all that it has stands on fewer pages.
    """
    by_page = {part.page: part for part in first}
    last = first[-1].page
    is_after_all = all(part.page > last for part in other)
    step = beside * (last - first[0].page + 1) if is_after_all else beside
    found = [(by_page.get(part.page - step), part) for part in other]
    if all(left for left, _ in found):
        return found
    return list(zip(first, other, strict=False)) if len(other) < len(first) else None


def _shift(pages: list[tuple[Part, Part]], last: Part) -> float | None:
    """How much lower, measured from the end of the headings, the rows of the other half stand: the total says it."""
    for (left, right), n in ((pages[0], 0), (pages[-1], -1)):
        if n and left is not last:
            continue
        if left.rows and right.rows and _is_total(left.rows[n][1]):
            heights = left.rows[n][0], right.rows[n][0]
            lower = _lower_below_headings(left, right)
            return None if None in heights or lower is None else heights[1] - heights[0] - lower
    return None


def _is_total(row: Row) -> bool:
    """Whether a row is the total; of a page that is cut in three, the parts to the right have neither code nor name."""
    name, code = row.get("subject_name"), row.get("subject_code")
    return bool(name and TOTAL.match(name.text)) and not (code and code.text)
