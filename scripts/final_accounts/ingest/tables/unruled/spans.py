"""Where the columns of a table without rules are: the headings say where, the body how far each reaches."""

import re
from itertools import pairwise

from final_accounts.ingest.document.pages import Box, Word, is_value, key, undoubled
from final_accounts.ingest.tables.find.vocabulary import CODE, TOTALS, is_numbering

# How far edges of one column are apart at most, in points.
SAME_EDGE = 1.5

_ABOVE_NAMES = re.compile(r"编码$|代码$|名称$|^行次$|^项目(?:\(.*\))?$|^[类款项]$")
_AMOUNT = re.compile(r"\d[.．]\d")

# Headings that stand above several columns, each column below the nearest of them.
GROUPS = {"预算数", "决算数", "收入", "支出", "人员经费", "公用经费"}

# The left and right end of a column, as far as it is known.
Span = list[float]


def columns_of(head: list[list[Word]], body: list[list[Word]]) -> list[tuple[float, float]]:
    """Left and right end of each column."""
    spans = _Spans(has_no_names(body))
    # the numbers of the columns may stand beside the middle of their headings: they count where headings are too few
    spans.add_headings(head, has_numbering=False)
    numbers = max((len(words) for words in head if is_numbering([w.text for w in words])), default=0)
    if len(spans.all) < numbers:
        spans.all.clear()
        spans.add_headings(head, has_numbering=True)
    spans.add_between(body)
    figures = spans.add_figures(head, body)
    spans.add_labels(body, figures)
    return _meeting_halfway(sorted(spans.all))


def is_group_row(head: list[list[Word]], number: int) -> bool:
    """Whether a line of headings names groups of columns only."""
    words, below = head[number], head[number + 1 :]
    texts = [key(undoubled(w.text)) for w in words]
    # each group stands there once: «决算数» over and over is a column of several panels
    if not set(texts) <= GROUPS or len(set(texts)) < len(texts) or texts in (["预算数"], ["决算数"]):
        return False
    # nor do stages that other lines name as well, as where budget and final amount stand beside each other
    if {"预算数", "决算数"}.intersection(texts) and _names_stages([other for other in head if other is not words]):
        return False
    return _stands_on_both_sides(words, below) and any(len(other) > len(words) for other in below)


def _names_stages(head: list[list[Word]]) -> bool:
    """Whether headings begin with a stage of amounts."""
    return any(re.match(r"预算|决算", key(word.text)) for words in head for word in words)


def _stands_on_both_sides(words: list[Word], below: list[list[Word]]) -> bool:
    """Whether headings below a line of others begin further left, and end further right."""
    left, right = min(w.box.x0 for w in words), max(w.box.x1 for w in words)
    boxes = [w.box for other in below for w in other]
    return any(box.x0 < left for box in boxes) and any(box.x1 > right for box in boxes)


def has_no_names(body: list[list[Word]]) -> bool:
    """Whether nothing but figures stands there, as on the other half of a page."""
    words = [word for line in body for word in line]
    return bool(words) and all(is_value(word.text) for word in words)


class _Spans:
    """The columns found so far."""

    def __init__(self, has_no_names: bool) -> None:
        self.all: list[Span] = []
        # on the other half of a page the heading of two columns cannot be told by the many columns around it
        self._has_no_names = has_no_names
        self._between: list[Box] = []

    def touching(self, box: Box) -> list[Span]:
        """The columns that a box reaches into."""
        return [span for span in self.all if box.x0 < span[1] - 0.2 and box.x1 > span[0] + 0.2]

    def add(self, box: Box) -> None:
        """A box is a column of its own, or a part of the one that it touches; across several it says nothing."""
        found = self.touching(box)
        if not found:
            self.all.append([box.x0, box.x1])
        elif len(found) == 1:
            _stretch(found[0], box)

    def add_headings(self, head: list[list[Word]], *, has_numbering: bool) -> None:
        """The headings from the lowest line up: those above others are no columns of their own."""
        for number in range(len(head) - 1, -1, -1):
            texts = [w.text for w in head[number]]
            is_left_out = is_numbering(texts) and len(texts) > 2 and not has_numbering
            if not is_left_out and not is_group_row(head, number):
                self._add_line_of_headings(head, number)

    def _add_line_of_headings(self, head: list[list[Word]], number: int) -> None:
        """The headings of one line, where those below it are known; what may be the heading of two waits."""
        below = [w for words in head[number + 1 :] for w in words]
        above = head[number - 1] if number else []
        lower = list(self.all)
        for word in head[number]:
            if self._has_no_names and not self.touching(word.box) and _is_inside(word.box, lower):
                self._between.append(word.box)
            elif self._is_heading(word, below) and (self.touching(word.box) or not _is_wrapped_rest(word, above)):
                self.add(word.box)

    def add_between(self, body: list[list[Word]]) -> None:
        """The headings between others, where more columns of amounts than headings are there."""
        amounts = _above_each_other([w.box for words in body for w in words if _AMOUNT.search(w.text)])
        if len(self.all) < len(amounts):
            for box in self._between:
                self.add(box)

    def _is_heading(self, word: Word, below: list[Word]) -> bool:
        """Whether a word is the heading of a column, not of the several that stand below it."""
        text = key(undoubled(word.text))
        if text == "项目" and any("科目" in w.text for w in below):
            return False
        if re.search(r"编码$|代码$", text) and any(w.text in ("类", "款", "项") for w in below):
            return False
        is_above_stages = any(key(undoubled(w.text)) in ("预算数", "决算数") for w in below)
        is_over_two = is_above_stages and not re.match(r"(预算|决算)数?$", text)
        return not (is_over_two and not self.touching(word.box) and _is_between(word.box, self.all))

    def add_figures(self, head: list[list[Word]], body: list[list[Word]]) -> list[Box]:
        """Stretches the columns over the figures of the body, which may make some; returns where figures stand."""
        numbers, amounts = _numbers_and_amounts(body)
        has_headings = len(self.all) > (0 if self._has_no_names else 2)
        lefts = [span[0] for span in self.all] if has_headings and _begin_at_the_left(head, body) else []
        # an amount that ends where the codes of the next panel begin is none of those
        named = {id(span) for box in _headings_of_names(head) for span in self.touching(box)}
        for box in numbers:
            self._add_figure(box, self.all if has_headings else [], [])
        for box in amounts:
            self._add_figure(box, [s for s in self.all if id(s) not in named] if has_headings else [], lefts)
        return [*numbers, *amounts]

    def _add_figure(self, box: Box, possible: list[Span], lefts: list[float]) -> None:
        """A figure is of the column that it touches, or of one that reaches to it; else it is a column of its own.

        It may be one of the `possible`, and where headings begin at the left of their columns, one that begins there.
        """
        is_reached = not self.touching(box) and (
            self._reach_from_the_left(box, lefts) or self._reach_the_nearest(box, possible)
        )
        if not is_reached:
            self.add(box)

    def _reach_from_the_left(self, box: Box, lefts: list[float]) -> bool:
        """Headings begin where their columns do, and figures end where those end; whether one reaches this figure."""
        before = [left for left in lefts if left < box.x1]
        span = next((s for s in self.all if before and s[0] <= before[-1] < s[1]), None)
        if span is None or any(o is not span and o[0] < box.x1 and o[1] > box.x0 for o in self.all):
            return False
        span[1] = max(span[1], box.x1)
        return True

    def _reach_the_nearest(self, box: Box, possible: list[Span]) -> bool:
        """Stretches the nearest column to a figure, unless another is between; whether it could be."""
        # a dash that begins where a heading ends is its own, however far its middle is
        nearest = min(
            possible,
            key=lambda span: (
                max(box.x0 - span[1], span[0] - box.x1) > 0.2 * (box.bottom - box.top),
                abs((span[0] + span[1]) / 2 - box.middle),
            ),
            default=None,
        )
        if nearest is None:
            return False
        left, right = min(nearest[0], box.x0), max(nearest[1], box.x1)
        if any(span is not nearest and left < span[1] and right > span[0] for span in self.all):
            return False
        nearest[:] = [left, right]
        return True

    def add_labels(self, body: list[list[Word]], figures: list[Box]) -> None:
        """Stretches the columns over the labels of the body: one below several headings makes them one column."""
        with_figures = [span for span in self.all if any(box.x0 < span[1] and box.x1 > span[0] for box in figures)]
        for word in (word for words in body for word in words):
            if not (is_value(word.text) or CODE.match(word.text) or key(word.text) in TOTALS):
                self._merge_above(word.box, with_figures)
                self._add_label(word.box, with_figures)

    def _merge_above(self, box: Box, with_figures: list[Span]) -> None:
        """Makes the headings above a label one column where no figure stands below any of them."""
        found = self.touching(box)
        if len(found) > 1 and all(span not in with_figures for span in found):
            merged = [min(span[0] for span in found), max(span[1] for span in found)]
            self.all = [span for span in self.all if span not in found] + [merged]

    def _add_label(self, box: Box, with_figures: list[Span]) -> None:
        """A label is of the column that it reaches furthest into, or of one beside it; else it is one of its own."""
        if found := self.touching(box):
            self._reach_label(box, max(found, key=lambda span: min(box.x1, span[1]) - max(box.x0, span[0])))
        elif beside := _heading_beside(box, [span for span in self.all if span not in with_figures], self.all):
            _stretch(beside, box)
        else:
            self.all.append([box.x0, box.x1])

    def _reach_label(self, box: Box, span: Span) -> None:
        """Stretches a column over a label, to each side as far as no other column stands there."""
        others = [other for other in self.all if other is not span]
        if not any(box.x0 < other[1] <= span[0] for other in others):
            span[0] = min(span[0], box.x0)
        if not any(span[1] <= other[0] < box.x1 for other in others):
            span[1] = max(span[1], box.x1)


def _stretch(span: Span, box: Box) -> None:
    span[:] = [min(span[0], box.x0), max(span[1], box.x1)]


def _meeting_halfway(spans: list[Span]) -> list[tuple[float, float]]:
    """Columns that leave nothing between them."""
    if not spans:
        return []
    middles = [(left[1] + right[0]) / 2 for left, right in pairwise(spans)]
    return list(zip([spans[0][0] - 5, *middles], [*middles, spans[-1][1] + 5], strict=True))


def _headings_of_names(head: list[list[Word]]) -> list[Box]:
    """Where the headings of codes, names and line numbers stand."""
    return [w.box for words in head for w in words if _ABOVE_NAMES.search(key(undoubled(w.text)))]


def _numbers_and_amounts(body: list[list[Word]]) -> tuple[list[Box], list[Box]]:
    """Where codes and other numbers without decimals stand, and where the amounts of columns do, or dashes for them."""
    values = [w for words in body for w in words if is_value(w.text) or CODE.match(w.text)]
    amounts = _above_each_other([w.box for w in values if _AMOUNT.search(w.text)])
    # a dash stands for an amount, and says less of where its column is
    dashes = [w.box for w in values if not re.search(r"\d", w.text)]
    numbers = [w.box for w in values if re.search(r"\d", w.text) and not _AMOUNT.search(w.text)]
    return numbers, [*amounts, *dashes]


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


def _is_inside(box: Box, spans: list[Span]) -> bool:
    """Whether columns stand on both sides of a box."""
    return any(span[1] < box.x0 for span in spans) and any(span[0] > box.x1 for span in spans)


def _is_between(box: Box, spans: list[Span]) -> bool:
    """Whether a heading stands above two columns, in the gap between them, which is no wider than others are."""
    middles = sorted((span[0] + span[1]) / 2 for span in spans)
    steps = sorted(right - left for left, right in pairwise(middles))
    if len(steps) < 3:
        return False
    left = max((m for m in middles if m < box.middle), default=None)
    right = min((m for m in middles if m > box.middle), default=None)
    return left is not None and right is not None and right - left < 1.5 * steps[len(steps) // 2]


def _heading_beside(box: Box, free: list[Span], spans: list[Span]) -> list[float] | None:
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
