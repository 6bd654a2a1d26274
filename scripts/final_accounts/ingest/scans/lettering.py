"""Where the lines of text of a level picture stand: found by a model, cut at rules and gaps, and made whole by the ink.

A model that finds text leaves out small things at the ends of a line (一、), and joins what stands in two cells.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from final_accounts.ingest.scans.geometry import INK, PALE, Rule

# Pixels of a speck at most; everything else of the ink is to be read.
SPECK = 6
# How long a thin stroke is at least, and how dark along its length: on a bad scan none of its pixels is ink by itself.
STROKE, THIN = 11, 208
# How high a line of the smallest text is.
SMALLEST = 18.0
# From how many heights of a line on it may be two.
TALL = 1.6
# How far from a rule what is left of it stands.
REMNANT = 6
# In heights of a line: the gap that parts two words, the one that ink is joined over, the least that is text by itself,
# the shortest dash, and what is too large for text.
APART, NEAR, LEAST, DASH, LARGE = 1.3, 1.7, 0.4, 0.28, 4.0

# What a line says, and how sure that is, from 0 to 1.
Read = tuple[str, float]


@dataclass(frozen=True)
class Span:
    """A rectangle of pixels around ink."""

    x0: int
    top: int
    x1: int
    bottom: int

    @property
    def height(self) -> int:
        """From top to bottom."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """From left to right."""
        return self.x1 - self.x0

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle, from the left and from the top."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    def joined(self, other: "Span") -> "Span":
        """The smallest rectangle around both."""
        return Span(
            min(self.x0, other.x0), min(self.top, other.top), max(self.x1, other.x1), max(self.bottom, other.bottom)
        )


def spans_of(
    white: np.ndarray, boxes: list[tuple[int, int, int, int]], rules: list[Rule]
) -> tuple[list[Span], np.ndarray]:
    """The pieces of lines that are to be read, each within one cell and without a wide gap; and where ink is."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(_inked(white))
    is_ink = stats[:, cv2.CC_STAT_AREA] > SPECK
    is_ink[0] = False
    ink = is_ink[labels]
    height = float(np.median([bottom - top for _, top, _, bottom in boxes])) * 0.7 if boxes else 25.0
    every = (Span(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[is_ink])
    pieces = [piece for piece in every if _may_be_text(piece, height, rules)]
    uprights = [rule for rule in rules if not rule.is_level]
    inside, left = _shared_out(pieces, [part for box in boxes for part in _cut_at_rules(Span(*box), uprights)])
    spans = _completed([around(own) for own in inside if own], left, uprights, height)
    least = min(height, SMALLEST)
    return [part for span in spans for part in _parted(span, ink, height) if is_text(part, least)], ink


def _may_be_text(piece: Span, height: float, rules: list[Rule]) -> bool:
    """Whether a piece of ink is neither too large for text nor what is left of a rule."""
    is_large = piece.height > LARGE * height and piece.width > LARGE * height
    return not is_large and not _is_of_rule(piece, rules)


def _shared_out(pieces: list[Span], boxes: list[Span]) -> tuple[list[list[Span]], list[Span]]:
    """The pieces of ink in each box, and those in none."""
    inside: list[list[Span]] = [[] for _ in boxes]
    left: list[Span] = []
    for piece in pieces:
        # lines that stand close together overlap
        around = [n for n, box in enumerate(boxes) if _is_in(piece, box)]
        own = min(around, key=lambda n: abs(boxes[n].centre[1] - piece.centre[1]), default=None)
        if own is None:
            left.append(piece)
        else:
            inside[own].append(piece)
    return inside, left


def _inked(white: np.ndarray) -> np.ndarray:
    """Where a picture is dark, and where something pale is part of a thin level stroke, as a 一 is."""
    dark = (cv2.blur(white, (STROKE, 2)) < THIN).astype(np.uint8)
    strokes = cv2.dilate(dark, np.ones((1, STROKE), np.uint8)) > 0
    return ((white < INK) | (strokes & (white < PALE))).astype(np.uint8)


def is_text(span: Span, height: float) -> bool:
    """Whether ink may be text by itself beside text of a height: a speck is none, a short dash is."""
    is_flat = span.width >= 2 * span.height
    return max(span.width, span.height) >= (DASH if is_flat else LEAST) * height


def _is_of_rule(piece: Span, rules: list[Rule]) -> bool:
    """Whether a piece of ink is what is left of a level rule."""
    level = piece.centre[1]
    return piece.width > 4 * piece.height and any(
        rule.is_level
        and abs(rule.at - level) <= REMNANT
        and rule.start - REMNANT <= piece.x0
        and piece.x1 <= rule.end + REMNANT
        for rule in rules
    )


def _cut_at_rules(span: Span, uprights: list[Rule]) -> Iterator[Span]:
    """The parts of a box between the rules that run through it."""
    level = span.centre[1]
    edges = sorted(r.at for r in uprights if r.start <= level <= r.end and span.x0 + 2 < r.at < span.x1 - 2)
    start = span.x0
    for edge in [*edges, span.x1]:
        yield replace(span, x0=start, x1=round(edge))
        start = round(edge)


def _is_in(piece: Span, span: Span) -> bool:
    x, y = piece.centre
    return span.x0 <= x <= span.x1 and span.top <= y <= span.bottom


def around(pieces: list[Span]) -> Span:
    """The smallest rectangle around all of them."""
    result = pieces[0]
    for piece in pieces[1:]:
        result = result.joined(piece)
    return result


def _completed(spans: list[Span], left: list[Span], uprights: list[Rule], height: float) -> list[Span]:
    """Spans with the ink beside them that belongs to their lines; what ink is left makes lines of its own."""
    spans, left = list(spans), sorted(left, key=lambda piece: piece.x0)
    grew = True
    while grew:
        grew = False
        for piece in list(left):
            near = [n for n, span in enumerate(spans) if _is_beside(piece, span, uprights, height)]
            if near:
                best = min(near, key=lambda n: _gap(piece, spans[n]))
                spans[best] = spans[best].joined(piece)
                left.remove(piece)
                grew = True
    lines: list[Span] = []
    # beside large text the figures of a table may be small
    least = min(height, SMALLEST)
    for piece in left:
        if not is_text(piece, least):
            # specks side by side are no line
            continue
        beside = next((n for n, line in enumerate(lines) if _is_beside(piece, line, uprights, height)), None)
        if beside is None:
            lines.append(piece)
        else:
            lines[beside] = lines[beside].joined(piece)
    return spans + lines


def _gap(one: Span, other: Span) -> int:
    return max(one.x0 - other.x1, other.x0 - one.x1)


def _is_beside(piece: Span, line: Span, uprights: list[Rule], height: float) -> bool:
    """Whether a piece of ink stands on a line, close to it, and in the same cell."""
    level = piece.centre[1]
    room = max(0.0, height - line.height) / 2
    if _gap(piece, line) > NEAR * height or not line.top - room <= level <= line.bottom + room:
        return False
    ends = sorted((piece.centre[0], line.x0 if piece.x0 < line.x0 else line.x1))
    return not any(rule.start <= level <= rule.end and ends[0] < rule.at < ends[1] for rule in uprights)


def _parted(span: Span, ink: np.ndarray, height: float) -> Iterator[Span]:
    """The parts of a span that wide gaps leave; of text set upright, its characters."""
    is_upright = span.height > 1.8 * span.width and span.height > 1.8 * height
    if is_upright:
        yield from parts_of(span, ink, 0.1 * height, is_upright=True)
        return
    # two lines that stand close together may have been found as one
    lines = parts_of(span, ink, 1, is_upright=True) if span.height > TALL * height else [span]
    for line in lines:
        yield from parts_of(line, ink, APART * height)


def parts_of(span: Span, ink: np.ndarray, least: float, is_upright: bool = False) -> Iterator[Span]:
    """The parts of a span between the gaps that are at least so wide, from left to right, or from top to bottom."""
    inside = ink[span.top : span.bottom, span.x0 : span.x1]
    filled = np.flatnonzero(inside.any(axis=1 if is_upright else 0))
    if not len(filled):
        return
    ends = np.flatnonzero(np.diff(filled) > least)
    for first, last in zip([0, *(ends + 1)], [*ends, len(filled) - 1], strict=True):
        start, end = int(filled[first]), int(filled[last]) + 1
        if is_upright:
            part = replace(span, top=span.top + start, bottom=span.top + end)
        else:
            part = replace(span, x0=span.x0 + start, x1=span.x0 + end)
        yield shrunk(part, ink)


def shrunk(span: Span, ink: np.ndarray, *, x0: int | None = None, x1: int | None = None) -> Span:
    """A span from one place to another as high as its ink is."""
    part = replace(span, x0=span.x0 if x0 is None else x0, x1=span.x1 if x1 is None else x1)
    rows = np.flatnonzero(ink[part.top : part.bottom, part.x0 : part.x1].any(axis=1))
    return replace(part, top=part.top + int(rows[0]), bottom=part.top + int(rows[-1]) + 1) if len(rows) else part
