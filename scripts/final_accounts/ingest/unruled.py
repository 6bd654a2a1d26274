"""Builds a grid from lines of words where a table is drawn without rules, or a text file lines its columns up."""

import re

from final_accounts.ingest.document import AMOUNT, CJK, Box, Cell, Grid, Line, Word, is_value, key, label_key, undoubled

HEADING = re.compile(
    r"^(项目(\(.*\))?|类|款|项|科目编码|科目代码|.*分类科目编码|.*科目编码|科目名称|栏次|行次|金额|决算数|预算数|统计数|小计|收入|支出"
    r"|本年收入|本年支出|人员经费|公用经费|经济分类|功能分类)$"
)
CODE = re.compile(r"^(\d{3}|\d{5}|\d{7})$")
NUMBERED = re.compile(r"^([一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\([一二三四五六七八九十]+\)|\d{1,2}[.．、]\D)")
TOTALS = {"合计", "总计", "人员经费合计", "公用经费合计", "本年收入合计", "本年支出合计"}
_GLUED = re.compile(rf"^(.*[{CJK})])({AMOUNT}|[─━—]{{2,}})$")


def is_heading(text: str) -> bool:
    """Whether a text is one that only the heading of a table has."""
    return bool(HEADING.match(key(undoubled(text))))


def is_numbering(texts: list[str]) -> bool:
    """Whether a row only numbers the columns (栏次 1 2 3)."""
    texts = [text.strip() for text in texts if text.strip()]
    return _numbers(texts) or _numbers([undoubled(text) for text in texts])


def _numbers(texts: list[str]) -> bool:
    if not texts:
        return False
    numbers = [int(text) for text in texts if re.fullmatch(r"\d{1,2}", text)]
    others = [text for text in texts if not re.fullmatch(r"\d{1,2}", text)]
    return all(key(text) == "栏次" for text in others) and (
        (len(others) > 0 and len(numbers) > 0)
        or (len(numbers) > 2 and all(right - left == 1 for left, right in zip(numbers, numbers[1:], strict=False)))
    )


def _parted(words: list[Word]) -> list[Word]:
    """Words with an amount that is glued to a label set free."""
    result = []
    for word in words:
        match = None if re.search(r"\d[、.]?$", word.text) is None else _GLUED.match(word.text)
        if match and ("." in match.group(2) or match.group(2)[0] in "─━—"):
            cut = word.box.x0 + (word.box.x1 - word.box.x0) * _weight(match.group(1)) / _weight(word.text)
            result.append(Word(match.group(1), Box(word.box.x0, word.box.top, cut, word.box.bottom)))
            result.append(Word(match.group(2), Box(cut + 0.01, word.box.top, word.box.x1, word.box.bottom)))
        else:
            result.append(word)
    return result


def _weight(text: str) -> int:
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)


def _is_anchor(words: list[Word], labels: set[str]) -> bool:
    """Whether a line is the one of its row that has the figures, the code or the beginning of a label."""
    texts = [word.text for word in words]
    return any(is_value(t) or CODE.match(t) or key(t) in TOTALS or NUMBERED.match(t) or label_key(t) in labels for t in texts)


def grid_of_lines(lines: list[Line], labels: set[str] = frozenset(), edges: list[float] | None = None) -> Grid | None:
    """A grid of the lines of one page, or None where they have no columns.

    `labels` are labels of lines that begin a row; `edges` the columns of the page before, for a page without heading.
    """
    rows = [_parted(line.words) for line in lines if line.words]
    if not rows:
        return None
    first = next(
        (
            n
            for n, words in enumerate(rows)
            if any(CODE.match(w.text) or NUMBERED.match(w.text) for w in words[:2])
            or (any(key(w.text) in TOTALS for w in words[:2]) and not any(is_heading(w.text) for w in words))
            or (len([w for w in words if is_value(w.text)]) > 1 and not is_numbering([w.text for w in words]))
        ),
        len(rows),
    )
    # A total in the heading row («合计», with others beside it) is no first row.
    last_heading = max((n for n, words in enumerate(rows[: first + 2]) if any(is_heading(w.text) for w in words)), default=-1)
    while last_heading + 1 < len(rows) and is_numbering([w.text for w in rows[last_heading + 1]]):
        last_heading += 1
    first = max(last_heading + 1, 0) if last_heading >= 0 else first if edges is None else 0
    head, body = rows[:first], rows[first:]
    columns = _columns(head, body) if head or edges is None else [(a, b) for a, b in zip(edges, edges[1:], strict=False)]
    if len(columns) < 2:
        return None
    page = lines[0].page
    slots: list[list[Cell | None]] = []
    for words in head:
        slots.append(_heading_row(words, columns, page))
    slots += _body_rows(body, columns, page, labels)
    box = lines[0].box
    for line in lines[1:]:
        box = line.box.joined(box) if line.box else box
    return Grid(page, box, slots, [columns[0][0], *[b for _, b in columns]])


def _columns(head: list[list[Word]], body: list[list[Word]]) -> list[tuple[float, float]]:
    """Left and right end of each column: what stands below each other without a gap is one."""
    narrow = [w.box for words in body for w in words if is_value(w.text) or CODE.match(w.text)]
    wide = [w.box for words in body for w in words if not is_value(w.text) and not CODE.match(w.text) and key(w.text) not in TOTALS]
    spans: list[list[float]] = []

    def add(box: Box, may_bridge: bool) -> None:
        touching = [span for span in spans if box.x0 < span[1] - 0.2 and box.x1 > span[0] + 0.2]
        if len(touching) > 1 and not may_bridge:
            return
        merged = [min([box.x0, *(s[0] for s in touching)]), max([box.x1, *(s[1] for s in touching)])]
        for span in touching:
            spans.remove(span)
        spans.append(merged)

    for box in narrow:
        add(box, may_bridge=True)
    for box in wide:
        add(box, may_bridge=False)
    for words in reversed(head):
        for word in words:
            add(word.box, may_bridge=False)
    spans.sort()
    middles = [(left[1] + right[0]) / 2 for left, right in zip(spans, spans[1:], strict=False)]
    starts = [spans[0][0] - 5, *middles] if spans else []
    return list(zip(starts, [*middles, spans[-1][1] + 5] if spans else [], strict=True))


def _heading_row(words: list[Word], columns: list[tuple[float, float]], page: int) -> list[Cell | None]:
    row: list[Cell | None] = [None] * len(columns)
    for word in words:
        cell = Cell(word.text, page, word.box)
        for c, (left, right) in enumerate(columns):
            overlap = min(word.box.x1, right) - max(word.box.x0, left)
            if overlap > 0.5 * min(right - left, word.box.x1 - word.box.x0) or left <= word.box.middle < right:
                if row[c] is not None:
                    cell_text = row[c].text + word.text
                    row[c] = Cell(cell_text, page, word.box.joined(row[c].box))
                else:
                    row[c] = cell
    return row


def _column_at(box: Box, columns: list[tuple[float, float]]) -> int:
    overlaps = [min(box.x1, right) - max(box.x0, left) for left, right in columns]
    return max(range(len(columns)), key=overlaps.__getitem__)


def _body_rows(
    body: list[list[Word]], columns: list[tuple[float, float]], page: int, labels: set[str]
) -> list[list[Cell | None]]:
    anchors = [n for n, words in enumerate(body) if _is_anchor(words, labels)]
    owner: dict[int, int] = {}
    tops = [min(w.box.top for w in words) for words in body]
    bottoms = [max(w.box.bottom for w in words) for words in body]
    doubtful: set[int] = set()
    for n in range(len(body)):
        if n in anchors:
            owner[n] = n
            continue
        above = max((a for a in anchors if a < n), default=None)
        below = min((a for a in anchors if a > n), default=None)
        up = tops[n] - bottoms[n - 1] if above is not None else 1e9
        down = tops[n + 1] - bottoms[n] if below is not None else 1e9
        if above is None and below is None:
            owner[n] = n
        elif abs(up - down) < 0.6 and above is not None and below is not None:
            owner[n] = above
            doubtful.add(n)
        else:
            # fragments that touch each other go together
            owner[n] = above if up < down else below
    rows: dict[int, list[Cell | None]] = {}
    order: list[int] = []
    for n, words in enumerate(body):
        target = owner[n]
        if target not in rows:
            rows[target] = [None] * len(columns)
            order.append(target)
        for word in words:
            c = _column_at(word.box, columns)
            cell = rows[target][c]
            doubt = "the line could belong to the row above or below" if n in doubtful else None
            if cell is None:
                rows[target][c] = Cell(word.text, page, word.box, doubt)
            else:
                if is_value(word.text) and is_value(cell.text):
                    cell.doubt = "two amounts stand in one cell"
                cell.text += word.text if is_value(word.text) == is_value(cell.text) else " " + word.text
                cell.box = word.box.joined(cell.box)
                cell.doubt = cell.doubt or doubt
    return [rows[target] for target in order]
