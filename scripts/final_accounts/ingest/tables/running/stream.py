"""Reads tables from text without coordinates, where cells follow each other with a space between them.

Such readers write an empty cell as nothing between two spaces. A row with another number of cells than the table has
columns is read as far as it goes, and its cells are doubtful.
"""

import re
from collections.abc import Iterable, Iterator

from final_accounts.ingest.document.pages import AMOUNT, CJK, DASH, Cell, is_value, joined, key, label_key, undoubled
from final_accounts.ingest.layouts import Layout, Table, form_labels, tables
from final_accounts.ingest.tables.find.vocabulary import is_heading_row, is_info, is_numbering
from final_accounts.ingest.tables.ruled.table import ECONOMIC_TOTAL
from final_accounts.ingest.tables.unruled.anchors import DOUBT

Row = dict[str, Cell]
UNSURE = "the text shows fewer cells than the table has columns: the column is a guess"
LEFT_OUT = "the text shows more amounts than the table has columns: none of them was read"
BELOW = "amounts below the row were not read"

_TAIL = re.compile(rf"(?:(?<= )|(?<=[{CJK})])|^)((?:{AMOUNT}|{DASH})?(?: (?:{AMOUNT}|{DASH})?)*) *$")


def amount_order(table: Table, layout: Layout | None, heading: str = "") -> list[str | None]:
    """The amount columns as a layout prints them, None for one that the raw table does not have.

    Headings that name nothing but the columns of the raw table, in their order, come before what the layout says.
    """
    usual = _columns_printed(table, heading)
    own = layout.columns.get(table.table_no) if layout else None
    if own and heading and has_columns_in_order(table, heading, usual) and not unknown_headings(table, usual, heading):
        return usual
    return own or usual


def _columns_printed(table: Table, heading: str) -> list[str | None]:
    """The columns of a table in their order; those that only some provinces print, where a heading is theirs."""
    letters = key("".join(undoubled(word) for word in re.split(r"\s+", heading)))
    has_added = any(key(way[0]) in letters for name in table.added for way in table.columns[name])
    return [name for name in table.columns if has_added or name not in table.added] or ["amount"]


def has_columns_in_order(table: Table, heading: str, order: list[str | None]) -> bool:
    """Whether the heading names the columns in this order, as far as it can be seen in running text."""
    letters = key("".join(undoubled(word) for word in re.split(r"\s+", heading)))
    # columns below a heading of their own (本年支出) stand one line lower, so each kind has its own order
    for below in (False, True):
        position = 0
        for name in order:
            if name is None or any(way[0] == "本年支出" for way in table.columns[name]) is not below:
                continue
            places = [letters.find(key(way[-1]), position) for way in table.columns[name] if len(way) == 1]
            places = [place for place in places if place >= 0]
            if not places:
                return False
            position = min(places) + 1
    return True


_ABOVE_ANY_TABLE = {
    *("项目", "支出功能分类科目编码", "功能分类科目编码", "科目编码", "科目代码", "科目名称", "类", "款", "项", "栏次"),
    *("本年收入", "本年支出", "收入", "支出", "合计", "小计", "决算数", "金额", "按功能分类"),
}  # fmt: skip


def unknown_headings(table: Table, order: list[str | None], heading: str) -> list[str]:
    """Words of the headings that are no part of a heading of the table: above a column that the raw table has not.

    Those that the layout knows of, None in its order, are headings of other tables.
    """
    like = [table] if None not in order else tables().values()
    known = {key(part) for own in like for ways in own.columns.values() for way in ways for part in way}
    known |= _ABOVE_ANY_TABLE
    pattern = re.compile("|".join(sorted(map(re.escape, known), key=len, reverse=True)))
    words = [key(undoubled(word, figures=True)) for word in re.split(r"\s+", heading)]
    words = [word for word in words if not re.match(r"(金额)?单位:|(编制|填报)?(部门|单位)|公开|20\d\d|\d*$", word)]
    if not pattern.sub("", "".join(words)):
        # a heading that goes on in the next line of its cell
        return []
    return [word for word in words if not any(word in other for other in known) and pattern.sub("", word)]


def _cells(text: str, order: list[str | None], page: int) -> dict[str, Cell]:
    """The amounts of one row; `text` begins with the first cell."""
    cells = text.split(" ")
    if len(cells) == len(order) + 1 and not cells[-1]:
        cells.pop()
    filled = [cell for cell in cells if cell]
    doubt = None
    if len(cells) != len(order):
        if len(filled) == len(order):
            cells = filled
        else:
            doubt = UNSURE if len(filled) <= len(order) else LEFT_OUT
            cells = (filled + [""] * len(order))[: len(order)] if len(filled) <= len(order) else [""] * len(order)
    if any(cell and is_value(cell) for name, cell in zip(order, cells, strict=True) if name is None):
        doubt = doubt or "an amount beside it stands in a column that the raw table does not have"
    return {name: Cell(cell, page, None, doubt) for name, cell in zip(order, cells, strict=True) if name}


def code_together(line: str) -> str:
    """A line whose code stands in three cells (类, 款, 项), with the code in one."""
    if not line.strip():
        return line[2:]
    return re.sub(
        r"^( ?)(\d{3})(?: (\d{2}|) (\d{2}|)| (\d{2})|) (?=[^\d\s]|\d[\d,，]*[.．]\d)",
        lambda match: "".join(part or "" for part in match.groups()) + " ",
        line,
    )


def without_headings(lines: list[tuple[str, int]], heading: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The lines of a body without the headings, and what stands above them, that are printed again on later pages."""
    known = {joined(text) for text, _ in heading} - {""}
    kept: list[tuple[str, int]] = []
    run: list[tuple[str, int]] = []
    for text, page in [*lines, ("\n", 0)]:
        if text.strip() and (joined(text) in known or is_info(text)):
            run.append((text, page))
            continue
        # one line alone (支出) may be the end of a wrapped name
        is_heading = any(is_heading_row(own.split()) or is_numbering(own.split()) for own, _ in run)
        if run and not (is_heading and (len(run) > 1 or len(run[0][0].split()) > 1)):
            kept += [(own, number) for own, number in run if not is_info(own)]
        run = []
        kept.append((text, page))
    return kept[:-1]


def read_subjects(lines: list[tuple[str, int]], order: list[str | None]) -> list[Row]:
    """Rows of a table by subject: code, name and amounts in order, each name possibly over several lines."""
    rows: list[Row] = []
    current: Row | None = None
    for line, page in lines:
        if not line.strip():
            if len(line) >= len(order) + 1 and len(line) <= len(order) + 3:
                rows.append(_new("", "", page) | _cells(" " * len(order), order, page))
                current = None
            continue
        match = re.match(r"^ ?(\d{7}|\d{5}|\d{3})(?![\d.,])", line)
        total = re.match(r"^ ?(合 ?计(?:合 ?计)?|总 ?计(?:总 ?计)?)(?= |$)", line)
        if match:
            current = _new(match.group(1), "", page)
            rows.append(current)
            _add_name_and_amounts(current, line[match.end() :], order, page, begins=True)
        elif total:
            current = _new("", joined(undoubled(total.group(1))), page)
            rows.append(current)
            current |= _cells(line[total.end() :].removeprefix(" "), order, page)
        elif current is not None and order[0] in current:
            _add_below_amounts(current, line)
        elif current is not None:
            _add_name_and_amounts(current, line, order, page, begins=False)
    for row in rows:
        row |= {name: Cell("", row["subject_name"].page, None, None) for name in order if name and name not in row}
    return rows


def _add_below_amounts(row: Row, line: str) -> None:
    """What stands below the amounts of a row: its name goes on, or there are amounts that may be those of another."""
    if not is_value(line.split()[0]):
        row["subject_name"].text += line.strip()
        row["subject_name"].doubt = row["subject_name"].doubt or DOUBT
    elif re.search(r"\d[.．]\d", line):
        for cell in row.values():
            cell.doubt = cell.doubt or BELOW


def _add_name_and_amounts(row: Row, line: str, order: list[str | None], page: int, *, begins: bool) -> None:
    """A line with a part of the name, and the amounts behind it if there are any; `begins` behind the code."""
    tail = _TAIL.search(line)
    name, amounts = (line[: tail.start()], tail.group(0)) if tail and tail.group(0).strip() else (line, "")
    if not begins and is_value(line.split()[0]):
        name, amounts = "", line
    row["subject_name"].text += name.strip()
    if amounts.strip():
        filled = amounts.removeprefix(" ") if name or begins else amounts
        # blanks at the beginning stay: the name ends, one space, then the cells
        lead = len(name) - len(name.rstrip(" ")) if name else 0
        filled = " " * max(lead - 1, 0) + filled if name.strip() else filled
        row |= _cells(filled, order, page)


def _new(code: str, name: str, page: int) -> Row:
    return {"subject_code": Cell(code, page), "subject_name": Cell(name, page)}


def read_lines(lines: list[tuple[str, int]], table: Table) -> dict[str, list[Row]] | None:
    """Rows of a two-panel table with line numbers, by panel; None where the lines have no numbers."""
    text = "\n".join(line for line, _ in lines)
    pages = [page for line, page in lines for _ in range(len(line) + 1)]
    panels = list(table.panels)
    first = re.search(r"(?<![\d.,])1(?![\d.,])", text)
    if not first:
        return None
    found: dict[str, list[Row]] = {panel: [] for panel in panels}
    position, number, other = 0, 1, None
    while True:
        match = re.compile(rf"(?<![\d.,]){number}(?![\d.,])").search(text, position)
        if not match:
            break
        page = pages[match.start()]
        item = _item(text[position : match.start()])
        amount = re.compile(rf" ?({AMOUNT}|{DASH})?").match(text, match.end())
        rest = text[amount.end() :].partition("\n")[0]
        if amount.group(1) == str(other) and not re.search(rf"(?<![\d.,]){other}(?![\d.,])", rest):
            # where no blank cell leaves a trace, the number of the other panel may follow: a row without labels
            amount = re.compile("()").match(text, match.end())
        found[panels[0]].append(
            {"item": Cell(item, page), "line_no": Cell(str(number), page), "amount": Cell(amount.group(1) or "", page)}
        )
        position = amount.end()
        wanted = r"\d{1,3}" if other is None else str(other)
        match = re.compile(rf"(?<![\d.,])({wanted})(?![\d.,])").search(text, position)
        if not match:
            break
        other = int(match.group(1)) + 1
        page = pages[match.start()]
        item = _item(text[position : match.start()])
        end = text.find("\n", match.end())
        end = len(text) if end < 0 else end
        cells = _cells(text[match.end() : end].removeprefix(" "), list(table.panels[panels[1]]), page)
        found[panels[1]].append({"item": Cell(item, page), "line_no": Cell(match.group(1), page)} | cells)
        position = end
        number += 1
    return found if found[panels[0]] else None


def names_together(lines: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Lined-up lines with a name that stands around the line of its code put there.

    That is clear where the code has no name beside it, and as many lines stand above it as below it; what is left
    between two such codes is of the second.
    """
    kinds = [_kind_of(text.strip()) for text, _ in lines]
    result: list[tuple[str, int]] = []
    n = 0
    is_clear = True
    while n < len(lines):
        is_clear = is_clear or kinds[n] == "row"
        above = next((m for m in range(n, len(lines)) if kinds[m] != "name"), len(lines)) - n
        code = n + above
        if above and code < len(lines) and kinds[code] == "nameless":
            end = next((m for m in range(code + 1, len(lines)) if kinds[m] != "name"), len(lines))
            is_shared = end < len(lines) and kinds[end] == "nameless"
            below = above if is_shared and end - code - 1 > above else end - code - 1
            is_clear = is_clear and above == below
            if is_clear:
                name = "".join(text for text, _ in [*lines[n:code], *lines[code + 1 : code + 1 + below]])
                text, page = lines[code]
                result.append((_NAMELESS.sub(lambda match, name=name: f"{match.group()} {joined(name)}", text), page))
                n = code + 1 + below
                continue
        result.append(lines[n])
        n += 1
    return result


CODE_BESIDE_AMOUNT = re.compile(r"^ ?(?:\d{7}|\d{5}|\d{3})(?: \d{2}){0,2} -?\d[\d,，]*[.．]\d")
# A code that stands beside an amount, another code, or nothing.
_NAMELESS = re.compile(rf"(?:^|(?<= ))(?:\d{{7}}|\d{{5}}|\d{{3}})(?=$| (?:{AMOUNT}|{DASH})(?: |$))")


def has_names_around_codes(texts: list[str]) -> bool:
    """Whether one line of a name stands above a code, and one below it.

    Where a name follows its code, the line above the next code is the last of several, or has an amount.
    """
    kinds = [_kind_of(text) for text in texts]
    return any(
        kinds[n : n + 4] == ["row", "name", "nameless", "name"] and re.fullmatch(r"\d{3,5}", texts[n + 2])
        for n in range(len(kinds) - 3)
        if not re.search(r"(?:^| )\d{3,5}$", texts[n])
    )


def _kind_of(text: str) -> str:
    """Whether a line is a part of a name, or has one code without a name."""
    if len(_NAMELESS.findall(text)) == 1 and re.match(r"\d", text):
        return "nameless"
    is_name = re.search(rf"[{CJK}]", text) and not re.search(r"[ \d]", text) and not is_info(text)
    return "name" if is_name and not re.match(r"^(合计|总计|(人员|公用)经费合计)", text) else "row"


def whole_labels(lines: list[tuple[str, int]], known: Iterable[str]) -> list[tuple[str, int]]:
    """The lines with a label of the form that goes on in the next line put together."""
    known = set(known)
    result: list[tuple[str, int]] = []
    for text, page in lines:
        above = result[-1][0].rstrip() if result else ""
        begun = re.search(rf"(?:^|[ \d])([{CJK}()]+)$", above)
        rest = re.match(rf"\s*([{CJK}()]+)", text)
        if begun and rest and label_key(begun.group(1)) not in known:
            label = label_key(begun.group(1) + rest.group(1))
            if any(other.startswith(label) for other in known):
                result[-1] = (above + text.lstrip(), result[-1][1])
                continue
        result.append((text, page))
    return result


def labels_together(lines: list[tuple[str, int]], table: Table) -> list[tuple[str, int]]:
    """The lines of a table of panels with labels put there that stand around the line of their amounts.

    That is clear where what stands above and below it makes up labels of the form, and the amounts are as many as
    those of their panels.
    """
    known = set(form_labels(table.table_no))
    result: list[tuple[str, int]] = []
    n = 0
    while n < len(lines):
        text, page = lines[n]
        for above, below in _AROUND:
            names = _labels_around(lines[n : n + above], lines[n + above + 1 : n + above + 1 + below], known)
            row = _with_labels(names, lines[n + above][0], table) if names else None
            if row:
                text, n = row, n + above + below
                break
        result.append((text, page))
        n += 1
    return result


# How many lines of a label stand above and below its amounts, those of more lines first.
_AROUND = [(2, 2), (1, 2), (2, 1), (1, 1)]


def _labels_around(above: list[tuple[str, int]], below: list[tuple[str, int]], known: set[str]) -> list[str]:
    """The labels of the form that lines make up, those of several panels side by side; none where one is no label."""
    parts = [text.split() for text, _ in [*above, *below]]
    if not above or not below or any(re.search(r"\d", text) for text, _ in [*above, *below]):
        return []
    names = ["".join(pieces) for pieces in zip(*parts, strict=False)]
    return names if len({*map(len, parts)}) == 1 and all(label_key(name) in known for name in names) else []


def _with_labels(names: list[str], text: str, table: Table) -> str | None:
    """A line of amounts with the labels that belong to them; None where it has more or fewer than theirs."""
    cells = text.strip("\n").removesuffix(" ").split(" ")
    widths = [len(columns) for columns in table.panels.values()]
    if re.fullmatch(r"\d{1,3}", cells[0]) or re.search(rf"[{CJK}] \d{{1,3}} ", text):
        widths = [1 + width for width in widths]
    labels = [n for n, cell in enumerate(cells) if cell and not is_value(cell)]
    if len(names) == len(widths) and not labels and len(cells) == sum(widths):
        return " ".join([names[0], *cells[: widths[0]], names[1], *cells[widths[0] :]])
    if len(names) > 1 or len(labels) > 1:
        return None
    before = labels[0] if labels else len(cells)
    if before in widths[: len(labels) or None]:
        return " ".join([*names, *cells])
    if labels == [0] and len(cells) == 1 + sum(widths):
        return " ".join([*cells[: -widths[-1]], *names, *cells[-widths[-1] :]])
    return None


def _item(text: str) -> str:
    return joined(undoubled("".join(text.split())))


def read_labels(lines: list[tuple[str, int]], table: Table) -> dict[str, list[Row]]:
    """Rows of a two-panel table without line numbers: cell after cell where each has its space between two spaces.

    Where there are fewer, each known label with the amounts that follow it.
    """
    known = form_labels(table.table_no)
    order = {panel: list(columns) for panel, columns in table.panels.items()}
    found: dict[str, list[Row]] = {panel: [] for panel in order}
    pattern = _any_of(known)
    for line, page in whole_labels(lines, known):
        cells = line.split(" ")
        if _has_every_cell(line, order):
            for panel, names in order.items():
                row = dict(zip(["item", *names], (Cell(cell, page) for cell in cells), strict=False))
                cells = cells[len(row) :]
                found[panel].append(row)
            continue
        matches = list(pattern.finditer(line))
        for match, following in zip(matches, [*matches[1:], None], strict=False):
            label = label_key(match.group())
            values = [
                v for v in line[match.end() : following.start() if following else len(line)].split() if is_value(v)
            ]
            seen = [panel for panel in order if any(label_key(row["item"].text) == label for row in found[panel])]
            possible = [panel for panel in known[label] if panel in order]
            panel = next((p for p in possible if p not in seen), possible[-1])
            if len(matches) > 1 and match is matches[-1] and "expenditure" in possible:
                panel = "expenditure"
            elif len(matches) > 1 and match is matches[0] and "revenue" in possible:
                panel = "revenue"
            names = order[panel]
            doubt = UNSURE if len(values) not in (0, len(names)) else None
            cells = (values + [""] * len(names))[: len(names)]
            found[panel].append(
                {"item": Cell(match.group(), page)}
                | {name: Cell(cell, page, None, doubt) for name, cell in zip(names, cells, strict=True)}
            )
    return found


def left_out(lines: list[tuple[str, int]], table: Table) -> Iterator[str]:
    """Says what stands among the labels of a form and their amounts, and is in no row."""
    known = form_labels(table.table_no)
    order = {panel: list(columns) for panel, columns in table.panels.items()}
    pattern = _any_of(known)
    for line, page in whole_labels(lines, known):
        first = pattern.search(line)
        words = pattern.sub(" ", line[first.start() :]).split() if first else []
        lost = line[: first.start()].strip() if first else line.strip()
        is_read = _has_every_cell(line, order) or not (lost or any(not is_value(word) for word in words))
        if not is_read and not is_info(line) and not is_heading_row(line.split()):
            yield f"page {page}: «{line.strip()[:60]}» has something that belongs to no line of the form"


def _any_of(labels: Iterable[str]) -> re.Pattern[str]:
    """Any label of a form, with or without its number."""
    numbered = r"(?:[一二三四五六七八九十]+、)?"
    return re.compile(rf"{numbered}(?:{'|'.join(sorted(map(re.escape, labels), key=len, reverse=True))})(?![{CJK}])")


def _has_every_cell(line: str, order: dict[str, list[str]]) -> bool:
    """Whether a line has a space for every cell of its row."""
    cells = line.split(" ")
    width = sum(1 + len(names) for names in order.values())
    is_whole = line.strip() and len(cells) - (not cells[-1]) == width
    return bool(is_whole) and all(is_value(cell) or not cell for cell in _amounts_among(cells, order))


def _economic_cells(lines: list[tuple[str, int]], panels: int) -> list[Row]:
    """Rows of panels whose lines have a space for every cell; none where one line has another number of cells."""
    found: list[list[Row]] = [[] for _ in range(panels)]
    totals: list[Row] = []
    for line, page in lines:
        cells = line.split(" ")
        texts = [cell for cell in cells if cell]
        if not texts:
            continue
        if ECONOMIC_TOTAL.match(undoubled(texts[0])):
            for place, text in enumerate(texts):
                if ECONOMIC_TOTAL.match(undoubled(text)):
                    value = texts[place + 1] if place + 1 < len(texts) and is_value(texts[place + 1]) else ""
                    row = _new("", undoubled(text), page) | {"amount": Cell(value, page)}
                    totals.append({"panel_no": Cell("", page)} | row)
            continue
        if len(cells) - (not cells[-1]) != 3 * panels:
            return []
        for panel in range(panels):
            code, name, amount = cells[3 * panel : 3 * panel + 3]
            if (code and not re.fullmatch(r"\d{3}|\d{5}", code)) or (amount and not is_value(amount)):
                return []
            if code or name or amount:
                row = _new(code, name, page) | {"amount": Cell(amount, page)}
                found[panel].append({"panel_no": Cell(str(panel + 1), page)} | row)
    return [row for rows in found for row in rows] + totals


def _amounts_among(cells: list[str], order: dict[str, list[str]]) -> list[str]:
    """Those of the cells of a row that stand in columns of amounts."""
    kinds = [is_amount for names in order.values() for is_amount in [False, *[True] * len(names)]]
    return [cell for cell, is_amount in zip(cells, kinds, strict=False) if is_amount]


# The total of all panels, which is of no class.
_TOTAL_LINE = re.compile(rf"^ ?(合 ?计|总 ?计) +({AMOUNT}|{DASH})? *$")


def read_economic(lines: list[tuple[str, int]], heading: str, table: Table) -> list[Row]:
    """Rows of the table by economic subject, panel by panel; how many panels there are says the heading.

    One panel that shows each amount again below its kind gives rows with the kinds of the table as further columns.
    """
    letters = key("".join(undoubled(word) for word in heading.split()))
    panels = max(len(re.findall(r"科目代码|科目编码", letters)), 1)
    if panels == 1 and all(key(words[0]) in letters for words in table.kinds.values()):
        kinds = sorted(table.kinds, key=lambda kind: letters.index(key(table.kinds[kind][0])))
        rows = read_subjects(lines, ["amount", *kinds])
        return [{"panel_no": Cell("1", row["subject_name"].page)} | row for row in rows]
    whole = [(match, page) for line, page in lines if (match := _TOTAL_LINE.match(line))]
    lines = [(line, page) for line, page in lines if not _TOTAL_LINE.match(line)]
    every = [
        _new("", joined(match.group(1)), page)
        | {"panel_no": Cell("", page), "amount": Cell(match.group(2) or "", page)}
        for match, page in whole
    ]
    if rows := _economic_cells(lines, panels):
        return rows + every
    text = "\n".join(line for line, _ in lines)
    pages = [page for line, page in lines for _ in range(len(line) + 1)]
    totals = list(re.finditer(r"(人员经费合计|公用经费合计)(?:\1)?\s*([-\d][\d,.]*|{DASH})?", text))
    end = totals[0].start() if totals else len(text)
    code = re.compile(r"(?<![\d.,])(?:(\d{3})\1|(\d{5}|\d{3}))(?=[ \n])")
    starts = list(code.finditer(text, 0, end))
    rows: list[tuple[int, Row]] = []
    last = [""] * panels
    ended: set[int] = set()
    turn = 0
    for match, following in zip(starts, [*starts[1:], None], strict=False):
        number = match.group(1) or match.group(2)
        body = text[match.end() : following.start() if following else end]
        amount = re.search(rf"[ \n]({AMOUNT}|{DASH})?\s*$", body)
        glued = None if amount and amount.group(1) else re.search(rf"(?<=[{CJK}])({AMOUNT}|{DASH})\s*$", body)
        value = glued or amount
        name = body[: value.start()] if value else body
        name = joined("".join(undoubled(part.strip()) for part in re.split(r"\n|(?<=\S) (?=\S)", name)))
        in_turn = [p % panels for p in range(turn, turn + panels)]
        panel = next((p for p in in_turn if number > last[p] and p not in ended), turn)
        if len(rows) < panels:
            panel = len(rows)
        elif (own := [p for p in in_turn if number[:3] == last[p][:3] and number > last[p]]) and len(number) > 3:
            # below its class; panels that it passes over have ended
            panel = own[0]
            ended |= set(in_turn[: in_turn.index(panel)])
        last[panel] = number
        turn = (panel + 1) % panels
        page = pages[match.start()]
        text_of = value.group(1) or "" if value else ""
        cells = {"subject_code": Cell(number, page), "subject_name": Cell(name, page), "amount": Cell(text_of, page)}
        rows.append((panel, {"panel_no": Cell(str(panel + 1), page)} | cells))
    rows.sort(key=lambda pair: pair[0])
    result = [row for _, row in rows]
    for match in totals:
        page = pages[match.start()]
        result.append(
            _new("", match.group(1), page) | {"panel_no": Cell("", page), "amount": Cell(match.group(2) or "", page)}
        )
    return result + every


def stages_order(table: Table, layout: Layout | None, heading: str) -> tuple[list[str | None], str | None]:
    """The columns of the three public expenses in the order that the headings show, and why that may be wrong."""
    letters = key("".join(undoubled(word) for word in heading.split()))
    own = amount_order(table, layout)
    by_stage = sorted(own, key=lambda name: (not name.startswith("budget"), own.index(name)))
    beside = sorted(by_stage, key=lambda name: list(table.items).index(name.partition("_")[2]))
    times = {letters.count("预算数"), letters.count("决算数")}
    order = by_stage if times == {1} else beside if times == {len(table.items)} else own
    expenses = [letters.find(key(table.items[item][0])) for item in ("overseas_trips", "vehicles_total", "receptions")]
    if times not in ({1}, {len(table.items)}) or expenses != sorted(expenses) or min(expenses) < 0:
        return order, "the headings do not show the columns in the order of the layout: the columns are a guess"
    return order, None


def read_one(lines: list[tuple[str, int]], order: list[str | None]) -> list[Row]:
    """The row of the three public expenses, below the row that numbers the columns where there is one."""
    numbering = max((n for n, (line, _) in enumerate(lines) if is_numbering(line.split())), default=None)
    for line, page in lines[(numbering + 1) if numbering is not None else 0 :]:
        texts = line.split()
        if (texts and all(is_value(text) for text in texts)) or (
            not texts and len(order) - 1 <= len(line) <= len(order) + 2
        ):
            return [_cells(line if line.strip() else " " * len(order), order, page)]
    return []


def read_sections(lines: list[tuple[str, int]]) -> list[Row]:
    """Rows of the disclosure statistics: section, item, line number and figure."""
    rows: list[Row] = []
    section = ""
    for line, page in lines:
        text = undoubled(line.strip())
        if not text or re.match(r"^(项 ?目)", text):
            continue
        match = re.match(rf"^ *(\S.*?) (\d{{1,2}})(?: ({AMOUNT}|{DASH})?)? *$", line)
        if match and not re.match(r"^[一二三四五六七八九十]+、", text):
            cells = {"section": section, "item": match.group(1).strip(), "line_no": match.group(2)}
            rows.append(
                {name: Cell(value, page) for name, value in (cells | {"statistic": match.group(3) or ""}).items()}
            )
        elif re.match(r"^[一二三四五六七八九十]+、", text):
            section = joined(text)
    return rows
