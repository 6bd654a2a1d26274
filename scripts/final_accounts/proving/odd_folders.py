"""Folders of raw tables as people leave them: files renamed, moved, spoiled, or made something else.

Everything is drawn by a seed. What a folder was given is told beside it, amount by amount, so that a reader of folders
can be asked for each: is it loaded where it was put, or is its file or its report named?
"""

import csv
import gzip
import io
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import duckdb

from final_accounts.landing.reader import CONTRACTS, tables
from final_accounts.terminal import printable

# The table of reports, and some of amounts: of a row and one report, of lines, of subjects.
PUT_IN = ("reports", "revenue", "expenditure", "state_capital_operations")
WORDS = frozenset({"report_id", "row_no", "subject_code", "subject_name"})


@dataclass(frozen=True)
class Put:
    """An amount that was put into a file: loaded as it is, or one of the names is told."""

    table: str
    column: str
    report_id: str
    amount: str
    oddity: str
    names: tuple[str, ...]

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Where it has to be found."""
        return self.table, self.column, self.report_id, self.amount


@dataclass
class Sheet:
    """The rows of a file before it is written, as texts."""

    table: str
    columns: list[str]
    rows: list[list[str]]
    # amounts that stand in the file and in no column of the table
    strange: list[str] = field(default_factory=list)

    def text(self, separator: str = ",", end: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
        """As CSV."""
        lines = io.StringIO(newline="")
        # the quoting of Python hangs on the separator only
        writer = csv.writer(lines, delimiter=separator, lineterminator=end, quoting=quoting)
        writer.writerows([self.columns, *self.rows])
        return lines.getvalue()

    def column(self, name: str) -> list[str]:
        """The cells of a column."""
        return [row[self.columns.index(name)] for row in self.rows]


class Drawn:
    """Amounts and reports, each of which is drawn once."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self.amounts, self.reports = 0, 0

    def amount(self) -> str:
        """An amount that stands nowhere else."""
        self.amounts += 1
        return f"{self.amounts}.{self.chance.randrange(100):02}"

    def report(self) -> dict[str, str]:
        """The row of a report that stands nowhere else."""
        year, department = divmod(self.reports, 900)
        self.reports += 1
        own = {"department_code": f"{department + 100}", "fiscal_year": f"{2015 + year}"}
        return _rows_of("reports")[0] | own | {"report_id": f"140405-{department + 100}-{2015 + year}"}


@cache
def _rows_of(table: str) -> list[dict[str, str]]:
    """The first rows of a table that the project ships: they keep the contract."""
    with (CONTRACTS / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:3]
    return rows or [dict.fromkeys(tables()[table], "") | {"row_no": "1", "subject_code": "223", "subject_name": "x"}]


def sheet_of(table: str, reports: list[dict[str, str]], drawn: Drawn) -> Sheet:
    """A table of some reports, every amount of which is one of its own."""
    columns = tables()[table]
    if table == "reports":
        return Sheet(table, columns, [[report[column] for column in columns] for report in reports])
    rows = []
    for report in reports:
        for row in _rows_of(table):
            own = {column: drawn.amount() for column in columns if column not in WORDS}
            rows.append([(row | own | {"report_id": report["report_id"]})[column] for column in columns])
    return Sheet(table, columns, rows)


Spoil = Callable[[Sheet, Drawn], bytes]


def _as_text(change: Callable[[str], str] = lambda text: text, encoding: str = "utf-8", **how: str | int) -> Spoil:
    """The text of a sheet, changed."""
    return lambda sheet, _: change(sheet.text(**how)).encode(encoding, "replace")  # type: ignore[arg-type]


def _extra_column(sheet: Sheet, drawn: Drawn) -> bytes:
    return _with_column(sheet, "more", drawn)


def _column_twice(sheet: Sheet, drawn: Drawn) -> bytes:
    return _with_column(sheet, sheet.columns[-1], drawn)


def _with_column(sheet: Sheet, name: str, drawn: Drawn) -> bytes:
    sheet.strange = [drawn.amount() for _ in sheet.rows]
    rows = [[*row, more] for row, more in zip(sheet.rows, sheet.strange, strict=True)]
    return Sheet(sheet.table, [*sheet.columns, name], rows).text().encode()


def _without_last_column(sheet: Sheet, _: Drawn) -> bytes:
    sheet.columns, sheet.rows = sheet.columns[:-1], [row[:-1] for row in sheet.rows]
    return sheet.text().encode()


def _columns_in_another_order(sheet: Sheet, drawn: Drawn) -> bytes:
    order = list(range(len(sheet.columns)))
    drawn.chance.shuffle(order)
    sheet.columns = [sheet.columns[at] for at in order]
    sheet.rows = [[row[at] for at in order] for row in sheet.rows]
    return sheet.text().encode()


def _longer_row(sheet: Sheet, drawn: Drawn) -> bytes:
    sheet.strange = [drawn.amount()]
    return (sheet.text().rstrip("\n") + f",{sheet.strange[0]}\n").encode()


def _shorter_row(sheet: Sheet, _: Drawn) -> bytes:
    text = sheet.text().rpartition(",")[0] + "\n"
    sheet.rows[-1][-1] = ""
    return text.encode()


def _header_again(sheet: Sheet, _: Drawn) -> bytes:
    sheet.rows.append(list(sheet.columns))
    return sheet.text().encode()


def _quote_within(sheet: Sheet, _: Drawn) -> bytes:
    text = sheet.text()
    at = sheet.columns.index("report_id")
    plain, sheet.rows[0][at] = sheet.rows[0][at], sheet.rows[0][at].replace("405", '"405', 1)
    return text.replace(plain, sheet.rows[0][at], 1).encode()


def _without_report(sheet: Sheet, _: Drawn) -> bytes:
    sheet.rows[-1][sheet.columns.index("report_id")] = ""
    return sheet.text().encode()


def _in_the_report(change: Callable[[str], str]) -> Spoil:
    def spoil(sheet: Sheet, _: Drawn) -> bytes:
        at = sheet.columns.index("report_id")
        for row in sheet.rows:
            row[at] = change(row[at])
        return sheet.text().encode()

    return spoil


def _in_the_amounts(change: Callable[[str], str]) -> Spoil:
    def spoil(sheet: Sheet, _: Drawn) -> bytes:
        first = sheet.columns.index(next(name for name in sheet.columns if name not in WORDS))
        for row in sheet.rows if sheet.table != "reports" else []:
            row[first] = change(row[first])
        return sheet.text().encode()

    return spoil


def _at_the_end(mark: str) -> Spoil:
    def spoil(sheet: Sheet, _: Drawn) -> bytes:
        text = sheet.text()[:-1] + mark + "\n"
        sheet.rows[-1][-1] += mark
        return text.encode()

    return spoil


def _parquet(types: str = "varchar") -> Spoil:
    """As Parquet; amounts of some type."""

    def spoil(sheet: Sheet, drawn: Drawn) -> bytes:
        file = Path(f"/dev/shm/odd-{os.getpid()}.parquet")  # noqa: S108 - removed at once
        kinds = {
            column: "varchar" if column in WORDS or sheet.table == "reports" else types for column in sheet.columns
        }
        cells = ", ".join(f"cast(nullif(${column}, '') as {kind}) as {column}" for column, kind in kinds.items())
        with duckdb.connect() as connection:
            for row in sheet.rows:
                given = dict(zip(sheet.columns, row, strict=True))
                if row is sheet.rows[0]:
                    connection.execute(f"create table rows as select {cells}", given)
                else:
                    connection.execute(f"insert into rows select {cells}", given)
            connection.execute(f"copy rows to '{file}' (format parquet)")
        content = file.read_bytes()
        file.unlink()
        return content

    return spoil


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")

SPOILS: dict[str, Spoil] = {
    "title above": _as_text(lambda text: "收入决算表\n" + text),
    "comment above": _as_text(lambda text: "# by hand\n" + text),
    "blank line above": _as_text(lambda text: "\n" + text),
    "extra column": _extra_column,
    "column twice": _column_twice,
    "column missing": _without_last_column,
    "columns in another order": _columns_in_another_order,
    "header in capitals": _as_text(lambda text: text.partition("\n")[0].upper() + "\n" + text.partition("\n")[2]),
    "header with spaces": _as_text(lambda text: text.replace(",", ", ", text.partition("\n")[0].count(","))),
    "header again": _header_again,
    "no header": _as_text(lambda text: text.partition("\n")[2]),
    "everything quoted": _as_text(quoting=csv.QUOTE_ALL),
    "semicolons": _as_text(separator=";"),
    "tabs": _as_text(separator="\t"),
    "bars": _as_text(separator="|"),
    "full-width commas": _as_text(lambda text: text.replace(",", "，")),
    "byte order mark": _as_text(encoding="utf-8-sig"),
    "CRLF": _as_text(end="\r\n"),
    "CR": _as_text(end="\r"),
    "two kinds of line ends": _as_text(lambda text: text[:-1] + "\r\n"),
    "no line end": _as_text(lambda text: text.rstrip("\n")),
    "blank lines": _as_text(lambda text: text.replace("\n", "\n\n")),
    "UTF-16": _as_text(encoding="utf-16"),
    "GB18030": _as_text(encoding="gb18030"),
    "NUL": _as_text(lambda text: text.replace(",", ",\0", 1)),
    "control character": _at_the_end("\x1a"),
    "open quote": _at_the_end('"'),
    "quote within": _quote_within,
    "comment in the middle": _as_text(lambda text: text.replace("\n", "\n# seen\n", 1)),
    "commented rows": _in_the_report(lambda report_id: "#" + report_id),
    "spaces around the report": _in_the_report(lambda report_id: f" {report_id}\u00a0"),
    "row without report": _without_report,
    "longer row": _longer_row,
    "shorter row": _shorter_row,
    "spaces around amounts": _in_the_amounts(lambda amount: f" {amount}\u3000"),
    "thousands separated": _in_the_amounts(lambda amount: f"1,000,{amount}"),
    "wide digits": _in_the_amounts(lambda amount: amount.translate(WIDE)),
    "words in amounts": _in_the_amounts(lambda amount: f"{amount}万元"),
    "line break in a cell": _in_the_amounts(lambda amount: f"{amount}\n"),
    "empty": lambda sheet, _: _emptied(sheet, b""),
    "header only": lambda sheet, _: _emptied(sheet, sheet.text().partition("\n")[0].encode() + b"\n"),
    "compressed": lambda sheet, _: gzip.compress(sheet.text().encode()),
    "Parquet": _parquet(),
    "Parquet called CSV": _parquet(),
    "Parquet of decimals": _parquet("decimal(18, 2)"),
    "Parquet of floats": _parquet("double"),
    "CSV called Parquet": _as_text(),
    "half of a Parquet": lambda sheet, drawn: _parquet()(sheet, drawn)[:-200],
}


def _emptied(sheet: Sheet, content: bytes) -> bytes:
    sheet.rows = []
    return content


SUFFIXES = ["CSV", "Csv", "tsv", "txt", "csv.gz", "csv.bak", "csv~", "xlsx", "json", ""]
STEMS = ["{} copy", "{}(1)", "._{}", ".{}", "{}\n", "{}\x1b[2J", "屯留区 {}", "-{}", "{}'; drop table a; --", "%s{}"]
FOLDERS = ["", "unknown", "old/{}", "{}/2023", "2023/{}", "{} ", "revenue_expenditure_summary", ".{}"]
KINDS = ["link", "link to nowhere", "pipe", "folder", "second name"]


def odd_folder(folder: Path, drawn: Drawn) -> list[Put]:
    """Makes a folder of one to four reports, and says what was put in."""
    chance, put = drawn.chance, []
    reports = [drawn.report() for _ in range(chance.randint(1, 4))]
    groups = [reports] if chance.random() < 0.2 else [[report] for report in reports]
    for group in groups:
        stem = group[0]["report_id"] if len(group) == 1 else "all"
        for table in PUT_IN:
            if chance.random() < 0.9:
                put += list(_odd_file(folder, sheet_of(table, group, drawn), stem, drawn))
    return put


@dataclass(frozen=True)
class Guise:
    """How the file of a sheet looks: its folder, name and ending, the kind of thing that it is, and what is odd."""

    folder: str
    stem: str
    suffix: str
    kind: str
    oddity: str

    @property
    def path(self) -> Path:
        """Where it is in the folder of the report."""
        return Path(self.folder) / (f"{self.stem}.{self.suffix}" if self.suffix else self.stem)


def _guise(table: str, stem: str, spoil: str, chance: random.Random) -> Guise:
    """The file of a table in one odd way, or in none; what is spoilt in it is the first thing to be named."""
    suffix = "parquet" if "Parquet" in spoil and "called CSV" not in spoil else "csv"
    plain = Guise(table, stem, suffix, "", spoil)
    what = chance.random()
    if what < 0.06:
        suffix = chance.choice(SUFFIXES)
        return replace(plain, suffix=suffix, oddity=spoil or f"called .{suffix}")
    if what < 0.12:
        pattern = chance.choice(STEMS)
        return replace(plain, stem=pattern.format(stem), oddity=spoil or f"called {printable(pattern)}")
    if what < 0.18:
        return replace(plain, folder=chance.choice(FOLDERS).format(table), oddity=spoil or "in another folder")
    if what < 0.22:
        kind = chance.choice(KINDS)
        return replace(plain, kind=kind, oddity=spoil or f"a {kind}")
    return plain


def _odd_file(folder: Path, sheet: Sheet, stem: str, drawn: Drawn) -> Iterator[Put]:
    """Writes a sheet in one odd way, or in none, and says what was put in."""
    chance = drawn.chance
    spoil = chance.choice(list(SPOILS)) if chance.random() < 0.3 else ""
    guise = _guise(sheet.table, stem, spoil, chance)
    content = SPOILS[spoil](sheet, drawn) if spoil else sheet.text().encode()
    file = folder / guise.path
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() or file.is_symlink():
        return
    reports = {cell.strip() for cell in sheet.column("report_id")} if "report_id" in sheet.columns else set()
    names = (printable(file.relative_to(folder)), *sorted(reports - {"", "report_id"}))
    if _written(file, content, guise.kind):
        yield from _put(sheet, guise.oddity or "nothing odd", names)


def _written(file: Path, content: bytes, kind: str) -> bool:
    """Writes a file, or something that looks like one; whether it holds the content."""
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    elif kind == "link to nowhere":
        file.symlink_to(file.with_name("nowhere"))
    elif kind == "link":
        beside = file.with_name(f"{file.name}.kept")
        beside.write_bytes(content)
        file.symlink_to(beside)
        return True
    else:
        file.write_bytes(content)
        if kind == "second name":
            os.link(file, file.with_name(f"more-{file.name}"))
        return True
    return False


def _put(sheet: Sheet, oddity: str, names: tuple[str, ...]) -> Iterator[Put]:
    if sheet.table == "reports":
        return
    for row in sheet.rows:
        given = dict(zip(sheet.columns, row, strict=True))
        for column, amount in given.items():
            if column not in WORDS and amount:
                yield Put(sheet.table, column, given["report_id"], amount, oddity, names)
    for amount in sheet.strange:
        yield Put(sheet.table, "", "", amount, oddity, names)
