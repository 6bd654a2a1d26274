-- one row per place in the tables and forms that a cell of any report stands in: what identities ask of a cell but its value
with

printed_addresses as (

    select * from {{ ref('int_printed_addresses') }}

),

form_and_prior_addresses as (

    select distinct
        address_no,
        table_no,
        row_key,
        row_role,
        parent_key,
        column_name
    from {{ ref('int_form_and_prior_cells') }}

),

final as (

    select
        address_no,
        table_no,
        row_key,
        row_role,
        parent_key,
        column_name
    from printed_addresses

    union all

    select * from form_and_prior_addresses

)

select * from final
