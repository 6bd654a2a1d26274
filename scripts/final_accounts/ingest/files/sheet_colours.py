"""Whether what stands in a cell of a sheet can be seen: the colour of its characters against that of the cell."""

import re

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles.colors import COLOR_INDEX, Color

from final_accounts.ingest.files.ink import CONTRAST

# A theme lists its colours dark, light, dark, light, …; cells count them light first.
_ORDER = (1, 0, 3, 2)
_BLACK, _WHITE = 0.0, 255.0


class Colours:
    """The colours of a workbook, as brightness from 0 to 255."""

    def __init__(self, workbook: Workbook) -> None:
        theme = workbook.loaded_theme or b""
        theme = theme.decode("utf-8", "replace") if isinstance(theme, bytes) else theme
        scheme = theme.partition("clrScheme")[2].partition("clrScheme")[0]
        listed = re.findall(r"<a:(?:sysClr[^>]*lastClr|srgbClr[^>]*val)=\"([0-9A-Fa-f]{6})\"", scheme)
        self._theme = [listed[n] for n in _ORDER if n < len(listed)] + listed[4:]
        self._alike: dict[int, bool] = {}

    def are_alike(self, cell: Cell) -> bool:
        """Whether the characters of a cell can hardly be told from what they stand on."""
        style = cell.style_id
        if style not in self._alike:
            paper = _WHITE
            if cell.fill.fill_type == "solid":
                paper = self._brightness(cell.fill.fgColor, _WHITE)
            ink = self._brightness(cell.font.color, _BLACK)
            known = paper is not None and ink is not None
            self._alike[style] = known and abs(paper - ink) < CONTRAST
        return self._alike[style]

    def _brightness(self, colour: Color | None, default: float) -> float | None:
        """How bright a colour is, None where that cannot be known."""
        if colour is None or colour.type == "auto":
            return default
        if colour.type == "indexed":
            if colour.indexed >= len(COLOR_INDEX):
                # 64 and 65 are those of the system: what is written, and what it is written on
                return {64: _BLACK, 65: _WHITE}.get(colour.indexed)
            text = COLOR_INDEX[colour.indexed]
        elif colour.type == "theme":
            if colour.theme >= len(self._theme):
                return default
            text = self._theme[colour.theme]
        else:
            text = colour.rgb
        if not isinstance(text, str) or not re.fullmatch(r"(?:[0-9A-Fa-f]{2})?[0-9A-Fa-f]{6}", text):
            return None
        red, green, blue = (int(text[-6:][n : n + 2], 16) for n in (0, 2, 4))
        bright = 0.299 * red + 0.587 * green + 0.114 * blue
        tint = colour.tint or 0.0
        return bright + (_WHITE - bright) * tint if tint > 0 else bright * (1 + tint)
