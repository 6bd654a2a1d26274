"""The characters of a line that was read as a picture: how large they are, how wide, and where each stands.

A model says what a line reads, and the ink where its parts stand: characters are shared out between.
"""

import re

from final_accounts.ingest.document.pages import CJK, Box
from final_accounts.ingest.files.baselines import BELOW_BASELINE

# Which part of its size a character fills from top to bottom: a Chinese one, and a digit.
OF_CHINESE, OF_DIGIT = 0.9, 0.7
# Signs that leave the half of their place blank.
HALF_BLANK = "、，。；：）"


def characters_of(text: str, box: Box, parts: list[Box]) -> list[dict]:
    """The characters of a line side by side in the parts of its box: a Chinese one is twice as wide as another."""
    size, baseline = _size_and_baseline(text, box)
    bottom = baseline + BELOW_BASELINE * size
    widths = widths_of(text)
    inked = sum(part.x1 - part.x0 for part in parts)
    chars: list[dict] = []
    begun, filled = 0, 0.0
    for part in parts:
        filled += part.x1 - part.x0
        share = sum(widths) * filled / max(inked, 0.1)
        end = _last_of_part(text, widths, begun, share)
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
        if end > begun and text[end - 1] in HALF_BLANK + ",":
            chars[-1]["x1"] += size / 2
        begun = end
    return chars


def widths_of(text: str) -> list[float]:
    """How wide the ink of each character is, in sizes of a character."""
    return [1.0 if re.match(f"[{CJK}]", c) and c not in HALF_BLANK + "（" else 0.5 for c in text]


def _last_of_part(text: str, widths: list[float], begun: int, share: float) -> int:
    """Behind which character a part ends: a sign that leaves a gap near its end, or the one whose end is nearest."""
    away = {n: abs(sum(widths[:n]) - share) for n in range(begun, len(text) + 1)}
    signs = [n for n in away if n > begun and away[n] <= 1 and text[n - 1] in HALF_BLANK + ","]
    return min(signs or away, key=away.__getitem__, default=begun)


def size_of(text: str, height: float) -> float:
    """How large the characters of a line are, by the height of their ink."""
    return height / (OF_CHINESE if re.search(f"[{CJK}]", text) else OF_DIGIT)


def _size_and_baseline(text: str, box: Box) -> tuple[float, float]:
    """How large the characters of a line are, and on what they stand, by the ink around them."""
    height = box.bottom - box.top
    if re.search(rf"[{CJK}](?<![一—，、。：])", text):
        size = height / OF_CHINESE
        return size, box.bottom - 0.06 * size
    if re.search(r"[\dA-Za-z]", text):
        # a comma reaches below the baseline
        size = height / (OF_DIGIT + 0.15 * bool(re.search("[,，]", text)))
        return size, box.bottom - 0.15 * size * bool(re.search("[,，]", text))
    size = max(height, (box.x1 - box.x0) / max(len(text), 1))
    return size, (box.top + box.bottom) / 2 + 0.35 * size
