"""Which lines of wrapped names belong to which row, where no rules part the rows.

Figures, codes and totals stand on one line of their row: the anchor. The lines of a name stand around it, centred, or
below it, or above it, the same way in the whole table. Where the labels of the form are known, they say which lines
are one name; elsewhere the lines of a name stand closer to each other than to those of the next row, and of all ways
to deal the lines out in their order the one that fits best is taken.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from final_accounts.ingest.document.pages import Box, Cell, Word, is_value, label_key
from final_accounts.ingest.tables.find.vocabulary import NUMBERED

ALIGNMENTS = ("centre", "top", "bottom")
MOST_LINES = 9
DOUBT = "the line could belong to the row above or below"
# What it costs, in heights of a line, to take lines at the end of a page for a part of a row of another page.
OTHER_PAGE = 0.35
# What it costs to leave a row without a name.
NO_NAME = 0.4


def height_of(words: list[Word]) -> float:
    """The usual height of a word."""
    heights = sorted(word.box.bottom - word.box.top for word in words)
    return heights[len(heights) // 2]


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2


def _clusters(middles: list[float], height: float) -> list[float]:
    """Places of rows: middles that are on one line once."""
    rows: list[list[float]] = []
    for middle in sorted(middles):
        if rows and middle - rows[-1][-1] < 0.45 * height:
            rows[-1].append(middle)
        else:
            rows.append([middle])
    return [sum(own) / len(own) for own in rows]


def lines_of(words: list[Word], height: float) -> list[list[Word]]:
    """The words of one column as lines."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: _middle(word.box)):
        if lines and _middle(word.box) - _middle(lines[-1][0].box) < 0.45 * height:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.box.x0) for line in lines]


def _place_of(first: Box, last: Box, alignment: str) -> float:
    """Where the figures of a name stand, whose first and last lines are these."""
    if alignment == "centre":
        return (first.top + last.bottom) / 2
    return _middle(first if alignment == "top" else last)


def _dealt(lines: list[Box], anchors: list[float], height: float, alignment: str) -> tuple[float, list[int]]:
    """What it costs to deal the lines out to the anchors in order, and the anchor of each line.

    An anchor of -1 is the row that the page before begins, one behind the last that of the page after.
    """
    steps = [_middle(right) - _middle(left) for left, right in pairwise(lines)]
    pitch = min(steps, default=0.0)

    def cost(first: int, last: int, anchor: int) -> float:
        inside = sum(step - pitch for step in steps[first:last])
        if anchor in (-1, len(anchors)):
            return inside + OTHER_PAGE * height
        return inside + abs(_place_of(lines[first], lines[last], alignment) - anchors[anchor])

    # best[n] for the anchors so far: cost of the first n lines, and where the last group began
    size = len(lines)
    best = [0.0] + [float("inf")] * size
    chosen: list[list[int]] = []
    for anchor in range(-1, len(anchors) + 1):
        is_row = 0 <= anchor < len(anchors)
        following = [total + NO_NAME * height * is_row for total in best]
        begun = list(range(size + 1))
        for end in range(1, size + 1):
            for first in range(max(0, end - MOST_LINES), end):
                if best[first] < float("inf"):
                    total = best[first] + cost(first, end - 1, anchor)
                    if total < following[end] - 1e-9:
                        following[end], begun[end] = total, first
        best = following
        chosen.append(begun)
    owners = [0] * size
    end = size
    for anchor in range(len(anchors), -2, -1):
        first = chosen[anchor + 1][end]
        for line in range(first, end):
            owners[line] = anchor
        end = first
    return best[size], owners


@dataclass
class Body:
    """The words of one page below the headings: names as lines by column, and figures."""

    lines: dict[int, list[list[Word]]]
    figures: list[Word]
    height: float


Owners = dict[int, list[tuple[int, str | None]]]


def alignment_of(bodies: list[Body], labels: set[str]) -> str:
    """How the names of a table stand beside their figures: the way that fits best over all of its pages."""

    def misfit(alignment: str) -> float:
        if labels:
            return sum(len(_label_anchors(body, labels, alignment)[0]) for body in bodies)
        return sum(sum(cost for cost, _ in _plan(body, alignment)[1].values()) for body in bodies)

    return min(ALIGNMENTS, key=lambda name: round(misfit(name), 1))


def rows_of(body: Body, labels: set[str], alignment: str) -> tuple[list[float], Owners]:
    """The anchors, and for each line of each column its anchor and why that may be wrong."""
    if labels:
        return _label_anchors(body, labels, alignment)
    anchors, plan = _plan(body, alignment)
    owners: Owners = {}
    for c, (_, dealt) in plan.items():
        doubtful = _close_calls([_box(line) for line in body.lines[c]], anchors, dealt, body.height)
        owners[c] = [(owner, DOUBT if n in doubtful else None) for n, owner in enumerate(dealt)]
    return anchors, owners


def _plan(body: Body, alignment: str) -> tuple[list[float], dict[int, tuple[float, list[int]]]]:
    """Anchors where the figures stand, and how the lines of each column are dealt out to them."""
    boxes = {c: [_box(line) for line in own] for c, own in body.lines.items()}
    anchors = _clusters([_middle(word.box) for word in body.figures], body.height)
    if not anchors:
        # nothing but names: each line is a row
        anchors = _clusters([_middle(box) for own in boxes.values() for box in own], body.height)
    # a numbered label is a row of its own, also where nothing stands beside it
    for c, own in body.lines.items():
        for line, box in zip(own, boxes[c], strict=True):
            is_apart = all(abs(_middle(box) - anchor) > 0.8 * body.height for anchor in anchors)
            if is_apart and NUMBERED.match(re.sub("^其中[：:]?", "", line[0].text)):
                anchors = sorted([*anchors, _middle(box)])
    return anchors, {c: _dealt(own, anchors, body.height, alignment) for c, own in boxes.items()}


@dataclass(frozen=True)
class _Name:
    """Lines of one column that are one name: how many, where its figures stand, whether the page end may cut it."""

    column: int
    lines: int
    place: float
    is_cut: bool


def _names_of(body: Body, labels: set[str], alignment: str) -> Iterator[_Name]:
    """The names of each column from top to bottom: lines that make up a label of the form together are one."""
    for column, lines in body.lines.items():
        for group in _labelled(lines, labels, body.height):
            own = [lines[n] for n in group]
            text = "".join(word.text for line in own for word in line)
            is_at_edge = group[0] == 0 or group[-1] == len(lines) - 1
            place = _place_of(_box(own[0]), _box(own[-1]), alignment)
            yield _Name(column, len(group), place, is_at_edge and label_key(text) not in labels)


def _label_anchors(body: Body, labels: set[str], alignment: str) -> tuple[list[float], Owners]:
    """As rows_of, where lines that make up a label of the form together are one name."""
    names = list(_names_of(body, labels, alignment))
    whole = [_middle(word.box) for word in body.figures] + [name.place for name in names if not name.is_cut]
    anchors = _clusters(whole, body.height)
    anchors = _clusters(anchors + _rows_of_cut_names(names, whole, anchors, body.height), body.height)
    owners: Owners = {column: [] for column in body.lines}
    for name in names:
        owners[name.column] += [(_nearest(name.place, anchors), None)] * name.lines
    return anchors, owners


def _rows_of_cut_names(names: list[_Name], whole: list[float], anchors: list[float], height: float) -> list[float]:
    """The places of names that the page end may cut, and that are rows of their own.

    What it leaves of a label need not stand on the line of its figures: it is of the row beside it that has no name.
    """
    cut = [name.place for name in names if name.is_cut]
    taken = {(name.column, _nearest(name.place, anchors)) for name in names if name.place in whole}
    for name in names:
        if name.place in cut and anchors:
            row = _nearest(name.place, anchors)
            if (name.column, row) not in taken and abs(anchors[row] - name.place) < 0.7 * height * name.lines:
                cut.remove(name.place)
    return cut


def _nearest(place: float, anchors: list[float]) -> int:
    return min(range(len(anchors)), key=lambda n: abs(anchors[n] - place))


def _labelled(lines: list[list[Word]], labels: set[str], height: float) -> list[range]:
    """Lines of one column as names: as many of them as can be labels of the form, the others by themselves."""
    texts = ["".join(word.text for word in line) for line in lines]
    boxes = [_box(line) for line in lines]
    # before which lines a name cannot go on
    ends = {n for n, (above, box) in enumerate(pairwise(boxes), 1) if box.top - above.bottom > 1.5 * height}
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(lines) + 1):
        choices = []
        for first in range(max(0, end - MOST_LINES), end):
            if not ends.isdisjoint(range(first + 1, end)):
                continue
            text = label_key("".join(texts[first:end]))
            price = _price(text, labels, is_first=first == 0, is_last=end == len(lines))
            if price < 1 or first == end - 1:
                choices.append((best[first][0] + price + 0.001 * (end - first), first))
        best.append(min(choices))
    groups: list[range] = []
    end = len(lines)
    while end:
        first = best[end][1]
        groups.append(range(first, end))
        end = first
    return groups[::-1]


def _price(text: str, labels: set[str], *, is_first: bool, is_last: bool) -> float:
    """What it costs to take lines for one name: nothing where they are a label, half where the page end may cut one."""
    if text in labels:
        return 0
    is_part = len(text) > 2 and (
        (is_last and any(label.startswith(text) for label in labels))
        or (is_first and any(label.endswith(text) for label in labels))
    )
    return 0.5 if is_part else 1


def _close_calls(lines: list[Box], anchors: list[float], owners: list[int], height: float) -> set[int]:
    """Lines at the edge of their name that would stand as well in the one beside it."""
    doubtful: set[int] = set()
    for number, (left, right) in enumerate(pairwise(owners)):
        if left == right or not (0 <= left < len(anchors) and 0 <= right < len(anchors)):
            continue
        between = _middle(lines[number + 1]) - _middle(lines[number])
        for line, own, other, inside in (
            (number, left, right, number - 1 if number and owners[number - 1] == left else None),
            (number + 1, right, left, number + 2 if number + 2 < len(lines) and owners[number + 2] == right else None),
        ):
            if inside is None:
                continue
            step = abs(_middle(lines[inside]) - _middle(lines[line]))
            near = abs(abs(_middle(lines[line]) - anchors[own]) - abs(_middle(lines[line]) - anchors[other]))
            if abs(between - step) < 0.05 * height and near < 0.2 * height:
                doubtful.add(line)
    return doubtful


def _box(words: list[Word]) -> Box:
    box = words[0].box
    for word in words[1:]:
        box = box.joined(word.box)
    return box


def nearest(box: Box, anchors: list[float]) -> int:
    """The anchor on whose line a figure stands."""
    return _nearest(_middle(box), anchors)


def put(row: list[Cell | None], column: int, word: Word, page: int, doubt: str | None) -> None:
    """Adds a word to a cell; a figure stays apart from what is there, and two of them are doubtful."""
    cell = row[column]
    if cell is None:
        row[column] = Cell(word.text, page, word.box, doubt)
        return
    if is_value(word.text) and is_value(cell.text):
        cell.doubt = "two amounts stand in one cell"
    cell.text += (" " if is_value(word.text) or is_value(cell.text) else "") + word.text
    cell.box = word.box.joined(cell.box)
    cell.doubt = cell.doubt or doubt
