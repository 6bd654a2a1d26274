"""Cuts a document into the ten tables: each from its title to its note, the next title or the text."""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from final_accounts.ingest.document.pages import Box, Document, Grid, Line, Page, is_value, joined, key, undoubled
from final_accounts.ingest.layouts import column_of, is_other_title, tables, title_of
from final_accounts.ingest.narrative.words import is_heading as is_text_heading
from final_accounts.ingest.tables.find.halves import headings_beside, is_blank, is_nameless
from final_accounts.ingest.tables.find.vocabulary import (
    DEPARTMENT,
    FOOT_OF_BROWSER,
    UNIT,
    is_heading,
    is_heading_row,
    is_info,
)
from final_accounts.ingest.tables.ruled.table import NOTE, says_empty

AFTER_TABLES = re.compile(
    r"^(第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、.{2,40}(情况说明|情况|说明)$|名词解释)"
)

# «— 12 —», «第 12 页 共 30 页», «12/30»
_PAGE_NUMBER = re.compile(
    r"^(?:[-—–·]+\s*\d{1,4}\s*[-—–·]+|第\s*\d{1,4}\s*页.{0,12}|\d{1,4}\s*/\s*\d{1,4}|共\s*\d{1,4}\s*页.{0,12})$"
)


def _is_page_number(line: Line, page: Page) -> bool:
    """Whether a line is the number of its page; one without a mark stands apart at the edge of the page."""
    text = line.text.strip()
    if FOOT_OF_BROWSER.match(text):
        return True
    if _PAGE_NUMBER.match(text):
        # dashes around a figure may be cells of their own
        character = max(((w.box.x1 - w.box.x0) / len(w.text) for w in line.words), default=0.0)
        return all(right.box.x0 - left.box.x1 < 3 * character for left, right in pairwise(line.words))
    return bool(re.fullmatch(r"\d{1,4}", text)) and len(line.words) == 1 and _stands_apart(line, page)


def _stands_apart(line: Line, page: Page) -> bool:
    """Whether a line is the first or the last of its page, and further from the others than they from each other."""
    lines = [part for part in page.parts if isinstance(part, Line) and part.text.strip()]
    if len(lines) == 1:
        return True
    if line is not lines[0] and line is not lines[-1]:
        return False
    steps = sorted(right.box.top - left.box.top for left, right in pairwise(lines) if left.box and right.box)
    apart = abs(lines[1].box.top - lines[0].box.top if line is lines[0] else line.box.top - lines[-2].box.top)
    return len(steps) < 2 or apart > 1.3 * steps[len(steps) // 2]


def _running_titles(document: Document) -> set[str]:
    """What stands at the head of more than two pages and is no title, heading or unit of a table.

    The number of the page may stand beside it, at the head or at the foot: «5／某某局», «某某局 第5页».
    """
    heads: dict[tuple[str, int | None], list[str]] = {}
    for page in document.pages:
        if page.parts and _is_text(page.parts[0]):
            heads.setdefault((page.parts[0].text.strip(), None), []).append(page.parts[0].text.strip())
        lines = [part.text.strip() for part in page.parts if isinstance(part, Line) and part.text.strip()]
        for text in {*lines[:1], *lines[-1:]}:
            for number in (int(figures) for figures in re.findall(r"^\d{1,3}(?!\d)|(?<!\d)\d{1,3}(?=\s*页?$)", text)):
                # the first sheets may not be counted
                heads.setdefault((re.sub(r"\d{1,3}", "#", text), number - page.number), []).append(text)
    return {text for own in heads.values() if len(own) > 2 for text in own if not _is_of_a_table(text)}


def _is_of_a_table(text: str) -> bool:
    """Whether a line at the head of pages may be the title, a heading or the unit of a table, as any short one may."""
    return (
        len(joined(text)) <= 5
        or bool(title_of(text) or UNIT.search(text) or DEPARTMENT.search(text))
        or bool(re.search(r"公开\s*\d+\s*表", text))
        or is_heading_row(text.split())
    )


def _is_text(part: Line | Grid) -> bool:
    return isinstance(part, Line) and not re.search(r"\d\.\d", part.text)


# what a table has for its number that is none of the ten
OTHER = ""
# what a table is called that stands below no heading
UNTITLED = "无题"


@dataclass(eq=False)
class Segment:
    """A table before its rows are read: its lines and grids page by page, and what stands around them."""

    table_no: str
    title: str
    info: list[Line] = field(default_factory=list)
    parts: list[tuple[int, Line | Grid]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    note_pages: list[int] = field(default_factory=list)
    title_lines: list[Line] = field(default_factory=list)
    ended: bool = False
    again: list[int] = field(default_factory=list)
    # whether its lines are those of the page from top to bottom, so that a name may stand around the line of its code
    is_by_lines: bool = False
    # whether it stands among the text, and no title announces it
    is_among_text: bool = False

    @property
    def has_grid(self) -> bool:
        """Whether a table that is drawn stands below the title."""
        return any(isinstance(part, Grid) for _, part in self.parts)

    @property
    def has_body(self) -> bool:
        """Whether a table stands below the title: drawn, in two lines, or in one and a note that calls it empty."""
        lines = sum(
            1
            for _, part in self.parts
            if isinstance(part, Line) and re.search(r"\d|合\s*计|小计|预算数|科目|项目", part.text)
        )
        return self.has_grid or lines + any(says_empty(note) for _, note in self.notes) > 1

    @property
    def has_amounts(self) -> bool:
        """Whether an amount other than zero stands below the title."""
        texts = [
            text
            for _, part in self.parts
            for text in ([part.text] if isinstance(part, Line) else [c.text for row in part.slots for c in row if c])
        ]
        return any(re.search(r"[1-9][\d,]*\.\d|\d\.\d*[1-9]", text) for text in texts)


# «二、收入决算表 ........ 5»
_LEADER = re.compile(r"[.…·]{4,}\s*\d*\s*$|…{2,}\s*\d*\s*$")


def _lists_contents(page: Page) -> bool:
    """Whether a page is a table of contents: titles of tables below each other, and nothing of a table below them."""
    if any(isinstance(part, Grid) for part in page.parts):
        return False
    lines = [part.text.strip() for part in page.parts if isinstance(part, Line) and part.text.strip()]
    if any(re.search(r"\d\.\d\d(?!\d)", text) or UNIT.search(text) for text in lines):
        return False
    leaders = sum(1 for text in lines if _LEADER.search(text))
    titles = len({title[0] for text in lines if (title := title_of(re.sub(r"\s*\d{1,3}$", "", text)))})
    return leaders > 2 or titles > 3


def _cut_at_titles(grid: Grid) -> list[Grid]:
    """A grid with several tables below each other, as on one sheet of a workbook, cut above each title."""
    cuts = [0]
    for number, slots in enumerate(grid.slots[1:], 1):
        texts = [c.text for k, c in enumerate(slots) if c and grid.own(number, k) and c.text.strip()]
        if 0 < len(texts) < 3 and (title_of(texts[0]) or is_other_title(texts[0])):
            cuts.append(number)
    if len(cuts) == 1:
        return [grid]
    pieces = []
    for start, end in pairwise([*cuts, len(grid.slots)]):
        slots = grid.slots[start:end]
        while slots and not any(cell and cell.text.strip() for cell in slots[-1]):
            slots = slots[:-1]
        pieces.append(Grid(grid.page, grid.box, slots, grid.edges))
    return pieces


# how the first line of a title ends whose words go on below it
_GOES_ON = re.compile(r"(?:财政拨款|预算|公共|基本|收入|经营|支)$")


def _titles_together(parts: list[Line | Grid]) -> list[Line | Grid]:
    """Lines and grids with a title that is set on two lines as one: its end may be the title of another table."""
    result: list[Line | Grid] = []
    for part in parts:
        above = result[-1] if result else None
        if isinstance(part, Line) and isinstance(above, Line) and _is_below(above, part):
            whole = above.text.strip() + part.text.strip()
            title, end = title_of(whole), title_of(part.text)
            goes_on = bool(_GOES_ON.search(joined(undoubled(above.text))))
            if not title_of(above.text) and (
                (title and (end is None or goes_on))
                or (title is None and goes_on and is_other_title(whole) and not is_other_title(above.text))
            ):
                box = part.box.joined(above.box) if part.box else None
                result[-1] = Line(whole, part.page, box, [*above.words, *part.words])
                continue
        result.append(part)
    return result


# How many pages may lie between the two parts of a title, and how long the first is.
_MOST_PAGES, _MOST_OF_TITLE = 8, 40


def _cut_titles(document: Document) -> dict[int, str]:
    """What to read for lines, by `id`, that are parts of a title: the whole for the first, nothing for the other.

    A title in the middle of a wide sheet is cut where the sheet is, and goes on at the head of a later page.
    """
    heads = [_first_line(page) for page in document.pages]
    found: dict[int, str] = {}
    for number, head in enumerate(heads):
        text = joined(head.text) if head and head.box else ""
        if not 0 < len(text) < _MOST_OF_TITLE or title_of(text) or is_info(text) or id(head) in found:
            continue
        later = heads[number + 1 : number + 1 + _MOST_PAGES]
        other = next((line for line in later if id(line) not in found and _is_rest_of_title(text, line)), None)
        if other is not None:
            found |= {id(head): text + joined(other.text), id(other): ""}
    return found


def _first_line(page: Page) -> Line | None:
    """The first line of a page that has a text."""
    return next((part for part in page.parts if isinstance(part, Line) and part.text.strip()), None)


def _is_rest_of_title(text: str, line: Line | None) -> bool:
    """Whether a text and a line at the head of a later page are the title of a table together, and all of it."""
    rest = joined(line.text) if line and line.box else ""
    whole = title_of(text + rest) if 1 < len(rest) < _MOST_OF_TITLE else None
    return whole is not None and key(whole[1]) == key(text + rest)


def _titles_beside(document: Document, found: dict[int, str]) -> dict[int, list[Line]]:
    """The titles that stand on another page than the first columns of their tables, by the page where those are.

    A title in the middle of a wide sheet is printed on the page that its middle falls on. What is read for the lines
    there, and for a piece of it on the first page, becomes nothing in `found`.
    """
    moved: dict[int, list[Line]] = {}
    for number, page in enumerate(document.pages):
        line = _title_above_figures(page)
        first = _first_without_title(document.pages[:number]) if line is not None else None
        if line is not None and first is not None:
            moved[first.number] = [Line(line.text, first.number, line.box, line.words)]
            found[id(line)] = ""
            title = key(title_of(line.text)[1])
            pieces = (part for part in first.parts if isinstance(part, Line) and len(joined(part.text)) > 1)
            found |= {id(part): "" for part in pieces if title.startswith(key(part.text))}
    return moved


def _title_above_figures(page: Page) -> Line | None:
    """The title at the head of a page that has only columns of amounts of its table by subject; None on any other."""
    line = _first_line(page)
    grid = next((part for part in page.parts if isinstance(part, Grid)), None)
    title = title_of(line.text) if line is not None and line.box else None
    if title is None or grid is None or tables()[title[0]].rows != "subjects" or not is_nameless(grid):
        return None
    headings = [cell.text for row in grid.slots[: headings_beside(grid, set())] for cell in row if cell]
    return line if column_of(headings, tables()[title[0]].columns) else None


def _first_without_title(pages: list[Page]) -> Page | None:
    """The first of the last pages that have the same headings, codes among them, and no title above them."""
    first: Page | None = None
    headings: list[str] = []
    for page in reversed(pages):
        grid = next((part for part in page.parts if isinstance(part, Grid)), None)
        if grid is None or any(isinstance(part, Line) and title_of(part.text) for part in page.parts):
            break
        texts = [cell.text for row in grid.slots[:2] for cell in row if cell]
        if any(re.search("科目(?:编码|代码|名称)", joined(text)) for text in texts):
            if first is not None and texts != headings:
                break
            first, headings = page, texts
    return first


def _is_half_of_lines(segment: Segment, page: int, parts: list[Line | Grid]) -> bool:
    """Whether a page after the note is the other half of a table without rules: headings, and then figures alone."""
    if segment.table_no == OTHER or not segment.parts or page != segment.parts[-1][0] + 1:
        return False
    if tables()[segment.table_no].rows != "subjects" or segment.has_grid or any(isinstance(p, Grid) for p in parts):
        return False
    return _are_figures(parts)


def _are_figures(parts: list[Line | Grid]) -> bool:
    """Whether lines are those of amounts without names, from the first figure on."""
    words = [[word.text for word in part.words] for part in parts if isinstance(part, Line) and part.words]
    first = next((n for n, own in enumerate(words) if any(map(is_value, own))), len(words))
    return len(words) - first > 2 and all(is_value(text) for own in words[first:] for text in own)


def _is_below(above: Line, line: Line) -> bool:
    """Whether a line is the next of the same paragraph, as far as places and sizes tell."""
    if above.box is None or line.box is None:
        return True
    heights = [above.box.bottom - above.box.top, line.box.bottom - line.box.top]
    return line.box.top - above.box.top < 2.5 * max(heights) and max(heights) < 1.2 * min(heights)


def _loose_rows(grid: Grid) -> tuple[list[Line], Grid]:
    """Rows at the top of a grid that are one text (title, unit, form number) as lines, and the rest."""
    lines: list[Line] = []
    first = 0
    for number, slots in enumerate(grid.slots):
        own = (grid.own(number, c) for c in range(len(slots)))
        cells = [cell for cell in own if cell and cell.text.strip()]
        if cells and _stands_above([cell.text for cell in cells]):
            lines += [Line(cell.text, grid.page, cell.box) for cell in cells]
            first = number + 1
        elif cells:
            break
    return lines, Grid(grid.page, _box_from(grid, first), grid.slots[first:], grid.edges)


def _stands_above(texts: list[str]) -> bool:
    """Whether the texts of a row are what stands above a table: its title, unit, department or form number."""
    whole = "".join(texts)
    stands_above = title_of(whole) or is_other_title(whole) or is_info(whole)
    return len(texts) <= 4 and bool(stands_above) and not any(map(is_heading, texts))


def _box_from(grid: Grid, first: int) -> Box | None:
    """The box of what is left of a grid from a row on: the lines that were its first rows stand above it, not in it."""
    slots = grid.slots[first] if first < len(grid.slots) else []
    tops = [cell.box.top for cell in slots if cell and cell.box]
    if grid.box is None or not first or not tops:
        return grid.box
    return Box(grid.box.x0, max(grid.box.top, max(tops)), grid.box.x1, grid.box.bottom)


def segments_of(document: Document) -> tuple[list[Segment], list[Segment]]:
    """The document cut into tables, those of the ten and the others; lines outside of tables are left out."""
    cutting = _Cutting(document)
    for page in document.pages:
        cutting.add_page(page)
    return _first_of_each(cutting.segments)


def lines_of_tables(document: Document) -> set[int]:
    """The lines, by `id`, that are tables without rules: from the title to the last that has an amount beside words.

    What follows that line may be text that goes on where no heading tells it from the table.
    """
    cutting = _Cutting(document)
    for page in document.pages:
        cutting.add_page(page)
    found: set[int] = set()
    for segment in cutting.segments:
        lines = [part for _, part in segment.parts if isinstance(part, Line)]
        last = max((number for number, line in enumerate(lines) if _is_row(line)), default=-1)
        if last >= 0:
            found |= {id(line) for line in [*segment.title_lines, *lines[: last + 1]]}
    return found


def _is_row(line: Line) -> bool:
    """Whether a line is a row of a table: words side by side, and a figure or a dash among them."""
    return len(line.words) > 1 and any(is_value(word.text) for word in line.words)


class _Cutting:
    """The tables found so far, page after page, and the one that goes on."""

    def __init__(self, document: Document) -> None:
        texts = ({p.text.strip() for p in page.parts if isinstance(p, Line)} for page in document.pages)
        counts = Counter(text for page in texts for text in page)
        self.segments: list[Segment] = []
        self._running = {undoubled(text) for text, count in counts.items() if count > 2}
        self._heads = _running_titles(document)
        self._cut_titles = _cut_titles(document)
        self._titles_beside = _titles_beside(document, self._cut_titles)
        self._is_workbook = document.kind == "xlsx"
        self._current: Segment | None = None
        self._before: list[Line] = []  # the lines that belong to no table yet
        self._last_page = 0

    def add_page(self, page: Page) -> None:
        """Adds the parts of a page to the tables that they belong to."""
        if _lists_contents(page):
            self._current = None
            return
        parts = _titles_together(self._parts(page))
        if self._is_beside(page, parts) and self._ends_title(parts[0]):
            # of a title that the end of a page cuts
            parts = parts[1:]
        if not parts:
            # a blank page ends no table
            return
        self._turn_to(page, parts)
        for part in parts:
            if isinstance(part, Grid):
                self._add_grid(page, part)
            else:
                self._add_line(page, part)

    def _turn_to(self, page: Page, parts: list[Line | Grid]) -> None:
        """Ends the table that a page cannot go on with, and opens again the one whose other half it is."""
        current = self._current
        if current is not None and not current.ended and current.parts and current.parts[-1][0] < self._last_page:
            self._current = None
        if self._is_workbook and all(isinstance(part, Line) for part in parts):
            # no table goes on on a sheet of text
            self._current = None
        if current is not None and current.ended and _is_half_of_lines(current, page.number, parts):
            current.ended = False
        self._last_page = page.number

    def _runs_along(self, line: Line, page: Page) -> bool:
        """Whether a line is what stands at the head or foot of other pages as well."""
        return (page.parts[0] is line or page.parts[-1] is line) and line.text.strip() in self._heads

    def _is_beside(self, page: Page, parts: list[Line | Grid]) -> bool:
        """Whether a page may be the other half of the table before it: amounts, and no names beside them."""
        current = self._current
        if current is None or current.table_no == OTHER or not current.parts or len(parts) < 2:
            return False
        if page.number != current.parts[-1][0] + 1:
            return False
        grid = next((part for part in parts if isinstance(part, Grid)), None)
        return is_nameless(grid) if grid is not None else _are_figures(parts)

    def _ends_title(self, part: Line | Grid) -> bool:
        """Whether a line is the end of the title of the table that goes on, and not all of it."""
        text, title = key(getattr(part, "text", "")), key(self._current.title)
        return len(text) > 1 and title.endswith(text) and title != text

    def _parts(self, page: Page) -> list[Line | Grid]:
        """The parts of a page without its number and what stands at the head of all; grids cut where a title is."""
        parts: list[Line | Grid] = [*self._titles_beside.get(page.number, ())]
        for part in page.parts:
            if isinstance(part, Grid):
                for piece in _cut_at_titles(part):
                    lines, rest = _loose_rows(piece)
                    parts += lines
                    parts += [rest] if rest.slots else []
            elif id(part) in self._cut_titles:
                whole = self._cut_titles[id(part)]
                parts += [Line(whole, part.page, part.box, part.words)] if whole else []
            elif not self._runs_along(part, page) and not _is_page_number(part, page):
                parts.append(part)
        return parts

    def _add_grid(self, page: Page, grid: Grid) -> None:
        above = [line.text.strip() for line in self._before if line.page == page.number]
        # what stands above a table says nothing of the next one
        self._before = []
        current = self._current
        if current is not None and (not current.ended or _goes_on(current, grid)):
            current.parts.append((page.number, grid))
        else:
            # a table among the text, or behind a note: none of the ten, and printed all the same
            self._add_other(page, grid, above)

    def _add_other(self, page: Page, grid: Grid, above: list[str]) -> None:
        """A table that no title announces: by the heading above it, or one with what ended the page before."""
        last = self.segments[-1] if self.segments else None
        if last is not None and last.is_among_text and not above and last.parts[-1][0] == page.number - 1:
            last.parts.append((page.number, grid))
            return
        headings = (text.rstrip("：:") for text in reversed(above) if not UNIT.search(text))
        own = Segment(OTHER, next(filter(is_text_heading, headings), UNTITLED), is_among_text=True)
        own.parts.append((page.number, grid))
        self.segments += [own] if own.has_amounts else []

    def _add_line(self, page: Page, line: Line) -> None:
        text = undoubled(line.text.strip())
        title = title_of(line.text)
        if title and _LEADER.search(line.text):
            # of a list of contents that stands on a page with other text
            return
        if title:
            self._add_title(page, line, title)
        elif self._begins_another(text):
            _leave_to_the_next(self._current, page.number)
            self._current = Segment(OTHER, text)
            self.segments.append(self._current)
        elif self._current is not None and self._current.parts and (NOTE.match(text) or says_empty(text)):
            _add_note(self._current, page, text)
        elif self._is_after_tables(text):
            if self._current is not None and self._current.has_body and not re.search(r"部门决算表|决算表$", text):
                self._current = None
        else:
            self._before.append(line)
            if self._current is not None:
                _add_text(self._current, page, line, text)

    def _add_title(self, page: Page, line: Line, title: tuple[str, str]) -> None:
        current = self._current
        if (
            current is not None
            and current.table_no == title[0]
            and (not current.has_body or key(current.title) == key(title[1]))
            and (not current.has_body or page.number > current.parts[-1][0])
        ):
            # a heading above the title, or the title again on the next page
            current.title = title[1] if not current.has_body else current.title
            current.title_lines.append(line)
            current.ended = False
            return
        _leave_to_the_next(current, page.number)
        self._current = Segment(*title, info=[above for above in self._before if above.page == page.number][-4:])
        self._current.title_lines.append(line)
        self._current.info += [line] if UNIT.search(undoubled(line.text.strip())) else []
        self.segments.append(self._current)
        self._before = []

    def _begins_another(self, text: str) -> bool:
        """Whether a line is the title of a table that is none of the ten."""
        is_free = self._current is None or self._current.has_body
        return is_free and is_other_title(text) and text not in self._running

    def _is_after_tables(self, text: str) -> bool:
        """Whether a line is a heading of the text; a table of sections has such lines of its own."""
        current = self._current
        is_section = (
            current is not None
            and current.table_no != OTHER
            and tables()[current.table_no].rows == "sections"
            and not current.ended
        )
        is_heading_of_text = bool(AFTER_TABLES.match(joined(text))) and not is_heading(text)
        return is_heading_of_text and not (is_section and text[:1] != "第")


def _add_note(segment: Segment, page: Page, text: str) -> None:
    """A note below a table ends it."""
    match = NOTE.match(text)
    segment.notes.append((match.group(1), text[match.end() :].strip()) if match else ("", text))
    segment.note_pages.append(page.number)
    segment.ended = True


def _add_text(segment: Segment, page: Page, line: Line, text: str) -> None:
    """A line of a table; where its note has begun, the note goes on."""
    if not segment.ended:
        segment.parts.append((page.number, line))
    elif text and segment.notes and line.page == segment.parts[-1][0] and not _ANNEX.match(text):
        kind, note = segment.notes[-1]
        # that there is nothing to print is one sentence
        if kind or not note.endswith("。"):
            segment.notes[-1] = (kind, note + text)


# «附件5», «表五», alone on its line
_ANNEX = re.compile(
    r"^(?:附[件表]|表|(?:部门|单位)决算公开表)\s*[0-9０-９一二三四五六七八九十]+(?:[-—－][0-9]+)?[:：]?$"
)


def _leave_to_the_next(current: Segment | None, page: int) -> None:
    """The number of a form above a title, at the head of a page, is of the table below it."""
    while current is not None and current.parts:
        number, part = current.parts[-1]
        if number != page or isinstance(part, Grid) or not (is_info(part.text) or _ANNEX.match(part.text.strip())):
            return
        current.parts.pop()


def _first_of_each(segments: list[Segment]) -> tuple[list[Segment], list[Segment]]:
    """One segment for each of the ten tables, and the segments of other tables."""
    best: dict[str, Segment] = {}
    with_body = [segment for segment in segments if segment.has_body]
    others = [segment for segment in with_body if segment.table_no == OTHER]
    for segment in with_body:
        if segment.table_no != OTHER:
            known = best.get(segment.table_no)
            best[segment.table_no] = segment if known is None else _table_of_both(segment, known, others)
    return [one for one in segments if best.get(one.table_no) is one], sorted(others, key=segments.index)


def _table_of_both(segment: Segment, known: Segment, others: list[Segment]) -> Segment:
    """Which of two segments with one number is the table of it: a table of details may go by the title of another's.

    What is left is one of the others where it is a table of its own, or the same one again.
    """
    is_other = key(known.title) != key(segment.title)
    # … and what has none of the columns, or one by chance, is no table, but a list of contents among other text
    is_table = _columns(known) >= min(2, _columns(segment))
    if (is_other or not is_table) and _rank(segment) > _rank(known):
        others += [known] if is_table else []
        return segment
    if is_other and (_columns(segment) < _columns(known) or _is_part_of(segment, known)):
        others += [segment] if segment.has_grid or _columns(segment) else []
    elif segment.has_amounts or not is_other:
        known.again.append(segment.parts[0][0])
    return known


def _is_part_of(segment: Segment, whole: Segment) -> bool:
    """Whether a table is of one fund, or of the expenditure, of what another is of: its title is the same otherwise."""
    own, other = key(segment.title), key(whole.title)
    return own.endswith(other) or own == other.replace("收入支出", "支出")


def _rank(segment: Segment) -> tuple[int, bool]:
    """The table with more of the columns comes first, then the one that is not empty."""
    return _columns(segment), segment.has_amounts


def _columns(segment: Segment) -> int:
    """How many columns of its table stand above the first rows of a segment."""
    table = tables()[segment.table_no]
    names = table.columns or next(iter(reversed(table.panels.values())))
    texts: list[str] = []
    for _, part in segment.parts:
        if isinstance(part, Grid):
            texts += [cell.text for row in part.slots[:5] for cell in row if cell]
        elif len(texts) < 40:
            texts += part.text.split()
    words = {key(undoubled(text)) for text in texts}
    return sum(1 for ways in names.values() if any(all(any(key(p) in w for w in words) for p in way) for way in ways))


def _goes_on(segment: Segment, grid: Grid) -> bool:
    """Whether a grid after the note is the other half of the table: its headings are columns the first half lacks.

    One heading is enough where no names stand beside the amounts; a page of them that goes on has none.
    """
    if segment.table_no == OTHER or grid.page != segment.parts[-1][0] + 1:
        return False
    table = tables()[segment.table_no]
    if table.rows == "subjects" and (is_nameless(grid) or is_blank(grid)):
        return any(isinstance(part, Grid) and part.width > 1 for _, part in segment.parts)
    headings = [cell.text for row in grid.slots[:4] for cell in row if cell]
    names = table.columns or next(iter(reversed(table.panels.values())))
    return len(column_of(headings, names)) > 1 and not any(title_of(h) for h in headings)
