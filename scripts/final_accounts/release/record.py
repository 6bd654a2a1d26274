# ruff: noqa: S608 - names of our own
"""What a release is made of and what was found: as tables in its file, and as JSON beside it."""

import csv
import hashlib
import json
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, get_origin, get_type_hints

import duckdb

from final_accounts.landing.folder import READERS
from final_accounts.release.compare import Changes
from final_accounts.release.manifest import Relation
from final_accounts.release.tables import Contents, data_hash, literal
from final_accounts.warehouse.paths import SEEDS

PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations")
CODE = ("dbt_project.yml", "profiles", "models", "macros", "tests", "seeds", "scripts", "requirements.txt")
CODE_SUFFIXES = {".yml", ".sql", ".py", ".md", ".txt", ".j2"}

# One row a table, in the file; the descriptions are comments there.
TABLES = {
    "releases": """
        One row per release: that of this file, and those before it.

        Key: `release_id`. Times are UTC. A release that was taken back is not among them.
    """,
    "release_reports": """
        One row per report, of a build with a landing folder: a number that every change of its raw rows changes.

        Key: `report_id`. The next build takes over the rows of reports whose number is the same.
    """,
    "release_inputs": "One row per file that this release was made from. Key: `file`.",
    "release_tables": "One row per table of this release, with what changed since the one before. Key: `table_name`.",
    "release_checks": "One row per check that was run on this release: dbt's tests and the expectations. Key: `tool`, `check_name`.",  # noqa: E501
}


@dataclass(frozen=True)
class InputFile:
    """A raw file."""

    file: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class CheckResult:
    """What came of a check: `passed`, `failed`, or `nothing` to check."""

    tool: str
    name: str
    severity: str
    result: str
    failures: int


@dataclass
class Release:
    """A release, as it is written down."""

    release_id: str
    released_at: str
    previous_release_id: str | None
    personal_data: bool
    data_sha256: str
    inputs_sha256: str
    code_sha256: str
    versions: dict[str, str]
    reports_known: int
    reports_released: int
    held_back: list[str]
    inputs: list[InputFile]
    tables: dict[str, Contents]
    checks: list[CheckResult]
    changes: Changes
    file_sha256: str = ""
    file_bytes: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def write(self, file: Path) -> None:
        """Writes the record as JSON."""
        file.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_record(folder: Path) -> dict[str, Any]:
    """The record in the folder of a release; raises OSError or ValueError where it has none that can be read."""
    file = folder / "release.json"
    if file.exists() and not file.is_file():
        raise ValueError(f"{file.name} is no file")
    record = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(record, dict):
        raise ValueError(f"{file.name} holds no record")
    for name, kind in get_type_hints(Release).items():
        if not isinstance(record.get(name), _as_in_json(kind)):
            raise ValueError(f"{file.name} says nothing, or nothing that can be meant, of {name}")
    return record


def _as_in_json(kind: Any) -> Any:
    """How JSON has values of a type."""
    return dict if kind is Changes else get_origin(kind) if get_origin(kind) in (list, dict) else kind


def inputs_of(project: Path, landing: Path | None = None, synthetic: bool = False) -> list[InputFile]:
    """The raw files of a project, counted by a reader that is not DuckDB's, and those of a landing folder."""
    inputs = []
    for file in sorted((project / "seeds").rglob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as text:
            rows = sum(1 for row in csv.reader(text) if row) - 1
        inputs.append(InputFile(file.relative_to(project).as_posix(), sha256_of(file), rows))
    if landing:
        inputs += _landed_inputs(landing, synthetic)
    return inputs


def _landed_inputs(landing: Path, synthetic: bool) -> list[InputFile]:
    """The files of a landing folder, with the rows that a build takes of them."""
    tables = sorted(contract.stem for contract in (SEEDS / "accounts").glob("*.yml"))
    files = {
        table: sorted(file for suffix in READERS for file in (landing / table).glob(f"*{suffix}")) for table in tables
    }
    inputs = []
    with duckdb.connect() as connection:
        connection.execute("create table made_up (report_id varchar)")
        for file in [] if synthetic else files["reports"]:
            reader = READERS[file.suffix]
            made_up = f"insert into made_up select report_id from {reader} where origin = 'synthetic'"
            connection.execute(made_up, [str(file)])
        for table, parts in files.items():
            for file in parts:
                taken = f"select count(*) from {READERS[file.suffix]} where report_id not in (from made_up)"
                ((rows,),) = connection.execute(taken, [str(file)]).fetchall()
                inputs.append(InputFile(f"landing/{table}/{file.name}", sha256_of(file), rows))
    return inputs


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def code_hash(project: Path) -> str:
    """One number for everything that turns raw files into a release."""
    digest = hashlib.sha256()
    for name in CODE:
        top = project / name
        for file in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if file.is_file() and (file.suffix in CODE_SUFFIXES) and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(project).as_posix()} {sha256_of(file)}\n".encode())
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """The versions of Python and of the packages that make a release."""
    return {"python": platform.python_version()} | {package: version(package) for package in PACKAGES}


def new_release(
    *,
    code: str,
    inputs: list[InputFile],
    personal_data: bool,
    reports_known: int,
    held_back: list[str],
    reports_released: int,
    tables: dict[str, Contents],
    checks: Iterable[CheckResult],
    changes: Changes,
) -> Release:
    """A release whose data has been built and checked; its id is the time and the start of the hash of its data."""
    now = datetime.now(UTC)
    hashed = data_hash(tables)
    return Release(
        release_id=f"{now:%Y%m%d-%H%M%S}-{hashed[:8]}",
        released_at=now.isoformat(timespec="seconds"),
        previous_release_id=changes.previous,
        personal_data=personal_data,
        data_sha256=hashed,
        inputs_sha256=hashlib.sha256("\n".join(f"{each.file} {each.sha256}" for each in inputs).encode()).hexdigest(),
        code_sha256=code,
        versions=versions(),
        reports_known=reports_known,
        reports_released=reports_released,
        held_back=held_back,
        inputs=inputs,
        tables=tables,
        checks=list(checks),
        changes=changes,
    )


def is_the_same(release: Release, earlier: dict[str, Any]) -> bool:
    """Whether a release differs from an earlier one in nothing but its time."""
    return all(
        getattr(release, name) == earlier[name]
        for name in ("data_sha256", "inputs_sha256", "code_sha256", "versions", "personal_data")
    )


def write_tables(
    database: Path, release: Release, relations: list[Relation], published: Path, report_versions: Path | None
) -> None:
    """Writes the record into the file of a release, after those of the releases before it."""
    seeds = {relation.file.with_suffix(".csv").as_posix(): relation.full_name for relation in relations}
    names = {relation.full_name: relation for relation in relations}
    with duckdb.connect(str(database)) as connection:
        connection.execute("begin")
        connection.execute(
            """
            create table quality.releases (
                release_id varchar primary key,
                released_at timestamp not null,
                is_this_file boolean not null,
                previous_release_id varchar,
                reports_known integer not null,
                reports_released integer not null,
                reports_held_back integer not null,
                table_rows bigint not null,
                checks_passed integer not null,
                checks_failed integer not null,
                has_personal_data boolean not null,
                data_sha256 varchar not null,
                inputs_sha256 varchar not null,
                code_sha256 varchar not null,
                duckdb_version varchar not null,
                dbt_version varchar not null,
                great_expectations_version varchar not null,
                python_version varchar not null
            );
            create table quality.release_reports (report_id varchar primary key, version varchar not null);
            create table quality.release_inputs (
                file varchar primary key, table_name varchar not null, rows bigint not null, sha256 varchar not null
            );
            create table quality.release_tables (
                table_name varchar primary key,
                is_view boolean not null,
                rows bigint not null,
                rows_added bigint,
                rows_removed bigint,
                rows_changed bigint,
                fingerprint varchar not null
            );
            create table quality.release_checks (
                tool varchar not null,
                check_name varchar not null,
                severity varchar not null,
                result varchar not null,
                failures bigint not null,
                primary key (tool, check_name)
            )
            """
        )
        _copy_earlier(connection, published)
        connection.execute(f"insert into quality.releases values ({', '.join(['?'] * 18)})", _row_of(release, names))
        if report_versions:
            connection.execute(f"insert into quality.release_reports from read_parquet({literal(report_versions)})")
        for each in release.inputs:
            table = seeds.get(each.file) or f"raw.{Path(each.file).parent.name}"
            row = [each.file, table, each.rows, each.sha256]
            connection.execute("insert into quality.release_inputs values (?, ?, ?, ?)", row)
        for name in sorted(release.tables):
            connection.execute(
                "insert into quality.release_tables values (?, ?, ?, ?, ?, ?, ?)", _row_of_table(release, names[name])
            )
        for check in sorted(release.checks, key=lambda check: (check.tool, check.name)):
            row = list(asdict(check).values())
            connection.execute("insert into quality.release_checks values (?, ?, ?, ?, ?)", row)
        for table, description in TABLES.items():
            text = "\n".join(line.strip() for line in description.strip().splitlines())
            connection.execute(f"comment on table quality.{table} is {literal(text)}")
        connection.execute("commit")
        connection.execute("checkpoint")


def _row_of(release: Release, relations: dict[str, Relation]) -> list[Any]:
    """The row of a release in `quality.releases`."""
    return [
        release.release_id,
        datetime.fromisoformat(release.released_at).replace(tzinfo=None),
        True,
        release.previous_release_id,
        release.reports_known,
        release.reports_released,
        len(release.held_back),
        sum(each.rows for name, each in release.tables.items() if not relations[name].is_view),
        sum(each.result == "passed" for each in release.checks),
        sum(each.result == "failed" for each in release.checks),
        release.personal_data,
        release.data_sha256,
        release.inputs_sha256,
        release.code_sha256,
        release.versions["duckdb"],
        release.versions["dbt-core"],
        release.versions["great-expectations"],
        release.versions["python"],
    ]


def _row_of_table(release: Release, relation: Relation) -> list[Any]:
    """The row of a table in `quality.release_tables`; what has changed is not known of one that was not compared."""
    held = release.tables[relation.full_name]
    change = next((each for each in release.changes.tables if each.table == relation.full_name), None)
    counts = (change.added, change.removed, change.changed) if change else (None, None, None)
    return [relation.full_name, relation.is_view, held.rows, *counts, held.fingerprint]


def _copy_earlier(connection: duckdb.DuckDBPyConnection, published: Path) -> None:
    """Takes over the releases that the published file knows of."""
    if not published.exists():
        return
    connection.execute(f"attach {literal(published)} as published (read_only)")
    known = connection.execute(
        "select 1 from duckdb_tables() where database_name = 'published' and table_name = 'releases'"
    ).fetchone()
    if known:
        connection.execute(
            "insert into quality.releases by name "
            "select * replace (false as is_this_file) from published.quality.releases order by released_at"
        )
