"""Puts the lines of the narrative together to paragraphs below their headings."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from final_accounts.ingest.document.pages import CJK, Line, joined
from final_accounts.ingest.narrative.words import CHINESE, ITEM, SECTION, SUBSECTION, is_heading

# «三、…情况：无»
_NOTHING = re.compile(
    rf"^(?P<heading>(?:[{CHINESE}]+、|[（(][{CHINESE}]+[）)])[^，。；：]{{4,45}})[：:](?P<nothing>无)。?$"
)


@dataclass
class Paragraph:
    """A paragraph of the narrative with the headings above it."""

    section: str
    subsection: str
    page: int
    text: str
    lines: list[Line] = field(default_factory=list)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def paragraphs_of(lines: list[Line], has_boxes: bool, is_wrapped: bool = True) -> list[Paragraph]:
    """Paragraphs by their indents where lines have boxes, else by their length.

    A file without pages has whole paragraphs, though some are cut into lines: what ends as a sentence does not go on.
    """
    full, left = _full_width(lines), _left_edge(lines)
    result: list[Paragraph] = []
    headings = Headings()
    current: Paragraph | None = None
    for line in lines:
        text = re.sub(rf"(?<=[{CJK}]) +| +(?=[{CJK}])", "", line.text) if has_boxes else line.text
        if nothing := _NOTHING.match(text):
            # «三、…情况：无» is a heading and what stands below it
            headings.take(nothing["heading"], True)
            result.append(Paragraph(headings.section, headings.subsection, line.page, nothing["nothing"], [line]))
            current = None
            continue
        is_short = _width(text) < 0.82 * full
        if headings.take(text, is_short):
            current = None
            continue
        is_indented = has_boxes and line.box is not None and line.box.x0 > left + 15
        if current is None or is_indented or ITEM.match(text):
            current = Paragraph(headings.section, headings.subsection, line.page, text)
            result.append(current)
        else:
            current.text += text
        current.lines.append(line)
        ends = r"(其中|以下方面|如下)[：:]$" if is_wrapped else r"[。；：:]$"
        if not has_boxes and (is_short or re.search(ends, text)):
            current = None
    return result


def _full_width(lines: list[Line]) -> int:
    """The width of a line that goes on on the next one: one in ten may be wider."""
    widths = sorted(_width(line.text) for line in lines)
    return widths[int(len(widths) * 0.9)] if widths else 0


def _left_edge(lines: list[Line]) -> int:
    """Where lines begin that are not indented."""
    lefts = Counter(round(line.box.x0 / 3) for line in lines if line.box)
    return min((x for x, count in lefts.items() if count > 2), default=0) * 3


class Headings:
    """The headings that lines stand below."""

    def __init__(self) -> None:
        self.section = self._subsection = self._item = ""
        # «（一）» is a section where nothing stands above it
        self._is_one_level = True

    @property
    def subsection(self) -> str:
        """Headings below the section, as one text."""
        return f"{self._subsection} {self._item}".strip()

    def take(self, text: str, is_short: bool) -> bool:
        """Whether a line is a heading; what follows stands below it then."""
        if not is_heading(re.sub(r"(?<=情况|说明)。$", "", text)):
            return False
        heading = joined(text)
        if SECTION.match(text) or (SUBSECTION.match(text) and self._is_one_level):
            self.section, self._subsection, self._item = heading, "", ""
            self._is_one_level = not SECTION.match(text)
        elif SUBSECTION.match(text):
            self._subsection, self._item = heading, ""
        elif ITEM.match(text) and is_short:
            self._item = heading
        else:
            return False
        return True
