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
    rows: dict[int, list[Row]] = {}
    totals: list[Row] = []
    panels: list[_Panel] = []
    width = 0
    for grid in grids:
        start = split_header(grid, table)
        here = _panels(headings_of(grid, start), table) if start else []
        if here:
            panels, width = here, grid.width
            result.has_headings = True
        elif grid.width != width and any(c and CODE.match(joined(c.text)) for slots in grid.slots for c in slots):
            result.problems.append(f"page {grid.page}: {grid.width} columns, the page before has {width}")
        for _, own, texts in rows_below(result, grid, start):
            if any(ECONOMIC_TOTAL.match(joined(undoubled(t))) for t in texts):
                totals += _totals(result, own, grid.page)
            elif len(panels) > 1 and (whole := _whole_of_panels(own)):
                rows.setdefault(1, []).append(whole)
            elif texts and not is_heading_row(texts) and not is_numbering(texts):
                for order, panel in enumerate(panels, 1):
                    _read_row(result, panel, own, grid.page, rows.setdefault(order, []))
    every: list[Row] = []
    for number in sorted(rows):
        every += [row | {"panel_no": Cell(str(number), row["subject_name"].page)} for row in rows[number]]
    result.rows = settle_kinds(result, table, every, totals)


def _panels(headings: list[list[str]], table: Table) -> list[_Panel]:
    """The panels, each from its column of codes on."""
    panels: list[_Panel] = []
    left_out = of_another_stage(["".join(texts) for texts in headings])
    for c, texts in enumerate(headings):
        whole, leaf = key("".join(texts)), key(texts[-1]) if texts else ""
        kind = next((kind for kind, words in table.kinds.items() if leaf in map(key, words)), None)
        is_part = leaf in ("款", "项") or (
            leaf != "类" and panels and texts and panels[-1].codes == [c - 1] and texts == headings[c - 1]
        )
        if re.search(r"科目编码|科目代码|编码$|代码$", whole) and "名称" not in whole:
            if is_part and panels and panels[-1].name is None:
                panels[-1].codes.append(c)
            else:
                panels.append(_Panel([c]))
        elif not panels:
            continue
        elif "名称" in whole and panels[-1].name is None:
            panels[-1].name = c
        elif kind and panels[-1].amount is not None:
            panels[-1].kinds[kind] = c
        elif panels[-1].amount is None and c not in left_out and column_of(["".join(texts)], table.columns):
            panels[-1].amount = c
        elif whole:
            panels[-1].strangers[c] = whole
    return panels


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

    def at(c: int | None) -> Cell:
        return (own[c] if c is not None and c < len(own) else None) or Cell("", page)

    for c, heading in panel.strangers.items():
        if at(c).text.strip():
            keep_apart(result, own, c, f"?{heading}")
    name, amount = at(panel.name), at(panel.amount)
    code = ""
    for part in (joined(at(c).text) for c in panel.codes):
        code = part if code and part.startswith(code) and len(part) > len(code) else code + part
    if not (code or name.text.strip()):
        if amount.text.strip():
            _keep_without_subject(result, panel, amount)
        return
    first = at(panel.codes[0])
    row = {
        "subject_code": Cell(_single(code), first.page, first.box, first.doubt),
        "subject_name": Cell(tidy(undoubled(name.text)), name.page, name.box, name.doubt),
        "amount": amount_of(amount),
    } | {kind: amount_of(at(c)) for kind, c in panel.kinds.items()}
    if TOTAL.match(code) and not row["subject_name"].text:
        row["subject_code"], row["subject_name"] = Cell("", page), Cell(code, first.page, first.box, first.doubt)
    if TOTAL.match(joined(row["subject_name"].text)) and not row["subject_code"].text:
        row["subject_name"].text = joined(row["subject_name"].text)
    elif not row["subject_code"].text and rows and not row["amount"].text:
        rows[-1]["subject_name"].text += row["subject_name"].text
        return
    free_label(row, "subject_name", ["amount"])
    free_amount(row, "subject_name", ["amount"])
    rows.append(row)


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
        is_total = TOTAL.match(name) and not row["subject_code"].text
        if kinds and not _adds_up(row["amount"], list(kinds.values()), is_total):
            shown = ", ".join(cell.text for cell in kinds.values() if cell.text)
            result.problems.append(
                f"page {row['amount'].page}: «{row['amount'].text}» of {row['subject_code'].text or name} "
                f"is not what its kinds show ({shown})"
            )
        label = f"{row['subject_code'].text} {name}".strip()
        if not is_total:
            kept.append(row)
            result.apart += [
                OtherCell(None, column, cell, label, table.kinds[kind][0])
                for column, (kind, cell) in enumerate(kinds.items(), len(_BEFORE_KINDS) + 1)
                if cell.text.strip()
            ]
            continue
        if row["amount"].text.strip():
            result.apart.append(OtherCell(None, len(_BEFORE_KINDS), row["amount"], label, label))
        for kind, cell in kinds.items():
            totals.append(_total(Cell(f"{table.kinds[kind][0]}{name}", cell.page, row["subject_name"].box), cell))
        if kinds:
            continue
        # one list without the totals of both kinds has its classes to add up
        of_kinds = [total["amount"] for total in totals]
        of_classes = [other["amount"] for other in rows if re.fullmatch(r"3\d\d", other["subject_code"].text)]
        if len(totals) not in (0, len(table.kinds)) or not _adds_up(row["amount"], of_kinds or of_classes, True):
            parts = "totals of 人员经费 and 公用经费" if totals else "classes"
            result.problems.append(
                f"page {row['amount'].page}: «{row['amount'].text}» of {name} is not the sum of the {parts}"
            )
    return kept + totals


def _adds_up(whole: Cell, parts: list[Cell], is_rounded: bool) -> bool:
    """Whether parts make up the whole, within what rounding explains where each was rounded by itself."""
    numbers = [number for part in parts if (number := amount_in(part.text)) is not None]
    total = amount_in(whole.text) or Decimal(0)
    bound = sum(Decimal(1).scaleb(number.as_tuple().exponent) for number in [total, *numbers]) / 2
    return abs(total - sum(numbers)) <= (bound if is_rounded else 0)


def _single(code: str) -> str:
    half = len(code) // 2
    return code[:half] if len(code) in (6, 10) and code[:half] == code[half:] else code
