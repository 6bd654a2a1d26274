"""The table by economic subject: panels of code, name and amount side by side, their totals below all of them.

Where it is one panel that shows each amount again below its kind (人员经费, 公用经费), the total row has the totals of
both kinds side by side. Those are the rows «人员经费合计» and «公用经费合计» of the raw table; what is printed twice is
compared, every difference is a point to look at, and the second print is kept among the other cells.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from final_accounts.ingest.document.pages import Cell, Grid, amount_in, is_value, joined, key, undoubled
from final_accounts.ingest.layouts import Table, column_of, of_another_stage
from final_accounts.ingest.tables.find.headings import headings_of, split_header
from final_accounts.ingest.tables.find.vocabulary import CODE, is_heading_row, is_numbering
from final_accounts.ingest.tables.others import OtherCell
from final_accounts.ingest.tables.ruled.table import (
    ECONOMIC_TOTAL,
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

# The columns that stand before those of the kinds.
_BEFORE_KINDS = ("subject_code", "subject_name", "amount")
# What an amount is filed under that stands in a row without code and name.
WITHOUT_SUBJECT = "(no subject)"


@dataclass
class _Panel:
    """Where the columns of one panel stand; `kinds` are columns that show an amount again below its kind."""

    codes: list[int]
    name: int | None = None
    amount: int | None = None
    kinds: dict[str, int] = field(default_factory=dict)
    strangers: dict[int, str] = field(default_factory=dict)


def read_economic_grids(result: ReadTable, table: Table, grids: list[Grid]) -> None:
    """Panel after panel, then the totals."""
    pages = _Pages(result, table)
    for grid in grids:
        pages.add(grid)
    every = [
        row | {"panel_no": Cell(str(number), row["subject_name"].page)}
        for number, rows in sorted(pages.rows.items())
        for row in rows
    ]
    result.rows = settle_kinds(result, table, every, pages.totals)


class _Pages:
    """The rows of each panel, page after page, and the totals below them."""

    def __init__(self, result: ReadTable, table: Table) -> None:
        self._result, self._table = result, table
        self._panels: list[_Panel] = []
        self._width = 0
        self.rows: dict[int, list[Row]] = {}
        self.totals: list[Row] = []

    def add(self, grid: Grid) -> None:
        """Adds the rows of a page; one without headings has the panels of the page before."""
        start = split_header(grid, self._table)
        if panels := _panels(headings_of(grid, start), self._table) if start else []:
            self._panels, self._width = panels, grid.width
            self._result.has_headings = True
        elif grid.width != self._width and _has_codes(grid):
            self._result.problems.append(f"page {grid.page}: {grid.width} columns, the page before has {self._width}")
        for _, own, texts in rows_below(self._result, grid, start):
            self._add_row(own, texts, grid.page)

    def _add_row(self, own: list[Cell | None], texts: list[str], page: int) -> None:
        """Adds a row of all panels, of the totals of both kinds, or of the total of all panels."""
        if any(ECONOMIC_TOTAL.match(joined(undoubled(text))) for text in texts):
            self.totals += _totals(self._result, own, page)
        elif len(self._panels) > 1 and (whole := _whole_of_panels(own)):
            self.rows.setdefault(1, []).append(whole)
        elif texts and not is_heading_row(texts) and not is_numbering(texts):
            for number, panel in enumerate(self._panels, 1):
                _read_row(self._result, panel, own, page, self.rows.setdefault(number, []))


def _has_codes(grid: Grid) -> bool:
    """Whether a code of a subject stands in a grid."""
    return any(cell and CODE.match(joined(cell.text)) for slots in grid.slots for cell in slots)


def _panels(headings: list[list[str]], table: Table) -> list[_Panel]:
    """The panels, each from its column of codes on."""
    panels: list[_Panel] = []
    left_out = of_another_stage(["".join(texts) for texts in headings])
    for c, texts in enumerate(headings):
        whole = key("".join(texts))
        if re.search(r"科目编码|科目代码|编码$|代码$", whole) and "名称" not in whole:
            if panels and panels[-1].name is None and _is_part_of_code(c, headings, panels[-1]):
                panels[-1].codes.append(c)
            else:
                panels.append(_Panel([c]))
        elif panels:
            _add_column(panels[-1], c, texts, table, is_left_out=c in left_out)
    return panels


def _is_part_of_code(c: int, headings: list[list[str]], panel: _Panel) -> bool:
    """Whether a column of codes goes on with those of its panel: it is of section or item, or has the same heading."""
    texts = headings[c]
    leaf = key(texts[-1]) if texts else ""
    return leaf in ("款", "项") or (leaf != "类" and panel.codes == [c - 1] and texts == headings[c - 1])


def _add_column(panel: _Panel, c: int, texts: list[str], table: Table, *, is_left_out: bool) -> None:
    """Adds a column to its panel: of names, of amounts, of amounts again below their kind, or one that is none."""
    whole, leaf = key("".join(texts)), key(texts[-1]) if texts else ""
    kind = next((kind for kind, words in table.kinds.items() if leaf in map(key, words)), None)
    if "名称" in whole and panel.name is None:
        panel.name = c
    elif kind and panel.amount is not None:
        panel.kinds[kind] = c
    elif panel.amount is None and not is_left_out and column_of(["".join(texts)], table.columns):
        panel.amount = c
    elif whole:
        panel.strangers[c] = whole


def _whole_of_panels(own: list[Cell | None]) -> Row | None:
    """The total of all panels, below them in cells that span several; None for every other row."""
    cells = [cell for cell in own if cell and cell.text.strip()]
    if len(cells) != 2 or not TOTAL.match(joined(undoubled(cells[0].text))) or not is_value(cells[1].text.strip()):
        return None
    name, amount = cells
    return {
        "subject_code": Cell("", name.page),
        "subject_name": Cell(joined(undoubled(name.text)), name.page, name.box, name.doubt),
        "amount": amount_of(amount),
    }


def _totals(result: ReadTable, own: list[Cell | None], page: int) -> list[Row]:
    """The totals of both kinds, each with the amount that follows it."""
    found: list[Row] = []
    for cell in (cell for cell in own if cell and cell.text.strip()):
        name = joined(undoubled(cell.text))
        if ECONOMIC_TOTAL.match(name):
            found.append(_total(Cell(name, cell.page, cell.box, cell.doubt), Cell("", page)))
        elif found and is_value(cell.text.strip()) and not found[-1]["amount"].text:
            found[-1]["amount"] = amount_of(cell)
        else:
            result.problems.append(f"page {page}: «{cell.text}» stands beside no total")
    return found


def _total(name: Cell, value: Cell) -> Row:
    blank = {"panel_no": Cell("", name.page), "subject_code": Cell("", name.page)}
    return blank | {"subject_name": name, "amount": amount_of(value)}


def _read_row(result: ReadTable, panel: _Panel, own: list[Cell | None], page: int, rows: list[Row]) -> None:
    """One row of one panel, added to its rows."""
    for c, heading in panel.strangers.items():
        if _at(own, c, page).text.strip():
            keep_apart(result, own, c, f"?{heading}")
    code = code_of_parts(joined(_at(own, c, page).text) for c in panel.codes)
    if not (code or _at(own, panel.name, page).text.strip()):
        amount = _at(own, panel.amount, page)
        if amount.text.strip():
            _keep_without_subject(result, panel, amount)
        return
    row = _row_of(panel, own, code, page)
    if not _is_total(row) and not row["subject_code"].text and rows and not row["amount"].text:
        # a name that goes on
        rows[-1]["subject_name"].text += row["subject_name"].text
        return
    free_label(row, "subject_name", ["amount"])
    free_amount(row, "subject_name", ["amount"])
    rows.append(row)


def _at(own: list[Cell | None], c: int | None, page: int) -> Cell:
    """The cell of a row in a column; a blank one where the panel has no such column, or the row no cell there."""
    return (own[c] if c is not None and c < len(own) else None) or Cell("", page)


def _row_of(panel: _Panel, own: list[Cell | None], code: str, page: int) -> Row:
    """Code, name and amounts of one panel; the name of the total may stand in the column of codes."""
    first, name = _at(own, panel.codes[0], page), _at(own, panel.name, page)
    row = {
        "subject_code": Cell(_single(code), first.page, first.box, first.doubt),
        "subject_name": Cell(tidy(undoubled(name.text)), name.page, name.box, name.doubt),
        "amount": amount_of(_at(own, panel.amount, page)),
    } | {kind: amount_of(_at(own, c, page)) for kind, c in panel.kinds.items()}
    if TOTAL.match(code) and not row["subject_name"].text:
        row["subject_code"], row["subject_name"] = Cell("", page), Cell(code, first.page, first.box, first.doubt)
    if _is_total(row):
        row["subject_name"].text = joined(row["subject_name"].text)
    return row


def _is_total(row: Row) -> bool:
    """Whether a row is the total of its panel: it is named so, and has no code."""
    return bool(TOTAL.match(joined(row["subject_name"].text))) and not row["subject_code"].text


def _keep_without_subject(result: ReadTable, panel: _Panel, amount: Cell) -> None:
    """Keeps an amount in a row of a panel without code and name; below the last subject forms are filled with zeros."""
    result.apart.append(OtherCell(None, panel.amount + 1, amount, "", WITHOUT_SUBJECT))
    if re.search(r"[1-9]", amount.text):
        result.problems.append(f"page {amount.page}: «{amount.text}» stands beside no subject")


def settle_kinds(result: ReadTable, table: Table, rows: list[Row], totals: list[Row]) -> list[Row]:
    """The rows, then the totals of both kinds; amounts that are printed twice are compared."""
    kept: list[Row] = []
    for row in rows:
        kinds = {kind: row.pop(kind) for kind in table.kinds if kind in row}
        name = row["subject_name"].text
        is_total = bool(TOTAL.match(name)) and not row["subject_code"].text
        if kinds:
            _compare(result, row, list(kinds.values()), is_total=is_total)
        if is_total:
            if row["amount"].text.strip():
                result.apart.append(OtherCell(None, len(_BEFORE_KINDS), row["amount"], name, name))
            totals += [
                _total(Cell(f"{table.kinds[kind][0]}{name}", cell.page, row["subject_name"].box), cell)
                for kind, cell in kinds.items()
            ]
            if not kinds:
                _check_total(result, table, row, rows, totals)
            continue
        kept.append(row)
        label = f"{row['subject_code'].text} {name}".strip()
        for column, (kind, cell) in enumerate(kinds.items(), len(_BEFORE_KINDS) + 1):
            if cell.text.strip():
                result.apart.append(OtherCell(None, column, cell, label, table.kinds[kind][0]))
    return kept + totals


def _compare(result: ReadTable, row: Row, kinds: list[Cell], *, is_total: bool) -> None:
    """Says where an amount is not what is printed of it again below its kinds."""
    if not _adds_up(row["amount"], kinds, is_total):
        shown = ", ".join(cell.text for cell in kinds if cell.text)
        result.problems.append(
            f"page {row['amount'].page}: «{row['amount'].text}» of "
            f"{row['subject_code'].text or row['subject_name'].text} is not what its kinds show ({shown})"
        )


def _check_total(result: ReadTable, table: Table, total: Row, rows: list[Row], totals: list[Row]) -> None:
    """Says where the total is not the sum of the totals of both kinds.

    One list without the totals of both kinds has its classes to add up.
    """
    of_kinds = [row["amount"] for row in totals]
    of_classes = [row["amount"] for row in rows if re.fullmatch(r"3\d\d", row["subject_code"].text)]
    if len(totals) not in (0, len(table.kinds)) or not _adds_up(total["amount"], of_kinds or of_classes, True):
        parts = "totals of 人员经费 and 公用经费" if totals else "classes"
        result.problems.append(
            f"page {total['amount'].page}: «{total['amount'].text}» of {total['subject_name'].text} "
            f"is not the sum of the {parts}"
        )


def _adds_up(whole: Cell, parts: list[Cell], is_rounded: bool) -> bool:
    """Whether parts make up the whole, within what rounding explains where each was rounded by itself."""
    numbers = [number for part in parts if (number := amount_in(part.text)) is not None]
    total = amount_in(whole.text) or Decimal(0)
    bound = sum(Decimal(1).scaleb(number.as_tuple().exponent) for number in [total, *numbers]) / 2
    return abs(total - sum(numbers)) <= (bound if is_rounded else 0)


def _single(code: str) -> str:
    half = len(code) // 2
    return code[:half] if len(code) in (6, 10) and code[:half] == code[half:] else code
