"""Where the self-evaluation forms of a document stand: the rows of each, with the columns that they are drawn in.

A form begins with its project name, and ends where the next begins or something else is printed. What goes on over a
page goes on in the first table of the next.
"""

import re
from dataclasses import dataclass, field

from final_accounts.ingest.document.pages import Cell, Document, Grid, Line, joined, key

_TITLE = re.compile(r"自评[^，。；]{0,6}表|绩效自评")
_RUNNING = re.compile(r"^(?:[-—–－\s]*\d+[-—–－\s]*|第\d+页.*|.*[(（]续[表)）].*|单位[:：].*)$")
# what only a form has, and what only one has that says what came of its project
_IS_FORM = re.compile(r"^(?:[一二三]级指标|指标名称|绩效指标)")
_IS_REPORTED = re.compile(r"执行数|实际完成|全年完成|完成值|自评得分|^得分")


@dataclass
class Row:
    """A row of a form: what stands in each of its slots, and which cell begins there."""

    page: int
    slots: list[Cell | None]
    own: list[Cell | None]
    edges: list[float]
    is_first_of_page: bool = False

    @property
    def printed(self) -> list[tuple[int, Cell]]:
        """The cells of the row in which something is printed, with the column in which each begins."""
        return [(column, cell) for column, cell in enumerate(self.own) if cell and cell.text.strip()]

    def covers(self, cell: Cell) -> list[int]:
        """The columns that a cell takes up in the row."""
        return [column for column, slot in enumerate(self.slots) if slot is cell]


@dataclass
class Found:
    """The rows of a form, and the lines and rows above it that name it."""

    above: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    # of one that is printed without rules
    lines: list[Line] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Its title as printed."""
        return next((text for text in reversed(self.above) if _TITLE.search(text)), "")

    @property
    def is_form(self) -> bool:
        """Whether it has indicators, and says what came of its project and not only what was to come."""
        texts = [key(cell.text) for row in self.rows for _, cell in row.printed]
        texts += [key(text) for line in self.lines for text in line.text.split()]
        return all(any(pattern.search(text) for text in texts) for pattern in (_IS_FORM, _IS_REPORTED))


def forms_in(document: Document) -> list[Found]:
    """The forms of a document in printed order."""
    finder = _Finder()
    for page in document.pages:
        for part in page.parts:
            if isinstance(part, Line):
                finder.pass_line(part, is_running=part.text.strip() in document.running)
            else:
                finder.pass_grid(part)
    return [found for found in finder.found if found.is_form]


def flat(text: str) -> str:
    """A text of several lines as one."""
    return re.sub(r"\s*\n\s*", "", text.strip())


def begins_form(row: Row) -> bool:
    """Whether a row names a project."""
    return bool(row.printed) and bool(re.match(r"^项目名称(?:$|[:：])", joined(row.printed[0][1].text)))


@dataclass
class _Finder:
    """Walks over the parts of a document."""

    found: list[Found] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    is_open: bool = False

    def pass_line(self, line: Line, *, is_running: bool) -> None:
        """A line that is no page number closes a form, and may be the title of the next."""
        text = flat(line.text)
        if not text or self._pass_unruled(line, text):
            return
        if not is_running and not _RUNNING.match(text):
            self.is_open = False
        self.above = [*self.above[-4:], text]

    def _pass_unruled(self, line: Line, text: str) -> bool:
        """Whether a line is of a form without rules, which ends with its total score or with its page."""
        lines = self.found[-1].lines if self.found else []
        if re.match(r"^项目名称(?:[:：]|\s+\S)", text):
            self.found.append(Found(self.above, lines=[line]))
            self.above = []
        elif lines and lines[-1].page == line.page and not re.match(r"^总\s*得?分", lines[-1].text.strip()):
            lines.append(line)
        else:
            return False
        self.is_open = False
        return True

    def pass_grid(self, grid: Grid) -> None:
        """The rows of a table: of the form that is open, or of those that begin in it."""
        rows = [
            Row(
                grid.page,
                slots,
                [grid.own(number, column) for column in range(len(slots))],
                grid.edges,
                is_first_of_page=number == 0,
            )
            for number, slots in enumerate(grid.slots)
        ]
        self.is_open = self.is_open and self._goes_on(grid)
        for row in rows:
            self._pass_row(row)
        if not self.is_open:
            self.above = []

    def _goes_on(self, grid: Grid) -> bool:
        """Whether the open form goes on in a table: it is the next on its page, or the first of the page after it."""
        return self.found[-1].rows[-1].page in (grid.page, grid.page - 1)

    def _pass_row(self, row: Row) -> None:
        texts = [flat(cell.text) for _, cell in row.printed]
        if len(texts) == 1 and _TITLE.search(texts[0]) and len(texts[0]) < 60:
            self.is_open, self.above = False, texts
        elif begins_form(row):
            self.found.append(Found(self.above, [row]))
            self.is_open, self.above = True, []
        elif self.is_open:
            self.found[-1].rows.append(row)
        else:
            self.above += texts
