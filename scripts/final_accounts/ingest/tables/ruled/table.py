"""One table as read, and what all kinds of tables have in common: notes, totals, amounts beside labels."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from final_accounts.ingest.document.pages import CJK, Cell, Grid, figure, is_value, joined, key
from final_accounts.ingest.layouts import is_beside, tables
from final_accounts.ingest.tables.others import OtherCell

Row = dict[str, Cell]
NOTE = re.compile(r"^[（(]?(注|说明|备注)[0-9]?[）)]?[：:]")


TOTAL = re.compile(r"^(合计|总计)$")
ECONOMIC_TOTAL = re.compile(r"^(人员经费合计|公用经费合计)$")
EMPTY = re.compile(
    r"[本此]表(?:为空表|无数据|为空)|无(?!形)(?:[^，。；]{0,30}(?:收支|收入|支出|经费)|数据)|没有.{0,60}(?:收入|支出|经费)|无相关数据|空表"
    r"|^空白$"
)
# … and as all that stands in its row
_EMPTY_ALONE = re.compile(r"^[（(]?(?:[本此]表)?(?:为空表|为空|空表|空白|无数据)[）)]?。?$")


@dataclass
class ReadTable:
    """One table as read. `problems` are sentences about what a person must look at."""

    table_no: str
    title: str
    pages: list[int]
    form_no: str = ""
    department_name: str = ""
    fiscal_year: str = ""
    amount_unit: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    has_headings: bool = False
    # whether its headings speak of no budget, as where only final amounts are printed
    is_final_only: bool = False
    # its amount columns as running text prints them, where that is what was read
    order: list[str | None] = field(default_factory=list)
    # what stands below headings that the raw table has no column for
    apart: list[OtherCell] = field(default_factory=list)
    # why amounts of its columns are none of its rows, blank where all of them are
    unmatched: str = ""

    @property
    def amounts(self) -> int:
        """How many cells hold an amount; a dash is none."""
        names = tables()[self.table_no].amounts
        return sum(1 for row in self.rows for name in names if name in row and re.search(r"\d", row[name].text))

    @property
    def has_money(self) -> bool:
        """Whether an amount is more than zero."""
        names = tables()[self.table_no].amounts
        return any(re.search(r"[1-9]", row[name].text) for row in self.rows for name in names if name in row)

    @property
    def says_it_is_empty(self) -> bool:
        """Whether a note says that there is nothing to print."""
        return any(EMPTY.search(joined(text)) for _, text in self.notes)


def joined_note(text: str) -> str:
    """A note without the line ends of the page."""
    return re.sub(rf"(?<=[{CJK}]) +(?=[{CJK}])", "", text.strip())


def amount_of(cell: Cell) -> Cell:
    """An amount cell with its text as one run of characters, its sign as a minus."""
    text = cell.text.strip()
    # digits set apart are one amount, two amounts are not
    if not is_value(text) and is_value(joined(text)) and not all(is_value(piece) for piece in text.split()):
        text = joined(text)
    return Cell(figure(text), cell.page, cell.box, cell.doubt)


def keep_apart(result: ReadTable, own: list[Cell | None], column: int, role: str) -> None:
    """Keeps a cell of a row below a heading that is no column of the raw table; says so where no form has it."""
    cell, heading = own[column], role[1:]
    texts = [tidy(other.text) for other in own if other]
    label = " ".join(text for text in texts if re.search(rf"^\d{{3,7}}$|[{CJK}]", text))
    result.apart.append(OtherCell(None, column + 1, cell, label, heading))
    if not is_beside(heading) and not any(key(word) in key(heading) for word in tables()[result.table_no].apart):
        result.problems.append(
            f"page {cell.page}: «{cell.text.strip()}» below the heading «{heading}», "
            "which the raw table has no column for"
        )


def is_note(texts: list[str]) -> bool:
    """Whether the texts of a row are a note, or the one sentence that says that there is nothing to print."""
    return bool(texts and NOTE.match(texts[0])) or (len(texts) == 1 and says_empty(texts[0]))


def says_empty(text: str) -> bool:
    """Whether a sentence says that its table is empty; a label of a line is none."""
    return (
        (4 < len(joined(text)) < 100 or bool(_EMPTY_ALONE.match(joined(text))))
        and bool(EMPTY.search(joined(text)))
        and not re.search(r"\d\.\d", text)
    )


def take_note(result: ReadTable, text: str) -> None:
    """Keeps a note that stands in the grid."""
    match = NOTE.match(text)
    result.notes.append((match.group(1), joined_note(text[match.end() :])) if match else ("", joined_note(text)))


def rows_below(result: ReadTable, grid: Grid, first: int) -> Iterator[tuple[int, list[Cell | None], list[str]]]:
    """The rows of a grid from one on: the number of each, the cells that begin in it, by column, and their texts.

    Notes among them are kept as notes of the table, and are no rows.
    """
    is_below_note = False
    for number in range(first, len(grid.slots)):
        own = [grid.own(number, column) for column in range(len(grid.slots[number]))]
        texts = [cell.text.strip() for cell in own if cell and cell.text.strip()]
        if is_note(texts):
            take_note(result, "".join(texts))
            is_below_note = True
        elif is_below_note and len(texts) == 1 and texts[0].endswith("。") and result.notes:
            kind, note = result.notes[-1]
            result.notes[-1] = (kind, joined_note(note + texts[0]))
        else:
            yield number, own, texts


def add_panels(result: ReadTable, panels: dict[str, list[Row]]) -> None:
    """Adds the rows of each panel to those of the table; each says which one it is of."""
    for panel, rows in panels.items():
        for row in rows:
            row["panel"] = Cell(panel, row["item"].page)
            result.rows.append(row)


def code_of_parts(parts: Iterable[str]) -> str:
    """The code that columns of class, section and item make up; a part may begin with those before it (201, 20103)."""
    code = ""
    for part in parts:
        code = part if code and part.startswith(code) and len(part) > len(code) else code + part
    return code


def tidy(text: str) -> str:
    """A label without the white space that setting it in a cell put between its characters."""
    text = text.strip(" \u3000\u00a0\n")
    return re.sub(rf"(?<=[{CJK}]) +(?=[{CJK}])|\n", "", text)


def free_amount(row: Row, label: str, amounts: list[str]) -> None:
    """An amount that is glued to the end of a label moves to the first amount column, where that is empty."""
    match = re.match(rf"^(.*[{CJK})])\s*(-?\d[\d,]*\.\d+)$", row[label].text)
    if match and amounts and not row.get(amounts[0], Cell("", 0)).text:
        cell = row[label]
        row[amounts[0]] = Cell(match.group(2), cell.page, cell.box, cell.doubt)
        row[label] = Cell(match.group(1), cell.page, cell.box, cell.doubt)


def free_label(row: Row, label: str, amounts: list[str]) -> None:
    """The end of a label that reaches into the first amount column goes back to the label."""
    if not amounts or amounts[0] not in row:
        return
    cell = row[amounts[0]]
    match = re.match(rf"^([{CJK}（）()“”]+)\s*(-?\d[\d,]*(?:\.\d+)?)$", cell.text)
    if match:
        row[label] = Cell(tidy(row[label].text + match.group(1)), cell.page, row[label].box, row[label].doubt)
        row[amounts[0]] = Cell(match.group(2), cell.page, cell.box, cell.doubt)
