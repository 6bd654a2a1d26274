"""Reports with one error of structure each: what a typist, a printer or an exporter does to many cells at once.

They are made in the raw tables of clean synthetic reports, and enter the build as further reports.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from final_accounts.registry import BASIC_EXPENDITURE, PRINTED_TABLES, SUBJECT_TABLES

TABLES = SUBJECT_TABLES | BASIC_EXPENDITURE
UNIT = Decimal(10_000)
HALF = 0.5

Row = dict[str, str]
Rows = list[Row]
# what an error makes of the rows of a table with these amounts; nothing where it cannot be made
Error = Callable[[Rows, list[str], random.Random], Rows | None]


@dataclass(frozen=True)
class Made:
    """What was done to a report: the rows of a table that are not as they should be."""

    report_id: str
    of: str  # the clean report that it was
    kind: str
    table_no: str
    rows: frozenset[str]


def _amounts(row: Row, columns: list[str]) -> list[str]:
    return [row[column] or "" for column in columns]


def _filled(rows: Rows, columns: list[str]) -> list[int]:
    return [at for at, row in enumerate(rows) if row["subject_code"] and any(_amounts(row, columns))]


def _with_amounts(row: Row, other: Row | None, columns: list[str]) -> Row:
    return row | {column: other[column] if other else "" for column in columns}


def _in_another_unit(rows: Rows, columns: list[str], chance: random.Random) -> Rows:
    def text(printed: str) -> str:
        # in yuan, as an exporter does that forgot to divide
        return f"{Decimal(printed.replace(',', '')) * UNIT:.2f}" if printed and printed[0] in "-0123456789" else printed

    return [row | {column: text(row[column] or "") for column in columns} for row in rows]


def _swapped_columns(rows: Rows, columns: list[str], chance: random.Random) -> Rows | None:
    filled = [column for column in columns if any(row[column] for row in rows)]
    if len(filled) < 2:
        return None
    left, right = chance.sample(filled, 2)
    return [row | {left: row[right], right: row[left]} for row in rows]


def _swapped_rows(rows: Rows, columns: list[str], chance: random.Random) -> Rows | None:
    filled = _filled(rows, columns)
    if len(filled) < 2:
        return None
    left, right = chance.sample(filled, 2)
    changed = {left: rows[right], right: rows[left]}
    return [_with_amounts(row, changed.get(at, row), columns) for at, row in enumerate(rows)]


def _shifted(rows: Rows, columns: list[str], chance: random.Random) -> Rows | None:
    """A run of two to six rows a row too low or too high, in all columns or one: where it begins stands nothing."""
    columns = columns if chance.random() < HALF else [chance.choice(columns)]
    length, step = chance.randint(2, 6), chance.choice((-1, 1))
    if len(rows) < length + 2:
        return None
    first = chance.randint(1, len(rows) - length)
    run = range(first, first + length)
    came = {at: rows[at - step] if at - step in run else None for at in run}
    return [_with_amounts(row, came.get(at, row), columns) for at, row in enumerate(rows)]


def _in_another_column(rows: Rows, columns: list[str], chance: random.Random) -> Rows | None:
    moves = [
        (at, left, right)
        for at in _filled(rows, columns)
        for left in columns
        for right in columns
        if abs(columns.index(left) - columns.index(right)) == 1 and rows[at][left] and not rows[at][right]
    ]
    if not moves:
        return None
    moved, left, right = chance.choice(moves)
    return [row | {left: "", right: row[left]} if at == moved else row for at, row in enumerate(rows)]


def _doubled(rows: Rows, columns: list[str], chance: random.Random) -> Rows | None:
    filled = _filled(rows, columns)
    if not filled:
        return None
    doubled = chance.choice(filled)
    return [*rows[: doubled + 1], *rows[doubled:]]


def _leaves(rows: Rows, columns: list[str]) -> list[int]:
    codes = {row["subject_code"] for row in rows}
    return [
        at
        for at in _filled(rows, columns)
        if not any(code != rows[at]["subject_code"] and code.startswith(rows[at]["subject_code"]) for code in codes)
    ]


def _missing(rows: Rows, columns: list[str], chance: random.Random) -> Rows | None:
    leaves = _leaves(rows, columns)
    if not leaves:
        return None
    missing = chance.choice(leaves)
    return [*rows[:missing], *rows[missing + 1 :]]


def _under_another_code(rows: Rows, columns: list[str], chance: random.Random) -> Rows | None:
    """Of a leaf: the last two digits, or two neighbours in it, or another section."""
    leaves, codes = _leaves(rows, columns), {row["subject_code"] for row in rows}
    if not leaves:
        return None
    at = chance.choice(leaves)
    code = rows[at]["subject_code"]
    others = [code[:-2] + f"{last:02d}" for last in range(1, 10)] + [code[:-3] + f"{chance.randint(1, 9)}" + code[-2:]]
    other = chance.choice(others)
    if other in codes:
        return None
    return [row | {"subject_code": other} if place == at else row for place, row in enumerate(rows)]


ERRORS: dict[str, Error] = {
    "other_unit": _in_another_unit,
    "swapped_columns": _swapped_columns,
    "swapped_rows": _swapped_rows,
    "shifted_rows": _shifted,
    "other_column": _in_another_column,
    "doubled_row": _doubled,
    "missing_row": _missing,
    "other_code": _under_another_code,
}


def add_structural(connection: duckdb.DuckDBPyConnection, each: int, seed: int) -> list[Made]:
    """Appends so many reports of each kind of error to the raw tables of a database with synthetic reports."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    ids = [
        report_id
        for (report_id,) in connection.execute(
            "select report_id from raw.reports where origin = 'synthetic' order by report_id"
        ).fetchall()
    ]
    made = []
    for kind in ERRORS:
        for number in range(each):
            made.append(_one(connection, chance, ids, kind, f"structure-{kind}-{number}"))
    # of departments of their own: two reports of one department and year, or of one name, hold each other back
    connection.execute("""
        update raw.reports
        set department_code = report_id, department_name = report_id
        where report_id like 'structure-%'
    """)
    return made


def _one(connection: duckdb.DuckDBPyConnection, chance: random.Random, ids: list[str], kind: str, name: str) -> Made:
    """A copy of some report with an error that changes something."""
    while True:
        report_id, table_no = chance.choice(ids), chance.choice(list(TABLES))
        table, columns = TABLES[table_no]
        cursor = connection.execute(
            f"select * from raw.{table} where report_id = ? order by cast(row_no as integer)",  # noqa: S608
            [report_id],
        )
        names = [each[0] for each in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        changed = ERRORS[kind](rows, columns, chance)
        wrong = _wrong_rows(rows, changed, columns) if changed else frozenset()
        if wrong:
            _copy(connection, report_id, name, table)
            numbered = [row | {"report_id": name, "row_no": str(no)} for no, row in enumerate(changed, 1)]
            values = [[row[column] for row in numbered] for column in names]
            connection.execute(
                f"insert into raw.{table} ({', '.join(names)}) select {', '.join('unnest(?)' for _ in names)}",
                values,
            )
            return Made(name, report_id, kind, table_no, wrong)


def _wrong_rows(rows: Rows, changed: Rows, columns: list[str]) -> frozenset[str]:
    """The rows that are not as they were."""
    before, after = Counter(_keys(rows, columns)), Counter(_keys(changed, columns))
    return frozenset(key for key, *_ in (before - after) | (after - before))


def _keys(rows: Rows, columns: list[str]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        yield row["subject_code"] or row["subject_name"], *_amounts(row, columns)


def _copy(connection: duckdb.DuckDBPyConnection, report_id: str, name: str, but: str) -> None:
    """The rows of a report as those of another, but for one table."""
    for table in ("reports", "report_tables", *(each.name for each in PRINTED_TABLES.values())):
        if table != but:
            connection.execute(
                f"insert into raw.{table} select * replace (? as report_id) from raw.{table} where report_id = ?",  # noqa: S608
                [name, report_id],
            )
