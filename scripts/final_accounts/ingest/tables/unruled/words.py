"""Words of an unruled table as they were meant: parted where they are glued together, joined where set apart."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from final_accounts.ingest.document.pages import CJK, Box, Line, Word, figure, is_value, joined

_CODE_FIRST = re.compile(rf"^(\d{{7}}|\d{{5}}|\d{{3}})(?!，)(?=[{CJK}])")


# A code, or an amount: of a row, not of the headings.
_OF_A_ROW = re.compile(r"^(\d{3}|\d{5}|\d{7}|[-－−]?\d[\d,，]*[.．]\d+)$")


def _wide_gaps(word: Word) -> list[int]:
    """Before which of its characters a word has a gap that its others do not have."""
    gaps = [right[0] - left[1] for left, right in pairwise(word.edges)]
    usual = sorted(gaps)[(len(gaps) - 1) // 2] if gaps else 0.0
    return [n for n, gap in enumerate(gaps, 1) if gap - usual > 0.2 * (word.box.bottom - word.box.top)]


def cut_headings(head: list[list[Word]], body: list[list[Word]]) -> list[list[Word]]:
    """Headings with words parted that reach over two columns of figures and have a gap between those."""
    columns: list[list[float]] = []
    for box in sorted((w.box for words in body for w in words if is_value(w.text)), key=lambda box: box.x0):
        if columns and box.x0 < columns[-1][1]:
            columns[-1][1] = max(columns[-1][1], box.x1)
        else:
            columns.append([box.x0, box.x1])
    middles = [(left + right) / 2 for left, right in columns]
    gaps = {id(word): _wide_gaps(word) for words in head for word in words}

    def is_cut(word: Word, at: int) -> bool:
        if _stages(word.text[:at]) and _stages(word.text[at:]):
            return True
        left, right = word.edges[at - 1][1], word.edges[at][0]
        between = any(word.box.x0 - 2 <= middle <= left for middle in middles) and any(
            right <= middle <= word.box.x1 + 2 for middle in middles
        )
        # where both headings are wrapped, their lines part at the same place
        return between or any(
            other is not word
            and abs(other.box.top - word.box.top) > 1
            and left < other.edges[n][0]
            and right > other.edges[n - 1][1]
            for words in head
            for other in words
            for n in gaps[id(other)]
        )

    def parts(word: Word) -> list[Word]:
        # «预算数决算数» stands close together where the columns are narrow
        places = sorted({*gaps[id(word)], *(range(3, len(word.text), 3) if _stages(word.text) and word.edges else ())})
        cuts = [at for at in places if is_cut(word, at)]
        if not cuts or word.text in _SPACED:
            return [word]
        result = []
        for start, end in pairwise([0, *cuts, len(word.text)]):
            box = Box(word.edges[start][0], word.box.top, word.edges[end - 1][1], word.box.bottom)
            result.append(Word(word.text[start:end], box, word.edges[start:end]))
        return result

    return [[part for word in words for part in parts(word)] for words in head]


def upright_together(lines: list[Line]) -> list[Line]:
    """Lines of a page where each heading of one character a line is one word, on the line of its middle.

    What stands below the first code or amount is left as it is.
    """
    body = next((n for n, line in enumerate(lines) if any(_OF_A_ROW.match(w.text) for w in line.words)), len(lines))
    upright = [own for own in _characters_below_each_other(lines[:body]) if _are_a_heading(own)]
    if not upright:
        return lines
    result = list(_lines_without({id(word) for own in upright for word in own}, lines))
    for own in upright:
        _add_on_its_line(_one_word(own), result, lines[0])
    return result


def _characters_below_each_other(lines: list[Line]) -> list[list[Word]]:
    """The characters that are words of their own, those below each other as one group."""
    groups: list[list[Word]] = []
    for word in (word for line in lines for word in line.words):
        if len(word.text) == 1 and word.edges and re.match(rf"[{CJK}()]", word.text):
            above = next((own for own in groups if _is_right_below(own[-1].box, word.box)), None)
            if above is None:
                groups.append([word])
            else:
                above.append(word)
    return groups


def _is_right_below(above: Box, box: Box) -> bool:
    """Whether a character stands on one of the next lines below another."""
    size = box.bottom - box.top
    return abs(above.middle - box.middle) < 0.25 * size and 0 < box.top - above.top < 1.6 * size


def _are_a_heading(characters: list[Word]) -> bool:
    """Whether characters below each other are a heading: three and more are, two where they are one that is known."""
    return len(characters) >= 3 or "".join(word.text for word in characters) in _SPACED


def _one_word(characters: list[Word]) -> Word:
    """Characters below each other as one word in the middle of their height; each has its whole width for its edges."""
    left, right = min(word.box.x0 for word in characters), max(word.box.x1 for word in characters)
    first, last = characters[0].box, characters[-1].box
    middle, size = (first.top + last.bottom) / 2, first.bottom - first.top
    text = "".join(word.text for word in characters)
    return Word(text, Box(left, middle - size / 2, right, middle + size / 2), ((left, right),) * len(text))


def _lines_without(taken: set[int], lines: list[Line]) -> Iterator[Line]:
    """The lines without the words, by `id`, that are taken from them; a line of nothing else is none."""
    for line in lines:
        rest = [word for word in line.words if id(word) not in taken]
        if rest or not line.words:
            yield line if line.box is None or len(rest) == len(line.words) else _line(rest, line)


def _add_on_its_line(word: Word, lines: list[Line], like: Line) -> None:
    """Adds a word to the line at its height, or as a line of its own above the next one."""
    size = word.box.bottom - word.box.top
    for n, line in enumerate(lines):
        if line.words and abs(line.words[0].box.top - word.box.top) < size / 2:
            lines[n] = _line([*line.words, word], line)
            return
    below = (n for n, line in enumerate(lines) if line.words and line.words[0].box.top > word.box.top)
    lines.insert(next(below, len(lines)), _line([word], like))


def _line(words: list[Word], like: Line) -> Line:
    """A line of words, on the page of another one."""
    words = sorted(words, key=lambda word: word.box.x0)
    box = words[0].box
    for word in words[1:]:
        box = word.box.joined(box)
    return Line(" ".join(word.text for word in words), like.page, box, words)


def _stages(text: str) -> bool:
    """Whether a text is nothing but the stages of an amount, one after the other."""
    return bool(re.fullmatch(r"(?:预算数|决算数)+", text))


# Words whose characters are often set apart to fill a heading.
_SPACED = {"合计", "总计", "小计", "项目", "行次", "栏次", "金额", "收入", "支出", "编码", "名称"}


_APART = re.compile(rf"(?<![{CJK}])(?:{'|'.join(' '.join(word) for word in sorted(_SPACED))})(?![{CJK}])")


def together(line: Line) -> Line:
    """A line with the two characters of a heading that is set apart («合 计») as one word."""
    if not line.words:
        return Line(_APART.sub(lambda match: match.group().replace(" ", ""), line.text), line.page, line.box)
    words: list[Word] = []
    for word in line.words:
        last = words[-1] if words else None
        if (
            last is not None
            and last.text + word.text in _SPACED
            and word.box.x0 - last.box.x1 < 6 * (word.box.x1 - word.box.x0)
        ):
            words[-1] = Word(last.text + word.text, last.box.joined(word.box), last.edges + word.edges)
        else:
            words.append(word)
    return line if len(words) == len(line.words) else Line(" ".join(w.text for w in words), line.page, line.box, words)


# The parts of a code in one cell: a functional one begins its line, economic ones stand in several panels.
_PARTS_OF_CODE = re.compile(rf"(?:^ ?2\d\d(?: \d\d){{1,2}}|(?<![\d.,，])3\d\d {{1,2}}\d\d)(?= [{CJK}])")


def _codes_whole(line: Line) -> Line:
    """A line with each code that is printed in two or three parts («301 01») as one."""
    if not line.words:
        text = _PARTS_OF_CODE.sub(lambda match: " " * match.group().startswith(" ") + joined(match.group()), line.text)
        return Line(text, line.page, line.box)
    words: list[Word] = []
    for n, word in enumerate(line.words):
        last = words[-1] if words else None
        is_part = last is not None and re.fullmatch(r"\d\d", word.text) and re.fullmatch(r"[23]\d\d(\d\d)?", last.text)
        name = next((other.text for other in line.words[n + 1 :] if not re.fullmatch(r"\d\d", other.text)), "")
        if (
            is_part
            and re.match(rf"[{CJK}]", name)
            and word.box.x0 - last.box.x1 < (word.box.x1 - word.box.x0) / 2 + 0.1
        ):
            words[-1] = Word(last.text + word.text, last.box.joined(word.box), last.edges + word.edges)
        else:
            words.append(word)
    return line if len(words) == len(line.words) else _line(words, line)


_CODES_BESIDE_TOTAL = re.compile(
    r"^ *((?:(?:类|款|项|(?:支出)?(?:功能分类)?(?:科目)?(?:编码|代码)) *)+)"
    r"((?:合 ?计|总 ?计) *[-－−]?\d[\d,，]*[.．]?\d.*)$"
)


def rows_of_line(line: Line) -> list[Line]:
    """A line of a table as it was meant: spaced headings and codes in parts are whole, the total stands by itself."""
    return _total_apart(_codes_whole(together(line)))


def _total_apart(line: Line) -> list[Line]:
    """A line of the total without the headings of the codes (类, 款, 项) that reach down beside it: a line above it."""
    match = _CODES_BESIDE_TOTAL.match(line.text)
    if not match:
        return [line]
    if not line.words:
        return [Line(text.strip(), line.page, line.box) for text in match.groups()]
    first = next((n for n, word in enumerate(line.words) if re.match("[合总]", word.text)), 0)
    if not first:
        return [line]
    lift = (line.box.bottom - line.box.top) / 2
    codes = [replace(word, box=word.box.seen_from((0, lift))) for word in line.words[:first]]
    return [_line(codes, line), _line(line.words[first:], line)]


# An amount to the right of its column and the economic code to the left of the next one.
_CODE_AFTER = re.compile(r"(?:(?<=\.\d\d)|(?<=^[─━—–-]))(?=3\d{2}(?:\d\d)?$)")


# Amounts of two columns, the one to the right of its column and the other to the left of the next, or a dash.
_AN_AMOUNT = re.compile(r"-?\d[\d,，]*\.\d\d")
_AMOUNTS = re.compile(rf"{_AN_AMOUNT.pattern}(?:{_AN_AMOUNT.pattern})*(?:[-－─━—–]|{_AN_AMOUNT.pattern})")
# By how many points gaps within a word differ that are alike.
EVEN = 0.3


# Before and behind which characters an amount, or a dash for one, is glued to a label.
_GLUED = re.compile(
    rf"(?<=\.\d\d)(?=[{CJK}])|(?<=^[─━—–/／-])(?=[{CJK}])"
    rf"|(?<=[{CJK})])(?<!\d，)(?=-?\d[\d,，]*\.\d+(?:$|[{CJK}]))|(?<=[{CJK})])(?=[─━—]{{2,}}$|[-－]$)"
)


def parted(words: list[Word], kind: str = "subjects") -> list[Word]:
    """Words with amounts and codes that are glued to a label, or to each other, set free."""
    result: list[Word] = []
    for word in words:
        ends = [0, *_cuts(word, kind), len(word.text)]
        result += [word] if len(ends) == 2 else [_piece(word, start, end) for start, end in pairwise(ends)]
    return result


def _cuts(word: Word, kind: str) -> list[int]:
    """Before which of its characters a word is parted."""
    if word.text.startswith(("（", "(")) and is_value(figure(word.text)):
        # wide brackets around an amount below zero are no words
        return []
    cuts = {match.start() for match in _GLUED.finditer(word.text)}
    if kind == "economic" and word.edges:
        cuts |= {match.start() for match in _CODE_AFTER.finditer(word.text) if _is_at_a_gap(word, match.start())}
    if _AMOUNTS.fullmatch(word.text) and word.edges:
        cuts |= {match.end() for match in _AN_AMOUNT.finditer(word.text) if _is_at_a_gap(word, match.end())}
    if code := _CODE_FIRST.match(word.text):
        cuts.add(code.end())
    return sorted(cuts)


def _is_at_a_gap(word: Word, place: int) -> bool:
    """Whether a word has one of its widest gaps before a character: what is one word has its characters evenly."""
    gaps = [right[0] - left[1] for left, right in pairwise(word.edges)]
    return 0 < place < len(word.text) and gaps[place - 1] > max(gaps) - EVEN and max(gaps) - min(gaps) > EVEN


def _piece(word: Word, start: int, end: int) -> Word:
    """The characters of a word from one to another, at their edges or where their widths let expect them."""
    if word.edges:
        box = Box(word.edges[start][0], word.box.top, word.edges[end - 1][1], word.box.bottom)
        return Word(word.text[start:end], box, word.edges[start:end])
    whole = word.box.x1 - word.box.x0
    left, right = (word.box.x0 + whole * _weight(word.text[:cut]) / max(_weight(word.text), 1) for cut in (start, end))
    return Word(word.text[start:end], Box(left + 0.1, word.box.top, right, word.box.bottom))


def _weight(text: str) -> int:
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)
