"""Words of an unruled table as they were meant: parted where they are glued together, joined where set apart."""

import re
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
    columns: list[list[Word]] = []
    for word in (word for line in lines[:body] for word in line.words):
        if not (len(word.text) == 1 and word.edges and re.match(rf"[{CJK}()]", word.text)):
            continue
        size = word.box.bottom - word.box.top
        for own in columns:
            last = own[-1].box
            if abs(last.middle - word.box.middle) < 0.25 * size and 0 < word.box.top - last.top < 1.6 * size:
                own.append(word)
                break
        else:
            columns.append([word])
    whole: list[Word] = []
    parts: set[int] = set()
    for own in columns:
        if len(own) < 3 and "".join(word.text for word in own) not in _SPACED:
            continue
        left, right = min(word.box.x0 for word in own), max(word.box.x1 for word in own)
        middle, size = (own[0].box.top + own[-1].box.bottom) / 2, own[0].box.bottom - own[0].box.top
        box = Box(left, middle - size / 2, right, middle + size / 2)
        parts |= set(map(id, own))
        whole.append(Word("".join(w.text for w in own), box, tuple((left, right) for w in own for _ in w.text)))
    if not whole:
        return lines
    result = [
        line if line.box is None or not any(id(w) in parts for w in line.words) else _line(rest, line)
        for line in lines
        if (rest := [w for w in line.words if id(w) not in parts]) or not line.words
    ]
    for word in whole:
        size = word.box.bottom - word.box.top
        beside = next(
            (n for n, line in enumerate(result) if line.words and abs(line.words[0].box.top - word.box.top) < size / 2),
            None,
        )
        if beside is not None:
            result[beside] = _line([*result[beside].words, word], result[beside])
        else:
            below = (n for n, line in enumerate(result) if line.words and line.words[0].box.top > word.box.top)
            result.insert(next(below, len(result)), _line([word], lines[0]))
    return result


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


def parted(words: list[Word], kind: str = "subjects") -> list[Word]:
    """Words with amounts and codes that are glued to a label, or to each other, set free."""
    result = []
    for word in words:
        if word.text.startswith(("（", "(")) and is_value(figure(word.text)):
            # wide brackets around an amount below zero are no words
            result.append(word)
            continue
        cuts = [
            m.start()
            for m in re.finditer(
                rf"(?<=\.\d\d)(?=[{CJK}])|(?<=^[─━—–/／-])(?=[{CJK}])|(?<=[{CJK})])(?<!\d，)(?=-?\d[\d,，]*\.\d+(?:$|[{CJK}]))|(?<=[{CJK})])(?=[─━—]{{2,}}$|[-－]$)",
                word.text,
            )
        ]
        if kind == "economic" and word.edges:
            gaps = [right[0] - left[1] for left, right in pairwise(word.edges)]
            cuts += [
                m.start()
                for m in _CODE_AFTER.finditer(word.text)
                if gaps[m.start() - 1] == max(gaps) and max(gaps) - min(gaps) > 0.3
            ]
        code = _CODE_FIRST.match(word.text)
        if code:
            cuts.append(code.end())
        cuts = [0, *sorted(set(cuts)), len(word.text)]
        for start, end in pairwise(cuts):
            if len(cuts) == 2:
                result.append(word)
            elif word.edges:
                box = Box(word.edges[start][0], word.box.top, word.edges[end - 1][1], word.box.bottom)
                result.append(Word(word.text[start:end], box, word.edges[start:end]))
            else:
                whole = word.box.x1 - word.box.x0
                left, right = (
                    word.box.x0 + whole * _weight(word.text[:cut]) / max(_weight(word.text), 1) for cut in (start, end)
                )
                result.append(Word(word.text[start:end], Box(left + 0.1, word.box.top, right, word.box.bottom)))
    return result


def _weight(text: str) -> int:
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)
