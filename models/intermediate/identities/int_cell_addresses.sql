-- one row per place in the tables and forms that a cell of any report stands in: what identities ask of a cell but its value
{#-
    Reports print the same few thousand places again and again. What an identity asks (table, row, role, parent, column) is
    found here once for all reports; the cells themselves meet the identities by number only.
#}
with

cells as (

    select distinct
        table_no,
        row_key,
        row_role,
        parent_key,
        column_name
    from {{ ref('int_identity_cells') }}

),

final as (

    select
        {{ key_number("concat_ws('|', table_no, row_key, coalesce(row_role, ''), coalesce(parent_key, ''), column_name)") }} as address_no,
        table_no,
        row_key,
        row_role,
        parent_key,
        column_name
    from cells

)

select * from final
