-- one row per project self-evaluation form of a released report
with

projects as (

    select * from {{ ref('stg_accounts__projects') }}

),

reports as (

    select * from {{ ref('int_reports_released') }}

),

cells as (

    select
        *,
        form_part = 'funding' and row_role = 'total' as is_funding_total
    from {{ ref('fct_project_cells') }}

),

amounts as (

    select
        report_id,
        project_no,
        {% for column in ['target_declared', 'initial_budget', 'annual_budget', 'executed', 'carried_over'] -%}
        coalesce(sum(amount_yuan) filter (where is_funding_total and column_name = '{{ column }}'), 0) as {{ column }}_yuan,
        {% endfor -%}
        sum(amount) filter (where is_funding_total and column_name = 'execution_rate') as execution_rate_percent,
        sum(amount) filter (where is_funding_total and column_name = 'score') as execution_score,
        sum(amount) filter (where form_part = 'indicator' and column_name = 'weight') as indicator_weight,
        sum(amount) filter (where form_part = 'indicator' and column_name = 'score') as indicator_score,
        sum(amount) filter (where form_part = 'total') as total_score
    from cells
    group by
        report_id,
        project_no

),

final as (

    select
        cast(projects.report_id as string) as report_id,
        cast(projects.project_no as integer) as project_no,
        cast(projects.project_name as string) as project_name,
        cast(projects.department_code as string) as department_code,
        cast(projects.department_name as string) as department_name,
        cast(projects.budget_unit_code as string) as budget_unit_code,
        cast(projects.budget_unit_name as string) as budget_unit_name,
        cast(amounts.target_declared_yuan as decimal(20, 2)) as target_declared_yuan,
        cast(amounts.initial_budget_yuan as decimal(20, 2)) as initial_budget_yuan,
        cast(amounts.annual_budget_yuan as decimal(20, 2)) as annual_budget_yuan,
        cast(amounts.executed_yuan as decimal(20, 2)) as executed_yuan,
        cast(amounts.carried_over_yuan as decimal(20, 2)) as carried_over_yuan,
        cast(amounts.execution_rate_percent as decimal(12, 4)) as execution_rate_percent,
        cast(amounts.execution_score as decimal(12, 4)) as execution_score,
        cast(amounts.indicator_weight as decimal(12, 4)) as indicator_weight,
        cast(amounts.indicator_score as decimal(12, 4)) as indicator_score,
        cast(amounts.total_score as decimal(12, 4)) as total_score,
        cast(projects.grade as string) as grade,
        cast(projects.form_title as string) as form_title,
        cast(projects.annual_target as string) as annual_target,
        cast(projects.actual_completion as string) as actual_completion,
        cast(projects.page_from as integer) as page_from,
        cast(projects.page_to as integer) as page_to,
        cast(projects.cut_columns as string) as cut_columns
    from projects
    inner join reports
        on projects.report_id = reports.report_id
    left join amounts
        on
            projects.report_id = amounts.report_id
            and projects.project_no = amounts.project_no

)

select * from final
