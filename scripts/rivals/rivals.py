"""What else an engineer could have picked for the arithmetic of the identities: measured, and compared in its results.

Each rival reads the same landing folder and the same registry, which it is given for every place as the build wrote it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb
from final_accounts.registry import BASIC_EXPENDITURE, LINE_TABLES, SUBJECT_TABLES, THREE_PUBLIC
from final_accounts.warehouse.paths import PUBLISHED, TOP

from rivals.arithmetic_sqlmesh import SCHEMA, write_project
from rivals.costs import BenchmarkError, Cost, OutOfMemoryError, machine_memory, measured
from rivals.postgres_server import NoServerError, Server

# The packages of the group benchmark of pyproject.toml, which scripts/benchmark installs there.
PACKAGES = TOP / ".venv-benchmark" / "bin"

LEDGER_SCRIPT = "DuckDB script with the ledger"

REGISTRY = {
    "places": """
        select
            address_no as place_no, table_no, row_key, row_role, column_name,
            (table_no, row_key) in (select (table_no, row_key) from raw.form_lines where value_unit <> 'amount')
                as is_counted
        from intermediate.int_cell_addresses
        where table_no in (select table_no from raw.forms)
    """,
    "terms": """
        select terms.address_no as place_no, terms.instance_no, terms.coefficient
        from intermediate.int_address_terms as terms
        inner join intermediate.int_cell_addresses as places on terms.address_no = places.address_no
        -- not what the report of another year takes part in
        where terms.instance_no not in (
            select others.instance_no
            from intermediate.int_address_terms as others
            inner join intermediate.int_cell_addresses as elsewhere on others.address_no = elsewhere.address_no
            where elsewhere.table_no not in (select table_no from raw.forms)
        )
    """,
    "instances": """
        select instance_no, identity_id, instance_key, severity, comparison, constant
        from intermediate.int_identity_instances
    """,
}


@dataclass(frozen=True)
class Task:
    """What every rival is given.

    Attributes:
        landing: the landing folder
        registry: the folder of the written-out registry
        folder: where it may write; its results end there in a Parquet file
        packages: the folder of the programs of its Python environment

    """

    landing: Path
    registry: Path
    folder: Path
    packages: Path = PACKAGES

    def results(self, rival: str) -> Path:
        """Where a rival's results end: report_id, identity_id, instance_key, residual, bound, status."""
        return self.folder / f"{rival}.parquet"

    def run(self, rival: str, program: str, *arguments: object, environment: dict[str, str] | None = None) -> Cost:
        """Runs a program of the rivals' packages and measures it; it may ask for all memory of the machine."""
        command = [str(self.packages / program), *map(str, arguments)]
        return measured(command, environment or {}, self.folder / f"{rival}.log", machine_memory())

    def run_module(self, rival: str, module: str, *arguments: object, **options: dict[str, str]) -> Cost:
        """Runs a module of this package with the rivals' packages and measures it."""
        return self.run(rival, "python", "-m", f"rivals.{module}", *arguments, **options)


def with_script(task: Task) -> Cost:
    """One DuckDB script, written by hand: the limit."""
    database = task.folder / "script.duckdb"
    cost = task.run_module("script", "arithmetic", task.landing, task.registry, database)
    _keep_results(database, "results", task.results("script"))
    return cost


def with_ledger(task: Task) -> Cost:
    """The same script keeping what the warehouse keeps: the ledger of cells, and results with both sides."""
    database = task.folder / "ledger.duckdb"
    cost = task.run_module("ledger", "ledger", task.landing, task.registry, database)
    _keep_results(database, "results", task.results("ledger"))
    return cost


def with_polars(task: Task) -> Cost:
    """Data frames of polars, evaluated lazily."""
    arguments = ("polars", task.landing, task.registry, task.results("polars"))
    return task.run_module("polars", "arithmetic_frames", *arguments)


def with_pandas(task: Task) -> Cost:
    """Data frames of pandas."""
    arguments = ("pandas", task.landing, task.registry, task.results("pandas"))
    return task.run_module("pandas", "arithmetic_frames", *arguments)


def with_sqlmesh(task: Task) -> Cost:
    """The queries of the script as models of SQLMesh on DuckDB: its first plan, with the state that it sets up."""
    # its catalogue is called after the file, and must not be called as one of the schemas
    project, database = task.folder / "sqlmesh", task.folder / "mesh.duckdb"
    write_project(task.landing, task.registry, project, database)
    environment = {"SQLMESH__DISABLE_ANONYMIZED_ANALYTICS": "true", "SQLMESH_HOME": str(project / ".home")}
    arguments = ("--paths", project, "--log-file-dir", project / "logs", "plan", "--auto-apply", "--no-prompts")
    cost = task.run("sqlmesh", "sqlmesh", *arguments, environment=environment)
    _keep_results(database, f"{SCHEMA}.results", task.results("sqlmesh"))
    return cost


def with_postgres(task: Task) -> Cost:
    """PostgreSQL with dbt: loading by COPY, then dbt; not making the server, and not dbt's first parsing.

    Its memory is the largest of all processes of the server together, and that of the larger client.

    Raises:
        NoServerError: there is no PostgreSQL, or it cannot run here.

    """
    project = Path(__file__).parent / "postgres"
    variables = {
        "by_subject": SUBJECT_TABLES | BASIC_EXPENDITURE,
        "by_line": LINE_TABLES,
        "three_public": THREE_PUBLIC,
    }
    options = ("--quiet", "--project-dir", project, "--profiles-dir", project)
    with Server(task.folder / "postgres") as server:
        environment = server.environment | {
            "DBT_TARGET_PATH": str(task.folder / "postgres_target"),
            "DBT_LOG_PATH": str(task.folder / "postgres_target"),
        }
        arguments = ("--vars", json.dumps(variables))
        task.run("postgres", "dbt", "parse", *options, *arguments, environment=environment)
        clients = task.run_module(
            "postgres", "load_postgres", task.landing, task.registry, task.folder, environment=environment
        )
        clients += task.run("postgres", "dbt", "run", *options, *arguments, environment=environment)
        csv = task.folder / "postgres.csv"
        query = "copy arithmetic.results to stdout (format csv, header)"
        with csv.open("wb") as output:
            psql = [str(server.programs / "psql"), "--command", query]
            subprocess.run(psql, env=os.environ | environment, stdout=output, check=True)  # noqa: S603
    with duckdb.connect() as connection:
        rows = f"read_csv('{csv}', all_varchar = true, allow_quoted_nulls = false)"
        connection.execute(f"copy (from {rows}) to '{task.results('postgres')}'")
    csv.unlink()
    return Cost(clients.wall, clients.processor + server.cost.processor, clients.memory + server.cost.memory)


RIVALS: dict[str, tuple[str, Callable[[Task], Cost]]] = {
    "one DuckDB script": ("script", with_script),
    LEDGER_SCRIPT: ("ledger", with_ledger),
    "polars": ("polars", with_polars),
    "pandas": ("pandas", with_pandas),
    "SQLMesh": ("sqlmesh", with_sqlmesh),
    "dbt on PostgreSQL": ("postgres", with_postgres),
}


def run_rivals(landing: Path, folder: Path, left_out: Collection[str] = ()) -> dict[str, Cost | None]:
    """Runs every rival that can run here over a landing folder and the warehouse built of it, and compares them.

    One that runs out of memory has no cost. The first script, which all are compared with, cannot be left out.

    Raises:
        BenchmarkError: one failed or came to other results.

    """
    if not PACKAGES.exists():
        raise BenchmarkError(
            f"the rivals' packages, the group benchmark of pyproject.toml, are not in {PACKAGES.parent}: "
            "scripts/benchmark installs them"
        )
    task = Task(landing, folder / "registry", folder)
    write_registry(folder / PUBLISHED.name, task.registry)
    costs: dict[str, Cost | None] = {}
    for name, (rival, runs) in RIVALS.items():
        if name in left_out:
            continue
        try:
            costs[name] = runs(task)
        except NoServerError as reason:
            print(f"{name} is left out: {reason}", file=sys.stderr)
            continue
        except OutOfMemoryError as reason:
            print(f"{name}: {reason}", file=sys.stderr)
            costs[name] = None
            continue
        compare(task, name, rival)
    if costs.get(LEDGER_SCRIPT):
        compare_cells(task, folder / PUBLISHED.name)
    compare_with_warehouse(task, folder / PUBLISHED.name)
    return costs


def write_registry(warehouse: Path, registry: Path) -> None:
    """Writes out, for every place, the terms that the rivals add up."""
    registry.mkdir()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for name, query in REGISTRY.items():
            connection.execute(f"copy ({query}) to '{registry / name}.parquet'")


def compare(task: Task, name: str, rival: str) -> None:
    """Expects of a rival the rows of the script: the same instances of each report with the same status.

    Raises:
        BenchmarkError: they differ.

    """
    one, other = (
        f"select report_id, identity_id, instance_key, status from '{task.results(each)}'"  # noqa: S608
        for each in ("script", rival)
    )
    differences = f"""
        select count(*) from ({one}) as one
        full join ({other}) as other using (report_id, identity_id, instance_key)
        where one.status is distinct from other.status
    """  # noqa: S608
    with duckdb.connect() as connection:
        if not _are_equal(connection, one, other):
            # rows that stand twice are found by the hashes only
            (count,) = connection.execute(differences).fetchone()
            differ = f"in {count:,} instances" if count else "in rows that stand twice"
            raise BenchmarkError(f"the results of {name} differ from those of the DuckDB script {differ}")


def compare_with_warehouse(task: Task, warehouse: Path) -> None:
    """Expects of the script what the warehouse says; what could not run, or has digits cut off, only that can tell.

    Raises:
        BenchmarkError: they differ.

    """
    differences = f"""
        select count(*) from quality.fct_identity_results as one
        left join '{task.results("script")}' as other using (report_id, identity_id, instance_key)
        where one.report_id in (select report_id from '{task.landing}/reports/*.parquet')
            and one.instance_no in (select instance_no from '{task.registry}/terms.parquet')
            and one.status in ('exact', 'rounding', 'broken')
            and one.cells_present > 0
            and (other.status is distinct from one.status or other.residual <> one.residual_yuan)
    """  # noqa: S608
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        (count,) = connection.execute(differences).fetchone()
    if count:
        raise BenchmarkError(
            f"the results of the DuckDB script differ from those of the warehouse in {count:,} instances"
        )


def compare_cells(task: Task, warehouse: Path) -> None:
    """Expects of the script with the ledger the cells of the warehouse, in every column.

    Raises:
        BenchmarkError: they differ.

    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute(f"attach '{task.folder / 'ledger.duckdb'}' as script (read_only)")
        columns = "select column_name from (describe quality.fct_report_cells)"
        names = ", ".join(name for (name,) in connection.execute(columns).fetchall())
        one = f"select {names} from script.cells"  # noqa: S608
        both = "report_id in (select report_id from script.reports)"
        other = f"select {names} from quality.fct_report_cells where {both}"  # noqa: S608
        if not _are_equal(connection, one, other):
            raise BenchmarkError("the cells of the DuckDB script with the ledger differ from those of the warehouse")


def _keep_results(database: Path, table: str, file: Path) -> None:
    """Copies the results of a database, so that all can be compared alike."""
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute(f"copy {table} to '{file}'")


def _are_equal(connection: duckdb.DuckDBPyConnection, one: str, other: str) -> bool:
    """Whether two queries give the same rows: as many, and the same hashes of them taken together."""
    hashes = [
        connection.execute(f"select count(*), bit_xor(hash(rows)), sum(hash(rows)) from ({query}) as rows").fetchone()  # noqa: S608
        for query in (one, other)
    ]
    return hashes[0] == hashes[1]
