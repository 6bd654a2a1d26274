"""Everything that readers may query is the same on Spark as on DuckDB, row by row; see scripts/test_spark."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from dbt.contracts.results import RunResult
from final_accounts.landing.folder import write_rows
from final_accounts.landing.raw_files import contract_columns
from final_accounts.proving.mutants import errors_of
from final_accounts.proving.synthetic import add_synthetic_reports
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.paths import TOP
from projects import REPORTS, SHIPPED, Project
from pyspark.sql import SparkSession

GENERATED = 200

# Texts that a loader or a dialect may take for something else. The first is what a PDF may print, the others are words.
ODD_TEXT = """\u3000\u00a0«引号» "it's" O'Neil''s \\ \\\\n \\' C:\\temp\\new %s %(a)s {{ x }} ${y} $1 -- /* ; */\t|
second line,\r
third “line”\u3000 """
ODD_NAME = "行政 'run' \\ \"运行\""
ODD_WORDS = ["None", "null", "NULL", "NaN", "\\N", "''", '""', "-", "\\", "0x1F", "true", "007", "1e5", "  "]


def _names(folder: str, ending: str) -> list[str]:
    return sorted(f"{path.stem}" for path in (TOP / folder).rglob(f"*.{ending}"))


# what a solver finds, which is not asked on Spark: see macros/solved.sql
UNSOLVED = ("fct_explanations", "fct_joint_answers", "fct_joint_conflicts")
READ = (
    [f"raw.{name}" for name in _names("seeds", "csv")]
    + [f"marts.{name}" for name in _names("models/marts/accounts", "sql")]
    + [f"quality.{name}" for name in _names("models/marts/quality", "sql") if name not in UNSOLVED]
    + [f"reporting.{name}" for name in _names("models/marts/reporting", "sql")]
    + [f"metrics.{name}" for name in _names("models/marts/metrics", "sql")]
)


@dataclass(frozen=True)
class Builds:
    """The same reports built on DuckDB and on Spark, and what dbt said of each node there."""

    duckdb: Path
    exported: Path
    results: dict[str, list[RunResult]]

    def outcomes(self, engine: str) -> dict[str, tuple[str, int | None]]:
        """How each seed, model and test ended, and for how many rows it failed."""
        return {result.node.unique_id: (str(result.status), result.failures) for result in self.results[engine]}


def _build(engine: str, database: Path, project: Project, landing: Path) -> list[RunResult]:
    """Builds everything; a node that fails does not stop the comparison of the others."""
    target = {"DuckDB": "development", "Spark": "spark"}[engine]
    run = run_dbt(["build", "--target", target], database, project.top, landing=landing, synthetic=True)
    assert run.result is not None, run.exception
    return run.result.results


def _write_odd_texts(project: Project) -> None:
    """Puts odd texts where a report prints words, and marks the file as a spreadsheet on Windows does."""
    project.edit("projects", {"report_id": SHIPPED, "project_no": "1"}, project_name=ODD_TEXT, annual_target=ODD_TEXT)
    project.edit(
        "project_analyses", {"report_id": SHIPPED, "project_no": "1", "section_no": "1"}, analysis_text=ODD_TEXT
    )
    project.edit("expenditure", {"report_id": SHIPPED, "subject_code": "2010301"}, subject_name=ODD_NAME)
    # what was read is odd; what stands in the table is not
    correction = {"report_id": SHIPPED, "table_no": "05", "row_no": "1", "column_name": "total", "text_read": ODD_TEXT}
    (total,) = (
        row["total"]
        for row in project.read("general_public_budget_expenditure")
        if row["report_id"] == SHIPPED and row["row_no"] == "1"
    )
    project.append("corrections", **correction, text_corrected=total, corrected_by="A", corrected_at="2024-10-31")
    indicators = project.read("project_indicators")
    for indicator, word in zip(indicators, ODD_WORDS, strict=False):
        indicator.update(level_3=word, deviation_reason=word)
    project.write("project_indicators", indicators, encoding="utf-8-sig", line_end="\r\n")


def _land_reports(project: Project, database: Path, landing: Path) -> None:
    """Fills a landing folder with all reports but the shipped one, some of them with one error each."""
    assert run_dbt(["seed"], database, project.top).success
    with duckdb.connect(str(database)) as connection:
        for file in sorted(REPORTS.glob("*/*.csv")):
            connection.execute(
                f"insert into raw.{file.stem} by name from read_csv(?, all_varchar = true, header = true)", [str(file)]
            )
        add_synthetic_reports(connection, GENERATED, seed=17)
        _spoil(connection)
        _make_odd(connection)
        for table in _names("seeds/accounts", "csv"):
            _write_landed(connection, landing, table)
    database.unlink()


def _write_landed(connection: duckdb.DuckDBPyConnection, landing: Path, table: str) -> None:
    """Writes the rows of a raw table: to Parquet, once with the columns in another order, and to CSV."""
    columns = contract_columns(TOP / "seeds" / "accounts" / f"{table}.yml")
    write_rows(connection, landing / table / "generated.parquet", table, columns, "report_id like 'synthetic-%'", {})
    first, *others = sorted(report.name for report in REPORTS.iterdir())
    write_rows(
        connection, landing / table / f"{first}.parquet", table, columns[::-1], "report_id = $report", {"report": first}
    )
    for report in others:
        rows = f"select {', '.join(columns)} from raw.{table} where report_id = '{report}' order by all"
        if connection.execute(f"select count(*) from ({rows})").fetchone()[0]:
            file = str(landing / table / f"{report}.csv").replace("'", "''")
            connection.execute(f"copy ({rows}) to '{file}' (format csv, header)")


def _make_odd(connection: duckdb.DuckDBPyConnection) -> None:
    """Puts odd texts where the reports that will land print words."""
    connection.execute(
        """
        update raw.projects
        set project_name = $text, annual_target = $text
        where report_id <> $seed and project_no = '1'
        """,
        {"text": ODD_TEXT, "seed": SHIPPED},
    )
    connection.execute(
        """
        update raw.expenditure
        set subject_name = $name
        where report_id <> $seed and row_no = '5' and subject_code is not null
        """,
        {"name": ODD_NAME, "seed": SHIPPED},
    )
    # an indicator more for each word
    connection.execute(
        """
        insert into raw.project_indicators by name
        with first_rows as (
            from raw.project_indicators
            where report_id <> $seed
            qualify row_number() over (partition by report_id order by project_no, row_no) = 1
        ),
        words as (
            select unnest($words) as word, generate_subscripts($words, 1) as number
        )
        select
            first_rows.* replace (
                cast(100 + number as varchar) as row_no,
                word as level_3, word as deviation_reason,
                '' as weight, '' as score
            )
        from first_rows
        cross join words
        """,
        {"words": ODD_WORDS, "seed": SHIPPED},
    )


def _spoil(connection: duckdb.DuckDBPyConnection) -> None:
    """Gives every third generated report one wrong cell, so that every kind of suspect is found; and odd prints."""
    chance = random.Random(17)
    cells = connection.execute(
        """
        select report_id, row_no, total
        from raw.expenditure
        where
            report_id in (select report_id from raw.reports where origin = 'synthetic')
            and subject_code like '20101__'
            and length(total) > 5
        qualify row_number() over (partition by report_id order by row_no) = 1
        order by report_id
        """
    ).fetchall()
    wrong = [dict(errors_of(total, chance)) for _, _, total in cells]
    kinds = list(wrong[0])
    for number, ((report_id, row_no, _), texts) in enumerate(zip(cells, wrong, strict=True)):
        if number % 3 == 0:
            text = texts.get(kinds[number // 3 % len(kinds)], "")
            connection.execute(
                "update raw.expenditure set total = ? where report_id = ? and row_no = ?", [text, report_id, row_no]
            )
    reports = [report_id for report_id, _, _ in cells]
    # full-width digits, an amount finer than the others, and rows that slipped
    connection.execute(
        "update raw.revenue set total = translate(total, '0123456789.', '０１２３４５６７８９．') where report_id = ?",
        [reports[1]],
    )
    connection.execute(
        "update raw.general_public_budget_expenditure set basic = '0.123456' where report_id = ? and row_no = '3'",
        [reports[4]],
    )
    connection.execute(
        """
        update raw.expenditure as slipped
        set total = above.total, basic = above.basic, project = above.project
        from raw.expenditure as above
        where
            slipped.report_id = ? and above.report_id = slipped.report_id
            and cast(slipped.row_no as integer) between 4 and 8
            and cast(above.row_no as integer) = cast(slipped.row_no as integer) - 1
        """,
        [reports[7]],
    )


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builds]:
    """The shipped report from the seeds, the made-up and the generated ones from a landing folder, built twice."""
    folder = tmp_path_factory.mktemp("spark")
    top, landing = folder / "示例 o'project", folder / "示例 o'landing"
    top.mkdir()
    project = Project.copy(top)
    _write_odd_texts(project)
    database, exported = folder / "final_accounts.duckdb", folder / "exported"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_LOG_LEVEL_FILE", "none")
        patch.setenv("FINAL_ACCOUNTS_SPARK_TABLES", str(folder / "tables"))
        _land_reports(project, database, landing)
        results = {engine: _build(engine, database, project, landing) for engine in ("DuckDB", "Spark")}
        yield Builds(database, exported, results)
        SparkSession.builder.getOrCreate().stop()


def test_every_seed_and_model_is_built(builds: Builds) -> None:
    """None fails, and none is skipped because a test of what it reads failed."""
    bad = [
        f"{result.node.name}: {result.status}: {result.message}"
        for result in builds.results["Spark"]
        if result.node.resource_type in ("seed", "model") and result.status != "success"
    ]
    assert bad == []


def test_every_test_finds_the_same(builds: Builds) -> None:
    """The same nodes run on both, and a test fails for as many rows on each; the wrong cells make some fail."""
    assert builds.outcomes("Spark") == builds.outcomes("DuckDB")


@pytest.mark.parametrize("table", READ)
def test_table_is_the_same_on_both(builds: Builds, table: str) -> None:
    """Same columns in the same order and types, and the same rows as often."""
    files = builds.exported / table
    SparkSession.builder.getOrCreate().table(table).write.parquet(str(files))
    with duckdb.connect(str(builds.duckdb), read_only=True) as connection:
        spark = f"read_parquet('{files}/*.parquet')"
        types = {
            engine: connection.execute(
                f"select column_name, column_type from (describe select * from {rows})"
            ).fetchall()
            for engine, rows in {"DuckDB": table, "Spark": spark}.items()
        }
        assert types["Spark"] == types["DuckDB"]
        differences = {
            f"only on {engine}": connection.execute(
                f"select count(*), min(sample) from (select * from {rows} except all select * from {others}) as sample"
            ).fetchone()
            for engine, rows, others in (("DuckDB", table, spark), ("Spark", spark, table))
        }
        assert differences == {"only on DuckDB": (0, None), "only on Spark": (0, None)}
        (count,) = connection.execute(f"select count(*) from {table}").fetchone()
    assert count > 0 or table == "raw.waivers", "nothing was compared"
