"""What the raw tables have no place for: every cell verbatim with its own, so that nothing printed is lost."""

import re
from dataclasses import dataclass, field

from final_accounts.ingest.document.pages import Cell, Grid, Line, is_value
from final_accounts.ingest.tables.find.vocabulary import CODE


@dataclass
class OtherCell:
    """A cell by its printed row and column; in one of the ten tables by what its row and its column are called."""

    row_no: int | None
    column_no: int
    cell: Cell
    row_label: str = ""
    heading: str = ""


@dataclass
class OtherTable:
    """A table that the raw tables do not know, by the title above it.

    Or one of the ten, by its number, that none of them can hold, and why.
    """

    title: str
    pages: list[int]
    cells: list[OtherCell] = field(default_factory=list)
    table_no: str = ""
    problem: str = ""

    @property
    def amounts(self) -> int:
        """How many of its cells hold a number that is no code."""
        return amounts_of(self.cells)


def amounts_of(cells: list[OtherCell]) -> int:
    """How many of some cells hold a number that is no code."""
    texts = [own.cell.text.strip() for own in cells]
    return sum(1 for text in texts if is_value(text) and re.search(r"\d", text) and not CODE.match(text))


def read_other(title: str, parts: list[tuple[int, Line | Grid]]) -> OtherTable:
    """The cells of what is drawn below a title; where nothing is, the words of the lines that hold a number."""
    table = OtherTable(title, sorted({page for page, _ in parts}))
    grids = [part for _, part in parts if isinstance(part, Grid)]
    rows = [_cells_of(grid, number) for grid in grids for number in range(len(grid.slots))]
    rows = rows or [_words_of(part) for _, part in parts if isinstance(part, Line)]
    for row_no, row in enumerate((row for row in rows if row), 1):
        table.cells += [OtherCell(row_no, column_no, cell) for column_no, cell in row]
    return table


def _cells_of(grid: Grid, row: int) -> list[tuple[int, Cell]]:
    own = enumerate((grid.own(row, column) for column in range(len(grid.slots[row]))), 1)
    return [(column, cell) for column, cell in own if cell and cell.text.strip()]


def _words_of(line: Line) -> list[tuple[int, Cell]]:
    words = [(word.text, word.box) for word in line.words] or [(text, None) for text in line.text.split()]
    if not any(is_value(text) for text, _ in words):
        return []
    return [(column, Cell(text, line.page, box)) for column, (text, box) in enumerate(words, 1)]
