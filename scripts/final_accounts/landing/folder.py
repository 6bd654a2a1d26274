"""A landing folder: raw tables of many reports, as <folder>/<table>/*.parquet or *.csv, with the columns of the seeds.

dbt reads it with macros/landing.sql; this is how Python reads and writes it.
"""

import os
from pathlib import Path
from typing import Any

import duckdb

# How each kind of file is read: every column as text.
READERS = {
    ".csv": "read_csv(?, all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"')",
    ".parquet": "read_parquet(?)",
}

# The report of a row, as staging reads it (macro trimmed).
REPORT = "nullif(regexp_replace(report_id, '^[\\s\\x{00A0}\\x{3000}]+|[\\s\\x{00A0}\\x{3000}]+$', '', 'g'), '')"


def write_rows(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    name: str,
    table: str,
    columns: list[str],
    condition: str,
    parameters: dict[str, Any],
) -> None:
    """Writes the rows of a raw table that fulfil a condition to <folder>/<table>/<name>.parquet, if there are any.

    The file is there whole or not at all.
    """
    rows = f"from raw.{table} where {condition}"
    if not connection.execute(f"select count(*) {rows}", parameters).fetchone()[0]:
        return
    place = folder / table / f"{name}.parquet"
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_suffix(f".{os.getpid()}.unfinished")
    target = str(unfinished).replace("'", "''")
    order = "report_id" + (", try_cast(row_no as integer)" if "row_no" in columns else "")
    connection.execute(
        f"copy (select {', '.join(columns)} {rows} order by {order}) to '{target}' (format parquet)", parameters
    )
    unfinished.replace(place)
