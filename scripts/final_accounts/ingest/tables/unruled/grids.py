"""Builds a grid from lines of words where a table is drawn without rules, or a text file lines its columns up."""

import re
from itertools import combinations, pairwise

from final_accounts.ingest.document.pages import Box, Cell, Grid, Line, Word, is_value, key, undoubled
from final_accounts.ingest.tables.find.vocabulary import CODE, NUMBERED, TOTALS, is_heading_line, is_numbering
from final_accounts.ingest.tables.unruled.anchors import Body, alignment_of, height_of, lines_of, nearest, put, rows_of
from final_accounts.ingest.tables.unruled.words import cut_headings, parted

# How far edges of one column are apart at most, in points.
SAME_EDGE = 1.5
# why an amount of lined-up text may be of another column
BETWEEN = "it stands between two headings: the column is a guess"


def _is_group_row(head: list[list[Word]], number: int) -> bool:
    """Whether a line of headings names groups of columns only."""
    words, below = head[number], head[number + 1 :]
    texts = [key(undoubled(w.text)) for w in words]
    # each group stands there once: «决算数» over and over is a column of several panels
    if not set(texts) <= _GROUPS or len(set(texts)) < len(texts) or texts in (["预算数"], ["决算数"]):
        return False
    # nor do stages that other lines name as well, as where budget and final amount stand beside each other
    if any(re.match(r"预算|决算", key(w.text)) for other in head if other is not words for w in other) and (
        set(texts) & {"预算数", "决算数"}
    ):
        return False
    # and columns stand below it on both sides
    left, right = min(w.box.x0 for w in words), max(w.box.x1 for w in words)
    is_between = any(w.box.x0 < left for other in below for w in other) and any(
        w.box.x1 > right for other in below for w in other
    )
    return is_between and any(len(other) > len(words) for other in below)


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
    parts: list[tuple[list[Line], list[list[Word]], list[list[Word]]]] = []
    for lines in pages:
        rows = [parted(line.words, kind) for line in lines if line.words]
        if rows:
            first = _first_row(rows, bool(parts), kind)
            if parts and _texts(rows[: len(parts[0][1])]) == _texts(parts[0][1]):
                first = len(parts[0][1])
            parts.append((lines, rows[:first], rows[first:]))
    groups: list[list[int]] = []
    for number, (_, head, _) in enumerate(parts):
        texts = _texts(head)
        if not groups or (texts and texts != _texts(parts[groups[-1][0]][1])):
            groups.append([])
        groups[-1].append(number)
    result: dict[int, Grid] = {}
    for group in groups:
        body_words = [words for number in group for words in parts[number][2]]
        for number in group:
            parts[number] = (parts[number][0], cut_headings(parts[number][1], body_words), parts[number][2])
        columns = _columns(parts[group[0]][1], body_words)
        if len(columns) < 2:
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


def _texts(rows: list[list[Word]]) -> list[str]:
    return [word.text for words in rows for word in words]


def _first_row(rows: list[list[Word]], goes_on: bool, kind: str) -> int:
    """Number of the first line of the body; a page that goes on with a table may have no headings."""
    # of the three public expenses the row is figures only
    has_labels = kind != "one"
    first = next(
        (
            n
            for n, words in enumerate(rows)
            if (has_labels and any(CODE.match(w.text) or NUMBERED.match(w.text) for w in words[:2]))
            or (
                has_labels
                and any(key(w.text) in TOTALS for w in words[:2])
                and all(is_value(w.text) or key(w.text) in TOTALS for w in words)
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
    if kind == "subjects" and goes_on and last_heading < 0:
        # the other half of a page has columns of amounts only: side by side stand no names
        last_heading = max((n for n, words in enumerate(rows[:first]) if len(words) > 1), default=-1)
    if last_heading >= 0 and first == len(rows):
        # a table without a row
        return len(rows)
    if last_heading >= 0:
        return _end_of_heading(rows, last_heading, first)
    return 0 if goes_on else first


_ABOVE_NAMES = re.compile(r"编码$|代码$|名称$|^行次$|^项目(?:\(.*\))?$|^[类款项]$")


def _columns(head: list[list[Word]], body: list[list[Word]]) -> list[tuple[float, float]]:
    """Left and right end of each column: the headings say where they are, the body how far they reach."""
    spans: list[list[float]] = []

    def touching(box: Box) -> list[list[float]]:
        return [span for span in spans if box.x0 < span[1] - 0.2 and box.x1 > span[0] + 0.2]

    def add(box: Box) -> None:
        found = touching(box)
        if not found:
            spans.append([box.x0, box.x1])
        elif len(found) == 1:
            found[0][0], found[0][1] = min(found[0][0], box.x0), max(found[0][1], box.x1)

    def add_headings(has_numbering: bool) -> None:
        for number in range(len(head) - 1, -1, -1):
            texts = [w.text for w in head[number]]
            if _is_group_row(head, number) or (is_numbering(texts) and len(texts) > 2 and not has_numbering):
                continue
            is_above_codes = any("科目" in w.text for words in head[number + 1 :] for w in words)
            is_above_stages = any(
                key(undoubled(w.text)) in ("预算数", "决算数") for words in head[number + 1 :] for w in words
            )
            is_above_parts = any(w.text in ("类", "款", "项") for words in head[number + 1 :] for w in words)
            for word in head[number]:
                text = key(undoubled(word.text))
                if (is_above_codes and text == "项目") or (is_above_parts and re.search(r"编码$|代码$", text)):
                    continue
                is_stage = re.match(r"(预算|决算)数?$", text)
                if is_above_stages and not is_stage and not touching(word.box) and _is_between(word.box, spans):
                    continue
                if touching(word.box) or not _is_wrapped_rest(word, head[number - 1] if number else []):
                    add(word.box)

    # the numbers of the columns may stand beside the middle of their headings: they count where headings are too few
    add_headings(has_numbering=False)
    numbers = max((len(words) for words in head if is_numbering([w.text for w in words])), default=0)
    if len(spans) < numbers:
        spans.clear()
        add_headings(has_numbering=True)
    values = [w for words in body for w in words if is_value(w.text) or CODE.match(w.text)]
    in_columns = _above_each_other([w.box for w in values if re.search(r"\d[.．]\d", w.text)])
    figures = [*(w.box for w in values if not re.search(r"\d[.．]\d", w.text)), *in_columns]
    amounts = set(map(id, in_columns))
    # an amount that ends where the codes of the next panel begin is none of those
    named = [
        span
        for span in spans
        if any(_ABOVE_NAMES.search(key(undoubled(w.text))) for words in head for w in words if span in touching(w.box))
    ]
    labels = [
        w.box for words in body for w in words if not (is_value(w.text) or CODE.match(w.text) or key(w.text) in TOTALS)
    ]
    has_headings = len(spans) > 2
    headings = [(left, right) for left, right in spans]
    is_left = has_headings and _begin_at_the_left(head, body)
    for box in figures:
        if is_left and id(box) in amounts and not touching(box):
            # headings begin where their columns do, and figures end where those end
            before = [n for n, (left, _) in enumerate(headings) if left < box.x1]
            span = next((s for s in spans if before and s[0] <= headings[before[-1]][0] < s[1]), None)
            if span is not None and not any(o is not span and o[0] < box.x1 and o[1] > box.x0 for o in spans):
                span[1] = max(span[1], box.x1)
                continue
        possible = [span for span in spans if id(box) not in amounts or not any(span is other for other in named)]
        # a dash that begins where a heading ends is its own, however far its middle is
        nearest = min(
            possible,
            key=lambda span: (
                max(box.x0 - span[1], span[0] - box.x1) > 0.2 * (box.bottom - box.top),
                abs((span[0] + span[1]) / 2 - box.middle),
            ),
            default=None,
        )
        if has_headings and nearest is not None and not touching(box):
            crossed = [min(nearest[0], box.x0), max(nearest[1], box.x1)]
            if not any(span is not nearest and crossed[0] < span[1] and crossed[1] > span[0] for span in spans):
                nearest[:] = crossed
                continue
        add(box)
    with_figures = [span for span in spans if any(box.x0 < span[1] and box.x1 > span[0] for box in figures)]
    for box in labels:
        found = touching(box)
        loose = [span for span in found if span not in with_figures]
        if len(loose) > 1 and len(loose) == len(found):
            merged = [min(span[0] for span in loose), max(span[1] for span in loose)]
            spans = [span for span in spans if span not in loose] + [merged]
            found = touching(box)
        if not found:
            beside = _heading_beside(box, [span for span in spans if span not in with_figures], spans)
            if beside is None:
                spans.append([box.x0, box.x1])
            else:
                beside[:] = [min(beside[0], box.x0), max(beside[1], box.x1)]
            continue
        best = max(found, key=lambda span: min(box.x1, span[1]) - max(box.x0, span[0]))
        others = [span for span in spans if span is not best]
        if not any(box.x0 < span[1] <= best[0] for span in others):
            best[0] = min(best[0], box.x0)
        if not any(best[1] <= span[0] < box.x1 for span in others):
            best[1] = max(best[1], box.x1)
    spans.sort()
    middles = [(left[1] + right[0]) / 2 for left, right in pairwise(spans)]
    starts = [spans[0][0] - 5, *middles] if spans else []
    return list(zip(starts, [*middles, spans[-1][1] + 5] if spans else [], strict=True))


def _above_each_other(figures: list[Box]) -> list[Box]:
    """The boxes of figures, those that end at the same place as one: set to the right, they are of one column."""
    found: list[Box] = []
    for box in sorted(figures, key=lambda box: box.x1):
        if found and box.x1 - found[-1].x1 < SAME_EDGE:
            found[-1] = found[-1].joined(box)
        else:
            found.append(box)
    return found


def _begin_at_the_left(head: list[list[Word]], body: list[list[Word]]) -> bool:
    """Whether headings begin where their columns begin, as the codes and names below the first two do."""
    lefts = [min(word.box.x0 for word in words[:1]) for words in body if words and CODE.match(words[0].text)]
    names = [words[1].box.x0 for words in body if len(words) > 1 and CODE.match(words[0].text)]
    texts = [word for words in head for word in words]
    return all(
        own and any(_ABOVE_NAMES.search(key(undoubled(w.text))) and abs(w.box.x0 - min(own)) < SAME_EDGE for w in texts)
        for own in (lefts, names)
    )


def _is_between(box: Box, spans: list[list[float]]) -> bool:
    """Whether a heading stands above two columns, in the gap between them, which is no wider than others are."""
    middles = sorted((span[0] + span[1]) / 2 for span in spans)
    steps = sorted(right - left for left, right in pairwise(middles))
    if len(steps) < 3:
        return False
    left = max((m for m in middles if m < box.middle), default=None)
    right = min((m for m in middles if m > box.middle), default=None)
    return left is not None and right is not None and right - left < 1.5 * steps[len(steps) // 2]


def _heading_beside(box: Box, free: list[list[float]], spans: list[list[float]]) -> list[float] | None:
    """The heading of a column of labels that stands beside a short label: centred where labels begin at the left."""
    for span in sorted(free, key=lambda span: (span[0] < box.x0, abs(span[0] - box.x1))):
        left, right = min(span[0], box.x0), max(span[1], box.x1)
        if not any(other is not span and left < other[1] and right > other[0] for other in spans):
            return span
    return None


def _is_wrapped_rest(word: Word, above: list[Word]) -> bool:
    """Whether a word of a heading is the last line of one that stands wider right above it."""
    height = word.box.bottom - word.box.top
    # a text file has no smaller step than a line
    return bool(word.edges) and any(
        other.box.x0 <= word.box.x0
        and word.box.x1 <= other.box.x1
        and word.box.top - other.box.top < 1.35 * height
        and other.box.x1 - other.box.x0 > 1.5 * (word.box.x1 - word.box.x0)
        for other in above
    )


# Headings that stand above several columns, each column below the nearest of them.
_GROUPS = {"预算数", "决算数", "收入", "支出", "人员经费", "公用经费"}


def _heading_row(
    head: list[list[Word]], number: int, columns: list[tuple[float, float]], page: int
) -> list[Cell | None]:
    words, below = head[number], head[number + 1 :]
    row: list[Cell | None] = [None] * len(columns)
    if 1 < len(words) < 5 and _is_group_row(head, number):
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
