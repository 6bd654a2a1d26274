"""A page that is a picture as the reader has any page: characters with places, and rules, in points.

Every figure is read twice, the second time in another size. What both say is kept: whether it was read right is for
the identities to say.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np

from final_accounts.ingest.document.pages import Box, Seen
from final_accounts.ingest.scans.characters import characters_of
from final_accounts.ingest.scans.dirt import dash_of, usual_height, without_dirt, without_specks
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
from final_accounts.ingest.scans.lettering import Read, Span, spans_of
from final_accounts.ingest.scans.parting import comma_of, parts_read, rejoined, with_comma, words_of
from final_accounts.ingest.scans.wording import is_figure, worded

# Paper around a line, in pixels, and around it when it is read again, as a part of its height.
MARGIN, WIDER = 3, 0.25
# Below which certainty a line was not read.
UNSURE = 0.3
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
    usual = usual_height(spans, read)
    spans, read = without_dirt(white, ink, spans, read, usual)
    others = _read_again(white, spans, read, rules, eyes)
    for n, (span, text, again) in enumerate(_worded(spans, read, others, usual, ink)):
        box = _box(span, scale, corner)
        is_sure = _is_sure(text, read[n][1])
        if n in others or not is_sure:
            result.seen.append(Seen(box, text, again, is_sure))
        result.chars += characters_of(text, box, [_box(part, scale, corner) for part in parts_read(span, text, ink)])
    if regions:
        result.rules = [rule for rule in result.rules if any(_is_across(rule, region) for region in regions)]
    return result


def _worded(
    spans: list[Span], read: list[Read], others: dict[int, str], usual: float, ink: np.ndarray
) -> Iterator[tuple[Span, str, str]]:
    """Lines and what they say, and say the second time, as a report prints it."""
    comma = comma_of(spans, [worded(text) for text, _ in read], ink)
    for n, (span, (text, _)) in enumerate(zip(spans, read, strict=True)):
        dash = dash_of(without_specks(span, ink), usual, text)
        text, again = _figure_first(dash or worded(text), others.get(n, ""))
        yield span, with_comma(text, comma), with_comma(again, comma)


def _is_sure(text: str, score: float) -> bool:
    """Whether a line was read at all; of a dash no model is certain."""
    return bool(text) and (score >= UNSURE or text[0] in "─—-")


def _read_again(
    white: np.ndarray, spans: list[Span], read: list[Read], rules: list[Rule], eyes: Eyes
) -> dict[int, str]:
    """What the lines with digits say in another size, by their numbers; where that is nothing, in a third size."""
    others = {n: "" for n, (text, _) in enumerate(read) if re.search(r"\d", text)}
    for wider in (WIDER, 2 * WIDER):
        again = [n for n, text in others.items() if not text]
        crops = [
            _crop(white, spans[n], _room(spans[n], rules, white.shape), round(wider * spans[n].height)) for n in again
        ]
        others |= {n: worded(text) for n, (text, _) in zip(again, eyes.read(crops), strict=True)}
    return others


def _figure_first(text: str, again: str) -> tuple[str, str]:
    """Two readings of a line; of those that differ the one that is a figure comes first: none has a letter."""
    is_other = len(text) == len(again) and is_figure(again) and re.fullmatch(r"[\dA-Za-z.,]+", text)
    return (again, text) if is_other and not is_figure(text) else (text, again)


def _read(
    white: np.ndarray, spans: list[Span], rules: list[Rule], ink: np.ndarray, eyes: Eyes
) -> tuple[list[Span], list[Read]]:
    """Spans and what they say; those with figures are parted at narrower gaps and read again part by part."""

    def texts(own: list[Span]) -> list[Read]:
        return eyes.read([_crop(white, span, _room(span, rules, white.shape), MARGIN) for span in own])

    said = texts(spans)
    parted = [words_of(span, text, ink) for span, (text, _) in zip(spans, said, strict=True)]
    is_whole = [own == [span] for own, span in zip(parted, spans, strict=True)]
    again = iter(texts([word for own, whole in zip(parted, is_whole, strict=True) if not whole for word in own]))
    found: list[tuple[Span, Read]] = []
    for own, whole, pair in zip(parted, is_whole, said, strict=True):
        found += zip(*((own, [pair]) if whole else rejoined(own, [next(again) for _ in own])), strict=True)
    return [span for span, _ in found], [pair for _, pair in found]


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
