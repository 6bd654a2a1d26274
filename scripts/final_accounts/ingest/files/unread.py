"""What a page of a PDF shows and its text has not: pictures, free-text notes, and form fields that are filled in.

Each viewer draws notes and fields in its own way, so they are not read, but named.
"""

from collections.abc import Iterator

import pdfplumber
from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSLiteral
from pdfminer.utils import decode_text

from final_accounts.ingest.document.pages import Box

# The part of a page that a table takes at least, and how many characters are too few for its text.
LARGE, FEW = 0.1, 5
# Bits of the flags of a note that nobody sees: hidden, and not for the screen.
HIDDEN = 0b100010
# How many of the texts are named, and how deep fields stand in each other at most.
NAMED, DEPTH = 3, 8


def unread_pictures(page: pdfplumber.page.Page, chars: list[dict]) -> list[Box]:
    """Pictures that are as large as a table may be, and have no text on them, as a page that was scanned has."""
    whole = float(page.width) * float(page.height)
    pictures = [Box(*(float(image[name]) for name in ("x0", "top", "x1", "bottom"))) for image in page.images]
    return [
        box
        for box in pictures
        if (box.x1 - box.x0) * (box.bottom - box.top) > LARGE * whole
        and sum(box.x0 <= c["x0"] <= box.x1 and box.top <= c["baseline"] <= box.bottom for c in chars) < FEW
    ]


def unread_notes(page: pdfplumber.page.Page) -> list[str]:
    """A sentence about what is shown over a page, where anything is."""
    texts = list(_shown(page))
    if not texts:
        return []
    named = ", ".join(f"«{text[:40]}»" for text in texts[:NAMED]) + (", …" if len(texts) > NAMED else "")
    return [f"page {page.page_number} shows notes or form fields, which were not read: {named}"]


def _shown(page: pdfplumber.page.Page) -> Iterator[str]:
    notes = resolve1(page.page_obj.annots)
    for note in map(resolve1, notes if isinstance(notes, list) else []):
        if not isinstance(note, dict):
            continue
        flags, kind = resolve1(note.get("F")), resolve1(note.get("Subtype"))
        name = kind.name if isinstance(kind, PSLiteral) else ""
        text = {"FreeText": lambda own: resolve1(own.get("Contents")), "Widget": _value}.get(name, lambda _: None)(note)
        if isinstance(text, bytes) and not (isinstance(flags, int) and flags & HIDDEN):
            shown = decode_text(text).strip()
            if shown:
                yield shown


def _value(field: dict) -> object:
    """What is filled in: of a field, or of the one that it is a part of."""
    for _ in range(DEPTH):
        if "V" in field:
            return resolve1(field["V"])
        field = resolve1(field.get("Parent"))
        if not isinstance(field, dict):
            return None
    return None
