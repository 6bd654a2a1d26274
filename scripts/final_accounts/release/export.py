# ruff: noqa: S608 - names of our own, quoted
"""scripts/export: a release as Parquet, as CSV that a spreadsheet opens right, as workbook, as Fiscal Data Package."""

import csv
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import duckdb

from final_accounts.language import Parser
from final_accounts.release.downloads import write_hashes, write_package, write_workbook
from final_accounts.release.errors import NotReleasedError
from final_accounts.release.history import history
from final_accounts.release.publish import open_to_all
from final_accounts.release.record import sha256_of
from final_accounts.release.tables import READ_SCHEMAS, columns_of, literal, quoted
from final_accounts.terminal import plain_streams
from final_accounts.warehouse.paths import PUBLISHED, TOP, Warehouse

FORMATS = ("parquet", "csv", "excel", "package")
DONE, NOT_DONE = 0, 1
ROWS_AT_ONCE = 10_000

# What a spreadsheet takes for the beginning of a formula; full-width signs too, where it runs in Chinese or Japanese.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
# What it takes for a number, a date or a truth value, and would show as something else: 0101, 1-2, 2023年1月, 3E5.
CONVERTED = re.compile(
    r"\s*[¥￥$€]?[\d.,:/%年月日时分秒eE()\s-]*\d[\d.,:/%年月日时分秒eE()\s-]*|\s*(true|false)\s*"
    r"|\s*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s.-]*\d+\s*",
    re.IGNORECASE,
)


def cell(value: Any) -> str:
    """A value as a cell of the CSV.

    A text that would be run as a formula begins with an apostrophe, one that would be converted begins with a tab: the
    spreadsheet then shows the text as it is. Numbers are not texts, and stay as they are.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    if value.startswith(FORMULA) or value.lstrip().startswith(FORMULA):
        return f"'{value}"
    return f"\t{value}" if CONVERTED.fullmatch(value) else value


def write_csv(connection: duckdb.DuckDBPyConnection, table: str, file: Path) -> None:
    """Writes a table as CSV: UTF-8 with a byte order mark, CRLF, which Excel needs to know Chinese when it sees it."""
    rows = connection.execute(f"select * from {quoted(table)} order by all")
    with file.open("w", encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text)
        writer.writerow([column[0] for column in rows.description])
        while some := rows.fetchmany(ROWS_AT_ONCE):
            writer.writerows([cell(value) for value in row] for row in some)


def write_dictionary(connection: duckdb.DuckDBPyConnection, tables: list[str], file: Path) -> None:
    """Writes what every column is, beside the tables."""
    rows = connection.execute(
        """
        select schema_name || '.' || table_name, column_name, data_type, comment
        from duckdb_columns()
        where schema_name || '.' || table_name in (select unnest($1))
        order by schema_name, table_name, column_index
        """,
        [tables],
    ).fetchall()
    with file.open("w", encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(["table_name", "column_name", "data_type", "description"])
        writer.writerows([cell(value) for value in row] for row in rows)


def export(warehouse: Warehouse, target: Path, formats: tuple[str, ...], release_id: str | None) -> Path:
    """Writes the tables of a release into a folder of its name; whole, or not at all."""
    past = history(warehouse)
    each = past.named(release_id) if release_id else past.published
    if each is None:
        raise NotReleasedError("the release that readers have is not kept; see scripts/releases list.")
    database = each.folder / PUBLISHED.name
    if sha256_of(database) != each.record["file_sha256"]:
        raise NotReleasedError(f"{database} is not the file that was audited.")
    folder, unfinished = target / each.release_id, target / f".{each.release_id}"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = [name for name in columns_of(connection, database.stem) if name.split(".")[0] in READ_SCHEMAS]
        for number, table in enumerate(tables, 1):
            print(f"[{number}/{len(tables)}] {table}", file=sys.stderr)
            schema, name = table.split(".")
            for kind in {"csv", "parquet"} & set(formats):
                (unfinished / kind / schema).mkdir(parents=True, exist_ok=True)
            if "csv" in formats:
                write_csv(connection, table, unfinished / "csv" / schema / f"{name}.csv")
            if "parquet" in formats:
                connection.execute(
                    f"copy (select * from {quoted(table)} order by all) "
                    f"to {literal(unfinished / 'parquet' / schema / f'{name}.parquet')} "
                    f"(format parquet, compression zstd, kv_metadata {{release_id: {literal(each.release_id)}}})"
                )
        write_dictionary(connection, tables, unfinished / "columns.csv")
        if "excel" in formats:
            write_workbook(connection, each.release_id, unfinished / "final_accounts.xlsx")
        if "package" in formats:
            write_package(connection, each.release_id, unfinished / "package")
    write_hashes(unfinished)
    open_to_all(unfinished)
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)
    return folder


def main(arguments: list[str] | None = None) -> int:
    """Parses the command line."""
    parser = Parser(
        prog="scripts/export",
        description="Write marts, quality and reporting of an audited release as Parquet and CSV, its leaf facts as "
        "a Fiscal Data Package, a workbook for people, what every column is, and hashes. In the CSV a text that a "
        "spreadsheet would run as a formula begins with an apostrophe, and one that it would convert (codes, dates) "
        "with a tab.",
        epilog="Exit status: 0 done, 1 not done, 2 wrong usage.",
    )
    parser.add_argument("--release", metavar="ID", help="default: the release that readers have")
    parser.add_argument("--format", choices=FORMATS, action="append", help="may be given more than once; default: all")
    parser.add_argument(
        "--to",
        type=Path,
        default=PUBLISHED.parent / "exports",
        metavar="DIR",
        help="a folder named after the release is made in it (default: %(default)s)",
    )
    parser.add_argument("--warehouse", type=Path, default=Warehouse.of(TOP).folder, metavar="DIR", help="%(default)s")
    given = parser.parse_args(arguments)
    try:
        folder = export(
            Warehouse(given.warehouse.resolve()), given.to.resolve(), tuple(given.format or FORMATS), given.release
        )
    except NotReleasedError as error:
        print(f"Not exported: {error}", file=sys.stderr)
        return NOT_DONE
    except OSError as error:
        print(f"Not exported: {error.filename or given.to}: {error.strerror or error}.", file=sys.stderr)
        return NOT_DONE
    except duckdb.Error as error:
        print(f"Not exported: {str(error).splitlines()[0]}.", file=sys.stderr)
        return NOT_DONE
    print(f"Exported to {folder}")
    return DONE


if __name__ == "__main__":
    with plain_streams():
        status = main()
    sys.exit(status)
