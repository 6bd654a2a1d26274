# ruff: noqa: S608 - names of our own, quoted
"""Looks at the file of a release as a reader will: in a fresh process, read-only, every cell of every table.

    python -m final_accounts.release.audit FOLDER

The folder holds final_accounts.duckdb and release.json. Problems are printed, one a line; the exit status is 0 where
there are none. Nothing of the process that built the file is believed.
"""

import argparse
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

from final_accounts.release.record import TABLES, read_record, sha256_of
from final_accounts.release.tables import columns_of, contents, quoted, views_of
from final_accounts.site.contents import problems_of_site
from final_accounts.warehouse.paths import PUBLISHED

# What a reader should open the file with, too: nothing but the file, and nothing from the web.
READ_ONLY_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
    "lock_configuration": True,
}

MISSING_RESULTS = """\
select 'report ' || reports.report_id || ', identity ' || identities.identity_id || ': no result, and no word why'
from staging.stg_accounts__reports as reports
inner join raw.identities as identities
    on reports.fiscal_year between coalesce(try_cast(identities.first_year as integer), 0)
        and coalesce(try_cast(identities.last_year as integer), 9999)
anti join quality.fct_identity_results as results
    on reports.report_id = results.report_id and identities.identity_id = results.identity_id
order by all"""

MISPLACED_REPORTS = """\
select 'report ' || report_id || ': ' || case when is_released then 'released, and not in the marts' else 'held back, and in the marts' end
from quality.fct_report_scorecard
where is_released <> (report_id in (select report_id from marts.dim_reports))
order by all"""  # noqa: E501


def problems_of(folder: Path) -> list[str]:
    """What is wrong with the file of a release; empty if readers may have it."""
    database = folder / PUBLISHED.name
    journal = database.with_name(f"{database.name}.wal")
    if journal.exists():
        return [f"{journal} lies beside it: what is in the journal is not in the file"]
    try:
        record = read_record(folder)
        found = sha256_of(database)
    except (OSError, ValueError) as error:
        return [f"{folder} is no whole release. {error}"]
    if found != record["file_sha256"]:
        return [f"{database} is not the file that was checked: SHA-256 {found} instead of {record['file_sha256']}"]
    try:
        with duckdb.connect(str(database), read_only=True, config=READ_ONLY_SETTINGS) as connection:
            problems = _problems_of_tables(connection, database.stem, record)
            problems += _problems_of_reports(connection, record)
    except duckdb.Error as error:
        return [f"{database} cannot be read. {str(error).splitlines()[0]}"]
    site = folder / "site"
    return [*problems, *(problems_of_site(site, record["release_id"]) if site.is_dir() else [])]


def _problems_of_tables(connection: duckdb.DuckDBPyConnection, catalog: str, record: dict[str, Any]) -> list[str]:
    """Tables that are missing, strange, or do not hold what was checked."""
    columns, views = columns_of(connection, catalog), views_of(connection, catalog)
    own = {f"quality.{table}" for table in TABLES}
    expected = record["tables"].keys() | own
    problems = [f"{name} is missing" for name in sorted(expected - columns.keys())]
    for name in sorted(columns.keys() - expected):
        if not name.startswith("intermediate."):
            problems.append(f"{name} is not a table of a release")
        elif not record["personal_data"]:
            problems.append(f"{name} could compute what a release without personal data leaves out")
        else:
            # Not for readers: that it can be read at all is enough.
            connection.execute(f"select * from {quoted(name)} limit 0")
    for name, was in record["tables"].items():
        if name not in columns:
            continue
        held = contents(connection, catalog, name, columns[name], name in views)
        if held.rows != was["rows"]:
            problems.append(f"{name} has {held.rows:,} rows, {was['rows']:,} were checked")
        elif held.fingerprint != was["fingerprint"]:
            problems.append(f"{name} does not hold what was checked")
    return [*problems, *_problems_of_inputs(connection, record)]


def _problems_of_inputs(connection: duckdb.DuckDBPyConnection, record: dict[str, Any]) -> list[str]:
    """Raw files that the file of the release tells of in another way than its record, or lacks rows of."""
    problems: list[str] = []
    written = {
        file: (table, rows)
        for file, table, rows in connection.execute(
            "select file, table_name, rows from quality.release_inputs"
        ).fetchall()
    }
    rows_of_files: Counter[str] = Counter()
    for each in record["inputs"]:
        table, rows = written.get(each["file"], (None, 0))
        if table is None:
            problems.append(f"{each['file']} is not in quality.release_inputs")
            continue
        if rows != each["rows"]:
            problems.append(f"quality.release_inputs says {rows:,} rows of {each['file']}, {each['rows']:,} were read")
        rows_of_files[table] += each["rows"]
    for table, rows in rows_of_files.items():
        if record["tables"][table]["rows"] != rows:
            problems.append(f"{table} has {record['tables'][table]['rows']:,} rows, its files have {rows:,}")
    return problems


def _problems_of_reports(connection: duckdb.DuckDBPyConnection, record: dict[str, Any]) -> list[str]:
    """Identities that did not run, reports in the wrong place, and a record of another release."""
    problems = [text for (text,) in connection.execute(MISSING_RESULTS).fetchall()]
    problems += [text for (text,) in connection.execute(MISPLACED_REPORTS).fetchall()]
    ((released,),) = connection.execute("select count(*) from marts.dim_reports").fetchall()
    if released != record["reports_released"]:
        problems.append(f"{released:,} reports are released, {record['reports_released']:,} were")
    this = connection.execute("select release_id from quality.releases where is_this_file").fetchall()
    if this != [(record["release_id"],)]:
        problems.append(f"quality.releases calls it {this}, not {record['release_id']}")
    return problems


def audit(folder: Path) -> list[str]:
    """Audits a release in a process of its own."""
    run = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", __name__, str(folder)], capture_output=True, text=True, check=False
    )
    if run.returncode == 0:
        return []
    return run.stdout.splitlines() or [f"the audit broke off (exit status {run.returncode}): {run.stderr.strip()}"]


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(description="Audit the file of a release.")
    parser.add_argument("folder", type=Path, help="a folder of warehouse/releases")
    problems = problems_of(parser.parse_args().folder)
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
