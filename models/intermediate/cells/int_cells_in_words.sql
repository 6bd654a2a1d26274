-- one row per report and amount cell of tables 公开01 to 公开10, blank cells too, with the words of its place
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
        reports.report_id,
        cells.report_no,
        cells.table_no,
        cells.row_no,
        addresses.row_key,
        addresses.row_role,
        cells.line_no,
        addresses.subject_code,
        addresses.parent_key,
        addresses.column_name,
        cells.address_no,
        cells.printed_text,
        cells.cell_status,
        cells.amount,
        cells.amount_yuan,
        cells.half_unit_yuan,
        cells.place_yuan
    from cells
    inner join addresses
        on cells.address_no = addresses.address_no
    inner join reports
        on cells.report_no = reports.report_no

)

select * from final
