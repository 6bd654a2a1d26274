-- one row per project self-evaluation form and funding source, without the total row
with

funding as (

    select * from {{ ref('stg_accounts__project_funding') }} where not is_total

),

reports as (

    select * from {{ ref('int_reports_released') }}

),

cells as (

    select * from {{ ref('fct_project_cells') }} where form_part = 'funding'

),

amounts as (

    select
        report_id,
        project_no,
        row_no,
        {% for column in ['target_declared', 'initial_budget', 'annual_budget', 'executed', 'carried_over'] -%}
        coalesce(sum(amount_yuan) filter (where column_name = '{{ column }}'), 0) as {{ column }}_yuan,
        {% endfor -%}
        sum(amount) filter (where column_name = 'execution_rate') as execution_rate_percent,
        sum(amount) filter (where column_name = 'score') as execution_score
    from cells
    group by
        report_id,
        project_no,
        row_no

),

final as (

    select
        cast(funding.report_id as string) as report_id,
        cast(funding.project_no as integer) as project_no,
        cast(funding.row_no as integer) as row_no,
        cast(funding.funding_source as string) as funding_source,
        cast(amounts.target_declared_yuan as decimal(20, 2)) as target_declared_yuan,
        cast(amounts.initial_budget_yuan as decimal(20, 2)) as initial_budget_yuan,
        cast(amounts.annual_budget_yuan as decimal(20, 2)) as annual_budget_yuan,
        cast(amounts.executed_yuan as decimal(20, 2)) as executed_yuan,
        cast(amounts.carried_over_yuan as decimal(20, 2)) as carried_over_yuan,
        cast(amounts.execution_rate_percent as decimal(12, 4)) as execution_rate_percent,
        cast(amounts.execution_score as decimal(12, 4)) as execution_score,
        cast(funding.deviation_reason as string) as deviation_reason
    from funding
    inner join reports
        on funding.report_id = reports.report_id
    inner join amounts
        on
            funding.report_id = amounts.report_id
            and funding.project_no = amounts.project_no
            and funding.row_no = amounts.row_no

)

select * from final
