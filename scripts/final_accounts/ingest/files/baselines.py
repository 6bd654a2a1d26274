"""Characters on their baselines: the lines that they stand on, and the runs that they make.

A font says how far its characters reach down, and fonts say so differently: digits in a Latin font stand on the same
baseline as the Chinese characters beside them, and their boxes do not. So each character gets the box that its size
has around its baseline.
"""

from collections import Counter
from collections.abc import Iterator

# The part of its size that a Chinese character reaches below the baseline.
BELOW_BASELINE = 0.12
# How far baselines of one line are apart at most, in sizes of a character: wrapped names beside it are further.
ONE_LINE = 0.25
# Below which part of a character's size nothing parts the characters of a figure.
CLOSE = 0.22


def on_baseline(chars: list[dict]) -> list[dict]:
    """Characters with their boxes around their baselines, whatever their fonts say of them.

    How far a font reaches down tells what is raised in it.
    """
    depths: dict[str, Counter[float]] = {}
    for char in chars:
        depth = (char["y0"] - char["matrix"][5]) / char["size"] if char["size"] else 0.0
        depths.setdefault(char["fontname"], Counter())[round(depth, 2)] += 1
    usual = {font: counts.most_common(1)[0][0] for font, counts in depths.items()}
    return [_at(char, char["bottom"] + usual[char["fontname"]] * char["size"]) for char in chars]


def _at(char: dict, baseline: float) -> dict:
    bottom = baseline + BELOW_BASELINE * char["size"]
    return char | {"baseline": baseline, "top": bottom - char["size"], "bottom": bottom}


def rows_of(chars: list[dict]) -> list[list[dict]]:
    """The characters line by line, each from left to right."""
    rows: list[list[dict]] = []
    for char in sorted(chars, key=lambda c: c["baseline"]):
        first = rows[-1][0] if rows else None
        if first and char["baseline"] - first["baseline"] < ONE_LINE * min(char["size"], first["size"]):
            rows[-1].append(char)
        else:
            rows.append([char])
    return [sorted(row, key=lambda c: c["x0"]) for row in rows]


def runs_of(chars: list[dict]) -> Iterator[list[dict]]:
    """Characters of one line and size that nothing parts."""
    for row in rows_of(chars):
        run: list[dict] = []
        for char in row:
            is_apart = run and char["x0"] - run[-1]["x1"] > CLOSE * char["size"]
            if is_apart or (run and abs(char["size"] - run[-1]["size"]) > 0.1 * char["size"]):
                yield run
                run = []
            run.append(char)
        if run:
            yield run
