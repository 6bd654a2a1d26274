"""Opens a workbook of before 2007 (.xls) or of WPS (.et): one page a sheet, merged cells as drawn, values as shown."""

import hashlib
import re
from pathlib import Path

import xlrd

from final_accounts.ingest.document.pages import Cell, Document, Refused, plain
from final_accounts.ingest.files.ink import CONTRAST, STRUCK, UNSEEN
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
from final_accounts.ingest.files.workbook import shown_number

# xlrd counts the width of a column in 256ths of a character and the height of a row in twentieths of a point.
NO_WIDTH, NO_HEIGHT = 128, 10
_ERRORS = dict(xlrd.error_text_from_code)


def read_old_workbook(path: Path) -> Document:
    """The sheets of a workbook; raises Refused with the reason."""
    content = path.read_bytes()
    try:
        with open("/dev/null", "w") as silent:  # noqa: PTH123 - xlrd writes its complaints there
            book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=silent)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise Refused("a password is needed to open it; expected a workbook that opens without one") from None
        raise Refused(f"the workbook is damaged ({plain(str(error))[:80]})") from None
    except Exception as error:  # the records may be anything
        raise Refused(f"the workbook is damaged ({type(error).__name__})") from None
    if book.nsheets > MOST_SHEETS:
        raise Refused(f"{book.nsheets} sheets; expected at most {MOST_SHEETS}")
    document = Document(path.name, "xlsx", hashlib.sha256(content).hexdigest(), [])
    for number, sheet in enumerate((s for s in book.sheets() if s.visibility == 0), 1):
        slots, points = seen(_slots(book, sheet, number), *_hidden(sheet), number, sheet.name)
        document.pages.append(page_of(slots, number))
        document.doubts += points
    return document


def _slots(book: xlrd.Book, sheet: xlrd.sheet.Sheet, number: int) -> Slots:
    filled = [(r, c) for r in range(sheet.nrows) for c in range(sheet.row_len(r)) if sheet.cell_value(r, c) != ""]
    rows, columns = (max((place[n] + 1 for place in filled), default=0) for n in (0, 1))
    check_size(number, rows, columns)
    slots: Slots = [
        [_cell(book, sheet, r, c, number) if c < sheet.row_len(r) else Cell("", number) for c in range(columns)]
        for r in range(rows)
    ]
    for first_row, end_row, first_column, end_column in sheet.merged_cells:
        merge(slots, first_row, end_row - 1, first_column, end_column - 1)
    return slots


def _cell(book: xlrd.Book, sheet: xlrd.sheet.Sheet, row: int, column: int, number: int) -> Cell:
    """A cell with its text as it is shown."""
    text, doubt = _shown(book, sheet, row, column)
    scale = None
    if sheet.cell_type(row, column) == xlrd.XL_CELL_NUMBER:
        text, scale = scaled(text, sheet.cell_value(row, column))
    return Cell(text, number, None, doubt, scale=scale)


def _shown(book: xlrd.Book, sheet: xlrd.sheet.Sheet, row: int, column: int) -> tuple[str, str | None]:
    """Text and doubt of a cell."""
    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    style = book.xf_list[sheet.cell_xf_index(row, column)]
    doubt = None
    if kind == xlrd.XL_CELL_NUMBER:
        whole = int(value) if value == int(value) else value
        text, doubt = shown_number(whole, book.format_map[style.format_key].format_str)
    elif kind == xlrd.XL_CELL_DATE:
        year, month, day, *_ = xlrd.xldate_as_tuple(value, book.datemode)
        text = f"{year}年{month}月{day}日"
    elif kind == xlrd.XL_CELL_ERROR:
        text = _ERRORS.get(value, "#")
    elif kind == xlrd.XL_CELL_BOOLEAN:
        text = str(bool(value))
    else:
        text, doubt = without_marked(_parts(book, sheet, row, column, str(value)))
    if doubt is None and re.search(r"\d", text):
        doubt = _unseen(book, style)
    return text, doubt


def _parts(book: xlrd.Book, sheet: xlrd.sheet.Sheet, row: int, column: int, text: str) -> list[tuple[str, bool, bool]]:
    """The runs of a text that are set in different fonts."""
    runs = sheet.rich_text_runlist_map.get((row, column), [])
    starts = [0, *(start for start, _ in runs), len(text)]
    fonts = [None, *(book.font_list[font] for _, font in runs)]
    return [
        (text[start:end], bool(font and font.struck_out), bool(font and font.escapement == 1))
        for start, end, font in zip(starts, starts[1:], fonts, strict=False)
    ]


def _unseen(book: xlrd.Book, style: xlrd.formatting.XF) -> str | None:
    font = book.font_list[style.font_index]
    if font.struck_out:
        return STRUCK
    ink = book.colour_map.get(font.colour_index) or (0, 0, 0)
    paper = (255, 255, 255)
    if style.background.fill_pattern == 1:
        paper = book.colour_map.get(style.background.pattern_colour_index) or paper
    brightness = [0.299 * red + 0.587 * green + 0.114 * blue for red, green, blue in (ink, paper)]
    return UNSEEN if abs(brightness[0] - brightness[1]) < CONTRAST else None


def _hidden(sheet: xlrd.sheet.Sheet) -> tuple[set[int], set[int]]:
    rows = {r for r, row in sheet.rowinfo_map.items() if row.hidden or 0 <= (row.height or 255) < NO_HEIGHT}
    return rows, {c for c, column in sheet.colinfo_map.items() if column.hidden or column.width < NO_WIDTH}
