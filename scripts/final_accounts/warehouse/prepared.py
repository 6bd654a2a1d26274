"""A database in which the models stand already, so that rows can be asked about without dbt.

dbt reads the project, loads the seeds and makes each model with a dozen statements around it: that takes half a minute
of processor time, whatever the number of reports. What it makes depends on the code and the seeds alone. So it is made
once, kept under their hash in `target/prepared/`, and copied: views are as they are, and tables are filled anew from
the queries that dbt compiled, in the order in which it made them. Contracts stay on the tables and are kept. Where only
reports have come or gone since (seeds/accounts), their raw tables are loaded again, without dbt.
"""

import hashlib
import importlib.util
import json
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from final_accounts.landing.folder import READERS
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
# The seeds that are reports; the others are rules and classifications, which dbt compiles into models.
REPORTS = "seeds/accounts/"


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
    files = inputs_of(project)
    reports = [asdict(file) for file in files if file.file.startswith(REPORTS)]
    rest = [asdict(file) for file in files if not file.file.startswith(REPORTS)]
    code = _short([code_hash(project), versions(), rest, [each["file"] for each in reports]])
    folder = shelf / f"{code}-{_short(reports)}"
    if not (folder / STEPS).is_file():
        alike = [each for each in _by_age(shelf, f"{code}-*") if (each / STEPS).is_file()]
        shelf.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".", dir=shelf))
        try:
            if alike:
                _load_reports_again(alike[-1], work, project)
            else:
                _prepare(work, project)
            _put(work, folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        for old in _by_age(shelf, "*")[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    steps = json.loads((folder / STEPS).read_text(encoding="utf-8"))
    return Prepared(folder, steps["contract"], [Table(**table) for table in steps["tables"]])


def _short(known: list[Any]) -> str:
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()[:16]


def _by_age(shelf: Path, names: str) -> list[Path]:
    """Folders of a shelf, the latest last."""
    return sorted((each for each in shelf.glob(names) if each.is_dir()), key=lambda each: each.stat().st_mtime)


def _put(work: Path, folder: Path) -> None:
    try:
        work.rename(folder)
    except OSError:
        # another process was faster, and made the same
        if not (folder / STEPS).is_file():
            raise


def _load_reports_again(alike: Path, work: Path, project: Path) -> None:
    """A copy of what was prepared with other reports, with the raw tables of those that there are now."""
    for name in (PUBLISHED.name, STEPS):
        shutil.copyfile(alike / name, work / name)
    with duckdb.connect(str(work / PUBLISHED.name)) as connection:
        for file in sorted((project / REPORTS).glob("*.csv")):
            columns = [name for name, *_ in connection.execute(f"describe raw.{file.stem}").fetchall()]
            reader = READERS[file.suffix]
            connection.execute(f"truncate raw.{file.stem}")
            try:
                rows = connection.execute(f"select * from {reader}", [str(file)])  # noqa: S608 - our own
                if sorted(name for name, *_ in rows.description) != sorted(columns):
                    raise RuntimeError(f"{REPORTS}{file.name}: the columns are not {', '.join(columns)}")
                connection.execute(f"insert into raw.{file.stem} by name select * from {reader}", [str(file)])  # noqa: S608
            except duckdb.Error as error:
                raise RuntimeError(f"{REPORTS}{file.name} cannot be loaded: {error}") from error


def _prepare(work: Path, project: Path) -> None:
    """Lets dbt load the seeds and make the models in a folder."""
    # it takes a second of processor time to be imported, and is needed only here
    from final_accounts.warehouse.dbt import results_of, run_dbt

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
