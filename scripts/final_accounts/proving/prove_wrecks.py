# ruff: noqa: S608 - names of our own
"""scripts/prove_wrecks: no report can stop another, or change what is said of it.

Clean reports are built twice by a plain `dbt build`, in one run each: beside others that are whole, and, with all
tests, beside the same ones after each of them was damaged in a way of wrecks.py. The facts of the clean ones must be
the same to the cell, and each damaged one is released rightly or held back by name.
"""

import argparse
import csv
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from final_accounts.landing.reader import tables as raw_tables
from final_accounts.proving.generate import Chunk, write_chunk
from final_accounts.proving.wrecks import CANNOT_BE_RELEASED, TAKES_AWAY, Tables, wrecked
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.paths import TOP

SEED = 20240830
# what more than the places of whole figures can tell apart, in yuan
ROUNDING = 200

Rows = list[tuple]


@dataclass(frozen=True)
class Builds:
    """Two builds of the same reports: whole, and some of them damaged."""

    whole: Path
    damaged: Path
    kinds: dict[str, str]  # what was done to each damaged report

    def query(self, sql: str) -> Rows:
        """Asks both, as databases `whole` and `damaged`; `wrecks` are the damaged reports."""
        with duckdb.connect(":memory:") as connection:
            connection.execute(f"attach '{self.whole}' as whole (read_only)")
            connection.execute(f"attach '{self.damaged}' as damaged (read_only)")
            connection.execute("create table wrecks (report_id varchar, kind varchar)")
            connection.executemany("insert into wrecks values (?, ?)", list(self.kinds.items()))
            return connection.execute(sql).fetchall()

    def released(self) -> set[str]:
        """The damaged reports that the marts have."""
        rows = self.query("select report_id from damaged.marts.dim_reports semi join wrecks using (report_id)")
        return {name for (name,) in rows}

    def held_back(self) -> dict[str, str]:
        """The damaged reports that are held back, each with a reason."""
        rows = self.query("select report_id, min(problem) from damaged.quality.fct_hold_reasons group by report_id")
        return {name: problem for name, problem in rows if name in self.kinds}


def _read(landing: Path) -> list[Tables]:
    """The raw rows of a landing folder, report by report."""
    reports: dict[str, Tables] = defaultdict(lambda: defaultdict(list))
    with duckdb.connect(":memory:") as connection:
        for folder in sorted(landing.iterdir()):
            rows = connection.execute(f"select * from read_parquet('{folder}/*.parquet') order by report_id")
            columns = [column for column, *_ in rows.description]
            for row in rows.fetchall():
                record = dict(zip(columns, row, strict=True))
                reports[record["report_id"]][folder.name].append(record)
    return [reports[name] for name in sorted(reports)]


def _write(reports: list[Tables], landing: Path) -> None:
    """Lands reports as one delivery, as text."""
    with duckdb.connect(":memory:") as connection:
        for table in sorted({table for tables in reports for table in tables}):
            rows = [row for tables in reports for row in tables.get(table, [])]
            if not rows:
                continue
            (landing / table).mkdir(parents=True, exist_ok=True)
            file = landing / "rows.csv"
            with file.open("w", encoding="utf-8", newline="") as text:
                writer = csv.DictWriter(text, raw_tables()[table], quoting=csv.QUOTE_ALL)
                writer.writeheader()
                writer.writerows(rows)
            options = "header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"', parallel = false"
            connection.execute(
                f"copy (from read_csv('{file}', {options})) to '{landing}/{table}/second.parquet' (format parquet)"
            )
            file.unlink()


def make(clean: int, damaged: int, folder: Path) -> Builds:
    """Builds clean reports beside whole ones, and again beside the same ones after they were damaged.

    Raises RuntimeError where a build stops.
    """
    second = folder / "second"
    write_chunk(Chunk(SEED + 1, 0, damaged), second)
    whole = _read(second)
    wrecks = wrecked(whole, SEED)
    databases = {}
    for name, reports in {"whole": whole, "damaged": [tables for _, tables in wrecks.values()]}.items():
        landing = folder / name
        write_chunk(Chunk(SEED, 0, clean), landing)
        _write(reports, landing)
        databases[name] = folder / f"{name}.duckdb"
        command = ["--warn-error", "build", "--exclude-resource-type", "unit_test"]
        if name == "whole":
            command.append("test")
        if not run_dbt(command, databases[name], TOP, landing=landing, synthetic=True).success:
            raise RuntimeError(f"a build stops at reports that are {name}")
    return Builds(databases["whole"], databases["damaged"], {report: kind for report, (kind, _) in wrecks.items()})


def marts_of_reports(builds: Builds) -> Rows:
    """The marts with rows of reports, and the columns compared: when a subject got its name may rest on others."""
    return builds.query(
        """
        select table_name, case when bool_or(column_name = 'subject_id') then '* exclude (subject_id)' else '*' end
        from duckdb_columns()
        where database_name = 'damaged' and schema_name = 'marts' and table_name <> 'dim_subjects'
        group by table_name having bool_or(column_name = 'report_id')
        order by table_name
        """
    )


def clean_rows(name: str, mart: str, columns: str = "*") -> str:
    """SQL for the rows of the clean reports in a mart of one of the builds."""
    # a second publication of a damaged report is a damaged one
    return (
        f"select {columns} from {name}.marts.{mart} anti join wrecks using (report_id) where report_id not like '%-2'"
    )


def facts_that_differ(builds: Builds) -> Rows:
    """Rows of clean reports that one of the builds has and the other has not, by mart."""
    found = []
    for mart, columns in marts_of_reports(builds):
        for one, other in (("whole", "damaged"), ("damaged", "whole")):
            found += builds.query(
                f"""
                select '{mart}', '{one}', count(*)
                from ({clean_rows(one, mart, columns)} except all {clean_rows(other, mart, columns)})
                having count(*) > 0
                """
            )
    return found


def neither_or_both(builds: Builds) -> list[str]:
    """Damaged reports that are neither released nor held back by name, or both."""
    released, held_back = builds.released(), set(builds.held_back())
    return sorted((set(builds.kinds) - released - held_back) | (released & held_back))


def released_and_not_understood(builds: Builds) -> list[str]:
    """Released reports of which nobody can say what they are, or what they print."""
    return sorted(name for name in builds.released() if builds.kinds[name] in CANNOT_BE_RELEASED)


def untrue_facts(builds: Builds) -> Rows:
    """Facts of expenditure of reports with a part missing that do not stand in the whole report, within rounding."""
    kinds = ", ".join(f"'{kind}'" for kind in TAKES_AWAY)
    return builds.query(
        f"""
        select wrecks.kind, facts.*, whole.amount_yuan
        from damaged.marts.fct_expenditure as facts
        inner join wrecks using (report_id)
        left join whole.marts.fct_expenditure as whole using (report_id, subject_code, fund, expenditure_kind)
        where
            wrecks.kind in ({kinds})
            and facts.fund <> 'unknown'
            and facts.expenditure_kind <> 'unknown'
            and (whole.amount_yuan is null or abs(facts.amount_yuan - whole.amount_yuan) > {ROUNDING})
        """
    )


def money_counted_otherwise(builds: Builds) -> Rows:
    """Reports that were published again with a later date, and are not in the marts in place of the first."""
    return builds.query(
        """
        select wrecks.report_id, reports.report_id
        from wrecks
        full join (from damaged.marts.dim_reports where report_id like '%-2') as reports
            on wrecks.report_id || '-2' = reports.report_id and wrecks.report_id = reports.supersedes_report_id
        where (wrecks.kind = 'published again later') <> (reports.report_id is not null)
            or (wrecks.report_id is null and reports.report_id is not null)
        """
    )


def differences_that_are_none(builds: Builds) -> Rows:
    """Cells in which a second publication is said to differ from the first: it is a copy."""
    return builds.query("select * from damaged.quality.fct_publication_differences semi join wrecks using (report_id)")


CHECKS: dict[str, Callable[[Builds], list]] = {
    "facts of clean reports that differ": facts_that_differ,
    "damaged reports that are neither released nor held back by name, or both": neither_or_both,
    "reports released of which nobody can say what they are": released_and_not_understood,
    "facts of a report with a part missing that the whole one does not have": untrue_facts,
    "reports published twice whose money is not counted once": money_counted_otherwise,
    "cells that are said to differ between two publications, and do not": differences_that_are_none,
}


def prove(clean: int, damaged: int, folder: Path) -> int:
    """Makes the builds, prints what came of them, and returns the exit status."""
    builds = make(clean, damaged, folder)
    ((rows,),) = builds.query(
        "select sum(rows) from ("
        + " union all ".join(
            f"select count(*) as rows from ({clean_rows('damaged', mart)})" for mart, _ in marts_of_reports(builds)
        )
        + ")"
    )
    released, held_back = builds.released(), builds.held_back()
    print(
        f"{clean:,} clean reports with {rows:,} rows in the marts; {damaged:,} damaged: {len(released):,} released, ",
        end="",
    )
    print(f"{len(held_back):,} held back by name.\n")
    print("| promise | promised | reached |\n| --- | --- | --- |")
    untrue = {title: check(builds) for title, check in CHECKS.items()}
    for title, found in untrue.items():
        print(f"| {title} | 0 | {len(found):,} |")
        for each in found[:5]:
            print(f"  {each}", file=sys.stderr)
    print("\n| damage | reports | released | a reason to hold one back |\n| --- | --- | --- | --- |")
    for kind, number in sorted(Counter(builds.kinds.values()).items()):
        names = {name for name, other in builds.kinds.items() if other == kind}
        reason = next((held_back[name] for name in sorted(names & held_back.keys())), "")
        shown = " ".join(reason.replace("|", "/").split())[:100]
        print(f"| {kind} | {number} | {len(names & released)} | {shown} |")
    return 1 if any(untrue.values()) else 0


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/prove_wrecks",
        description="Build clean reports and damaged ones together, and say whether the damaged ones change anything.",
        epilog="Exit status: 0 they change nothing, 1 they do, 2 wrong usage.",
    )
    parser.add_argument("--clean", type=int, default=1_000, metavar="N", help="clean reports (default: 1,000)")
    parser.add_argument("--damaged", type=int, default=200, metavar="N", help="damaged reports (default: 200)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wrecks-") as folder:
        try:
            return prove(given.clean, given.damaged, Path(folder))
        except RuntimeError as error:
            print(f"scripts/prove_wrecks: {error}", file=sys.stderr)
            return 1


if __name__ == "__main__":
    sys.exit(main())
