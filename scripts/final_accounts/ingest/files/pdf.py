"""Opens a PDF with a text layer: lines with their words, and ruled grids, page by page.

Nothing in the file is executed: scripts, links and attachments are not looked at; what notes and form fields show is
named and not read.
"""

import hashlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from final_accounts.ingest.document.pages import Document, Grid, Line, Page, Refused
from final_accounts.ingest.files.characters import UNSAID, characters_of, lines_of
from final_accounts.ingest.files.drawn import grid_of, rules_of, struck, tables_of
from final_accounts.ingest.files.ink import Ink
from final_accounts.ingest.files.unread import unread_notes, unread_pictures
from final_accounts.ingest.files.upright import quarter_turn, upright_copy
from final_accounts.ingest.scans import INSTALL, can_read

if TYPE_CHECKING:
    from final_accounts.ingest.scans.pictures import Pictures

# It complains of every font that has an odd description.
logging.getLogger("pdfminer").setLevel(logging.ERROR)

MOST_PAGES = 600
MOST_CHARACTERS_OF_A_PAGE = 60_000
MOST_RULES_OF_A_PAGE = 20_000
# Of a file whose text can be read, at most this part of its characters is not said by their fonts.
MOST_UNSAID = 0.3
ENCRYPTED = "the file is encrypted and asks for a password; expected a PDF that opens without one"
TOO_LARGE = "the file needs more memory or deeper nesting than a report does"


def read_pdf(path: Path) -> Document:
    """The pages of a PDF; raises Refused with the reason where there are none to read."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    pages, turned, pictures = _opened(path)
    if not pages:
        raise Refused("the file has no page")
    document = Document(path.name, "pdf", digest, pages, turned=turned)
    _refuse_without_text(document, has_pictures=bool(pictures))
    document.doubts += [doubt for page in pages for doubt in page.doubts]
    document.doubts += [
        f"page {number}: {count} characters of fonts that do not say which ones they draw were not read"
        for number, count in _unsaid(document).items()
    ]
    return document


def _opened(path: Path) -> tuple[list[Page], dict[int, int], "Pictures | None"]:
    """The pages, the quarters by which each is turned, and what reads those that are pictures; raises Refused."""
    try:
        with pdfplumber.open(path) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                raise Refused(f"{len(pdf.pages):,} pages; expected a report of at most {MOST_PAGES}")
            pictures = _pictures_of(path, pdf)
            turned = {page.page_number: quarter for page in pdf.pages if (quarter := quarter_turn(page))}
            turned |= pictures.turned() if pictures else {}
            pages = _read_pages(pdf, Ink(path, turned), pictures) if not turned else []
        if turned:
            if pictures:
                pictures.turn(turned)
            with pdfplumber.open(upright_copy(path, turned)) as pdf:
                pages = _read_pages(pdf, Ink(path, turned), pictures)
        return pages, turned, pictures
    except Refused:
        raise
    except PDFPasswordIncorrect:
        raise Refused(ENCRYPTED) from None
    except PdfminerException as error:
        raise Refused(_wrapped_reason(error)) from None
    except (MemoryError, RecursionError):
        raise Refused(TOO_LARGE) from None
    except Exception as error:  # pdfminer raises whatever it stumbles over
        raise Refused(_damaged(type(error).__name__)) from None


def _wrapped_reason(error: PdfminerException) -> str:
    """Why pdfminer cannot read the file: pdfplumber wraps whatever it meets."""
    if not error.args:
        return _damaged("unreadable")
    if isinstance(error.args[0], PDFPasswordIncorrect):
        return ENCRYPTED
    if isinstance(error.args[0], (MemoryError, RecursionError)):
        return TOO_LARGE
    return _damaged(type(error.args[0]).__name__)


def _unsaid(document: Document) -> dict[int, int]:
    """How many characters of each page are of fonts that do not say which ones they draw."""
    return {page.number: count for page in document.pages if (count := page.text.count(UNSAID))}


def _refuse_without_text(document: Document, *, has_pictures: bool) -> None:
    """Raises Refused where there is no text, or most of it cannot be known."""
    if document.characters < 20 * len(document.pages) and document.characters < 400:
        raise Refused(
            "no text layer, and its pages show none that can be read"
            if has_pictures
            else f"no text layer: its pages are pictures (a scan); {INSTALL}, or give a PDF whose text can be selected"
        )
    if sum(_unsaid(document).values()) > MOST_UNSAID * document.characters:
        raise Refused(
            "its fonts do not say which characters they draw, so that its text cannot be selected; "
            "expected a PDF whose text can be"
        )


def _damaged(what: str) -> str:
    return f"the file is damaged, or was not downloaded to its end ({what}); expected a PDF that opens"


def _pictures_of(path: Path, pdf: pdfplumber.PDF) -> "Pictures | None":
    """Those who can read pictures, where they are installed."""
    if not can_read():
        return None
    from final_accounts.ingest.scans.pictures import Pictures

    return Pictures(path, pdf)


def _read_pages(pdf: pdfplumber.PDF, ink: Ink, pictures: "Pictures | None") -> list[Page]:
    try:
        return [_read_page(page, ink, pictures) for page in pdf.pages]
    finally:
        ink.close()
        if pictures:
            pictures.close()


def _read_page(page: pdfplumber.page.Page, ink: Ink, pictures: "Pictures | None") -> Page:
    """One page, from its text or from its pictures, with the grids that its rules draw."""
    rules = rules_of(page)
    _refuse_crowded(page, rules)
    width, height = float(page.width), float(page.height)
    is_picture = pictures is not None and page.page_number in pictures.numbers
    chars, marks = ([], []) if is_picture else characters_of(page, rules, ink)
    corner = (float(page.cropbox[0]), float(page.cropbox[1]))
    result = Page(page.page_number, [], width, height, marks, corner)
    result.pictures = [] if is_picture else unread_pictures(page, chars)
    if pictures and (is_picture or result.pictures):
        said = pictures.read(page, result.pictures or None)
        chars, rules = chars + said.chars, (said.rules if is_picture else rules + said.rules)
        result.seen, result.pictures = said.seen, []
        result.read_as = "picture" if is_picture else "text"
    result.marks += struck(chars, rules)
    result.doubts += unread_notes(page)
    result.parts = _parts_of(page, chars, rules)
    if is_picture:
        pictures.mend(result.parts)
    page.close()
    return result


def _refuse_crowded(page: pdfplumber.page.Page, rules: list[dict]) -> None:
    """Refuses a page that holds more than a printed one does."""
    if len(page.chars) > MOST_CHARACTERS_OF_A_PAGE:
        raise Refused(f"page {page.page_number} has {len(page.chars):,} characters, more than a printed page holds")
    if len(rules) > MOST_RULES_OF_A_PAGE:
        raise Refused(f"page {page.page_number} has {len(rules):,} rules, more than a printed page holds")


def _parts_of(page: pdfplumber.page.Page, chars: list[dict], rules: list[dict]) -> list[Grid | Line]:
    """The grids of a page, and the lines of what stands in none of them, from the top to the bottom."""
    used: set[int] = set()
    grids = [grid_of(table, chars, used, page.page_number, rules) for table in tables_of(page, rules)]
    rest = [c for number, c in enumerate(chars) if number not in used]
    return sorted([*filter(None, grids), *lines_of(rest, page.page_number)], key=lambda part: part.box.top)
