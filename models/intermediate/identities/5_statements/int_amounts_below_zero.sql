-- one row per budget of table 09 and line of table 10 with an amount: whether it is not below zero
with

cells as (

    select * from {{ of_changed_reports(ref('int_cells_in_words')) }}
    where
        cell_status = 'amount'
        and (table_no = '10' or (table_no = '09' and column_name like 'budget_%'))

),

-- The budgets of the three public expenses are one row: an item below zero takes its totals with it.
final as (

    select
        report_id,
        's_signs' as identity_id,
        case table_no when '09' then '09' else table_no || ':' || row_key end as instance_key,
        min(amount) >= 0 as holds,
        min(case when amount < 0 then column_name end) || ' is printed as ' || min(case when amount < 0 then printed_text end) as reason
    from cells
    group by
        report_id,
        table_no,
        case table_no when '09' then '09' else table_no || ':' || row_key end

)

select * from final
