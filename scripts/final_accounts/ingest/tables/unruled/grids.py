"""Builds a grid from lines of words where a table is drawn without rules, or a text file lines its columns up."""

import re
from itertools import combinations, pairwise

from final_accounts.ingest.document.pages import Box, Cell, Grid, Line, Word, is_value, key
from final_accounts.ingest.tables.find.vocabulary import CODE, NUMBERED, TOTALS, is_heading_line, is_numbering
from final_accounts.ingest.tables.unruled.anchors import Body, alignment_of, height_of, lines_of, nearest, put, rows_of
from final_accounts.ingest.tables.unruled.spans import columns_of, has_no_names, is_group_row
from final_accounts.ingest.tables.unruled.words import cut_headings, parted

# why an amount of lined-up text may be of another column
BETWEEN = "it stands between two headings: the column is a guess"

# A page of a table: its lines, and their words as rows of headings and of the body.
_Part = tuple[list[Line], list[list[Word]], list[list[Word]]]

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
    parts: list[_Part] = []
    for lines in pages:
        rows = [parted(line.words, kind) for line in lines if line.words]
        if rows:
            first = _first_row(rows, bool(parts), kind)
            if parts and _texts(rows[: len(parts[0][1])]) == _texts(parts[0][1]):
                first = len(parts[0][1])
            parts.append((lines, rows[:first], rows[first:]))
    result: dict[int, Grid] = {}
    for group in _under_one_heading(parts):
        body_words = [words for number in group for words in parts[number][2]]
        for number in group:
            parts[number] = (parts[number][0], cut_headings(parts[number][1], body_words), parts[number][2])
        columns = columns_of(parts[group[0]][1], body_words)
        if len(columns) < 2 and not (columns and group[0] and has_no_names(body_words)):
            continue
        words = {number: [word for line in parts[number][2] for word in line] for number in group}
        bodies = {number: _body_of(own, columns, labels) for number, own in words.items() if own}
        alignment = alignment_of(list(bodies.values()), labels)
        for number in group:
            lines, head, _ = parts[number]
            page = lines[0].page
            slots = [_heading_row(head, n, columns, page) for n in range(len(head))]
            if number in bodies:
                rows = _body_rows(bodies[number], columns, page, labels, alignment)
                _settle_between_headings(rows, _leaves(head, columns), bodies[number], _above_totals(head))
                slots += rows
            box = lines[0].box
            for line in lines[1:]:
                box = line.box.joined(box) if line.box else box
            result[number] = Grid(page, box, slots, [columns[0][0], *[right for _, right in columns]], len(head))
    return [result[number] for number in sorted(result)]


def _under_one_heading(parts: list[_Part]) -> list[list[int]]:
    """Numbers of the pages that follow each other under the same headings, printed again or not."""
    groups: list[list[int]] = []
    for number, (_, head, _) in enumerate(parts):
        texts = _texts(head)
        if not groups or (texts and texts != _texts(parts[groups[-1][0]][1])):
            groups.append([])
        groups[-1].append(number)
    return groups


def _texts(rows: list[list[Word]]) -> list[str]:
    return [word.text for words in rows for word in words]


def _first_row(rows: list[list[Word]], goes_on: bool, kind: str) -> int:
    """Number of the first line of the body; a page that goes on with a table may have no headings."""
    # of the three public expenses the row is figures only
    has_labels = kind != "one"
    if kind == "subjects" and goes_on:
        # the other half of a page has columns of amounts only: all above the first is heading
        figures = next((n for n, words in enumerate(rows) if any(is_value(w.text) for w in words)), len(rows))
        if figures < len(rows) and has_no_names(rows[figures:]):
            return figures
    first = next(
        (
            n
            for n, words in enumerate(rows)
            if (has_labels and any(CODE.match(w.text) or NUMBERED.match(w.text) for w in words[:2]))
            or (
                has_labels
                and any(key(w.text) in TOTALS for w in words[:2])
                and all(is_value(w.text) or key(w.text) in TOTALS for w in words)
                and not (len(words) == 1 and _goes_on_with_headings(rows[n + 1 : n + 2]))
            )
            or (len([w for w in words if is_value(w.text)]) > has_labels and not is_numbering([w.text for w in words]))
            # one amount may be all that a row of the other half of a page shows
            or all(is_value(w.text) and re.search(r"[.．]", w.text) for w in words)
        ),
        len(rows),
    )
    # A total in the heading row («合计», with others beside it) is no first row.
    last_heading = max((n for n, words in enumerate(rows[: first + 2]) if is_heading_line(words)), default=-1)
    numbering = (
        n for n, words in enumerate(rows[: first + 2]) if len(words) > 2 and is_numbering([w.text for w in words])
    )
    last_heading = max([last_heading, *numbering])
    if last_heading >= 0 and first == len(rows):
        # a table without a row
        return len(rows)
    if last_heading >= 0:
        return _end_of_heading(rows, last_heading, first)
    return 0 if goes_on else first


def _goes_on_with_headings(below: list[list[Word]]) -> bool:
    """Whether the last lines of headings stand right below: «合计» between two lines of the others is one of them."""
    return any(
        len(words) > 1
        and not any(
            is_value(w.text) or CODE.match(w.text) or NUMBERED.match(w.text) or key(w.text) in TOTALS for w in words
        )
        for words in below
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
        under = [c for c, leaf in enumerate(leaves) if leaf is not None and word.box.x0 - 1 <= leaf <= word.box.x1 + 1]
        if not under:
            own = _column_at(word.box, columns)
            if leaves[own] is None:
                under = [own]
            else:
                # in the middle between two columns that have headings of their own
                other = own + 1 if word.box.middle > leaves[own] else own - 1
                under = [own, other] if 0 <= other < len(columns) and leaves[other] is not None else [own]
        others = [other.box for other in words if other is not word]
        for c in _centred_below(word.box, min(under), max(under), leaves, others):
            row[c] = cell if row[c] is None else Cell(row[c].text + word.text, page, word.box.joined(row[c].box))
    return row


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
        if not any(_is_between_headings(row, c, leaves) for c in amounts):
            continue
        names = [c for c, cell in enumerate(row) if cell and c not in amounts]
        possible = [c for c in range(max(names, default=-1) + 1, len(row)) if leaves[c] is not None]
        cells = [row[c] for c in amounts]
        middles = [cell.box.middle for cell in cells]
        if len(possible) < len(cells):
            continue
        begins_with_total = leaves[possible[0]] in totals
        ways = [way for way in combinations(possible, len(cells)) if not begins_with_total or way[0] == possible[0]]
        best = min(ways, key=lambda way: _drift(middles, [leaves[c] for c in way]))
        for c in amounts:
            row[c].doubt = row[c].doubt or BETWEEN
            row[c] = None
        for c, cell in zip(best, cells, strict=True):
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
    found = []
    for word in figures:
        c = _column_at(word.box, columns)
        if key(word.text) in TOTALS and c not in body.lines:
            # a total that is set to the right of the names, and of no amount
            before = max((n for n in body.lines if n < c), default=c)
            c = before if not found or before > found[-1] else c
        found.append(c)
    last_name = max(
        (c for c in [*body.lines, *(c for c, w in zip(found, figures, strict=True) if not is_value(w.text))]),
        default=-1,
    )
    amounts = [n for n, c in enumerate(found) if c > last_name]
    is_crowded = len({found[n] for n in amounts}) < len(amounts)
    if is_crowded and len(amounts) == len(columns) - 1 - last_name:
        for turn, n in enumerate(amounts, last_name + 1):
            found[n] = turn
    return found
