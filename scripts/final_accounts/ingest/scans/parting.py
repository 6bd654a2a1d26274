"""Where a line that was found as one is parted: what stands close together in two cells of a table without rules.

A gap alone does not say it: a comma as wide as Chinese text leaves one within a figure, and an amount to the right of
its column may be closer to the code behind it. What a model reads says where a word may end, and the ink whether there
is a gap.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from final_accounts.ingest.document.pages import CJK
from final_accounts.ingest.scans.characters import size_of, widths_of
from final_accounts.ingest.scans.dirt import FLAT
from final_accounts.ingest.scans.lettering import SMALLEST, Read, Span, around, is_text, parts_of, shrunk
from final_accounts.ingest.scans.wording import is_figure, worded

# In sizes of a character: the gap that parts two words, that between a dash and a code or a label that begins, that
# between an amount and a figure behind it, and that between a figure and a name.
PARTED, CLOSE, BEHIND, BEFORE_NAME = 0.5, 0.15, 0.3, 0.15
# What a number may count: it is then no amount or code before a label.
_COUNTED = "万亿元个人辆台次批平份家户名件套年月日号项表页时分"
# An amount that a label, a code or another amount stands close behind: amounts have two decimals.
_AMOUNT_FIRST = re.compile(rf"-?\d[\d,，]*\.\d\d(?=(?![{_COUNTED}])[{CJK}]|\d{{3}}(?:\d\d)?$|\d[\d,，]*\.\d\d$)")
# A code of a subject and its name.
_CODE_FIRST = re.compile(rf"[23]\d\d(?:\d\d){{0,2}}(?=(?![{_COUNTED}])[{CJK}])")
# A dash before a code, or before the numeral of a label: 一四、 is none.
_DASH_BESIDE = re.compile(r"[—–─一-]*\d+[—–─一-]*|[—–─一-]+[一二三四五六七八九十]{1,3}、.*")
# A figure whose thousands are parted, and one in two parts where the comma was lost.
_GROUPED = re.compile(r"-?\d{1,3}(?:[,，]\d{3})+\.\d\d")
_THOUSANDS, _REST = re.compile(r"-?\d{1,3}[,，]?"), re.compile(r"\d{3}(?:[,，]\d{3})*\.\d\d")
# How much of its place a comma of a figure may leave blank, in sizes of a character; where the low part of a line is
# and how high a comma is at least, in heights of a line, and how wide, in pixels.
COMMA_LEAVES, LOW, FLATTEST, NARROWEST = 0.9, 0.55, 0.18, 3


def words_of(span: Span, text: str, ink: np.ndarray) -> list[Span]:
    """The words of a line, by what was read of it and by its gaps; or the line as it is."""
    if len(text) < 2:
        return [span]
    # a model puts spaces where a comma is wide, and before what is close behind
    text = worded(re.sub(rf"(?<=[\d,，.])\s+(?=[\d{CJK}])", "", text))
    parts = _beside_a_dash(span, text, ink)
    if not re.search(r"\d", text):
        return parts
    pieces = [piece for part in parts for piece in _first_and_rest(part, text, ink)]
    return [word for piece, own in pieces for word in (_at_gaps(piece, own, ink) if re.search(r"\d", own) else [piece])]


def rejoined(spans: list[Span], read: list[Read]) -> tuple[list[Span], list[Read]]:
    """Words of one line, and what they say, with figures whole that were parted where a comma was not seen."""
    whole: list[tuple[Span, Read]] = []
    for span, (text, score) in zip(spans, read, strict=True):
        before, (thousands, sure) = whole[-1] if whole else (span, ("", 0.0))
        figure = worded(text)
        is_rest = _REST.fullmatch(figure) and _THOUSANDS.fullmatch(thousands.strip())
        if whole and is_rest and span.x0 - before.x1 < COMMA_LEAVES * size_of(figure, span.height):
            whole[-1] = before.joined(span), (f"{thousands.strip(' ,，')}，{figure}", min(score, sure))
        else:
            whole.append((span, (text, score)))
    return [span for span, _ in whole], [said for _, said in whole]


def parts_read(span: Span, text: str, ink: np.ndarray) -> Iterable[Span]:
    """Where the characters of a word stand; a character by itself has no parts, and neither has a figure or a dash."""
    if len(text) < 2 or is_figure(text) or not text.strip("─—-"):
        return [span]
    return parts_of(span, ink, PARTED * size_of(text, span.height))


def comma_of(spans: list[Span], texts: list[str], ink: np.ndarray) -> str:
    """The comma of the figures of a page: as wide as Chinese text where most of those with one have a gap.

    One by one they do not say it: on a bad scan the ink of a narrow comma is lost, and leaves a gap as well.
    """
    gaps = [
        len(list(parts_of(span, ink, PARTED * size_of(text, span.height)))) > 1
        for span, text in zip(spans, texts, strict=True)
        if is_figure(text) and re.search("[,，]", text)
    ]
    return "，" if 2 * sum(gaps) > len(gaps) else ","


def with_comma(text: str, comma: str) -> str:
    """A figure with the comma of its page; what is none stays."""
    return re.sub("[,，]", comma, text) if is_figure(text) else text


def _at_gaps(span: Span, text: str, ink: np.ndarray) -> list[Span]:
    """The parts of a span that gaps leave; what is small is a sign behind Chinese text, and a speck beside a figure."""
    if _GROUPED.fullmatch(text):
        return [span]
    size, is_chinese = size_of(text, span.height), re.search(f"[{CJK}]", text)
    least = span.height if is_chinese else min(span.height, SMALLEST)
    parts: list[Span] = []
    for part in parts_of(span, ink, PARTED * size):
        if parts and part.x0 - parts[-1].x1 < COMMA_LEAVES * size and _ends_with_a_comma(parts[-1], span, ink):
            parts[-1] = parts[-1].joined(part)
        elif is_text(part, least):
            parts.append(part)
        elif parts and is_chinese and part.x0 - parts[-1].x1 < size:
            parts[-1] = parts[-1].joined(part)
    return parts or [span]


def _beside_a_dash(span: Span, text: str, ink: np.ndarray) -> list[Span]:
    """A label or a code and the dash of the cell before or behind it, close together; or the span as it is."""
    size = size_of(text, span.height)
    is_close = _DASH_BESIDE.fullmatch(text)
    parts = list(parts_of(span, ink, (CLOSE if is_close else PARTED) * size))
    if len(parts) < 2 or not (is_close or max(part.width for part in parts) >= 2 * size):
        return [span]
    first, last = (_is_flat(part, span, size) for part in (parts[0], parts[-1]))
    inner = parts[first : len(parts) - last]
    if not (first or last) or not inner:
        return [span]
    return [*parts[:first], around(inner), *parts[len(parts) - last :]]


def _first_and_rest(span: Span, text: str, ink: np.ndarray) -> list[tuple[Span, str]]:
    """An amount or a code and what is close behind it in the next column, with what they say; or the span as it is."""
    first = _AMOUNT_FIRST.match(text) or _CODE_FIRST.match(text)
    if not first:
        return [(span, text)]
    widths = widths_of(text)
    expected = span.x0 + span.width * sum(widths[: first.end()]) / sum(widths)
    size = size_of(text, span.height)
    is_name = re.match(f"[{CJK}]", text[first.end() :])
    parts = list(parts_of(span, ink, (BEFORE_NAME if is_name else BEHIND) * size))
    gaps = [(one.x1, other.x0) for one, other in pairwise(parts) if not _ends_with_a_comma(one, span, ink)]
    away = {gap: abs(sum(gap) / 2 - expected) for gap in gaps}
    if min(away.values(), default=size) >= size:
        return [(span, text)]
    end, start = min(away, key=away.__getitem__)
    return [
        (shrunk(span, ink, x1=end), text[: first.end()]),
        (shrunk(span, ink, x0=start), text[first.end() :]),
    ]


def _is_flat(part: Span, line: Span, size: float) -> bool:
    """Whether a part of a line is a dash that stands for an amount: longer than the sign of a negative one."""
    return part.height <= FLAT * line.height and part.width >= size / 2


def _ends_with_a_comma(part: Span, line: Span, ink: np.ndarray) -> bool:
    """Whether the last ink of a part of a line is low: a comma as wide as Chinese text leaves a gap within a figure.

    What is narrower is a serif, and what is flatter the bar of a 4.
    """
    last = ink[line.top : line.bottom, max(part.x0, part.x1 - NARROWEST) : part.x1]
    rows = np.flatnonzero(last.any(axis=1))
    is_low = len(rows) > 0 and rows[0] >= round(LOW * line.height)
    return bool(is_low and len(rows) >= FLATTEST * line.height and last.any(axis=0).all())
