-- one row per report and table 07, 08 or 09: whether nothing is printed in it, or zeros only
with

cells as (

    select * from {{ of_changed_reports(ref('int_cells_in_words')) }} where table_no in ('07', '08', '09')

),

final as (

    select
        report_id,
        table_no,
        count(*) filter (where amount <> 0) = 0 as is_empty
    from cells
    group by
        report_id,
        table_no

)

select * from final
