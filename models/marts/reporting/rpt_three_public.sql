-- one row per released report and public expense: what was budgeted, what was spent, and the year before
with

three_public as (

    select * from {{ ref('fct_three_public') }}

),

items as (

    select * from {{ ref('dim_three_public_items') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

final as (

    select
        cast(three_public.report_id as string) as report_id,
        cast(reports.department_id as string) as department_id,
        cast(reports.fiscal_year as integer) as fiscal_year,
        cast(three_public.expense_item as string) as expense_item,
        cast(items.expense_item_zh as string) as expense_item_zh,
        cast(three_public.is_printed as boolean) as is_printed,
        cast(three_public.budget_yuan as decimal(20, 2)) as budget_yuan,
        cast(three_public.final_yuan as decimal(20, 2)) as final_yuan,
        cast(three_public.budget_yuan - three_public.final_yuan as decimal(20, 2)) as unspent_yuan,
        {{ ratio('three_public.final_yuan', 'three_public.budget_yuan') }} as completion_rate,
        cast(three_public.final_yuan > three_public.budget_yuan as boolean) as is_over_budget,
        cast(prior_years.final_yuan as decimal(20, 2)) as prior_final_yuan,
        {{ ratio('three_public.final_yuan - prior_years.final_yuan', 'prior_years.final_yuan') }} as change_rate
    from three_public
    inner join reports
        on three_public.report_id = reports.report_id
    inner join items
        on three_public.expense_item = items.expense_item
    left join three_public as prior_years
        on
            reports.prior_report_id = prior_years.report_id
            and three_public.expense_item = prior_years.expense_item

)

select * from final
