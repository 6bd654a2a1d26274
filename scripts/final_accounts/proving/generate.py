"""scripts/generate: consistent synthetic reports in a landing folder, in parallel and repeatable."""

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import duckdb
import yaml
from tqdm import tqdm

from final_accounts.landing.folder import write_rows
from final_accounts.landing.raw_files import contract_columns
from final_accounts.language import Parser, told
from final_accounts.proving.synthetic import add_synthetic_reports
from final_accounts.warehouse.paths import TOP

CHUNK = 2_000


@dataclass(frozen=True)
class Chunk:
    """A run of synthetic reports that one process writes; even, because two reports make a department."""

    seed: int
    first: int
    reports: int

    @property
    def name(self) -> str:
        """Stem of its files."""
        return f"synthetic-{self.seed}-{self.first:07d}"


def _raw_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Creates the raw tables of the seeds, with the forms that the generator fills; returns those of reports."""
    connection.execute("create schema raw")
    names = []
    for contract in sorted((TOP / "seeds").glob("*/*.yml")):
        if contract.parent.name not in ("accounts", "classification"):
            continue
        (seed,) = yaml.safe_load(contract.read_text(encoding="utf-8"))["seeds"]
        types = seed["config"]["column_types"]
        columns = ", ".join(f"{column} {kind}" for column, kind in types.items())
        connection.execute(f"create table raw.{contract.stem} ({columns})")
        if contract.parent.name == "classification" or contract.stem == "basic_expenditure":
            file = str(contract.with_suffix(".csv")).replace("'", "''")
            connection.execute(
                f"copy raw.{contract.stem} from '{file}' (format csv, header, delimiter ',', quote '\"', escape '\"')"
            )
        if contract.parent.name == "accounts":
            names.append(contract.stem)
    return names


def write_chunk(chunk: Chunk, folder: Path) -> int:
    """Writes the raw tables of one chunk; the table of reports comes last, and says that the chunk is whole."""
    done = folder / "reports" / f"{chunk.name}.parquet"
    if done.is_file():
        return chunk.reports
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        tables = _raw_tables(connection)
        add_synthetic_reports(connection, chunk.reports, chunk.seed, chunk.first)
        for table in sorted(tables, key="reports".__eq__):
            columns = contract_columns(TOP / "seeds" / "accounts" / f"{table}.yml")
            file = folder / table / f"{chunk.name}.parquet"
            write_rows(connection, file, table, columns, "report_id like 'synthetic-%'", {})
    return chunk.reports


def generate(reports: int, folder: Path, seed: int, processes: int) -> None:
    """Writes `reports` synthetic reports below a landing folder; what is there already is not written again."""
    chunks = [Chunk(seed, first, min(CHUNK, reports - first)) for first in range(0, reports, CHUNK)]
    context = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(processes, mp_context=context) as pool,
        tqdm(total=reports, unit=" reports", file=sys.stderr, disable=not sys.stderr.isatty()) as bar,
    ):
        for chunk in as_completed([pool.submit(write_chunk, chunk, folder) for chunk in chunks]):
            bar.update(chunk.result())


def main() -> int:
    """Parses the command line."""
    parser = Parser(
        prog="scripts/generate",
        description="Write consistent synthetic reports into a landing folder, marked as synthetic in reports.",
        epilog="A build takes them only when it is asked to: scripts/build --synthetic. The same seed gives the same "
        "reports. Can be stopped and run again. Exit status: 0 written, 2 wrong usage.",
    )
    parser.add_argument("reports", type=int, metavar="N", help="how many reports; two make a department with two years")
    parser.add_argument("folder", type=Path, metavar="DIR", help="the landing folder, made where it is missing")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed of everything random (default: 1)")
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, metavar="N", help="default: one for each core"
    )
    arguments = parser.parse_args()
    if arguments.reports < 1 or arguments.processes < 1:
        parser.error("N must be 1 or more")
    generate(arguments.reports, arguments.folder.resolve(), arguments.seed, arguments.processes)
    print(told(f"{arguments.reports:,} synthetic reports are in {arguments.folder}"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
