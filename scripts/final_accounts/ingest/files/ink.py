"""Whether what is read is what a person sees: text can be white, invisible or covered."""

from pathlib import Path

from PIL import Image

from final_accounts.ingest.files.upright import upright

UNSEEN = "nothing is to be seen there: the text is hidden, white or covered"
STRUCK = "a line is drawn through it"
# Two pixels a point: a figure is some pixels high, which is enough to tell it from none. Large pages are drawn smaller.
SCALE, MOST_PIXELS = 2.0, 16_000_000
# How much darker ink is than what it stands on, of 255.
CONTRAST = 30
# Where digits and signs have their ink: from the first to the second part of their size above the baseline.
_OF_DIGITS, _OF_SIGNS = (0.0, 0.72), (0.1, 0.55)


class Ink:
    """The pages of a PDF as they are drawn; each is drawn when it is first asked for."""

    def __init__(self, path: Path, turned: dict[int, int]):
        self._drawn = upright(path, turned)
        self._page, self._image, self._scale = 0, None, SCALE

    def is_seen(self, char: dict, page: int, corner: tuple[float, float]) -> bool:
        """Whether ink stands where a digit or sign of a figure does; what else a text has is taken for seen."""
        is_sign = char["text"] in "-－−"
        if not char["text"].isdigit() and not is_sign:
            return True
        return self._has_ink(char, page, corner, _OF_SIGNS if is_sign else _OF_DIGITS)

    def is_blank(self, char: dict, page: int, corner: tuple[float, float]) -> bool:
        """Whether nothing is drawn where a character stands: it is a space."""
        return not self._has_ink(char, page, corner, (0.0, 0.8))

    def _has_ink(self, char: dict, page: int, corner: tuple[float, float], heights: tuple[float, float]) -> bool:
        low, high = heights
        edge = 0.15 * (char["x1"] - char["x0"])
        top, bottom = (char["baseline"] - part * char["size"] - corner[1] for part in (high, low))
        image = self._of(page)
        edges = (char["x0"] + edge - corner[0], top, char["x1"] - edge - corner[0], bottom)
        left, top, right, bottom = (round(place * self._scale) for place in edges)
        if right <= left or bottom <= top:
            return True
        darkest, lightest = image.crop((left, top, right, bottom)).getextrema()
        return lightest - darkest >= CONTRAST

    def _of(self, number: int) -> Image.Image:
        if self._page != number:
            page = self._drawn[number - 1]
            width, height = page.get_size()
            self._scale = min(SCALE, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
            self._page, self._image = number, page.render(scale=self._scale, grayscale=True).to_pil()
        return self._image

    def close(self) -> None:
        """Lets go of the file."""
        self._drawn.close()
