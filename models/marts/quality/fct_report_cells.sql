-- one row per report and amount cell of tables 公开01 to 公开10, blank cells too
with

cells as (

    select * from {{ ref('int_cells_in_words') }}

),

places as (

    select * from {{ ref('stg_accounts__cell_places') }}

),

final as (

    select
        cast(cells.report_id as string) as report_id,
        cast(cells.report_no as bigint) as report_no,
        cast(cells.table_no as string) as table_no,
        cast(cells.row_no as integer) as row_no,
        cast(cells.row_key as string) as row_key,
        cast(cells.row_role as string) as row_role,
        cast(cells.line_no as integer) as line_no,
        cast(cells.subject_code as string) as subject_code,
        cast(cells.parent_key as string) as parent_key,
        cast(cells.column_name as string) as column_name,
        cast(cells.address_no as bigint) as address_no,
        cast(cells.printed_text as string) as printed_text,
        cast(cells.cell_status as string) as cell_status,
        cast(cells.amount as decimal(24, 6)) as amount,
        cast(cells.amount_yuan as decimal(20, 2)) as amount_yuan,
        cast(cells.half_unit_yuan as decimal(18, 6)) as half_unit_yuan,
        cast(cells.place_yuan as decimal(18, 6)) as place_yuan,
        cast(places.page_no as integer) as page_no,
        cast(places.box as string) as box,
        cast(places.read_as as string) as read_as
    from cells
    left join places
        on
            cells.report_id = places.report_id
            and cells.table_no = places.table_no
            and cells.row_no = places.row_no
            and cells.column_name = places.column_name

)

select * from final
