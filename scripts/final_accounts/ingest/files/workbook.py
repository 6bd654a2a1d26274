"""Opens a workbook (.xlsx) as departments attach it: one page a sheet, merged cells as drawn, values as shown.

Formulas are not evaluated; what the program that saved the file computed is taken as printed. A workbook that unpacks
to more than a report can need is refused before it is opened.
"""

import hashlib
import zipfile
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.utils.exceptions import InvalidFileException

from final_accounts.ingest.document import Cell, Document, Grid, Page, Refused, plain

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
            [Cell(_shown(cell), number) for cell in row]
            for row in sheet.iter_rows(1, sheet.max_row, 1, sheet.max_column)
        ]
        for area in sheet.merged_cells.ranges:
            if area.max_row <= len(slots) and area.max_col <= len(slots[0]):
                first = slots[area.min_row - 1][area.min_col - 1]
                for row in range(area.min_row - 1, area.max_row):
                    for column in range(area.min_col - 1, area.max_col):
                        slots[row][column] = first
        pages.append(Page(number, [Grid(number, None, slots)]))
    return Document(path.name, "xlsx", digest, pages, pages_known=True)


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


def _shown(cell: SheetCell) -> str:
    """The text that the sheet shows: numbers with the decimals of their format."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool | str):
        return plain(str(value)).strip("\n")
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        number_format = cell.number_format or "General"
        places = number_format.split(";")[0].partition(".")[2]
        count = len(places) - len(places.lstrip("0"))
        if "." in number_format.split(";")[0]:
            text = f"{round(number, count):,.{count}f}" if "," in number_format else f"{round(number, count):.{count}f}"
            return text
        if number_format not in ("General", "@") and number == number.to_integral_value():
            return f"{number:,.0f}" if "," in number_format else f"{number:.0f}"
        return f"{number.normalize():f}"
    return plain(str(value))
