-- one row per report and amount cell of tables 公开01 to 公开10, blank cells too
with

cells as (

    select * from {{ ref('int_cells_in_words') }}

),

final as (

    select
        cast(report_id as string) as report_id,
        cast(report_no as bigint) as report_no,
        cast(table_no as string) as table_no,
        cast(row_no as integer) as row_no,
        cast(row_key as string) as row_key,
        cast(row_role as string) as row_role,
        cast(line_no as integer) as line_no,
        cast(subject_code as string) as subject_code,
        cast(parent_key as string) as parent_key,
        cast(column_name as string) as column_name,
        cast(address_no as bigint) as address_no,
        cast(printed_text as string) as printed_text,
        cast(cell_status as string) as cell_status,
        cast(amount as decimal(24, 6)) as amount,
        cast(amount_yuan as decimal(20, 2)) as amount_yuan,
        cast(half_unit_yuan as decimal(18, 6)) as half_unit_yuan,
        cast(place_yuan as decimal(18, 6)) as place_yuan
    from cells

)

select * from final
