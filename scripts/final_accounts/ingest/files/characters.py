"""The characters of a PDF page, and how they make lines of words.

A font says how far its characters reach down, and fonts say so differently: digits in a Latin font stand on the same
baseline as the Chinese characters beside them, and their boxes do not. So each character gets the box that its size
has around its baseline.
"""

from collections.abc import Iterator
from itertools import groupby

import pdfplumber

from final_accounts.ingest.document.pages import Box, Line, Word, plain

# The part of its size that a Chinese character reaches below the baseline.
BELOW_BASELINE = 0.12
# How far baselines of one line are apart at most, in sizes of a character: wrapped names beside it are further.
ONE_LINE = 0.25


def characters_of(page: pdfplumber.page.Page) -> list[dict]:
    """The upright characters in the part of a page that is shown; what is drawn twice (bold) is there once."""
    chars = page.dedupe_chars(tolerance=1.2, extra_attrs=("size",)).chars
    x0, top, x1, bottom = map(float, page.cropbox)
    shown = (c for c in chars if c["upright"] and x0 <= c["x0"] <= x1 and top <= c["top"] <= bottom)
    return [_on_baseline(c) for c in shown]


def _on_baseline(char: dict) -> dict:
    """A character with its box around its baseline, whatever its font says of it."""
    baseline = char["bottom"] + char["y0"] - char["matrix"][5]
    bottom = baseline + BELOW_BASELINE * char["size"]
    return char | {"baseline": baseline, "top": bottom - char["size"], "bottom": bottom}


def lines_of(chars: list[dict], page: int, gap: float = 0.55) -> Iterator[Line]:
    """Characters as lines of words; a gap wider than `gap` of a character parts two words."""
    rows: list[list[dict]] = []
    for char in sorted((c for c in chars if c["text"]), key=lambda c: c["baseline"]):
        first = rows[-1][0] if rows else None
        if first and char["baseline"] - first["baseline"] < ONE_LINE * min(char["size"], first["size"]):
            rows[-1].append(char)
        else:
            rows.append([char])
    for row in rows:
        row.sort(key=lambda c: c["x0"])
        words: list[Word] = []
        text = ""
        for is_space, run in groupby(row, key=lambda c: not c["text"].strip()):
            run = list(run)
            if is_space:
                text += " " if text and not text.endswith(" ") else ""
                continue
            current: list[dict] = []
            for char in run:
                if (
                    current
                    and char["x0"] - current[-1]["x1"] > _gap(current[-1]["text"], char["text"], gap) * char["size"]
                ):
                    words.append(_word(current))
                    text += words[-1].text + " "
                    current = []
                current.append(char)
            words.append(_word(current))
            text += words[-1].text
        if words:
            box = words[0].box
            for word in words[1:]:
                box = box.joined(word.box)
            yield Line(text.strip(), page, box, words)


def _gap(left: str, right: str, gap: float) -> float:
    """Which part of a character's size parts two words: beside a figure less does, its digits stand close together."""
    if left[-1:] in ("，", "．") and right[:1].isdigit():
        # within a figure in full-width characters
        return 1.2
    return (
        min(gap, 0.22)
        if (left[-1:].isdigit() or left[-1:] in "─—–-－")
        and (right[:1].isdigit() or (ord(right[0]) > 0x2E80 and right[0] not in "，．"))
        else gap
    )


def _word(chars: list[dict]) -> Word:
    texts = [plain(c["text"]) for c in chars]
    box = Box(
        float(chars[0]["x0"]),
        float(min(c["top"] for c in chars)),
        float(max(c["x1"] for c in chars)),
        float(max(c["bottom"] for c in chars)),
    )
    edges = tuple((float(c["x0"]), float(c["x1"])) for c, text in zip(chars, texts, strict=True) for _ in text)
    return Word("".join(texts), box, edges)
