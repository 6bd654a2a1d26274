"""scripts/build: raw CSV to the published warehouse.

The warehouse is built in a file of its own and takes the place of the published one only when every test has passed: a
build that fails leaves what readers have.
"""

import argparse
import shutil
import sys
from pathlib import Path

import duckdb

from final_accounts.dbt import run_dbt
from final_accounts.paths import PUBLISHED, TOP
from final_accounts.raw_files import problems_of_folder

RELEASED, NOT_RELEASED, SOME_HELD_BACK = 0, 1, 3

TRY = """\
select subject_name, amount_yuan, share_of_total
from reporting.rpt_spending_by_function
where subject_level = 'class'
order by amount_yuan desc"""


def summary(database: Path) -> str:
    """What was built: reports, cells, and the rows of each mart."""
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            """
            select table_schema, table_name
            from information_schema.tables
            where table_schema in ('marts', 'quality', 'reporting')
            order by table_schema, table_name
            """
        ).fetchall()
        rows = {
            f"{schema}.{table}": connection.execute(f'select count(*) from "{schema}"."{table}"').fetchone()[0]  # noqa: S608
            for schema, table in tables
        }
        amounts = connection.execute(
            "select count(*) from quality.fct_report_cells where cell_status = 'amount'"
        ).fetchone()[0]
    width = max(map(len, rows))
    lines = [f"  {name:<{width}}  {count:>9,}" for name, count in rows.items()]
    return "\n".join(
        [
            f"{rows['marts.dim_reports']:,} reports, {rows['quality.fct_report_cells']:,} cells of their tables, "
            f"{amounts:,} of them amounts. Rows:",
            *lines,
        ]
    )


HELD_BACK = """\
select
    scorecard.report_id,
    scorecard.broken_fatal,
    min(identities.title || coalesce(' (' || nullif(results.instance_key, '') || ')', '') || ': ' || results.reason)
from quality.fct_report_scorecard as scorecard
left join quality.fct_identity_results as results
    on scorecard.report_id = results.report_id and results.severity = 'fatal' and results.status = 'broken'
left join raw.identities as identities on results.identity_id = identities.identity_id
where not scorecard.is_released
group by scorecard.report_id, scorecard.broken_fatal
order by scorecard.report_id"""


def held_back(database: Path) -> list[str]:
    """A sentence for each report whose tables do not add up: how much is broken, and one break as an example."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return [
            f"Held back: report {report_id}, fatal identities broken: {broken}. {example or 'See quality.'}"
            for report_id, broken, example in connection.execute(HELD_BACK).fetchall()
        ]


def released(database: Path) -> int:
    """How many reports the marts hold."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute("select count(*) from marts.dim_reports").fetchone()[0]


def build(project: Path = TOP) -> int:
    """Builds, tests and publishes the warehouse of a project; returns the exit status."""
    published = project / PUBLISHED.relative_to(TOP)
    candidate = published.parent / ".candidate" / published.name
    shutil.rmtree(candidate.parent, ignore_errors=True)

    problems = problems_of_folder(project / "seeds")
    if problems:
        print("\n".join(problems), file=sys.stderr)
        print(f"Not released: problems in raw files: {len(problems)}.", file=sys.stderr)
        return NOT_RELEASED

    candidate.parent.mkdir(parents=True)
    result = run_dbt(["build", "--exclude-resource-type", "unit_test"], candidate, project)
    if not result.success:
        shutil.rmtree(candidate.parent)
        print("Not released: a model or a test failed; what readers have is unchanged.", file=sys.stderr)
        return NOT_RELEASED

    sentences = held_back(candidate)
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    if released(candidate) == 0:
        shutil.rmtree(candidate.parent)
        print("Not released: no report is left to release; what readers have is unchanged.", file=sys.stderr)
        return NOT_RELEASED

    print(summary(candidate))
    candidate.replace(published)
    candidate.parent.rmdir()
    print(f"\nThe warehouse is {published}. Try:\n\n{TRY}\n")
    if sentences:
        print(f"Released; reports held back: {len(sentences)}.")
        return SOME_HELD_BACK
    print("Released.")
    return RELEASED


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/build",
        description="Build the warehouse from seeds/, test it, and publish it as warehouse/final_accounts.duckdb.",
        epilog="Exit status: 0 released, 3 released with reports held back (named), "
        "1 not released (what readers have is unchanged), 2 wrong usage.",
    )
    parser.parse_args()
    return build()


if __name__ == "__main__":
    sys.exit(main())
