"""scripts/benchmark: time, processor time, memory and size of the warehouse at several numbers of reports.

Each part and each rival is a process of its own, one after the other, so that its peak memory can be told. The rivals
do the arithmetic of the identities over the same landing folder, and must come to the same results.
"""

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from final_accounts.generate import generate
from final_accounts.paths import PUBLISHED, TOP

WORK = PUBLISHED.parent / ".benchmark"
SIZES = [1, 100, 1_000, 10_000]

# Parts of the build by what dbt is asked to run; what an earlier part built is not built again.
PARTS = {
    "land": ["seed"],
    "cells": ["run", "--select", "+fct_report_cells", "+fct_project_cells"],
    "identities": ["run", "--select", "+fct_identity_results"],
    "localization": ["run", "--select", "+fct_suspect_cells", "+fct_shifted_rows", "+fct_report_scorecard"],
    "marts": ["run"],
    "dbt tests": ["test", "--exclude", "test_type:unit"],
}

REGISTRY = {
    "places": """
        select
            address_no as place_no, table_no, row_key, row_role, column_name,
            (table_no, row_key) in (select (table_no, row_key) from raw.form_lines where value_unit <> 'amount')
                as is_counted
        from intermediate.int_cell_addresses
        where table_no in (select table_no from raw.forms)
    """,
    "terms": """
        select terms.address_no as place_no, terms.instance_no, terms.coefficient
        from intermediate.int_address_terms as terms
        inner join intermediate.int_cell_addresses as places on terms.address_no = places.address_no
        -- not what the report of another year takes part in
        where terms.instance_no not in (
            select others.instance_no
            from intermediate.int_address_terms as others
            inner join intermediate.int_cell_addresses as elsewhere on others.address_no = elsewhere.address_no
            where elsewhere.table_no not in (select table_no from raw.forms)
        )
    """,
    "instances": "select instance_no, identity_id, instance_key, comparison from intermediate.int_identity_instances",
}


@dataclass(frozen=True)
class Cost:
    """What one process took: seconds of wall and processor time, peak memory in MB."""

    wall: float
    processor: float
    memory: float

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.wall + other.wall, self.processor + other.processor, max(self.memory, other.memory))


class BenchmarkError(Exception):
    """A process failed, or a rival came to other results."""


def measured(arguments: list[str], environment: dict[str, str], log: Path) -> Cost:
    """Runs a process and says what it took.

    Raises:
        BenchmarkError: it failed; the end of its output says why.

    """
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(arguments, env=os.environ | environment, stdout=output, stderr=output, cwd=TOP)  # noqa: S603
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        end = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise BenchmarkError(f"{' '.join(arguments[:6])} ended with {process.returncode}:\n{end}")
    return Cost(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _warehouse(landing: Path, folder: Path, expectations: bool) -> dict[str, Cost]:
    """Builds the warehouse of a landing folder part by part."""
    environment = {
        "FINAL_ACCOUNTS_DATABASE": str(folder / PUBLISHED.name),
        "FINAL_ACCOUNTS_LANDING": str(landing),
        "FINAL_ACCOUNTS_SYNTHETIC": "1",
        "DBT_TARGET_PATH": str(folder / "target"),
    }
    costs: dict[str, Cost] = {}
    built: list[str] = []
    measured(["dbt", "--quiet", "parse"], environment, folder / "parse.log")
    for part, arguments in PARTS.items():
        exclude = [f"+{name.lstrip('+')}" for name in built] if arguments[0] == "run" else []
        options = ["--exclude", *exclude] if exclude else []
        costs[part] = measured(["dbt", "--quiet", *arguments, *options], environment, folder / f"{part}.log")
        built += [argument for argument in arguments if argument.startswith("+")]
    if expectations:
        expect = [sys.executable, "-m", "final_accounts.expectations"]
        expect += ["--database", environment["FINAL_ACCOUNTS_DATABASE"], "--docs", str(folder / "data_docs")]
        costs["expectations"] = measured(expect, environment, folder / "expectations.log")
    return costs


def _write_registry(database: Path, registry: Path) -> None:
    """Writes out, for every place, the terms that the rivals add up: to them the registry is given."""
    registry.mkdir()
    with duckdb.connect(str(database), read_only=True) as connection:
        for name, query in REGISTRY.items():
            connection.execute(f"copy ({query}) to '{registry / name}.parquet'")


def _rivals(landing: Path, folder: Path) -> dict[str, Cost]:
    """Runs every rival that is installed, and compares what they came to."""
    registry, frames = folder / "registry", "final_accounts.benchmark.arithmetic_frames"
    _write_registry(folder / PUBLISHED.name, registry)
    places = [str(landing), str(registry)]
    costs = {
        "one DuckDB script": measured(
            [sys.executable, "-m", "final_accounts.benchmark.arithmetic", *places, str(folder / "script.duckdb")],
            {},
            folder / "script.log",
        )
    }
    for library in ("polars", "pandas"):
        if importlib.util.find_spec(library) is None:
            print(f"{library} is not installed; it is in the group benchmark of pyproject.toml", file=sys.stderr)
            continue
        arguments = [sys.executable, "-m", frames, library, *places, str(folder / f"{library}.parquet")]
        costs[library] = measured(arguments, {}, folder / f"{library}.log")
    with duckdb.connect() as connection:
        connection.execute(f"attach '{folder / 'script.duckdb'}' as script (read_only)")
        connection.execute(f"attach '{folder / PUBLISHED.name}' as warehouse (read_only)")
        others = {library: f"'{folder / library}.parquet'" for library in costs if library in ("polars", "pandas")}
        for library, results in others.items():
            differences = f"""
                select count(*) from script.results as one
                full join {results} as other using (report_id, identity_id, instance_key)
                where one.status is distinct from other.status
            """  # noqa: S608
            _expect_none(connection, differences, f"the results of {library} differ from those of the DuckDB script")
        # What could not run, or is broken because digits were cut off, only the warehouse tells.
        differences = f"""
            select count(*) from warehouse.quality.fct_identity_results as one
            left join script.results as other using (report_id, identity_id, instance_key)
            where one.report_id in (select report_id from '{landing}/reports/*.parquet')
                and one.instance_no in (select instance_no from '{registry}/terms.parquet')
                and one.status in ('exact', 'rounding', 'broken')
                and one.cells_present > 0
                and (other.status is distinct from one.status or other.residual <> one.residual_yuan)
        """  # noqa: S608
        _expect_none(connection, differences, "the results of the DuckDB script differ from those of the warehouse")
    return costs


def _expect_none(connection: duckdb.DuckDBPyConnection, query: str, otherwise: str) -> None:
    (count,) = connection.execute(query).fetchone()
    if count:
        raise BenchmarkError(f"{otherwise} in {count:,} instances")


def benchmark(sizes: list[int], work: Path, expectations: bool) -> list[dict]:
    """Measures every size; returns a record of each."""
    records = []
    for reports in sizes:
        folder, landing = work / str(reports), work / f"landing-{reports}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        print(f"{reports:,} reports", file=sys.stderr)
        generate(reports, landing, 1, os.cpu_count() or 1)
        parts = _warehouse(landing, folder, expectations)
        rivals = _rivals(landing, folder)
        size = (folder / PUBLISHED.name).stat().st_size / 1024**2
        records.append({"reports": reports, "parts": parts, "rivals": rivals, "size": size})
        print_tables(records[-1:], sys.stderr)
    return records


def print_tables(records: list[dict], file=sys.stdout) -> None:
    """Prints the records as two tables in Markdown."""
    parts, rivals = list(records[0]["parts"]), list(records[0]["rivals"])
    print(f"\n| reports | {' | '.join(parts)} | whole | processor | peak memory | database |", file=file)
    print("| --- " * (len(parts) + 5) + "|", file=file)
    for record in records:
        whole = sum(record["parts"].values(), Cost(0, 0, 0))
        walls = " | ".join(f"{record['parts'][part].wall:.1f} s" for part in parts)
        print(
            f"| {record['reports']:,} | {walls} | {whole.wall:.1f} s | {whole.processor:.1f} s "
            f"| {whole.memory:,.0f} MB | {record['size']:,.0f} MB |",
            file=file,
        )
    print(f"\n| reports | to the suspects | {' | '.join(rivals)} |", file=file)
    print("| --- " * (len(rivals) + 2) + "|", file=file)
    for record in records:
        proof = sum((record["parts"][part] for part in ("land", "cells", "identities", "localization")), Cost(0, 0, 0))
        texts = [
            f"{cost.wall:.1f} s, {cost.processor:.1f} s, {cost.memory:,.0f} MB"
            for cost in (proof, *record["rivals"].values())
        ]
        print(f"| {record['reports']:,} | {' | '.join(texts)} |", file=file)


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/benchmark",
        description="Measure the build of N synthetic reports, part by part, beside other ways to do the arithmetic.",
        epilog="The second table shows wall time, processor time and peak memory. Exit status: 0 measured, 1 a part "
        "failed or a rival came to other results, 2 wrong usage.",
    )
    parser.add_argument(
        "reports",
        type=int,
        nargs="*",
        default=SIZES,
        metavar="N",
        help="numbers of reports (default: 1 100 1000 10000)",
    )
    parser.add_argument(
        "--work", type=Path, default=WORK, metavar="DIR", help="where it works (default: warehouse/.benchmark)"
    )
    parser.add_argument("--no-expectations", action="store_true", help="leave the expectation suites out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    arguments = parser.parse_args()
    try:
        records = benchmark(arguments.reports, arguments.work.resolve(), not arguments.no_expectations)
    except BenchmarkError as error:
        print(f"scripts/benchmark: {error}", file=sys.stderr)
        return 1
    print_tables(records)
    if arguments.json:
        arguments.json.write_text(json.dumps(records, default=vars, indent=2), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
