"""Builds a grid from lines of words where a table is drawn without rules, or a text file lines its columns up."""

import re
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from final_accounts.ingest.document.pages import Box, Cell, Grid, Line, Word, is_value, key
from final_accounts.ingest.tables.find.vocabulary import CODE, NUMBERED, TOTALS, is_heading_row, is_numbering
from final_accounts.ingest.tables.unruled.anchors import Body, alignment_of, height_of, lines_of, nearest, put, rows_of
from final_accounts.ingest.tables.unruled.spans import columns_of, has_no_names, is_group_row
from final_accounts.ingest.tables.unruled.words import cut_headings, parted

# why an amount of lined-up text may be of another column
BETWEEN = "it stands between two headings: the column is a guess"


@dataclass(frozen=True)
class _Part:
    """A page of a table: its lines, and their words as rows of headings and of the body."""

    lines: list[Line]
    head: list[list[Word]]
    body: list[list[Word]]

    @property
    def words(self) -> list[Word]:
        """The words of the body, line by line."""
        return [word for row in self.body for word in row]


# The last line of a heading that is set in a narrow column.
_REST_OF_HEADING = re.compile(r"^(科目|目)?(编码|代码|码|名称|称)$")


def _end_of_heading(rows: list[list[Word]], last_heading: int, first: int) -> int:
    """Where the body begins: a wrapped heading may go on below the last line that can be told for one."""
    end = last_heading + 1
    while end < min(first, len(rows) - 1) and all(_REST_OF_HEADING.match(w.text) for w in rows[end]):
        end += 1

    def gap(before: int) -> float:
        bottom = max(w.box.bottom for words in rows[:before] for w in words)
        return round(min(w.box.top for w in rows[before]) - bottom, 1)

    # the body is further from the headings than their lines are from each other
    return max(range(end, min(first, len(rows) - 1) + 1), key=gap, default=end)


def grids_of_lines(pages: list[list[Line]], labels: set[str] = frozenset(), kind: str = "subjects") -> list[Grid]:
    """A grid for the lines of each page of one table; none where they have no columns.

    `labels` are labels of lines that begin a row; `kind` is how the rows of the table are read (layouts.yml).
    Columns are found over all pages together: what is blank on one page is filled on another.
    A page with other headings than the first (the other half of the table) has columns of its own.
    """
    groups = _under_one_heading(_parts_of(pages, kind))
    return [grid for n, parts in enumerate(groups) for grid in _grids_of_group(parts, labels, is_first=n == 0)]


def _parts_of(pages: list[list[Line]], kind: str) -> list[_Part]:
    """The pages of a table that have words, each parted into headings and body."""
    parts: list[_Part] = []
    for lines in pages:
        rows = [parted(line.words, kind) for line in lines if line.words]
        if rows:
            first = _first_row(rows, bool(parts), kind)
            if parts and _texts(rows[: len(parts[0].head)]) == _texts(parts[0].head):
                first = len(parts[0].head)
            parts.append(_Part(lines, rows[:first], rows[first:]))
    return parts


def _grids_of_group(parts: list[_Part], labels: set[str], *, is_first: bool) -> list[Grid]:
    """The grids of pages under the same headings; none where those have no columns, one being enough on a half page."""
    body = [words for part in parts for words in part.body]
    parts = [replace(part, head=cut_headings(part.head, body)) for part in parts]
    columns = columns_of(parts[0].head, body)
    if len(columns) < 2 and (is_first or not columns or not has_no_names(body)):
        return []
    bodies = [_body_of(part.words, columns, labels) if part.words else None for part in parts]
    alignment = alignment_of([own for own in bodies if own is not None], labels)
    return [_grid_of(part, own, columns, labels, alignment) for part, own in zip(parts, bodies, strict=True)]


def _grid_of(
    part: _Part, body: Body | None, columns: list[tuple[float, float]], labels: set[str], alignment: str
) -> Grid:
    """The grid of one page from the columns of its group, and how names stand beside their figures there."""
    page = part.lines[0].page
    slots = [_heading_row(part.head, n, columns, page) for n in range(len(part.head))]
    if body is not None:
        rows = _body_rows(body, columns, page, labels, alignment)
        _settle_between_headings(rows, _leaves(part.head, columns), body, _above_totals(part.head))
        slots += rows
    box = part.lines[0].box
    for line in part.lines[1:]:
        box = line.box.joined(box) if line.box else box
    return Grid(page, box, slots, [columns[0][0], *[right for _, right in columns]], len(part.head))


def _under_one_heading(parts: list[_Part]) -> list[list[_Part]]:
    """The pages that follow each other under the same headings, printed again or not."""
    groups: list[list[_Part]] = []
    for part in parts:
        texts = _texts(part.head)
        if not groups or (texts and texts != _texts(groups[-1][0].head)):
            groups.append([])
        groups[-1].append(part)
    return groups


def _texts(rows: list[list[Word]]) -> list[str]:
    return [word.text for words in rows for word in words]


def _first_row(rows: list[list[Word]], goes_on: bool, kind: str) -> int:
    """Number of the first line of the body; a page that goes on with a table may have no headings."""
    if kind == "subjects" and goes_on and (figures := _first_of_figures_alone(rows)) is not None:
        # the other half of a page has columns of amounts only: all above the first is heading
        return figures
    # of the three public expenses the row is figures only
    has_labels = kind != "one"
    texts = [[word.text for word in words] for words in rows]
    first = next((n for n in range(len(rows)) if _begins_body(texts[n], texts[n + 1 : n + 2], has_labels)), len(rows))
    # A total in the heading row («合计», with others beside it) is no first row.
    last_heading = max((n for n, own in enumerate(texts[: first + 2]) if _is_of_headings(own)), default=-1)
    if last_heading < 0:
        return 0 if goes_on else first
    # a table without a row is all headings
    return len(rows) if first == len(rows) else _end_of_heading(rows, last_heading, first)


def _first_of_figures_alone(rows: list[list[Word]]) -> int | None:
    """Number of the first line with a figure where nothing but figures follows; None where something else does."""
    first = next((n for n, words in enumerate(rows) if any(is_value(word.text) for word in words)), None)
    return first if first is not None and has_no_names(rows[first:]) else None


def _is_of_headings(texts: list[str]) -> bool:
    """Whether the words of a line are headings, or number the columns."""
    return is_heading_row(texts) or (len(texts) > 2 and is_numbering(texts))


def _begins_body(texts: list[str], below: list[list[str]], has_labels: bool) -> bool:
    """Whether a line can be the first row of a table, by its words and those of the next line.

    It has a code or the label of a row, or is that of the total, or has figures that number no columns.
    """
    if has_labels and (any(map(_begins_row, texts[:2])) or _is_of_total(texts, below)):
        return True
    if sum(map(is_value, texts)) >= (2 if has_labels else 1) and not is_numbering(texts):
        return True
    # one amount may be all that a row of the other half of a page shows
    return all(is_value(text) and re.search(r"[.．]", text) for text in texts)


def _begins_row(text: str) -> bool:
    """Whether a word is a code or a numbered label."""
    return bool(CODE.match(text) or NUMBERED.match(text))


def _is_of_total(texts: list[str], below: list[list[str]]) -> bool:
    """Whether a line is that of the total: nothing but its name and figures, and not a heading that goes on below."""
    if not any(key(text) in TOTALS for text in texts[:2]):
        return False
    if not all(is_value(text) or key(text) in TOTALS for text in texts):
        return False
    return len(texts) > 1 or not _goes_on_with_headings(below)


def _goes_on_with_headings(below: list[list[str]]) -> bool:
    """Whether the last lines of headings stand right below: «合计» between two lines of the others is one of them."""
    return any(
        len(texts) > 1 and not any(is_value(text) or _begins_row(text) or key(text) in TOTALS for text in texts)
        for texts in below
    )


def _heading_row(
    head: list[list[Word]], number: int, columns: list[tuple[float, float]], page: int
) -> list[Cell | None]:
    words, below = head[number], head[number + 1 :]
    row: list[Cell | None] = [None] * len(columns)
    if 1 < len(words) < 5 and is_group_row(head, number):
        return _below_groups([Cell(w.text, page, w.box) for w in words], columns)
    leaves = _leaves(below, columns)
    for word in words:
        cell = Cell(word.text, page, word.box)
        under = _columns_under(word.box, leaves, columns)
        others = [other.box for other in words if other is not word]
        for c in _centred_below(word.box, min(under), max(under), leaves, others):
            row[c] = cell if row[c] is None else Cell(row[c].text + word.text, page, word.box.joined(row[c].box))
    return row


def _columns_under(box: Box, leaves: list[float | None], columns: list[tuple[float, float]]) -> list[int]:
    """The columns below a heading: those whose own headings stand below it, or the one where it stands by itself."""
    under = [c for c, leaf in enumerate(leaves) if leaf is not None and box.x0 - 1 <= leaf <= box.x1 + 1]
    if under:
        return under
    own = _column_at(box, columns)
    if leaves[own] is None:
        return [own]
    # in the middle between two columns that have headings of their own
    other = own + 1 if box.middle > leaves[own] else own - 1
    return [own, other] if 0 <= other < len(columns) and leaves[other] is not None else [own]


def _centred_below(box: Box, first: int, last: int, leaves: list[float | None], others: list[Box]) -> range:
    """The columns that a heading stands in the middle of: those below it, and one more where it is off their middle."""

    def off(first: int, last: int) -> float:
        return abs((leaves[first] + leaves[last]) / 2 - box.middle)

    for a, b in ((first - 1, last), (first, last + 1)):
        if a < 0 or b >= len(leaves) or None in (leaves[first], leaves[last], leaves[a], leaves[b]):
            continue
        added = leaves[a] if a < first else leaves[b]
        is_another = any(other.x0 <= added <= other.x1 for other in others)
        if not is_another and off(a, b) < off(first, last) / 2:
            return range(a, b + 1)
    return range(first, last + 1)


def _leaves(below: list[list[Word]], columns: list[tuple[float, float]]) -> list[float | None]:
    """The middle of the lowest heading of each column, None where no heading stands below."""
    leaves: list[float | None] = [None] * len(columns)
    for words in reversed(below):
        if is_numbering([w.text for w in words]) and len(words) > 2:
            continue
        for word in words:
            for c, (left, right) in enumerate(columns):
                if (
                    leaves[c] is None
                    and left <= word.box.middle < right
                    and word.box.x1 - word.box.x0 < 1.5 * (right - left)
                ):
                    leaves[c] = word.box.middle
    return leaves


def _below_groups(cells: list[Cell], columns: list[tuple[float, float]]) -> list[Cell]:
    """Each column with the group above it: groups are consecutive, and each stands in the middle of its columns."""
    best, result = 1e9, [cells[0]] * len(columns)
    for cuts in combinations(range(1, len(columns)), len(cells) - 1):
        bounds = [0, *cuts, len(columns)]
        runs = list(pairwise(bounds))
        off = sum(
            abs((columns[a][0] + columns[b - 1][1]) / 2 - cell.box.middle)
            for cell, (a, b) in zip(cells, runs, strict=True)
        )
        if off < best:
            best = off
            result = [cell for cell, (a, b) in zip(cells, runs, strict=True) for _ in range(b - a)]
    return result


def _column_at(box: Box, columns: list[tuple[float, float]]) -> int:
    overlaps = [min(box.x1, right) - max(box.x0, left) for left, right in columns]
    return max(range(len(columns)), key=overlaps.__getitem__)


def _body_of(words: list[Word], columns: list[tuple[float, float]], labels: set[str]) -> Body:
    """Names and figures of a page; a total is a name where the labels of the form are known."""
    height = height_of(words)
    figures = [w for w in words if is_value(w.text) or CODE.match(w.text) or (not labels and key(w.text) in TOTALS)]
    names: dict[int, list[Word]] = {}
    for word in words:
        if word not in figures:
            names.setdefault(_column_at(word.box, columns), []).append(word)
    return Body({c: lines_of(own, height) for c, own in names.items()}, figures, height)


def _body_rows(
    body: Body, columns: list[tuple[float, float]], page: int, labels: set[str], alignment: str
) -> list[list[Cell | None]]:
    """Rows around the lines of their figures, and, where the labels of the form are known, around those labels."""
    anchors, owners = rows_of(body, labels, alignment)
    rows: dict[int, list[Cell | None]] = {n: [None] * len(columns) for n in range(len(anchors))}
    by_row: dict[int, list[Word]] = {}
    for word in sorted(body.figures, key=lambda word: word.box.x0):
        by_row.setdefault(nearest(word.box, anchors), []).append(word)
    for n, figures in by_row.items():
        for word, c in zip(figures, _columns_of(figures, columns, body), strict=True):
            put(rows[n], c, word, page, None)
    for c, own in body.lines.items():
        for line, (owner, doubt) in zip(own, owners[c], strict=True):
            row = rows.setdefault(owner, [None] * len(columns))
            for word in line:
                put(row, c, word, page, doubt)
    return [rows[n] for n in sorted(rows)]


def _above_totals(head: list[list[Word]]) -> list[float]:
    """The middles of the headings of totals."""
    return [word.box.middle for words in head for word in words if key(word.text).endswith("合计")]


def _settle_between_headings(
    rows: list[list[Cell | None]], leaves: list[float | None], body: Body, totals: list[float]
) -> None:
    """Doubts the amounts of lined-up text that stand no nearer to their heading than to the one of a blank cell.

    Such text drifts away from its headings from left to right: they go where they drift the least. The first is the
    total of the others where the first heading is that of a total.
    """
    if any(word.edges for word in body.figures):
        return
    for row in rows:
        amounts = [c for c, cell in enumerate(row) if cell and re.search(r"\d[.．]\d", cell.text)]
        if any(_is_between_headings(row, c, leaves) for c in amounts):
            _move_where_least_drifts(row, amounts, leaves, totals)


def _move_where_least_drifts(
    row: list[Cell | None], amounts: list[int], leaves: list[float | None], totals: list[float]
) -> None:
    """Moves the amounts of a row, which stand in these columns, below the headings behind its names that fit best."""
    last_name = max((c for c, cell in enumerate(row) if cell and c not in amounts), default=-1)
    possible = [c for c in range(last_name + 1, len(row)) if leaves[c] is not None]
    if len(possible) < len(amounts):
        return
    middles = [row[c].box.middle for c in amounts]
    begins_with_total = leaves[possible[0]] in totals
    ways = [way for way in combinations(possible, len(amounts)) if not begins_with_total or way[0] == possible[0]]
    _move(row, amounts, min(ways, key=lambda way: _drift(middles, [leaves[c] for c in way])))


def _move(row: list[Cell | None], columns: list[int], others: tuple[int, ...]) -> None:
    """Moves the amounts in some columns of a row to others, which is a guess for each of them."""
    cells = [row[c] for c in columns]
    for c in columns:
        row[c] = None
    for c, cell in zip(others, cells, strict=True):
        cell.doubt = cell.doubt or BETWEEN
        row[c] = cell


def _is_between_headings(row: list[Cell | None], column: int, leaves: list[float | None]) -> bool:
    if leaves[column] is None:
        return False
    middle = row[column].box.middle
    beside = [n for n in (column - 1, column + 1) if 0 <= n < len(row) and row[n] is None and leaves[n] is not None]
    return any(abs(middle - leaves[n]) < abs(middle - leaves[column]) + 1.5 for n in beside)


def _drift(middles: list[float], headings: list[float]) -> float:
    """How much the distance from the headings changes from one amount to the next."""
    distances = [middle - heading for middle, heading in zip(middles, headings, strict=True)]
    return sum((right - left) ** 2 for left, right in pairwise([0.0, *distances]))


def _columns_of(figures: list[Word], columns: list[tuple[float, float]], body: Body) -> list[int]:
    """The column of each figure of a row: where it stands, or its turn where there is one for every amount column."""
    found: list[int] = []
    for word in figures:
        c = _column_at(word.box, columns)
        if key(word.text) in TOTALS and c not in body.lines:
            # a total that is set to the right of the names, and of no amount
            before = max((n for n in body.lines if n < c), default=c)
            c = before if not found or before > found[-1] else c
        found.append(c)
    of_labels = [c for c, word in zip(found, figures, strict=True) if not is_value(word.text)]
    return _in_turn(found, max([*body.lines, *of_labels], default=-1), len(columns))


def _in_turn(found: list[int], last_name: int, width: int) -> list[int]:
    """The columns of figures; where two amounts stand in one, and each could have its own, each has the next."""
    amounts = [n for n, c in enumerate(found) if c > last_name]
    is_crowded = len({found[n] for n in amounts}) < len(amounts)
    if is_crowded and len(amounts) == width - 1 - last_name:
        for turn, n in enumerate(amounts, last_name + 1):
            found[n] = turn
    return found
