-- one row per printed figure that nobody can read, with the sentence that says so
with

rejected_cells as (

    select * from {{ ref('int_rejected_cells') }}

),

final as (

    select
        cast(report_id as string) as report_id,
        cast(raw_table as string) as raw_table,
        cast(row_no as integer) as row_no,
        cast(row_key as string) as row_key,
        cast(column_name as string) as column_name,
        cast(printed_text as string) as printed_text,
        cast({{ rejected_cell_problem() }} as string) as problem
    from rejected_cells

)

select * from final
