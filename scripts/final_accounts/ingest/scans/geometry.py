"""What a picture of a page looks like apart from its text: how far it is askew, its paper, seals, and rules.

Pictures are arrays of grey from 0 (black) to 255, rows first; all lengths are pixels of RESOLUTION.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

# Dots an inch of the pictures that pages are drawn as to be read.
RESOLUTION = 200
# How far a page may be askew, in degrees, and how exactly that is found.
MOST_SKEW, COARSE, FINE = 5.0, 0.2, 0.02
# Grey of what is ink of characters, and of what may be a rule, which is often thin and pale.
INK, PALE = 195, 225
# Shortest piece of a rule, longer than a stroke of a character, and shortest rule that stands by itself, by whether it
# is level.
PIECE, ALONE = {True: 60, False: 44}, {True: 300, False: 120}
# The gap in a rule that is mended, and how thick a rule is at most.
GAP, THICK = 25, 14
# How far the end of a short rule is from the rule that it ends at.
TOUCHING = 8
# How far a stroke of a character that stands at the end of a rule reaches beyond the rule that it ends at.
BEYOND = 32
# How large a seal is at least, and how much of it is ink at most.
SEAL, FILLED = 120, 0.6


@dataclass(frozen=True)
class Rule:
    """A straight line along a row or a column of pixels, with where it begins and ends."""

    is_level: bool
    at: float
    start: float
    end: float
    thick: float = 1.0

    @property
    def length(self) -> float:
        """How long it is."""
        return self.end - self.start


def grey_without_seals(picture: np.ndarray) -> np.ndarray:
    """The grey of a picture in colours (blue, green, red), without the red of seals.

    A seal is red and large: what is small and red is text.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    blue, green, red = (picture[:, :, n].astype(np.int16) for n in range(3))
    is_red = ((red - np.maximum(blue, green)) > 40).astype(np.uint8)
    if not is_red.any():
        return grey
    joined = cv2.dilate(is_red, np.ones((9, 9), np.uint8))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(joined)
    for left, top, width, height, _ in boxes[1:count]:
        if min(width, height) >= SEAL:
            part = np.s_[top : top + height, left : left + width]
            grey[part] = picture[:, :, 2][part]
    return grey


def skew_of(grey: np.ndarray) -> float:
    """By how many degrees a page must be turned, against the clock where positive, for its lines to be level.

    Where lines are level, rows of pixels differ most from the rows beside them.
    """
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    ink = (255 - on_white_paper(small)).astype(np.float32)
    ink[ink < 255 - PALE] = 0
    height, width = ink.shape

    def sharpness(angle: float) -> float:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        rows = cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    best = max(np.arange(-MOST_SKEW, MOST_SKEW + COARSE, COARSE), key=sharpness)
    best = max(np.arange(best - COARSE, best + COARSE + FINE, FINE), key=sharpness)
    return float(best) if sharpness(best) > 1.02 * sharpness(0.0) else 0.0


def turned(grey: np.ndarray, angle: float) -> np.ndarray:
    """A picture turned around its middle, with paper where there was none."""
    if not angle:
        return grey
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def on_white_paper(grey: np.ndarray) -> np.ndarray:
    """A picture with its paper white, however the light fell on it."""
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((31, 31), np.uint8))
    paper = cv2.GaussianBlur(paper, (0, 0), 10).astype(np.float32)
    return np.clip(grey.astype(np.float32) * 255 / np.maximum(paper, 1), 0, 255).astype(np.uint8)


def rules_of(white: np.ndarray) -> tuple[list[Rule], np.ndarray]:
    """The rules of a level picture on white paper, and the picture without them."""
    rest = white.copy()
    pale = cv2.blur(white, (3, 3))
    faint = (pale < PALE).astype(np.uint8)
    found: list[tuple[Rule, np.ndarray, tuple[slice, slice]]] = []
    for is_level in (True, False):
        found += _pieces(faint, is_level)
    long = [rule for rule, _, _ in found if rule.length >= ALONE[rule.is_level]]
    rules: list[Rule] = []
    for rule, shape, part in found:
        if rule in long or _ends_at_others(rule, long, pale):
            rules.append(rule)
            rest[part][shape] = 255
    return [_trimmed(rule, rules) for rule in rules], rest


def _pieces(faint: np.ndarray, is_level: bool) -> list[tuple[Rule, np.ndarray, tuple[slice, slice]]]:
    """What may be rules of one direction: each with its pixels, as a shape in a part of the picture."""

    def along(length: int, across: int) -> np.ndarray:
        return np.ones((across, length) if is_level else (length, across), np.uint8)

    lines = cv2.morphologyEx(faint, cv2.MORPH_OPEN, along(PIECE[is_level], 1))
    lines = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, along(GAP, 3))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(lines)
    result = []
    height, width = faint.shape
    for number in range(1, count):
        left, top, wide, high, area = boxes[number]
        length, across = (wide, high) if is_level else (high, wide)
        # a rule is as thick as its pixels are many; what is thick is a filled box or a picture
        if area / length > THICK or across > 2 * THICK:
            continue
        at = (top + high / 2) if is_level else (left + wide / 2)
        start = left if is_level else top
        part = np.s_[max(top - 3, 0) : min(top + high + 3, height), max(left - 3, 0) : min(left + wide + 3, width)]
        shape = cv2.dilate((labels[part] == number).astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
        result.append((Rule(is_level, float(at), float(start), float(start + length), area / length), shape, part))
    return result


def _trimmed(rule: Rule, others: list[Rule]) -> Rule:
    """A rule without what is beyond the last rule that crosses it, where that is no more than a character above it."""
    crossing = [
        other.at
        for other in others
        if other.is_level != rule.is_level
        and other.start - TOUCHING <= rule.at <= other.end + TOUCHING
        and rule.start - TOUCHING <= other.at <= rule.end + TOUCHING
    ]
    if not crossing:
        return rule
    first, last = min(crossing), max(crossing)
    start = first if first - rule.start < BEYOND else rule.start
    return replace(rule, start=start, end=last if rule.end - last < BEYOND else rule.end)


def _ends_at_others(rule: Rule, others: list[Rule], pale: np.ndarray) -> bool:
    """Whether a short line goes from rule to rule of the other direction and parts two cells: a dash ends before."""
    across = [
        other
        for other in others
        if other.is_level != rule.is_level and other.start - TOUCHING <= rule.at <= other.end + TOUCHING
    ]
    along = (pale if rule.is_level else pale.T)[max(int(rule.at) - 2, 0) : int(rule.at) + 3]
    return any(
        abs(other.at - rule.start) <= TOUCHING and _is_inked(along[:, int(other.at) : int(rule.start)])
        for other in across
    ) and any(
        abs(other.at - rule.end) <= TOUCHING and _is_inked(along[:, int(rule.end) : int(other.at)]) for other in across
    )


def _is_inked(between: np.ndarray) -> bool:
    """Whether a line goes on through a piece of the picture; through none it does."""
    return not between.size or int(between.min(axis=0).max()) < PALE
