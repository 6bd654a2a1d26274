-- one row per released report that prints table 09 and three public expense
with

cells as (

    select * from {{ ref('fct_report_cells') }} where table_no = '09'

),

reports as (

    select * from {{ ref('int_reports_released') }}

),

form_columns as (

    select * from {{ ref('form_columns') }} where table_no = '09' and expense_item is not null

),

final as (

    select
        cast(cells.report_id as string) as report_id,
        cast(form_columns.expense_item as string) as expense_item,
        cast(coalesce(sum(cells.amount_yuan) filter (where form_columns.budget_stage = 'budget'), 0) as decimal(20, 2)) as budget_yuan,
        cast(coalesce(sum(cells.amount_yuan) filter (where form_columns.budget_stage = 'final'), 0) as decimal(20, 2)) as final_yuan,
        cast(count(cells.amount_yuan) > 0 as boolean) as is_printed
    from cells
    inner join reports
        on cells.report_id = reports.report_id
    inner join form_columns
        on cells.column_name = form_columns.column_name
    group by
        cells.report_id,
        form_columns.expense_item

)

select * from final
