"""scripts/prove: how many errors the identities find, blame on the right cell and mend.

Copies of the shipped report with one error each, and clean synthetic reports, enter one build as further reports. What
came of them is printed beside what is promised; the exit status says whether every promise is kept.
"""

import argparse
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from final_accounts.proving.mutants import add_mutants
from final_accounts.proving.several import SEVERAL, STRUCTURE, prove_several, prove_structure
from final_accounts.proving.structural import add_structural
from final_accounts.proving.synthetic import add_synthetic_reports
from final_accounts.proving.varied import vary
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.paths import PUBLISHED

SQL = Path(__file__).with_name("prove.sql")

MEASURES = """
    select
        kind,
        count(*) as errors,
        avg(case when is_found then 100 else 0 end) as found,
        avg(case when right_rank is not null then 100 else 0 end) filter (where is_found) as suspected,
        avg(case when right_rank = 1 then 100 else 0 end) filter (where is_found) as first,
        avg(case when right_rank <= 3 then 100 else 0 end) filter (where is_found) as among_three,
        avg(case when suspects = 1 and right_rank = 1 then 100 else 0 end) filter (where is_found) as alone,
        avg(case when is_value_right then 100 else 0 end) filter (where is_found) as value_right
    from verdicts
    group by kind
    order by kind
"""

# what the joint question is asked of; the answers for all mutants would take hours
JOINT = ("int_joint_reports", "int_joint_terms", "int_joint_totals")
FACTS = ("fct_expenditure", "fct_revenue", "fct_basic_expenditure")
JUDGED = (*JOINT, *FACTS, "fct_report_scorecard", "fct_suspect_cells", "fct_shifted_rows", "int_identity_terms")

SINGLE = "kind <> 'shifted_rows'"


@dataclass(frozen=True)
class Promise:
    """A number that must be reached; `sql` selects it from the verdicts, in percent or as a count."""

    title: str
    sql: str
    at_least: float | None = None
    exactly: int | None = None

    def is_kept(self, value: float) -> bool:
        """Whether the measured value reaches the promise."""
        return value == self.exactly if self.at_least is None else value >= self.at_least

    @property
    def target(self) -> str:
        """The promise as text."""
        return f"= {self.exactly}" if self.at_least is None else f">= {self.at_least:g} %"


def _share(condition: str, where: str) -> str:
    share = f"coalesce(100.0 * avg(case when {condition} then 1 else 0 end), 100)"
    return f"select {share} from verdicts where {where}"  # noqa: S608 - constants of this file


PROMISES = [
    Promise(
        "false breaks on clean reports",
        """
        select count(*) from quality.fct_identity_results
        where report_id like 'synthetic-%' and status = 'broken' and severity in ('fatal', 'error')
        """,
        exactly=0,
    ),
    Promise(
        "clean reports held back",
        """
        select count(*) from quality.fct_report_scorecard where report_id like 'synthetic-%' and not is_released
        """,
        exactly=0,
    ),
    Promise(
        "facts whose source is not printed",
        """
        select count(*)
        from (
            select report_id, table_no, subject_code, column_name from marts.fct_expenditure
            union all
            select report_id, table_no, subject_code, column_name from marts.fct_revenue
            union all
            select report_id, table_no, subject_code, column_name from marts.fct_basic_expenditure
        ) as facts
        anti join (from quality.fct_report_cells where cell_status = 'amount') as cells
            on facts.report_id = cells.report_id and facts.table_no = cells.table_no
            and facts.subject_code = cells.row_key and facts.column_name = cells.column_name
        """,
        exactly=0,
    ),
    Promise(
        "single errors larger than their cell's bound found",
        _share("is_found", f"{SINGLE} and (change < lowest_change or change > highest_change)"),
        at_least=100,
    ),
    Promise("single-digit errors found", _share("is_found", "kind = 'one_digit'"), at_least=90),
    Promise(
        "sign, ten times, a tenth, unit slip, lost, doubled digits and dropped cells found",
        _share(
            "is_found",
            "kind in ('sign', 'ten_times', 'tenth', 'unit_slip', 'lost_digit', 'doubled_digit', 'dropped_cell')",
        ),
        at_least=99.5,
    ),
    Promise("right cell among the suspects", _share("right_rank is not null", f"{SINGLE} and is_found"), at_least=100),
    Promise(
        "one suspect only, and right, in tables 02, 03 and 05",
        _share("suspects = 1 and right_rank = 1", f"{SINGLE} and is_found and table_no in ('02', '03', '05')"),
        at_least=97,
    ),
    Promise(
        "one suspect only, and right, over all tables",
        _share("suspects = 1 and right_rank = 1", f"{SINGLE} and is_found"),
        at_least=90,
    ),
    Promise(
        "one suspect only, and wrong",
        f"select count(*) from verdicts where {SINGLE} and is_found and suspects = 1 and right_rank is null",  # noqa: S608
        exactly=0,
    ),
    Promise(
        "true value inside the proposed interval",
        _share("is_in_interval", f"{SINGLE} and is_found and right_rank is not null"),
        at_least=100,
    ),
    Promise(
        "expected instances that ran or say why not",
        """
        select 100.0 * avg(case when status <> 'not_evaluable' or reason is not null then 1 else 0 end)
        from quality.fct_identity_results
        """,
        at_least=100,
    ),
    Promise(
        "printed amount cells of the report covered by an identity",
        """
        select 100.0 * sum(amount_cells - cells_in_no_identity) / sum(amount_cells)
        from quality.fct_report_scorecard where report_id = '$report'
        """,
        at_least=100,
    ),
]


def prove(clean: int, several: int, seed: int, work: Path) -> int:
    """Builds mutants and clean reports, prints what was found, and returns the exit status."""
    started = time.monotonic()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    database = work / PUBLISHED.name

    def step(text: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {text}", file=sys.stderr)

    step("loading the seeds")
    if not run_dbt(["seed"], database).success:
        return 1
    if not run_dbt(["run", "--select", "+fct_report_cells"], database).success:
        return 1
    with duckdb.connect(str(database)) as connection:
        (report_id,) = connection.execute("select min(report_id) from raw.reports").fetchone()
        step(f"making mutants of {report_id} and {clean:,} clean reports")
        mutants = add_mutants(connection, report_id, seed)
        add_synthetic_reports(connection, clean, seed, is_wide=True)
        connection.execute("begin")
        structural = add_structural(connection, several, seed)
        connection.execute("commit")
        vary(connection, seed)
    step(f"building {mutants + clean + len(structural) + 1:,} reports")
    if not run_dbt(["run", "--select", *(f"+{model}" for model in JUDGED)], database).success:
        return 1
    step("judging")
    with duckdb.connect(str(database)) as connection:
        connection.execute(SQL.read_text(encoding="utf-8").replace("$report", report_id))
        _show_measures(connection)
        kept = _show_promises(connection, report_id)
        step(f"explaining {several} reports with several errors")
        print(f"\n{SEVERAL.head}")
        for outcomes in prove_several(connection, several, seed):
            print(outcomes.line())
        step(f"explaining {len(structural):,} reports with an error of structure")
        print(f"\n{STRUCTURE.head}")
        for named in prove_structure(connection, structural):
            print(named.line())
    step(f"done; the database is {database}")
    print("Every promise is kept." if kept else "A promise is not kept.")
    return 0 if kept else 1


def _show_measures(connection: duckdb.DuckDBPyConnection) -> None:
    """Prints what became of the mutants, a line a kind of error."""
    columns = ("found", "suspected", "first", "first 3", "alone", "mended")
    print(f"\n{'error':<20} {'mutants':>7} " + " ".join(f"{column:>9}" for column in columns))
    for kind, errors, *shares in connection.execute(MEASURES).fetchall():
        texts = ["-" if share is None else f"{share:.2f} %" for share in shares]
        print(f"{kind:<20} {errors:>7,} " + " ".join(f"{text:>9}" for text in texts))


def _show_promises(connection: duckdb.DuckDBPyConnection, report_id: str) -> bool:
    """Prints what was reached of each promise; returns whether every one is kept."""
    print(f"\n{'promise':<85} {'promised':>9} {'reached':>9}")
    kept = True
    for promise in PROMISES:
        (value,) = connection.execute(promise.sql.replace("$report", report_id)).fetchone()
        mark = "" if promise.is_kept(value) else "  NOT KEPT"
        kept = kept and not mark
        reached = f"{value:,}" if promise.at_least is None else f"{value:.2f} %"
        print(f"{promise.title:<85} {promise.target:>9} {reached:>9}{mark}")
    return kept


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/prove",
        description="Measure what the identities find: mutants of the shipped report, and clean synthetic reports.",
        epilog="Exit status: 0 every promise kept, 1 one is not, 2 wrong usage.",
    )
    parser.add_argument("--clean", type=int, default=10_000, metavar="N", help="clean reports (default: 10,000)")
    parser.add_argument(
        "--several",
        type=int,
        default=40,
        metavar="N",
        help="reports for each number of errors, and for each kind of structure (default: 40)",
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed of everything random (default: 1)")
    arguments = parser.parse_args()
    return prove(arguments.clean, arguments.several, arguments.seed, PUBLISHED.parent / ".prove")


if __name__ == "__main__":
    sys.exit(main())
