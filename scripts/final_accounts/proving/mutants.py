"""Copies of a report with one error each, to measure what the identities find.

Every non-blank amount cell gets every kind of error that a typist or a publisher makes; every blank cell gets a value;
and runs of rows get the amounts of the row above or below. A mutant whose amount stays the same number is none.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import duckdb

from final_accounts.registry import BASIC_EXPENDITURE, PRINTED_TABLES, SUBJECT_TABLES


@dataclass(frozen=True)
class Cell:
    """One amount cell of a report as printed; `text` is empty where it is blank."""

    table_no: str
    row_no: int
    row_key: str
    column_name: str
    text: str


def errors_of(text: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Kinds of error and the wrong texts they make of a printed amount."""
    digits = [position for position, character in enumerate(text) if character.isdigit()]
    for position in digits:
        digit = str((int(text[position]) + chance.randint(1, 9)) % 10)
        yield "one_digit", text[:position] + digit + text[position + 1 :]
        yield "lost_digit", text[:position] + text[position + 1 :]
        yield "doubled_digit", text[: position + 1] + text[position:]
    for left, right in pairwise(digits):
        swapped = list(text)
        swapped[left], swapped[right] = swapped[right], swapped[left]
        yield "swapped_digits", "".join(swapped)
    yield "sign", text.removeprefix("-") if text.startswith("-") else f"-{text}"
    amount = Decimal(text.replace(",", ""))
    yield "ten_times", f"{amount * 10:f}"
    yield "tenth", f"{(amount / 10).quantize(Decimal('0.01')):f}"
    yield "unit_slip", f"{amount * 10000:f}"
    yield "dropped_cell", ""


def mutants_of(cells: list[Cell], seed: int) -> Iterator[tuple[str, Cell, str]]:
    """Kind, cell and wrong text of every mutant of one report."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    amounts = [cell for cell in cells if cell.text]
    for cell in cells:
        if not cell.text:
            yield "value_in_blank_cell", cell, chance.choice(amounts).text
            continue
        before = Decimal(cell.text.replace(",", ""))
        seen = set()
        for kind, text in errors_of(cell.text, chance):
            after = Decimal(text) if text not in ("", ".") else Decimal(0)
            if after != before and (kind, after) not in seen:
                seen.add((kind, after))
                yield kind, cell, text


def add_mutants(connection: duckdb.DuckDBPyConnection, report_id: str, seed: int) -> int:
    """Appends the mutants of a report, each as a report of its own, to the raw tables; returns how many.

    The ledger (`quality.fct_report_cells`) of the report must have been built. What was done to which mutant is left in
    the table `main.mutants`.
    """
    cells = [
        Cell(*row)
        for row in connection.execute(
            """
            select table_no, row_no, row_key, column_name, coalesce(printed_text, '')
            from quality.fct_report_cells
            where report_id = ? and cell_status in ('amount', 'blank')
            order by table_no, row_no, column_name
            """,
            [report_id],
        ).fetchall()
    ]
    connection.execute("""
        create or replace table main.mutants (
            mutant_id varchar, report_id varchar, kind varchar, table_no varchar, row_no integer, last_row_no integer,
            step integer, row_key varchar, column_name varchar, text varchar
        )
    """)
    rows = [
        (kind, cell.table_no, cell.row_no, None, None, cell.row_key, cell.column_name, text)
        for kind, cell, text in mutants_of(cells, seed)
    ]
    rows += list(_shifts(connection, report_id))
    # one statement for all: row by row takes half a minute
    columns = ", ".join("unnest(?)" for _ in range(10))
    connection.execute(
        f"insert into main.mutants select {columns}",
        [
            [f"{report_id}~{number}" for number in range(len(rows))],
            [report_id] * len(rows),
            *(list(column) for column in zip(*rows, strict=True)),
        ],
    )
    _copy_reports(connection)
    for table_no, table in PRINTED_TABLES.items():
        _copy_rows(connection, table_no, table.name, table.amounts)
    return len(rows)


def _shifts(connection: duckdb.DuckDBPyConnection, report_id: str) -> Iterator[tuple]:
    """Runs of two to six rows of a table by subject whose amounts slip a row down or up; blanks alone are no error."""
    for table_no, (table, amounts) in (SUBJECT_TABLES | BASIC_EXPENDITURE).items():
        (rows,) = connection.execute(
            f"select max(cast(row_no as integer)) from raw.{table} where report_id = ?",  # noqa: S608
            [report_id],
        ).fetchone()
        filled = " or ".join(f"coalesce(trim({amount}), '') <> ''" for amount in amounts)
        printed = {
            row_no
            for (row_no,) in connection.execute(
                f"select cast(row_no as integer) from raw.{table} where report_id = ? and ({filled})",  # noqa: S608
                [report_id],
            ).fetchall()
        }
        for first in range(2, (rows or 0) - 1, 3):
            for length in (2, 4):
                last = min(first + length, rows)
                for step in (-1, 1) if printed & set(range(first, last + 1)) else ():
                    yield "shifted_rows", table_no, first, last, step, None, None, None


def _copy_reports(connection: duckdb.DuckDBPyConnection) -> None:
    narrative = ("narrative_paragraphs", "narrative_claims", "narrative_mentions")
    for table in ("reports", "report_tables", "table_notes", *narrative):
        connection.execute(f"""
            insert into raw.{table} by name
            select originals.* replace (mutants.mutant_id as report_id)
            from raw.{table} as originals
            inner join main.mutants as mutants on originals.report_id = mutants.report_id
        """)  # noqa: S608


def _copy_rows(connection: duckdb.DuckDBPyConnection, table_no: str, table: str, amounts: list[str]) -> None:
    """A shifted row shows the amounts of its neighbour; the end of the run, where none came from, is blank."""
    replaced = ", ".join(
        f"""
        case
            when mutants.table_no <> '{table_no}' then originals.{column}
            when mutants.step is null and mutants.row_no = cast(originals.row_no as integer)
                and mutants.column_name = '{column}' then mutants.text
            when mutants.step is not null
                and cast(originals.row_no as integer) between mutants.row_no and mutants.last_row_no
                then coalesce(neighbours.{column}, '')
            else originals.{column}
        end as {column}"""
        for column in amounts
    )
    connection.execute(f"""
        insert into raw.{table} by name
        select originals.* replace (mutants.mutant_id as report_id, {replaced})
        from raw.{table} as originals
        inner join main.mutants as mutants on originals.report_id = mutants.report_id
        left join raw.{table} as neighbours
            on originals.report_id = neighbours.report_id
            and cast(originals.row_no as integer) - mutants.step = cast(neighbours.row_no as integer)
            and cast(neighbours.row_no as integer) between mutants.row_no and mutants.last_row_no
    """)  # noqa: S608
