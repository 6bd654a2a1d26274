"""Words of the forms that were misread on a picture: what differs from one of them by a character is that one.

A 一 at the begin of a line is easily lost, and of two characters that look alike one is in the forms. Figures are none
of these words, and neither is what differs more.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import pairwise, zip_longest
from pathlib import Path

from final_accounts.ingest.document.pages import Cell, Grid, Line, Word, joined, key
from final_accounts.ingest.layouts import tables
from final_accounts.ingest.scans.wording import worded
from final_accounts.ingest.tables.infer.agreement import SUBJECT_RULES, economic_names
from final_accounts.warehouse.paths import SEEDS

# Characters that are written so elsewhere, which models of several scripts confuse.
_ELSEWHERE = str.maketrans("決況內戶淨減強門業務員額費數購", "决况内户净减强门业务员额费数购")
_NUMERAL = re.compile(r"^[一二三四五六七八九十]{1,3}、|^[（(][一二三四五六七八九十]{1,3}[）)]|^\d{1,2}[.．、]")
# A number before a word is one of a paragraph, unless the word is what it counts.
_NUMBERED = re.compile(r"^(\d{1,2})([、.．]?) ?(?![年月日个台辆人次万亿元项家户名件套份批所处条])(?=[\u3400-\u9fff])")
_DEPARTMENT = re.compile("部[内们闩](?=决算|预算|名称|收支|整体|编码|收入|支出)")
# What these three characters are a part of begins with a 一, which a model leaves out at the begin of a line.
_GENERAL = re.compile("(?<!一)般公共(?=预算|服务)")
# Names that reports print beside the official one that differs by a character.
_ALSO_PRINTED = ("房屋建筑物购建",)
_BEFORE_COLON = ("部门名称", "编制部门", "编制单位", "公开部门", "单位名称", "金额单位")
# How long a word is at least for one of its characters to be mended, and how many characters there are for each more.
SHORTEST, EACH = 3, 8
_DIGITS = "零一二三四五六七八九"


@cache
def _words() -> dict[int, dict[str, str]]:
    """The words of the forms by their length, as they are compared and as they are printed."""
    found: list[str] = [*_BEFORE_COLON, *_ALSO_PRINTED]
    for name, column in (
        ("forms", "title_zh"),
        ("form_lines", "label"),
        ("form_columns", "label_zh"),
        ("economic_classes", "class_name"),
        ("three_public_items", "expense_item_zh"),
    ):
        found += _column(SEEDS / "classification" / f"{name}.csv", column)
    found += _column(SUBJECT_RULES, "official_name")
    for table in tables().values():
        for ways in [table.columns, *table.panels.values()]:
            found += [part for way in ways.values() for parts in way for part in parts]
    words: dict[int, dict[str, str]] = {}
    for word in found:
        words.setdefault(len(key(word)), {}).setdefault(key(word), joined(word))
    return words


def _column(path: Path, column: str) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


def mended(text: str) -> str:
    """A text of one line or cell as the forms have it, where no more than a character speaks against it."""
    # a bracket that stood by itself is one of the text before it
    text = worded(text) if re.search("[\u3400-\u9fff]", text) else text
    text = _GENERAL.sub("一般公共", _DEPARTMENT.sub("部门", text.translate(_ELSEWHERE)))
    before, colon, behind = text.partition("：")
    if colon and len(before) <= SHORTEST + 1:
        return (_nearest(before) or before) + colon + behind
    numeral = match.group() if (match := _NUMERAL.match(text)) else ""
    rest = text[len(numeral) :]
    if "\n" in rest or " " in rest.strip():
        return text
    return numeral + (_nearest(rest) or rest)


@cache
def _nearest(text: str) -> str | None:
    """The one word of the forms that a text is but for a few characters; None where it is one, or like none."""
    own = key(text)
    words = _words()
    if len(own) < SHORTEST or own in words.get(len(own), {}) or re.search(r"\d", own):
        return None
    lost = [word for shown, word in words.get(len(own) + 1, {}).items() if _without_a_stroke(shown, own)]
    if lost:
        return lost[0] if len(lost) == 1 else None
    most = max(1, len(own) // EACH)
    near = [(_differing(shown, own), word) for shown, word in words.get(len(own), {}).items()]
    near = sorted(pair for pair in near if pair[0] <= most)
    is_one = near and (len(near) == 1 or near[0][0] < near[1][0])
    return near[0][1] if is_one else None


def _without_a_stroke(word: str, text: str) -> bool:
    """Whether a text is a word without one of its 一."""
    return any(word[:n] + word[n + 1 :] == text for n, character in enumerate(word) if character == "一")


def _differing(word: str, text: str) -> int:
    return sum(one != other for one, other in zip(word, text, strict=True))


def mend(parts: list[Line | Grid]) -> None:
    """Mends the words of a page in place."""
    _number_lines(part for part in parts if isinstance(part, Line))
    before = ""
    for part in parts:
        if isinstance(part, Grid):
            _mend_grid(part)
        elif part.words:
            # a line may break behind a 一
            _mend_line(part, goes_on=before.endswith("一") and part.text.startswith("般"))
            before = part.text


def _mend_grid(grid: Grid) -> None:
    """Mends the texts of its cells, then its codes and the numbers of its lines."""
    for cell in {id(cell): cell for row in grid.slots for cell in row if cell}.values():
        cell.text = mended(cell.text)
    _codes_of_names(grid)
    for column in range(grid.width):
        _number(own for row in range(len(grid.slots)) if (own := _own(grid, row, column)))


def _mend_line(line: Line, goes_on: bool) -> None:
    """Mends the words of a line, but for the first where it goes on with a word of the line before."""
    words = [word if goes_on and n == 0 else _mended_word(word) for n, word in enumerate(line.words)]
    line.text = line.text if words == line.words else " ".join(word.text for word in words)
    line.words = words


def _codes_of_names(grid: Grid) -> None:
    """Gives names of economic subjects their codes back, where what stands before a name is the code of none."""
    codes = _economic_codes()
    for row in range(len(grid.slots)):
        cells = [_own(grid, row, column) for column in range(len(grid.slots[row]))]
        for cell, name in pairwise(cells):
            code = codes.get(key(name.text)) if cell and name else None
            if code and cell.text not in codes.values() and _is_nearly(code, cell.text):
                cell.text = code


def _is_nearly(code: str, text: str) -> bool:
    """Whether a text is a code but for one of its digits: 01 before a name may be the last part of another code."""
    if len(text) == len(code):
        return _differing(code, text) == 1
    return any(code[:n] + code[n + 1 :] == text for n in range(len(code)))


@cache
def _economic_codes() -> dict[str, str]:
    """The codes of the economic subjects that have a name of their own, by these."""
    names = Counter(economic_names().values())
    return {name: code for code, name in economic_names().items() if names[name] == 1}


def _own(grid: Grid, row: int, column: int) -> Cell | None:
    return grid.own(row, column) if column < len(grid.slots[row]) else None


def _mended_word(word: Word) -> Word:
    text = mended(word.text)
    return Word(text, word.box, word.edges if len(text) == len(word.text) else ())


def _number(cells: Iterable[Cell]) -> None:
    """Gives labels of the forms below each other the numeral that was lost between those of their neighbours."""
    labels = [cell for cell in cells if re.search("[\u3400-\u9fff]", cell.text)]
    before = 0
    for cell, below in zip_longest(labels, labels[1:]):
        number = _number_of(cell.text)
        follows = _number_of(below.text) if below else None
        match = re.match(r"^[^、]{0,3}、(.+)$", cell.text)
        # a 二 that lost a stroke is the number of the label above again
        is_lost = follows in (None, before + 2) if number is None else number == before and follows == before + 2
        if is_lost and match and (body := _in_the_forms(match.group(1))):
            number = before + 1
            cell.text = f"{_numeral(number)}、{body}"
        before = number or before


def _number_lines(lines: Iterable[Line]) -> None:
    """Gives numbered paragraphs the sign behind their number that was lost between those of their neighbours."""
    before, is_begin = 0, False
    for line in lines:
        match = _NUMBERED.match(line.text)
        is_next = is_begin and match and int(match[1]) == before + 1 > 1
        if is_next and not match[2] and line.words:
            first = line.words[0]
            line.words[0] = Word(f"{match[1]}、{first.text[len(match[1]) :]}", first.box)
            line.text = f"{match[1]}、{line.text[match.end() :]}"
        if match and (match[2] or is_next):
            before = int(match[1])
        is_begin = line.text.endswith(("。", "；", "："))


def _in_the_forms(text: str) -> str | None:
    """A text as the forms have it; None where they do not."""
    return text if key(text) in _words().get(len(key(text)), {}) else _nearest(text)


def _number_of(text: str) -> int | None:
    match = re.match(r"^([一二三四五六七八九十]{1,3})、", text)
    return next((n for n in range(1, 60) if _numeral(n) == match.group(1)), None) if match else None


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    start = ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "")
    return start + (_DIGITS[ones] if ones else "")
