-- one row per report, held back or not: what metrics by department, division and year are computed from
with

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

released as (

    select * from {{ ref('dim_reports') }}

),

series as (

    select * from {{ ref('dim_department_series') }}

),

scorecard as (

    select * from {{ ref('fct_report_scorecard') }}

),

tables_missing as (

    select
        report_id,
        count(*) filter (where print_status = 'missing') as tables_missing
    from {{ ref('fct_report_tables') }}
    group by report_id

),

years as (

    select * from {{ ref('rpt_department_years') }}
    -- what a department's report contains is counted there
    where report_id in (select released.report_id from released where released.parent_report_id is null)

),

final as (

    select
        cast(reports.report_id as string) as report_id,
        cast(make_date(reports.fiscal_year, 1, 1) as date) as fiscal_date,
        cast(reports.department_id as string) as department_id,
        cast(reports.department_name as string) as department_name,
        cast(reports.division_code as string) as division_code,
        cast(reports.division_name as string) as division_name,
        cast(reports.government_level as string) as government_level,
        cast(released.latest_division_code as string) as latest_division_code,
        cast(series.series_id as string) as series_id,
        cast(series.series_name as string) as series_name,
        cast(coalesce(scorecard.is_released, false) as boolean) as is_released,
        cast(case when released.report_id is not null then tables_missing.tables_missing end as integer) as tables_missing,
        cast(years.opening_balance_yuan as decimal(20, 2)) as opening_balance_yuan,
        cast(years.closing_balance_yuan as decimal(20, 2)) as closing_balance_yuan,
        cast(years.three_public_budget_yuan as decimal(20, 2)) as three_public_budget_yuan,
        cast(years.three_public_final_yuan as decimal(20, 2)) as three_public_final_yuan,
        cast(years.evaluated_budget_yuan as decimal(20, 2)) as evaluated_budget_yuan,
        cast(years.evaluated_executed_yuan as decimal(20, 2)) as evaluated_executed_yuan,
        cast(
            scorecard.identities_exact + scorecard.identities_rounding + scorecard.identities_truncated
            + scorecard.identities_summed_parts + scorecard.identities_blank_zeros as integer
        ) as identities_proved,
        cast(scorecard.identities_expected - scorecard.identities_not_evaluable as integer) as identities_evaluated
    from reports
    left join released
        on reports.report_id = released.report_id
    left join series
        on reports.report_id = series.report_id
    left join scorecard
        on reports.report_id = scorecard.report_id
    left join tables_missing
        on reports.report_id = tables_missing.report_id
    left join years
        on reports.report_id = years.report_id

)

select * from final
