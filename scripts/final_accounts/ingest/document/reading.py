"""From a file to the raw rows of everything it prints: the one function the command, the tests and the batch share."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from final_accounts.ingest.document.masthead import Report, budget_year, describe
from final_accounts.ingest.document.pages import Cell, Document, Refused, Seen, joined
from final_accounts.ingest.files.kinds import open_file
from final_accounts.ingest.forms.form import Form
from final_accounts.ingest.forms.projects import read_forms
from final_accounts.ingest.layouts import Layout
from final_accounts.ingest.layouts import tables as known_tables
from final_accounts.ingest.narrative.claims import Narrative, read_narrative
from final_accounts.ingest.narrative.finding import text_lines
from final_accounts.ingest.narrative.left_out import tables_left_out
from final_accounts.ingest.tables.all_ten import LINE_NUMBERS, read_tables
from final_accounts.ingest.tables.find.segments import lines_of_tables
from final_accounts.ingest.tables.find.vocabulary import CODE
from final_accounts.ingest.tables.infer.agreement import (
    disagreements,
    economic_names,
    formats_against_units,
    unit_that_only_labels_claim,
)
from final_accounts.ingest.tables.others import OtherTable, amounts_of
from final_accounts.ingest.tables.ruled.table import ReadTable
from final_accounts.landing.raw_files import contract_columns
from final_accounts.registry import TABLE_NAMES
from final_accounts.warehouse.paths import SEEDS

NO_TABLE = "no table of final accounts was found in it: none of the titles of the ten tables stands above a table"
# Columns that say in which part of its table a row stands.
NOT_PRINTED = ("panel", "panel_no", "section")


@dataclass
class Reading:
    """A document as read: what goes into the raw tables, and what a person must look at."""

    document: Document
    report: Report
    layout: Layout
    tables: list[ReadTable]
    others: list[OtherTable]
    narrative: Narrative
    forms: list[Form]
    problems: list[str] = field(default_factory=list)
    # what the text says of tables that are left out because there is nothing to print, by their numbers
    left_out: dict[str, str] = field(default_factory=dict)
    # forms that were not understood: all their cells are kept apart, and no row of a project is theirs
    misread: list[Form] = field(default_factory=list)

    @property
    def report_id(self) -> str:
        """Identifier of the report."""
        return self.report.row["report_id"]

    @property
    def missing(self) -> list[str]:
        """Numbers of the tables that the layout has and that were not found, but for those that are left out."""
        found = {table.table_no for table in self.tables} | self.left_out.keys()
        return [number for number in self.layout.tables if number not in found]

    @property
    def empty(self) -> list[str]:
        """Numbers of the tables without an amount, and of those that are left out because there is none."""
        return [table.table_no for table in self.tables if not table.amounts] + [*self.left_out]

    def apart(self) -> list[str]:
        """Sentences about what is printed and has no place in a raw table: it is kept cell by cell."""
        found = [(f"«{table.title}», page {_pages(table.pages)}", table.amounts) for table in self.others]
        for table in self.tables:
            figures = [own for own in table.apart if own.heading != LINE_NUMBERS]
            names = "», «".join(dict.fromkeys(own.heading for own in figures))
            found += [(f"table {table.table_no}, «{names}»", len(figures))] if names else []
        found += [_apart_of(form) for form in self.forms if amounts_of(form.apart)]
        said = [f"{place}: {count} figures are kept apart" for place, count in found]
        return said + [
            f"self-evaluation form, page {_pages(form.pages)}: {amounts_of(form.apart)} figures are kept apart: "
            f"{form.misread}"
            for form in self.misread
        ]

    def open_points(self) -> list[str]:
        """Sentences about everything that keeps the reading from being sure, before the identities are asked."""
        points = self.problems + [f"report: {problem}" for problem in self.report.problems]
        apart = {table.table_no: table.problem for table in self.others if table.table_no}
        points += [f"table {number} was not found" for number in self.missing if number not in apart]
        points += [f"table {number}: {problem}" for number, problem in apart.items()]
        points += self._pictures()
        points += disagreements(self.tables, self.report.row["fiscal_year"])
        points += formats_against_units(self.tables, self.document, self.report.row["amount_unit"])
        if not any(claim["unit"].endswith("元") for claim in self.narrative.claims):
            points += unit_that_only_labels_claim(self.tables, self.report.row["amount_unit"])
        for table in self.tables:
            points += [f"table {table.table_no}: {problem}" for problem in (*table.problems, *_silence(table))]
        points += [f"narrative: {problem}" for problem in self.narrative.problems]
        points += [f"self-evaluation form {form.number}: {problem}" for form in self.forms for problem in form.problems]
        return points

    def _pictures(self) -> list[str]:
        """Which pages show a picture where a table may be: among the tables, or anywhere where one was not found."""
        pages = {page for table in self.tables for page in table.pages}
        return [
            f"page {page.number} shows a picture, and what is on it was not read"
            for page in self.document.pages
            if page.pictures and (self.missing or min(pages) <= page.number <= max(pages))
        ]


def _silence(table: ReadTable) -> list[str]:
    """What is to be said of a table without an amount that does not say why, where every report has some."""
    is_always_filled = table.table_no in ("01", "02", "03", "04", "05", "06", "10")
    if not table.amounts and not table.says_it_is_empty and is_always_filled:
        return ["no amount was read, and the table does not say that it is empty"]
    return []


def _apart_of(form: Form) -> tuple[str, int]:
    """Which cells of a form the raw tables have no column for, and how many of them are figures."""
    names = "», «".join(dict.fromkeys(own.heading for own in form.apart if own.heading and amounts_of([own])))
    return f"self-evaluation form {form.number}" + (f", «{names}»" if names else ""), amounts_of(form.apart)


def _pages(pages: list[int]) -> str:
    return ", ".join(map(str, pages))


def open_document(path: Path) -> Document:
    """The document in a file, by what the file is and not by its name; raises Refused with the reason."""
    return open_file(path)


def read(path: Path, given: dict[str, str] | None = None, text: Path | None = None) -> Reading:
    """Everything that a report file prints; raises Refused where it is no report that can be read.

    `text` is the file of its narrative, where it is one of its own.
    """
    document = open_document(path)
    if document.characters == 0:
        raise Refused("there is no text in it")
    found, layout, others = read_tables(document)
    if not any("决算" in table.title for table in found) and (year := budget_year(document)) is not None:
        raise Refused(f"a budget{f' of {year}' if year else ''} (部门预算): expected final accounts (部门决算)")
    if layout is None or not found:
        raise Refused(_why_no_table(document))
    narrative = read_narrative(document, lines_of_tables(document) if document.kind == "pdf" else ())
    forms, misread = _parted(read_forms(document))
    report = describe(document, found, _department_codes(forms), given or {}, layout.level)
    others = [own for table in others if (own := _without_forms(table, [*forms, *misread])).cells]
    _doubt_marked_cells(document, found)
    _see_figures(document, found)
    reading = Reading(document, report, layout, found, others, narrative, forms, document.doubts)
    reading.misread = misread
    _say_left_out(reading, document)
    if text is not None:
        _add_text(reading, open_document(text))
    return reading


def _department_codes(forms: list[Form]) -> list[str]:
    """The codes of departments that stand before their names in self-evaluation forms."""
    matches = (re.match(r"^(\d{3})-", form.head.get("department", "")) for form in forms)
    return [match.group(1) for match in matches if match]


def _add_text(reading: Reading, document: Document) -> None:
    """Adds what a file of text says to what was read from the file of the tables, where none of it has a place."""
    reading.narrative = read_narrative(document)
    reading.narrative.pages_known, reading.narrative.places = False, []
    reading.problems = [*reading.problems, *document.doubts]
    _say_left_out(reading, document)
    if not reading.forms and not reading.misread:
        reading.forms, reading.misread = _parted(read_forms(document))
        for form in [*reading.forms, *reading.misread]:
            form.head |= dict.fromkeys(("page_from", "page_to") & form.head.keys(), "")
            form.apart = [replace(own, cell=replace(own.cell, box=None)) for own in form.apart]


def _parted(forms: list[Form]) -> tuple[list[Form], list[Form]]:
    """The forms that were understood, and those that were not."""
    return [form for form in forms if not form.misread], [form for form in forms if form.misread]


def _without_forms(table: OtherTable, forms: list[Form]) -> OtherTable:
    """A table without the cells that are of self-evaluation forms."""
    if _is_of_forms(table, [form for form in forms if not form.cells]):
        return replace(table, cells=[])
    cells = set().union(*(form.cells for form in forms))
    return replace(table, cells=[own for own in table.cells if id(own.cell) not in cells])


def _is_of_forms(table: OtherTable, forms: list[Form]) -> bool:
    """Whether a table is what is drawn of a self-evaluation form that was read: a project, and none beside the ten."""
    if not forms or "自评" in table.title:
        return bool(forms)
    pages = {page for form in forms for page in form.pages}
    return pages.issuperset(table.pages) and any(
        re.match(r"^(?:项目名称|主管部门|[一二三]级指标|绩效指标|总分)", joined(own.cell.text)) for own in table.cells
    )


def _say_left_out(reading: Reading, document: Document) -> None:
    """Keeps the sentences of a document about tables that the report leaves out."""
    printed = {table.table_no for table in [*reading.tables, *reading.others]}
    said = tables_left_out(text_lines(document))
    reading.left_out |= {number: sentence for number, sentence in said.items() if number not in printed}


def _doubt_marked_cells(document: Document, found: list[ReadTable]) -> None:
    """Says which amounts of a page something on it speaks against: it is not to be seen, struck out, beside a note."""
    marks = {page.number: page.marks for page in document.pages if page.marks}
    for table in found:
        counts: Counter[str] = Counter()
        for row in table.rows:
            for name in known_tables()[table.table_no].amounts:
                cell = row.get(name)
                if cell and cell.box and cell.doubt is None and re.search(r"\d", cell.text):
                    cell.doubt = next((m.doubt for m in marks.get(cell.page, ()) if m.is_in(cell.box)), None)
                    counts.update([cell.doubt] if cell.doubt else [])
        table.problems += [f"{count} cells: {doubt}" for doubt, count in counts.items()]


def _see_figures(document: Document, found: list[ReadTable]) -> None:
    """Keeps beside each amount and code of a picture how it was seen, and says which were not read for certain."""
    seen = {page.number: page.seen for page in document.pages if page.seen}
    for table in found:
        for row_no, name, cell in _places_to_see(table):
            if cell.page not in seen:
                continue
            is_amount = name != "subject_code"
            own = [figure for figure in seen[cell.page] if figure.is_in(cell.box)]
            cell.seen = _together(own, cell, is_amount=is_amount) if cell.text or own else None
            if cell.seen and not is_amount:
                table.problems += _doubts_of_code(cell, table)
            elif cell.seen and not cell.text:
                cell.doubt = "something is printed there that could not be read"
                table.problems.append(f"page {cell.page}, row {row_no}, {name}: {cell.doubt}")


def _places_to_see(table: ReadTable) -> Iterator[tuple[int, str, Cell]]:
    """The cells of the codes and amounts of a table that have a place on their page, with row and column."""
    for row_no, row in enumerate(table.rows, 1):
        for name in ("subject_code", *known_tables()[table.table_no].amounts):
            cell = row.get(name)
            if cell is not None and cell.box is not None:
                yield row_no, name, cell


def _doubts_of_code(cell: Cell, table: ReadTable) -> list[str]:
    """What is to be said of a code that was not read twice alike, as far as it cannot be settled."""
    return _settle_code(cell, table) if cell.text and not cell.seen.is_sure else []


def _together(figures: list[Seen], cell: Cell, *, is_amount: bool) -> Seen:
    """What was seen in a cell, whose text is what was made of the first reading.

    A code may stand in several parts. An amount is one figure with its sign: what stands beside it may be a speck.
    """
    again = "".join(figure.again for figure in figures)
    is_sure = bool(figures) and (all(figure.is_twice for figure in figures) or again == cell.text)
    if is_amount and is_sure:
        is_signed = cell.text.startswith("-")
        is_sure = len(figures) == 1 and (not is_signed or figures[0].text[:1] not in "0123456789")
    return Seen(cell.box, cell.text, cell.text if is_sure else again, is_sure)


def _settle_code(cell: Cell, table: ReadTable) -> list[str]:
    """Takes the one of two readings of a code that is one; says so where both are, or none is."""
    is_economic = known_tables()[table.table_no].rows == "economic"
    is_code = economic_names().__contains__ if is_economic else CODE.match
    codes = [code for code in (cell.text, cell.seen.again) if is_code(code)]
    if len(codes) == 1:
        cell.text = codes[0]
        return []
    return [f"page {cell.page}: the code «{cell.text}» was read again as «{cell.seen.again}»"]


def _why_no_table(document: Document) -> str:
    text = "".join(getattr(part, "text", "") for part in document.parts())
    if "决算" not in text:
        return "not a final accounts report: the word 决算 does not occur in it"
    return NO_TABLE


def columns_of(table: str) -> list[str]:
    """Columns of a raw table, in the order of its contract."""
    return contract_columns(SEEDS / "accounts" / f"{table}.yml")


def raw_tables() -> list[str]:
    """Names of all raw tables of accounts that a reading writes."""
    return sorted(path.stem for path in (SEEDS / "accounts").glob("*.yml"))


def raw_rows(reading: Reading) -> dict[str, list[dict[str, str]]]:
    """The rows of each raw table, columns in the order of the contract."""
    report_id = reading.report_id
    rows: dict[str, list[dict[str, str]]] = {name: [] for name in raw_tables()}
    rows["reports"].append(reading.report.row)
    unit, places = reading.report.row["amount_unit"], reading.report.row["amount_decimals"]
    for table in sorted(reading.tables, key=lambda table: table.table_no):
        own_places = _places(table)
        rows["report_tables"].append(
            {
                "table_no": table.table_no,
                "form_no": table.form_no,
                "title": table.title,
                "department_name": table.department_name,
                "fiscal_year": table.fiscal_year,
                "amount_unit": table.amount_unit or unit,
                "amount_decimals": own_places if own_places not in ("", places) else "",
                "page_from": str(table.pages[0]) if reading.document.pages_known else "",
                "page_to": str(table.pages[-1]) if reading.document.pages_known else "",
            }
        )
        for number, (kind, text) in enumerate(table.notes, 1):
            rows["table_notes"].append(
                {"table_no": table.table_no, "note_no": str(number), "note_kind": kind, "note_text": text}
            )
        name = TABLE_NAMES[table.table_no]
        for number, row in enumerate(table.rows, 1):
            rows[name].append({"row_no": str(number)} | {column: cell.text for column, cell in row.items()})
    for table_no, sentence in reading.left_out.items():
        rows["table_notes"].append({"table_no": table_no, "note_no": "1", "note_kind": "", "note_text": sentence})
    rows["other_cells"] = _other_rows(reading)
    rows["cell_places"] = _place_rows(reading)
    for name, more in (reading.narrative.rows() | _form_rows(reading.forms)).items():
        rows[name] += more
    for name, own in rows.items():
        columns = columns_of(name)
        rows[name] = [{column: (row | {"report_id": report_id}).get(column, "") for column in columns} for row in own]
    return rows


def _other_rows(reading: Reading) -> list[dict[str, str]]:
    """The cells that no other raw table has a place for: of columns of the ten tables, and of other tables."""
    found = [(table.table_no, table.title, own) for table in reading.tables for own in table.apart]
    found += [("", table.title, own) for table in reading.others for own in table.cells]
    found += [("", form.title, own) for form in [*reading.forms, *reading.misread] for own in form.apart]
    return [
        {
            "cell_no": str(number),
            "table_no": table_no,
            "title": title,
            "page_no": str(own.cell.page) if reading.document.pages_known else "",
            "row_no": str(own.row_no or ""),
            "column_no": str(own.column_no),
            "row_label": own.row_label,
            "heading": own.heading,
            "printed_text": own.cell.text.strip(),
            "box": _box(reading.document, own.cell),
        }
        for number, (table_no, title, own) in enumerate(found, 1)
    ]


def _place_rows(reading: Reading) -> list[dict[str, str]]:
    """Where each cell of the tables stands that something is printed in, and each figure of the narrative."""
    document = reading.document
    found = [(TABLE_NAMES[number], row_no, column, cell) for (number, row_no, column), cell in places(reading).items()]
    found += [("narrative_claims", str(n), "value_text", cell) for n, cell in enumerate(reading.narrative.places, 1)]
    read_as = {page.number: page.read_as for page in document.pages}
    return [
        {
            "raw_table": name,
            "row_no": row_no,
            "column_name": column,
            "page_no": str(cell.page) if document.pages_known else "",
            "box": _box(document, cell),
            "read_as": "picture" if cell.seen else read_as[cell.page],
        }
        for name, row_no, column, cell in found
        if cell.text.strip() and column not in NOT_PRINTED and (document.pages_known or cell.box)
    ]


def _box(document: Document, cell: Cell) -> str:
    """Left, top, right and bottom on the page in points; only a PDF has points."""
    if document.kind != "pdf" or cell.box is None:
        return ""
    corner = next(page.corner for page in document.pages if page.number == cell.page)
    seen = cell.box.seen_from(corner)
    return " ".join(f"{edge:.1f}" for edge in (seen.x0, seen.top, seen.x1, seen.bottom))


def _places(table: ReadTable) -> str:
    """Decimals that most amounts of a table show; nothing where it has none or is no table of money."""
    if table.table_no == "10":
        return ""
    counts: dict[int, int] = {}
    for row in table.rows:
        for name in known_tables()[table.table_no].amounts:
            text = row[name].text if name in row else ""
            if re.search(r"\d", text):
                places = len(text.partition(".")[2])
                counts[places] = counts.get(places, 0) + 1
    return str(max(counts, key=counts.get)) if counts else ""


def _form_rows(forms: list[Form]) -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = {
        name: [] for name in ("projects", "project_funding", "project_indicators", "project_analyses")
    }
    for form in forms:
        number = {"project_no": str(form.number)}
        rows["projects"].append(number | form.head)
        for order, row in enumerate(form.funding, 1):
            rows["project_funding"].append(number | {"row_no": str(order)} | row)
        for order, row in enumerate(form.indicators, 1):
            rows["project_indicators"].append(number | {"row_no": str(order)} | row)
        for order, row in enumerate(form.analyses, 1):
            rows["project_analyses"].append(number | {"section_no": str(order)} | row)
    return rows


def write_rows(folder: Path, rows: dict[str, list[dict[str, str]]], report_id: str) -> None:
    """Writes the rows as `<folder>/<table>/<report_id>.csv`, one file a table that has rows."""
    for name, own in rows.items():
        if own:
            target = folder / name / f"{safe_name(report_id)}.csv"
            target.parent.mkdir(parents=True, exist_ok=True)
            write_csv(target, columns_of(name), own)


def safe_name(text: str) -> str:
    """A text from a report as part of a file name: nothing of it can point to another folder."""
    return re.sub(r"[^0-9A-Za-z\u4e00-\u9fff-]", "_", text)[:100]


def write_csv(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    """Writes a CSV file in one step: readers see the old file or the whole new one."""
    draft_csv(path, columns, rows).replace(path)


def draft_csv(path: Path, columns: list[str], rows: list[dict[str, str]]) -> Path:
    """Writes a CSV file beside the place where it belongs; returns where it is."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    return draft


def places(reading: Reading) -> dict[tuple[str, str, str], Cell]:
    """The cell of each table, row number and column."""
    return {
        (table.table_no, str(number), column): cell
        for table in reading.tables
        for number, row in enumerate(table.rows, 1)
        for column, cell in row.items()
    }
