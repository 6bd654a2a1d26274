"""Reads the ten tables of a document, each cell with its place.

A table begins with its title and ends with its note («注：»), the next title or the text that follows the tables. Its
columns are known by their headings (layouts.yml).
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from final_accounts.ingest.document.pages import (
    CJK,
    Document,
    Grid,
    Line,
    TextLine,
    is_value,
    joined,
    label_key,
    undoubled,
)
from final_accounts.ingest.layouts import Layout, Table, choose_layout, form_labels, is_line_label, tables
from final_accounts.ingest.tables.find.printed import printed_of
from final_accounts.ingest.tables.find.segments import Segment, segments_of
from final_accounts.ingest.tables.find.vocabulary import (
    CODE,
    DEPARTMENT,
    FORM_NO,
    UNIT,
    is_heading_row,
    is_info,
    is_numbering,
)
from final_accounts.ingest.tables.infer.agreement import gaps, is_of_all_expenditure
from final_accounts.ingest.tables.infer.placing import place_amounts, rows_that_break
from final_accounts.ingest.tables.others import OtherCell, OtherTable, read_other
from final_accounts.ingest.tables.ruled.columns import read_column_grids
from final_accounts.ingest.tables.ruled.economic import read_economic_grids, settle_kinds
from final_accounts.ingest.tables.ruled.lines import read_line_grids
from final_accounts.ingest.tables.ruled.sections import read_section_grids
from final_accounts.ingest.tables.ruled.table import (
    ECONOMIC_TOTAL,
    TOTAL,
    Cell,
    ReadTable,
    Row,
    add_panels,
    joined_note,
)
from final_accounts.ingest.tables.running import stream


def read_tables(document: Document) -> tuple[list[ReadTable], Layout | None, list[OtherTable]]:
    """The ten tables of a document in printed order, the layout they follow, and the other tables among them."""
    segments, others = segments_of(document)
    layout = choose_layout([segment.table_no for segment in segments], _text_of(document)) if segments else None
    result = _read_segments(segments, layout)
    if document.kind == "text" and _has_places(document):
        result = _or_in_order(result, segments, layout)
    if layout and is_of_all_expenditure(result):
        others += [segment for segment in segments if segment.table_no == "06"]
        result = [table for table in result if table.table_no != "06"]
        layout = replace(layout, tables=tuple(number for number in layout.tables if number != "06"))
    result, apart = _parted(result)
    return result, layout, [read_other(segment.title, segment.parts) for segment in others] + apart


def _text_of(document: Document) -> str:
    """All text of a document, line by line and cell by cell; a merged cell in each slot that it covers."""
    return "\n".join(
        part.text if isinstance(part, Line) else "\n".join(c.text for row in part.slots for c in row if c)
        for part in document.parts()
    )


def _has_places(document: Document) -> bool:
    """Whether the words of any line have places, as those of lined-up text do."""
    return any(isinstance(part, Line) and part.words for part in document.parts())


def _or_in_order(found: list[ReadTable], segments: list[Segment], layout: Layout | None) -> list[ReadTable]:
    """The tables of lined-up text, each as it was read or by the order of its cells, whatever leaves less open.

    Where columns are not lined up over the pages of a table, the order may say more than the places.
    """
    in_order = {table.table_no: table for table in _read_segments(list(map(_running, segments)), layout)}
    return [min((table, in_order.get(table.table_no, table)), key=_open_points) for table in found]


def _parted(found: list[ReadTable]) -> tuple[list[ReadTable], list[OtherTable]]:
    """The tables that a raw table can hold, and cell by cell those that it cannot.

    Without a code no raw row can be, and no table may keep the others of a report out of the raw tables. In a raw table
    of a fund a revenue and balances that the form does not have would be nothing, and what the text says of them wrong;
    so would the amounts on a half page that could not be matched.
    """
    apart: list[OtherTable] = []
    for table in found:
        if problem := _without_codes(table) or _without_balances(table) or table.unmatched:
            names = {
                "subject_name": "",
                **{n: "".join(ways[0]) for n, ways in tables()[table.table_no].columns.items()},
            }
            cells = [
                OtherCell(row_no, column_no, row[name], row["subject_name"].text, heading)
                for row_no, row in enumerate(table.rows, 1)
                for column_no, (name, heading) in enumerate(names.items(), 1)
                if name in row and row[name].text.strip()
            ]
            apart.append(OtherTable(table.title, table.pages, cells + table.apart, table.table_no, problem))
    numbers = {table.table_no for table in apart}
    kept = [table for table in found if table.table_no not in numbers]
    # of a document with no other table there is nothing else to show
    return (kept, apart) if kept else (found, [])


def _read_segments(segments: list[Segment], layout: Layout | None) -> list[ReadTable]:
    """The tables in segments of a document, checked."""
    if any(_is_by_lines(segment) for segment in segments):
        segments = [replace(segment, is_by_lines=True) for segment in segments]
    read = [_read_segment(segment, layout) for segment in segments]
    result = [table for table in read if table.rows or table.has_headings]
    place_amounts(result)
    for table in result:
        _check(table, tables()[table.table_no])
    return result


def _is_by_lines(segment: Segment) -> bool:
    """Whether running text has the lines of a page from top to bottom: names stand around the lines of their codes."""
    kind = tables()[segment.table_no].rows
    texts = [part.text.strip() for _, part in segment.parts if isinstance(part, Line) and not part.words]
    if kind == "subjects":
        return any(map(stream.CODE_BESIDE_AMOUNT.match, texts))
    return kind == "economic" and stream.has_names_around_codes([text for text in texts if text])


def _running(segment: Segment) -> Segment:
    """A segment whose lines are lined up as one of running text, without the places of its words."""
    lines = [(page, part) for page, part in segment.parts if isinstance(part, Line) and part.text.strip()]
    parts = [(page, Line(re.sub(r" {2,}", " ", part.text.strip()), page)) for page, part in lines]
    if tables()[segment.table_no].rows == "one":
        # of headings that stand on several lines, the order is that of their columns
        first = next((n for n, (_, part) in enumerate(lines) if not is_info(part.text)), 0)
        end = next((n for n, (_, part) in enumerate(lines) if all(is_value(w.text) for w in part.words)), 0)
        words = sorted((w for _, part in lines[first:end] for w in part.words), key=lambda word: word.box.middle)
        parts[first:end] = [(lines[0][0], Line(" ".join(w.text for w in words), lines[0][0]))] if words else []
    return replace(segment, parts=parts, is_by_lines=True)


def _open_points(table: ReadTable) -> tuple[bool, int]:
    """How much speaks against a reading: none with amounts is worse than any doubt."""
    doubts = sum(1 for row in table.rows for cell in row.values() if cell.doubt)
    return not table.amounts, len(table.problems) + doubts + rows_that_break(table)


def _read_segment(segment: Segment, layout: Layout | None) -> ReadTable:
    table = tables()[segment.table_no]
    pages = {page for page, part in segment.parts if isinstance(part, Grid) or part.text.strip()}
    pages = sorted(pages | {page for page in segment.note_pages if page == max(pages) + 1})
    result = ReadTable(segment.table_no, segment.title, pages, notes=[(k, joined_note(t)) for k, t in segment.notes])
    if segment.again:
        pages = ", ".join(map(str, segment.again))
        result.problems.append(f"it is printed again on page {pages}: only the first was read")
    printed = printed_of(segment, table)
    result.problems += printed.outside
    # unit and department below the title come before those above it, which may be another table's
    _read_info(result, [*printed.above, *segment.info])
    if printed.lines:
        lines = printed.lines
        if segment.is_by_lines and table.rows in ("subjects", "economic"):
            lines = stream.names_together(_codes_together(lines))
            result.problems += _wrapped_names(table, lines)
        _read_stream(result, table, layout, lines)
    else:
        _GRID_READERS.get(table.rows, read_column_grids)(result, table, printed.grids)
    return result


# What reads the grids of a table by how its rows are read (layouts.yml); all others have columns of amounts.
_GRID_READERS = {"lines": read_line_grids, "sections": read_section_grids, "economic": read_economic_grids}


def _wrapped_names(table: Table, lines: list[TextLine]) -> Iterator[str]:
    """Says which lines go on with a name: from top to bottom, they may stand above their row as well as below it."""
    begun = False
    for text, page in ((line.strip(), page) for line, page in lines if line.strip()):
        begins = re.match(r"^(?:合 ?计|总 ?计|(?:人员|公用)经费合计)(?= |$)", text)
        code = re.match(rf"^(?:\d{{3}}(?: \d{{2}}){{0,2}}|\d{{5}}|\d{{7}})(?= )(?P<name> [{CJK}])?", text)
        begun = begun or begins is not None or code is not None
        is_row = begins or (code and code.group("name"))
        if begun and table.rows in ("subjects", "economic") and not is_row and not _is_above_rows(text):
            yield f"page {page}: «{text[:60]}» may belong to the row above or below"


def _is_above_rows(text: str) -> bool:
    return is_info(text) or is_heading_row(text.split()) or is_numbering(text.split())


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
    result.amount_unit = unit.group(2).replace("萬", "万").replace("億", "亿") if unit else ""
    form = re.search(r"公开\s*\d+\s*表", text) or FORM_NO.search(text)
    result.form_no = joined(form.group()) if form else ""
    for match in DEPARTMENT.finditer(UNIT.sub("\n", text)):
        name = match.group(1).strip(" \n　")
        if name:
            result.department_name = joined(name)
            break
    year = re.search(r"(20\d\d)\s*年\s*度?", text)
    result.fiscal_year = joined(year.group()) if year else ""


def _codes_together(lines: list[TextLine]) -> list[TextLine]:
    """The lines of a table with codes in one cell where its headings part them (类, 款, 项)."""
    if "类款项" not in joined("".join(undoubled(word) for text, _ in lines for word in text.split())):
        return lines
    return [TextLine(stream.code_together(text), page) for text, page in lines]


def _read_stream(result: ReadTable, table: Table, layout: Layout | None, lines: list[TextLine]) -> None:
    """Reads the rows of a table from its lines, which have no coordinates."""
    lines = [line for line in lines if not re.match(r"^\s*第[一二三四五六七八九十]+部分", line.text)]
    if table.rows == "sections":
        result.rows = stream.read_sections(lines)
        return
    first = _first_of_body(lines)
    heading = " ".join(text for text, _ in lines[:first])
    body = stream.without_headings(lines[first:], lines[:first])
    above = lines if table.rows == "one" else lines[: first or None]
    result.has_headings = any(is_heading_row(text.split()) for text, _ in above)
    if table.rows == "lines":
        _read_stream_of_lines(result, table, body)
    elif table.rows == "economic":
        result.rows = settle_kinds(result, table, stream.read_economic(body, heading, table), [])
    elif table.rows == "one":
        order, problem = stream.stages_order(table, layout, " ".join(text for text, _ in lines))
        result.rows, result.order = stream.read_one(lines, order), order
        result.problems += [problem] if problem and result.amounts else []
    else:
        order = stream.amount_order(table, layout, heading)
        result.problems += _doubts_of_order(table, heading, order)
        rows = _codes_together([*lines[:first], *body])[first:]
        result.rows, result.order = stream.read_subjects(rows, order), order


# What begins the first row of a table: a code, the total, or the first line of a form.
_FIRST_ROW = re.compile(r"^ ?(\d{3}|\d{5}|\d{7}|301301)(?= |$)|^ ?(合 ?计){1,2} |^ ?(一、\S+?) |^ ?一、\S+$")


def _first_of_body(lines: list[TextLine]) -> int:
    """The number of the line that the rows of a table begin with: below the numbers of the columns, if it has any."""
    first = next((n for n, (text, _) in enumerate(lines) if _FIRST_ROW.match(text)), len(lines))
    numbering = max((n for n, (text, _) in enumerate(lines[: first + 1]) if is_numbering(text.split())), default=-1)
    if numbering >= 0 or first == len(lines):
        first = numbering + 1
    # a blank row may come first: its cells are nothing between spaces
    last = next((n for n in range(first - 1, -1, -1) if lines[n].text.strip()), -1)
    return next((n for n in range(last + 1, first) if len(lines[n].text) > 3), first)


def _read_stream_of_lines(result: ReadTable, table: Table, body: list[TextLine]) -> None:
    """Reads the panels of a table by the numbers of its lines, or by their labels where too few are numbered."""
    body = stream.labels_together(body, table)
    panels = stream.read_lines(body, table)
    if panels is None or sum(map(len, panels.values())) < 20:
        panels = stream.read_labels(body, table)
        result.problems += stream.left_out(body, table)
    add_panels(result, panels)


def _doubts_of_order(table: Table, heading: str, order: list[str | None]) -> Iterator[str]:
    """Says what in the headings speaks against the order in which the amounts of a table are read."""
    if not stream.has_columns_in_order(table, heading, order):
        yield "the headings do not name the columns in the order of the layout: the columns are a guess"
    for word in stream.unknown_headings(table, order, heading):
        yield f"a column below the heading «{word}», which the raw table has no column for: all others may have shifted"


def _check(result: ReadTable, table: Table) -> None:
    """Says what is missing or cannot be read, and keeps apart the lines of a form that enter no sum."""
    if result.rows and not table.panels:
        result.problems += _columns_not_found(result, table)
    result.problems += _contradictions(result, table)
    if table.rows == "lines":
        result.rows = [row for row in result.rows if not _is_kept_apart(result, table, row)]
    for row in result.rows:
        _check_row(result, table, row)
    if table.rows in ("subjects", "economic"):
        _check_subjects(result)
    result.problems += gaps(result)
    doubts = Counter(cell.doubt for row in result.rows for cell in row.values() if cell.doubt)
    result.problems += [f"{count} cells: {doubt}" for doubt, count in doubts.items()]


def _columns_not_found(result: ReadTable, table: Table) -> Iterator[str]:
    """Says which columns no row has, of those that every form has."""
    for name in table.amounts:
        may_lack = name in [*table.optional, *table.added] or (result.is_final_only and name.startswith("budget_"))
        if not may_lack and not any(name in row for row in result.rows):
            yield f"no heading was found for the column {name}"


def _contradictions(result: ReadTable, table: Table) -> Iterator[str]:
    """Says where a table with amounts says that it is empty, or has none of them in its column of totals."""
    if result.has_money and result.says_it_is_empty:
        yield f"it says that it is empty, and has {result.amounts} amounts"
    totals = [row["total"].text for row in result.rows if "total" in row]
    if table.rows == "subjects" and result.amounts and totals and not any(totals):
        yield "nothing stands in the column of totals, and something beside it: it may have shifted"


def _check_row(result: ReadTable, table: Table, row: Row) -> None:
    """Says which cells of a row are none of its columns: line numbers, amounts, labels of the form."""
    number = row.get("line_no")
    if number and number.text.strip() and not re.fullmatch(r"\d{1,3}", number.text.strip()):
        result.problems.append(f"page {number.page}: «{number.text}» is no line number")
        row["line_no"] = Cell("", number.page, number.box)
    for cell in (row[name] for name in table.amounts if name in row):
        if cell.text and not is_value(cell.text):
            result.problems.append(f"page {cell.page}: «{cell.text}» is no amount")
    label = label_key(row["item"].text) if table.rows in ("lines", "sections") else ""
    if label and not is_line_label(table.table_no, label):
        result.problems.append(f"page {row['item'].page}: «{row['item'].text}» is no line of table {table.table_no}")


# What the column of line numbers is called among the other cells (int_line_numbers_that_jump).
LINE_NUMBERS = "行次"


def _is_kept_apart(result: ReadTable, table: Table, row: Row) -> bool:
    """Whether a line is a part of the one above it (其中：捐赠收入), which enters no sum: it is kept apart."""
    label = label_key(row["item"].text)
    if not (label.startswith("其中") or label in table.apart) or label in form_labels(table.table_no):
        return False
    amounts = [row[name] for name in table.amounts if name in row and row[name].text]
    result.apart += [OtherCell(None, column, cell, label, label) for column, cell in enumerate(amounts, 1)]
    if "line_no" in row and row["line_no"].text:
        # the lines around it are numbered with it
        result.apart.append(OtherCell(None, 0, row["line_no"], label, LINE_NUMBERS))
    return True


def _has_no_code(row: Row) -> bool:
    """Whether a row is named as a subject and has no code; totals have none."""
    code, name = row["subject_code"].text, row["subject_name"].text
    return bool(name and not code and not TOTAL.match(name) and not ECONOMIC_TOTAL.match(name))


def _without_codes(result: ReadTable) -> str:
    """Says that no row of a table by subject has a code, from which subject on; nothing of any other table."""
    if tables()[result.table_no].rows != "subjects" or any(row["subject_code"].text for row in result.rows):
        return ""
    names = [row["subject_name"] for row in result.rows if _has_no_code(row)]
    is_told = len(names) > 1
    return (
        f"page {names[0].page}: no codes stand beside {len(names)} subjects, from «{names[0].text}» on"
        if is_told
        else ""
    )


# What a form that only shows the expenditure of a fund lacks.
_BALANCES = ("opening_balance", "revenue", "closing_balance")


def _without_balances(result: ReadTable) -> str:
    """Says that a table of a fund has no columns of revenue and balances; nothing of any other table."""
    table = tables()[result.table_no]
    names = [name for name in _BALANCES if name in table.columns and name not in table.added]
    if not names or not result.has_money or any(name in row for row in result.rows for name in names):
        return ""
    return f"no heading was found for the columns {', '.join(names)}"


def _check_subjects(result: ReadTable) -> None:
    """Says which rows are no subject, or are there twice, as in a file that holds the reports of several units.

    A table that prints no codes at all is one thing to look at, and not as many as it has rows.
    """
    seen: set[str] = set()
    if is_without_codes := bool(problem := _without_codes(result)):
        result.problems.append(problem)
    for row in result.rows:
        code, name, page = row["subject_code"].text, row["subject_name"].text, row["subject_name"].page
        if code and not CODE.match(code):
            result.problems.append(f"page {page}: «{code}» is no subject code")
        elif code and not name:
            result.problems.append(f"page {page}: the subject {code} has no name")
        elif _has_no_code(row) and not is_without_codes:
            result.problems.append(f"page {page}: «{name}» has no subject code")
        if code in seen or (not code and name in seen):
            result.problems.append(f"page {page}: {code or name} is printed twice")
        seen |= {code or name} - {""}
