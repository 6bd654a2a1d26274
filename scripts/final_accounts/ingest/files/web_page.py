"""Opens a web page (.html, .mht) as it was saved: its text as lines, its tables as drawn; no script is run."""

import hashlib
import re
from pathlib import Path

from lxml import etree, html

from final_accounts.ingest.document.pages import Cell, Document, Line, Page, Refused
from final_accounts.ingest.files.ink import UNSEEN
from final_accounts.ingest.files.markup import GridBuilder
from final_accounts.ingest.files.sheets import without_marked

_BLOCKS = {
    "p",
    "div",
    "br",
    "tr",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "title",
    "dd",
    "dt",
    "hr",
}
_NO_TEXT = {"script", "style", "noscript", "template", "head", "select", "button", "iframe", "svg", "textarea"}
_STRUCK = {"del", "s", "strike"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_WHITE = re.compile(r"(?<![-\w])color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgb\(\s*255\s*,\s*255\s*,\s*255)", re.I)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([-\w]+)", re.I)
_SPACE = re.compile(r"[ \t\r\n\f]+")


def read_web_page(path: Path, content: bytes, charset: str | None = None) -> Document:
    """The text and the tables of a page; raises Refused with the reason."""
    try:
        root = html.document_fromstring(_decoded(content, charset), parser=html.HTMLParser(no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise Refused(f"the HTML page is damaged ({type(error).__name__})") from None
    document = Document(path.name, "html", hashlib.sha256(path.read_bytes()).hexdigest(), [Page(1)], False)
    reader = _Reader(document.pages[0])
    reader.read(root)
    reader.end_line()
    text = "".join(
        part.text if isinstance(part, Line) else "".join(c.text for row in part.slots for c in row if c)
        for part in document.parts()
    )
    if "决算" not in text:
        raise Refused("this is an HTML page, and no final accounts report: the word 决算 does not occur in it")
    return document


def _decoded(content: bytes, charset: str | None) -> str:
    declared = _CHARSET.search(content[:4096])
    names = [charset, declared.group(1).decode("ascii") if declared else None, "utf-8", "gb18030"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        names.insert(0, "utf-16")
    for name in filter(None, names):
        try:
            # gb2312 and gbk are parts of it, and pages say the one and have the other
            wide = "gb18030" if name.lower() in ("gb2312", "gbk", "x-gbk") else name
            text = content.decode("utf-8-sig" if wide.lower() in ("utf-8", "utf8") else wide)
        except (UnicodeDecodeError, LookupError):
            continue
        # a declaration inside is of bytes, and these are characters
        return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    raise Refused("the HTML page is in no character set that is known")


class _Reader:
    """Goes through a page from its begin to its end."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._text = ""

    def read(self, element: etree._Element) -> None:
        if not isinstance(element.tag, str) or element.tag in _NO_TEXT or _is_hidden(element):
            self._text += element.tail or ""
            return
        is_grid = element.tag == "table" and element.find(".//table") is None
        if element.tag in _BLOCKS or element.tag == "table":
            self.end_line()
        if is_grid:
            self._table(element)
        else:
            self._text += element.text or ""
            for child in element:
                self.read(child)
            if element.tag in ("td", "th"):
                self._text += " "
            if element.tag in _BLOCKS:
                self.end_line()
        self._text += element.tail or ""

    def end_line(self) -> None:
        """What was read since the last line is one."""
        text, _ = without_marked([(_SPACE.sub(" ", self._text).strip(), False, False)])
        if text.strip():
            self._page.parts.append(Line(text, self._page.number))
        self._text = ""

    def _table(self, element: etree._Element) -> None:
        caption = element.find("caption")
        if caption is not None:
            self._text = "".join(caption.itertext())
            self.end_line()
        builder = GridBuilder(self._page.number)
        for row in element.iter("tr"):
            if _is_hidden(row):
                continue
            builder.next_row()
            for cell in row:
                if cell.tag in ("td", "th") and not _is_hidden(cell):
                    builder.add(_cell(cell, self._page.number), _span(cell, "colspan"), _span(cell, "rowspan"))
        grid = builder.grid()
        if grid.slots and grid.width:
            self._page.parts.append(grid)


def _span(cell: etree._Element, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    return int(text) if text.isdigit() else 1


def _cell(element: etree._Element, page: int) -> Cell:
    text, doubt = without_marked(_parts(element, False, False))
    text = "\n".join(_SPACE.sub(" ", line).strip() for line in text.split("\n"))
    is_white = bool(re.search(r"\d", text)) and any(
        _WHITE.search(e.get("style") or "") for e in element.iter(etree.Element)
    )
    has_ground = any("background" in (e.get("style") or "") or e.get("bgcolor") for e in (element, element.getparent()))
    return Cell(text.strip(), page, None, doubt or (UNSEEN if is_white and not has_ground else None))


def _parts(element: etree._Element, is_struck: bool, is_raised: bool) -> list[tuple[str, bool, bool]]:
    """The text of a cell piece by piece, and whether each is struck out or raised."""
    found: list[tuple[str, bool, bool]] = []
    if isinstance(element.tag, str) and element.tag not in _NO_TEXT and not _is_hidden(element):
        is_struck |= element.tag in _STRUCK or "line-through" in (element.get("style") or "")
        is_raised |= element.tag == "sup"
        if element.tag in ("br", "p", "div"):
            found.append(("\n", False, False))
        found.append((_SPACE.sub(" ", element.text or ""), is_struck, is_raised))
        for child in element:
            found += _parts(child, is_struck, is_raised)
            found.append((_SPACE.sub(" ", child.tail or ""), is_struck, is_raised))
    return found


def _is_hidden(element: etree._Element) -> bool:
    return bool(_HIDDEN.search(element.get("style") or "")) or element.get("hidden") is not None
