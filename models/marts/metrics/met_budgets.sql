-- one row per budget that the narrative of a report states for a functional class, beside what was spent on it
with

budgets as (

    select * from {{ ref('rpt_budget_and_final') }}
    where
        budget_source = 'narrative'
        and length(subject_code) = 3
        and final_yuan is not null

),

reports as (

    -- what a department's report contains is counted there
    select * from {{ ref('dim_reports') }} where parent_report_id is null

),

final as (

    select
        cast(concat_ws('-', budgets.report_id, budgets.item_key, budgets.budget_stage) as string) as class_budget_id,
        cast(budgets.report_id as string) as report_id,
        cast(make_date(budgets.fiscal_year, 1, 1) as date) as fiscal_date,
        cast(budgets.subject_code as string) as class_code,
        cast(budgets.fund as string) as fund,
        cast(budgets.budget_stage as string) as budget_stage,
        cast(budgets.budget_yuan as decimal(20, 2)) as budget_yuan,
        cast(budgets.final_yuan as decimal(20, 2)) as final_yuan
    from budgets
    inner join reports
        on budgets.report_id = reports.report_id

)

select * from final
