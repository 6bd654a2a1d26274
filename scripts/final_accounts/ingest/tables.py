"""Finds the ten tables in a document and reads their rows, each cell with its place.

A table begins with its title and ends with its note («注：»), the next title or the text that follows the tables. Its
columns are known by their headings (layouts.yml); a page that goes on without headings has the columns of the page
before it.
"""

import re
from dataclasses import dataclass, field

from final_accounts.ingest import stream
from final_accounts.ingest.document import (
    CJK,
    Cell,
    Document,
    Grid,
    Line,
    is_value,
    joined,
    key,
    label_key,
    undoubled,
)
from final_accounts.ingest.layouts import Layout, Table, choose_layout, column_of, form_labels, tables, title_of
from final_accounts.ingest.unruled import (
    CODE,
    NUMBERED,
    grids_of_lines,
    is_heading,
    is_heading_line,
    is_heading_row,
    is_numbering,
)

Row = dict[str, Cell]
NOTE = re.compile(r"^[（(]?(注|说明|备注)[0-9]?[）)]?[：:]")
AFTER_TABLES = re.compile(
    r"^(第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、.{2,40}(情况说明|情况|说明)$|名词解释)"
)
UNIT = re.compile(r"(?:金额)?单\s*位\s*[：:]\s*(人民币)?\s*(百万元|千元|万元|亿元|元)")
DEPARTMENT = re.compile(
    r"(?:部门|单位|编制单位|公开部门|填报单位|编报单位)(?:名称)?(?:[（(][^）)]*[）)])?[：:](.+?)(?=20\d\d\s*年|金额单位|单位[：:]|公开\d+表|$)",
    re.MULTILINE,
)
TOTAL = re.compile(r"^(合计|总计)$")
ECONOMIC_TOTAL = re.compile(r"^(人员经费合计|公用经费合计)$")
EMPTY = re.compile(
    r"本表(?:为空表|无数据|为空)|无(?:此项|该项)?(?:收支|支出|数据)|没有.{0,60}(?:收入|支出|经费)|无相关数据|空表"
)


@dataclass
class ReadTable:
    """One table as read. `problems` are sentences about what a person must look at."""

    table_no: str
    title: str
    pages: list[int]
    form_no: str = ""
    department_name: str = ""
    fiscal_year: str = ""
    amount_unit: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    has_headings: bool = False

    @property
    def amounts(self) -> int:
        """How many cells hold an amount; a dash is none."""
        names = tables()[self.table_no].amounts
        return sum(1 for row in self.rows for name in names if name in row and re.search(r"\d", row[name].text))

    @property
    def says_it_is_empty(self) -> bool:
        """Whether a note says that there is nothing to print."""
        return any(EMPTY.search(joined(text)) for _, text in self.notes)


@dataclass
class _Segment:
    table_no: str
    title: str
    info: list[Line] = field(default_factory=list)
    parts: list[tuple[int, Line | Grid]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    note_pages: list[int] = field(default_factory=list)
    ended: bool = False

    @property
    def has_body(self) -> bool:
        return (
            any(isinstance(part, Grid) for _, part in self.parts)
            or sum(
                1
                for _, part in self.parts
                if isinstance(part, Line) and re.search(r"\d|合\s*计|小计|预算数|科目|项目", part.text)
            )
            > 1
        )


def _loose_rows(grid: Grid) -> tuple[list[Line], Grid]:
    """Rows at the top of a grid that are one text (title, unit, form number) as lines, and the rest."""
    lines: list[Line] = []
    first = 0
    for number, slots in enumerate(grid.slots):
        own = [grid.own(number, c) for c in range(len(slots))]
        texts = [cell for cell in own if cell and cell.text.strip()]
        whole = "".join(cell.text for cell in texts)
        is_info = (
            title_of(whole) or UNIT.search(whole) or DEPARTMENT.search(whole) or re.fullmatch(r"公开\d+表", key(whole))
        )
        if texts and len(texts) <= 4 and is_info and not any(is_heading(cell.text) for cell in texts):
            lines += [Line(cell.text, grid.page, cell.box) for cell in texts]
            first = number + 1
        elif texts:
            break
    return lines, Grid(grid.page, grid.box, grid.slots[first:], grid.edges)


def _segments(document: Document) -> list[_Segment]:
    """The document cut into tables; lines outside of tables are left out."""
    segments: list[_Segment] = []
    current: _Segment | None = None
    before: list[Line] = []
    for page in document.pages:
        page_parts: list[Line | Grid] = []
        for part in page.parts:
            if isinstance(part, Grid):
                lines, rest = _loose_rows(part)
                page_parts += lines
                if rest.slots:
                    page_parts.append(rest)
            else:
                page_parts.append(part)
        if current is not None and not current.ended and current.parts and current.parts[-1][0] < page.number - 1:
            current = None
        for part in page_parts:
            if isinstance(part, Line):
                text = undoubled(part.text.strip())
                title = title_of(part.text)
                if title:
                    if (
                        current is not None
                        and current.table_no == title[0]
                        and (not current.has_body or page.number > current.parts[-1][0])
                    ):
                        # a heading above the title, or the title again on the next page
                        current.title = title[1] if not current.has_body else current.title
                        current.ended = False
                        continue
                    current = _Segment(*title, info=[line for line in before if line.page == page.number][-4:])
                    segments.append(current)
                    before = []
                    continue
                if NOTE.match(text) and current is not None and current.parts:
                    match = NOTE.match(text)
                    current.notes.append((match.group(1), text[match.end() :].strip()))
                    current.note_pages.append(page.number)
                    current.ended = True
                    continue
                is_section = current is not None and tables()[current.table_no].rows == "sections" and not current.ended
                if AFTER_TABLES.match(joined(text)) and not is_heading(text) and not (is_section and text[:1] != "第"):
                    if current is not None and current.has_body and not re.search(r"部门决算表|决算表$", text):
                        current = None
                    continue
                before.append(part)
                if current is None:
                    continue
                if current.ended:
                    if text and current.notes and part.page == current.parts[-1][0]:
                        kind, note = current.notes[-1]
                        current.notes[-1] = (kind, note + text)
                    continue
                current.parts.append((page.number, part))
            elif current is not None and (not current.ended or _goes_on(current, part)):
                current.parts.append((page.number, part))
    best: dict[str, _Segment] = {}
    for segment in segments:
        known = best.get(segment.table_no)
        if segment.has_body and (known is None or not known.has_body):
            best[segment.table_no] = segment
    return list(best.values())


def _goes_on(segment: _Segment, grid: Grid) -> bool:
    """Whether a grid after the note is the other half of the table: its headings are columns the first half lacks."""
    if grid.page != segment.parts[-1][0] + 1:
        return False
    table = tables()[segment.table_no]
    headings = [cell.text for row in grid.slots[:4] for cell in row if cell]
    names = table.columns or next(iter(reversed(table.panels.values())))
    return len(column_of(headings, names)) > 1 and not any(title_of(h) for h in headings)


def read_tables(document: Document) -> tuple[list[ReadTable], Layout | None]:
    """The tables of a document in printed order, and the layout they follow."""
    segments = _segments(document)
    text = "\n".join(
        part.text if isinstance(part, Line) else "\n".join(c.text for row in part.slots for c in row if c)
        for part in document.parts()
    )
    layout = choose_layout([segment.table_no for segment in segments], text) if segments else None
    result = []
    for segment in segments:
        table = _read_segment(segment, layout)
        if table.rows or table.has_headings:
            result.append(table)
    return result, layout


def _read_segment(segment: _Segment, layout: Layout | None) -> ReadTable:
    table = tables()[segment.table_no]
    pages = {page for page, part in segment.parts if isinstance(part, Grid) or part.text.strip()}
    pages = sorted(pages | {page for page in segment.note_pages if page == max(pages) + 1})
    result = ReadTable(segment.table_no, segment.title, pages, notes=[(k, joined_note(t)) for k, t in segment.notes])
    chunks, info, streamed = _chunks(segment, table, result.problems)
    _read_info(result, [*segment.info, *info])
    if streamed:
        _read_stream(result, table, layout, streamed)
    elif table.rows == "lines":
        _read_line_grids(result, table, chunks)
    elif table.rows == "sections":
        _read_section_grids(result, table, chunks)
    else:
        _read_column_grids(result, table, chunks)
    _check(result, table)
    return result


def joined_note(text: str) -> str:
    """A note without the line ends of the page."""
    return re.sub(rf"(?<=[{CJK}]) +(?=[{CJK}])", "", text.strip())


def _chunks(
    segment: _Segment, table: Table, outside: list[str]
) -> tuple[list[Grid], list[Line], list[tuple[str, int]]]:
    """Grids of a segment page by page, the lines above the first, and its lines where it has no coordinates."""
    grids: list[Grid] = []
    info: list[Line] = []
    pages = sorted({page for page, _ in segment.parts})
    lines = [part for _, part in segment.parts if isinstance(part, Line)]
    if not any(isinstance(part, Grid) for _, part in segment.parts) and not any(line.words for line in lines):
        first = next((n for n, line in enumerate(lines) if _starts_heading(line.text, table)), len(lines))
        info = list(lines[:first])
        return [], info, [(line.text, line.page) for line in lines[first:]]
    labels = set(form_labels(table.table_no)) if table.rows in ("lines", "sections") else set()
    unruled: list[list[Line]] = []
    for page in pages:
        parts = [part for number, part in segment.parts if number == page]
        drawn = [part for part in parts if isinstance(part, Grid) and part.width > 1]
        loose = [part for part in parts if isinstance(part, Line)]
        if drawn:
            if not grids:
                info += [line for line in loose if line.box is None or line.box.top < drawn[0].box.top]
            grids += drawn
            outside += [
                f"page {page}: «{line.text[:60]}» stands outside of the table that is drawn"
                for line in loose
                if line.box is not None
                and line.box.top > drawn[0].box.top
                and re.search(r"\d\.\d\d|^\d{3,7}(?!\d)", line.text)
            ]
            continue
        goes_on = bool(grids or unruled)
        start = next(
            (
                n
                for n, line in enumerate(loose)
                if (is_heading_line(line.words) if goes_on else _starts_heading(line.text, table))
            ),
            None,
        )
        if start is None or goes_on:
            start = 0 if grids or unruled else len(loose)
        if not grids and not unruled:
            info += loose[:start]
        loose = [
            line
            for line in loose[start:]
            if not re.fullmatch(r"[-—–\s]*\d{1,3}[-—–\s]*", line.text) or len(line.words) > 1
        ]
        if loose:
            unruled.append(loose)
    if not grids:
        grids = grids_of_lines(unruled, labels, table.rows != "one")
    return grids, info, []


def _starts_heading(text: str, table: Table) -> bool:
    texts = [undoubled(word) for word in text.split()]
    if table.rows == "one":
        return (
            any(re.match(r"^(预算数|决算数|合计|因公出国|公务用车购置|财政拨款[“\"]三公)", key(t)) for t in texts)
            and "：" not in text
        )
    if table.rows == "sections":
        return any(re.match(r"^([一二三]、|项目$)", key(t)) for t in texts)
    if table.rows == "economic":
        return any(re.match(r"^(人员经费|公用经费|经济分类|科目)", key(t)) for t in texts)
    return is_heading_row(texts)


def _read_info(result: ReadTable, lines: list[Line]) -> None:
    text = ""
    for line in lines:
        piece = undoubled(line.text.strip())
        # a name goes on on the next line; everything else is apart
        text += (
            piece
            if piece and text and not re.match(r"^(20\d\d|金额|单\s*位|公开)", piece) and DEPARTMENT.search(text)
            else "\n" + piece
        )
    unit = UNIT.search(text)
    result.amount_unit = unit.group(2) if unit else ""
    form = re.search(r"公开\s*\d+\s*表", text)
    result.form_no = joined(form.group()) if form else ""
    for match in DEPARTMENT.finditer(UNIT.sub("\n", text)):
        name = match.group(1).strip(" \n　")
        if name:
            result.department_name = joined(name)
            break
    year = re.search(r"(20\d\d)\s*年\s*度?", text)
    result.fiscal_year = joined(year.group()) if year else ""


# ---- ruled and lined-up grids


def _split_header(grid: Grid, table: Table) -> int:
    """How many rows at the top of a grid are headings."""
    if grid.heading_rows is not None:
        return grid.heading_rows
    labels = set(form_labels(table.table_no)) if table.rows in ("lines", "sections") else set()
    end = 0
    for number, slots in enumerate(grid.slots):
        texts = [cell.text.strip() for c, cell in enumerate(slots) if cell and grid.own(number, c)]
        filled = [undoubled(t) for t in texts if t]
        if filled and all(is_numbering([t]) or True for t in filled) and is_numbering(filled):
            end = number + 1
            continue
        if is_heading_row(filled):
            end = number + 1
            continue
        if _is_body(filled, table, labels):
            break
        if (
            end == number
            and not any(is_value(t) for t in filled)
            and len(column_of(filled, table.columns | _BELOW)) > 1
        ):
            end = number + 1
            continue
        if table.rows in ("one",) and any(re.search(r"合计|因公出国|公务", t) for t in filled):
            end = number + 1
    # a heading cell that reaches into the next rows takes them along
    while 0 < end < len(grid.slots) and any(
        cell is not None
        and cell.text.strip()
        and end < len(grid.slots)
        and c < len(grid.slots[end])
        and grid.slots[end][c] is cell
        for c, cell in enumerate(grid.slots[end - 1])
    ):
        end += 1
    return end


# headings that stand below another one
_BELOW = {"sum": [["合计"], ["小计"]], "basic": [["基本支出"]], "project": [["项目支出"]]}


def _is_body(filled: list[str], table: Table, labels: set[str]) -> bool:
    if table.rows in ("subjects", "economic"):
        return any(CODE.match(joined(t)) or ECONOMIC_TOTAL.match(joined(t)) for t in filled[:3])
    if table.rows == "one":
        return bool(filled) and all(is_value(t) for t in filled)
    return any(label_key(t) in labels or NUMBERED.match(joined(t)) for t in filled)


def _headings(grid: Grid, rows: int) -> list[list[str]]:
    """Texts above each column, from top to bottom."""
    result: list[list[str]] = []
    for c in range(grid.width):
        texts: list[str] = []
        last = None
        for number in range(rows):
            cell = grid.slots[number][c] if c < len(grid.slots[number]) else None
            if cell is not None and cell is not last:
                text = undoubled(joined(cell.text))
                if text and not re.fullmatch(r"\d{1,2}|栏次", text):
                    texts.append(text)
            last = cell
        result.append(texts)
    return result


@dataclass
class _Columns:
    """Where the columns of a table stand: roles by grid column."""

    roles: dict[int, str]
    middles: dict[int, float]
    width: int
    strangers: dict[int, str]


def _roles(
    headings: list[list[str]], table: Table, names: dict[str, list[list[str]]]
) -> tuple[dict[int, str], dict[int, str]]:
    """Role of each column, and headings that are none of them."""
    roles: dict[int, str] = {}
    for c, texts in enumerate(headings):
        leaf = key(texts[-1]) if texts else ""
        whole = key("".join(texts))
        if leaf in ("类", "款", "项"):
            roles[c] = {"类": "class", "款": "section", "项": "item_code"}[leaf]
        elif re.search(r"科目编码|科目代码|编码$", whole) and not re.search(r"名称", whole):
            roles[c] = "subject_code"
        elif re.search(r"科目名称|名称$", whole):
            roles[c] = "subject_name"
        elif leaf == "行次" or whole.endswith("行次"):
            roles[c] = "line_no"
        elif re.match(r"^项目(\(.*\))?$", leaf):
            roles[c] = "item"
    rest = {c: "".join(texts) for c, texts in enumerate(headings) if c not in roles}
    found = column_of([rest.get(c, "") for c in range(len(headings))], names)
    roles |= found
    # three columns below one heading of the code are class, section and item
    codes = [c for c, role in roles.items() if role == "subject_code"]
    if len(codes) == 3 and codes[2] - codes[0] == 2 and table.rows == "subjects":
        roles |= dict(zip(codes, ("class", "section", "item_code"), strict=True))
    strangers = {c: text for c, text in rest.items() if c not in roles}
    return roles, strangers


def _read_column_grids(result: ReadTable, table: Table, grids: list[Grid]) -> None:
    """Tables whose columns are amounts: of subjects, of economic subjects, or of the three public expenses."""
    columns: _Columns | None = None
    halves: dict[frozenset[str], list[Row]] = {}
    half: dict[int, str] | None = None
    panels: dict[int, list[Row]] = {}
    totals: list[Row] = []
    for grid in grids:
        rows = _split_header(grid, table)
        headings = _headings(grid, rows)
        if table.rows == "economic":
            _read_economic_grid(result, table, grid, rows, headings, panels, totals)
            continue
        if table.items and _read_items_below_each_other(result, table, grid):
            continue
        if rows:
            roles, strangers = _roles(headings, table, table.columns)
            if not roles and columns is None:
                result.problems.append(f"page {grid.page}: no heading is one of table {table.table_no}")
                continue
            amounts = {role for role in roles.values() if role in table.columns}
            known = {role for role in columns.roles.values() if role in table.columns} if columns else set()
            if columns is not None and not amounts and not any(strangers.values()):
                rows = rows if _roles_agree(roles, columns) else 0
            elif columns is not None and amounts and not amounts & known:
                half = roles | {c: f"?{text}" for c, text in strangers.items()}
                _read_half(result, table, grid, rows, half, halves)
                continue
            else:
                half = None
                columns = _Columns(roles, {}, grid.width, strangers)
                result.has_headings = len(amounts) > 1
                _middles(columns, grid)
        if columns is None:
            continue
        if half is not None:
            _read_half(result, table, grid, rows, half, halves)
            continue
        _read_rows(result, table, grid, rows, _placed(columns, grid))
    for others in halves.values():
        if len(others) != len(result.rows):
            result.problems.append(
                f"the other half of the pages has {len(others)} rows, this one {len(result.rows)}: they are not matched"
            )
        for row, other in zip(result.rows, others, strict=False):
            row |= {name: cell for name, cell in other.items() if name not in row or not row[name].text}
    if table.rows == "economic":
        for number in sorted(panels):
            for row in panels[number]:
                row["panel_no"] = Cell(str(number), row["subject_name"].page)
                result.rows.append(row)
        result.rows += totals


def _read_items_below_each_other(result: ReadTable, table: Table, grid: Grid) -> bool:
    """The three public expenses as rows, beside columns of budgets and final amounts; False for another form."""
    stages: dict[int, str] = {}
    for number, slots in enumerate(grid.slots):
        texts = {c: key(undoubled(cell.text)) for c, cell in enumerate(slots) if cell and grid.own(number, c)}
        found = {
            c: stage
            for c, text in texts.items()
            for stage, words in table.stages.items()
            if any(word in text for word in words) and len(text) < 12
        }
        if len(found) == len(table.stages) == len(set(found.values())):
            if any(
                text and c not in found and not re.match(r"^(项目|行次|栏次|序号)", text) for c, text in texts.items()
            ):
                return False
            stages, first = found, number + 1
            break
    if not stages:
        return False
    labelled = 0
    for number in range(first, len(grid.slots)):
        words = [
            c.text
            for k, c in enumerate(grid.slots[number])
            if c and grid.own(number, k) and re.search(rf"[{CJK}]", c.text)
        ]
        labelled += len(words) == 1 and not NOTE.match(words[0])
    if labelled < len(table.items) - 1:
        return False
    row: Row = {}
    for number in range(first, len(grid.slots)):
        own = [grid.own(number, c) for c in range(grid.width)]
        texts = [cell.text.strip() for cell in own if cell and cell.text.strip()]
        if texts and NOTE.match(texts[0]):
            _take_note(result, "".join(texts))
            continue
        label = next((key(label_key(c.text)) for c in own if c and re.search(rf"[{CJK}]", c.text)), "")
        label = re.sub(r"^(\(\d+\)|其中:|\d+[.、])", "", label)
        item = next((name for name, words in table.items.items() if any(label.startswith(key(w)) for w in words)), None)
        if item is None:
            if any(is_value(text) for text in texts[1:]):
                result.problems.append(f"page {grid.page}: «{label}» is no expense that the raw table has a column for")
            continue
        for c, stage in stages.items():
            row.setdefault(f"{stage}_{item}", _amount(own[c]) if c < len(own) and own[c] else Cell("", grid.page))
    result.rows.append(row)
    return True


def _roles_agree(roles: dict[int, str], columns: _Columns) -> bool:
    return all(columns.roles.get(c) == role for c, role in roles.items())


def _middles(columns: _Columns, grid: Grid) -> None:
    for c in range(grid.width):
        if len(grid.edges) > c + 1:
            columns.middles[c] = (grid.edges[c] + grid.edges[c + 1]) / 2


def _placed(columns: _Columns, grid: Grid) -> dict[int, str]:
    """Roles of the columns of a grid that has no headings of its own: as before, or where they stand on the page."""
    if grid.width == columns.width or not columns.middles or not grid.edges:
        return columns.roles | {c: f"?{text}" for c, text in columns.strangers.items()}
    placed: dict[int, str] = {}
    for c, role in (columns.roles | {c: f"?{text}" for c, text in columns.strangers.items()}).items():
        here = sum(edge <= columns.middles[c] for edge in grid.edges) - 1
        placed.setdefault(here, role)
    return placed


def _read_half(
    result: ReadTable,
    table: Table,
    grid: Grid,
    rows: int,
    roles: dict[int, str],
    halves: dict[frozenset[str], list[Row]],
) -> None:
    """Rows of the other half of a table that is printed over two pages side by side: amounts only."""
    part = ReadTable(result.table_no, result.title, [])
    own = {c: role for c, role in roles.items() if role in table.columns or role.startswith("?")}
    for number in range(rows, len(grid.slots)):
        cells = [grid.own(number, c) for c in range(grid.width)]
        texts = [cell.text.strip() for cell in cells if cell and cell.text.strip()]
        if texts and NOTE.match(texts[0]):
            _take_note(result, "".join(texts))
            continue
        row: Row = {}
        for c, role in own.items():
            cell = cells[c] if c < len(cells) and cells[c] else Cell("", grid.page)
            if not role.startswith("?"):
                row[role] = _amount(cell)
            elif cell.text.strip():
                part.problems.append(_stranger(cell, role))
        halves.setdefault(frozenset(row), []).append(row)
    result.problems += part.problems


def _amount(cell: Cell) -> Cell:
    """An amount cell with its text as one run of characters."""
    text = cell.text.strip()
    # digits set apart are one amount, two amounts are not
    if not is_value(text) and is_value(joined(text)) and not all(is_value(piece) for piece in text.split()):
        text = joined(text)
    return Cell(text, cell.page, cell.box, cell.doubt)


def _read_rows(result: ReadTable, table: Table, grid: Grid, start: int, roles: dict[int, str]) -> None:
    first = True
    for number in range(start, len(grid.slots)):
        slots = grid.slots[number]
        own = [grid.own(number, c) for c in range(len(slots))]
        filled = [cell for cell in own if cell and cell.text.strip()]
        texts = [cell.text.strip() for cell in filled]
        if texts and NOTE.match(texts[0]):
            _take_note(result, "".join(texts))
            continue
        if (
            texts
            and (is_heading_row(texts) or is_numbering(texts))
            and not any("." in t and is_value(t) for t in texts)
        ):
            continue
        row: Row = {}
        for c, role in sorted(roles.items()):
            cell = own[c] if c < len(own) else None
            if role.startswith("?"):
                if cell and cell.text.strip():
                    result.problems.append(_stranger(cell, role))
                continue
            row[role] = _amount(cell) if cell and role in table.columns else cell or Cell("", grid.page)
        if table.rows == "subjects":
            _set_subject(row, own, roles, result)
        elif not texts and (number < len(grid.slots) - 1 or result.rows):
            # the one row may be blank, a blank row beside it says nothing
            row = row if not result.rows else {}
        if row and first and result.rows and _is_rest(row, table):
            _append_rest(result.rows[-1], row, table)
        elif row:
            result.rows.append(row)
        first = False


def _stranger(cell: Cell, role: str) -> str:
    """What is said of a text below a heading that is no column of the raw table."""
    return (
        f"page {cell.page}: «{cell.text.strip()}» below the heading «{role[1:]}», which the raw table has no column for"
    )


def _take_note(result: ReadTable, text: str) -> None:
    match = NOTE.match(text)
    result.notes.append((match.group(1), joined_note(text[match.end() :])))


def _set_subject(row: Row, own: list[Cell | None], roles: dict[int, str], result: ReadTable) -> None:
    """Code and name of a row from the columns that hold them, in one column or three."""
    parts = [row.pop(role) for role in ("class", "section", "item_code") if role in row]
    if parts:
        texts = [joined(part.text) for part in parts]
        code = ""
        for text in texts:
            if re.fullmatch(r"\d+", text):
                code = text if code and text.startswith(code) and len(text) > len(code) else code + text
        total = next((text for text in texts if TOTAL.match(text)), "")
        box = None
        for part in parts:
            box = part.box.joined(box) if part.box and part.text else box
        row["subject_code"] = Cell(code, parts[0].page, box)
        if total:
            row.setdefault("subject_name", Cell("", parts[0].page))
            row["subject_name"] = Cell(total, parts[0].page, box)
        if code and not texts[0]:
            before = next((r["subject_code"].text for r in reversed(result.rows) if r["subject_code"].text), "")
            missing = before[:3] if len(texts[1]) == 2 else before[:5]
            row["subject_code"] = Cell(
                missing + code, parts[0].page, box, "class and section are those of the row above"
            )
    if "item" in row and "subject_name" not in row:
        item = row.pop("item")
        match = re.match(r"^\s*(\d{7}|\d{5}|\d{3})?\s*(.*)$", item.text, re.DOTALL)
        if "subject_code" not in row or not row["subject_code"].text:
            row["subject_code"] = Cell(match.group(1) or "", item.page, item.box)
        row["subject_name"] = Cell(match.group(2), item.page, item.box)
    row.pop("item", None)
    code = row.setdefault("subject_code", Cell("", own[0].page if own and own[0] else 0))
    name = row.setdefault("subject_name", Cell("", code.page))
    text = joined(code.text)
    match = re.match(r"^(\d{7}|\d{5}|\d{3})(\D.*)$", text)
    if match and not name.text.strip():
        code, name = Cell(match.group(1), code.page, code.box, code.doubt), Cell(match.group(2), code.page, code.box)
    elif TOTAL.match(text) and not name.text.strip():
        code, name = Cell("", code.page), Cell(text, code.page, code.box)
    else:
        code = Cell(text, code.page, code.box, code.doubt)
    if TOTAL.match(joined(name.text)):
        name = Cell(joined(name.text), name.page, name.box, name.doubt)
    name.text = tidy(name.text)
    row["subject_code"], row["subject_name"] = code, name
    amounts = [role for _, role in sorted(roles.items()) if role in tables()[result.table_no].columns]
    _free_label(row, "subject_name", amounts)
    _free_amount(row, "subject_name", amounts)


def tidy(text: str) -> str:
    """A label without the white space that setting it in a cell put between its characters."""
    text = text.strip(" \u3000\u00a0\n")
    return re.sub(rf"(?<=[{CJK}]) +(?=[{CJK}])|\n", "", text)


def _free_amount(row: Row, label: str, amounts: list[str]) -> None:
    """An amount that is glued to the end of a label moves to the first amount column, where that is empty."""
    match = re.match(rf"^(.*[{CJK})])\s*(-?\d[\d,]*\.\d+)$", row[label].text)
    if match and amounts and not row.get(amounts[0], Cell("", 0)).text:
        cell = row[label]
        row[amounts[0]] = Cell(match.group(2), cell.page, cell.box, cell.doubt)
        row[label] = Cell(match.group(1), cell.page, cell.box, cell.doubt)


def _free_label(row: Row, label: str, amounts: list[str]) -> None:
    """The end of a label that reaches into the first amount column goes back to the label."""
    if not amounts or amounts[0] not in row:
        return
    cell = row[amounts[0]]
    match = re.match(rf"^([{CJK}（）()“”]+)\s*(-?\d[\d,]*(?:\.\d+)?)$", cell.text)
    if match:
        row[label] = Cell(tidy(row[label].text + match.group(1)), cell.page, row[label].box, row[label].doubt)
        row[amounts[0]] = Cell(match.group(2), cell.page, cell.box, cell.doubt)


def _is_rest(row: Row, table: Table) -> bool:
    """Whether the first row of a page is the rest of a row that the page end cut."""
    if table.rows != "subjects" or row["subject_code"].text:
        return False
    name = row["subject_name"].text
    return not TOTAL.match(name) and bool(name or any(row[n].text for n in table.columns if n in row))


def _append_rest(above: Row, row: Row, table: Table) -> None:
    above["subject_name"] = Cell(
        above["subject_name"].text + row["subject_name"].text, above["subject_name"].page, above["subject_name"].box
    )
    for name in table.columns:
        if name in row and row[name].text:
            if above[name].text:
                above[name] = Cell(
                    above[name].text + row[name].text, above[name].page, above[name].box, "cut by the page end"
                )
            else:
                above[name] = row[name]


def _read_economic_grid(
    result: ReadTable,
    table: Table,
    grid: Grid,
    rows: int,
    headings: list[list[str]],
    panels: dict[int, list[Row]],
    totals: list[Row],
) -> None:
    """Panels of code, name and amount side by side; the totals stand below all of them."""
    starts: list[dict[str, int]] = []
    if rows:
        for c, texts in enumerate(headings):
            whole = key("".join(texts))
            if re.search(r"科目编码|科目代码|编码$", whole) and "名称" not in whole:
                starts.append({"code": c})
            elif starts and re.search(r"名称", whole):
                starts[-1]["name"] = c
            elif starts and column_of(["".join(texts[-1:])], table.columns) and "amount" not in starts[-1]:
                starts[-1]["amount"] = c
            elif whole and starts:
                starts[-1].setdefault("other", c)
        result.__dict__["panel_columns"] = (starts, grid)
    elif "panel_columns" in result.__dict__:
        starts, before = result.__dict__["panel_columns"]
        has_codes = any(c and CODE.match(joined(c.text)) for slots in grid.slots for c in slots)
        if before.width != grid.width and has_codes:
            result.problems.append(f"page {grid.page}: {grid.width} columns, the page before has {before.width}")
    offset = 0
    for number in range(rows, len(grid.slots)):
        own = [grid.own(number, c) for c in range(grid.width)]
        filled = [(c, cell) for c, cell in enumerate(own) if cell and cell.text.strip()]
        texts = [cell.text.strip() for _, cell in filled]
        if texts and NOTE.match(texts[0]):
            _take_note(result, "".join(texts))
            continue
        if not texts or is_heading_row(texts) or is_numbering(texts):
            continue
        if any(ECONOMIC_TOTAL.match(joined(undoubled(t))) for t in texts):
            for position, (_, cell) in enumerate(filled):
                name = joined(undoubled(cell.text))
                if not ECONOMIC_TOTAL.match(name):
                    continue
                after = filled[position + 1] if position + 1 < len(filled) else None
                value = after[1] if after and is_value(after[1].text.strip()) else Cell("", grid.page)
                totals.append(
                    {
                        "panel_no": Cell("", grid.page),
                        "subject_code": Cell("", grid.page),
                        "subject_name": Cell(name, cell.page, cell.box, cell.doubt),
                        "amount": _amount(value),
                    }
                )
            continue
        for panel, places in enumerate(starts, 1 + offset):
            cells = {role: own[c] if c < len(own) and own[c] else Cell("", grid.page) for role, c in places.items()}
            code, name = cells["code"], cells.get("name", Cell("", grid.page))
            if "other" in cells and cells["other"].text.strip():
                result.problems.append(
                    f"page {grid.page}: «{cells['other'].text}» stands in a column that the raw table does not have"
                )
            if not (joined(code.text) or name.text.strip()):
                if cells.get("amount") and cells["amount"].text.strip():
                    result.problems.append(f"page {grid.page}: «{cells['amount'].text}» stands beside no subject")
                continue
            row = {
                "panel_no": Cell("", grid.page),
                "subject_code": Cell(_single(joined(code.text)), code.page, code.box, code.doubt),
                "subject_name": Cell(tidy(undoubled(name.text)), name.page, name.box, name.doubt),
                "amount": _amount(cells.get("amount") or Cell("", grid.page)),
            }
            if not row["subject_code"].text and panels.get(panel) and not row["amount"].text:
                last = panels[panel][-1]["subject_name"]
                last.text += row["subject_name"].text
                continue
            _free_label(row, "subject_name", ["amount"])
            _free_amount(row, "subject_name", ["amount"])
            panels.setdefault(panel, []).append(row)


def _single(code: str) -> str:
    half = len(code) // 2
    return code[:half] if len(code) in (6, 10) and code[:half] == code[half:] else code


def _read_line_grids(result: ReadTable, table: Table, grids: list[Grid]) -> None:
    """Tables of two panels side by side, revenue and expenditure."""
    found: dict[str, list[Row]] = {panel: [] for panel in table.panels}
    places: list[tuple[str, dict[int, str]]] = []
    width = 0
    for grid in grids:
        rows = _split_header(grid, table)
        if rows:
            headings = _headings(grid, rows)
            here = _panels(result, table, headings)
            if here:
                places, width = here, grid.width
        if not places:
            result.problems.append(f"page {grid.page}: no heading is one of table {table.table_no}")
            continue
        if grid.width != width:
            result.problems.append(f"page {grid.page}: {grid.width} columns, the page before has {width}")
        first = True
        for number in range(rows, len(grid.slots)):
            own = [grid.own(number, c) for c in range(grid.width)]
            texts = [cell.text.strip() for cell in own if cell and cell.text.strip()]
            if texts and NOTE.match(texts[0]):
                _take_note(result, "".join(texts))
                continue
            if texts and (is_heading_row(texts) or is_numbering(texts)):
                continue
            if not texts and grid.box is None:
                continue
            read = {panel: _panel_row(result, table, grid, own, roles) for panel, roles in places}
            is_rest = first and any(
                found[panel] and _is_label_rest(found[panel][-1], row, table) for panel, row in read.items()
            )
            for panel, row in read.items():
                above = found[panel][-1] if found[panel] else None
                if (
                    is_rest
                    and above is not None
                    and (_is_label_rest(above, row, table) or not any(c.text for c in row.values()))
                ):
                    above["item"] = Cell(above["item"].text + row["item"].text, above["item"].page, above["item"].box)
                    for name, cell in row.items():
                        if name != "item" and cell.text and not above.get(name, cell).text:
                            above[name] = cell
                else:
                    found[panel].append(row)
            first = False
    for panel, rows_of_panel in found.items():
        for row in rows_of_panel:
            row["panel"] = Cell(panel, row["item"].page)
            result.rows.append(row)


def _panel_row(result: ReadTable, table: Table, grid: Grid, own: list[Cell | None], roles: dict[int, str]) -> Row:
    """One row of one panel."""
    row: Row = {}
    for c, role in roles.items():
        cell = own[c] if c < len(own) and own[c] else Cell("", grid.page)
        if role.startswith("?"):
            if cell.text.strip():
                result.problems.append(_stranger(cell, role))
            continue
        row[role] = _amount(cell) if role in table.amounts else Cell(tidy(cell.text), cell.page, cell.box, cell.doubt)
    row.setdefault("item", Cell("", grid.page))
    names = [role for _, role in sorted(roles.items()) if role in table.amounts]
    if "line_no" not in row:
        _free_label(row, "item", names)
        _free_amount(row, "item", names)
    return row


def _is_label_rest(above: Row, row: Row, table: Table) -> bool:
    labels = form_labels(table.table_no)
    before, rest = label_key(above["item"].text), joined(row["item"].text)
    return bool(rest and before) and before not in labels and label_key(above["item"].text + rest) in labels


def _panels(result: ReadTable, table: Table, headings: list[list[str]]) -> list[tuple[str, dict[int, str]]]:
    """Panels with the roles of their columns: each begins with a column of items."""
    starts = [c for c, texts in enumerate(headings) if texts and re.match(r"^(项目)(\(.*\))?$", key(texts[-1]))]
    if not starts:
        return []
    panels: list[tuple[str, dict[int, str]]] = []
    for start, end in zip(starts, [*starts[1:], len(headings)], strict=True):
        group = key("".join(headings[start]))
        order = len(panels)
        names = list(table.panels)
        panel = (
            "expenditure" if "支出" in group else "revenue" if "收入" in group else names[min(order, len(names) - 1)]
        )
        if any(panel == other for other, _ in panels):
            result.problems.append(
                f"a further panel «{''.join(headings[start])}», which the raw table has no column for"
            )
            continue
        roles: dict[int, str] = {start: "item"}
        rest: dict[int, str] = {}
        for c in range(start + 1, end):
            if key("".join(headings[c])).endswith("行次"):
                roles[c] = "line_no"
            else:
                rest[c] = "".join(headings[c])
        roles |= {
            c: name
            for c, name in column_of([rest.get(c, "") for c in range(end)], table.panels[panel]).items()
            if c in rest
        }
        roles |= {c: f"?{text}" for c, text in rest.items() if c not in roles}
        missing = [name for name in table.panels[panel] if name not in roles.values()]
        if missing:
            result.problems.append(f"no heading was found for the columns {', '.join(missing)} of the panel {panel}")
        panels.append((panel, roles))
    return panels


def _read_section_grids(result: ReadTable, table: Table, grids: list[Grid]) -> None:
    """The disclosure statistics: rows of item, line number and figure below headings of sections."""
    section = ""
    roles: dict[str, int] = {}
    for grid in grids:
        for number in range(len(grid.slots)):
            own = [grid.own(number, c) for c in range(grid.width)]
            filled = [cell for cell in own if cell and cell.text.strip()]
            texts = [undoubled(cell.text.strip()) for cell in filled]
            if not texts:
                continue
            if NOTE.match(texts[0]):
                _take_note(result, "".join(texts))
                continue
            if is_heading_row(texts):
                roles = {key(undoubled(cell.text)): c for c, cell in enumerate(own) if cell and cell.text.strip()}
                continue
            if len(texts) == 1 and re.match(r"^[一二三四五六七八九十]+、", texts[0]):
                section = joined(texts[0])
                continue
            figures = [cell for cell in filled[1:] if is_value(joined(cell.text))]
            if "行次" in roles and "统计数" in roles:
                line_no, value = (own[roles[name]] if roles[name] < len(own) else None for name in ("行次", "统计数"))
            else:
                line_no = figures[0] if len(figures) > 1 and re.fullmatch(r"\d{1,2}", figures[0].text.strip()) else None
                value = next((cell for cell in figures if cell is not line_no), None)
                if len(figures) == 1:
                    result.problems.append(f"page {grid.page}: «{figures[0].text}» may be a line number or a figure")
            result.rows.append(
                {
                    "section": Cell(section, grid.page),
                    "item": Cell(tidy(filled[0].text), filled[0].page, filled[0].box, filled[0].doubt),
                    "line_no": line_no or Cell("", grid.page),
                    "statistic": _amount(value) if value else Cell("", grid.page),
                }
            )


# ---- text without coordinates


def _read_stream(result: ReadTable, table: Table, layout: Layout | None, lines: list[tuple[str, int]]) -> None:
    lines = [(text, page) for text, page in lines if not re.match(r"^\s*第[一二三四五六七八九十]+部分", text)]
    if table.rows == "sections":
        result.rows = stream.read_sections(lines)
        return
    first = next(
        (
            n
            for n, (text, _) in enumerate(lines)
            if re.match(r"^ ?(\d{3}|\d{5}|\d{7}|301301)(?= |$)|^ ?(合 ?计){1,2} |^ ?(一、\S+?) |^ ?一、\S+$", text)
        ),
        len(lines),
    )
    numbering = max((n for n, (text, _) in enumerate(lines[: first + 1]) if is_numbering(text.split())), default=-1)
    first = max(first, numbering + 1) if first < len(lines) else numbering + 1
    heading = " ".join(text for text, _ in lines[:first])
    body = lines[first:]
    if table.rows == "lines":
        panels = stream.read_lines(body, table)
        if panels is None or sum(map(len, panels.values())) < 20:
            panels = stream.read_labels(body, table)
        for panel, rows in panels.items():
            for row in rows:
                row["panel"] = Cell(panel, row["item"].page)
                result.rows.append(row)
        return
    if table.rows == "economic":
        result.rows = stream.read_economic(body, heading)
        return
    if table.rows == "one":
        result.rows = stream.read_one(lines, table, layout)
        return
    order = stream.amount_order(table, layout)
    if not stream.has_columns_in_order(table, heading, order):
        result.problems.append(
            "the headings do not name the columns in the order of the layout: the columns are a guess"
        )
    result.rows = stream.read_subjects(body, table, layout)


# ---- what is checked on the spot


def _check(result: ReadTable, table: Table) -> None:
    """Fills in the cells that a row lacks, and says what is missing or cannot be read."""
    for name in table.amounts:
        if not table.panels and not any(name in row for row in result.rows) and result.rows:
            result.problems.append(f"no heading was found for the column {name}")
    labels = form_labels(table.table_no)
    for row in result.rows:
        for name in table.amounts:
            cell = row.get(name)
            if cell and cell.text and not is_value(cell.text):
                result.problems.append(f"page {cell.page}: «{cell.text}» is no amount")
        if table.rows in ("subjects", "economic") and row["subject_code"].text and not row["subject_name"].text:
            result.problems.append(
                f"page {row['subject_code'].page}: the subject {row['subject_code'].text} has no name"
            )
        if table.rows in ("lines", "sections") and row["item"].text and label_key(row["item"].text) not in labels:
            result.problems.append(
                f"page {row['item'].page}: «{row['item'].text}» is no line of table {table.table_no}"
            )
    doubts: dict[str, int] = {}
    for row in result.rows:
        for cell in row.values():
            if cell.doubt:
                doubts[cell.doubt] = doubts.get(cell.doubt, 0) + 1
    result.problems += [f"{count} cells: {doubt}" for doubt, count in doubts.items()]
