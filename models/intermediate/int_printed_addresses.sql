-- one row per place in the ten tables that a cell of any report stands in
{#-
    Reports print the same few thousand places again and again: a cell gets the number of its place where it is read, and no later
    model compares its texts.
#}
with

places as (

    select distinct
        table_no,
        row_key,
        row_role,
        subject_code,
        parent_key,
        column_name
    from {{ ref('int_cells_unpivoted') }}

),

final as (

    select
        {{ address_number() }} as address_no,
        table_no,
        row_key,
        row_role,
        subject_code,
        parent_key,
        column_name
    from places

)

select * from final
