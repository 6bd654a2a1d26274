-- one row per report with tables 09 and 10: whether vehicles cost money exactly where there are vehicles
with

cells as (

    select * from {{ of_changed_reports(ref('int_cells_in_words')) }}
    where
        (table_no = '09' and column_name = 'final_vehicle_operation')
        or (table_no = '10' and row_key = 'vehicles_total')

),

-- What nobody can read may be an amount.
printed as (

    select
        report_id,
        count(*) filter (where cell_status = 'rejected') = 0 as is_readable,
        coalesce(bool_or(amount <> 0) filter (where table_no = '09'), false) as has_money,
        coalesce(bool_or(amount <> 0) filter (where table_no = '10'), false) as has_vehicles
    from cells
    group by report_id
    having count(distinct table_no) = 2

),

final as (

    select
        report_id,
        't09_t10_vehicles' as identity_id,
        '' as instance_key,
        case when is_readable then has_money = has_vehicles end as holds,
        case
            when has_money then 'vehicles were operated, and table 10 counts none'
            else 'table 10 counts vehicles, and none was operated'
        end as reason
    from printed

)

select * from final
