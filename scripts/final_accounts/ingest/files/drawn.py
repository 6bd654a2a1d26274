"""Ruled tables of a PDF page as grids, and figures that are struck out."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

import pdfplumber
from pdfplumber.utils.geometry import obj_to_edges

from final_accounts.ingest.document.pages import Box, Cell, Grid, Mark, plain
from final_accounts.ingest.files.baselines import runs_of
from final_accounts.ingest.files.characters import IN_FIGURES, lines_of
from final_accounts.ingest.files.ink import STRUCK
from final_accounts.ingest.tables.find.halves import is_nameless
from final_accounts.ingest.tables.find.vocabulary import CODE

# How thick a rule is at most, in points: a thin one of any length, a thick one where it is long. Some programs draw
# rules as filled boxes.
THIN, THICK, LONG = 1.5, 4.0, 5.0
# Which part of their size lies between digits of one figure at most.
TOUCHING = 0.05
CROSSING = "a figure crosses the rule of its cell"
Slots = list[list[Cell | None]]


def rules_of(page: pdfplumber.page.Page) -> list[dict]:
    """Where rules are drawn on a page; a box that is only filled is none: a highlight, a shade, a cover."""
    return [
        rule for shape in [*page.lines, *page.rects, *page.curves] if _is_rule(shape) for rule in obj_to_edges(shape)
    ]


def _is_rule(shape: dict) -> bool:
    short, long = sorted((shape["width"], shape["height"]))
    if short <= THIN or (short <= THICK and long >= LONG * short):
        return True
    return shape["stroke"] and not (shape["fill"] and shape["stroking_color"] == shape["non_stroking_color"])


def tables_of(page: pdfplumber.page.Page, rules: list[dict]) -> list[pdfplumber.table.Table]:
    """What rules close in on a page."""
    by_way = {
        way: [rule for rule in rules if rule["orientation"] == way[0] and rule["width"] + rule["height"] >= 1]
        for way in ("horizontal", "vertical")
    }
    by_way["vertical"] += _open_sides(rules)
    if min(map(len, by_way.values())) < 2:
        return []
    settings = {f"{way}_strategy": "explicit" for way in by_way}
    return page.find_tables(settings | {f"explicit_{way}_lines": own for way, own in by_way.items()})


def struck(chars: list[dict], rules: list[dict]) -> Iterator[Mark]:
    """Figures that a level rule runs through: struck out by whoever printed them."""
    digits = sorted((c for c in chars if c["text"].isdigit()), key=lambda c: c["top"] + c["bottom"])
    middles = [(c["top"] + c["bottom"]) / 2 for c in digits]
    for rule in rules:
        if rule["orientation"] == "h":
            for char in digits[bisect_left(middles, rule["top"] - 2) : bisect_right(middles, rule["top"] + 2)]:
                height = char["bottom"] - char["top"]
                is_through = abs((char["top"] + char["bottom"]) / 2 - rule["top"]) < 0.25 * height
                if is_through and rule["x0"] <= char["x0"] + 1 and rule["x1"] >= char["x1"] - 1:
                    yield Mark(Box(*(float(char[name]) for name in ("x0", "top", "x1", "bottom"))), STRUCK)


def _open_sides(rules: list[dict]) -> list[dict]:
    """Left and right end of tables whose rows are ruled and whose sides are not, as rules of their own.

    Without rules between the columns either, nothing is closed: the words tell the columns of such a table.
    """
    upright = [rule for rule in rules if rule["orientation"] == "v"]
    return [side for own in _across(rules) for side in _open_sides_of(own, upright)]


def _across(rules: list[dict]) -> list[list[dict]]:
    """The level rules of each table: those that begin and end below each other."""
    found: list[list[dict]] = []
    for rule in rules:
        if rule["orientation"] == "h" and rule["x1"] - rule["x0"] > 100:
            like = (own for own in found if max(abs(own[0][end] - rule[end]) for end in ("x0", "x1")) < 3)
            own = next(like, None)
            if own is None:
                found.append([rule])
            else:
                own.append(rule)
    return found


def _open_sides_of(own: list[dict], upright: list[dict]) -> Iterator[dict]:
    """The sides that the level rules of a table leave open, where there are rules between its columns."""
    top, bottom = min(rule["top"] for rule in own), max(rule["top"] for rule in own)
    left, right = min(rule["x0"] for rule in own), max(rule["x1"] for rule in own)
    beside = [rule for rule in upright if rule["top"] < bottom - 1 and rule["bottom"] > top + 1]
    if len(own) < 4 or not any(left + 5 < rule["x0"] < right - 5 for rule in beside):
        return
    for x in (left, right):
        if _ruled_at(x, beside) < 0.9 * (bottom - top):
            side = {"object_type": "line", "orientation": "v", "x0": x, "x1": x, "top": top, "bottom": bottom}
            yield side | {"height": bottom - top, "width": 0}


def _ruled_at(x: float, upright: list[dict]) -> int:
    """How long the rules are together that stand at a side."""
    # the same rule may be drawn twice
    there = {(round(rule["top"]), round(rule["bottom"])) for rule in upright if abs(rule["x0"] - x) < 5}
    return sum(bottom - top for top, bottom in there)


def _edges(values: list[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > 2:
            edges.append(value)
    return edges


def grid_of(
    table: pdfplumber.table.Table, chars: list[dict], used: set[int], page: int, rules: list[dict]
) -> Grid | None:
    """A table that is drawn as a grid, None where it has no columns; `used` are the numbers of characters in a cell.

    One column is none, but for figures alone: the last of a table that goes on on a page beside it.
    """
    boxes = [Box(*map(float, cell)) for cell in table.cells]
    columns = _edges([x for box in boxes for x in (box.x0, box.x1)])
    rows = _edges([y for box in boxes for y in (box.top, box.bottom)])
    if len(columns) < 2 or len(rows) < 2:
        return None
    boxes += _open_rows(columns, rows, rules)
    slots = _slots(boxes, columns, rows, page)
    owners = {id(char): cell for char in chars if (cell := _cell_at(char, slots, columns, rows))}
    _write(slots, chars, owners, page)
    grid = Grid(page, Box(*map(float, table.bbox)), slots, columns)
    if grid.width < 2 and not is_nameless(grid):
        return None
    used.update(number for number, char in enumerate(chars) if id(char) in owners)
    return grid


def _slots(boxes: list[Box], columns: list[float], rows: list[float], page: int) -> Slots:
    """A cell for each box, in all slots of the grid that it covers."""
    slots: Slots = [[None] * (len(columns) - 1) for _ in rows[1:]]
    for box in boxes:
        cell = Cell("", page, box)
        for r, c in _slots_under(box, columns, rows):
            slots[r][c] = cell
    return slots


def _cell_at(char: dict, slots: Slots, columns: list[float], rows: list[float]) -> Cell | None:
    """The cell that the middle of a character stands in."""
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    c = sum(edge <= x for edge in columns) - 1
    r = sum(edge <= y for edge in rows) - 1
    return slots[r][c] if 0 <= c < len(columns) - 1 and 0 <= r < len(rows) - 1 else None


def _write(slots: Slots, chars: list[dict], owners: dict[int, Cell], page: int) -> None:
    """Writes into each cell what stands in it, and doubts the figures that go over its rules."""
    inside: dict[int, list[dict]] = {}
    for char in chars:
        if id(char) in owners:
            inside.setdefault(id(owners[id(char)]), []).append(char)
    wide = list(_codes_over_two_cells(chars, owners))
    for run in wide:
        _put_together(run, inside, owners)
    for cell in {id(cell): cell for row in slots for cell in row if cell}.values():
        cell.text = "".join(line.text for line in lines_of(inside.get(id(cell), []), page, gap=1.0)).strip()
    whole = {id(char) for run in wide for char in run}
    _doubt_what_crosses_rules([char for char in chars if id(char) not in whole], owners)


def _slots_under(box: Box, columns: list[float], rows: list[float]) -> Iterator[tuple[int, int]]:
    """Row and column of each slot of a grid whose middle a box covers."""
    for r in range(len(rows) - 1):
        if box.top <= (rows[r] + rows[r + 1]) / 2 <= box.bottom:
            for c in range(len(columns) - 1):
                if box.x0 <= (columns[c] + columns[c + 1]) / 2 <= box.x1:
                    yield r, c


def _codes_over_two_cells(chars: list[dict], owners: dict[int, Cell]) -> Iterator[list[dict]]:
    """Subject codes that are wider than their cell, as those in wide digits: drawn in one go, over the name beside."""
    for run in _drawn_in_one_go(chars):
        is_code = CODE.match(plain("".join(char["text"] for char in run)))
        if is_code and len({id(owners[id(char)]) for char in run if id(char) in owners}) > 1:
            yield run


def _drawn_in_one_go(chars: list[dict]) -> Iterator[list[dict]]:
    """Characters one after the other as the page draws them, each beginning where the one before ends."""
    run: list[dict] = []
    for char in chars:
        if run and (
            abs(char["baseline"] - run[-1]["baseline"]) > TOUCHING * char["size"]
            or abs(char["x0"] - run[-1]["x1"]) > TOUCHING * char["size"]
        ):
            yield run
            run = []
        run.append(char)
    if run:
        yield run


def _put_together(run: list[dict], inside: dict[int, list[dict]], owners: dict[int, Cell]) -> None:
    """Moves the characters of a run into the cell that has most of them."""
    cells = {id(owners[id(char)]): owners[id(char)] for char in run if id(char) in owners}
    home = max(cells.values(), key=lambda cell: sum(owners.get(id(char)) is cell for char in run))
    moved = {id(char) for char in run}
    for cell in cells:
        inside[cell] = [char for char in inside[cell] if id(char) not in moved]
    inside[id(home)] += run
    owners.update(dict.fromkeys(moved, home))


def _doubt_what_crosses_rules(chars: list[dict], owners: dict[int, Cell]) -> None:
    """Doubts the cells of a figure that is wider than its cell: a part of it stands in the one beside it."""
    for run in runs_of([c for c in chars if c["text"].isdigit() or c["text"] in IN_FIGURES]):
        for char in run:
            cell, edge = owners.get(id(char)), 0.2 * (char["x1"] - char["x0"])
            if cell and (char["x0"] + edge < cell.box.x0 or char["x1"] - edge > cell.box.x1):
                cell.doubt = CROSSING
        for left, right in pairwise(run):
            cells = [owners.get(id(left)), owners.get(id(right))]
            if cells[0] is not cells[1] and right["x0"] - left["x1"] < TOUCHING * left["size"]:
                for cell in filter(None, cells):
                    cell.doubt = CROSSING


def _open_rows(columns: list[float], rows: list[float], rules: list[dict]) -> list[Box]:
    """Cells of a row that the page end cuts: rules between its columns go on, the one that closes it is missing."""
    upright = [rule for rule in rules if _is_between(rule, columns, rows)]
    found: list[Box] = []
    if upright and max(rule["bottom"] for rule in upright) > rows[-1] + 5:
        rows.append(float(max(rule["bottom"] for rule in upright)))
        found += [Box(left, rows[-2], right, rows[-1]) for left, right in pairwise(columns)]
    if upright and min(rule["top"] for rule in upright) < rows[0] - 5:
        rows.insert(0, float(min(rule["top"] for rule in upright)))
        found += [Box(left, rows[0], right, rows[1]) for left, right in pairwise(columns)]
    return found


def _is_between(rule: dict, columns: list[float], rows: list[float]) -> bool:
    """Whether an upright rule is one of those between the columns of a table."""
    return (
        rule["orientation"] == "v"
        and any(abs(rule["x0"] - x) < 2 for x in columns)
        and rule["top"] <= rows[-1] + 2
        and rule["bottom"] >= rows[0] - 2
    )
