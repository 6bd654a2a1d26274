"""Tables whose columns are amounts: of functional subjects, or of the three public expenses side by side.

A page that goes on without headings has the columns of the page before it; a page with other columns is another half.
Which column is which is told by the headings of all halves together: «合计» below «年初结转和结余» is no expenditure.
"""

import re
from dataclasses import dataclass
from itertools import pairwise, repeat

from final_accounts.ingest.document.pages import Cell, Grid, is_value, joined
from final_accounts.ingest.layouts import Table, tables
from final_accounts.ingest.tables.find.halves import (
    LABELS,
    Half,
    Part,
    end_of_headings,
    headings_beside,
    height_of_row,
    is_blank,
    is_nameless,
    put_together,
    read_half,
)
from final_accounts.ingest.tables.find.headings import headings_of, roles_of, split_header
from final_accounts.ingest.tables.find.vocabulary import is_heading_row, is_numbering
from final_accounts.ingest.tables.ruled.table import (
    TOTAL,
    ReadTable,
    Row,
    amount_of,
    code_of_parts,
    free_amount,
    free_label,
    keep_apart,
    rows_below,
    tidy,
)
from final_accounts.ingest.tables.ruled.three_public import (
    begins_counts,
    keep_figures_apart,
    named_subtotals,
    read_items_below_each_other,
    read_stages_below_each_other,
)

# «一般公共预算财政拨款安排的“三公”经费» is no budget.
_BUDGET = re.compile("预算(?!财政拨款|拨款|安排)")
# What is left of the headings of codes where the page end cuts the headings of a table.
_OF_CODES = re.compile("[支出功能分科目编码类款项栏次]+")


@dataclass
class _Columns:
    """Where the columns of a table stand: roles, and left and right end, by grid column."""

    roles: dict[int, str]
    spans: dict[int, tuple[float, float]]
    width: int
    strangers: dict[int, str]
    headings: list[list[str]]


def read_column_grids(result: ReadTable, table: Table, grids: list[Grid]) -> None:
    """Tables whose columns are amounts: of subjects, of economic subjects, or of the three public expenses."""
    pages = _Pages(result, table)
    for grid in grids:
        rows = split_header(grid, table)
        headings = named_subtotals(headings_of(grid, rows)) if table.items else headings_of(grid, rows)
        if not (table.items and _reads_in_rows(result, table, grid, headings, rows)):
            pages.add(grid, headings, rows)
    first, halves = pages.read()
    for number, half in enumerate(halves, 1):
        names = [role for role in half.roles.values() if role in table.columns]
        put_together(result, names, first, half.parts, number)


@dataclass
class _Head:
    """The headings of a page: how many rows they are, their texts by column, roles, and those that have none."""

    rows: int
    texts: list[list[str]]
    roles: dict[int, str]
    strangers: dict[int, str]


@dataclass
class _Placed:
    """A page: its grid, how many rows are headings, the columns that it has, and the half that it is of."""

    grid: Grid
    rows: int
    columns: _Columns
    half: Half | None


class _Pages:
    """The pages of a table, each as one of its first columns or of another half."""

    def __init__(self, result: ReadTable, table: Table) -> None:
        self.result, self.table = result, table
        self.columns: _Columns | None = None
        self.halves: list[Half] = []
        self.placed: list[_Placed] = []
        self.numbers: set[int] = set()

    def add(self, grid: Grid, headings: list[list[str]], rows: int) -> None:
        """Adds a page with its headings, which are so many rows."""
        is_beside = self._is_beside(grid)
        if is_beside:
            rows = headings_beside(grid, self.numbers)
            headings = headings_of(grid, rows)
        self.numbers |= _numbers_above(grid, rows)
        before = self.placed[-1].half if self.placed else None
        if rows:
            head = _Head(rows, headings, *roles_of(headings, self.table, self.table.columns))
            if not head.roles and self.columns is None:
                self.result.problems.append(f"page {grid.page}: no heading is one of table {self.table.table_no}")
                return
            rows, half = self._below_headings(grid, head, before, is_beside=is_beside)
        else:
            half = self._below_none(before, is_beside=is_beside)
        if self.columns is not None:
            self.placed.append(_Placed(grid, rows, self.columns, half))
            if half is not None:
                half.pages += 1

    def _is_beside(self, grid: Grid) -> bool:
        """Whether a page stands beside one before it: no names, or nothing at all where such pages are known."""
        if self.columns is None or self.table.rows != "subjects":
            return False
        return is_nameless(grid) or (bool(self.halves) and is_blank(grid))

    def _below_headings(
        self, grid: Grid, head: _Head, before: Half | None, *, is_beside: bool
    ) -> tuple[int, Half | None]:
        """How many rows of a page are headings, and the half that it is of; a page of none has the first columns.

        What names no amount may be left of headings that are printed again, or be no heading at all: such a page is of
        the same half as the one `before` it.
        """
        amounts = {role for role in head.roles.values() if role in self.table.columns}
        if is_beside or self._is_another_half(grid, head, amounts):
            return head.rows, self._half_of(head)
        strangers = head.strangers.values()
        if self.columns is not None and not amounts and not any(map(_OF_CODES.sub, repeat(""), strangers)):
            is_headed = _roles_agree(head.roles, self.columns) or any(strangers)
            return (head.rows if is_headed else 0), before
        spans = dict(enumerate(pairwise(grid.edges)))
        self.columns = _Columns(head.roles, spans, grid.width, head.strangers, head.texts)
        self.result.has_headings = len(amounts) > 1
        return head.rows, None

    def _below_none(self, before: Half | None, *, is_beside: bool) -> Half | None:
        """The half of a page that goes on without headings."""
        if not self.halves or self.table.rows != "subjects":
            return before
        return self._next_half(before) if is_beside else None

    def _is_another_half(self, grid: Grid, head: _Head, amounts: set[str]) -> bool:
        """Whether a page with names has other columns than the first: none of theirs, or the same rows again."""
        if self.columns is None or not amounts:
            return False
        known = {role for role in self.columns.roles.values() if role in self.table.columns}
        if not amounts & known:
            return True
        if self.table.rows != "subjects" or head.texts == self.columns.headings:
            return False
        first = self.placed[0]
        return _first_labels(grid, head.rows, head.roles) == _first_labels(first.grid, first.rows, self.columns.roles)

    def _half_of(self, head: _Head) -> Half:
        """The half with these headings."""
        known = next((half for half in self.halves if half.headings == head.texts), None)
        if known is None:
            codes = [
                c for c, role in sorted(head.roles.items()) if role in LABELS and role not in ("subject_name", "item")
            ]
            known = Half(head.texts, head.roles, codes)
            self.halves.append(known)
        return known

    def _next_half(self, before: Half | None) -> Half:
        """The half of a page that goes on without headings and names.

        All pages of one half follow each other, or each follows the page that it stands beside.
        """
        if before is None:
            return self.halves[0]
        first = sum(1 for page in self.placed if page.half is None)
        number = self.halves.index(before)
        is_whole = before.pages == first and number + 1 < len(self.halves)
        return self.halves[number + 1] if is_whole else before

    def read(self) -> tuple[list[Part], list[Half]]:
        """The rows of the first columns, and the halves with theirs."""
        if self.halves:
            self._settle_roles()
        first: list[Part] = []
        for page in self.placed:
            if page.half is None:
                roles = _placed(page.columns, page.grid)
                first.append(_read_rows(self.result, self.table, page.grid, page.rows, roles))
            else:
                page.half.parts.append(read_half(self.result, self.table, page.grid, page.rows, page.half))
        return first, self.halves

    def _settle_roles(self) -> None:
        """Tells the columns of all halves by their headings together; codes and names are printed again in some."""
        texts, starts = list(self.columns.headings), []
        for half in self.halves:
            starts.append(len(texts))
            texts += [[] if half.roles.get(c) in LABELS else own for c, own in enumerate(half.headings)]
        roles, strangers = roles_of(texts, self.table, self.table.columns)
        for half, start in zip(self.halves, starts, strict=True):
            own = {c: roles.get(start + c) or f"?{strangers.get(start + c, '')}" for c in range(len(half.headings))}
            half.roles = {c: role for c, role in own.items() if half.roles.get(c) not in LABELS}
        width = len(self.columns.headings)
        self.columns.roles = {c: role for c, role in roles.items() if c < width}
        self.columns.strangers = {c: text for c, text in strangers.items() if c < width}


def _numbers_above(grid: Grid, rows: int) -> set[int]:
    """The numbers of the columns, which may stand in a row of its own below the headings, beside 类, 款 and 项."""
    texts = [[cell.text.strip() for cell in slots if cell and cell.text.strip()] for slots in grid.slots[: rows + 1]]
    own = texts[:rows] + [row for row in texts[rows:] if is_heading_row(row) or is_numbering(row)]
    return {int(text) for row in own for text in row if re.fullmatch(r"\d{1,2}", text)}


def _first_labels(grid: Grid, rows: int, roles: dict[int, str]) -> list[str]:
    """Codes and names in the first row of a page that has any."""
    for slots in grid.slots[rows:]:
        cells = (slots[c] for c, role in sorted(roles.items()) if role in LABELS and c < len(slots))
        texts = [joined(cell.text) for cell in cells if cell]
        if any(texts):
            return texts
    return []


def _reads_in_rows(result: ReadTable, table: Table, grid: Grid, headings: list[list[str]], rows: int) -> bool:
    """Whether the three public expenses, or their stages, stand below each other: they are read then."""
    result.is_final_only = rows > 0 and not any(_BUDGET.search("".join(texts)) for texts in headings)
    return read_items_below_each_other(result, table, grid) or (
        rows > 0 and read_stages_below_each_other(result, table, grid, headings, rows)
    )


def _roles_agree(roles: dict[int, str], columns: _Columns) -> bool:
    return all(columns.roles.get(c) == role for c, role in roles.items())


def _placed(columns: _Columns, grid: Grid) -> dict[int, str]:
    """Roles of the columns of a grid that has no headings of its own: as before, or where they stand on the page."""
    if grid.width == columns.width or not columns.spans or not grid.edges:
        return columns.roles | {c: f"?{text}" for c, text in columns.strangers.items()}
    placed: dict[int, str] = {}
    middles = [(left + right) / 2 for left, right in pairwise(grid.edges)]
    for c, role in (columns.roles | {c: f"?{text}" for c, text in columns.strangers.items()}).items():
        left, right = columns.spans[c]
        # a column that is parted here has its cells from its first part on
        parts = [n for n, middle in enumerate(middles) if left < middle < right]
        here = parts[0] if parts else sum(edge <= (left + right) / 2 for edge in grid.edges) - 1
        placed.setdefault(here, role)
    return placed


def _read_rows(result: ReadTable, table: Table, grid: Grid, start: int, roles: dict[int, str]) -> Part:
    """Adds the rows of a page to those of the table."""
    part = Part(grid.page, end_of_headings(grid, start))
    may_be_rest, has_counts = True, False
    for _, own, texts in rows_below(result, grid, start):
        if _repeats_headings(texts):
            continue
        has_counts = has_counts or bool(table.items and result.rows and begins_counts(texts))
        if has_counts:
            keep_figures_apart(result, table, own, range(len(own)))
            continue
        row = _by_role(result, table, own, roles, grid.page)
        if table.rows == "subjects":
            _set_subject(row, own, roles, result)
        elif not texts and result.rows:
            # the one row may be blank, a blank row beside it says nothing
            continue
        if row:
            may_be_rest = _add_row(result, row, table, may_be_rest=may_be_rest)
            part.rows.append((height_of_row(row), result.rows[-1]))
    return part


def _repeats_headings(texts: list[str]) -> bool:
    """Whether the texts of a row are headings or the numbers of the columns, and no amount among them."""
    is_heading = is_heading_row(texts) or is_numbering(texts)
    return is_heading and not any("." in text and is_value(text) for text in texts)


def _add_row(result: ReadTable, row: Row, table: Table, *, may_be_rest: bool) -> bool:
    """Adds a row, or joins the rest of one that the page end cut to it; whether the next may be more of that rest.

    A page may begin with several lines of a name, and no figure beside them.
    """
    if not (may_be_rest and result.rows and _is_rest(row, table, _has_codes(result))):
        result.rows.append(row)
        return False
    is_piece = _is_piece(row, table)
    if is_piece and len(result.rows) > 1 and _is_piece(result.rows[-1], table):
        # the page before ends with a line of the name that stands by itself
        piece = result.rows.pop()
        _append_rest(result.rows[-1], piece, table)
    _append_rest(result.rows[-1], row, table)
    return is_piece


def _by_role(result: ReadTable, table: Table, own: list[Cell | None], roles: dict[int, str], page: int) -> Row:
    """The cells of a row by their roles; what stands in a column that the raw table does not have is kept apart."""
    row: Row = {}
    for c, role in sorted(roles.items()):
        cell = own[c] if c < len(own) else None
        if role.startswith("?"):
            if cell and cell.text.strip():
                keep_apart(result, own, c, role)
            continue
        row[role] = amount_of(cell) if cell and role in table.columns else cell or Cell("", page)
    return row


def _set_subject(row: Row, own: list[Cell | None], roles: dict[int, str], result: ReadTable) -> None:
    """Code and name of a row from the columns that hold them, in one column or three."""
    parts = [row.pop(role) for role in ("class", "section", "item_code") if role in row]
    if parts:
        _join_code(row, parts, result)
    item = row.pop("item", None)
    if item is not None and "subject_name" not in row:
        _part_item(row, item)
    code = row.setdefault("subject_code", Cell("", own[0].page if own and own[0] else 0))
    name = row.setdefault("subject_name", Cell("", code.page))
    row["subject_code"], row["subject_name"] = _code_and_name(code, name)
    amounts = [role for _, role in sorted(roles.items()) if role in tables()[result.table_no].columns]
    free_label(row, "subject_name", amounts)
    free_amount(row, "subject_name", amounts)


def _part_item(row: Row, item: Cell) -> None:
    """Sets the name of a row, and its code where it has none, from the column that holds both."""
    match = re.match(r"^\s*(\d{7}|\d{5}|\d{3})?\s*(.*)$", item.text, re.DOTALL)
    if "subject_code" not in row or not row["subject_code"].text:
        row["subject_code"] = Cell(match.group(1) or "", item.page, item.box)
    row["subject_name"] = Cell(match.group(2), item.page, item.box)


def _code_and_name(code: Cell, name: Cell) -> tuple[Cell, Cell]:
    """Code and name of a row where one of them may stand in the column of the other: a name behind a code, a total."""
    # the headings of the code may reach down beside the total
    text = "" if TOTAL.match(joined(name.text)) and re.fullmatch("[类款项]+", joined(code.text)) else joined(code.text)
    match = re.match(r"^(\d{7}|\d{5}|\d{3})(\D.*)$", text)
    if match and not name.text.strip():
        code, name = Cell(match.group(1), code.page, code.box, code.doubt), Cell(match.group(2), code.page, code.box)
    elif TOTAL.match(text) and not name.text.strip():
        code, name = Cell("", code.page), Cell(text, code.page, code.box)
    else:
        code = Cell(text, code.page, code.box, code.doubt)
    if TOTAL.match(joined(name.text)):
        name = Cell(joined(name.text), name.page, name.box, name.doubt)
    name.text = tidy(name.text)
    return code, name


def _join_code(row: Row, parts: list[Cell], result: ReadTable) -> None:
    """Sets the code of a row from its columns of class, section and item, or the name of the total that is in them."""
    texts = [joined(part.text) for part in parts]
    code = code_of_parts(text for text in texts if re.fullmatch(r"\d+", text))
    total = next((text for text in texts if TOTAL.match(text)), "")
    page, box = parts[0].page, None
    for part in parts:
        box = part.box.joined(box) if part.box and part.text else box
    row["subject_code"] = Cell(code, page, box)
    if total:
        row["subject_name"] = Cell(total, page, box)
    if code and not texts[0]:
        missing = _class_and_section_above(result, texts)
        row["subject_code"] = Cell(missing + code, page, box, "class and section are those of the row above")


def _class_and_section_above(result: ReadTable, texts: list[str]) -> str:
    """What the code of the row above begins with, as far as the columns of a code leave it out."""
    before = next((row["subject_code"].text for row in reversed(result.rows) if row["subject_code"].text), "")
    # of two columns the first is that of class and section
    return before[:3] if len(texts) == 3 and len(texts[1]) == 2 else before[:5]


def _has_codes(result: ReadTable) -> bool:
    """Whether a code stands beside a subject that was read; where none does, a row without one is a row."""
    return any(row["subject_code"].text for row in result.rows if "subject_code" in row)


def _is_rest(row: Row, table: Table, has_codes: bool) -> bool:
    """Whether the first row of a page is the rest of a row that the page end cut."""
    if table.rows != "subjects" or row["subject_code"].text:
        return False
    name = row["subject_name"].text
    has_amounts = any(row[n].text for n in table.columns if n in row)
    if name and has_amounts and not has_codes:
        return False
    return not TOTAL.match(name) and bool(name or has_amounts)


def _is_piece(row: Row, table: Table) -> bool:
    """Whether a row is nothing but a piece of a name."""
    name = row["subject_name"].text
    has_more = row["subject_code"].text or any(row[n].text for n in table.columns if n in row)
    return bool(name) and not has_more and not TOTAL.match(name)


def _append_rest(above: Row, row: Row, table: Table) -> None:
    above["subject_name"] = Cell(
        above["subject_name"].text + row["subject_name"].text, above["subject_name"].page, above["subject_name"].box
    )
    for name in table.columns:
        if name in row and row[name].text:
            if above[name].text:
                whole = above[name].text + row[name].text
                # digits that are no amount yet are one with those that end it; everything else is a guess
                is_one = re.fullmatch(r"-?[\d,]+\.\d\d", whole) and not re.search(r"\.\d\d", above[name].text)
                above[name] = Cell(whole, above[name].page, above[name].box, None if is_one else "cut by the page end")
            else:
                above[name] = row[name]
