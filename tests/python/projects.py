"""Copies of the project in directories of their own, so that tests can run while somebody builds."""

import contextlib
import csv
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
from final_accounts.warehouse.build import Options, build
from final_accounts.warehouse.paths import PUBLISHED, TOP
from parsed import remember

COPIED = (
    "dbt_project.yml",
    "macros",
    "models",
    "profiles",
    "requirements-spark.txt",
    "requirements-test.txt",
    "requirements.txt",
    "scripts",
    "seeds",
    "tests",
)
REPORTS = TOP / "tests" / "reports"
SHIPPED = "140405-031-2023"

Row = dict[str, str]


def read_rows(file: Path) -> list[Row]:
    """The rows of a CSV file by column, every cell as it stands there."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


@dataclass(frozen=True)
class Outcome:
    """What a command returned and said."""

    status: int
    out: str
    err: str

    @property
    def sentences(self) -> list[str]:
        """The problems that it named, one a line."""
        lines = [line.strip() for line in self.err.splitlines()]
        return [line for line in lines if line.startswith(("seeds/", "report "))]

    @property
    def complaints(self) -> list[str]:
        """What it said beside its progress."""
        return [line for line in self.err.splitlines() if not re.match(r"\[ *[\d.]+ s\] ", line)]


def copy_files(top: Path) -> None:
    """Copies what a build needs into an empty folder."""
    for name in COPIED:
        if (TOP / name).is_dir():
            shutil.copytree(TOP / name, top / name, ignore=shutil.ignore_patterns("__pycache__", "python"))
        else:
            shutil.copy(TOP / name, top / name)


@dataclass(frozen=True)
class Project:
    """A copy of the project."""

    top: Path

    @classmethod
    def copy(cls, top: Path) -> "Project":
        """Copies what a build needs into an empty folder, and what dbt remembers of it."""
        copy_files(top)
        remember(top)
        return cls(top)

    @property
    def published(self) -> Path:
        """The file that readers open."""
        return self.top / PUBLISHED.relative_to(TOP)

    @property
    def digest(self) -> str:
        """What stands in the published file, byte for byte."""
        return hashlib.sha256(self.published.read_bytes()).hexdigest()

    @property
    def left_in_warehouse(self) -> list[str]:
        """Everything that lies where the published file does."""
        return sorted(path.name for path in self.published.parent.iterdir())

    def seed(self, name: str) -> Path:
        """The CSV file of a seed."""
        (file,) = (self.top / "seeds").rglob(f"{name}.csv")
        return file

    def read(self, name: str) -> list[Row]:
        """The rows of a seed."""
        return read_rows(self.seed(name))

    def write(self, name: str, rows: Iterable[Row], encoding: str = "utf-8", line_end: str = "\n") -> None:
        """Replaces the rows of a seed; its columns stay."""
        file = self.seed(name)
        with file.open(encoding="utf-8-sig", newline="") as text:
            columns = next(csv.reader(text))
        with file.open("w", encoding=encoding, newline="") as text:
            writer = csv.DictWriter(text, columns, restval="", lineterminator=line_end)
            writer.writeheader()
            writer.writerows(rows)

    def edit(self, name: str, key: Row, **cells: str) -> None:
        """Changes cells of the one row that has the key."""
        rows = self.read(name)
        (row,) = (row for row in rows if key.items() <= row.items())
        row.update(cells)
        self.write(name, rows)

    def append(self, name: str, **cells: str) -> None:
        """Adds a row to a seed; what is not given is blank."""
        self.write(name, [*self.read(name), cells])

    def add_reports(self) -> None:
        """Adds the made-up reports of tests/reports."""
        for file in sorted(REPORTS.glob("*/*.csv")):
            self.write(file.stem, [*self.read(file.stem), *read_rows(file)])

    def restore_seeds(self) -> None:
        """Brings back the seeds of the repository."""
        shutil.rmtree(self.top / "seeds")
        shutil.copytree(TOP / "seeds", self.top / "seeds")

    def build(self, options: Options | None = None) -> Outcome:
        """Does what scripts/build does, in this process."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = build(self.top, options)
        return Outcome(status, out.getvalue(), err.getvalue())

    def run(self, command: str, *arguments: str, directory: Path) -> Outcome:
        """Runs one of the commands in scripts/ through the shell, from another directory."""
        self._link_environment()
        # Nothing of this process may point the command to another project, packages or database.
        foreign = ("DBT_PROJECT", "DBT_PROFILES", "DBT_TARGET", "PYTHONPATH", "FINAL_ACCOUNTS")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        run = subprocess.run(
            [self.top / "scripts" / command, *arguments], cwd=directory, env=environment, capture_output=True, text=True
        )
        return Outcome(run.returncode, run.stdout, run.stderr)

    def _link_environment(self) -> None:
        """Gives the copy the packages of the running Python under a stamp of its own, so that nothing is installed."""
        environment = self.top / ".venv"
        if environment.exists():
            return
        environment.mkdir()
        for path in Path(sys.prefix).iterdir():
            if path.name != "installed":
                (environment / path.name).symlink_to(path)
        with (self.top / "requirements.txt").open("rb") as lock:
            checksum = subprocess.run(["cksum"], stdin=lock, capture_output=True, text=True, check=True).stdout
        (environment / "installed").write_text(f"requirements.txt {checksum}")


def query(database: Path, sql: str, *parameters: object) -> list[tuple]:
    """The rows that a query returns from a warehouse."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql, parameters or None).fetchall()


def columns(database: Path) -> dict[str, list[str]]:
    """Everything that readers may query, with its columns; not the record of the release."""
    rows = query(
        database,
        """
        select table_schema || '.' || table_name, list(column_name order by ordinal_position)
        from information_schema.columns
        where table_schema in ('marts', 'quality', 'reporting') and table_name not like 'release%'
        group by all
        order by all
        """,
    )
    return dict(rows)


def contents(database: Path, report_id: str | None = None, without: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """The rows of everything that readers may query, as sorted texts; only those of one report if it is given."""
    found = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        for table, names in columns(database).items():
            if report_id is not None and "report_id" not in names:
                continue
            kept = ", ".join(name for name in names if name not in without)
            condition = "true" if report_id is None else f"report_id = '{report_id}'"
            found[table] = sorted(
                map(str, connection.execute(f"select {kept} from {table} where {condition}").fetchall())
            )
    return found


def drop_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """Frees the tables of a release from their keys, so that they can be damaged."""
    tables = connection.execute("select schema_name || '.' || table_name, table_name from duckdb_tables()").fetchall()
    for full_name, _ in tables:
        connection.execute(f"create table {full_name}__free as from {full_name}")
    waiting = [full_name for full_name, _ in tables]
    while waiting:
        # A table that others point to goes after these.
        for full_name in list(waiting):
            with contextlib.suppress(duckdb.CatalogException):
                connection.execute(f"drop table {full_name}")
                waiting.remove(full_name)
    for full_name, name in tables:
        connection.execute(f"alter table {full_name}__free rename to {name}")
