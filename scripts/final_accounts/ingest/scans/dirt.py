"""What of the ink of a page is no text: dirt, the edge of the paper, and dashes, of which models make letters."""

import re
from dataclasses import replace

import numpy as np

from final_accounts.ingest.document.pages import CJK
from final_accounts.ingest.scans.characters import OF_CHINESE
from final_accounts.ingest.scans.lettering import Read, Span

# How flat a dash is, in heights of a line, also one that is so many times longer; and how much of its ink is its own.
FLAT, LONG, FLATTER, MOST_INK = 0.25, 3, 0.4, 0.8
# How small dirt is, in heights of a line, and which part of the darkness of text it has at most.
SMALLER, PALER = 0.8, 0.5
# How far a dash is from the middle of its line, in heights of it, and how much of its place its ink fills.
LEVEL, SOLID = 0.2, 0.6
# The least ink of a sign, in squares of the height of a line, and which part of its place less ink than that must fill.
LEAST_INK, WHOLE = 0.06, 0.75


def usual_height(spans: list[Span], read: list[Read]) -> float:
    """The height of most lines: dashes say nothing of it, whatever they are read as and however many there are."""
    heights = [
        span.height
        for span, (text, _) in zip(spans, read, strict=True)
        if re.search(rf"[\d{CJK}]", text) and span.width <= 2 * len(text) * span.height
    ]
    return float(np.median(heights)) if heights else 0.0


def without_dirt(
    white: np.ndarray, ink: np.ndarray, spans: list[Span], read: list[Read], usual: float
) -> tuple[list[Span], list[Read]]:
    """Spans and what they say without what is small and pale or full of holes, or of the edge of the paper."""
    darkness = [255 - int(white[span.top : span.bottom, span.x0 : span.x1].min()) for span in spans]
    least = float(np.median(darkness or [0])) * PALER
    bottom, right = white.shape[:2]
    levels = np.array([span.centre[1] for span in spans if span.height >= SMALLER * usual])

    def is_dirt(span: Span, dark: int) -> bool:
        inside = ink[span.top : span.bottom, span.x0 : span.x1]
        is_level = (np.abs(levels - span.centre[1]) < LEVEL * usual).any()
        if span.width >= 2 * span.height and inside.mean() >= SOLID and is_level:
            # a dash in the middle of a line
            return False
        is_at_edge = span.x0 == 0 or span.top == 0 or span.x1 >= right or span.bottom >= bottom
        is_small = span.width < SMALLER * usual and span.height < SMALLER * usual
        is_speck = inside.sum() < LEAST_INK * usual**2 and inside.mean() < WHOLE
        is_of_edge = is_at_edge and min(span.width, span.height) < usual / 2
        return (is_small and (dark < least or is_speck)) or is_of_edge

    kept = [n for n, (span, dark) in enumerate(zip(spans, darkness, strict=True)) if not is_dirt(span, dark)]
    return [spans[n] for n in kept], [read[n] for n in kept]


def without_specks(span: Span, ink: np.ndarray) -> Span:
    """What most of the ink of a span stands in: a dash with specks above and below it is a dash."""
    inside = ink[span.top : span.bottom, span.x0 : span.x1]
    rows = inside.sum(axis=1)
    filled = np.flatnonzero(rows >= rows.max() / 2)
    if not len(filled) or rows[filled[0] : filled[-1] + 1].sum() < MOST_INK * rows.sum():
        return span
    return replace(span, top=span.top + int(filled[0]), bottom=span.top + int(filled[-1]) + 1)


def dash_of(span: Span, usual: float, text: str = "") -> str:
    """The dash that a flat piece of ink by itself is, or what was read as one; nothing for what is none.

    A 一 stands beside other characters. A model says little of how long a dash is.
    """
    if "、" in text:
        # the number of a paragraph
        return ""
    is_read = re.fullmatch("[-–—─_]{2,}", text) is not None
    flat = FLAT if span.width < LONG * span.height else FLATTER
    if not is_read and (span.height > flat * usual or span.width < min(usual / 3, 2 * span.height)):
        return ""
    length = span.width / usual * OF_CHINESE
    # the forms have four for what does not apply, which fonts draw a little longer or shorter
    return "────" if length > 3 else "──" if length > 1.6 else "—" if length > 0.7 else "-"
