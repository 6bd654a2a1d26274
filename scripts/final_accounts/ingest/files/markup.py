"""What documents in XML and HTML have in common: safe parsing, and tables whose cells span rows and columns."""

import zipfile
from pathlib import Path

from lxml import etree

from final_accounts.ingest.document.pages import Cell, Grid, Refused
from final_accounts.ingest.files.workbook import check_archive

MOST_CELLS = 500_000


def part_of(path: Path, name: str, kind: str) -> etree._Element:
    """A part of an archive as XML; nothing outside of it is looked up, and no entity is expanded."""
    check_archive(path.read_bytes(), name, kind)
    with zipfile.ZipFile(path) as archive:
        own = next(each for each in archive.namelist() if each.replace("\\", "/") == name)
        content = archive.read(own)
    return parsed(content, kind)


def parsed(content: bytes, kind: str) -> etree._Element:
    """XML as a tree; raises Refused where it is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused(f"the {kind} is damaged ({type(error).__name__})") from None


class GridBuilder:
    """Puts cells in the slots of a table, row by row, each as wide and as high as it says."""

    def __init__(self, page: int) -> None:
        self.page = page
        self._rows: list[dict[int, Cell]] = []
        self._row = -1
        self._cells = 0

    def next_row(self) -> None:
        """Begins a row, which cells of rows above may reach into."""
        self._row += 1
        self._reach(self._row)

    def _reach(self, row: int) -> dict[int, Cell]:
        while len(self._rows) <= row:
            self._rows.append({})
        return self._rows[row]

    def add(self, cell: Cell, width: int = 1, height: int = 1) -> None:
        """Puts a cell in the first free slots of the row."""
        width, height = max(1, min(width, 1000)), max(1, min(height, 5000))
        self._cells += width * height
        if self._cells > MOST_CELLS:
            raise Refused(f"a table of more than {MOST_CELLS:,} cells")
        row = self._rows[self._row]
        column = next(c for c in range(len(row) + 1) if c not in row)
        for r in range(self._row, self._row + height):
            own = self._reach(r)
            for c in range(column, column + width):
                own.setdefault(c, cell)

    def above(self, width: int) -> None:
        """Lets the cell above go on in the first free slots of the row."""
        row = self._rows[self._row]
        column = next(c for c in range(len(row) + 1) if c not in row)
        cell = self._rows[self._row - 1].get(column) if self._row else None
        self.add(cell or Cell("", self.page), width)

    def grid(self) -> Grid:
        """The table, as wide as its widest row; rows that only a span reaches into are none."""
        width = max((max(row, default=-1) + 1 for row in self._rows), default=0)
        rows = self._rows[: self._row + 1]
        return Grid(self.page, None, [[row.get(c) or Cell("", self.page) for c in range(width)] for row in rows])
