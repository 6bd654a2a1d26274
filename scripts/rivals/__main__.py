"""scripts/benchmark: time, processor time, memory and size of the warehouse at several numbers of reports.

Each part and each rival is a process of its own, one after the other, so that its peak memory can be told. The rivals
do the arithmetic of the identities over the same landing folder, and must come to the same results.
"""

import argparse
import os
import shutil
import signal
import sys
from collections.abc import Collection
from pathlib import Path
from typing import TextIO

from final_accounts.proving.generate import generate
from final_accounts.warehouse.paths import PUBLISHED, TOP

from rivals.against import compare_with, table_of
from rivals.chart import draw
from rivals.costs import BenchmarkError, Cost, measured
from rivals.records import Record, read_records, write_records
from rivals.rivals import RIVALS, run_rivals

WORK = PUBLISHED.parent / ".benchmark"
SIZES = [1, 100, 1_000, 10_000]

# Parts of the build by what dbt is asked to run; what an earlier part built is not built again.
SUSPECTS = ["+fct_suspect_cells", "+fct_shifted_rows", "+fct_report_scorecard"]
PARTS = {
    "land": ["seed"],
    "cells": ["run", "--select", "+fct_report_cells", "+fct_project_cells"],
    "identities": ["run", "--select", "+fct_identity_results"],
    "localization": ["run", "--select", *SUSPECTS],
    "marts": ["run"],
    "dbt tests": ["test", "--exclude", "test_type:unit"],
}


def _environment(landing: Path, database: Path) -> dict[str, str]:
    return {
        "FINAL_ACCOUNTS_DATABASE": str(database),
        "FINAL_ACCOUNTS_LANDING": str(landing),
        "FINAL_ACCOUNTS_SYNTHETIC": "1",
        "DBT_TARGET_PATH": str(database.parent / "target"),
    }


def _to_the_suspects(landing: Path, folder: Path) -> Cost:
    """Builds what proves the identities and finds who is to blame, in one process and a database of its own."""
    database = folder / "suspects.duckdb"
    environment = _environment(landing, database)
    measured(["dbt", "--quiet", "parse"], environment, folder / "parse.log")
    models = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    try:
        command = ["dbt", "--quiet", "build", *models, "--select", *SUSPECTS]
        return measured(command, environment, folder / "to the suspects.log")
    finally:
        database.unlink(missing_ok=True)


def _warehouse(landing: Path, folder: Path, expectations: bool) -> dict[str, Cost]:
    """Builds the warehouse of a landing folder part by part."""
    environment = _environment(landing, folder / PUBLISHED.name)
    costs: dict[str, Cost] = {}
    built: list[str] = []
    measured(["dbt", "--quiet", "parse"], environment, folder / "parse.log")
    for part, arguments in PARTS.items():
        exclude = [f"+{name.lstrip('+')}" for name in built] if arguments[0] == "run" else []
        options = ["--exclude", *exclude] if exclude else []
        costs[part] = measured(["dbt", "--quiet", *arguments, *options], environment, folder / f"{part}.log")
        built += [argument for argument in arguments if argument.startswith("+")]
    if expectations:
        expect = [sys.executable, "-m", "final_accounts.expectations.expect"]
        expect += ["--database", environment["FINAL_ACCOUNTS_DATABASE"], "--docs", str(folder / "data_docs")]
        costs["expectations"] = measured(expect, environment, folder / "expectations.log")
    return costs


def benchmark(sizes: list[int], work: Path, expectations: bool = True, left_out: Collection[str] = ()) -> list[Record]:
    """Measures every size, with the rivals that are not left out.

    Raises:
        BenchmarkError: a part or a rival failed, or a rival came to other results.

    """
    records = []
    for reports in sizes:
        folder, landing = work / str(reports), work / f"landing-{reports}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        print(f"{reports:,} reports", file=sys.stderr)
        generate(reports, landing, 1, os.cpu_count() or 1)
        to_the_suspects = _to_the_suspects(landing, folder)
        parts = _warehouse(landing, folder, expectations)
        rivals = run_rivals(landing, folder, left_out)
        size = (folder / PUBLISHED.name).stat().st_size / 1024**2
        records.append(Record(reports, parts, to_the_suspects, rivals, size))
        print_tables(records[-1:], sys.stderr)
    return records


def print_tables(records: list[Record], file: TextIO | None = None) -> None:
    """Prints the records as two tables in Markdown, with a column for each part and each rival that ran at all."""
    parts = list(dict.fromkeys(part for record in records for part in record.parts))
    rivals = list(dict.fromkeys(rival for record in records for rival in record.rivals))
    rows = [
        [
            f"{record.reports:,}",
            *(f"{record.parts[part].wall:.1f} s" if part in record.parts else "–" for part in parts),
            f"{record.whole.wall:.1f} s",
            f"{record.whole.processor:.1f} s",
            f"{record.whole.memory:,.0f} MB",
            f"{record.size:,.0f} MB",
        ]
        for record in records
    ]
    _print_table(["reports", *parts, "whole", "processor", "peak memory", "database"], rows, file)
    rows = [
        [
            f"{record.reports:,}",
            _text(record.to_the_suspects),
            *(_text(record.rivals[rival]) if rival in record.rivals else "–" for rival in rivals),
        ]
        for record in records
    ]
    _print_table(["reports", "to the suspects", *rivals], rows, file)


def _text(cost: Cost | None) -> str:
    return f"{cost.wall:.1f} s, {cost.processor:.1f} s, {cost.memory:,.0f} MB" if cost else "out of memory"


def _print_table(head: list[str], rows: list[list[str]], file: TextIO | None) -> None:
    print("", *(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)), sep="\n", file=file)


def _refuse_wrong_usage(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Ends the command where arguments do not go together, or a file cannot be written."""
    if arguments.source and arguments.reports:
        parser.error("--from takes the figures of an earlier run, and measures no N")
    if arguments.against and (arguments.source or arguments.reports):
        parser.error("--against measures the shipped report only")
    for file in (arguments.json, arguments.chart):
        if file and not file.absolute().parent.is_dir():
            parser.error(f"{file} cannot be written: {file.parent} is not a folder")


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/benchmark",
        description="Measure the build of N synthetic reports, part by part, beside other ways to do the arithmetic: "
        "DuckDB scripts without and with the ledger, polars, pandas, SQLMesh on DuckDB, dbt on PostgreSQL (where that "
        "is installed).",
        epilog="The second table shows wall time, processor time and peak memory. Exit status: 0 measured, 1 a part "
        "failed or a rival came to other results, 2 wrong usage.",
    )
    parser.add_argument(
        "reports",
        type=int,
        nargs="*",
        metavar="N",
        help=f"numbers of reports (default: {' '.join(map(str, SIZES))})",
    )
    parser.add_argument(
        "--work", type=Path, default=WORK, metavar="DIR", help="where it works (default: warehouse/.benchmark)"
    )
    parser.add_argument("--no-expectations", action="store_true", help="leave the expectation suites out")
    parser.add_argument(
        "--without",
        choices=list(RIVALS)[1:],
        action="append",
        default=[],
        metavar="RIVAL",
        help=f"leave a rival out, may be given more than once: {', '.join(list(RIVALS)[1:])}",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    parser.add_argument("--from", type=Path, dest="source", metavar="FILE", help="measure nothing, take these figures")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="draw wall time against reports there, as SVG")
    parser.add_argument(
        "--against",
        metavar="COMMIT",
        help="measure a plain dbt build and scripts/build of the shipped report, as the project was then and as it is "
        "committed now, in clones with environments of their own that take turns; print medians of five and ratios",
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="with --against: a report to read with scripts/ingest"
    )
    arguments = parser.parse_args()
    _refuse_wrong_usage(parser, arguments)
    # what was started is stopped, too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        if arguments.against:
            report = arguments.report and arguments.report.resolve()
            found = compare_with(TOP, arguments.against, arguments.work.resolve() / "against", report)
            print(table_of(found, arguments.against))
            return 0
        if arguments.source:
            records = read_records(arguments.source)
        else:
            sizes, work = arguments.reports or SIZES, arguments.work.resolve()
            records = benchmark(sizes, work, not arguments.no_expectations, arguments.without)
    except BenchmarkError as error:
        print(f"scripts/benchmark: {error}", file=sys.stderr)
        return 1
    print_tables(records)
    if arguments.json:
        write_records(records, arguments.json)
    if arguments.chart:
        arguments.chart.write_text(draw(records), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
