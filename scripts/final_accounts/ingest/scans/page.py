"""A page that is a picture as the reader has any page: characters with places, and rules, in points.

Every figure is read twice, the second time in another size. What both say is kept: whether it was read right is for
the identities to say.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from final_accounts.ingest.document.pages import CJK, Box, Seen
from final_accounts.ingest.files.baselines import BELOW_BASELINE
from final_accounts.ingest.scans.engine import Eyes
from final_accounts.ingest.scans.geometry import (
    RESOLUTION,
    Rule,
    grey_without_seals,
    on_white_paper,
    rules_of,
    skew_of,
    turned,
)
from final_accounts.ingest.scans.lettering import SMALLEST, Span, is_text, parts_of, spans_of
from final_accounts.ingest.scans.wording import is_figure, worded

# Paper around a line, in pixels, and around it when it is read again, as a part of its height.
MARGIN, WIDER = 3, 0.25
# Which part of its size a character fills from top to bottom: a Chinese one, and a digit.
_OF_CHINESE, _OF_DIGIT = 0.9, 0.7
# Below which certainty a line was not read.
UNSURE = 0.3
# How flat a dash is, in heights of a line, and how much of its ink is its own.
FLAT, MOST_INK = 0.25, 0.8
# The gap that parts two words, in sizes of a character, and signs that leave the half of their place blank.
PARTED, HALF_BLANK = 0.5, "、，。；：）"
# How many lines tell which way a page is turned, how long a piece of each, in its heights, and how small a picture.
LINES_LOOKED_AT, LOOKED_AT, SMALL = 6, 6, 0.5


@dataclass
class Lettering:
    """What a picture of a page says: characters and rules as a page with text has them, and its figures as seen."""

    chars: list[dict] = field(default_factory=list)
    rules: list[dict] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)


def read_picture(picture: np.ndarray, eyes: Eyes, corner: tuple[float, float], regions: list[Box] | None) -> Lettering:
    """Reads a picture of RESOLUTION in colours; of a page with text only what is in the regions."""
    scale = 72 / RESOLUTION
    grey = grey_without_seals(picture)
    white = on_white_paper(turned(grey, skew_of(grey)))
    rules, rest = rules_of(white)
    result = Lettering(rules=[_edge(rule, scale, corner) for rule in rules])
    is_wanted = _inside(regions, scale, corner)
    found, ink = spans_of(rest, eyes.boxes(rest), rules)
    spans, read = _read(white, [span for span in found if is_wanted(span)], rules, ink, eyes)
    others = _read_again(white, spans, read, rules, eyes)
    usual = _usual_height(spans, read)
    for n, (span, (text, score)) in enumerate(zip(spans, read, strict=True)):
        dash = _dash(_without_specks(span, ink), usual)
        text, again = _figure_first(dash or worded(text), others.get(n, ""))
        box = _box(span, scale, corner)
        is_sure = _is_sure(text, score)
        if n in others or not is_sure:
            result.seen.append(Seen(box, text, again, is_sure))
        parts = [span] if dash else _parts_of(span, text, ink)
        result.chars += _characters(text, box, [_box(part, scale, corner) for part in parts])
    if regions:
        result.rules = [rule for rule in result.rules if any(_is_across(rule, region) for region in regions)]
    return result


def _is_sure(text: str, score: float) -> bool:
    """Whether a line was read at all; of a dash no model is certain."""
    return bool(text) and (score >= UNSURE or text[0] in "─—-")


def _parts_of(span: Span, text: str, ink: np.ndarray) -> Iterable[Span]:
    """The words of a line as its gaps part them; a character by itself has none."""
    return [span] if len(text) < 2 else parts_of(span, ink, PARTED * _size(text, span.height))


def _read_again(
    white: np.ndarray, spans: list[Span], read: list[tuple[str, float]], rules: list[Rule], eyes: Eyes
) -> dict[int, str]:
    """What the lines with digits say in another size, by their numbers."""
    again = [n for n, (text, _) in enumerate(read) if re.search(r"\d", text)]
    crops = [_crop(white, spans[n], _room(spans[n], rules, white.shape), round(WIDER * spans[n].height)) for n in again]
    return {n: worded(text) for n, (text, _) in zip(again, eyes.read(crops), strict=True)}


def _usual_height(spans: list[Span], read: list[tuple[str, float]]) -> float:
    """The height of most lines: where most of a page is dashes, they say nothing of its text."""
    heights = [span.height for span, (text, _) in zip(spans, read, strict=True) if re.search(rf"[\d{CJK}]", text)]
    return float(np.median(heights)) if heights else 0.0


def _figure_first(text: str, again: str) -> tuple[str, str]:
    """Two readings of a line; of those that differ the one that is a figure comes first: none has a letter."""
    is_other = len(text) == len(again) and is_figure(again) and re.fullmatch(r"[\dA-Za-z.,]+", text)
    return (again, text) if is_other and not is_figure(text) else (text, again)


def _read(
    white: np.ndarray, spans: list[Span], rules: list[Rule], ink: np.ndarray, eyes: Eyes
) -> tuple[list[Span], list[tuple[str, float]]]:
    """Spans and what they say; those with figures are parted at narrower gaps and read again part by part."""

    def texts(own: list[Span]) -> list[tuple[str, float]]:
        return eyes.read([_crop(white, span, _room(span, rules, white.shape), MARGIN) for span in own])

    whole: list[Span] = []
    parts: list[Span] = []
    said = texts(spans)
    for span, (text, _) in zip(spans, said, strict=True):
        own = [span]
        if re.search(r"\d", text) and len(text) > 1:
            own = _words(span, worded(text), ink)
        if len(own) > 1 or own[0].width < span.width:
            parts += own
        else:
            whole.append(span)
    kept = [pair for span, pair in zip(spans, said, strict=True) if span in whole]
    return whole + parts, kept + texts(parts)


def _words(span: Span, text: str, ink: np.ndarray) -> list[Span]:
    """The parts of a span that gaps leave; what is small is a sign behind Chinese text, and a speck beside a figure."""
    size, is_chinese = _size(text, span.height), re.search(f"[{CJK}]", text)
    least = span.height if is_chinese else min(span.height, SMALLEST)
    parts: list[Span] = []
    for part in parts_of(span, ink, PARTED * size):
        if is_text(part, least):
            parts.append(part)
        elif parts and is_chinese and part.x0 - parts[-1].x1 < size:
            parts[-1] = parts[-1].joined(part)
    return parts or [span]


def _box(span: Span, scale: float, corner: tuple[float, float]) -> Box:
    left, top = corner
    return Box(span.x0 * scale + left, span.top * scale + top, span.x1 * scale + left, span.bottom * scale + top)


def quarter_turn(grey: np.ndarray, eyes: Eyes) -> int:
    """By how many degrees a page must be turned for its text to be upright."""
    small = cv2.resize(grey, None, fx=SMALL, fy=SMALL, interpolation=cv2.INTER_AREA)
    boxes = [tuple(round(edge / SMALL) for edge in box) for box in eyes.boxes(small)]
    if len(boxes) < LINES_LOOKED_AT:
        boxes = eyes.boxes(grey)
    sideways = sum(bottom - top > 1.5 * (x1 - x0) for x0, top, x1, bottom in boxes)
    ways = (90, 270) if sideways > len(boxes) / 2 else (0, 180)
    longest = sorted(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))[-LINES_LOOKED_AT:]
    sides = [(x0, top, x1, bottom, LOOKED_AT * min(x1 - x0, bottom - top)) for x0, top, x1, bottom in longest]
    crops = [
        grey[max(top, 0) : min(bottom, top + most), max(x0, 0) : min(x1, x0 + most)]
        for x0, top, x1, bottom, most in sides
    ]

    def certainty(quarter: int) -> float:
        return sum(score for _, score in eyes.read([np.rot90(crop, -quarter // 90).copy() for crop in crops]))

    return max(ways, key=certainty) if crops else 0


def _inside(regions: list[Box] | None, scale: float, corner: tuple[float, float]) -> Callable[[Span], bool]:
    def is_wanted(span: Span) -> bool:
        x, y = (place * scale + edge for place, edge in zip(span.centre, corner, strict=True))
        return regions is None or any(box.x0 <= x <= box.x1 and box.top <= y <= box.bottom for box in regions)

    return is_wanted


def _is_across(rule: dict, region: Box) -> bool:
    x, y = (rule["x0"] + rule["x1"]) / 2, (rule["top"] + rule["bottom"]) / 2
    return region.x0 <= x <= region.x1 and region.top <= y <= region.bottom


def _without_specks(span: Span, ink: np.ndarray) -> Span:
    """What most of the ink of a span stands in: a dash with specks above and below it is a dash."""
    inside = ink[span.top : span.bottom, span.x0 : span.x1]
    rows = inside.sum(axis=1)
    filled = np.flatnonzero(rows >= rows.max() / 2)
    if not len(filled) or rows[filled[0] : filled[-1] + 1].sum() < MOST_INK * rows.sum():
        return span
    return replace(span, top=span.top + int(filled[0]), bottom=span.top + int(filled[-1]) + 1)


def _dash(span: Span, usual: float) -> str:
    """The dash that a flat piece of ink by itself is; nothing for what is none. A 一 stands beside other characters."""
    if span.height > FLAT * usual or span.width < min(usual / 3, 2 * span.height):
        return ""
    length = span.width / usual * _OF_CHINESE
    # the forms have four for what does not apply, which fonts draw a little longer or shorter
    return "────" if length > 3 else "──" if length > 1.6 else "—" if length > 0.7 else "-"


def _room(span: Span, rules: list[Rule], shape: tuple[int, ...]) -> Span:
    """How far a line could reach: to the rules around it, or to the end of the picture."""
    x, y = span.centre
    height, width = shape[:2]
    sides = {True: [0.0, float(height)], False: [0.0, float(width)]}
    for rule in rules:
        along, across = (x, y) if rule.is_level else (y, x)
        if rule.start <= along <= rule.end:
            ends, half = sides[rule.is_level], rule.thick / 2 + 2
            if rule.at < across:
                ends[0] = max(ends[0], rule.at + half)
            else:
                ends[1] = min(ends[1], rule.at - half)
    (top, bottom), (left, right) = sides[True], sides[False]
    return Span(round(left), round(top), round(right), round(bottom))


def _crop(white: np.ndarray, span: Span, room: Span, margin: int) -> np.ndarray:
    """The picture of a line as far as it could reach, within a margin of paper."""
    x0, top = max(span.x0 - MARGIN, min(room.x0, span.x0)), max(span.top - MARGIN, min(room.top, span.top))
    x1, bottom = min(span.x1 + MARGIN, max(room.x1, span.x1)), min(span.bottom + MARGIN, max(room.bottom, span.bottom))
    return np.pad(white[top:bottom, x0:x1], margin, constant_values=255)


def _edge(rule: Rule, scale: float, corner: tuple[float, float]) -> dict:
    """A rule as the reader has those of a page."""
    left, top = corner
    start, end, at = (place * scale for place in (rule.start, rule.end, rule.at))
    x0, x1, y0, y1 = (start, end, at, at) if rule.is_level else (at, at, start, end)
    return {
        "object_type": "line",
        "x0": x0 + left,
        "x1": x1 + left,
        "top": y0 + top,
        "bottom": y1 + top,
        "width": x1 - x0,
        "height": y1 - y0,
        "orientation": "h" if rule.is_level else "v",
    }


def _characters(text: str, box: Box, parts: list[Box]) -> list[dict]:
    """The characters of a line side by side in the parts of its box: a Chinese one is twice as wide as another."""
    size, baseline = _size_and_baseline(text, box)
    bottom = baseline + BELOW_BASELINE * size
    widths = [1.0 if re.match(f"[{CJK}]", c) and c not in HALF_BLANK + "（" else 0.5 for c in text]
    inked = sum(part.x1 - part.x0 for part in parts)
    chars: list[dict] = []
    begun, filled = 0, 0.0
    for part in parts:
        filled += part.x1 - part.x0
        share = sum(widths) * filled / max(inked, 0.1)
        # the character whose end is nearest to the end of the part is its last
        end = min(range(begun, len(text) + 1), key=lambda n: abs(sum(widths[:n]) - share), default=begun)
        end = len(text) if part is parts[-1] else end
        scale = (part.x1 - part.x0) / max(sum(widths[begun:end]), 0.5)
        x = part.x0
        # … and that of what begins a bracket what stands before it
        if chars and end > begun and text[begun] in HALF_BLANK + "（":
            x = chars[-1]["x1"]
        for character, width in zip(text[begun:end], widths[begun:end], strict=True):
            place = {"x0": x, "x1": x + width * scale, "top": bottom - size, "bottom": bottom}
            chars.append(place | {"text": character, "size": size, "baseline": baseline})
            x += width * scale
        # the ink of a comma leaves the rest of its place blank
        if end > begun and text[end - 1] in HALF_BLANK:
            chars[-1]["x1"] += size / 2
        begun = end
    return chars


def _size(text: str, height: float) -> float:
    """How large the characters of a line are, by the height of their ink."""
    return height / (_OF_CHINESE if re.search(f"[{CJK}]", text) else _OF_DIGIT)


def _size_and_baseline(text: str, box: Box) -> tuple[float, float]:
    """How large the characters of a line are, and on what they stand, by the ink around them."""
    height = box.bottom - box.top
    if re.search(rf"[{CJK}](?<![一—，、。：])", text):
        size = height / _OF_CHINESE
        return size, box.bottom - 0.06 * size
    if re.search(r"[\dA-Za-z]", text):
        # a comma reaches below the baseline
        size = height / (_OF_DIGIT + 0.15 * bool(re.search("[,，]", text)))
        return size, box.bottom - 0.15 * size * bool(re.search("[,，]", text))
    size = max(height, (box.x1 - box.x0) / max(len(text), 1))
    return size, (box.top + box.bottom) / 2 + 0.35 * size
