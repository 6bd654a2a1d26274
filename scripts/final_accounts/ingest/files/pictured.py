"""Pages of a PDF as pictures, upright and small: what the review page and the site show of a report."""

import io
import re
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import ImageDraw

from final_accounts.ingest.files.upright import upright

# Pixels across, and shades of grey: figures of a table are readable, and a page has about 60 KB.
WIDTH, SHADES = 1100, 16
# Above a table stand its title and headings; sentences, and those who signed, may name a person.
MAY_NAME = re.compile(r"。|负责人|填表|制表|经办|审核|复核|联系|编制人|签[字名章]|电话")


@dataclass(frozen=True)
class Picture:
    """A page as PNG, with its width and height in points."""

    png: bytes
    width: float
    height: float

    def part(self, box: list[float]) -> dict[str, float]:
        """Where a box stands on the picture, in hundredths of its width and height."""
        left, top, right, bottom = box
        return {
            "left": round(100 * left / self.width, 2),
            "top": round(100 * top / self.height, 2),
            "width": round(100 * (right - left) / self.width, 2),
            "height": round(100 * (bottom - top) / self.height, 2),
        }


def is_pdf(path: Path) -> bool:
    """Whether a file is a PDF, whatever its name."""
    with path.open("rb") as file:
        return b"%PDF-" in file.read(1024)


def pictures(path: Path, pages: list[int], turned: dict[int, int]) -> dict[int, Picture]:
    """Pages of a PDF; nothing for other files."""
    if not is_pdf(path):
        return {}
    with upright(path, turned) as document:
        return {number: _drawn(document[number - 1]) for number in pages}


def pictures_of_tables(path: Path, tables: dict[int, tuple[float, float]]) -> dict[int, Picture]:
    """Pages of a PDF with nothing but the tables on them, which stand between two heights.

    No page whose heading may name a person; what is below a table, such as notes and signatures, is left white.
    """
    result = {}
    with pypdfium2.PdfDocument(path) as document:
        for number, (top, bottom) in tables.items():
            page = document[number - 1]
            above = page.get_textpage().get_text_bounded(bottom=page.get_height() - top)
            if above.strip() and not MAY_NAME.search(re.sub(r"\s", "", above)):
                result[number] = _drawn(page, bottom)
    return result


def _drawn(page: pypdfium2.PdfPage, bottom: float | None = None) -> Picture:
    width, height = page.get_size()
    # what is noted on a page afterwards is no part of a table
    image = page.render(scale=WIDTH / width, grayscale=True, draw_annots=bottom is None).to_pil()
    if bottom is not None:
        ImageDraw.Draw(image).rectangle((0, bottom * WIDTH / width, image.width, image.height), fill=255)
    buffer = io.BytesIO()
    image.quantize(SHADES).save(buffer, "PNG", optimize=True)
    return Picture(buffer.getvalue(), width, height)
