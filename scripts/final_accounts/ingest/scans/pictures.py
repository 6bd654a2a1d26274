"""Which pages of a PDF are pictures, or have pictures among their text that are to be read, and how each is turned."""

from pathlib import Path

import numpy as np
import pdfplumber
import pypdfium2
from pypdfium2 import raw

from final_accounts.ingest.document.pages import Box, Grid, Line, Refused
from final_accounts.ingest.files.upright import upright
from final_accounts.ingest.limits import allow
from final_accounts.ingest.scans.engine import Eyes
from final_accounts.ingest.scans.geometry import RESOLUTION
from final_accounts.ingest.scans.page import Lettering, quarter_turn, read_picture
from final_accounts.ingest.scans.vocabulary import mend

# Fewer characters than this are no text of a page, such as the number that a scanner has put on it.
FEW = 20
# The part of a page that a picture covers which is the page.
MOST_OF_PAGE = 0.5
# The part of its characters that a font may not say, for its text to be read.
MOST_SILENT = 0.3
# Shapes of a page whose characters are drawn as such.
MANY_SHAPES = 300
# How much longer a file may take for each page that is looked at, and how large one is at most.
SECONDS_A_PAGE, MOST_PIXELS = 20, 40_000_000


def is_picture(page: pdfplumber.page.Page, drawn: pypdfium2.PdfPage) -> bool:
    """Whether a page must be looked at to be read: it has no text, or one that says nothing."""
    chars = [c for c in page.chars if c["text"].strip()]
    covered = sum(_part_of(page, image) for image in page.images)
    if len(chars) < FEW:
        return covered >= MOST_OF_PAGE or len(page.curves) >= MANY_SHAPES
    silent = sum(c["text"].startswith("(cid:") or _is_private(c["text"]) for c in chars)
    return silent > MOST_SILENT * len(chars) or (covered >= MOST_OF_PAGE and _is_invisible(drawn))


def _part_of(page: pdfplumber.page.Page, image: dict) -> float:
    whole = max(float(page.width) * float(page.height), 1.0)
    width = min(image["x1"], float(page.bbox[2])) - max(image["x0"], float(page.bbox[0]))
    height = min(image["bottom"], float(page.bbox[3])) - max(image["top"], float(page.bbox[1]))
    return max(width, 0.0) * max(height, 0.0) / whole


def _is_private(text: str) -> bool:
    return all("\ue000" <= character <= "\uf8ff" or character == "\ufffd" for character in text)


def _is_invisible(page: pypdfium2.PdfPage) -> bool:
    """Whether most of the text is not drawn: a scanner has put below its picture what it believes to be on it."""
    texts = page.get_objects(filter=(raw.FPDF_PAGEOBJ_TEXT,), max_depth=3)
    modes = [raw.FPDFTextObj_GetTextRenderMode(own.raw) for own in texts]
    return sum(mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE for mode in modes) > len(modes) / 2


class Pictures:
    """The pages of a PDF that are looked at: which they are, how they are turned, and what they say.

    Each is drawn when it is asked for, and the models are loaded for the first.
    """

    def __init__(self, path: Path, pdf: pdfplumber.PDF):
        self._path, self._drawn, self._eyes = path, pypdfium2.PdfDocument(path), None
        pages = [page for page in pdf.pages if is_picture(page, self._drawn[page.page_number - 1])]
        self.numbers = {page.page_number for page in pages}
        allow(SECONDS_A_PAGE * len(pages))

    def turned(self) -> dict[int, int]:
        """By how many degrees the pages that do not stand upright must be turned."""
        quarters = {number: quarter_turn(self._grey(number), self.eyes) for number in sorted(self.numbers)}
        return {number: quarter for number, quarter in quarters.items() if quarter}

    def turn(self, turned: dict[int, int]) -> None:
        """Draws the pages from now on as they are to be read."""
        self.close()
        self._drawn = upright(self._path, turned)

    def read(self, page: pdfplumber.page.Page, regions: list[Box] | None = None) -> Lettering:
        """What a page says, or what the pictures say that stand in regions of it."""
        if regions:
            allow(SECONDS_A_PAGE)
        picture = self._picture(page.page_number)
        return read_picture(picture, self.eyes, (float(page.cropbox[0]), float(page.cropbox[1])), regions)

    def mend(self, parts: list[Line | Grid]) -> None:
        """Mends the words of the forms on a page that was looked at."""
        mend(parts)

    def close(self) -> None:
        """Lets go of the file."""
        self._drawn.close()

    @property
    def eyes(self) -> Eyes:
        """The models, loaded once."""
        if self._eyes is None:
            self._eyes = Eyes()
        return self._eyes

    def _picture(self, number: int) -> np.ndarray:
        page = self._drawn[number - 1]
        width, height = page.get_size()
        if width * height * (RESOLUTION / 72) ** 2 > MOST_PIXELS:
            raise Refused(f"page {number} is larger than a printed page")
        return np.ascontiguousarray(page.render(scale=RESOLUTION / 72).to_numpy()[:, :, :3])

    def _grey(self, number: int) -> np.ndarray:
        return self._picture(number).min(axis=2)
