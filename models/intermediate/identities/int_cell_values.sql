-- one row per amount cell that identities can take part of: its place by number, and its value
with

cells as (

    select * from {{ of_changed_reports(ref('int_identity_cells'), 'report_no') }}

),

addresses as (

    select * from {{ ref('int_cell_addresses') }}

),

final as (

    select
        cells.report_no,
        addresses.address_no,
        cells.printed_text,
        cells.cell_status,
        cells.cell_value,
        cells.half_unit,
        cells.place,
        cells.is_counted
    from cells
    inner join addresses
        on
            cells.table_no = addresses.table_no
            and cells.row_key = addresses.row_key
            and cells.column_name = addresses.column_name
            and coalesce(cells.row_role, '') = coalesce(addresses.row_role, '')
            and coalesce(cells.parent_key, '') = coalesce(addresses.parent_key, '')

)

select * from final
{{ and_unchanged_rows('report_no') }}
