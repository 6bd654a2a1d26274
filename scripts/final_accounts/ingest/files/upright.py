"""Pages that are set sideways, turned so that their text is upright, as they are read and shown."""

import io
from pathlib import Path

import pdfplumber
import pypdfium2


def quarter_turn(page: pdfplumber.page.Page) -> int:
    """By how many degrees a page must be turned for its text to be upright: tables are often set sideways."""
    sideways = [c for c in page.chars if not c["upright"]]
    if len(sideways) <= len(page.chars) / 2:
        return 0
    upwards = sum(1 for c in sideways if c["matrix"][1] > 0)
    return 90 if upwards > len(sideways) / 2 else 270


def upright(path: Path, turned: dict[int, int]) -> pypdfium2.PdfDocument:
    """A file with some of its pages turned, as they are read and shown."""
    document = pypdfium2.PdfDocument(path)
    for number, quarter in turned.items():
        page = document[number - 1]
        page.set_rotation((page.get_rotation() + quarter) % 360)
    return document


def upright_copy(path: Path, turned: dict[int, int]) -> io.BytesIO:
    """A copy of a file with some of its pages turned, in memory."""
    document = upright(path, turned)
    copy = io.BytesIO()
    document.save(copy)
    document.close()
    copy.seek(0)
    return copy
