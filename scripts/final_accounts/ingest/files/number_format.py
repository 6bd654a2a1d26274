r"""What a sheet shows of a number: formats of spreadsheets (ECMA-376, part 1, 18.8.31), as far as they show a figure.

Literals stand where the format has them, also among the digits: `0\.0000` shows 113791702 as 11379.1702, and
`0\.0,` shows yuan with one decimal of 万元.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from operator import eq, ge, gt, le, lt, ne

# A spreadsheet keeps fifteen digits of a number and shows eleven characters where no format says otherwise.
KEPT_DIGITS, GENERAL_WIDTH = 15, 11
_GENERAL = ("General", "G/通用格式", "@", "")

_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_(?P<space>.)|\*(?P<filling>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]'
    r"|\[(?P<condition>[<>=]+[^\]]*)\]|\[(?P<elapsed>[hms]+)\]|\[(?P<colour>[^\]]*)\]"
    r"|(?P<general>General|G/通用格式)|(?P<exponent>E[+-])|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)"
    r"|(?P<literal>[^A-Za-z/@]|[^\x00-\x7f])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_SECTION = re.compile(r'(?:"[^"]*"|[\\!_*].|\[[^\]]*\]|[^;])*', re.DOTALL)
_TESTS = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}


class NoFigure(Exception):  # noqa: N818 - an answer, not a fault
    """The format shows something else than a plain figure: a date, a fraction, a power of ten."""


@dataclass
class _Section:
    """One part of a format: what it shows in its order, and what it does to the number before."""

    pieces: list[tuple[str, str]] = field(default_factory=list)
    condition: tuple[str, Decimal] | None = None
    is_grouped: bool = False
    power: int = 0  # of ten, by which the number is multiplied


def show(value: float | Decimal, number_format: str) -> str:
    """The text that a cell shows of a number; raises NoFigure where that is no plain figure."""
    number = _kept(value if isinstance(value, Decimal) else Decimal(repr(value)))
    if number_format in _GENERAL:
        return _general(number)
    section, number = _chosen(_sections(number_format), number)
    if any(kind == "general" for kind, _ in section.pieces):
        return "".join(_general(number) if kind == "general" else text for kind, text in section.pieces).strip()
    return _filled(section, number).strip()


def _kept(number: Decimal) -> Decimal:
    """The number in as many digits as a spreadsheet keeps: what is behind them is noise of binary fractions."""
    if not number:
        return Decimal(0)
    return _rounded(number, KEPT_DIGITS - 1 - number.adjusted())


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _general(number: Decimal) -> str:
    whole = len(f"{abs(number):.0f}") if abs(number) >= 1 else 1
    if whole > GENERAL_WIDTH or (number and abs(number) < Decimal("0.0001")):
        raise NoFigure
    text = f"{_rounded(number, max(GENERAL_WIDTH - whole - 1, 0)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def _sections(number_format: str) -> list[_Section]:
    texts, end = [], -1
    while end < len(number_format):
        match = _SECTION.match(number_format, end + 1)
        texts.append(match.group())
        end = match.end()
    return [_parsed(text) for text in texts]


def _parsed(text: str) -> _Section:
    section = _Section()
    for match in _PIECE.finditer(text):
        kind, piece = match.lastgroup, match.group(match.lastgroup)
        if kind in ("elapsed", "exponent", "other"):
            section.pieces.append(("other", piece))
        elif kind == "condition":
            test = re.fullmatch(r"([<>=]+)\s*(-?[\d.]+)", piece)
            section.condition = (test.group(1), Decimal(test.group(2))) if test else ("", Decimal(0))
        elif kind in ("digit", "point", "comma", "general"):
            section.pieces.append((kind, piece))
        elif kind == "percent":
            section.power += 2
            section.pieces.append(("literal", "%"))
        elif kind not in ("filling", "colour"):
            section.pieces.append(("literal", " " if kind == "space" else piece))
    _settle_commas(section)
    return section


def _settle_commas(section: _Section) -> None:
    """A comma between digits groups thousands, one behind the last (or the last before the point) divides by 1000."""
    kinds = [kind for kind, _ in section.pieces]
    point = kinds.index("point") if "point" in kinds else len(kinds)
    digits = [n for n, kind in enumerate(kinds) if kind == "digit"]
    for n, kind in enumerate(kinds):
        if kind == "comma" and digits:
            is_between = any(d < n for d in digits) and any(n < d < point for d in digits)
            section.is_grouped |= is_between
            section.power -= 0 if is_between or n < digits[0] else 3
    section.pieces = [piece for piece in section.pieces if piece[0] != "comma"]


def _chosen(sections: list[_Section], number: Decimal) -> tuple[_Section, Decimal]:
    """The section that shows a number, and the number that it shows: a section of its own says what is below zero."""
    if any(section.condition for section in sections):
        return _chosen_by_condition(sections, number)
    if number == 0 and len(sections) > 2:
        return sections[2], number
    if number < 0 and len(sections) > 1:
        return sections[1], -number
    return sections[0], number


def _chosen_by_condition(sections: list[_Section], number: Decimal) -> tuple[_Section, Decimal]:
    for section in sections[:3]:
        if section.condition is None:
            # with no condition, the second of three is for what is below zero
            if section is sections[1] and len(sections) > 2 and number >= 0:
                continue
            return section, number
        test, limit = section.condition
        if test not in _TESTS:
            raise NoFigure
        if _TESTS[test](number, limit):
            return section, number
    # a spreadsheet fills the cell with number signs
    raise NoFigure


def _filled(section: _Section, number: Decimal) -> str:
    """The digits of a number in the places that a section has for them."""
    kinds = [kind for kind, _ in section.pieces]
    if "other" in kinds or kinds.count("point") > 1:
        raise NoFigure
    shown = [text for _, text in section.pieces]
    point = kinds.index("point") if "point" in kinds else len(kinds)
    digits = [n for n, kind in enumerate(kinds) if kind == "digit"]
    if not digits:
        return "".join(shown)
    before = bisect_left(digits, point)
    whole, behind = digits[:before], digits[before:]
    rounded = _rounded(number.scaleb(section.power), len(behind))
    left, _, right = f"{abs(rounded):f}".partition(".")
    _fill_whole(shown, whole, "" if left == "0" else left, section.is_grouped)
    _fill_behind(shown, behind, right)
    if not whole and left != "0":
        shown[point] = left + shown[point]
    return ("-" if rounded < 0 else "") + "".join(shown)


def _fill_whole(shown: list[str], places: list[int], digits: str, is_grouped: bool) -> None:
    """Digits before the point, from the right; what has no place stands before the first one."""
    count = 0
    for place in reversed(places):
        digit, digits = digits[-1:], digits[:-1]
        if place == places[0]:
            digit, digits = digits + digit, ""
        text = ""
        for character in reversed(digit or {"0": "0", "?": " "}.get(shown[place], "")):
            comma = "," if is_grouped and count and count % 3 == 0 and character != " " else ""
            text = character + comma + text
            count += 1
        shown[place] = text


def _fill_behind(shown: list[str], places: list[int], digits: str) -> None:
    """Digits behind the point; zeros at the end only where the format wants them."""
    open_end = True
    for place, digit in reversed(list(zip(places, digits, strict=True))):
        open_end = open_end and digit == "0" and shown[place] != "0"
        shown[place] = {"#": "", "?": " "}[shown[place]] if open_end else digit
