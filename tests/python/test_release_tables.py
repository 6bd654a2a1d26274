"""The file of a release: which tables are in it, and which of them have declared keys."""

from pathlib import Path

import duckdb
import pytest
from final_accounts.release import tables
from final_accounts.release.manifest import Relation


def _relation(schema: str, name: str, sql: str = "", parents: tuple[str, ...] = ()) -> Relation:
    """A table with a key, or a view if it has SQL."""
    columns = {"report_id": ""}
    file = Path(f"models/{name}.sql")
    relation = Relation(schema, name, bool(sql), False, sql, "", columns, frozenset(), file, parents=list(parents))
    relation.key = () if sql else ("report_id",)
    return relation


RELATIONS = [
    _relation("intermediate", "int_read_by_a_view"),
    _relation("intermediate", "int_read_by_a_table"),
    _relation("marts", "fct_one", parents=("intermediate.int_read_by_a_table",)),
    _relation(
        "reporting",
        "rpt_one",
        "select * from final_accounts.intermediate.int_read_by_a_view",
        ("intermediate.int_read_by_a_view",),
    ),
]


def _written(folder: Path) -> duckdb.DuckDBPyConnection:
    """A release of these relations, of two rows each."""
    built, target = folder / "built" / "final_accounts.duckdb", folder / "final_accounts.duckdb"
    built.parent.mkdir()
    with duckdb.connect(str(built)) as connection:
        for relation in RELATIONS:
            connection.execute(f"create schema if not exists {relation.schema}")
            rows = relation.sql or "select * from (values ('a'), ('b')) as rows (report_id)"
            connection.execute(f"create {'view' if relation.is_view else 'table'} {relation.full_name} as {rows}")
    tables.write_release(built, target, RELATIONS, personal=True)
    return duckdb.connect(str(target), read_only=True)


def _keyed(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables with a declared key."""
    rows = connection.execute("select table_name from duckdb_constraints() where constraint_type = 'PRIMARY KEY'")
    return {name for (name,) in rows.fetchall()}


def test_of_the_inner_steps_only_what_a_view_reads_is_in_the_file(tmp_path: Path) -> None:
    """The view works; what only a table was made of is not needed again."""
    with _written(tmp_path) as connection:
        names = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        assert names == {"int_read_by_a_view", "fct_one"}
        assert connection.execute("select count(*) from reporting.rpt_one").fetchall() == [(2,)]


def test_tables_for_readers_have_their_keys(tmp_path: Path) -> None:
    """The steps between raw and marts need none."""
    with _written(tmp_path) as connection:
        assert _keyed(connection) == {"fct_one"}


def test_a_table_with_too_many_rows_has_no_declared_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index would be larger than the table, and must fit into memory."""
    monkeypatch.setattr(tables, "MOST_KEYED_ROWS", 1)
    with _written(tmp_path) as connection:
        assert _keyed(connection) == set()
