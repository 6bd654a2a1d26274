-- one row per report and amount cell of tables 公开01 to 公开10, blank cells too
with

cells as (

    select * from {{ ref('int_report_cells') }}

),

addresses as (

    select * from {{ ref('int_printed_addresses') }}

),

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

final as (

    select
        cast(reports.report_id as string) as report_id,
        cast(cells.report_no as bigint) as report_no,
        cast(cells.table_no as string) as table_no,
        cast(cells.row_no as integer) as row_no,
        cast(addresses.row_key as string) as row_key,
        cast(addresses.row_role as string) as row_role,
        cast(cells.line_no as integer) as line_no,
        cast(addresses.subject_code as string) as subject_code,
        cast(addresses.parent_key as string) as parent_key,
        cast(addresses.column_name as string) as column_name,
        cast(cells.address_no as bigint) as address_no,
        cast(cells.printed_text as string) as printed_text,
        cast(cells.cell_status as string) as cell_status,
        cast(cells.amount as decimal(18, 6)) as amount,
        cast(cells.amount_yuan as decimal(20, 2)) as amount_yuan,
        cast(cells.half_unit_yuan as decimal(18, 6)) as half_unit_yuan,
        cast(cells.place_yuan as decimal(18, 6)) as place_yuan
    from cells
    inner join addresses
        on cells.address_no = addresses.address_no
    inner join reports
        on cells.report_no = reports.report_no

)

select * from final
