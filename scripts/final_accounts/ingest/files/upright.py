"""Pages that are set sideways, turned so that their text is upright, as they are read and shown."""

import io
import json
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


def turned_in(path: Path) -> Path:
    """Where it is kept by how many degrees the pages of a kept file were turned, if any were."""
    return path.with_suffix(".turned.json")


def turns_of(path: Path) -> dict[int, int]:
    """By how many degrees pages of a kept file were turned when it was read."""
    kept = turned_in(path)
    return {int(page): quarter for page, quarter in json.loads(kept.read_bytes()).items()} if kept.is_file() else {}


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
