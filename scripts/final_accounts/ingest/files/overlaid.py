"""What lies over or under the text of a page and is no part of it: watermarks, seals, raised marks of notes."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from itertools import groupby

from final_accounts.ingest.document.pages import Box
from final_accounts.ingest.files.baselines import runs_of

# Which part of its run a character may rise at most: scanned pages are a little askew, watermarks stand at 30 and 45°.
LEVEL = 0.1
# How many times as large as the text of its page, or how much paler (of 1), a watermark is at least.
LARGE, PALE = 2.0, 0.3
# A mark of a note is smaller than this part of the figure that it stands at, and raised by this part of its size.
SMALL, RAISED = 0.8, 0.15
A_NOTE = "a raised"
NOTE = A_NOTE + " «{}» beside the figure was left out: it may be the mark of a note"
_CAN_BE_NOTE = re.compile(r"^[\[(（〔【]?(?:注?\d{1,2}|[a-z*＊†‡#①-⑳])[\])）〕】]?$")
UNEVEN = "«{}» is smaller than the digits beside it: it may be the mark of a note"


def is_level(char: dict) -> bool:
    """Whether a character stands on a level line and not on its head."""
    run, rise = char["matrix"][:2]
    return run > 0 and abs(rise) <= LEVEL * run


def laid_over(chars: list[dict], rules: list[dict]) -> set[int]:
    """The numbers of those characters, in the order in which they are drawn, that are of a watermark or a seal."""
    aslant = {n for n, char in enumerate(chars) if not is_level(char)}
    # the topmost letter of a seal is level
    aslant |= {
        n
        for n in range(1, len(chars) - 1)
        if {n - 1, n + 1} <= aslant and len({_style(char) for char in chars[n - 1 : n + 2]}) == 1
    }
    level = [n for n in range(len(chars)) if n not in aslant]
    if not level:
        return aslant
    colour = Counter(_colour(chars[n]) for n in level).most_common(1)[0][0]
    return aslant | _in_seals(chars, aslant, colour) | _watermarks(chars, level, rules)


def _colour(char: dict) -> str:
    return f"{char['ncs']} {char['non_stroking_color']}"


def _style(char: dict) -> tuple[str, str]:
    return char["fontname"], _colour(char)


def _in_seals(chars: list[dict], aslant: set[int], usual: str) -> set[int]:
    """Level characters among the letters of a seal, in its colour."""
    found: set[int] = set()
    for _, run in groupby(sorted(aslant), key=lambda n: _colour(chars[n])):
        letters = [chars[n] for n in run]
        if len(letters) > 2 and _colour(letters[0]) != usual:
            x0, x1 = min(c["x0"] for c in letters), max(c["x1"] for c in letters)
            top, bottom = min(c["top"] for c in letters), max(c["bottom"] for c in letters)
            found |= {
                n
                for n, c in enumerate(chars)
                if _colour(c) == _colour(letters[0])
                and x0 <= (c["x0"] + c["x1"]) / 2 <= x1
                and top <= (c["top"] + c["bottom"]) / 2 <= bottom
            }
    return found


def _watermarks(chars: list[dict], level: list[int], rules: list[dict]) -> set[int]:
    """Level characters that are much larger or paler than the text, and lie across its characters or rules."""
    size = Counter(round(chars[n]["size"]) for n in level).most_common(1)[0][0]
    brightness = Counter(_brightness(chars[n]) for n in level).most_common(1)[0][0]

    def is_odd(char: dict) -> bool:
        own = _brightness(char)
        is_pale = own is not None and brightness is not None and own - brightness >= PALE
        return char["size"] >= LARGE * size or (is_pale and not char["text"].isdigit())

    found: set[int] = set()
    odd = [n for n in level if is_odd(chars[n])]
    others = [_inside(chars[n]) for n in level if n not in set(odd)]
    lines = [Box(rule["x0"], rule["top"], rule["x1"], rule["bottom"]) for rule in rules]
    for _, run in groupby(odd, key=lambda n: (*_style(chars[n]), round(chars[n]["size"]))):
        own = list(run)
        boxes = [_inside(chars[n]) for n in own]
        if any(_meet(box, other) for box in boxes for other in [*others, *lines]):
            found |= set(own)
    return found


def _inside(char: dict) -> Box:
    """The middle of a character, where what lies across it must pass."""
    edge = 0.2 * char["size"]
    width = min(edge, 0.3 * (char["x1"] - char["x0"]))
    return Box(char["x0"] + width, char["top"] + edge, char["x1"] - width, char["bottom"] - edge)


def _meet(one: Box, other: Box) -> bool:
    return one.x0 <= other.x1 and other.x0 <= one.x1 and one.top <= other.bottom and other.top <= one.bottom


def _brightness(char: dict) -> float | None:
    """How bright a character is, from 0 to 1; None for a colour that does not say."""
    colour, space = char["non_stroking_color"], str(char["ncs"])
    if not isinstance(colour, (tuple, list)) or not all(isinstance(part, (int, float)) for part in colour):
        return None
    if len(colour) == 4:
        return 1 - min(1.0, sum(colour[:3]) / 3 + colour[3])
    if len(colour) == 3 or (len(colour) == 1 and "Separation" not in space and "DeviceN" not in space):
        return round(sum(colour) / len(colour), 2)
    return None


def notes_at_figures(chars: list[dict], rules: list[dict]) -> list[tuple[list[dict], str, dict]]:
    """What is smaller than a figure that it stands at: its characters, what is to be said, and a digit of the figure.

    What is raised is the mark of a note, as far as its text can be one.
    """
    digits = _Digits([c for c in chars if c["text"].isdigit()])
    found: list[tuple[list[dict], str, dict]] = []
    for run in runs_of([c for c in chars if c["text"].strip() and c["size"] < SMALL * digits.largest]):
        near = (c for c in digits.near(run) if _stands_at(c, run) and not _is_ruled_off(c, run, rules))
        figure = next(near, None)
        if figure is not None and (doubt := _doubt_of(run, figure)):
            found.append((run, doubt, figure))
    return found


class _Digits:
    """The digits of a page in the order of both their edges, so that those beside something are found."""

    def __init__(self, digits: list[dict]) -> None:
        self.by_end = sorted(digits, key=lambda c: c["x1"])
        self.by_begin = sorted(self.by_end, key=lambda c: c["x0"])
        self.ends = [c["x1"] for c in self.by_end]
        self.begins = [c["x0"] for c in self.by_begin]
        self.largest = max((c["size"] for c in digits), default=0.0)

    def near(self, run: list[dict]) -> list[dict]:
        """Those that end where characters begin, and those that begin where they end, as far as these are wide."""
        x0, x1, size = run[0]["x0"], run[-1]["x1"], run[0]["size"]
        return [
            *self.by_end[bisect_left(self.ends, x0 - size) : bisect_right(self.ends, x0 + size)],
            *self.by_begin[bisect_left(self.begins, x1 - size) : bisect_right(self.begins, x1 + size)],
        ]


def _doubt_of(run: list[dict], figure: dict) -> str:
    """What is to be said of smaller characters at a figure: nothing where they can be neither a note nor a part."""
    text = "".join(c["text"] for c in run)
    can_be_note = _CAN_BE_NOTE.match(text)
    if not (can_be_note or text[0].isdigit() or text[-1].isdigit()):
        return ""
    is_raised = (figure["baseline"] - run[0]["baseline"]) / figure["size"] >= RAISED
    return (NOTE if is_raised and can_be_note else UNEVEN).format(text)


def _stands_at(figure: dict, run: list[dict]) -> bool:
    """Whether a run of smaller characters stands at a digit, raised or lowered by less than a line."""
    size = figure["size"]
    gap = max(run[0]["x0"] - figure["x1"], figure["x0"] - run[-1]["x1"])
    rise = (figure["baseline"] - run[0]["baseline"]) / size
    return run[0]["size"] < SMALL * size and abs(gap) < 0.3 * size and -0.5 < rise < 0.8


def _is_ruled_off(figure: dict, run: list[dict], rules: list[dict]) -> bool:
    """Whether an upright rule stands between a digit and what is beside it."""
    middles = [(c["x0"] + c["x1"]) / 2 for c in (figure, run[0] if figure["x0"] < run[0]["x0"] else run[-1])]
    level = (figure["top"] + figure["bottom"]) / 2
    return any(
        rule["orientation"] == "v"
        and min(middles) < rule["x0"] < max(middles)
        and rule["top"] <= level <= rule["bottom"]
        for rule in rules
    )
