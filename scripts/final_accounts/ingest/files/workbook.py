"""Opens a workbook (.xlsx, .xlsm) as departments attach it: one page a sheet, merged cells as drawn, values as shown.

Formulas are not evaluated; what the program that saved the file computed is taken as printed. A workbook that unpacks
to more than a report can need is refused before it is opened.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.worksheet.worksheet import Worksheet

from final_accounts.ingest.document.pages import Cell, Document, Refused, figure, plain
from final_accounts.ingest.files.ink import STRUCK, UNSEEN
from final_accounts.ingest.files.number_format import NoFigure, show
from final_accounts.ingest.files.sheet_colours import Colours
from final_accounts.ingest.files.sheets import (
    MOST_SHEETS,
    Slots,
    check_size,
    merge,
    page_of,
    scaled,
    seen,
    without_marked,
)

MOST_UNPACKED = 60_000_000
MOST_RATIO = 200
MOST_PARTS = 2_000
# Of a row or column, in points or characters: what is smaller shows nothing.
NO_WIDTH = 0.5

# Strict Open XML has the same parts under other names of their vocabularies.
_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = (
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)


def read_workbook(path: Path) -> Document:
    """The sheets of a workbook; raises Refused with the reason."""
    content = path.read_bytes()
    file = _usual(check_archive(content, "xl/workbook.xml", "workbook"))
    try:
        workbook = load_workbook(file, data_only=True, keep_links=False, rich_text=True)
    except Exception as error:  # the XML below may be anything
        raise Refused(f"the workbook is damaged ({type(error).__name__})") from None
    if len(workbook.worksheets) > MOST_SHEETS:
        raise Refused(f"{len(workbook.worksheets)} sheets; expected at most {MOST_SHEETS}")
    visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    document = Document(path.name, "xlsx", hashlib.sha256(content).hexdigest(), [], pages_known=True)
    colours = Colours(workbook)
    for number, sheet in enumerate(visible, 1):
        slots, points = seen(_slots(sheet, number, colours), *_hidden(sheet), number, sheet.title)
        document.pages.append(page_of(slots, number))
        document.doubts += points
    document.doubts += _without_values(file, workbook)
    return document


def _slots(sheet: Worksheet, number: int, colours: Colours) -> Slots:
    """The cells as far as there is something in them: cells that are only formatted hold nothing."""
    filled = [place for place, cell in sheet._cells.items() if cell.value is not None]
    last_row, last_column = (max((place[n] for place in filled), default=0) for n in (0, 1))
    check_size(number, last_row, last_column)
    slots: Slots = [
        [_cell(cell, number, colours) for cell in row]
        for row in sheet.iter_rows(1, last_row, 1, last_column)
        if last_row
    ]
    for area in sheet.merged_cells.ranges:
        merge(slots, area.min_row - 1, area.max_row - 1, area.min_col - 1, area.max_col - 1)
    return slots


def _hidden(sheet: Worksheet) -> tuple[set[int], set[int]]:
    """Rows and columns that are hidden, or have no size, counted from 0."""
    rows = {
        number - 1
        for number, row in sheet.row_dimensions.items()
        if row.hidden or (row.height is not None and row.height < NO_WIDTH)
    }
    columns = {
        number - 1
        for column in sheet.column_dimensions.values()
        if (column.hidden or column.width < NO_WIDTH) and column.min
        for number in range(column.min, column.max + 1)
    }
    return rows, columns


def _without_values(file: io.BytesIO, values: Workbook) -> Iterator[str]:
    """Says of which sheets formulas have no value, because no program has computed them."""
    with zipfile.ZipFile(file) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        if not any(re.search(rb"<(?:\w+:)?f[ >/]", archive.read(name)) for name in sheets):
            return
    formulas = load_workbook(file, keep_links=False)
    for sheet in values.worksheets:
        if sheet.sheet_state == "visible":
            own = formulas[sheet.title]._cells
            count = sum(
                1
                for place, cell in own.items()
                if cell.data_type == "f" and getattr(sheet._cells.get(place), "value", None) is None
            )
            if count:
                yield (
                    f"{count} cells of sheet «{plain(sheet.title)}» hold formulas without values: "
                    "open and save the workbook in a spreadsheet program, and read it again"
                )


def check_archive(content: bytes, part: str, kind: str) -> bytes:
    """The archive itself; refuses one that unpacks to far more than it is, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise Refused(f"the file is damaged: it begins like a {kind} and is none") from None
    unpacked = sum(own.file_size for own in parts)
    packed = sum(own.compress_size for own in parts) or 1
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or (unpacked > 5_000_000 and unpacked / packed > MOST_RATIO):
        raise Refused(
            f"it unpacks to {unpacked:,} bytes from {packed:,} in {len(parts):,} parts, "
            f"far more than the {kind} of a report"
        )
    if not any(own.filename.replace("\\", "/") == part for own in parts):
        raise Refused(f"an archive that is no {kind}")
    return content


def _usual(content: bytes) -> io.BytesIO:
    """The archive with its parts as most programs write them: slashes in names, the vocabularies of 2006."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        is_usual = not any("\\" in name for name in names)
        if is_usual and not any(_STRICT in archive.read(name) for name in names if name.endswith("workbook.xml")):
            return io.BytesIO(content)
        usual = io.BytesIO()
        with zipfile.ZipFile(usual, "w") as copy:
            for name in names:
                part = archive.read(name)
                for strict, transitional in _TRANSITIONAL:
                    part = part.replace(strict, transitional)
                copy.writestr(name.replace("\\", "/"), part)
    usual.seek(0)
    return usual


def _cell(cell: SheetCell, number: int, colours: Colours) -> Cell:
    """A cell with its text as it is shown."""
    text, doubt = shown(cell, colours)
    if isinstance(cell.value, bool) or not isinstance(cell.value, int | float):
        return Cell(text, number, None, doubt)
    text, scale = scaled(text, cell.value)
    return Cell(text, number, None, doubt, scale=scale)


def shown(cell: SheetCell, colours: Colours | None = None) -> tuple[str, str | None]:
    """The text that the sheet shows, numbers as their format prints them; and why that may be another one."""
    value = cell.value
    if value is None:
        return "", None
    if isinstance(value, CellRichText):
        text, doubt = _marked(value)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        text, doubt = plain(str(value)).strip("\n"), None
    else:
        text, doubt = shown_number(value, cell.number_format or "General")
    if doubt is None and colours is not None and re.search(r"\d", text):
        doubt = STRUCK if cell.font.strike else UNSEEN if colours.are_alike(cell) else None
    return text, doubt


def shown_number(value: float, number_format: str) -> tuple[str, str | None]:
    """The text that a sheet shows of a number in a format, and why it may show another one."""
    try:
        text = show(value, number_format)
    except NoFigure:
        return (
            f"{value!r}",
            f"the sheet shows it in the format {number_format}, which may be another figure",
        )
    if not text and value and number_format.replace(";", "").strip() == "":
        return f"{value!r}", UNSEEN
    return figure(text), None


def _marked(value: CellRichText) -> tuple[str, str | None]:
    """A text whose parts are set in different ways."""
    fonts = [(str(part), part.font if isinstance(part, TextBlock) else None) for part in value]
    return without_marked(
        (text, bool(font and font.strike), bool(font and font.vertAlign == "superscript")) for text, font in fonts
    )
