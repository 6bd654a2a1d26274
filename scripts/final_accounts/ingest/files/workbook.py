"""Opens a workbook (.xlsx) as departments attach it: one page a sheet, merged cells as drawn, values as shown.

Formulas are not evaluated; what the program that saved the file computed is taken as printed. A workbook that unpacks
to more than a report can need is refused before it is opened.
"""

import hashlib
import re
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from final_accounts.ingest.document.pages import Cell, Document, Grid, Page, Refused, plain

MOST_UNPACKED = 60_000_000
MOST_RATIO = 200
MOST_PARTS = 2_000
MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 5_000, 100, 100


def read_workbook(path: Path) -> Document:
    """The sheets of a workbook; raises Refused with the reason."""
    _check_archive(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        workbook = load_workbook(path, data_only=True, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile, TypeError, AttributeError) as error:
        raise Refused(f"the workbook is damaged ({type(error).__name__})") from None
    except Exception as error:  # the XML below may be anything
        raise Refused(f"the workbook is damaged ({type(error).__name__})") from None
    if len(workbook.worksheets) > MOST_SHEETS:
        raise Refused(f"{len(workbook.worksheets)} sheets; expected at most {MOST_SHEETS}")
    pages = []
    for number, sheet in enumerate((s for s in workbook.worksheets if s.sheet_state == "visible"), 1):
        if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
            raise Refused(
                f"sheet {number} has {sheet.max_row:,} rows and {sheet.max_column:,} columns; "
                f"expected at most {MOST_ROWS:,} and {MOST_COLUMNS}"
            )
        slots: list[list[Cell | None]] = [
            [Cell(text, number, None, doubt) for text, doubt in map(shown, row)]
            for row in sheet.iter_rows(1, sheet.max_row, 1, sheet.max_column)
        ]
        for area in sheet.merged_cells.ranges:
            if area.max_row <= len(slots) and area.max_col <= len(slots[0]):
                first = slots[area.min_row - 1][area.min_col - 1]
                for row in range(area.min_row - 1, area.max_row):
                    for column in range(area.min_col - 1, area.max_col):
                        slots[row][column] = first
        pages.append(Page(number, [Grid(number, None, _seen(sheet, slots))]))
    return Document(path.name, "xlsx", digest, pages, pages_known=True)


def _seen(sheet: Worksheet, slots: list[list[Cell | None]]) -> list[list[Cell | None]]:
    """The cells without the rows and columns that are hidden."""
    rows = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    columns = {
        number
        for column in sheet.column_dimensions.values()
        if column.hidden and column.min
        for number in range(column.min, column.max + 1)
    }
    return [
        [cell for c, cell in enumerate(row, 1) if c not in columns] for r, row in enumerate(slots, 1) if r not in rows
    ]


def _check_archive(path: Path) -> None:
    """Refuses an archive that unpacks to far more than it is, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise Refused("the file is damaged: it begins like a workbook and is none") from None
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or (unpacked > 5_000_000 and unpacked / packed > MOST_RATIO):
        raise Refused(
            f"it unpacks to {unpacked:,} bytes from {packed:,} in {len(parts):,} parts, "
            "far more than the workbook of a report"
        )
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise Refused("an archive that is no workbook; expected .xlsx")


# What a number format adds to the figure: literals, spaces, fillings, colours and conditions.
_AROUND = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|[()\s+$¥￥-]')
_FIGURE = re.compile(r"([#0?,]*[#0?])(?:\.([0#?]+))?")


def shown(cell: SheetCell) -> tuple[str, str | None]:
    """The text that the sheet shows, numbers with the decimals of their format; and why it may show another one."""
    value = cell.value
    if value is None:
        return "", None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return plain(str(value)).strip("\n"), None
    number = Decimal(repr(value))
    number_format = cell.number_format or "General"
    sections = number_format.split(";")
    if number == 0 and len(sections) > 2 and "0" not in sections[2]:
        # a dash for zero, or nothing
        return "-" if "-" in sections[2] else "", None
    if number_format == "@" or "General" in number_format:
        return f"{number.normalize():f}", None
    match = _FIGURE.fullmatch(_bare(sections[0]))
    if match is None:
        return f"{number:f}", f"the sheet shows it in the format {number_format}, which may be another figure"
    places = len(match.group(2) or "")
    # as Excel rounds
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:,.{places}f}" if "," in match.group(1) else f"{rounded:.{places}f}", None


def _bare(section: str) -> str:
    """A section of a number format without what stands around the figure."""
    return _AROUND.sub("", section)
