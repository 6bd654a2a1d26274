"""What a report is once its file has been opened, whatever the file was: pages of lines and ruled grids, with places.

A place is a page and, where the file has coordinates, a box in points from the top left corner. Text files have no
coordinates; the columns that a reader program has lined up with spaces count as such.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

# PDF fonts often map common characters to the look-alikes of these blocks.
_RADICALS = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in [*range(0x2E80, 0x2FE0)]
    if unicodedata.normalize("NFKC", chr(code)) != chr(code)
}
# These have no mapping in Unicode, and are what fonts made from Noto and Source Han give for common characters.
_RADICALS |= str.maketrans(
    "⺁⺄⺌⺟⺠⺢⺩⺪⺮⺶⺻⺼⺾⻃⻄⻅⻆⻈⻉⻋⻌⻐⻑⻒⻓⻔⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
    "厂乙小母民水王疋竹羊聿肉艹西西见角讠贝车辶金长長长门雨青韦页风飞食饣饣马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
)
# Fonts often name their hyphen the soft one, which is no control character but the sign of an amount.
_RADICALS[0xAD] = "-"
# Digits as wide as Chinese characters are digits.
_RADICALS |= str.maketrans("０１２３４５６７８９", "0123456789")
_HALF = str.maketrans("（）：；，．－“”‘’＂〝〞「」％０１２３４５６７８９", '():;,.-"""""""""%0123456789')

AMOUNT = r"[-－−]?\d[\d,，]*(?:[.．]\d+)?"
IS_AMOUNT = re.compile(rf"^{AMOUNT}$")
# what stands where nothing is: dashes, or a stroke by itself
DASH = r"(?:[─━—–－−-]{1,8}(?![\d─━—–－−-])|[/／](?![^\s]))"
IS_DASH = re.compile(rf"^{DASH}$")
CJK = r"\u3400-\u9fff\uf900-\ufaff（）“”、，。：；《》〔〕【】"


class Refused(Exception):  # noqa: N818 - an outcome, not a fault of the program
    """The file cannot be read as a report; the text is the reason, as a sentence."""


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in points from the top left corner."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def middle(self) -> float:
        """Where the box is centred from left to right."""
        return (self.x0 + self.x1) / 2

    def seen_from(self, corner: tuple[float, float]) -> "Box":
        """The same rectangle, counted from another corner."""
        left, top = corner
        return Box(self.x0 - left, self.top - top, self.x1 - left, self.bottom - top)

    def joined(self, other: "Box | None") -> "Box":
        """The smallest box around both."""
        if other is None:
            return self
        return Box(
            min(self.x0, other.x0), min(self.top, other.top), max(self.x1, other.x1), max(self.bottom, other.bottom)
        )


@dataclass(frozen=True)
class Seen:
    """A figure of a picture as it was read, and as it was read again; `is_sure` where the first was no guess."""

    box: Box
    text: str
    again: str
    is_sure: bool = True

    @property
    def is_twice(self) -> bool:
        """Whether both readings say the same."""
        return self.is_sure and self.text == self.again

    def is_in(self, box: Box) -> bool:
        """Whether it stands in the box of a cell."""
        level = (self.box.top + self.box.bottom) / 2
        return box.x0 <= self.box.middle <= box.x1 and box.top <= level <= box.bottom


@dataclass
class Cell:
    """A cell of a grid; `doubt` says why its place or its text may be wrong, None where nothing speaks for it.

    `seen` is the figure as it was read from a picture, None where the file itself says what it is. `scale` is by how
    many powers of ten a sheet shows its number smaller, and the unit that it writes behind it.
    """

    text: str
    page: int
    box: Box | None = None
    doubt: str | None = None
    seen: Seen | None = None
    scale: tuple[int, str] | None = None


@dataclass(frozen=True)
class Word:
    """A run of characters without a gap; `edges` are left and right end of each character, where they are known."""

    text: str
    box: Box
    edges: tuple[tuple[float, float], ...] = ()


@dataclass
class Line:
    """A line of text; `words` is empty where the file has no coordinates."""

    text: str
    page: int
    box: Box | None = None
    words: list[Word] = field(default_factory=list)


class TextLine(NamedTuple):
    """A line of running text with its page: a cell follows each space, and a blank one is nothing between two."""

    text: str
    page: int


@dataclass
class Grid:
    """A table as drawn: `slots[row][column]` is a cell; a merged cell stands in each slot that it covers.

    `heading_rows` is None where the rows themselves must tell which of them are headings.
    """

    page: int
    box: Box | None
    slots: list[list[Cell | None]]
    edges: list[float] = field(default_factory=list)
    heading_rows: int | None = None

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max((len(row) for row in self.slots), default=0)

    def own(self, row: int, column: int) -> Cell | None:
        """The cell of a slot if the slot is the first that the cell covers."""
        cell = self.slots[row][column]
        if cell is None:
            return None
        left = column > 0 and self.slots[row][column - 1] is cell
        above = row > 0 and column < len(self.slots[row - 1]) and self.slots[row - 1][column] is cell
        return None if left or above else cell

    def texts(self, row: int) -> list[str]:
        """The texts of the cells that begin in a row, blank ones left out."""
        own = (self.own(row, column) for column in range(len(self.slots[row])))
        return [cell.text.strip() for cell in own if cell and cell.text.strip()]


@dataclass(frozen=True)
class Mark:
    """Something on a page that speaks against the figure where it stands."""

    box: Box
    doubt: str

    def is_in(self, box: Box) -> bool:
        """Whether it stands in the box of a cell."""
        level = (self.box.top + self.box.bottom) / 2
        return box.x0 <= self.box.middle <= box.x1 and box.top <= level <= box.bottom


@dataclass
class Page:
    """One page, its parts in reading order; `corner` is where the part of the page begins that is shown.

    `pictures` are those that may be tables, and were not read; `doubts` are sentences about what else was not. `seen`
    are the figures that were read from pictures, `read_as` is text or picture. `scales` are the scales of the amounts
    of a sheet, with the first that is shown so.
    """

    number: int
    parts: list[Line | Grid] = field(default_factory=list)
    width: float = 0
    height: float = 0
    marks: list[Mark] = field(default_factory=list)
    corner: tuple[float, float] = (0.0, 0.0)
    pictures: list[Box] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    read_as: str = "text"
    scales: dict[tuple[int, str], str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Everything that is read on it."""
        return "\n".join(text for part in self.parts for text in _texts(part))


def _texts(part: Line | Grid) -> Iterator[str]:
    """The text of a line, or those of the cells of a grid."""
    if isinstance(part, Line):
        yield part.text
    else:
        yield from (cell.text for cell in {id(cell): cell for row in part.slots for cell in row if cell}.values())


@dataclass
class Document:
    """A report file that could be opened. `kind` is pdf, text or xlsx.

    `turned` says by how many degrees a page was turned to have its text upright, `doubts` what was not read.
    """

    name: str
    kind: str
    sha256: str
    pages: list[Page]
    pages_known: bool = True
    running: list[str] = field(default_factory=list)
    turned: dict[int, int] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    def parts(self) -> Iterator[Line | Grid]:
        """All parts of all pages in reading order."""
        for page in self.pages:
            yield from page.parts

    @property
    def characters(self) -> int:
        """How much text there is."""
        return sum(len(text) for part in self.parts() for text in _texts(part))


def plain(text: str) -> str:
    """The text with look-alike radicals as the characters they stand for, and without control characters."""
    text = text.translate(_RADICALS)
    return "".join(c for c in text if c in "\n\t" or not unicodedata.category(c).startswith(("Cc", "Cf", "Co", "Cs")))


def joined(text: str) -> str:
    """The text without any white space."""
    return re.sub(r"[\s\u00a0\u3000]+", "", text)


def key(text: str) -> str:
    """What a label is compared by: no white space, brackets, quotes and digits in their ASCII forms."""
    return joined(text).translate(_HALF)


def label_key(text: str) -> str:
    """What a line label says, without its number, as the macro of the same name does in SQL."""
    label = joined(text)
    return re.sub(
        r"：$", "", re.sub(r"^([一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|[0-9]+[.．、])", "", label)
    )


def undoubled(text: str, figures: bool = False) -> str:
    """A text that is drawn twice in bold («项目项目») once; each of its words by itself.

    A figure is left as it is («22» is no «2» drawn twice) but where `figures` says that it numbers a column.
    """

    def once(word: str) -> str:
        half = word[: len(word) // 2]
        is_twice = len(word) > 1 and word == half + half
        return half if is_twice and (figures or re.search(r"[\u3400-\u9fff]", half)) else word

    whole = once(text)
    return whole if whole != text else " ".join(once(word) for word in text.split(" "))


def amount_in(text: str) -> Decimal | None:
    """The number that a cell prints, None where it prints none."""
    if not IS_AMOUNT.match(text):
        return None
    return Decimal(re.sub(r"[,，]", "", text.translate(_HALF).replace("．", ".").replace("−", "-")))


# How accounts show what is below zero, and what money they count.
_MINUS = r"\-－−‐‑‒–﹣⁻△▲"
_SIGNED = re.compile(
    rf"(?P<open>[(（]?)(?P<sign>[+＋{_MINUS}]?)(?:[¥￥$]|人民币|RMB|CNY)?(?P<inner>[+＋{_MINUS}]?)"
    rf"(?P<digits>\d[\d,，]*(?:[.．]\d+)?|[.．]\d+)元?(?P<end>[{_MINUS}]?)(?P<close>[)）]?)元?"
)


def figure(text: str) -> str:
    """An amount without the signs around it: a minus for what is below zero, none of a currency; other texts as is.

    Below zero stand a minus of any width before or behind the figure, △ and ▲, or the figure in brackets.
    """
    if IS_AMOUNT.match(text) or re.search(r"[\d.．,，]\s+[\d.．,，]", text):
        return text
    match = _SIGNED.fullmatch(joined(text))
    if match is None:
        return text
    minuses = [match[name] for name in ("sign", "inner", "end") if match[name] and match[name] not in "+＋"]
    is_bracketed = bool(match["open"] or match["close"])
    if len(minuses) > 1 or (is_bracketed and (minuses or not _can_be_below_zero(match))):
        return text
    digits = match["digits"]
    return ("-" if minuses or is_bracketed else "") + ("0" if digits[0] in ".．" else "") + digits


def _can_be_below_zero(match: re.Match[str]) -> bool:
    """Whether a figure in brackets has both, and is none that numbers a column, as (1) does."""
    return bool(match["open"] and match["close"]) and len(match["digits"]) > 2


def is_value(text: str) -> bool:
    """Whether a text is an amount or a dash for «not applicable»."""
    return bool(IS_AMOUNT.match(text) or IS_DASH.match(text))
