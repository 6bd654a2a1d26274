"""A second opinion on the accounting identities: the registry read again, in exact fractions and without SQL.

The models say what holds and what does not; nothing here is taken from them. The oracle reads the raw tables as they
are printed, understands amounts, labels and subject codes by itself, and evaluates the registry
(seeds/identities/identities.csv and identity_terms.csv) as its column descriptions say.

**The theorem.** A printed amount x whose last place is u stands for some true value in [x - u/2, x + u/2]; a blank (and
a dash ────) is exactly zero. For integers a_j, numbers within those intervals with sum a_j x_j = 0 exist if and only if
|sum a_j x_j| <= sum |a_j| u_j / 2 over the cells that are not blank: the sum takes every value between its least and
its greatest, for the set of choices is connected, and zero lies between the two exactly then. The same for
sum a_j x_j <= 0: some choice satisfies it if and only if the least value is not positive. A report that cuts digits
off instead of rounding prints x for a true value of at least |x| and less than |x| + u, with the sign of x, and zero
for one of either sign; that end is open, so the sum reaches its greatest or its least value only if no amount pushes it
there.

**The way of printing.** An instance that cannot hold when digits were rounded may hold in another way: digits cut off
(`truncated`), totals that are sums of rounded parts (`summed_parts`), rounded zeros left blank (`blank_zeros`). A way
is refuted when no cell stands in all instances that speak against it, for then one wrong figure could not account for
them. The rule stands in models/docs, `ways_of_printing`; `Ways` reads it again.

**The faulty cell.** Broken instances that share cells are a cluster. A cell is a suspect if some value that can be
printed in it makes every broken instance of its cluster hold and breaks none that held. Each instance of the cell
allows an interval of values, and the values that do are the intersection. `mends` says the same without intervals, by
judging the instances again.

Nothing here knows which reports are good: expected results are in the tests.
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from final_accounts.warehouse.paths import SEEDS

Row = Mapping[str, str | None]
Tables = Mapping[str, list[dict[str, str | None]]]

with (SEEDS / "classification" / "forms.csv").open(encoding="utf-8-sig", newline="") as _text:
    _FORMS = list(csv.DictReader(_text))
FORM_NAMES = {row["table_no"]: row["form_name"] for row in _FORMS}
SUBJECT_FORMS = {row["table_no"]: row["form_name"] for row in _FORMS if row["row_kind"].endswith("_subjects")}
LINE_FORMS = {row["table_no"]: (row["form_name"], row["line_group"]) for row in _FORMS if row["row_kind"] == "lines"}
THREE_PUBLIC = next((row["table_no"], row["form_name"]) for row in _FORMS if row["row_kind"] == "one_row")
PROJECT = "project"
FORM_TOTAL = re.compile(r"(年度|项目)*资金(总额|总计|合计|总量)([(（].*[)）])?|合计|总计")
EMPTY = re.compile("本表无数据|此表无数据|无此项|空表|本表为空|此表为空")
PRIOR = "prior-"
RAW_TABLES = [
    "reports",
    "report_tables",
    *SUBJECT_FORMS.values(),
    *(name for name, _ in LINE_FORMS.values()),
    THREE_PUBLIC[1],
    "projects",
    "project_funding",
    "project_indicators",
]

FEN = Fraction(1, 100)
# Yuan; no budget has that many, and what is printed so is no amount.
TOO_MUCH = 10**16
ZERO = Fraction(0)

# Years ago, one line of table 01 told of all funds together.
ALL_FUNDS = ("01", "revenue_fiscal_appropriation")
LINES_OF_FUNDS = {
    ("01", "revenue_general_public_budget"),
    ("01", "revenue_government_fund"),
    ("01", "revenue_state_capital_operations"),
}

# --- what stands on the paper -----------------------------------------------------------------------------------------

SPACE = " \t\n\r\f\u00a0\u3000"
DASHES = "─━—–－−-"
AS_ASCII = str.maketrans("０１２３４５６７８９，．－−", "0123456789,.--")
CHINESE_NUMERALS = "一二三四五六七八九十"
DIGITS = "0123456789"


def shown(text: str | None) -> str:
    """What is printed in a cell, without the white space around it."""
    return (text or "").strip(SPACE)


def words(text: str | None) -> str:
    """What a label says: no white space, no number in front of it («三、», «（一）», «2.»), no colon behind it."""
    label = "".join(character for character in text or "" if character not in SPACE)
    number = len(label) - len(label.lstrip(CHINESE_NUMERALS))
    digits = len(label) - len(label.lstrip(DIGITS))
    closing = label.find("）")
    if number and label[number : number + 1] == "、":
        label = label[number + 1 :]
    elif digits and label[digits : digits + 1] in (".", "．", "、"):
        label = label[digits + 1 :]
    elif label.startswith("（") and closing > 1 and not label[1:closing].strip(CHINESE_NUMERALS):
        label = label[closing + 1 :]
    return label.removesuffix("：")


class Printed(NamedTuple):
    """What a printed cell holds: its status, the number where it is one, and how many decimals it shows."""

    status: str
    number: Fraction | None = None
    decimals: int = 0


def _is_number(text: str, least: int, most: int) -> bool:
    return least <= len(text) <= most and all(character in DIGITS for character in text)


@cache
def read_amount(text: str | None) -> Printed:
    """Reads an amount: an optional minus, digits that may be grouped by threes, and at most six decimals."""
    cell = shown(text)
    if not cell:
        return Printed("blank")
    if not cell.strip(DASHES) or cell in ("/", "／"):
        return Printed("not_applicable")
    unsigned = cell.translate(AS_ASCII).removeprefix("-")
    whole, point, decimals = unsigned.partition(".")
    first, *groups = whole.split(",")
    fits = (
        _is_number(decimals, 1, 6) if point else True,
        _is_number(first, 1, 3) and len(groups) <= 5 if groups else _is_number(first, 1, 16),
        all(_is_number(group, 3, 3) for group in groups),
    )
    if not all(fits):
        return Printed("rejected")
    number = Fraction(int("".join([first, *groups, decimals])), 10 ** len(decimals))
    is_negative = cell.translate(AS_ASCII).startswith("-")
    return Printed("amount", -number if is_negative else number, len(decimals))


# --- the forms and the registry ---------------------------------------------------------------------------------------


def read_csv(file: Path) -> list[dict[str, str | None]]:
    """The rows of a CSV file by column."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _year(text: str | None, otherwise: int) -> int:
    return int(text) if text else otherwise


@dataclass(frozen=True)
class Line:
    """A line of a form."""

    row_key: str
    class_code: str | None
    is_money: bool


@dataclass
class Forms:
    """What the forms print: amount columns, lines by label, units, decimals of the project forms."""

    columns: dict[str, list[str]]
    # those that only some provinces print, by table
    added: dict[str, set[str]]
    lines: dict[tuple[str, str, str, int], list[Line]]
    units: dict[str, int]
    project_columns: dict[tuple[str, str], tuple[bool, int]]

    @classmethod
    def read(cls, folder: Path) -> "Forms":
        """Reads seeds/classification."""
        columns, added = defaultdict(list), defaultdict(set)
        for row in read_csv(folder / "form_columns.csv"):
            columns[row["table_no"]].append(row["column_name"])
            if row["is_national"] == "false":
                added[row["table_no"]].add(row["column_name"])
        lines = defaultdict(list)
        for row in read_csv(folder / "form_lines.csv"):
            place = (row["table_no"], row["panel"], row["label"], int(row["occurrence"]))
            lines[place].append(
                Line(
                    row["row_key"],
                    row["class_code"] or None,
                    row["value_unit"] == "amount",
                )
            )
        return cls(
            columns=dict(columns),
            added=dict(added),
            lines=dict(lines),
            units={row["amount_unit"]: int(row["yuan"]) for row in read_csv(folder / "amount_units.csv")},
            project_columns={
                (row["form_part"], row["column_name"]): (row["value_kind"] == "money", int(row["decimals"]))
                for row in read_csv(folder / "project_columns.csv")
            },
        )

    def line(self, table_no: str, panel: str, label: str, occurrence: int) -> Line | None:
        """The line that a label means, in whichever year the form has it."""
        return next(iter(self.lines.get((table_no, panel, label, occurrence), [])), None)

    @cached_property
    def panels_of(self) -> dict[tuple[str, str], set[str]]:
        """The panels that a line stands in, by table and row."""
        panels = defaultdict(set)
        for (table_no, panel, _, _), lines in self.lines.items():
            for line in lines:
                panels[table_no, line.row_key].add(f"{table_no} {panel}")
        return panels

    def total_line(self, label: str) -> str | None:
        """The total line of 06 that a label means."""
        found = self.lines.get(("06", "", label, 1))
        return found[0].row_key if found else None


class Term(NamedTuple):
    """One term of an identity: `pick` is how it chooses rows, `key` which one."""

    coefficient: int
    table_no: str
    pick: str
    key: str
    column_name: str
    column_key: str
    is_required: bool


@dataclass(frozen=True)
class Identity:
    """One identity: sum of the terms and the constant is zero, or not positive."""

    identity_id: str
    family: str
    comparison: str
    constant: Fraction
    severity: str
    missing_mode: str
    first_year: int
    last_year: int
    terms: tuple[Term, ...]

    def is_valid(self, year: int) -> bool:
        """Whether it holds in a fiscal year."""
        return self.first_year <= year <= self.last_year


def read_identities(
    identity_rows: Iterable[Row], term_rows: Iterable[Row], columns: Mapping[str, list[str]]
) -> list[Identity]:
    """The linear identities of the registry, with «every column» (`*`) written out."""
    terms = defaultdict(list)
    for row in term_rows:
        pick, _, key = (row["row_selector"] or "").partition(":")
        is_every = row["column_name"] == "*"
        for column in columns[row["table_no"]] if is_every else [row["column_name"]]:
            column_key = column if is_every else row["column_key"] or ""
            required = str(row["is_required"]).lower() == "true"
            terms[row["identity_id"]].append(
                Term(int(row["coefficient"]), row["table_no"], pick, key, column, column_key, required)
            )
    return [
        Identity(
            row["identity_id"],
            row["family"],
            row["comparison"],
            Fraction(row["constant"]),
            row["severity"],
            row["missing_mode"],
            _year(row["first_year"], 0),
            _year(row["last_year"], 9999),
            tuple(terms[row["identity_id"]]),
        )
        for row in identity_rows
        if row["identity_id"] in terms
    ]


def read_registry(folder: Path, forms: Forms) -> list[Identity]:
    """The linear identities of seeds/identities."""
    return read_identities(read_csv(folder / "identities.csv"), read_csv(folder / "identity_terms.csv"), forms.columns)


# --- cells ------------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Cell:
    """One amount cell. Its value counts in yuan, points or pieces; it is None where the cell is not an amount."""

    table_no: str
    row_key: str
    column_name: str
    text: str
    status: str
    value: Fraction | None
    half_unit: Fraction
    # the last place that its table prints, and how many decimals those are; None where things are counted
    place: Fraction | None
    decimals: int
    # where it stands in the raw tables
    row: dict[str, str | None]
    raw_column: str
    # what the row is, to those who pick rows by that
    is_blank_row: bool = False
    is_parent: bool = False
    class_code: str | None = None
    parent_key: str | None = None

    @property
    def name(self) -> tuple[str, str, str]:
        """Table, row and column."""
        return self.table_no, self.row_key, self.column_name


class _Print(NamedTuple):
    """How the amounts of a table are printed: yuan in a unit (None: unknown; 1 where it is no money), and decimals."""

    yuan: int | None
    decimals: int
    is_money: bool = True


class _Valued(NamedTuple):
    text: str
    status: str
    value: Fraction | None
    half_unit: Fraction
    place: Fraction | None
    decimals: int


def _valued(text: str | None, how: _Print) -> _Valued:
    """What a cell stands for. Money without a unit is no amount, nor is what is finer than a fen, or too much."""
    printed = read_amount(text)
    place = Fraction(how.yuan or 1, 10**how.decimals)
    if printed.status != "amount":
        return _Valued(shown(text), printed.status, None, ZERO, place, how.decimals)
    value = printed.number * (how.yuan or 1)
    is_too_fine = (value / FEN).denominator != 1
    if how.is_money and (how.yuan is None or is_too_fine or abs(value) >= TOO_MUCH):
        return _Valued(shown(text), "rejected", None, ZERO, place, how.decimals)
    unit = Fraction(how.yuan or 1, 10 ** max(how.decimals, printed.decimals))
    return _Valued(shown(text), "amount", value, unit / 2, place, how.decimals)


def _counted(text: str | None) -> _Valued:
    """The same for a number of things, which is exact."""
    printed = read_amount(text)
    return _Valued(shown(text), printed.status, printed.number, ZERO, None, 0)


def _subject_cells(table_no: str, rows: list[Row], columns: list[str], forms: Forms, how: _Print) -> Iterator[Cell]:
    """Cells of a table by subject: the code says where a row belongs; some columns only some print."""
    added = forms.added.get(table_no, set())
    if not any(shown(row.get(column)) for row in rows for column in added):
        columns = [column for column in columns if column not in added]
    codes = {shown(row["subject_code"]) for row in rows} - {""}
    has_below = {code[:length] for code in codes for length in range(1, len(code))}
    for row in rows:
        code, label = shown(row["subject_code"]), words_of_subject(row["subject_name"])
        if code:
            key = code
        elif table_no == "06":
            key = forms.total_line(label)
        else:
            key = "total" if label == "合计" else None
        above = {7: code[:5], 5: code[:3], 3: None if table_no == "06" else "total"}.get(len(code))
        for column in columns:
            yield Cell(
                table_no,
                key or f"{'unknown' if label else 'blank'}_{int(row['row_no'])}",
                column,
                *_valued(row[column], how),
                row,
                column,
                is_blank_row=key is None,
                is_parent=code in has_below if code else key == "total",
                class_code=code if len(code) == 3 else None,
                parent_key=above,
            )


def words_of_subject(text: str | None) -> str:
    """A subject's name as printed, without white space."""
    return "".join(character for character in text or "" if character not in SPACE)


def _line_cells(
    table_no: str, group: str, rows: list[Row], columns: list[str], forms: Forms, how: _Print
) -> Iterator[Cell]:
    """Cells of a table by line: the label says what a line is, and the second one of a label is another line."""
    seen: dict[tuple[str, str], int] = defaultdict(int)
    keys: dict[str, set[str]] = defaultdict(set)
    times = Counter((words(row[group]), words(row["item"])) for row in rows)
    for row in sorted(rows, key=lambda row: int(row["row_no"])):
        panel, label = words(row[group]), words(row["item"])
        seen[panel, label] += 1
        if "opening_balance" in keys[panel] and times[panel, label] == 1 and forms.line(table_no, panel, label, 2):
            # below the opening balance a label that could stand twice is the second one, and the first is left out
            seen[panel, label] = 2
        line = forms.line(table_no, panel, label, seen[panel, label]) if label else None
        is_part = line is None and label.startswith("其中")
        unknown = "of_which" if is_part else "unknown" if label else "blank"
        key = line.row_key if line else f"{unknown}_{int(row['row_no'])}"
        keys[panel].add(key)
        for column in columns:
            if table_no == "04" and (column == "amount") != (panel == "revenue"):
                # the revenue half of 04 prints one amount, the expenditure half the four others
                continue
            valued = _counted(row[column]) if line and not line.is_money else _valued(row[column], how)
            yield Cell(
                table_no,
                key,
                column,
                *valued,
                row,
                column,
                is_blank_row=line is None and not is_part,
                class_code=line.class_code if line else None,
            )


def _three_public_cells(rows: list[Row], columns: list[str], how: _Print) -> Iterator[Cell]:
    """Cells of 09, which prints one row; a second one means nothing."""
    for row in rows:
        is_first = int(row["row_no"]) == 1
        for column in columns:
            yield Cell(
                THREE_PUBLIC[0],
                "total" if is_first else f"unknown_{int(row['row_no'])}",
                column,
                *_valued(row[column], how),
                row,
                column,
                is_blank_row=not is_first,
                is_parent=is_first,
            )


def _project_cells(tables: Tables, forms: Forms) -> Iterator[Cell]:
    """Cells of the self-evaluation forms; a form's rows are named 3/funding, 3/funding/2, 3/indicator/4, 3/total."""
    units = {shown(row["project_no"]): forms.units.get(shown(row["amount_unit"])) for row in tables.get("projects", [])}

    def cell(
        part: str, row_key: str, column: str, name: str, row: Row, parent_key: str | None, is_parent: bool
    ) -> Cell:
        is_money, decimals = forms.project_columns[part, column]
        yuan = units.get(shown(row["project_no"])) if is_money else 1
        valued = _valued(row[column], _Print(yuan, decimals, is_money))
        return Cell(PROJECT, row_key, name, *valued, row, column, is_parent=is_parent, parent_key=parent_key)

    money = [name for (part, name), (is_money, _) in forms.project_columns.items() if part == "funding" and is_money]
    for row in tables.get("project_funding", []):
        number = int(shown(row["project_no"]))
        total, scores = f"{number}/funding", f"{number}/total"
        is_total = bool(FORM_TOTAL.fullmatch(words(row["funding_source"])))
        key = total if is_total else f"{total}/{int(row['row_no'])}"
        for column in money:
            yield cell("funding", key, column, column, row, None if is_total else total, is_total)
        name = "execution_score" if is_total else "source_score"
        yield cell("funding", key, "score", name, row, scores if is_total else total, is_total)
    for row in tables.get("project_indicators", []):
        number = int(shown(row["project_no"]))
        for column in ("weight", "score"):
            key = f"{number}/indicator/{int(row['row_no'])}"
            yield cell("indicator", key, column, column, row, f"{number}/total", False)
    for row in tables.get("projects", []):
        key = f"{int(shown(row['project_no']))}/total"
        yield cell("total", key, "total_score", "total_score", row, None, True)


@dataclass
class Report:
    """The cells of one report, to be looked up as terms do."""

    report_id: str
    department: tuple[str, str]
    year: int
    cells: list[Cell]
    # tables without a row of which a note says that they are empty
    empty_tables: set[str]
    # the panels that a line stands in, by table and row
    panels_of: Mapping[tuple[str, str], set[str]]
    # columns that only some provinces print, by table
    added: Mapping[str, set[str]]

    def with_prior(self, prior: "Report | None") -> "Report":
        """The report with the one of the year before beside it, as tables prior-01 to prior-10, to be named by key."""
        if prior is None:
            return self
        beside = [
            replace(
                cell,
                table_no=PRIOR + cell.table_no,
                is_blank_row=False,
                is_parent=False,
                class_code=None,
                parent_key=None,
            )
            for cell in prior.cells
            if cell.table_no != PROJECT
        ]
        return replace(self, cells=self.cells + beside)

    @cached_property
    def by_name(self) -> dict[tuple[str, str, str], Cell]:
        """Each cell by table, row and column."""
        return {cell.name: cell for cell in self.cells}

    @cached_property
    def by_column(self) -> dict[tuple[str, str], list[Cell]]:
        """The cells of each column."""
        columns = defaultdict(list)
        for cell in self.cells:
            columns[cell.table_no, cell.column_name].append(cell)
        return dict(columns)

    @cached_property
    def tables(self) -> set[str]:
        """Tables that are printed."""
        return {cell.table_no for cell in self.cells}

    @cached_property
    def panels(self) -> set[str]:
        """Panels of the line forms of which a line is printed, with their table."""
        return set().union(*(self.panels_of.get(row, set()) for row in self.rows))

    @cached_property
    def rows(self) -> set[tuple[str, str]]:
        """Rows that are printed, by table and key."""
        return {(cell.table_no, cell.row_key) for cell in self.cells}


def _unit_of(cell: Cell) -> Fraction:
    """The last place of a number that would be printed in a cell; a count is exact."""
    return ZERO if cell.place is None else cell.place


def read_report(tables: Tables, forms: Forms) -> Report:
    """The cells of the one report that the raw rows are of."""
    (report,) = tables["reports"]
    year = int(shown(report["fiscal_year"]))
    own = {shown(row["table_no"]): row for row in tables.get("report_tables", [])}

    def how(table_no: str) -> _Print:
        """A table may print a unit and decimals of its own; of another unit it may say by its amounts how many."""
        row = own.get(table_no, {})
        reports = forms.units.get(shown(report["amount_unit"]))
        yuan = forms.units.get(shown(row.get("amount_unit")), reports)
        if shown(row.get("amount_decimals")) or yuan == reports:
            return _Print(yuan, int(shown(row.get("amount_decimals")) or shown(report["amount_decimals"])))
        rows, columns = tables.get(FORM_NAMES[table_no], []), forms.columns[table_no]
        printed = [read_amount(row.get(column)) for row in rows for column in columns]
        decimals = [amount.decimals for amount in printed if amount.status == "amount"]
        return _Print(yuan, max(decimals, default=int(shown(report["amount_decimals"]))))

    cells: list[Cell] = []
    for table_no, name in SUBJECT_FORMS.items():
        cells += _subject_cells(table_no, tables.get(name, []), forms.columns[table_no], forms, how(table_no))
    for table_no, (name, group) in LINE_FORMS.items():
        rows, columns = tables.get(name, []), forms.columns[table_no]
        cells += _line_cells(table_no, group, rows, columns, forms, how(table_no))
    table_no, name = THREE_PUBLIC
    cells += _three_public_cells(tables.get(name, []), forms.columns[table_no], how(table_no))
    cells += _project_cells(tables, forms)
    department = (shown(report["division_code"]), shown(report["department_code"]))
    printed = {cell.table_no for cell in cells}
    notes = {shown(row["table_no"]) for row in tables.get("table_notes", []) if EMPTY.search(row["note_text"] or "")}
    return Report(shown(report["report_id"]), department, year, cells, notes - printed, forms.panels_of, forms.added)


def read_reports(reports: Iterable[Tables], forms: Forms) -> dict[str, Report]:
    """Reports by their identifiers, each with the report of its department of the year before, where there is one."""
    read = [read_report(tables, forms) for tables in reports]
    years = {(report.department, report.year): report for report in read}
    return {report.report_id: report.with_prior(years.get((report.department, report.year - 1))) for report in read}


# --- the identities ---------------------------------------------------------------------------------------------------


class Instance(NamedTuple):
    """Which identity, for which row and column."""

    identity_id: str
    row_part: str
    column_key: str

    @property
    def instance_key(self) -> str:
        """Row and column as the results name them."""
        return ":".join(part for part in (self.row_part, self.column_key) if part)


@dataclass(frozen=True)
class Result:
    """What came of one instance."""

    identity: Identity
    status: str
    residual: Fraction | None
    bound: Fraction | None
    left: Fraction | None
    right: Fraction | None
    cells_present: int
    # whether true values exist if digits were cut off
    fits_cutting: bool
    # what takes part, blank cells too
    terms: tuple[tuple[int, Cell], ...]


def _rows_of(term: Term, report: Report) -> Iterator[tuple[str, Cell]]:
    """The cells that a term takes, each with the row part of the instance it belongs to."""
    if term.pick == "key":
        cell = report.by_name.get((term.table_no, term.key, term.column_name))
        if cell:
            yield "", cell
        return
    for cell in report.by_column.get((term.table_no, term.column_name), []):
        row_part = _row_part(term, cell)
        if row_part is not None:
            yield row_part, cell


def _row_part(term: Term, cell: Cell) -> str | None:
    """The row part of the instance that a cell of the column belongs to, None where the term does not take it."""
    match term.pick:
        case "each":
            return cell.row_key
        case "below" if cell.row_key.startswith(term.key):
            return cell.row_key
        case "blank" if cell.is_blank_row:
            return cell.row_key
        case "parent" if cell.is_parent:
            return cell.row_key
        case "children" if cell.parent_key:
            return cell.parent_key
        case "class" if cell.class_code:
            return cell.class_code
        case "classes" if cell.class_code:
            return ""
    return None


def instances(identity: Identity, report: Report) -> dict[Instance, list[tuple[int, Cell]]]:
    """Every instance of an identity that should run in a report, with what takes part in it.

    An instance over named rows is there whether they are printed or not; one that picks rows by what they are, for
    every such row. An identity that finds nothing at all has none, and `evaluate_identity` says so.
    """
    found: dict[Instance, list[tuple[int, Cell]]] = {}
    for term in identity.terms:
        if term.pick in ("key", "classes"):
            found.setdefault(Instance(identity.identity_id, "", term.column_key), [])
        for row_part, cell in _rows_of(term, report):
            instance = Instance(identity.identity_id, row_part, term.column_key)
            found.setdefault(instance, []).append((term.coefficient, cell))
    return found


def missing_columns(identity: Identity, report: Report) -> set[str]:
    """Column keys whose instances lack a table, a part of one or a row that they need."""
    return (
        {
            term.column_key
            for term in identity.terms
            if term.table_no in report.tables
            and (
                (term.pick == "key" and term.is_required and (term.table_no, term.key) not in report.rows)
                or needed_panels(term, report) - report.panels
                or stops_above(term, report)
            )
        }
        | {
            term.column_key
            for term in identity.terms
            if term.table_no in report.tables | report.empty_tables
            and term.column_name in report.added.get(term.table_no.removeprefix(PRIOR), set())
            and (term.table_no, term.column_name) not in report.by_column
        }
        | columns_without_a_table(identity, report)
    )


def stops_above(term: Term, report: Report) -> bool:
    """Whether a table prints nothing below the section or class of an item that is named: it need not be nought."""
    if term.pick != "key" or len(term.key) != 7 or not term.key.isdigit():
        return False
    own = {row_key for table_no, row_key in report.rows if table_no == term.table_no}
    above = max((row_key for row_key in own if term.key.startswith(row_key)), key=len, default="")
    return 0 < len(above) < 7 and not any(row_key.startswith(above) and row_key != above for row_key in own)


def needed_panels(term: Term, report: Report) -> set[str]:
    """The panels that the rows of a term stand in: of a row that is named, or of all classes."""
    return {
        panel
        for (table_no, row_key), panels in report.panels_of.items()
        if table_no == term.table_no
        and (row_key == term.key if term.pick == "key" else term.pick in ("class", "classes") and len(row_key) == 3)
        for panel in panels
    }


def columns_without_a_table(identity: Identity, report: Report) -> set[str]:
    """Column keys with a term whose table is not printed, but for parts that may be left out."""
    lacking = set()
    for column_key in {term.column_key for term in identity.terms}:
        terms = [term for term in identity.terms if term.column_key == column_key]
        tables = {term.table_no for term in terms}
        parts = tables - {term.table_no for term in terms if term.coefficient < 0}
        known = report.tables | report.empty_tables
        wholes = [
            cell
            for term in terms
            if term.coefficient < 0
            for cell in report.by_column.get((term.table_no, term.column_name), [])
        ]
        # what is not printed may be below zero where its whole is
        if identity.missing_mode == "fewer_terms" and parts & known and all((cell.value or 0) >= 0 for cell in wholes):
            tables -= parts
        if not tables <= known:
            lacking.add(column_key)
    return lacking


def named_rows(instance: Instance, identity: Identity, report: Report) -> set[tuple[str, str]]:
    """The rows that an instance is about by name: lines of the summaries, and the totals of tables by subject."""
    terms = [term for term in identity.terms if term.column_key == instance.column_key]
    lines = {(term.table_no, term.key) for term in terms if term.pick == "key" and term.table_no in ("01", "04")}
    if ALL_FUNDS in lines & report.rows:
        # one line in place of those of the funds
        lines -= LINES_OF_FUNDS
    if instance.row_part == "total":
        lines |= {(term.table_no, "total") for term in terms if term.pick in ("each", "parent")}
    return lines - {ALL_FUNDS}


def rows_left_open(results: Mapping[Instance, Result], report: Report) -> set[tuple[str, str]]:
    """Rows that are not printed and need not be nought: what is printed does not make up their total."""
    left_open = {(table_no, "total") for table_no in report.tables & {"02", "03", "05", "07", "08"}} - report.rows
    if ALL_FUNDS in report.rows:
        left_open |= LINES_OF_FUNDS - report.rows
    for instance, result in results.items():
        identity = result.identity
        terms = [term for term in identity.terms if term.column_key == instance.column_key]
        is_total = (
            identity.severity == "fatal"
            and identity.comparison == "equal"
            and len({term.table_no for term in terms}) == 1
            and [term.coefficient for term in terms].count(1) == 1
            and len(terms) > 2
            and instance.row_part == ""
        )
        amounts = [(coefficient, cell) for coefficient, cell in result.terms if cell.status == "amount"]
        residual = identity.constant + sum((_times(coefficient, cell.value) for coefficient, cell in amounts), ZERO)
        if is_total and abs(residual) > 2 * sum((cell.half_unit for _, cell in amounts), ZERO):
            missing = named_rows(instance, identity, report) - report.rows
            left_open |= {row for row in missing if row[0] in report.tables}
    return left_open


def asks_nothing(result: Result) -> bool:
    """Whether nothing is printed that could be too large: below zero there is room for no part, and none is asked."""
    amounts = [(coefficient, cell) for coefficient, cell in result.terms if cell.status == "amount"]
    return (
        result.identity.comparison == "at_most"
        and all(coefficient < 0 for coefficient, _ in amounts)
        and sum((cell.value for _, cell in amounts), ZERO) < 0
    )


def form_leaves_open(instance: Instance, result: Result, report: Report) -> bool:
    """Whether a project form leaves out a figure that an instance needs: what it does not print is not zero.

    The sources of its money may make up the total without those that are blank or not named.
    """
    if result.identity.family != "form":
        return False
    blank = [(coefficient, cell) for coefficient, cell in result.terms if cell.status in ("blank", "not_applicable")]
    form = instance.row_part.partition("/")[0]
    if instance.identity_id == "p_weights":
        execution = report.by_name.get((PROJECT, f"{form}/funding", "execution_score"))
        return bool(blank) or (execution is not None and execution.status in ("blank", "not_applicable"))
    if instance.identity_id != "p_sources":
        return bool(blank)
    sources = sorted(
        (
            cell.row
            for cell in report.by_column.get((PROJECT, instance.column_key), [])
            if cell.parent_key == instance.row_part
        ),
        key=lambda row: int(row["row_no"]),
    )
    labels = [words(row["funding_source"]) for row in sources]
    among = [label.startswith("其中") for label in labels]
    is_nested = any(among) and not (among[0] and sum(among) in (1, len(among)))
    names_all = not any(among) or any("其他" in label for label in labels)
    is_below = result.residual is not None and result.residual > result.bound
    return is_nested or any(coefficient > 0 for coefficient, _ in blank) or (is_below and bool(blank or not names_all))


def _true_values_exist(comparison: str, least: Fraction, greatest: Fraction) -> bool:
    """Whether a sum that takes every value from `least` to `greatest` can be zero, or not positive."""
    return least <= 0 and (comparison == "at_most" or greatest >= 0)


def _fits_cutting(comparison: str, constant: Fraction, amounts: list[tuple[int, Cell]]) -> bool:
    """Whether true values exist if digits were cut off: each is less than a unit farther from zero than printed."""
    total = constant
    up = down = ZERO
    for coefficient, cell in amounts:
        total += coefficient * cell.value
        reach = 2 * cell.half_unit
        up += reach if coefficient * cell.value >= 0 else ZERO
        down += reach if coefficient * cell.value <= 0 else ZERO
    can_fall = total == 0 or total < down
    can_rise = total == 0 or -total < up
    return (can_fall or total < 0) and (comparison == "at_most" or can_rise or total > 0)


def _judged(identity: Identity, terms: list[tuple[int, Cell]], is_missing: bool) -> Result:
    """Status and figures of one instance, as long as digits are taken to be rounded."""
    present = [(coefficient, cell) for coefficient, cell in terms if cell.status in ("amount", "rejected")]
    amounts = [(coefficient, cell) for coefficient, cell in present if cell.status == "amount"]
    if is_missing:
        return Result(identity, "not_evaluable", None, None, None, None, len(amounts), True, tuple(terms))
    left = sum((_times(coefficient, cell.value) for coefficient, cell in amounts if coefficient > 0), ZERO)
    right = sum((_times(-coefficient, cell.value) for coefficient, cell in amounts if coefficient < 0), ZERO)
    right -= identity.constant
    if len(amounts) < len(present):
        return Result(identity, "blocked", None, None, left, right, len(amounts), True, tuple(terms))
    residual = left - right
    bound = sum((_times(abs(coefficient), cell.half_unit) for coefficient, cell in amounts), ZERO)
    if residual == 0 or (residual < 0 and identity.comparison == "at_most"):
        status = "exact"
    elif _true_values_exist(identity.comparison, residual - bound, residual + bound):
        status = "rounding"
    else:
        status = "broken"
    fits = status == "exact" or _fits_cutting(identity.comparison, identity.constant, amounts)
    return Result(identity, status, residual, bound, left, right, len(amounts), fits, tuple(terms))


def _times(coefficient: int, number: Fraction) -> Fraction:
    """The product, without the work where there is nothing to do."""
    return number if coefficient == 1 else coefficient * number


def evaluate_identity(identity: Identity, report: Report) -> dict[Instance, Result]:
    """Every instance of one identity, before it is asked whether the report cuts digits off."""
    if not identity.is_valid(report.year):
        return {}
    lacking = missing_columns(identity, report)
    found = instances(identity, report)
    if not found:
        # nothing of the kind is printed
        return {Instance(identity.identity_id, "", ""): _judged(identity, [], is_missing=True)}
    return {instance: _judged(identity, terms, instance.column_key in lacking) for instance, terms in found.items()}


def evaluate(identities: Iterable[Identity], report: Report) -> dict[Instance, Result]:
    """Every instance of the identities in a report."""
    results: dict[Instance, Result] = {}
    for identity in identities:
        results |= evaluate_identity(identity, report)
    left_open = rows_left_open(results, report)
    for instance, result in results.items():
        is_open = named_rows(instance, result.identity, report) & left_open or asks_nothing(result)
        if is_open or form_leaves_open(instance, result, report):
            results[instance] = _judged(result.identity, list(result.terms), is_missing=True)
    ways = Ways(results, report)
    for instance, result in results.items():
        if result.status == "broken":
            results[instance] = replace(result, status=ways.status_of(instance))
    return results


# --- the ways of printing ---------------------------------------------------------------------------------------------

SHEET = {"02", "03", "05", "06", "07", "08"}


def _table_of(identity: Identity, column_key: str) -> str | None:
    """The one table that an instance is within, if it is."""
    tables = {term.table_no for term in identity.terms if term.column_key == column_key}
    return tables.pop() if len(tables) == 1 and len(min(tables)) == 2 else None


def _is_total(identity: Identity, column_key: str) -> bool:
    """Whether an instance within a table says that a total is the sum of its parts."""
    terms = [term for term in identity.terms if term.column_key == column_key]
    parts = [term for term in terms if term.coefficient == -1]
    wholes = [term for term in terms if term.coefficient == 1]
    is_sum = len(parts) > 1 or any(term.pick != "key" for term in parts)
    return identity.comparison == "equal" and len(wholes) == 1 and is_sum


def _is_refuted(speaking: list[Result]) -> bool:
    """Whether no cell stands in everything that speaks against something."""
    cells = [{id(cell) for _, cell in result.terms} for result in speaking]
    return bool(cells) and not set.intersection(*cells)


class Ways:
    """Which ways of printing the figures of a report leave open, and what each of them explains."""

    def __init__(self, results: Mapping[Instance, Result], report: Report) -> None:
        self.broken = {i: r for i, r in results.items() if r.status == "broken"}
        self.zeros = Counter(c.table_no for c in report.cells if c.value == 0 and not self._is_exact(c))
        self.table = {i: _table_of(r.identity, i.column_key) for i, r in results.items()}
        self.totals = {i for i, r in results.items() if self.table[i] and _is_total(r.identity, i.column_key)}
        self.totals = {i for i in self.totals if results[i].identity.severity == "fatal"}
        self.off = off = {i: r for i, r in results.items() if r.identity.severity == "fatal" and r.residual}
        self.parts: dict[int, list[Cell]] = defaultdict(list)
        for instance in self.totals:
            terms = results[instance].terms
            if results[instance].identity.family == "row" and not self._is_summed(self.table[instance], is_row=True):
                continue
            for total in (cell for coefficient, cell in terms if coefficient == 1):
                self.parts[id(total)] += [c for coefficient, c in terms if coefficient == -1 and c.value is not None]
        self.against_rounding = [r for r in off.values() if r.status == "broken"]
        self.against_cutting = [r for r in off.values() if not r.fits_cutting]
        self.against_sums = [r for i, r in self._sums_off(is_row=False).items() if self.table[i] in SHEET]
        self.is_rounding_refuted = _is_refuted(self.against_rounding)
        self.cut = {table_no for table_no in report.tables if self._is_cut(table_no)}
        self.summed = {table_no for table_no in report.tables if self._is_summed(table_no)}
        fits = {"cut": self._fits_cut, "summed": self._fits_summed, "blank": self._fits_blank}
        self.fits = {way: {i for i in self.broken if fit(i)} for way, fit in fits.items()}

    @staticmethod
    def _is_exact(cell: Cell) -> bool:
        return cell.place is None or cell.place <= FEN

    def _is_cut(self, table_no: str) -> bool:
        """Whether the figures leave open that a table cuts digits off."""
        within = [r for i, r in self.off.items() if self.table[i] == table_no]
        shown = [r for r in within if r.status == "broken" and r.fits_cutting]
        if _is_refuted([r for r in within if not r.fits_cutting]):
            return False
        return not _is_refuted(self.against_cutting) or _is_refuted(shown)

    def _sums_off(self, is_row: bool) -> dict[Instance, Result]:
        """Totals that are not the exact sum of their parts, in other columns of their row or in other rows."""
        return {i: r for i, r in self.off.items() if i in self.totals and (r.identity.family == "row") == is_row}

    def _is_summed(self, table_no: str, is_row: bool = False) -> bool:
        """Whether the figures leave open that the totals of a table are sums of printed parts."""
        off = self._sums_off(is_row)
        sheet = [r for i, r in off.items() if self.table[i] in SHEET]
        own = [r for i, r in off.items() if self.table[i] == table_no]
        return not _is_refuted(sheet) and (table_no in SHEET or not _is_refuted(own))

    def _leaves(self, cell: Cell) -> dict[int, Cell]:
        parts = self.parts.get(id(cell))
        if not parts:
            return {id(cell): cell}
        return {key: leaf for part in parts for key, leaf in self._leaves(part).items()}

    def _cut_reach(self, instance: Instance) -> tuple[Fraction, Fraction]:
        """How far the true sum may lie above and below the printed one."""
        up = down = ZERO
        for coefficient, cell in self.broken[instance].terms:
            if cell.value is None:
                continue
            if self._is_exact(cell) or cell.table_no not in self.cut:
                up, down = up + cell.half_unit, down + cell.half_unit
            else:
                up += 2 * cell.half_unit if coefficient * cell.value >= 0 else ZERO
                down += 2 * cell.half_unit if coefficient * cell.value <= 0 else ZERO
        return up, down

    def _lies_within(self, instance: Instance, up: Fraction, down: Fraction) -> bool:
        result = self.broken[instance]
        return result.residual < down and (result.residual > -up or result.identity.comparison == "at_most")

    def _fits_cut(self, instance: Instance) -> bool:
        has_cut = any(cell.table_no in self.cut for _, cell in self.broken[instance].terms)
        return has_cut and self._lies_within(instance, *self._cut_reach(instance))

    def _fits_summed(self, instance: Instance) -> bool:
        if instance in self.totals:
            return False
        reach = ZERO
        for _, cell in self.broken[instance].terms:
            leaves = self._leaves(cell).values() if cell.table_no in self.summed else []
            reach += max(cell.half_unit, sum((leaf.half_unit for leaf in leaves), ZERO))
        return abs(self.broken[instance].residual) <= reach

    def _blank_reach(self, instance: Instance) -> Fraction:
        reach = ZERO
        for _, cell in self.broken[instance].terms:
            is_open = len(cell.table_no) == 2 and self.zeros[cell.table_no] < 2
            if cell.status == "blank" and is_open and not self._is_exact(cell):
                reach += cell.place / (1 if cell.table_no in self.cut else 2)
        return reach

    def _fits_blank(self, instance: Instance) -> bool:
        blank, bound = self._blank_reach(instance), self.broken[instance].bound
        up, down = (max(bound, reach) for reach in self._cut_reach(instance))
        return bool(blank) and self._lies_within(instance, up + blank, down + blank)

    def _is_tiny(self, instance: Instance) -> bool:
        result = self.broken[instance]
        printed = sum((abs(cell.value) for _, cell in result.terms if cell.value is not None), ZERO)
        return printed <= 2 * (result.bound + self._blank_reach(instance))

    def explains(self, way: str, instance: Instance) -> bool:
        """Whether an instance holds in a way that explains all, or more than one wrong figure could."""
        if instance not in self.fits[way]:
            return False
        if way == "blank" and not self._is_tiny(instance):
            shown = [self.broken[other] for other in self.fits[way]]
            if not _is_refuted(shown):
                return False
        against = {"cut": self.against_cutting, "summed": self.against_sums, "blank": []}[way]
        left = [i for i, r in self.broken.items() if r.identity.severity == "fatal" and i not in self.fits[way]]
        return not (against or left) or self.is_rounding_refuted

    def status_of(self, instance: Instance) -> str:
        """What a broken instance is."""
        statuses = {"cut": "truncated", "summed": "summed_parts", "blank": "blank_zeros"}
        return next((status for way, status in statuses.items() if self.explains(way, instance)), "broken")


# --- the faulty cell --------------------------------------------------------------------------------------------------


class Interval(NamedTuple):
    """Values from `lowest` to `highest`, both included; None: no end."""

    lowest: Fraction | None
    highest: Fraction | None

    def __and__(self, other: "Interval") -> "Interval":
        """The values in both."""
        lowest = [end for end in (self.lowest, other.lowest) if end is not None]
        highest = [end for end in (self.highest, other.highest) if end is not None]
        return Interval(max(lowest, default=None), min(highest, default=None))

    def __contains__(self, value: object) -> bool:
        """Whether a value is one of them."""
        return (
            isinstance(value, Fraction)
            and (self.lowest is None or value >= self.lowest)
            and (self.highest is None or value <= self.highest)
        )

    def printable(self, place: Fraction) -> tuple[Fraction | None, Fraction | None] | None:
        """The least and the greatest multiple of `place` among the values, None for no end; or None if none is."""
        least = None if self.lowest is None else -(-self.lowest // place) * place
        greatest = None if self.highest is None else self.highest // place * place
        if least is not None and greatest is not None and least > greatest:
            return None
        return least, greatest


EVERYTHING = Interval(None, None)


OTHER_WAYS = ("truncated", "summed_parts", "blank_zeros")


def cuts(results: Mapping[Instance, Result]) -> bool:
    """Whether a report holds because it cuts digits off, which takes up to twice what rounding does."""
    return any(result.status == "truncated" and result.identity.severity == "fatal" for result in results.values())


def _slack(result: Result, bound: Fraction, is_cut: bool) -> Fraction:
    """What may be left between the sides; what holds in another way than rounding must not become worse."""
    left = abs(result.residual) if result.status in OTHER_WAYS else ZERO
    return max(2 * bound if is_cut else bound, left)


def allowed(result: Result, cell: Cell, is_cut: bool = False) -> Interval:
    """The values of one cell with which an instance holds, all others being as printed."""
    (coefficient,) = [coefficient for coefficient, other in result.terms if other is cell]
    others = [(a, other) for a, other in result.terms if other is not cell and other.status == "amount"]
    rest = sum((a * other.value for a, other in others), result.identity.constant)
    bound = sum((abs(a) * other.half_unit for a, other in others), ZERO) + abs(coefficient) * _unit_of(cell) / 2
    slack = _slack(result, bound, is_cut)
    # coefficient * x + rest within the slack of zero, or not above it
    ends = sorted([(-slack - rest) / coefficient, (slack - rest) / coefficient])
    if result.identity.comparison == "equal":
        return Interval(*ends)
    return Interval(None, ends[1]) if coefficient > 0 else Interval(ends[0], None)


def is_held(result: Result) -> bool:
    """Whether an instance was evaluated and holds."""
    return result.status in ("exact", "rounding", *OTHER_WAYS)


def with_value(result: Result, cell: Cell, value: Fraction) -> Result:
    """An instance judged again with another value in one cell, printed in the last place of its table."""
    printed = replace(cell, status="amount", value=value, half_unit=_unit_of(cell) / 2)
    terms = [(coefficient, printed if other is cell else other) for coefficient, other in result.terms]
    return _judged(result.identity, terms, is_missing=False)


@dataclass(frozen=True)
class Suspect:
    """A cell that alone explains a cluster of broken instances, and the values that do."""

    cell: Cell
    cluster: frozenset[Instance]
    interval: Interval


def clusters(results: Mapping[Instance, Result], severity: str) -> list[frozenset[Instance]]:
    """The broken instances of a severity, joined where they share a cell, blank ones too."""
    group_of: dict[Instance, int] = {}
    groups: dict[int, set[Instance]] = {}
    users: dict[int, list[Instance]] = defaultdict(list)
    broken = [
        instance
        for instance, result in results.items()
        if result.status == "broken" and result.identity.severity == severity
    ]
    for number, instance in enumerate(broken):
        group_of[instance], groups[number] = number, {instance}
        for _, cell in results[instance].terms:
            users[id(cell)].append(instance)
    for sharing in users.values():
        first = group_of[sharing[0]]
        for instance in sharing[1:]:
            other = group_of[instance]
            if other != first:
                for moved in groups.pop(other):
                    group_of[moved] = first
                    groups[first].add(moved)
    return [frozenset(group) for group in groups.values()]


def uses_of(results: Mapping[Instance, Result]) -> dict[int, list[Instance]]:
    """By cell (its `id`), the instances it takes part in."""
    uses = defaultdict(list)
    for instance, result in results.items():
        for _, cell in result.terms:
            uses[id(cell)].append(instance)
    return dict(uses)


def binding(
    results: Mapping[Instance, Result], users: Iterable[Instance], cluster: frozenset[Instance]
) -> list[Instance]:
    """Of the instances of a cell, those that its new value must satisfy: its broken ones, and all that hold.

    Information binds nobody.
    """
    return [
        instance
        for instance in users
        if results[instance].identity.severity != "info" and (instance in cluster or is_held(results[instance]))
    ]


def mends(
    results: Mapping[Instance, Result],
    users: Iterable[Instance],
    cluster: frozenset[Instance],
    cell: Cell,
    value: Fraction,
) -> bool:
    """Whether a value in a cell makes the whole cluster hold and breaks nothing, by judging all that use the cell."""
    users, is_cut = set(users), cuts(results)

    def holds(result: Result) -> bool:
        changed = with_value(result, cell, value)
        slack = _slack(result, changed.bound, is_cut)
        return changed.residual <= slack and (result.identity.comparison == "at_most" or changed.residual >= -slack)

    return cluster <= users and all(holds(results[instance]) for instance in binding(results, users, cluster))


def suspects(results: Mapping[Instance, Result], severity: str) -> list[Suspect]:
    """Every cell of the report that alone explains the cluster it is in; one of the year before belongs to another."""
    uses, is_cut = uses_of(results), cuts(results)
    found = []
    for cluster in clusters(results, severity):
        some = next(iter(cluster))
        for _, cell in results[some].terms:
            if cell.table_no.startswith(PRIOR) or not cluster <= set(uses[id(cell)]):
                continue
            interval = EVERYTHING
            for instance in binding(results, uses[id(cell)], cluster):
                interval &= allowed(results[instance], cell, is_cut)
            if interval.printable(cell.place or Fraction(1)) is not None:
                found.append(Suspect(cell, cluster, interval))
    return found
