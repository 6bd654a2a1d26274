-- one row per project self-evaluation form: budget against execution, and what the score lost where
with

projects as (

    select * from {{ ref('fct_projects') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

indicators as (

    select
        report_id,
        project_no,
        count(*) as indicators,
        sum(case when score < weight then 1 else 0 end) as indicators_with_lost_points
    from {{ ref('fct_project_indicators') }}
    group by
        report_id,
        project_no

),

final as (

    select
        cast(projects.report_id as string) as report_id,
        cast(reports.department_id as string) as department_id,
        cast(reports.fiscal_year as integer) as fiscal_year,
        cast(projects.project_no as integer) as project_no,
        cast(projects.project_name as string) as project_name,
        cast(projects.initial_budget_yuan as decimal(20, 2)) as initial_budget_yuan,
        cast(projects.annual_budget_yuan as decimal(20, 2)) as annual_budget_yuan,
        cast(projects.executed_yuan as decimal(20, 2)) as executed_yuan,
        cast(projects.annual_budget_yuan - projects.executed_yuan as decimal(20, 2)) as unspent_yuan,
        {{ ratio('projects.executed_yuan', 'projects.annual_budget_yuan') }} as execution_rate,
        cast(projects.execution_rate_percent as decimal(12, 4)) as printed_execution_rate_percent,
        cast(100 - projects.indicator_weight - projects.execution_score as decimal(12, 4)) as points_lost_on_execution,
        cast(projects.indicator_weight - projects.indicator_score as decimal(12, 4)) as points_lost_on_indicators,
        cast(indicators.indicators as integer) as indicators,
        cast(indicators.indicators_with_lost_points as integer) as indicators_with_lost_points,
        cast(projects.total_score as decimal(12, 4)) as total_score,
        cast(projects.grade as string) as grade
    from projects
    inner join reports
        on projects.report_id = reports.report_id
    left join indicators
        on
            projects.report_id = indicators.report_id
            and projects.project_no = indicators.project_no

)

select * from final
