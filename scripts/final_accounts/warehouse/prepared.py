"""A database in which the models stand already, so that rows can be asked about without dbt.

dbt reads the project, loads the seeds and makes each model with a dozen statements around it: that takes half a minute
of processor time, whatever the number of reports. What it makes depends on the code and the seeds alone. So it is made
once, kept under their hash in `target/prepared/`, and copied: views are as they are, and tables are filled anew from
the queries that dbt compiled, in the order in which it made them. Contracts stay on the tables and are kept.
"""

import hashlib
import importlib.util
import json
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from final_accounts.release.record import code_hash, inputs_of, versions
from final_accounts.warehouse.paths import PUBLISHED, TOP, target_folder

# What is asked about reports that are not in the warehouse.
MODELS = [
    "+fct_report_scorecard",
    "+fct_suspect_cells",
    "+fct_explanations",
    "+fct_rejected_cells",
    "+fct_identity_terms",
    "stg_accounts__narrative_paragraphs",
]
KEPT = 2
STEPS = "steps.json"


@dataclass(frozen=True)
class Table:
    """A table that dbt made: its name, and the query, or the Python model, that fills it."""

    relation: str
    language: str
    code: str


@dataclass(frozen=True)
class Prepared:
    """The folder of a database with seeds and models; the compiled contract of the raw tables; the tables to fill."""

    folder: Path
    contract: list[str]
    tables: list[Table]

    def copy(self, database: Path) -> None:
        """Copies the database. Views name it, so the copy must have the name of the published file."""
        shutil.copyfile(self.folder / PUBLISHED.name, database)

    def fill(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Fills the tables of the models from what stands in the raw tables; duckdb.Error where a model cannot be."""
        for table in self.tables:
            # two statements, or the keys of the old rows would still count
            connection.execute(f"truncate {table.relation}")
            if table.language == "python":
                _fill_by_python(connection, table)
            else:
                connection.execute(f"insert into {table.relation} by name {table.code}")


def _fill_by_python(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Runs a Python model as dbt-duckdb does: its code stands with the functions that dbt puts around it."""
    with tempfile.NamedTemporaryFile("w", suffix=".py", encoding="utf-8") as file:
        file.write(table.code.lstrip())
        file.flush()
        spec = importlib.util.spec_from_file_location("python_model", file.name)
        if spec is None or spec.loader is None:
            raise RuntimeError(f"{table.relation}: its code cannot be loaded")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    # what it reads may be a view, of which connection.table knows nothing
    rows = module.model(module.dbtObj(lambda name: connection.query(f"select * from {name}")), connection)  # noqa: S608
    connection.register("python_rows", rows)
    connection.execute(f"insert into {table.relation} by name from python_rows")
    connection.unregister("python_rows")


def prepared(project: Path = TOP) -> Prepared:
    """The prepared database of a project as it is now. Raises RuntimeError; the reason is printed."""
    shelf = target_folder(project) / "prepared"
    known = [code_hash(project), versions(), [asdict(file) for file in inputs_of(project)]]
    folder = shelf / hashlib.sha256(json.dumps(known).encode()).hexdigest()[:16]
    if not (folder / STEPS).is_file():
        _prepare(folder, project)
        for old in sorted(shelf.glob("*/"), key=lambda each: each.stat().st_mtime)[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    steps = json.loads((folder / STEPS).read_text(encoding="utf-8"))
    return Prepared(folder, steps["contract"], [Table(**table) for table in steps["tables"]])


def _prepare(folder: Path, project: Path) -> None:
    # it takes a second of processor time to be imported, and is needed only here
    from final_accounts.warehouse.dbt import results_of, run_dbt

    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
    try:
        database = work / PUBLISHED.name
        if not run_dbt(["seed"], database, project).success:
            raise RuntimeError("the seeds of the project could not be loaded; the reasons stand above")
        compiled = run_dbt(["compile", "--select", "int_contract_problems"], database, project)
        models = [each.node for each in results_of(compiled) if str(each.node.resource_type) == "model"]
        if not compiled.success or not models:
            raise RuntimeError("the contract of the raw tables could not be compiled; the reasons stand above")
        contract = [f"select report_id, problem from ({model.compiled_code})" for model in models]  # noqa: S608 - our own
        made = run_dbt(["run", "--select", *MODELS], database, project)
        if not made.success:
            raise RuntimeError("the models cannot be built over the seeds of the project; the reasons stand above")
        tables = [
            Table(each.node.relation_name, each.node.language, each.node.compiled_code)
            for each in results_of(made)
            if each.node.config.materialized == "table"
        ]
        steps = {"contract": contract, "tables": [asdict(table) for table in tables]}
        (work / STEPS).write_text(json.dumps(steps, ensure_ascii=False), encoding="utf-8")
        try:
            work.rename(folder)
        except OSError:
            # another process was faster, and made the same
            if not (folder / STEPS).is_file():
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
