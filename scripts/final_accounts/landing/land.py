"""scripts/land: many reports, checked against the contract of the raw tables, into a landing folder of Parquet.

A delivery is a folder of raw tables: `<table>/<name>.csv` (or .parquet), where files of one name belong together, or
`<table>.csv` alone. What belongs together lands together: where one file breaks the contract, all of that name are set
aside with the reason, because a report without one of its tables would look like a report that never printed it.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from tqdm import tqdm

from final_accounts.landing.contract import Contract
from final_accounts.landing.folder import READERS, REPORT, write_rows
from final_accounts.landing.raw_files import contract_columns, problems_of_file
from final_accounts.warehouse.paths import PUBLISHED, TOP

LANDED, NOTHING_LANDED, WRONG_USAGE, SOME_SET_ASIDE = 0, 1, 2, 3
CHUNK = 500
RECORD = "landed.jsonl"
SET_ASIDE = "set_aside"
CONTRACTS = TOP / "seeds" / "accounts"


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


def tables() -> dict[str, list[str]]:
    """The raw tables of reports with their columns, in file order; the table of reports last."""
    names = sorted((contract.stem for contract in CONTRACTS.glob("*.yml")), key=lambda name: (name == "reports", name))
    return {name: contract_columns(CONTRACTS / f"{name}.yml") for name in names}


def deliveries(source: Path) -> tuple[list[Delivery], list[str]]:
    """What a folder delivers, by name, and sentences about files that belong to no raw table."""
    known, found, strangers = tables(), {}, []
    for file in sorted([*source.rglob("*.csv"), *source.rglob("*.parquet")]):
        if SET_ASIDE in file.parts:
            continue
        if file.parent.name in known:
            table, name = file.parent.name, str(file.parent.parent.relative_to(source) / file.stem)
        elif file.stem in known:
            table, name = file.stem, str(file.parent.relative_to(source) / "all")
        else:
            strangers.append(f"{file.relative_to(source)}: no raw table; expected <table>/<name>.csv or <table>.csv")
            continue
        delivery = found.setdefault(name, Delivery(name))
        if table in delivery.files:
            delivery.problems.append(f"{file.relative_to(source)}: the table {table} is here twice; expected one file")
        delivery.files[table] = file
    return list(found.values()), strangers


def _problems(file: Path, name: str, columns: list[str]) -> list[str]:
    """What keeps one file from being loaded, as sentences."""
    if file.suffix == ".csv":
        return problems_of_file(file, name, columns)
    try:
        with duckdb.connect() as connection:
            found = [row[0] for row in connection.execute("describe from read_parquet(?)", [str(file)]).fetchall()]
    except duckdb.Error as error:
        return [f"{name}: {str(error).splitlines()[0]}; expected a Parquet file"]
    missing = [column for column in columns if column not in found]
    others = [column for column in found if column not in columns]
    return [f"{name}: column {column} is missing; expected {','.join(columns)}" for column in missing] + [
        f"{name}: column «{column}» is not in the contract; expected {','.join(columns)}" for column in others
    ]


def _check_files(work: tuple[list[tuple[str, Path]], Path]) -> list[str]:
    """The problems of the files of one delivery; runs in a process of its own."""
    files, source = work
    known = tables()
    return [
        problem for table, file in files for problem in _problems(file, str(file.relative_to(source)), known[table])
    ]


class Chunk:
    """The raw tables of one chunk of deliveries after another, in a database that has the seeds' classifications."""

    def __init__(self, folder: Path) -> None:
        database = folder / PUBLISHED.name
        self.contract = Contract(database)
        self.connection = duckdb.connect(str(database))
        seeded = self.connection.execute(f"select {REPORT} from raw.reports").fetchall()  # noqa: S608
        self.seeded = {report_id for (report_id,) in seeded}

    def load(self, chunk: list[Delivery], source: Path) -> dict[str | None, Delivery]:
        """Fills the raw tables with a chunk; returns the delivery that each report comes from."""
        owners: dict[str | None, Delivery] = {}
        for table, columns in tables().items():
            self.connection.execute(f"truncate raw.{table}")
            for delivery in chunk:
                file = delivery.files.get(table)
                if file is None:
                    continue
                reader = READERS[file.suffix]
                try:
                    self.connection.execute(
                        f"insert into raw.{table} by name select {', '.join(columns)} from {reader}",  # noqa: S608
                        [str(file)],
                    )
                except duckdb.Error as error:
                    where = file.relative_to(source)
                    delivery.problems.append(f"{where}: {str(error).splitlines()[0]}; expected rows of raw.{table}")
                    continue
                found = f"select distinct {REPORT} from {reader}"  # noqa: S608
                for (report_id,) in self.connection.execute(found, [str(file)]).fetchall():
                    where = file.relative_to(source)
                    owner = owners.setdefault(report_id, delivery)
                    if report_id is None:
                        delivery.problems.append(f"{where}: a row without report_id; expected the report of every row")
                    elif owner is not delivery:
                        # Rows of both stand under one name now, so neither can land.
                        for one, other in ((owner, delivery), (delivery, owner)):
                            sentence = (
                                f"{one.name}: report {report_id} is in {other.name} too; expected it in one delivery"
                            )
                            one.problems.append(sentence)
        return owners


def _land_chunk(tables_of: Chunk, chunk: list[Delivery], source: Path, folder: Path | None, landed: set[str]) -> None:
    """Checks the rows of a chunk, and writes those of the deliveries that keep the contract."""
    owners = tables_of.load(chunk, source)
    for report_id, problem in tables_of.contract.problems(tables_of.connection):
        owner = owners[report_id]
        owner.problems.append(problem.replace("seeds/accounts/", f"{owner.name}: "))
    for report_id, owner in owners.items():
        for place, ids in (("seeds/accounts/reports.csv", tables_of.seeded), ("the landing folder", landed)):
            if report_id in ids:
                sentence = f"{owner.name}: report {report_id} is in {place} already; expected it in one place"
                owner.problems.append(sentence)
    good = sorted(report_id for report_id, owner in owners.items() if report_id and not owner.problems)
    if not good or folder is None:
        return
    name = hashlib.sha256("|".join(good).encode()).hexdigest()[:16]
    for table, columns in tables().items():
        condition = f"{REPORT} in (select unnest($reports))"
        write_rows(tables_of.connection, folder, name, table, columns, condition, {"reports": good})
    landed.update(good)


def land(source: Path, folder: Path | None) -> int:
    """Checks what a folder delivers, lands what keeps the contract, and returns the exit status.

    With no `folder` it only checks.
    """
    found, strangers = deliveries(source)
    for sentence in strangers:
        print(sentence, file=sys.stderr)
    if not found:
        print(f"Nothing landed: {source} holds no raw tables; expected <table>/<name>.csv.", file=sys.stderr)
        return NOTHING_LANDED
    record = folder / RECORD if folder else None
    done = {}
    if record and record.is_file():
        done = {entry["name"]: entry["print"] for entry in map(json.loads, record.read_text("utf-8").splitlines())}
    waiting = [delivery for delivery in found if done.get(delivery.name) != delivery.print]
    landed = set()
    if folder and any((folder / "reports").glob("*.parquet")):
        with duckdb.connect() as connection:
            reports = f"select {REPORT} from {READERS['.parquet']}"  # noqa: S608
            rows = connection.execute(reports, [str(folder / "reports" / "*.parquet")]).fetchall()
            landed = {report_id for (report_id,) in rows}
    counts: dict[str, int] = defaultdict(int, {"landed before": len(found) - len(waiting)})
    with tempfile.TemporaryDirectory() as place, ProcessPoolExecutor() as pool:
        tables_of = Chunk(Path(place))
        bar = tqdm(total=len(waiting), unit=" deliveries", file=sys.stderr, disable=not sys.stderr.isatty())
        for first in range(0, len(waiting), CHUNK):
            chunk = waiting[first : first + CHUNK]
            checks = pool.map(_check_files, [(list(one.files.items()), source) for one in chunk], chunksize=16)
            for delivery, problems in zip(chunk, checks, strict=True):
                delivery.problems += problems
            _land_chunk(tables_of, [one for one in chunk if not one.problems], source, folder, landed)
            for delivery in chunk:
                counts["set aside" if delivery.problems else "landed"] += 1
                _note(delivery, folder, record)
            bar.update(len(chunk))
        bar.close()
        tables_of.connection.close()
    verb = "landed" if folder else "sound"
    print(
        f"Deliveries {verb}: {counts['landed']:,}, set aside: {counts['set aside']:,}, "
        f"landed before: {counts['landed before']:,}."
    )
    if counts["set aside"]:
        return SOME_SET_ASIDE if counts["landed"] + counts["landed before"] else NOTHING_LANDED
    return LANDED


def _note(delivery: Delivery, folder: Path | None, record: Path | None) -> None:
    """Says why a delivery is set aside; remembers one that landed."""
    for sentence in delivery.problems:
        print(f"Set aside: {sentence}", file=sys.stderr)
    if folder is None or record is None:
        return
    reasons = folder / SET_ASIDE / f"{delivery.name.replace('/', '_')}.txt"
    if delivery.problems:
        reasons.parent.mkdir(parents=True, exist_ok=True)
        reasons.write_text("\n".join(delivery.problems) + "\n", encoding="utf-8")
        return
    reasons.unlink(missing_ok=True)
    with record.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"name": delivery.name, "print": delivery.print}, ensure_ascii=False) + "\n")


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/land",
        description="Check raw tables of many reports against their contract, and turn them into a landing folder.",
        epilog="SOURCE holds <table>/<name>.csv (or .parquet), with the columns of seeds/accounts. Files of one name "
        "land together or not at all; what breaks the contract is named, its reasons are kept in DIR/set_aside. Can "
        "be stopped and run again. Exit status: 0 all landed, 3 some set aside, 1 nothing landed, 2 wrong usage.",
    )
    parser.add_argument("source", type=Path, metavar="SOURCE", help="the folder that was delivered; it is only read")
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--to", type=Path, metavar="DIR", help="the landing folder, made where it is missing")
    group.add_argument("--check", action="store_true", help="only check; write nothing")
    arguments = parser.parse_args()
    if not arguments.source.is_dir():
        parser.error(f"{arguments.source} is no folder")
    folder = arguments.to.resolve() if arguments.to else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    return land(arguments.source.resolve(), folder)


if __name__ == "__main__":
    sys.exit(main())
