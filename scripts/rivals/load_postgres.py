"""Loads a landing folder, the lines of the forms and the written-out registry into the schema landing of PostgreSQL.

PostgreSQL reads no Parquet: DuckDB writes each table as CSV, and COPY reads that. Where the server is, PGHOST and the
other variables of libpq say.
"""

import sys
from pathlib import Path

import duckdb
import psycopg2
from final_accounts.registry import TABLE_NAMES
from final_accounts.warehouse.paths import TOP


def main() -> None:
    """Loads: landing folder, registry folder, folder for the CSV files, which are removed again."""
    landing, registry, folder = map(Path, sys.argv[1:4])
    tables = {table: landing / table / "*.parquet" for table in ("reports", *TABLE_NAMES.values())}
    tables |= {table: registry / f"{table}.parquet" for table in ("places", "terms", "instances")}
    readers = {table: ("read_parquet(?)", str(files)) for table, files in tables.items()}
    lines = TOP / "seeds" / "classification" / "form_lines.csv"
    readers["form_lines"] = ("read_csv(?, all_varchar = true)", str(lines))
    with psycopg2.connect("") as connection, duckdb.connect() as reader, connection.cursor() as cursor:
        cursor.execute("create schema landing")
        for table, (source, files) in readers.items():
            described = reader.execute(f"describe from {source}", [files]).fetchall()
            columns = ", ".join(f"{name} {kind}" for name, kind, *_ in described)
            cursor.execute(f"create table landing.{table} ({columns})")
            file = folder / f"{table}.csv"
            # an empty text is written in quotes, null without, as COPY takes them
            name = str(file).replace("'", "''")
            reader.execute(f"copy (from {source}) to '{name}' (format csv, header false)", [files])
            with file.open("rb") as rows:
                cursor.copy_expert(f"copy landing.{table} from stdin (format csv)", rows)
            file.unlink()
            cursor.execute(f"analyze landing.{table}")


if __name__ == "__main__":
    main()
