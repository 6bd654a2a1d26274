"""Whether what is read is what a person sees: text can be white, invisible, covered or struck out."""

from pathlib import Path

from PIL import Image

from final_accounts.ingest.document.pages import Box, Cell, Document
from final_accounts.ingest.files.pdf import upright

UNSEEN = "nothing is to be seen there: the text is hidden, white or covered"
STRUCK = "a line is drawn through it"
# Points are drawn one to one: a figure is some pixels high, which is enough to tell it from none.
SCALE = 1.0
# How much darker ink is than what it stands on, of 255.
CONTRAST = 30


def unseen(path: Path, document: Document, cells: list[Cell]) -> dict[int, str]:
    """Why cells with a place are not, or not validly, in print; by their position in the list."""
    found: dict[int, str] = {}
    pages = {page.number: page for page in document.pages}
    by_page: dict[int, list[int]] = {}
    for number, cell in enumerate(cells):
        if cell.box is not None:
            by_page.setdefault(cell.page, []).append(number)
    drawn = upright(path, document.turned)
    for page_number, own in by_page.items():
        image = drawn[page_number - 1].render(scale=SCALE, grayscale=True).to_pil()
        page = pages[page_number]
        for number in own:
            box = cells[number].box
            if any(_is_inside(other, box) for other in page.struck):
                found[number] = STRUCK
            elif not _has_ink(image, box.seen_from(page.corner)):
                found[number] = UNSEEN
    drawn.close()
    return found


def _is_inside(inner: Box, outer: Box) -> bool:
    level = (inner.top + inner.bottom) / 2
    return outer.x0 <= inner.middle <= outer.x1 and outer.top <= level <= outer.bottom


def _has_ink(image: Image.Image, box: Box) -> bool:
    # the rules around a cell are no ink of its own
    edge = min(2.0, 0.2 * (box.bottom - box.top))
    edges = (box.x0 + edge, box.top + edge, box.x1 - edge, box.bottom - edge)
    left, top, right, bottom = (round(place * SCALE) for place in edges)
    if right <= left or bottom <= top:
        return True
    darkest, lightest = image.crop((left, top, right, bottom)).getextrema()
    return lightest - darkest >= CONTRAST
