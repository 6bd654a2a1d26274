-- one row per budget that a released report prints or states: of three public expenses, of projects, and of the narrative
with

reports as (

    select * from {{ ref('int_reports_released') }}

),

three_public as (

    select * from {{ ref('fct_three_public') }} where is_printed

),

project_cells as (

    select * from {{ ref('fct_project_cells') }}
    where
        form_part = 'funding'
        and row_role = 'total'
        and column_name in ('initial_budget', 'annual_budget')
        and amount_yuan is not null

),

claims as (

    select * from {{ ref('int_claims_measured') }}
    where
        measure in ('initial_budget', 'annual_budget')
        and is_money
        and value_status = 'number'

),

items as (

    select * from {{ ref('int_claim_items') }} where classification = 'functional'

),

named_claims as (

    select
        claims.report_id,
        claims.claim_no,
        claims.subject,
        claims.measure,
        claims.claim_value,
        coalesce(claims.class_code, items.subject_code) as subject_code,
        case
            when claims.class_table = '05' or claims.section like '%一般公共预算%' then 'general_public_budget'
            when claims.class_table = '07' or claims.section like '%政府性基金%' then 'government_fund'
            when claims.class_table = '08' or claims.section like '%国有资本经营%' then 'state_capital_operations'
        end as fund
    from claims
    left join items
        on
            claims.report_id = items.report_id
            and claims.subject = items.subject

),

-- A sentence that says it twice says it once.
stated as (

    select *
    from named_claims
    qualify row_number() over (
        partition by report_id, subject, measure
        order by claim_no
    ) = 1

),

-- The budget of table 09 is that of the whole year, adjusted by rule.
final as (

    select
        cast(report_id as string) as report_id,
        cast('table_09' as string) as budget_source,
        cast(expense_item as string) as item_key,
        cast('annual' as string) as budget_stage,
        cast(null as string) as subject_code,
        cast(null as string) as fund,
        cast(budget_yuan as decimal(20, 2)) as budget_yuan
    from three_public

    union all

    select
        cast(project_cells.report_id as string) as report_id,
        cast('project' as string) as budget_source,
        cast(project_cells.project_no as string) as item_key,
        cast(replace(project_cells.column_name, '_budget', '') as string) as budget_stage,
        cast(null as string) as subject_code,
        cast(null as string) as fund,
        cast(sum(project_cells.amount_yuan) as decimal(20, 2)) as budget_yuan
    from project_cells
    inner join reports
        on project_cells.report_id = reports.report_id
    group by
        project_cells.report_id,
        project_cells.project_no,
        project_cells.column_name

    union all

    select
        cast(stated.report_id as string) as report_id,
        cast('narrative' as string) as budget_source,
        cast(stated.claim_no as string) as item_key,
        cast(replace(stated.measure, '_budget', '') as string) as budget_stage,
        cast(stated.subject_code as string) as subject_code,
        cast(stated.fund as string) as fund,
        cast(stated.claim_value as decimal(20, 2)) as budget_yuan
    from stated
    inner join reports
        on stated.report_id = reports.report_id

)

select * from final
