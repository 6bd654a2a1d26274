-- one row per place and instance of an identity that a cell standing there takes part in
{#- how each selector finds its places, and which part of the instance key the row gives -#}
{%- set selectors = [
    ('key', "addresses.row_key = registered.selector_key", "''"),
    ('each', "true", "addresses.row_key"),
    ('blank', "addresses.row_role = 'blank'", "addresses.row_key"),
    ('below', "addresses.row_key like registered.selector_key || '%'", "addresses.row_key"),
    ('parent', "addresses.row_role = 'parent' or addresses.row_key = 'total'", "addresses.row_key"),
    ('children', "addresses.parent_key is not null", "addresses.parent_key"),
    ('class', "length(addresses.row_key) = 3", "addresses.row_key"),
    ('classes', "length(addresses.row_key) = 3", "''"),
] %}
with

addresses as (

    select * from {{ ref('int_cell_addresses') }}

),

registered as (

    select * from {{ ref('int_identity_terms_registered') }}

),

chosen as (

    {% for selector, condition, row_part in selectors -%}
    select
        addresses.address_no,
        registered.check_no,
        registered.identity_id,
        {{ row_part }} as row_part,
        registered.column_key,
        registered.coefficient
    from addresses
    inner join registered
        on
            addresses.table_no = registered.table_no
            and addresses.column_name = registered.column_name
            and registered.selector = '{{ selector }}'
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        address_no,
        {{ instance_number('identity_id', 'row_part', 'column_key') }} as instance_no,
        check_no,
        identity_id,
        row_part,
        column_key,
        coefficient
    from chosen

)

select * from final
