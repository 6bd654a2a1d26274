"""scripts/land: many reports, checked against the contract of the raw tables, into a landing folder of Parquet.

A delivery is a folder of raw tables: `<table>/<name>.csv` (or .parquet), where files of one name belong together, or
`<table>.csv` alone. What belongs together lands together: where one file breaks the contract, all of that name are set
aside with the reason, because a report without one of its tables would look like a report that never printed it.
"""

import hashlib
import json
import os
import shutil
import signal
import sys
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from tqdm import tqdm

from final_accounts.landing.contract import Contract
from final_accounts.landing.folder import READERS, RECORD, REPORT, SET_ASIDE, Swap, alone, recorded, write_rows
from final_accounts.landing.reader import (
    columns_of,
    columns_to_read,
    look,
    odd_characters,
    problems_of,
    reports_in,
    tables,
)
from final_accounts.language import Parser, told
from final_accounts.terminal import printable
from final_accounts.warehouse.paths import PUBLISHED, TOP
from final_accounts.warehouse.processes import is_running

LANDED, NOTHING_LANDED, WRONG_USAGE, SOME_SET_ASIDE = 0, 1, 2, 3
CHUNK = 500
WORK = TOP / "target" / "land"


@dataclass
class Delivery:
    """The files of one name, by raw table, and why they cannot land."""

    name: str
    files: dict[str, Path] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def print(self) -> str:
        """What changes when a file does: names, sizes and times of its files."""
        stats = [(table, file.name, file.stat()) for table, file in sorted(self.files.items())]
        told = "|".join(f"{table}/{name}/{stat.st_size}/{stat.st_mtime_ns}" for table, name, stat in stats)
        return hashlib.sha256(told.encode()).hexdigest()


def deliveries(source: Path) -> tuple[list[Delivery], list[str]]:
    """What a folder delivers, by name, and sentences about files that belong to no raw table."""
    found: dict[str, Delivery] = {}
    files, left = look(source, is_delivery=True)
    for file in files:
        parent = file.path.parent
        if parent.name == file.table and parent != source:
            name = str(parent.parent.relative_to(source) / file.path.stem)
        else:
            name = str(parent.relative_to(source) / "all")
        delivery = found.setdefault(name, Delivery(printable(name)))
        if file.table in delivery.files:
            delivery.problems.append(f"{file.name}: the table {file.table} is here twice; expected one file")
        delivery.files[file.table] = file.path
    return list(found.values()), left


def _check_files(work: tuple[list[tuple[str, Path]], Path]) -> tuple[list[str], set[str]]:
    """The problems of the files of one delivery, and the reports in them; runs in a process of its own."""
    files, source = work
    problems, reports = [], set()
    with duckdb.connect() as connection:
        for table, file in files:
            problems += problems_of(file, printable(file.relative_to(source)), table)
            reports |= reports_in(connection, file)
    return problems, reports


def _check(waiting: list[Delivery], source: Path, pool: ProcessPoolExecutor) -> None:
    """Says of each delivery what keeps its files from being loaded, and which reports other ones hold rows of, too."""
    checks = pool.map(_check_files, [(list(one.files.items()), source) for one in waiting], chunksize=16)
    owners: dict[str, list[Delivery]] = defaultdict(list)
    for delivery, (problems, reports) in zip(waiting, checks, strict=True):
        delivery.problems += problems
        for report_id in sorted(reports):
            owners[report_id].append(delivery)
    for report_id, own in owners.items():
        for one in own:
            one.problems += [
                f"{one.name}: report {printable(report_id)} is in {other.name} too; expected it in one delivery"
                for other in own
                if other is not one
            ]


class Chunk:
    """The raw tables of one chunk of deliveries after another, in a database that has the seeds' classifications."""

    def __init__(self, folder: Path) -> None:
        database = folder / PUBLISHED.name
        self.contract = Contract(database)
        self.connection = duckdb.connect(str(database))
        seeded = self.connection.execute(f"select {REPORT} from raw.reports").fetchall()  # noqa: S608
        self.seeded = {report_id for (report_id,) in seeded}
        self.odd = odd_characters()

    def load(self, chunk: list[Delivery], source: Path) -> dict[str | None, Delivery]:
        """Fills the raw tables with a chunk; returns the delivery that each report comes from."""
        owners: dict[str | None, Delivery] = {}
        for table in tables():
            self.connection.execute(f"truncate raw.{table}")
            for delivery in chunk:
                file = delivery.files.get(table)
                if file is None:
                    continue
                reader = READERS[file.suffix.lower()]
                where = printable(file.relative_to(source))
                # radicals and wide digits as the characters that they stand for, as scripts/ingest writes them
                try:
                    columns = columns_to_read(table, columns_of(self.connection, file))
                    cells = ", ".join(
                        f"translate(cast({source} as varchar), $one, $other) as {column}" for column, source in columns
                    )
                    self.connection.execute(
                        f"insert into raw.{table} by name select {cells} from {reader.replace('?', '$file', 1)}",  # noqa: S608
                        {"file": str(file), "one": self.odd[1], "other": self.odd[2]},
                    )
                except duckdb.Error as error:
                    sentence = f"{where}: {printable(str(error).splitlines()[0])}; expected rows of raw.{table}"
                    delivery.problems.append(sentence)
                    continue
                found = f"select distinct {REPORT} from {reader}"  # noqa: S608
                for (report_id,) in self.connection.execute(found, [str(file)]).fetchall():
                    owners.setdefault(report_id, delivery)
                    if report_id is None:
                        delivery.problems.append(f"{where}: a row without report_id; expected the report of every row")
        return owners


def _land_chunk(tables_of: Chunk, chunk: list[Delivery], source: Path, folder: Path | None, landed: set[str]) -> None:
    """Checks the rows of a chunk, and writes those of the deliveries that keep the contract."""
    owners = tables_of.load(chunk, source)
    for report_id, problem in tables_of.contract.problems(tables_of.connection):
        owner = owners[report_id or None]
        owner.problems.append(printable(problem).replace("seeds/accounts/", f"{owner.name}: "))
    for report_id, owner in owners.items():
        for place, ids in (("seeds/accounts/reports.csv", tables_of.seeded), ("the landing folder", landed)):
            if report_id in ids:
                sentence = f"{owner.name}: report {report_id} is in {place} already; expected it in one place"
                owner.problems.append(sentence)
    good = sorted(report_id for report_id, owner in owners.items() if report_id and not owner.problems)
    if folder is None:
        return
    swap = Swap(folder, hashlib.sha256("|".join(good).encode()).hexdigest()[:16])
    for table, columns in tables().items() if good else ():
        condition = f"{REPORT} in (select unnest($reports))"
        file = swap.file(table, f"{swap.name}.parquet")
        write_rows(tables_of.connection, file, table, columns, condition, {"reports": good})
    swap.remember(
        json.dumps({"name": delivery.name, "print": delivery.print}, ensure_ascii=False)
        for delivery in chunk
        if not delivery.problems
    )
    swap.go()
    landed.update(good)


def land(source: Path, folder: Path | None) -> int:
    """Checks what a folder delivers, lands what keeps the contract, and returns the exit status.

    With no `folder` it only checks.
    """
    with alone(folder) if folder else nullcontext(), _place_to_work() as work:
        return _land(source, folder, work)


@contextmanager
def _place_to_work() -> Iterator[Path]:
    """A folder for the database of this run; what runs left that were killed is removed."""
    WORK.mkdir(parents=True, exist_ok=True)
    for old in WORK.iterdir():
        if not is_running(int(old.name)):
            shutil.rmtree(old, ignore_errors=True)
    place = WORK / str(os.getpid())
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _land(source: Path, folder: Path | None, work: Path) -> int:
    found, left = deliveries(source)
    for sentence in left:
        print(told(f"Left: {sentence}"), file=sys.stderr)
    if not found:
        print(
            told(f"Nothing landed: {printable(source)} holds no raw tables; expected <table>/<name>.csv."),
            file=sys.stderr,
        )
        return NOTHING_LANDED
    entries = map(json.loads, recorded(folder / RECORD)) if folder else ()
    done = {entry["name"]: entry["print"] for entry in entries}
    waiting = [delivery for delivery in found if done.get(delivery.name) != delivery.print]
    before = len(found) - len(waiting)
    with ProcessPoolExecutor() as pool:
        _check(waiting, source, pool)
    _land_by_chunks(waiting, source, folder, work)
    aside = sum(bool(delivery.problems) for delivery in waiting)
    said = (
        f"Deliveries {'landed' if folder else 'sound'}: {len(waiting) - aside:,}, set aside: {aside:,}, "
        f"landed before: {before:,}." + (f" Files left: {len(left):,}." if left else "")
    )
    print(told(said))
    if aside or left:
        return SOME_SET_ASIDE if aside < len(found) else NOTHING_LANDED
    return LANDED


def _land_by_chunks(waiting: list[Delivery], source: Path, folder: Path | None, work: Path) -> None:
    """Lands deliveries so many at a time, and says of each that is set aside why it is."""
    landed = _landed(folder) if folder else set()
    tables_of = Chunk(work)
    bar = tqdm(total=len(waiting), unit=" deliveries", file=sys.stderr, disable=not sys.stderr.isatty())
    for first in range(0, len(waiting), CHUNK):
        chunk = waiting[first : first + CHUNK]
        _land_chunk(tables_of, [one for one in chunk if not one.problems], source, folder, landed)
        for delivery in chunk:
            _say_why(delivery, folder)
        bar.update(len(chunk))
    bar.close()
    tables_of.connection.close()


def _landed(folder: Path) -> set[str]:
    """The reports that a landing folder holds."""
    with duckdb.connect() as connection:
        return {
            report_id
            for file in look(folder)[0]
            if file.table == "reports"
            for report_id in reports_in(connection, file.path)
        }


def _say_why(delivery: Delivery, folder: Path | None) -> None:
    """Says why a delivery is set aside, and keeps the reasons."""
    for sentence in delivery.problems:
        print(told(f"Set aside: {sentence}"), file=sys.stderr)
    if delivery.problems and len(delivery.files) > 1:
        print(told(f"Set aside: {delivery.name}: nothing of it lands ({', '.join(delivery.files)})"), file=sys.stderr)
    if folder is None:
        return
    name = printable(delivery.name.replace("/", "_"))
    # a name of a file has 255 bytes at most
    if len(name.encode()) > 200:
        name = f"{name[:40]}_{hashlib.sha256(delivery.name.encode()).hexdigest()[:16]}"
    reasons = folder / SET_ASIDE / f"{name}.txt"
    if delivery.problems:
        reasons.parent.mkdir(parents=True, exist_ok=True)
        reasons.write_text("\n".join(delivery.problems) + "\n", encoding="utf-8")
        return
    try:
        reasons.unlink(missing_ok=True)
    except OSError as error:
        # it has landed, and that is what is said
        sentence = f"{delivery.name}: reasons of an earlier try that could not be removed: {error}"
        print(told(f"Left: {printable(sentence)}"), file=sys.stderr)


def main(given: list[str] | None = None) -> int:
    """Parses the command line."""
    parser = Parser(
        prog="scripts/land",
        description="Check raw tables of many reports against their contract, and turn them into a landing folder.",
        epilog="SOURCE holds <table>/<name>.csv (or .parquet), with the columns of seeds/accounts. Files of one name "
        "land together or not at all; what breaks the contract is named, its reasons are kept in DIR/set_aside. Can "
        "be stopped and run again. Exit status: 0 all landed, 3 some set aside, 1 nothing landed or not done to the "
        "end, 2 wrong usage.",
    )
    parser.add_argument("source", type=Path, metavar="SOURCE", help="the folder that was delivered; it is only read")
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--to", type=Path, metavar="DIR", help="the landing folder, made where it is missing")
    group.add_argument("--check", action="store_true", help="only check; write nothing")
    arguments = parser.parse_args(given)
    if not arguments.source.is_dir():
        parser.error(f"{arguments.source} is no folder")
    folder = arguments.to.resolve() if arguments.to else None
    # whoever stops it with a signal leaves nothing behind
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        return land(arguments.source.resolve(), folder)
    except (OSError, duckdb.Error, RuntimeError) as error:
        print(
            told(f"Not done: {printable(str(error))}. What has landed stays; run the same command again."),
            file=sys.stderr,
        )
        return NOTHING_LANDED


if __name__ == "__main__":
    sys.exit(main())
