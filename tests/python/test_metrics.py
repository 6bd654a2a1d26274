"""The metrics of the semantic layer, asked with `mf query`: each gives what SQL over the marts gives."""

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import Run
from final_accounts.warehouse.dbt import run_dbt
from projects import query

YEAR, DEPARTMENT = "metric_time__year", "report__department_id"

CLASS_BUDGETS = """
    from reporting.rpt_budget_and_final
    where {reports} and budget_source = 'narrative' and budget_stage = 'initial' and length(subject_code) = 3
        and final_yuan is not null
"""
# Results that a report's own figures decide, and not what other reports here have met.
EVALUATED = """
    from quality.fct_identity_results
    where {reports} and identity_id <> 's_first_seen' and status <> 'not_evaluable'
"""
PROVED = "status in ('exact', 'rounding', 'truncated', 'summed_parts', 'blank_zeros')"
# One query for all that exist by department and year.
BY_DEPARTMENT_AND_YEAR = {
    "expenditure": "select sum(amount_yuan) from marts.fct_expenditure where {reports}",
    "revenue": "select sum(amount_yuan) from marts.fct_revenue where {reports}",
    "project_share": """
        select sum(amount_yuan) filter (where expenditure_kind = 'project') / sum(amount_yuan)
        from marts.fct_expenditure where {reports}
    """,
    "project_budget": "select sum(annual_budget_yuan) from marts.fct_projects where {reports}",
    "project_executed": "select sum(executed_yuan) from marts.fct_projects where {reports}",
    "execution_rate": "select sum(executed_yuan) / sum(annual_budget_yuan) from marts.fct_projects where {reports}",
    "three_public_expenses": "select sum(final_yuan) from marts.fct_three_public where {reports}",
    "three_public_budget": "select sum(budget_yuan) from marts.fct_three_public where {reports}",
    "carry_over": "select sum(closing_balance_yuan) from marts.fct_fund_balances where {reports}",
    "opening_balance": "select sum(opening_balance_yuan) from marts.fct_fund_balances where {reports}",
    "initial_budget": f"select sum(budget_yuan) {CLASS_BUDGETS}",
    "initial_budget_final": f"select sum(final_yuan) {CLASS_BUDGETS}",
    "initial_budget_completion": f"select sum(final_yuan) / sum(budget_yuan) {CLASS_BUDGETS}",
    "reports_held_back": "select count(*) from quality.fct_report_scorecard where {reports} and not is_released",
    "tables_missing": """
        select count(*) from quality.fct_report_tables
        where {reports} and print_status = 'missing' and report_id in (select report_id from marts.dim_reports)
    """,
    "reports": "select count(*) from marts.dim_reports where {reports}",
    "identities_proved": f"select count(*) {EVALUATED} and {PROVED}",
    "identities_evaluated": f"select count(*) {EVALUATED}",
    "proof_rate": f"select avg(case when {PROVED} then 1 else 0 end) {EVALUATED}",
}
# Of the years that have an earlier one, the last before them.
BY_SERIES = {
    "expenditure_before": "sum(from_yuan)",
    "expenditure_change": "sum(to_yuan - from_yuan)",
    "expenditure_growth": "sum(to_yuan - from_yuan) / nullif(sum(from_yuan), 0)",
}
BY_CLASS = {
    "class_expenditure": "sum(amount_yuan)",
    "class_share": "sum(amount_yuan) / (select sum(amount_yuan) from marts.fct_expenditure)",
    "class_base": "(select sum(amount_yuan) from marts.fct_expenditure)",
}


@dataclass(frozen=True)
class Metrics:
    """A warehouse with several reports, and the project that its metrics are defined in."""

    database: Path
    project: Path
    names: list[str]

    def ask(self, metrics: list[str], group_by: list[str], file: Path) -> list[dict[str, str]]:
        """The answer of `mf query`."""
        arguments = ["--metrics", ",".join(metrics), "--csv", str(file)]
        arguments += ["--group-by", ",".join(group_by)] if group_by else []
        environment = {**os.environ, "FINAL_ACCOUNTS_DATABASE": str(self.database), "PYTHONUTF8": "1"}
        environment |= {"DBT_PROFILES_DIR": str(self.project / "profiles"), "DBT_PROJECT_DIR": str(self.project)}
        command = [str(Path(sys.executable).with_name("mf")), "query", *arguments]
        run = subprocess.run(command, cwd=self.project, env=environment, capture_output=True, text=True)
        assert run.returncode == 0, run.stdout + run.stderr
        with file.open(encoding="utf-8", newline="") as rows:
            return list(csv.DictReader(rows))


@pytest.fixture(scope="module")
def metrics(many: Run, tmp_path_factory: pytest.TempPathFactory) -> Metrics:
    """Four reports of three departments and years."""
    database = tmp_path_factory.mktemp("metrics") / many.database.name
    shutil.copy(many.database, database)
    project = many.project.top
    assert run_dbt(["parse"], database, project).success
    manifest = json.loads((project / "target" / "semantic_manifest.json").read_text(encoding="utf-8"))
    return Metrics(database, project, sorted(metric["name"] for metric in manifest["metrics"]))


def equal(answered: str, expected: object) -> bool:
    """The same number: MetricFlow answers in binary floating point."""
    if expected is None or not answered:
        return expected is None and answered in ("", "nan", "None")
    return float(answered) == pytest.approx(float(expected), rel=1e-9, abs=1e-9)


def test_every_metric_is_tested(metrics: Metrics) -> None:
    """A metric that is added is compared with SQL here."""
    assert metrics.names == sorted([*BY_DEPARTMENT_AND_YEAR, *BY_CLASS, *BY_SERIES])


def test_metrics_by_department_and_year_are_those_of_the_marts(metrics: Metrics, tmp_path: Path) -> None:
    """Every department and year that has a report, one row each."""
    rows = metrics.ask(list(BY_DEPARTMENT_AND_YEAR), [YEAR, DEPARTMENT], tmp_path / "answer.csv")
    reports = query(
        metrics.database, "select department_id, fiscal_year, report_id from marts.dim_reports order by all"
    )
    assert sorted((row[DEPARTMENT], int(row[YEAR][:4])) for row in rows) == [report[:2] for report in reports]
    report_ids = {report[:2]: report[2] for report in reports}
    wrong = []
    for row in rows:
        report_id = report_ids[row[DEPARTMENT], int(row[YEAR][:4])]
        for name, sql in BY_DEPARTMENT_AND_YEAR.items():
            ((expected,),) = query(metrics.database, sql.replace("{reports}", f"report_id = '{report_id}'"))
            if not equal(row[name], expected):
                wrong.append((report_id, name, row[name], expected))
    assert wrong == []


def test_changes_by_series_and_year_are_those_of_the_view(metrics: Metrics, tmp_path: Path) -> None:
    """One row for each year that has an earlier one."""
    rows = metrics.ask(list(BY_SERIES), [YEAR, "change__series_id"], tmp_path / "answer.csv")
    columns = ", ".join(f"{sql} as {name}" for name, sql in BY_SERIES.items())
    expected = query(
        metrics.database,
        f"""
        select series_id, to_year, {columns}
        from (
            select * from reporting.rpt_changes where subject_level = 'all'
            qualify from_year = max(from_year) over (partition by series_id, to_year)
        )
        group by all order by all
        """,
    )
    answered = {(row["change__series_id"], int(row[YEAR][:4])): row for row in rows}
    assert sorted(answered) == [each[:2] for each in expected] != []
    for series, year, *values in expected:
        for name, value in zip(BY_SERIES, values, strict=True):
            assert equal(answered[series, year][name], value), (series, year, name)


def test_metrics_over_everything_are_those_of_the_marts(metrics: Metrics, tmp_path: Path) -> None:
    """A ratio of sums, not a mean of ratios."""
    (row,) = metrics.ask(list(BY_DEPARTMENT_AND_YEAR), [], tmp_path / "answer.csv")
    for name, sql in BY_DEPARTMENT_AND_YEAR.items():
        ((expected,),) = query(metrics.database, sql.replace("{reports}", "true"))
        assert equal(row[name], expected), (name, row[name], expected)


def test_the_share_of_a_class_is_of_all_that_was_spent(metrics: Metrics, tmp_path: Path) -> None:
    """Departments that spend nothing on a class are in what it is a share of; the shares add up to one."""
    rows = metrics.ask(list(BY_CLASS), ["report_class__class_code"], tmp_path / "answer.csv")
    columns = ", ".join(f"{sql} as {name}" for name, sql in BY_CLASS.items())
    expected = query(
        metrics.database,
        f"select left(subject_code, 3), {columns} from marts.fct_expenditure group by all order by all",
    )
    assert sorted(row["report_class__class_code"] for row in rows) == [each[0] for each in expected]
    answered = {row["report_class__class_code"]: row for row in rows}
    for code, *values in expected:
        for name, value in zip(BY_CLASS, values, strict=True):
            assert equal(answered[code][name], value), (code, name)
    assert sum(float(row["class_share"]) for row in rows) == pytest.approx(1)


def test_expenditure_by_fund_and_division_is_that_of_the_marts(metrics: Metrics, tmp_path: Path) -> None:
    """A dimension of the facts beside one of the reports."""
    rows = metrics.ask(["expenditure"], ["expenditure_line__fund", "report__division_code"], tmp_path / "answer.csv")
    answered = {(row["report__division_code"], row["expenditure_line__fund"]): row["expenditure"] for row in rows}
    expected = query(
        metrics.database,
        """
        select division_code, fund, sum(amount_yuan)
        from marts.fct_expenditure join marts.dim_reports using (report_id) group by all
        """,
    )
    assert len(answered) == len(expected)
    assert all(equal(answered[division, fund], amount) for division, fund, amount in expected)
