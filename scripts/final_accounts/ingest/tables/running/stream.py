"""Reads tables from text without coordinates, where cells follow each other with a space between them.

Such readers write an empty cell as nothing between two spaces. A row with another number of cells than the table has
columns is read as far as it goes, and its cells are doubtful.
"""

import re
from collections.abc import Iterable, Iterator

from final_accounts.ingest.document.pages import (
    AMOUNT,
    CJK,
    DASH,
    Cell,
    TextLine,
    is_value,
    joined,
    key,
    label_key,
    undoubled,
)
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
    cells, doubt = _in_columns(text.split(" "), len(order))
    if any(cell and is_value(cell) for name, cell in zip(order, cells, strict=True) if name is None):
        doubt = doubt or "an amount beside it stands in a column that the raw table does not have"
    return {name: Cell(cell, page, None, doubt) for name, cell in zip(order, cells, strict=True) if name}


def _in_columns(cells: list[str], width: int) -> tuple[list[str], str | None]:
    """The cells of a row as one for each of so many columns, and why that may be wrong; none of more than there are."""
    if len(cells) == width + 1 and not cells[-1]:
        cells = cells[:-1]
    if len(cells) == width:
        return cells, None
    filled = [cell for cell in cells if cell]
    if len(filled) > width:
        return [""] * width, LEFT_OUT
    return filled + [""] * (width - len(filled)), UNSURE if len(filled) < width else None


def code_together(line: str) -> str:
    """A line whose code stands in three cells (类, 款, 项), with the code in one."""
    if not line.strip():
        return line[2:]
    return re.sub(
        r"^( ?)(\d{3})(?: (\d{2}|) (\d{2}|)| (\d{2})|) (?=[^\d\s]|\d[\d,，]*[.．]\d)",
        lambda match: "".join(part or "" for part in match.groups()) + " ",
        line,
    )


def without_headings(lines: list[TextLine], heading: list[TextLine]) -> list[TextLine]:
    """The lines of a body without the headings, and what stands above them, that are printed again on later pages."""
    known = {joined(text) for text, _ in heading} - {""}
    kept: list[TextLine] = []
    run: list[TextLine] = []
    for line in [*lines, TextLine("\n", 0)]:
        if line.text.strip() and (joined(line.text) in known or is_info(line.text)):
            run.append(line)
            continue
        # one line alone (支出) may be the end of a wrapped name
        is_heading = any(is_heading_row(own.text.split()) or is_numbering(own.text.split()) for own in run)
        if run and not (is_heading and (len(run) > 1 or len(run[0].text.split()) > 1)):
            kept += [own for own in run if not is_info(own.text)]
        run = []
        kept.append(line)
    return kept[:-1]


def read_subjects(lines: list[TextLine], order: list[str | None]) -> list[Row]:
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


def read_lines(lines: list[TextLine], table: Table) -> dict[str, list[Row]] | None:
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


def names_together(lines: list[TextLine]) -> list[TextLine]:
    """Lined-up lines with a name that stands around the line of its code put there.

    That is clear where the code has no name beside it, and as many lines stand above it as below it; what is left
    between two such codes is of the second.
    """
    kinds = [_kind_of(text.strip()) for text, _ in lines]
    result: list[TextLine] = []
    n = 0
    is_clear = True
    while n < len(lines):
        is_clear = is_clear or kinds[n] == "row"
        code = _end_of_names(kinds, n)
        above = code - n
        if above and code < len(lines) and kinds[code] == "nameless":
            below = _names_below(kinds, code, above)
            is_clear = is_clear and above == below
            if is_clear:
                end = code + 1 + below
                name = joined("".join(text for text, _ in [*lines[n:code], *lines[code + 1 : end]]))
                text, page = lines[code]
                text = _NAMELESS.sub(lambda match, name=name: f"{match.group()} {name}", text)
                result.append(TextLine(text, page))
                n = end
                continue
        result.append(lines[n])
        n += 1
    return result


def _end_of_names(kinds: list[str], first: int) -> int:
    """The number of the next line, from this one on, that is no part of a name; of none, how many lines there are."""
    return next((n for n in range(first, len(kinds)) if kinds[n] != "name"), len(kinds))


def _names_below(kinds: list[str], code: int, above: int) -> int:
    """How many lines of the name of a code stand below it; before the next such code no more than stand above it."""
    end = _end_of_names(kinds, code + 1)
    between = end - code - 1
    is_shared = end < len(kinds) and kinds[end] == "nameless"
    return min(above, between) if is_shared else between


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


def whole_labels(lines: list[TextLine], known: Iterable[str]) -> list[TextLine]:
    """The lines with a label of the form that goes on in the next line put together."""
    known = set(known)
    result: list[TextLine] = []
    for text, page in lines:
        above = result[-1].text.rstrip() if result else ""
        begun = re.search(rf"(?:^|[ \d])([{CJK}()]+)$", above)
        rest = re.match(rf"\s*([{CJK}()]+)", text)
        if begun and rest and label_key(begun.group(1)) not in known:
            label = label_key(begun.group(1) + rest.group(1))
            if any(other.startswith(label) for other in known):
                result[-1] = TextLine(above + text.lstrip(), result[-1].page)
                continue
        result.append(TextLine(text, page))
    return result


def labels_together(lines: list[TextLine], table: Table) -> list[TextLine]:
    """The lines of a table of panels with labels put there that stand around the line of their amounts.

    That is clear where what stands above and below it makes up labels of the form, and the amounts are as many as
    those of their panels.
    """
    known = set(form_labels(table.table_no))
    result: list[TextLine] = []
    n = 0
    while n < len(lines):
        text, page = lines[n]
        for above, below in _AROUND:
            names = _labels_around(lines[n : n + above], lines[n + above + 1 : n + above + 1 + below], known)
            row = _with_labels(names, lines[n + above].text, table) if names else None
            if row:
                text, n = row, n + above + below
                break
        result.append(TextLine(text, page))
        n += 1
    return result


# How many lines of a label stand above and below its amounts, those of more lines first.
_AROUND = [(2, 2), (1, 2), (2, 1), (1, 1)]


def _labels_around(above: list[TextLine], below: list[TextLine], known: set[str]) -> list[str]:
    """The labels of the form that lines make up, those of several panels side by side; none where one is no label."""
    parts = [text.split() for text, _ in [*above, *below]]
    if not above or not below or any(re.search(r"\d", text) for text, _ in [*above, *below]):
        return []
    names = ["".join(pieces) for pieces in zip(*parts, strict=False)]
    return names if len({*map(len, parts)}) == 1 and all(label_key(name) in known for name in names) else []


def _with_labels(names: list[str], text: str, table: Table) -> str | None:
    """A line of amounts with the labels that belong to them; None where it has more or fewer than theirs."""
    cells = text.strip("\n").removesuffix(" ").split(" ")
    has_numbers = re.fullmatch(r"\d{1,3}", cells[0]) or re.search(rf"[{CJK}] \d{{1,3}} ", text)
    widths = [len(columns) + bool(has_numbers) for columns in table.panels.values()]
    labels = [n for n, cell in enumerate(cells) if cell and not is_value(cell)]
    if len(names) == len(widths) and not labels and len(cells) == sum(widths):
        return " ".join([names[0], *cells[: widths[0]], names[1], *cells[widths[0] :]])
    if len(names) > 1 or len(labels) > 1:
        return None
    return _with_label(names[0], cells, labels, widths)


def _with_label(name: str, cells: list[str], labels: list[int], widths: list[int]) -> str | None:
    """Cells of one line with the label of one of its panels, which has so many behind it; `labels` are those there."""
    before = labels[0] if labels else len(cells)
    if before in widths[: len(labels) or None]:
        return " ".join([name, *cells])
    if labels == [0] and len(cells) == 1 + sum(widths):
        return " ".join([*cells[: -widths[-1]], name, *cells[-widths[-1] :]])
    return None


def _item(text: str) -> str:
    return joined(undoubled("".join(text.split())))


def read_labels(lines: list[TextLine], table: Table) -> dict[str, list[Row]]:
    """Rows of a two-panel table without line numbers: cell after cell where each has its space between two spaces.

    Where there are fewer, each known label with the amounts that follow it.
    """
    known = form_labels(table.table_no)
    order = {panel: list(columns) for panel, columns in table.panels.items()}
    found: dict[str, list[Row]] = {panel: [] for panel in order}
    pattern = _any_of(known)
    for line, page in whole_labels(lines, known):
        if _has_every_cell(line, order):
            for panel, row in _side_by_side(line.split(" "), order, page):
                found[panel].append(row)
            continue
        labels = _labels_with_amounts(line, pattern)
        for label, amounts, side in labels:
            possible = [panel for panel in known[label_key(label)] if panel in order]
            panel = _panel_of(label, possible, side, found)
            found[panel].append(_labelled_row(label, amounts, order[panel], page))
    return found


def _side_by_side(cells: list[str], order: dict[str, list[str]], page: int) -> Iterator[tuple[str, Row]]:
    """The row of each panel of a line that has a space for every cell."""
    for panel, names in order.items():
        row = dict(zip(["item", *names], (Cell(cell, page) for cell in cells), strict=False))
        cells = cells[len(row) :]
        yield panel, row


def _labels_with_amounts(line: str, pattern: re.Pattern[str]) -> list[tuple[str, list[str], str]]:
    """The labels of the form in a line, the amounts that follow each, and the panel that its place speaks for.

    Of several labels the first is one of revenue, and the last one of expenditure.
    """
    matches = list(pattern.finditer(line))
    ends = [*(match.start() for match in matches[1:]), len(line)]
    sides = ["revenue", *[""] * (len(matches) - 2), "expenditure"] if len(matches) > 1 else [""] * len(matches)
    return [
        (match.group(), list(filter(is_value, line[match.end() : end].split())), side)
        for match, end, side in zip(matches, ends, sides, strict=False)
    ]


def _panel_of(label: str, possible: list[str], side: str, found: dict[str, list[Row]]) -> str:
    """The panel of a label that the form has in these: that of its side, or the first that does not have it yet."""
    if side in possible:
        return side
    own = label_key(label)
    seen = [panel for panel, rows in found.items() if any(label_key(row["item"].text) == own for row in rows)]
    return next((panel for panel in possible if panel not in seen), possible[-1])


def _labelled_row(label: str, amounts: list[str], names: list[str], page: int) -> Row:
    """A row of the amounts that follow a label; where they are too few or too many, their columns are a guess."""
    doubt = UNSURE if len(amounts) not in (0, len(names)) else None
    cells = (amounts + [""] * len(names))[: len(names)]
    return {"item": Cell(label, page)} | {
        name: Cell(cell, page, None, doubt) for name, cell in zip(names, cells, strict=True)
    }


def left_out(lines: list[TextLine], table: Table) -> Iterator[str]:
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


def _economic_cells(lines: list[TextLine], panels: int) -> list[Row]:
    """Rows of panels whose lines have a space for every cell; none where one line has another number of cells."""
    found: list[list[Row]] = [[] for _ in range(panels)]
    totals: list[Row] = []
    for line, page in lines:
        texts = [cell for cell in line.split(" ") if cell]
        if not texts:
            continue
        if ECONOMIC_TOTAL.match(undoubled(texts[0])):
            totals += _economic_totals(texts, page)
            continue
        subjects = _subjects_beside(line.split(" "), panels)
        if not subjects:
            return []
        for number, (code, name, amount) in enumerate(subjects, 1):
            if code or name or amount:
                found[number - 1].append(_economic_row(str(number), code, name, amount, page))
    return [row for rows in found for row in rows] + totals


def _economic_totals(texts: list[str], page: int) -> Iterator[Row]:
    """The totals of both kinds in one line, each with the amount that follows it."""
    for text, following in zip(texts, [*texts[1:], ""], strict=True):
        if ECONOMIC_TOTAL.match(undoubled(text)):
            yield _economic_row("", "", undoubled(text), following if is_value(following) else "", page)


def _subjects_beside(cells: list[str], panels: int) -> list[tuple[str, str, str]]:
    """Code, name and amount of each panel; nothing where the cells are not as many, or something else."""
    if len(cells) - (not cells[-1]) != 3 * panels:
        return []
    found = [(cells[n], cells[n + 1], cells[n + 2]) for n in range(0, 3 * panels, 3)]
    is_sure = all(
        (not code or re.fullmatch(r"\d{3}|\d{5}", code)) and (not amount or is_value(amount))
        for code, _, amount in found
    )
    return found if is_sure else []


def _economic_row(panel: str, code: str, name: str, amount: str, page: int) -> Row:
    """A row of the table by economic subject, beginning with the number of its panel; a total is of none."""
    return {"panel_no": Cell(panel, page)} | _new(code, name, page) | {"amount": Cell(amount, page)}


def _economic_total(name: str, amount: str, page: int) -> Row:
    """A total below all panels: it is of none of them, and begins with its blank code."""
    return _new("", name, page) | {"panel_no": Cell("", page), "amount": Cell(amount, page)}


def _amounts_among(cells: list[str], order: dict[str, list[str]]) -> list[str]:
    """Those of the cells of a row that stand in columns of amounts."""
    kinds = [is_amount for names in order.values() for is_amount in [False, *[True] * len(names)]]
    return [cell for cell, is_amount in zip(cells, kinds, strict=False) if is_amount]


# The total of all panels, which is of no class.
_TOTAL_LINE = re.compile(rf"^ ?(合 ?计|总 ?计) +({AMOUNT}|{DASH})? *$")


def read_economic(lines: list[TextLine], heading: str, table: Table) -> list[Row]:
    """Rows of the table by economic subject, panel by panel; how many panels there are says the heading.

    One panel that shows each amount again below its kind gives rows with the kinds of the table as further columns.
    """
    letters = key("".join(undoubled(word) for word in heading.split()))
    panels = max(len(re.findall(r"科目代码|科目编码", letters)), 1)
    if panels == 1 and all(key(words[0]) in letters for words in table.kinds.values()):
        kinds = sorted(table.kinds, key=lambda kind: letters.index(key(table.kinds[kind][0])))
        rows = read_subjects(lines, ["amount", *kinds])
        return [{"panel_no": Cell("1", row["subject_name"].page)} | row for row in rows]
    every = [
        _economic_total(joined(match.group(1)), match.group(2) or "", page)
        for line, page in lines
        if (match := _TOTAL_LINE.match(line))
    ]
    lines = [line for line in lines if not _TOTAL_LINE.match(line.text)]
    return (_economic_cells(lines, panels) or _economic_in_turn(lines, panels)) + every


# The total of one kind; what is drawn twice in bold stands there twice.
_TOTAL_OF_KIND = re.compile(r"(人员经费合计|公用经费合计)(?:\1)?\s*([-\d][\d,.]*)?")
_ECONOMIC_CODE = re.compile(r"(?<![\d.,])(?:(\d{3})\1|(\d{5}|\d{3}))(?=[ \n])")


def _economic_in_turn(lines: list[TextLine], panels: int) -> list[Row]:
    """Rows of panels whose blank cells left no trace: from code to code, each subject of the panel whose turn it is."""
    text = "\n".join(line for line, _ in lines)
    pages = [page for line, page in lines for _ in range(len(line) + 1)]
    totals = list(_TOTAL_OF_KIND.finditer(text))
    end = totals[0].start() if totals else len(text)
    codes = list(_ECONOMIC_CODE.finditer(text, 0, end))
    ends = [*(match.start() for match in codes[1:]), end]
    found: list[list[Row]] = [[] for _ in range(panels)]
    turns = _Turns(panels)
    for match, following in zip(codes, ends, strict=False):
        code = match.group(1) or match.group(2)
        name, amount = _name_and_amount(text[match.end() : following])
        panel = turns.take(code)
        found[panel].append(_economic_row(str(panel + 1), code, name, amount, pages[match.start()]))
    return [row for rows in found for row in rows] + [
        _economic_total(match.group(1), match.group(2) or "", pages[match.start()]) for match in totals
    ]


def _name_and_amount(body: str) -> tuple[str, str]:
    """Name and amount of a subject, from what follows its code; the amount may be glued to the name."""
    amount = re.search(rf"[ \n]({AMOUNT}|{DASH})?\s*$", body)
    glued = None if amount and amount.group(1) else re.search(rf"(?<=[{CJK}])({AMOUNT}|{DASH})\s*$", body)
    value = glued or amount
    name = body[: value.start()] if value else body
    pieces = (undoubled(part.strip()) for part in re.split(r"\n|(?<=\S) (?=\S)", name))
    return joined("".join(pieces)), (value.group(1) or "") if value else ""


class _Turns:
    """Whose turn it is among panels that are read line by line: in each the codes rise, and one may end early."""

    def __init__(self, panels: int) -> None:
        self._last = [""] * panels
        self._ended: set[int] = set()
        self._turn = 0
        self._taken = 0

    def take(self, code: str) -> int:
        """The panel of the next code, which is passed on to the one behind it; the first line has one for each."""
        panels = len(self._last)
        in_turn = [n % panels for n in range(self._turn, self._turn + panels)]
        below_class = [n for n in in_turn if code[:3] == self._last[n][:3] and code > self._last[n]]
        if self._taken < panels:
            panel = self._taken
        elif below_class and len(code) > 3:
            # below its class; panels that it passes over have ended
            panel = below_class[0]
            self._ended |= set(in_turn[: in_turn.index(panel)])
        else:
            panel = next((n for n in in_turn if code > self._last[n] and n not in self._ended), self._turn)
        self._taken += 1
        self._last[panel] = code
        self._turn = (panel + 1) % panels
        return panel


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


def read_one(lines: list[TextLine], order: list[str | None]) -> list[Row]:
    """The row of the three public expenses, below the row that numbers the columns where there is one."""
    numbering = max((n for n, (line, _) in enumerate(lines) if is_numbering(line.split())), default=None)
    for line, page in lines[(numbering + 1) if numbering is not None else 0 :]:
        texts = line.split()
        if (texts and all(is_value(text) for text in texts)) or (
            not texts and len(order) - 1 <= len(line) <= len(order) + 2
        ):
            return [_cells(line if line.strip() else " " * len(order), order, page)]
    return []


def read_sections(lines: list[TextLine]) -> list[Row]:
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
