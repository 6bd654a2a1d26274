-- one row per budget of table 09, line of table 10 and budget of a project with an amount: whether it is not below zero
with

cells as (

    select * from {{ of_changed_reports(ref('int_cells_in_words')) }}
    where
        cell_status = 'amount'
        and (table_no = '10' or (table_no = '09' and column_name like 'budget_%'))

),

project_budgets as (

    select * from {{ of_changed_reports(ref('int_form_and_prior_cells')) }}
    where
        table_no = 'project'
        and cell_status = 'amount'
        and column_name in ('initial_budget', 'annual_budget')

),

-- The budgets of the three public expenses are one row: an item below zero takes its totals with it. So are those of all projects.
planned as (

    select
        report_id,
        table_no || case table_no when '10' then ':' || row_key else '' end as instance_key,
        column_name,
        printed_text,
        amount
    from cells

    union all

    select
        report_id,
        table_no as instance_key,
        column_name,
        printed_text,
        cell_value as amount
    from project_budgets

),

final as (

    select
        report_id,
        's_signs' as identity_id,
        instance_key,
        min(amount) >= 0 as holds,
        min(case when amount < 0 then column_name end) || ' is printed as ' || min(case when amount < 0 then printed_text end) as reason
    from planned
    group by
        report_id,
        instance_key

)

select * from final
