"""The characters of a PDF page, and how they make lines of words."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby, pairwise

import pdfplumber

from final_accounts.ingest.document.pages import Box, Line, Mark, Word, plain
from final_accounts.ingest.files.baselines import CLOSE, on_baseline, rows_of, runs_of
from final_accounts.ingest.files.ink import UNSEEN, Ink
from final_accounts.ingest.files.overlaid import A_NOTE, laid_over, notes_at_figures

# How far apart the two places are at most, in points, where a character is drawn twice to be bold.
TWICE = 1.2
# What stands in a figure beside digits.
IN_FIGURES = frozenset(".,-．，－−")
# What stands for a character that its font does not say, and the part of its characters that a font may not say.
UNSAID, MOST_SILENT = "\N{REPLACEMENT CHARACTER}", 0.2
OVERLAPPING = "characters lie over each other in it"
HIDDEN = "«{}» beside the figure is not to be seen, and was left out"


def characters_of(page: pdfplumber.page.Page, rules: list[dict], ink: Ink) -> tuple[list[dict], list[Mark]]:
    """The characters of the text of a page as a person sees it, and what speaks against figures among them.

    What lies outside of the part that is shown, is drawn twice (bold), or is of a watermark or seal is left out. Of a
    figure, so is what is not to be seen and what is the mark of a note.
    """
    x0, top, x1, bottom = map(float, page.cropbox)
    chars = [c for c in page.chars if c["upright"] and x0 <= c["x0"] <= x1 and top <= c["top"] <= bottom]
    chars = _as_said(_once(on_baseline(chars)), lambda char: ink.is_blank(char, page.page_number, (x0, top)))
    over = laid_over(chars, rules)
    watermarks = [_box(chars[n]) for n in sorted(over)]
    chars = [c for n, c in enumerate(chars) if n not in over]
    notes = notes_at_figures(chars, rules)
    marks = [Mark(_box(c), doubt) for run, doubt, figure in notes for c in (figure, run[0])]
    chars = _without(chars, {id(c) for run, doubt, _ in notes if doubt.startswith(A_NOTE) for c in run})
    hidden, doubts = _doubts(chars, lambda char: ink.is_seen(char, page.page_number, (x0, top)), watermarks)
    return _without(chars, hidden), marks + doubts


def _without(chars: list[dict], left_out: set[int]) -> list[dict]:
    """The characters without some."""
    return [c for c in chars if id(c) not in left_out]


def _doubts(chars: list[dict], is_seen: Callable[[dict], bool], watermarks: list[Box]) -> tuple[set[int], list[Mark]]:
    """What speaks against figures, and which of their characters are no part of them: nobody sees them."""
    figures = list(runs_of([c for c in chars if c["text"].isdigit() or c["text"] in IN_FIGURES]))
    marks = [Mark(_box(c), OVERLAPPING) for run in figures for c in _covered(run)]
    unseen = {id(c) for run in figures for c in run if not is_seen(c)}
    hidden: set[int] = set()
    for run in figures:
        beside = _unseen_beside(run, unseen, watermarks)
        hidden |= set(map(id, beside))
        rest = _without(run, hidden)
        if beside:
            marks.append(Mark(_box(rest[0]), HIDDEN.format("".join(c["text"] for c in beside))))
        marks += [Mark(_box(c), UNSEEN) for c in rest if id(c) in unseen]
    return hidden, marks


def _as_said(chars: list[dict], is_blank: Callable[[dict], bool]) -> list[dict]:
    """The characters with a sign in place of those that their font does not say, and without its spaces.

    What else a font says that is silent about many of its characters is no more than their numbers.
    """
    chars = [c for c in chars if not (_is_silent(c) and is_blank(c))]
    counts = Counter(c["fontname"] for c in chars)
    silent = Counter(c["fontname"] for c in chars if _is_silent(c))
    fonts = {font for font, count in silent.items() if count > MOST_SILENT * counts[font]}
    return [c | {"text": UNSAID} if _is_silent(c) or c["fontname"] in fonts else c for c in chars]


def _is_silent(char: dict) -> bool:
    return char["text"].startswith("(cid:")


def _covered(run: list[dict]) -> Iterator[dict]:
    """Characters of a figure that begin in the first half of the one before."""
    for left, right in pairwise(run):
        if right["x0"] < (left["x0"] + left["x1"]) / 2:
            yield right


def _unseen_beside(run: list[dict], unseen: set[int], watermarks: list[Box]) -> list[dict]:
    """What stands before or behind a figure that is seen, and is not: it is no part of it, but where a mark covers it.

    A figure that nobody sees at all is read all the same.
    """
    seen = [n for n, c in enumerate(run) if c["text"].isdigit() and id(c) not in unseen]
    beside = [c for n, c in enumerate(run) if seen and id(c) in unseen and not seen[0] <= n <= seen[-1]]
    return [c for c in beside if not any(Mark(_box(c), "").is_in(box) for box in watermarks)]


def _box(char: dict) -> Box:
    return Box(*(float(char[name]) for name in ("x0", "top", "x1", "bottom")))


def _once(chars: list[dict]) -> list[dict]:
    """The characters without those that are drawn again in the same place."""
    kept: list[dict] = []
    places: dict[tuple[str, float, int, int], list[dict]] = {}
    for char in chars:
        x, y = (int(char[name] // TWICE) for name in ("x0", "baseline"))
        alike = (char["text"], round(char["size"], 1))
        near = (other for i in (-1, 0, 1) for j in (-1, 0, 1) for other in places.get((*alike, x + i, y + j), ()))
        if not any(max(abs(char[name] - other[name]) for name in ("x0", "baseline")) <= TWICE for other in near):
            kept.append(char)
            places.setdefault((*alike, x, y), []).append(char)
    return kept


def lines_of(chars: list[dict], page: int, gap: float = 0.55) -> Iterator[Line]:
    """Characters as lines of words; a gap wider than `gap` of a character parts two words."""
    for row in rows_of([c for c in chars if c["text"]]):
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
        min(gap, CLOSE)
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
