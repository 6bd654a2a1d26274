"""A table over pages side by side: codes, names and some amounts on the one, the other amounts on the other.

The rows of both halves stand at the same height below their headings. Where both have as many, they follow each other;
where blank rows of the other half left no trace, as in a table without rules, each of its rows goes to the one at its
height. How much higher one half begins is told by the total: it is filled wherever anything is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from final_accounts.ingest.document.pages import Cell, Grid, is_value
from final_accounts.ingest.layouts import Table
from final_accounts.ingest.tables.ruled.table import TOTAL, ReadTable, Row, amount_of, keep_apart, rows_below


@dataclass
class Part:
    """One page of one half: where its headings end, None where it has none, and its rows with their heights."""

    page: int
    headings_end: float | None
    rows: list[tuple[float | None, Row]] = field(default_factory=list)


def height_of_row(row: Row) -> float | None:
    """Where the figures and codes of a row stand, which are on one line; None where the file has no coordinates."""
    boxes = [cell.box for cell in row.values() if cell.box and is_value(cell.text.strip())]
    return sum((box.top + box.bottom) / 2 for box in boxes) / len(boxes) if boxes else None


def end_of_headings(grid: Grid, rows: int) -> float | None:
    """Where the headings of a grid end, None where it has none or no coordinates."""
    bottoms = [cell.box.bottom for slots in grid.slots[:rows] for cell in slots if cell and cell.box]
    return max(bottoms) if bottoms else None


def read_half(result: ReadTable, table: Table, grid: Grid, rows: int, roles: dict[int, str]) -> Part:
    """The rows of a page of the other half: amounts only."""
    own = {c: role for c, role in roles.items() if role in table.columns or role.startswith("?")}
    part = Part(grid.page, end_of_headings(grid, rows))
    for _, cells, _ in rows_below(result, grid, rows):
        row: Row = {}
        for c, role in own.items():
            cell = cells[c] if c < len(cells) and cells[c] else Cell("", grid.page)
            if not role.startswith("?"):
                row[role] = amount_of(cell)
            elif cell.text.strip():
                keep_apart(result, cells, c, role)
        part.rows.append((height_of_row(row), row))
    return part


def put_together(result: ReadTable, columns: Iterable[str], first: list[Part], other: list[Part]) -> None:
    """Adds the amounts of the other half, which has these columns, to the rows of the first.

    Rows that cannot be matched are said and left out.
    """
    amounts = sum(1 for part in other for _, row in part.rows for cell in row.values() if cell.text)
    pairs = _paired(first, other) if amounts else []
    if pairs is None:
        result.problems.append(
            f"page {other[0].page}: the other half of the pages has {sum(len(part.rows) for part in other)} rows, this "
            f"one {sum(len(part.rows) for part in first)}: its {amounts} amounts are not matched and were left out"
        )
    for row, cells in pairs or []:
        row |= {name: cell for name, cell in cells.items() if name not in row or not row[name].text}
    for part in first:
        for _, row in part.rows:
            for name in columns:
                row.setdefault(name, Cell("", part.page))


def _paired(first: list[Part], other: list[Part]) -> list[tuple[Row, Row]] | None:
    """Each row of the other half with the one that it belongs to; None where that is not sure."""
    if sum(len(part.rows) for part in first) == sum(len(part.rows) for part in other):
        rows, others = ([row for part in half for _, row in part.rows] for half in (first, other))
        return list(zip(rows, others, strict=True))
    pages = _side_by_side(first, other)
    if pages is None or (shift := _shift(pages, first[-1])) is None:
        return None
    pairs: list[tuple[Row, Row]] = []
    for left, right in pages:
        lower = shift
        if left.headings_end is not None and right.headings_end is not None:
            lower += right.headings_end - left.headings_end
        elif left.headings_end is not None or right.headings_end is not None:
            return None
        beside = _at_one_height(left, right, lower)
        if beside is None:
            return None
        pairs += beside
    return pairs


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


def _side_by_side(first: list[Part], other: list[Part]) -> list[tuple[Part, Part]] | None:
    """Each page of the other half with the one it stands beside: printed after all of them, or each after its own.

    A page of the other half may be blank.
    """
    by_page = {part.page: part for part in first}
    last = first[-1].page
    is_after_all = all(part.page > last for part in other)
    found = []
    for part in other:
        beside = by_page.get(first[0].page + part.page - last - 1 if is_after_all else part.page - 1)
        if beside is None:
            return None
        found.append((beside, part))
    return found


def _shift(pages: list[tuple[Part, Part]], last: Part) -> float | None:
    """How much lower, measured from the end of the headings, the rows of the other half stand: the total says it."""
    for (left, right), n in ((pages[0], 0), (pages[-1], -1)):
        if n and left is not last:
            continue
        if left.rows and right.rows and _is_total(left.rows[n][1]):
            heights = left.rows[n][0], right.rows[n][0]
            ends = left.headings_end, right.headings_end
            if None in heights or (None in ends and ends != (None, None)):
                return None
            return heights[1] - heights[0] - ((ends[1] - ends[0]) if None not in ends else 0.0)
    return None


def _is_total(row: Row) -> bool:
    """Whether a row is the total; of a page that is cut in three, the parts to the right have neither code nor name."""
    name, code = row.get("subject_name"), row.get("subject_code")
    return bool(name and TOTAL.match(name.text)) and not (code and code.text)
