"""Divisions, subjects and departments over years that somebody made up: every change is told, and none is invented."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from conftest import Run
from final_accounts.warehouse.paths import target_folder
from years import MERGED, MISPRINTS, MOVED_FUND_SUBJECT, MOVED_SUBJECT, RECODED, REFORM, RENAMED_SUBJECTS, World, world

DEPARTMENTS = 1000
# The models that link years, and what they read that the made-up world has.
MODELS = (
    "marts/accounts/dim_division_successors",
    "intermediate/places/int_division_periods",
    "intermediate/places/int_division_lineages",
    "marts/accounts/dim_divisions",
    "intermediate/places/int_report_divisions",
    "intermediate/places/int_body_names",
    "intermediate/departments/int_department_years",
    "intermediate/departments/int_report_classes",
    "intermediate/departments/int_department_links",
    "intermediate/departments/int_department_splits",
    "marts/accounts/dim_department_series",
    "marts/accounts/dim_department_changes",
    "intermediate/subjects/int_subject_rules",
    "intermediate/subjects/int_subject_names",
    "marts/accounts/dim_subject_names",
    "marts/accounts/dim_subjects",
    "intermediate/subjects/int_fund_balances_moved",
    "intermediate/subjects/int_subjects_moved_by_name",
    "marts/accounts/dim_subject_successors",
)
SEEDS = (
    "divisions",
    "division_changes",
    "department_successors",
    "subject_rules",
    "subject_successors",
    "form_lines",
    "economic_classes",
)
INPUTS = """
create table intermediate.int_reports_released as
select * replace (cast(fiscal_year as integer) as fiscal_year), division_code || '-' || department_code as department_id
from made.reports;
create table staging.stg_accounts__reports as from intermediate.int_reports_released;
create table intermediate.int_report_scopes as
select report_id, 'department' as report_scope from intermediate.int_reports_released;
create table marts.fct_fund_balances as
select
    report_id,
    'unknown' as fund,
    cast(sum(yuan) filter (where item = '年初结转和结余') as decimal(20, 2)) as opening_balance_yuan,
    cast(sum(yuan) filter (where item = '年末结转和结余') as decimal(20, 2)) as closing_balance_yuan
from (
    select *, 10000 * cast(coalesce(nullif(amount, ''), '0') as decimal(20, 2)) as yuan
    from made.revenue_expenditure_summary
)
group by report_id;
create table intermediate.int_subjects_printed as
select
    rows.report_id, reports.fiscal_year, 'functional' as classification, rows.subject_code, rows.subject_name,
    false as is_in_05, rows.subject_code like '212%' as is_in_07, false as is_in_08
from made.expenditure as rows
join intermediate.int_reports_released as reports using (report_id)
where rows.subject_code <> '';
create table marts.fct_expenditure as
select report_id, subject_code, 10000 * cast(coalesce(nullif(total, ''), '0') as decimal(20, 2)) as amount_yuan
from made.expenditure
where length(subject_code) = 7;
create table marts.dim_reports as
select
    report_id, department_id, fiscal_year,
    case when lag(fiscal_year) over of_it = fiscal_year - 1 then lag(report_id) over of_it end as prior_report_id
from intermediate.int_reports_released
window of_it as (partition by department_id order by fiscal_year);
create table marts.fct_government_fund_balances as
select
    report_id, subject_code,
    10000 * cast(coalesce(nullif(opening_balance, ''), '0') as decimal(20, 2)) as opening_balance_yuan,
    10000 * cast(coalesce(nullif(closing_balance, ''), '0') as decimal(20, 2)) as closing_balance_yuan
from made.government_fund
where length(subject_code) = 7;
"""


@pytest.fixture(scope="module")
def made() -> World:
    """What is printed, and what is true."""
    return world(DEPARTMENTS)


@pytest.fixture(scope="module")
def linked(
    first_run: Run, made: World, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The models that link years, as dbt compiled them, over the made-up world."""
    folder = tmp_path_factory.mktemp("years")
    made.write(folder)
    compiled = target_folder(first_run.project.top) / "compiled/final_accounts/models"
    with duckdb.connect(str(folder / "final_accounts.duckdb")) as connection:
        for schema in ("raw", "made", "staging", "marts", "intermediate"):
            connection.execute(f"create schema {schema}")
        connection.execute(f"attach '{first_run.database}' as built (read_only)")
        for seed in SEEDS:
            connection.execute(f"create table raw.{seed} as from built.raw.{seed}")
        for table in made.tables:
            file = folder / table / "years.csv"
            connection.execute(f"create table made.{table} as from read_csv('{file}', all_varchar = true)")
        connection.execute(INPUTS)
        for model in MODELS:
            schema, name = Path(model).parts[0], Path(model).name
            sql = (compiled / f"{model}.sql").read_text(encoding="utf-8")
            connection.execute(f"create table {schema}.{name} as {sql}")
        yield connection


def test_every_change_of_a_department_is_told_and_none_is_invented(
    linked: duckdb.DuckDBPyConnection, made: World
) -> None:
    """What neither name, code nor balance tells is told as not known."""
    told = set(
        linked.execute(
            "select change_year, department_id, successor_id from marts.dim_department_changes "
            "where change not in ('not_known', 'first_seen')"
        ).fetchall()
    )
    unknown = {
        department
        for (department,) in linked.execute(
            "select department_id from marts.dim_department_changes where change = 'not_known'"
        ).fetchall()
    }
    true = {(change.year, change.before, change.after) for change in made.changes}
    assert told - true == set()
    assert {change for change in true - told if change[1] not in unknown} == set()
    # nearly all are known
    assert len(told) > 0.9 * len(true)


def test_each_department_that_nothing_leads_to_is_first_seen(linked: duckdb.DuckDBPyConnection, made: World) -> None:
    """Whether it was founded or split off: that it came is told, and of nobody to whom a change leads."""
    first_seen = set(
        linked.execute(
            "select change_year, department_id from marts.dim_department_changes where change = 'first_seen'"
        ).fetchall()
    )
    led_to = {(change.year, change.after) for change in made.changes}
    assert set(made.founded) <= first_seen
    # of those that a change leads to, where the warehouse does not know the change
    told = set(
        linked.execute(
            "select change_year, successor_id from marts.dim_department_changes where successor_id is not null"
        ).fetchall()
    )
    assert first_seen - set(made.founded) == led_to - told


def test_a_department_that_ended_is_followed_by_nobody(linked: duckdb.DuckDBPyConnection, made: World) -> None:
    """Nor is one that was founded in its place its successor, whatever code it got."""
    followed = set(
        linked.execute(
            "select change_year, department_id from marts.dim_department_changes where successor_id is not null"
        ).fetchall()
    )
    assert followed & set(made.ended) == set()


def test_a_merged_county_is_found_under_its_old_and_its_new_code(linked: duckdb.DuckDBPyConnection) -> None:
    """The same reports, whichever code is asked for."""
    for old, _, new, _ in (RECODED, MERGED):
        answers = [
            linked.execute(
                "select reports.report_id, periods.full_name from intermediate.int_reports_released as reports "
                "join intermediate.int_report_divisions as divisions using (division_code, fiscal_year) "
                "join marts.dim_divisions as periods using (division_id) "
                "where periods.latest_code in (select latest_code from marts.dim_divisions where division_code = ?) "
                "order by all",
                [code],
            ).fetchall()
            for code in (old, new)
        ]
        assert answers[0] == answers[1]
        assert {report[:6] for report, _ in answers[0]} == {old, new}


def test_subjects_are_renamed_in_the_year_of_the_reform_and_not_by_misprints(linked: duckdb.DuckDBPyConnection) -> None:
    """A name that one report in many prints is another code's, or has drifted."""
    renamed = linked.execute(
        "select subject_code, valid_from_year from marts.dim_subjects "
        "qualify subject_name <> lag(subject_name) over (partition by subject_code order by valid_from_year) "
        "order by all"
    ).fetchall()
    assert renamed == [(code, REFORM) for code in RENAMED_SUBJECTS]
    found = linked.execute(
        "select distinct subject_code, subject_name, severity from marts.dim_subject_names "
        "where name_status not in ('official', 'leading') order by all"
    ).fetchall()
    assert found == [("2010302", MISPRINTS["2010302"], "error"), ("22102", MISPRINTS["22102"], "info")]


def test_successors_of_subjects_are_those_that_names_and_balances_prove(linked: duckdb.DuckDBPyConnection) -> None:
    """An item that went under another code and name without a balance is not followed."""
    assert linked.execute(
        "select subject_code, successor_code, change_year, change from marts.dim_subject_successors "
        "where basis <> 'rule' order by all"
    ).fetchall() == [
        (*MOVED_FUND_SUBJECT, REFORM, "moved"),
        (*MOVED_SUBJECT, REFORM, "moved"),
        *((code, code, REFORM, "renamed") for code in RENAMED_SUBJECTS),
    ]
