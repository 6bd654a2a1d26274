"""What the Python models of dbt share: they read reports slice by slice, and give what they found as a table."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb

Row = tuple[Any, ...]

# what amounts are counted in where they must be whole numbers
MILLIONTHS = 1_000_000


def decimal(number: Fraction) -> Decimal:
    """To the nearest millionth."""
    return Decimal(round(number * MILLIONTHS)).scaleb(-6)


def slices(
    reports: duckdb.DuckDBPyRelation, relation: duckdb.DuckDBPyRelation, size: int
) -> Iterator[duckdb.DuckDBPyRelation]:
    """The rows of so many reports at a time: all at once would not fit the memory."""
    numbers = reports.select("report_no").order("report_no").fetchall()
    for first in range(0, len(numbers), size):
        low, high = numbers[first][0], numbers[min(first + size, len(numbers)) - 1][0]
        yield relation.filter(f"report_no between {low} and {high}")


def as_table(
    session: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str], rows: Iterable[Row]
) -> duckdb.DuckDBPyRelation:
    """Rows as a relation of a model."""
    session.execute(f"create or replace temp table {name} ({', '.join(map(' '.join, columns.items()))})")
    values = [list(column) for column in zip(*rows, strict=True)]
    if values:
        session.execute(f"insert into {name} select {', '.join('unnest(?)' for _ in columns)}", values)
    return session.table(name)
