"""Opens a document of Word (.docx): paragraphs as lines, tables as drawn; what is deleted or hidden is none of it."""

import hashlib
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from final_accounts.ingest.document.pages import Box, Cell, Document, Line, Page, Refused
from final_accounts.ingest.files.ink import UNSEEN
from final_accounts.ingest.files.markup import GridBuilder, parsed, part_of
from final_accounts.ingest.files.numbered_paragraphs import Numbering
from final_accounts.ingest.files.sheets import without_marked

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
VML = "{urn:schemas-microsoft-com:vml}"
# A point in the unit of drawings, and how large the picture of a table is at least, in points.
EMU = 12700
SMALLEST_TABLE = (200, 100)
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_OFF = ("0", "false", "off", "none")
# Marked as deleted, or moved away, by who reviewed it; the older form of what stands beside it.
_GONE = {f"{W}del", f"{W}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}


def read_word(path: Path) -> Document:
    """The pages of a document, as far as it says where they end; raises Refused with the reason."""
    root = part_of(path, "word/document.xml", "document")
    if root.nsmap.get("w", "").encode() == _STRICT:
        root = parsed(etree.tostring(root).replace(_STRICT, W[1:-1].encode()), "document")
    body = root.find(f"{W}body")
    if body is None:
        raise Refused("the document is damaged (it has no body)")
    with zipfile.ZipFile(path) as archive:
        names = {name.replace("\\", "/"): name for name in archive.namelist()}
        numbering = archive.read(names["word/numbering.xml"]) if "word/numbering.xml" in names else b""
    reader = _Reader(Numbering(parsed(numbering, "document") if numbering else None))
    reader.read(body)
    pages = [page for page in reader.pages if page.parts] or [Page(1)]
    is_paged = root.find(f".//{W}lastRenderedPageBreak") is not None
    document = Document(path.name, "docx", hashlib.sha256(path.read_bytes()).hexdigest(), pages, is_paged)
    document.doubts += reader.doubts
    return document


class _Reader:
    """Goes through the body of a document from its begin to its end."""

    def __init__(self, numbering: Numbering) -> None:
        self.pages = [Page(1)]
        self.doubts: list[str] = []
        self._numbering = numbering

    def read(self, parent: etree._Element) -> None:
        for element in parent:
            if element.tag == f"{W}p":
                self._paragraph(element)
            elif element.tag == f"{W}tbl":
                self._table(element)
            elif element.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
                self.read(element)

    def _paragraph(self, element: etree._Element) -> None:
        page = self.pages[-1].number
        text = self._numbering.label(element)
        for run_text, is_break, *_ in _runs(element):
            if is_break:
                self._line(text, page)
                text, page = "", self._next_page()
            text += run_text
        self._line(text, page)
        self.pages[-1].pictures += _pictures(element)
        for box in element.iter(f"{W}txbxContent"):
            if not any(above.tag in _GONE for above in box.iterancestors()):
                self.read(box)

    def _line(self, text: str, page: int) -> None:
        text, _ = without_marked([(text, False, False)])
        for line in text.split("\n"):
            if line.strip():
                self.pages[-1].parts.append(Line(re.sub(r"[ \t\u3000]+$", "", line), page))

    def _next_page(self) -> int:
        if self.pages[-1].parts:
            self.pages.append(Page(self.pages[-1].number + 1))
        return self.pages[-1].number

    def _table(self, element: etree._Element) -> None:
        page = self.pages[-1]
        builder = GridBuilder(page.number)
        turned = 0
        for row in _children(element, f"{W}tr"):
            if any(above.tag in (f"{W}del",) for above in row.iterfind(f"{W}trPr/{W}del")):
                continue
            builder.next_row()
            for _ in range(_number(row.find(f"{W}trPr/{W}gridBefore"), 0)):
                builder.add(Cell("", page.number))
            for cell in _children(row, f"{W}tc"):
                turned += sum(1 for _ in cell.iter(f"{W}lastRenderedPageBreak"))
                width = _number(cell.find(f"{W}tcPr/{W}gridSpan"), 1)
                merged = cell.find(f"{W}tcPr/{W}vMerge")
                if merged is not None and merged.get(f"{W}val", "continue") == "continue":
                    builder.above(width)
                else:
                    builder.add(self._cell(cell, page.number), width)
        page.parts.append(builder.grid())
        if turned:
            self._next_page()

    def _cell(self, element: etree._Element, page: int) -> Cell:
        parts: list[tuple[str, bool, bool]] = []
        is_unseen = False
        for paragraph in element.iter(f"{W}p"):
            if parts:
                parts.append(("\n", False, False))
            for text, is_break, is_struck, is_raised, is_white in _runs(paragraph):
                if not is_break:
                    parts.append((text, is_struck, is_raised))
                    is_unseen |= is_white and bool(re.search(r"\d", text))
        text, doubt = without_marked(parts)
        fill = element.find(f"{W}tcPr/{W}shd")
        is_dark = fill is not None and fill.get(f"{W}fill", "auto").lower() not in ("auto", "ffffff")
        return Cell(text, page, None, doubt or (UNSEEN if is_unseen and not is_dark else None))


def _pictures(paragraph: etree._Element) -> Iterator[Box]:
    """The pictures in a paragraph that are as large as a table; a document does not say where on the page they are."""
    for extent in paragraph.iter(f"{DRAWING}extent"):
        if any(True for _ in extent.getparent().iter(f"{BLIP}blip")):
            yield from _large(*(int(extent.get(name, "0")) / EMU for name in ("cx", "cy")))
    for shape in paragraph.iter(f"{VML}shape"):
        if shape.find(f"{VML}imagedata") is not None and not any(a.tag in _GONE for a in shape.iterancestors()):
            sizes = dict(re.findall(r"(width|height):([\d.]+)pt", shape.get("style", "")))
            yield from _large(float(sizes.get("width", 0)), float(sizes.get("height", 0)))


def _large(width: float, height: float) -> Iterator[Box]:
    if width >= SMALLEST_TABLE[0] and height >= SMALLEST_TABLE[1]:
        yield Box(0, 0, width, height)


def _children(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Rows and cells, also those inside of controls and insertions."""
    for element in parent:
        if element.tag == tag:
            yield element
        elif element.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from _children(element, tag)


def _runs(paragraph: etree._Element) -> Iterator[tuple[str, bool, bool, bool, bool]]:
    """The text of a paragraph run by run: whether a page ends before it, and whether it is struck, raised or white."""
    if _is_on(paragraph.find(f"{W}pPr/{W}pageBreakBefore")):
        yield "", True, False, False, False
    for run in _inside(paragraph, f"{W}r"):
        look = run.find(f"{W}rPr")
        if look is not None and _is_on(look.find(f"{W}vanish")):
            continue
        is_struck = look is not None and (_is_on(look.find(f"{W}strike")) or _is_on(look.find(f"{W}dstrike")))
        raised = look.find(f"{W}vertAlign") if look is not None else None
        is_raised = raised is not None and raised.get(f"{W}val") == "superscript"
        colour = look.find(f"{W}color") if look is not None else None
        is_white = colour is not None and colour.get(f"{W}val", "").upper() == "FFFFFF"
        for piece in run:
            is_page = piece.tag == f"{W}lastRenderedPageBreak" or (
                piece.tag == f"{W}br" and piece.get(f"{W}type") == "page"
            )
            yield _text_of(piece), is_page, is_struck, is_raised, is_white


def _inside(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Elements below one, but for those that are gone and those of paragraphs inside of it."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in _GONE and child.tag != f"{W}p":
            yield from _inside(child, tag)


def _text_of(piece: etree._Element) -> str:
    if piece.tag == f"{W}t":
        return piece.text or ""
    if piece.tag == f"{W}br":
        return "" if piece.get(f"{W}type") == "page" else "\n"
    return {f"{W}tab": " ", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}.get(piece.tag, "")


def _is_on(element: etree._Element | None) -> bool:
    return element is not None and element.get(f"{W}val", "true").lower() not in _OFF


def _number(element: etree._Element | None, default: int) -> int:
    text = element.get(f"{W}val", "") if element is not None else ""
    return int(text) if text.isdigit() else default
