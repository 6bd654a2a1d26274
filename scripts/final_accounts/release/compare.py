# ruff: noqa: S608 - names of our own, quoted
"""What a candidate changes for readers: rows, reports and identity results added, removed and changed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from final_accounts.release.errors import NotReleasedError
from final_accounts.release.manifest import Relation
from final_accounts.release.tables import columns_of, literal, quoted

# A table that loses more than this share of its rows is no correction any more.
MOST_LOST = 0.05
# What a release may not lose silently; suspects and rejected cells may go, that is what mending is for.
GUARDED = ("marts", "quality.fct_report_cells", "quality.fct_project_cells")
# More examples than this nobody reads.
EXAMPLES = 20


@dataclass(frozen=True)
class TableChange:
    """What becomes of the rows of a table; rows are the same if they have the same key."""

    table: str
    before: int
    after: int
    added: int
    removed: int
    changed: int
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()

    @property
    def is_change(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.added or self.removed or self.changed or self.columns_added or self.columns_removed)

    @property
    def loses_too_much(self) -> bool:
        """Whether it must be asked for."""
        guarded = self.table in GUARDED or self.table.split(".")[0] in GUARDED
        return guarded and self.before - self.after > MOST_LOST * self.before


@dataclass(frozen=True)
class Changes:
    """A candidate compared with what readers have."""

    previous: str | None  # the release they have; none if there is none
    tables: list[TableChange] = field(default_factory=list)
    tables_removed: list[str] = field(default_factory=list)
    reports_added: list[str] = field(default_factory=list)
    reports_removed: list[str] = field(default_factory=list)
    statuses: list[tuple[str, str, int]] = field(default_factory=list)  # of identities: before, after, instances
    examples: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """What changes, one thing a line."""
        if self.previous is None:
            return ["There is no earlier release to compare with."]
        lines = []
        for what, reports in (("new", self.reports_added), ("no longer there", self.reports_removed)):
            if reports:
                lines.append(f"reports {what}: {len(reports):,} ({_listed(reports)})")
        for each in self.tables:
            if each.is_change:
                parts = [f"{each.added:,} rows added, {each.removed:,} removed, {each.changed:,} changed"]
                parts += [f"columns {how}: {', '.join(names)}" for how, names in _column_changes(each) if names]
                lines.append(f"{each.table}: {'; '.join(parts)}")
        lines += [f"{table} is no longer there" for table in self.tables_removed]
        lines += [
            f"identity results that were {before} and are {after}: {count:,}" for before, after, count in self.statuses
        ]
        lines += [f"  {example}" for example in self.examples]
        return lines or [f"Nothing that readers see differs from release {self.previous}."]

    def losses(self) -> list[str]:
        """What readers would lose, one sentence each; empty if it is within bounds."""
        lost = [f"report {report}, which readers have, would be gone" for report in self.reports_removed]
        lost += [f"table {table} would be gone" for table in self.tables_removed if table.startswith(GUARDED)]
        lost += [
            f"{each.table} would have {each.after:,} rows instead of {each.before:,}; "
            f"{MOST_LOST:.0%} may be lost without asking"
            for each in self.tables
            if each.loses_too_much
        ]
        return lost


def _column_changes(change: TableChange) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Columns added and removed, with the word for it."""
    return (("added", change.columns_added), ("removed", change.columns_removed))


def _listed(names: list[str]) -> str:
    """Some names, and how many more there are."""
    more = len(names) - EXAMPLES
    return ", ".join(names[:EXAMPLES]) + (f" and {more:,} more" if more > 0 else "")


def compare(published: Path, candidate: Path, relations: list[Relation]) -> Changes:
    """Compares the tables of marts and quality with those that readers have."""
    if not published.exists():
        return Changes(None)
    with duckdb.connect(":memory:") as connection:
        try:
            connection.execute(f"attach {literal(published)} as published (read_only)")
            connection.execute(f"attach {literal(candidate)} as candidate (read_only)")
            before, after = columns_of(connection, "published"), columns_of(connection, "candidate")
            stored = _stored(connection, "published") & _stored(connection, "candidate")
            by_name = {relation.full_name: relation for relation in relations}
            compared = [name for name in sorted(stored) if name in by_name and name.startswith(("marts.", "quality."))]
            previous = (
                connection.execute("select release_id from published.quality.releases where is_this_file").fetchone()
                if "quality.releases" in before
                else None
            )
            return Changes(
                previous[0] if previous else "of unknown name",
                [_compare_table(connection, by_name[name], before[name], after[name]) for name in compared],
                [
                    name
                    for name in sorted(before)
                    if name.startswith(("marts.", "quality.fct_", "reporting.")) and name not in after
                ],
                _reports(connection, "candidate", "published"),
                _reports(connection, "published", "candidate"),
                *_identities(connection),
            )
        except duckdb.Error as error:
            raise NotReleasedError(_unreadable(published, error)) from error


def relations_in(database: Path) -> list[Relation]:
    """The tables of a release with their keys, as its file declares them."""
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            keys = connection.execute(
                """
                select schema_name, tables.table_name, coalesce(keys.constraint_column_names, [])
                from duckdb_tables() as tables
                left join (from duckdb_constraints() where constraint_type = 'PRIMARY KEY') as keys
                    using (schema_name, table_name)
                where not starts_with(tables.table_name, 'release')
                """
            ).fetchall()
    except duckdb.Error as error:
        raise NotReleasedError(_unreadable(database, error)) from error
    return [
        Relation(schema, name, False, False, "", "", {}, frozenset(), Path(name), key=tuple(key))
        for schema, name, key in keys
    ]


def check_readable(published: Path) -> None:
    """Stops before any work where the published file cannot be compared with."""
    if published.exists():
        try:
            duckdb.connect(str(published), read_only=True).close()
        except duckdb.Error as error:
            raise NotReleasedError(_unreadable(published, error)) from error


def _unreadable(published: Path, error: duckdb.Error) -> str:
    """Why a published file cannot be compared with, and what to do."""
    reason = str(error).split("\n")[0]
    what = "it was written by a newer DuckDB" if "newer version" in str(error) else "it is no warehouse of this project"
    return (
        f"{published} cannot be read by DuckDB {duckdb.__version__}: {what}, or damaged ({reason}). "
        "Build with a DuckDB that reads it, bring back a release with scripts/releases rollback, or move it away."
    )


def _stored(connection: duckdb.DuckDBPyConnection, catalog: str) -> set[str]:
    """The tables of a file; a view follows from them."""
    rows = connection.execute(
        f"select schema_name || '.' || table_name from duckdb_tables() where database_name = {literal(catalog)}"
    )
    return {name for (name,) in rows.fetchall()}


def _compare_table(
    connection: duckdb.DuckDBPyConnection, relation: Relation, before: dict[str, str], after: dict[str, str]
) -> TableChange:
    """Compares the rows of a table by their key, or as a whole if its key is new."""
    name = quoted(relation.full_name)
    common = [column for column in after if column in before]
    key = list(relation.key) if relation.key and set(relation.key) <= set(common) else common
    values = [column for column in common if column not in key]
    changed = _each("or", values, "is distinct from") or "false"
    on = _each("and", key, "is not distinct from")
    ((was, now, added, removed, differing),) = connection.execute(
        f"""
        select
            (select count(*) from published.{name}),
            (select count(*) from candidate.{name}),
            (select count(*) from candidate.{name} as new anti join published.{name} as old on {on}),
            (select count(*) from published.{name} as old anti join candidate.{name} as new on {on}),
            (select count(*) from published.{name} as old inner join candidate.{name} as new on {on} where {changed})
        """
    ).fetchall()
    return TableChange(
        relation.full_name,
        was,
        now,
        added,
        removed,
        differing,
        columns_added=tuple(column for column in after if column not in before),
        columns_removed=tuple(column for column in before if column not in after),
    )


def _each(word: str, columns: list[str], compared: str) -> str:
    """A condition on the columns of an old and a new row."""
    return f" {word} ".join(f"old.{quoted(column)} {compared} new.{quoted(column)}" for column in columns)


def _reports(connection: duckdb.DuckDBPyConnection, here: str, there: str) -> list[str]:
    """The reports that are released in one file and not in the other."""
    rows = connection.execute(
        f"""
        select report_id from {here}.marts.dim_reports
        where report_id not in (select report_id from {there}.marts.dim_reports)
        order by report_id
        """
    )
    return [report for (report,) in rows.fetchall()]


def _identities(connection: duckdb.DuckDBPyConnection) -> tuple[list[tuple[str, str, int]], list[str]]:
    """How many identity results went from one status to another, and some of them."""
    changes = """
        from published.quality.fct_identity_results as old
        inner join candidate.quality.fct_identity_results as new using (report_id, identity_id, instance_key)
        where old.status <> new.status
    """
    counts = connection.execute(
        f"select old.status, new.status, count(*) {changes} group by all order by all"
    ).fetchall()
    examples = connection.execute(
        f"""
        select
            report_id || ', ' || identity_id || coalesce(' (' || nullif(instance_key, '') || ')', '')
            || ': ' || old.status || ' before, ' || new.status || ' now'
        {changes}
        order by new.status <> 'broken', report_id, identity_id, instance_key
        limit {EXAMPLES}
        """
    ).fetchall()
    return counts, [example for (example,) in examples]
