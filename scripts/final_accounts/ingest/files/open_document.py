"""Opens a workbook or a text of LibreOffice and others (.ods, .odt): what they show stands in the file as text."""

import hashlib
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from lxml import etree

from final_accounts.ingest.document.pages import Cell, Document, Grid, Line, Page, Refused
from final_accounts.ingest.files.ink import CONTRAST, STRUCK, UNSEEN
from final_accounts.ingest.files.markup import GridBuilder, part_of
from final_accounts.ingest.files.sheets import (
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    check_size,
    page_of,
    scaled,
    seen,
    without_marked,
)

_SPACES = "urn:oasis:names:tc:opendocument:xmlns:"
TABLE, TEXT, STYLE, OFFICE = (f"{{{_SPACES}{name}:1.0}}" for name in ("table", "text", "style", "office"))
FO = f"{{{_SPACES}xsl-fo-compatible:1.0}}"
_NO_TEXT = (f"{TEXT}note", f"{TEXT}tracked-changes", f"{OFFICE}annotation", f"{TEXT}ruby-text")


def read_open_document(path: Path) -> Document:
    """The sheets of a workbook, or the pages of a text; raises Refused with the reason."""
    root = part_of(path, "content.xml", "document")
    body = root.find(f"{OFFICE}body")
    styles = _Styles(root)
    document = Document(path.name, "", hashlib.sha256(path.read_bytes()).hexdigest(), [], False)
    if body is not None and (workbook := body.find(f"{OFFICE}spreadsheet")) is not None:
        document.kind, document.pages_known = "xlsx", True
        _read_sheets(workbook, styles, document)
    elif body is not None and (text := body.find(f"{OFFICE}text")) is not None:
        document.kind = "docx"
        document.pages.append(Page(1))
        _read_text(text, styles, document.pages[0])
    else:
        raise Refused("an OpenDocument file that is neither text nor workbook; expected it saved as PDF")
    return document


class _Styles:
    """How cells are set, by the name of their style."""

    def __init__(self, root: etree._Element) -> None:
        self._styles = {style.get(f"{STYLE}name", ""): style for style in root.iter(f"{STYLE}style")}

    def _first(self, name: str, kind: str, attribute: str) -> str:
        style = self._styles.get(name)
        for _ in range(10):
            if style is None:
                break
            properties = style.find(f"{STYLE}{kind}-properties")
            if properties is not None and (value := properties.get(attribute)):
                return value
            style = self._styles.get(style.get(f"{STYLE}parent-style-name", ""))
        return ""

    def is_struck(self, name: str) -> bool:
        """Whether a line runs through the text."""
        return self._first(name, "text", f"{STYLE}text-line-through-style") not in ("", "none")

    def is_raised(self, name: str) -> bool:
        """Whether the text is set above the line."""
        position = self._first(name, "text", f"{STYLE}text-position")
        return position.startswith("super") or bool(re.match(r"[1-9]\d*%", position))

    def doubt(self, name: str) -> str | None:
        """Why nobody, or not validly, sees what stands in a cell of this style."""
        if self.is_struck(name):
            return STRUCK
        ink = _brightness(self._first(name, "text", f"{FO}color"), 0.0)
        paper = _brightness(self._first(name, "table-cell", f"{FO}background-color"), 255.0)
        return UNSEEN if abs(ink - paper) < CONTRAST else None

    def is_narrow(self, name: str) -> bool:
        """Whether a column or row of this style has no size."""
        size = self._first(name, "table-column", f"{STYLE}column-width") or self._first(
            name, "table-row", f"{STYLE}row-height"
        )
        return bool(re.match(r"0(?:\.0\d*)?[a-z]", size))


def _brightness(colour: str, default: float) -> float:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", colour):
        return default
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _read_sheets(workbook: etree._Element, styles: _Styles, document: Document) -> None:
    sheets = workbook.findall(f"{TABLE}table")
    if len(sheets) > MOST_SHEETS:
        raise Refused(f"{len(sheets)} sheets; expected at most {MOST_SHEETS}")
    shown = (sheet for sheet in sheets if not _is_hidden_sheet(sheet, workbook))
    for number, sheet in enumerate(shown, 1):
        title = sheet.get(f"{TABLE}name", "")
        grid, rows = _grid(sheet, styles, number)
        slots, points = seen(grid.slots, rows, _hidden_columns(sheet, styles), number, title)
        document.pages.append(page_of(slots, number))
        document.doubts += points
        bare = sum(1 for cell in sheet.iter(f"{TABLE}table-cell") if cell.get(f"{TABLE}formula") and not _texts(cell))
        if bare:
            document.doubts.append(
                f"{bare} cells of sheet «{title}» hold formulas without values: "
                "open and save the workbook in a spreadsheet program, and read it again"
            )


def _texts(cell: etree._Element) -> list[etree._Element]:
    return cell.findall(f"{TEXT}p")


def _is_hidden_sheet(sheet: etree._Element, workbook: etree._Element) -> bool:
    name = sheet.get(f"{TABLE}style-name")
    for style in workbook.getroottree().iter(f"{STYLE}style"):
        if style.get(f"{STYLE}name") == name:
            properties = style.find(f"{STYLE}table-properties")
            return properties is not None and properties.get(f"{TABLE}display") == "false"
    return False


def _hidden_columns(sheet: etree._Element, styles: _Styles) -> set[int]:
    hidden: set[int] = set()
    at = 0
    for column in sheet.iter(f"{TABLE}table-column"):
        count = _count(column, "number-columns-repeated")
        if _is_hidden(column, styles):
            hidden |= set(range(at, min(at + count, MOST_COLUMNS)))
        at += count
    return hidden


def _is_hidden(element: etree._Element, styles: _Styles) -> bool:
    is_collapsed = element.get(f"{TABLE}visibility", "visible") != "visible"
    return is_collapsed or styles.is_narrow(element.get(f"{TABLE}style-name", ""))


def _count(element: etree._Element, name: str) -> int:
    text = element.get(f"{TABLE}{name}", "1")
    return int(text) if text.isdigit() else 1


def _grid(table: etree._Element, styles: _Styles, number: int) -> tuple[Grid, set[int]]:
    """A table as drawn, and its rows that are hidden; what is repeated and empty at the end is left out."""
    builder = GridBuilder(number)
    hidden: set[int] = set()
    at, waiting = 0, 0
    for row in table.iter(f"{TABLE}table-row"):
        count = _count(row, "number-rows-repeated")
        if not any(_texts(cell) for cell in row.iter(f"{TABLE}table-cell")):
            waiting += count
            continue
        check_size(number, at + waiting + count, 0)
        for _ in range(waiting):
            builder.next_row()
        at, waiting = at + waiting, 0
        for _ in range(count):
            builder.next_row()
            _add_cells(builder, row, styles, number)
            if _is_hidden(row, styles):
                hidden.add(at)
            at += 1
    return builder.grid(), hidden


def _add_cells(builder: GridBuilder, row: etree._Element, styles: _Styles, number: int) -> None:
    cells = [cell for cell in row if cell.tag in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")]
    while cells and not _texts(cells[-1]) and not cells[-1].get(f"{TABLE}number-columns-spanned"):
        cells.pop()
    column = 0
    for cell in cells:
        count = _count(cell, "number-columns-repeated")
        check_size(number, 0, column + count)
        column += count
        if cell.tag == f"{TABLE}covered-table-cell":
            # the cell that covers it stands in its slot, unless it is the rest of a row above
            continue
        width, height = _count(cell, "number-columns-spanned"), _count(cell, "number-rows-spanned")
        for _ in range(count):
            builder.add(_cell(cell, styles, number), width, min(height, MOST_ROWS))


def _cell(cell: etree._Element, styles: _Styles, number: int) -> Cell:
    parts: list[tuple[str, bool, bool]] = []
    for paragraph in _texts(cell):
        if parts:
            parts.append(("\n", False, False))
        parts += _parts(paragraph, styles, False, False)
    text, doubt = without_marked(parts)
    if doubt is None and re.search(r"\d", text):
        doubt = styles.doubt(cell.get(f"{TABLE}style-name", ""))
    value = cell.get(f"{OFFICE}value", "")
    is_number = cell.get(f"{OFFICE}value-type") == "float" and re.fullmatch(r"-?\d+(?:\.\d+)?", value)
    text, scale = scaled(text, Decimal(value)) if is_number else (text, None)
    return Cell(text, number, None, doubt, scale=scale)


def _parts(
    element: etree._Element, styles: _Styles, is_struck: bool, is_raised: bool
) -> Iterator[tuple[str, bool, bool]]:
    """The text of a paragraph piece by piece, and whether each is struck out or raised."""
    if element.tag in _NO_TEXT:
        return
    name = element.get(f"{TEXT}style-name", "") if element.tag == f"{TEXT}span" else ""
    is_struck, is_raised = is_struck or styles.is_struck(name), is_raised or styles.is_raised(name)
    if element.tag == f"{TEXT}s":
        yield " " * min(int(element.get(f"{TEXT}c", "1")), 100), is_struck, is_raised
    elif element.tag in (f"{TEXT}tab", f"{TEXT}line-break"):
        yield (" " if element.tag == f"{TEXT}tab" else "\n"), is_struck, is_raised
    yield element.text or "", is_struck, is_raised
    for child in element:
        yield from _parts(child, styles, is_struck, is_raised)
        yield child.tail or "", is_struck, is_raised


def _read_text(parent: etree._Element, styles: _Styles, page: Page) -> None:
    for element in parent:
        if element.tag in (f"{TEXT}p", f"{TEXT}h"):
            text, _ = without_marked(_parts(element, styles, False, False))
            page.parts += [Line(line, page.number) for line in text.split("\n") if line.strip()]
        elif element.tag == f"{TABLE}table":
            page.parts.append(_grid(element, styles, page.number)[0])
        elif element.tag not in _NO_TEXT:
            _read_text(element, styles, page)
