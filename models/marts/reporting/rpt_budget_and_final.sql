-- one row per budget that a released report prints or states, beside what was spent
{%- set spent = 'coalesce(three_public.final_yuan, projects.executed_yuan, spending.amount_yuan, wholes.amount_yuan)' %}
with

budgets as (

    select * from {{ ref('fct_budgets') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

three_public as (

    select * from {{ ref('fct_three_public') }}

),

projects as (

    select
        report_id,
        cast(project_no as string) as item_key,
        sum(amount_yuan) as executed_yuan
    from {{ ref('fct_project_cells') }}
    where
        form_part = 'funding'
        and row_role = 'total'
        and column_name = 'executed'
    group by
        report_id,
        project_no

),

project_names as (

    select * from {{ ref('fct_projects') }}

),

claims as (

    select * from {{ ref('fct_narrative_claims') }}

),

spending as (

    select * from {{ ref('rpt_spending_by_function') }}

),

-- what a fund spent in all, for a budget of all of it
wholes as (

    select
        report_id,
        fund,
        sum(amount_yuan) as amount_yuan
    from spending
    where subject_level = 'class'
    group by
        report_id,
        fund

),

final as (

    select
        cast(budgets.report_id as string) as report_id,
        cast(reports.department_id as string) as department_id,
        cast(reports.fiscal_year as integer) as fiscal_year,
        cast(budgets.budget_source as string) as budget_source,
        cast(budgets.item_key as string) as item_key,
        cast(budgets.budget_stage as string) as budget_stage,
        cast(coalesce(project_names.project_name, claims.subject, budgets.item_key) as string) as item_name,
        cast(budgets.subject_code as string) as subject_code,
        cast(budgets.fund as string) as fund,
        cast(budgets.budget_yuan as decimal(20, 2)) as budget_yuan,
        cast({{ spent }} as decimal(20, 2)) as final_yuan,
        {{ ratio(spent, 'budgets.budget_yuan') }} as completion_rate
    from budgets
    inner join reports
        on budgets.report_id = reports.report_id
    left join three_public
        on
            case when budgets.budget_source = 'table_09' then budgets.report_id end = three_public.report_id
            and budgets.item_key = three_public.expense_item
    left join projects
        on
            case when budgets.budget_source = 'project' then budgets.report_id end = projects.report_id
            and budgets.item_key = projects.item_key
    left join project_names
        on
            case when budgets.budget_source = 'project' then budgets.report_id end = project_names.report_id
            and budgets.item_key = cast(project_names.project_no as string)
    left join claims
        on
            case when budgets.budget_source = 'narrative' then budgets.report_id end = claims.report_id
            and budgets.item_key = cast(claims.claim_no as string)
    left join spending
        on
            case when budgets.budget_source = 'narrative' then budgets.report_id end = spending.report_id
            and budgets.subject_code = spending.subject_code
            and budgets.fund = spending.fund
    left join wholes
        on
            case
                when
                    budgets.budget_source = 'narrative'
                    and {{ is_match('claims.subject', '^(一般公共预算|政府性基金预算|国有资本经营预算)财政拨款(决算)?支出$') }}
                    then budgets.report_id
            end = wholes.report_id
            and budgets.fund = wholes.fund

)

select * from final
