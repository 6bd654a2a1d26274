"""The numbers that Word puts before paragraphs of a list, which stand nowhere in their text: 一、 （二） 3."""

from collections.abc import Callable

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """A number below a hundred in Chinese characters."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _CHINESE[ones]
    return ("" if tens == 1 else _CHINESE[tens]) + "十" + (_CHINESE[ones] if ones else "")


_WAYS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": chinese,
    "decimalFullWidth": str,
}


class Numbering:
    """Counts the paragraphs of each list, level by level."""

    def __init__(self, root: etree._Element | None) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._list_of: dict[str, str] = {}
        self._counts: dict[tuple[str, int], int] = {}
        for abstract in root.iterfind(f"{W}abstractNum") if root is not None else ():
            for level in abstract.iterfind(f"{W}lvl"):
                own = {name: _value(level.find(f"{W}{name}")) for name in ("numFmt", "lvlText", "start")}
                place = (abstract.get(f"{W}abstractNumId", ""), int(level.get(f"{W}ilvl", "0")))
                start = int(own["start"]) if own["start"].isdigit() else 1
                self._levels[place] = (own["numFmt"], own["lvlText"], start)
        for number in root.iterfind(f"{W}num") if root is not None else ():
            self._list_of[number.get(f"{W}numId", "")] = _value(number.find(f"{W}abstractNumId"))

    def label(self, paragraph: etree._Element) -> str:
        """What stands before a paragraph; nothing where it is in no list, or the list has only a mark."""
        place = paragraph.find(f"{W}pPr/{W}numPr")
        if place is None:
            return ""
        own = self._list_of.get(_value(place.find(f"{W}numId")))
        level = int(_value(place.find(f"{W}ilvl")) or 0)
        if own is None or (own, level) not in self._levels:
            return ""
        self._counts[own, level] = self._counts.get((own, level), self._levels[own, level][2] - 1) + 1
        for below in range(level + 1, 10):
            self._counts.pop((own, below), None)
        text = self._levels[own, level][1]
        for above in range(level + 1):
            way, _, start = self._levels.get((own, above), ("", "", 1))
            count = self._counts.get((own, above), start)
            if f"%{above + 1}" in text and way not in _WAYS:
                return ""
            text = text.replace(f"%{above + 1}", _WAYS.get(way, str)(count))
        return text if any(c.isalnum() for c in text) else ""


def _value(element: etree._Element | None) -> str:
    return element.get(f"{W}val", "") if element is not None else ""
