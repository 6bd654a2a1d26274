# ruff: noqa: S608 - names of our own
"""The one reader of folders with raw tables: everything that lies in one is read, or named with the reason.

Three doors use it: scripts/land reads a delivery, scripts/ingest --landing looks at the folder it writes into, and a
build takes a landing folder: a copy of its files, checked, so that what is loaded is what was checked and hashed.
"""

import csv
import os
import re
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from final_accounts.ingest.document.pages import plain
from final_accounts.landing.folder import GOING_IN, PREPARED, READERS, RECORD, SET_ASIDE, alone
from final_accounts.landing.raw_files import added_columns, contract_columns, problems_of_file
from final_accounts.terminal import printable
from final_accounts.warehouse.paths import TOP

CONTRACTS = TOP / "seeds" / "accounts"
OWN = {RECORD, SET_ASIDE, PREPARED, GOING_IN}
KINDS = {
    stat.S_IFLNK: "a link, which may lead elsewhere",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
# Types of Parquet columns that hold a printed text as it is; a binary fraction does not.
_TEXT = re.compile(r"VARCHAR|BOOLEAN|U?(?:TINY|SMALL|HUGE|BIG)?INT(?:EGER)?|DECIMAL.*|ENUM.*")


@dataclass(frozen=True)
class RawFile:
    """A file of a raw table, and what sentences call it."""

    table: str
    path: Path
    name: str


@cache
def tables() -> dict[str, list[str]]:
    """The raw tables of reports with their columns, in file order; the table of reports last."""
    names = sorted((contract.stem for contract in CONTRACTS.glob("*.yml")), key=lambda name: (name == "reports", name))
    return {name: contract_columns(CONTRACTS / f"{name}.yml") for name in names}


def columns_to_read(table: str, present: Collection[str]) -> list[tuple[str, str]]:
    """The columns of a raw table, and what to select for each from a file that has those `present`.

    What was added to the table after the file was written is nothing in it.
    """
    return [(column, column if column in present else "null") for column in tables()[table]]


def look(folder: Path, is_delivery: bool = False) -> tuple[list[RawFile], list[str]]:
    """The files of raw tables in a folder, and a sentence for everything else that lies there.

    A landing folder has `<table>/<name>`; a delivery may have that in any folder, and `<table>.csv` alone.
    """
    files: list[RawFile] = []
    left: list[str] = []
    known = set(tables())
    for path, problem in entries(folder):
        parts = path.relative_to(folder).parts
        name = printable(path.relative_to(folder))
        if parts[0] in OWN or (is_delivery and SET_ASIDE in parts):
            continue
        if problem:
            left.append(f"{name}: {problem}; it is left")
            continue
        table = parts[-2] if len(parts) > 1 and parts[-2] in known else path.stem if is_delivery else ""
        if table not in known or (not is_delivery and len(parts) != 2):
            or_alone = " or <table>.csv" if is_delivery else ""
            left.append(f"{name}: no raw table; expected <table>/<name>.csv{or_alone}")
        elif path.suffix.lower() not in READERS:
            left.append(
                f"{name}: «{printable(path.suffix)}» is no kind of file that is read; expected .csv or .parquet"
            )
        else:
            files.append(RawFile(table, path, name))
    return files, left


def entries(folder: Path) -> Iterator[tuple[Path, str]]:
    """Everything below a folder in order, without following links; and why it is no plain file."""
    try:
        listed = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield folder, f"the folder cannot be opened ({error.strerror})"
        return
    for entry in listed:
        if entry.is_dir(follow_symlinks=False):
            yield from entries(Path(entry.path))
        else:
            kind = stat.S_IFMT(entry.stat(follow_symlinks=False).st_mode)
            yield Path(entry.path), "" if kind == stat.S_IFREG else KINDS.get(kind, "no plain file")


def survey(folder: Path) -> list[str]:
    """Sentences about everything in a landing folder that a build would not load."""
    files, said = look(folder)
    sound: list[tuple[RawFile, Path]] = []
    broken: list[tuple[RawFile, Path]] = []
    for file in files:
        problems = problems_of(file.path, file.name, file.table)
        said += problems
        (broken if problems else sound).append((file, file.path))
    with duckdb.connect() as connection:
        return said + _told_left_out(_reports_of(connection, broken, sound))


def copy_plain(path: Path, to: Path) -> None:
    """Copies a plain file; raises OSError where it is none by now."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as source:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(0, "no plain file", str(path))
        to.parent.mkdir(parents=True, exist_ok=True)
        with to.open("wb") as copy:
            while block := source.read(1 << 20):
                copy.write(block)


def problems_of(file: Path, name: str, table: str) -> list[str]:
    """What keeps a file of a raw table from being loaded, as sentences."""
    columns, added = tables()[table], added_columns(CONTRACTS / f"{table}.yml")
    if file.suffix.lower() == ".csv":
        return problems_of_file(file, name, columns, added)
    try:
        with duckdb.connect() as connection:
            described = connection.execute("describe from read_parquet(?)", [str(file)]).fetchall()
            found = [(column, kind) for column, kind, *_ in described]
    except duckdb.Error as error:
        return [f"{name}: {printable(str(error).splitlines()[0])}; expected a Parquet file"]
    names, expected = [column for column, _ in found], ",".join(columns)
    missing = [column for column in columns if column not in names and column not in added]
    return [
        *(f"{name}: column {column} is missing; expected {expected}" for column in missing),
        *(
            f"{name}: column «{printable(column)}» is not in the contract; expected {expected}"
            for column in names
            if column not in columns
        ),
        *(
            f"{name}: column {column} has the type {kind}, which does not keep what is printed; expected text"
            for column, kind in found
            if column in columns and not _TEXT.fullmatch(kind)
        ),
    ]


def take(folder: Path, into: Path) -> list[str]:
    """Copies what a build loads of a landing folder into another one, and says what is left out and why.

    A report that stands in a file that cannot be loaded is left out of the others, too: without one of its tables it
    would look like one that never printed it.
    """
    into.mkdir(parents=True)
    with alone(folder):
        files, said = look(folder)
        taken: list[tuple[RawFile, Path]] = []
        broken: list[tuple[RawFile, Path]] = []
        for number, file in enumerate(files):
            copy = into / file.table / f"{file.path.stem}{file.path.suffix.lower()}"
            copy = copy.with_stem(f"{copy.stem}.{number}") if copy.exists() else copy
            try:
                copy_plain(file.path, copy)
            except OSError as error:
                said.append(f"{file.name}: it cannot be read ({error.strerror})")
                broken.append((file, copy))
                continue
            problems = problems_of(copy, file.name, file.table)
            said += problems
            (broken if problems else taken).append((file, copy))
    with duckdb.connect() as connection:
        reports = _reports_of(connection, broken, taken)
        for _, copy in broken:
            copy.unlink(missing_ok=True)
        said += _told_left_out(reports)
        for file, copy in taken:
            _write_clean(connection, copy, file.table, reports)
    return said


def _told_left_out(reports: list[str]) -> list[str]:
    return [
        f"report {printable(report)} is left out: a file that holds a part of it cannot be loaded" for report in reports
    ]


def _reports_of(
    connection: duckdb.DuckDBPyConnection, broken: list[tuple[RawFile, Path]], taken: list[tuple[RawFile, Path]]
) -> list[str]:
    """The reports that files hold a part of which cannot be loaded, as far as that can be told.

    Where it cannot, they are those of the files of the same name in the other tables.
    """
    reports: set[str] = set()
    for file, copy in broken:
        own = reports_in(connection, copy)
        if not own:
            beside = [other for raw, other in taken if raw.path.stem == file.path.stem]
            own = {report for other in beside for report in reports_in(connection, other)}
        reports |= own
    # a header that stands again is none
    return sorted(reports - {"report_id"})


def reports_in(connection: duckdb.DuckDBPyConnection, file: Path) -> set[str]:
    """The reports that a file holds rows of, as far as it can be read at all."""
    try:
        if file.suffix.lower() == ".parquet":
            rows = connection.execute("select distinct report_id from read_parquet(?)", [str(file)]).fetchall()
            return {str(report).strip() for (report,) in rows if report is not None}
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            reader = csv.DictReader(lines)
            return {str(row["report_id"]).strip() for row in reader if row.get("report_id")}
    except (OSError, duckdb.Error, csv.Error):
        return set()


def columns_of(connection: duckdb.DuckDBPyConnection, file: Path) -> set[str]:
    """The columns that a file of a raw table has. Raises duckdb.Error."""
    described = connection.execute(f"describe from {READERS[file.suffix.lower()]}", [str(file)]).fetchall()
    return {column for column, *_ in described}


def _write_clean(connection: duckdb.DuckDBPyConnection, file: Path, table: str, left_out: list[str]) -> None:
    """Writes a file anew where it holds reports that are left out, or characters that stand for others."""
    if file.suffix == ".csv":
        # most need nothing: a look at the text takes a hundredth of the time
        text = file.read_bytes().decode("utf-8-sig")
        unquoted = text.replace('"', "")
        has_left_out = any(report.replace('"', "") in unquoted for report in left_out)
        if not has_left_out and not re.search(odd_characters()[0], text):
            return
    rows = READERS[file.suffix]
    columns = columns_to_read(table, columns_of(connection, file))
    has_odd = " or ".join(f"regexp_matches(cast({source} as varchar), $odd)" for _, source in columns)
    is_left_out = "trim(cast(report_id as varchar), chr(9) || chr(10) || chr(13) || ' ') in (select unnest($left_out))"
    rows = rows.replace("?", "$file", 1)
    odd, one, other = odd_characters()
    ((touched,),) = connection.execute(
        f"select count(*) from {rows} where {is_left_out} or {has_odd}",
        {"file": str(file), "left_out": left_out, "odd": odd},
    ).fetchall()
    if not touched:
        return
    cells = ", ".join(f"translate(cast({source} as varchar), $one, $other) as {column}" for column, source in columns)
    connection.execute(
        f"create or replace temp table clean as select {cells} from {rows} where not coalesce({is_left_out}, false)",
        {"file": str(file), "left_out": left_out, "one": one, "other": other},
    )
    file.unlink()
    target = str(file.with_suffix(".parquet")).replace("'", "''")
    connection.execute(f"copy clean to '{target}' (format parquet)")


@cache
def odd_characters() -> tuple[str, str, str]:
    """Characters that stand for others (radicals, wide digits): a pattern of them, they, and what they stand for."""
    pairs = [(c, plain(c)) for c in map(chr, [*range(0x2E80, 0x2FE0), *range(0xFF10, 0xFF1A)])]
    pairs = [(c, stands_for) for c, stands_for in pairs if len(stands_for) == 1 and c != stands_for]
    one, other = ("".join(side) for side in zip(*pairs, strict=True))
    return f"[{one}]", one, other
