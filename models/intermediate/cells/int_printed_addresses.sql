-- one row per place in the ten tables that a cell of any report stands in
{#-
    Reports print the same few thousand places again and again: a cell gets the number of its place where it is read, and no later
    model compares its texts.
#}
with

places as (

    -- noqa: disable=LT02
    {% for table_no, table in printed_tables().items() -%}
    {%- set words = ['row_key', 'row_role'] + (['subject_code', 'parent_code'] if table.rows == 'subjects' else [])
        + (['panel'] if table_no == '04' else []) %}
    {%- set rows -%}
    (
        -- the rows first: there are many more cells, and all rows have the same columns
        select distinct
            {{ words | join(', ') }},
            {% for column in table.amounts -%}
            cast(null as string) as {{ column }}{{ ',' if not loop.last }}
            {% endfor %}
        from {{ ref('stg_accounts__' ~ table.name) }}
    ) as printed_rows
    {%- endset %}
    {{ unpivoted_cells(table_no, rows) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
    -- noqa: enable=LT02

),

final as (

    select
        -- a row that stands there once more has no key of its own to tell its subject
        {{ address_number("coalesce(subject_code, '')") }} as address_no,
        table_no,
        row_key,
        row_role,
        subject_code,
        parent_key,
        column_name
    from places

)

select * from final
