"""Pages of a PDF as pictures, upright and small: what the review page and the site show of a report."""

import io
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from final_accounts.ingest.files.upright import upright

# Pixels across, and shades of grey: figures of a table are readable, and a page has about 60 KB.
WIDTH, SHADES = 1100, 16


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
    """Pages of a PDF, as far as it has them; nothing for other files."""
    if not is_pdf(path):
        return {}
    with upright(path, turned) as document:
        return {number: _drawn(document[number - 1]) for number in pages if 0 < number <= len(document)}


def _drawn(page: pypdfium2.PdfPage) -> Picture:
    width, height = page.get_size()
    image = page.render(scale=WIDTH / width, grayscale=True).to_pil()
    buffer = io.BytesIO()
    image.quantize(SHADES).save(buffer, "PNG", optimize=True)
    return Picture(buffer.getvalue(), width, height)
