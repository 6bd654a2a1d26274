# ruff: noqa: S608 - names of our own, quoted
"""Writes the file of a release from the one that dbt built, and tells what stands in a file.

The file is written anew and not copied: what dbt dropped on its way leaves no trace in it, rows lie in the order of
their keys, and keys, joins and texts are where BI tools look for them.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from final_accounts.release.manifest import Relation

# For people; everything else is the pipeline's.
READ_SCHEMAS = ("marts", "quality", "reporting")
# Where the steps between raw and marts live: left out where their texts must not be read.
INNER_SCHEMA = "intermediate"
# A key is an index: three times as large as its table, and in memory as a whole while it is made. Larger tables, which
# are ledgers that nothing points to, are without, and so are the steps between raw and marts.
MOST_KEYED_ROWS = 5_000_000


@dataclass(frozen=True)
class Contents:
    """What a table or view holds: its rows, and a number that every change of a cell, name or type changes.

    A view follows from tables: its rows are counted, and of cells it has none of its own.
    """

    rows: int
    fingerprint: str


def quoted(name: str) -> str:
    """A name, or one with its schema, as SQL wants it."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))


def literal(text: object) -> str:
    """A text as SQL wants it."""
    return "'" + str(text).replace("'", "''") + "'"


def columns_of(connection: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, dict[str, str]]:
    """The types of all columns, by table with its schema and by name."""
    columns: dict[str, dict[str, str]] = {}
    for table, name, kind in connection.execute(
        # A parameter would make DuckDB import pandas, which takes longer than all the rest.
        f"""
        select schema_name || '.' || table_name, column_name, data_type
        from duckdb_columns()
        where database_name = {literal(catalog)} and not internal
        order by schema_name, table_name, column_index
        """
    ).fetchall():
        columns.setdefault(table, {})[name] = kind
    return columns


def views_of(connection: duckdb.DuckDBPyConnection, catalog: str) -> set[str]:
    """The views of a file, with their schemas."""
    rows = connection.execute(
        f"select schema_name || '.' || view_name from duckdb_views() where database_name = {literal(catalog)}"
    ).fetchall()
    return {name for (name,) in rows}


def row_hash(columns: Iterable[str]) -> str:
    """SQL for a number made of every cell of a row: the same wherever DuckDB is of the same version."""
    return f"hash({', '.join(map(quoted, columns))})"


def contents(
    connection: duckdb.DuckDBPyConnection, catalog: str, table: str, columns: dict[str, str], is_view: bool
) -> Contents:
    """Reads every cell of these columns of a table; neither the order of rows nor the number of threads counts."""
    total = "0" if is_view else f"sum({row_hash(columns)}::hugeint)"
    query = f"select count(*), {total} from {quoted(f'{catalog}.{table}')}"
    ((rows, found),) = connection.execute(query).fetchall()
    text = repr((table, list(columns.items()), rows, int(found or 0)))
    return Contents(rows, hashlib.sha256(text.encode()).hexdigest()[:32])


def data_hash(tables: dict[str, Contents]) -> str:
    """One number for all data of a file."""
    text = repr(sorted((name, each.rows, each.fingerprint) for name, each in tables.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def kept(relations: Iterable[Relation], personal: bool) -> list[Relation]:
    """The relations that a release has: of the steps between raw and marts only those that a view is computed from.

    Without personal data views are tables, and nothing is left that could compute a text again.
    """
    relations = list(relations)
    needed = {relation.full_name for relation in relations if relation.schema != INNER_SCHEMA}
    for relation in reversed(relations):
        if personal and relation.is_view and relation.full_name in needed:
            needed.update(relation.parents)
    return [relation for relation in relations if relation.full_name in needed]


# Of the file that readers open: small blocks, in a format that DuckDB from 1.4 on reads, whichever version wrote it.
# The oldest reader is the one that the pages bring, of 1.4.
FORMAT = "block_size 16384, storage_version 'v1.0.0'"


def write_release(built: Path, target: Path, relations: list[Relation], personal: bool) -> dict[str, Contents]:
    """Writes the file of a release; returns what it holds, as read from the file that dbt built.

    personal    whether columns that may name a natural person are in it. Without them, views are stored as tables: a
                view would need the columns that it is computed from.
    """
    with duckdb.connect(":memory:") as connection:
        # Views name the file that they were made in, so dbt's keeps its name and the new one has an alias.
        connection.execute(f"attach {literal(built)} as {quoted(built.stem)} (read_only)")
        connection.execute(f"attach {literal(target)} as fresh ({FORMAT})")
        connection.execute("use fresh")
        types = columns_of(connection, built.stem)
        relations = kept(relations, personal)
        columns = {relation.full_name: _told(relation, types[relation.full_name], personal) for relation in relations}
        for schema in sorted({relation.schema for relation in relations}):
            connection.execute(f"create schema {quoted(schema)}")
        views = {relation.full_name for relation in relations if personal and relation.is_view}
        tables = [relation for relation in relations if relation.full_name not in views]
        connection.execute("begin")
        for relation in _after_those_they_point_to(tables):
            _create_table(connection, built.stem, relation, columns[relation.full_name])
        for relation in relations:
            if relation.full_name in views:
                connection.execute(f"create view {quoted(relation.full_name)} as ({relation.sql})")
            _comment(connection, relation, "view" if relation.full_name in views else "table", columns)
        connection.execute("commit")
        held = _held(connection, built.stem, columns, views)
        connection.execute("use memory")
        # Without a checkpoint the rows would stand in the journal beside the file.
        connection.execute("checkpoint fresh")
        connection.execute("detach fresh")
    return held


def _held(
    connection: duckdb.DuckDBPyConnection, catalog: str, columns: dict[str, dict[str, str]], views: set[str]
) -> dict[str, Contents]:
    """What tables and views hold; a view of the steps in between holds nothing of its own."""
    return {
        name: contents(connection, catalog, name, kinds, is_view=name in views)
        for name, kinds in columns.items()
        if name not in views or not name.startswith(f"{INNER_SCHEMA}.")
    }


def _told(relation: Relation, columns: dict[str, str], personal: bool) -> dict[str, str]:
    """The columns of a relation that a release has: without personal data not those that may name a person."""
    return {name: kind for name, kind in columns.items() if personal or name not in relation.personal}


def _after_those_they_point_to(relations: list[Relation]) -> list[Relation]:
    """Tables in an order in which their foreign keys can be declared."""
    by_name = {relation.full_name: relation for relation in relations}
    targets = {
        relation.full_name: [each.table for each in relation.foreign_keys if each.table in by_name]
        for relation in relations
    }
    return [by_name[name] for name in TopologicalSorter(targets).static_order()]


def _create_table(
    connection: duckdb.DuckDBPyConnection, source: str, relation: Relation, columns: dict[str, str]
) -> None:
    """A table with its keys and the rows that dbt built, in the order of the key."""
    name = quoted(relation.full_name)
    ((rows,),) = connection.execute(f"select count(*) from {quoted(source)}.{name}").fetchall()
    keyed = set(relation.key) <= set(columns)
    parts = [f"{quoted(name)} {kind}" for name, kind in columns.items()]
    if rows <= MOST_KEYED_ROWS and relation.schema != INNER_SCHEMA:
        if relation.key and keyed:
            parts.append(f"primary key ({', '.join(map(quoted, relation.key))})")
        parts += [
            f"foreign key ({quoted(each.column)}) references {quoted(each.table)} ({quoted(each.key)})"
            for each in relation.foreign_keys
            if each.column in columns
        ]
    connection.execute(f"create table {name} ({', '.join(parts)})")
    # dbt's file has raw rows in the order of their CSV file; other tables in whatever order the threads came in.
    order = "rowid" if relation.is_seed else ", ".join(map(quoted, relation.key if keyed else ())) or "all"
    names = ", ".join(map(quoted, columns))
    connection.execute(f"insert into {name} select {names} from {quoted(source)}.{name} order by {order}")


def _comment(
    connection: duckdb.DuckDBPyConnection, relation: Relation, kind: str, columns: dict[str, dict[str, str]]
) -> None:
    """The descriptions of a table and its columns, where clients show them."""
    name = quoted(relation.full_name)
    if relation.description:
        connection.execute(f"comment on {kind} {name} is {literal(relation.description)}")
    for column in columns[relation.full_name]:
        if relation.columns.get(column):
            connection.execute(f"comment on column {name}.{quoted(column)} is {literal(relation.columns[column])}")
