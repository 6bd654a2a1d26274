-- one row per place in the ten tables that a cell of any report stands in
{#-
    Reports print the same few thousand places again and again: they are found by their rows, before these are unpivoted, so that
    a cell gets its number where it is read, and no later model compares its texts.
#}
with

printed_rows as (

    {% for table_no, table in printed_tables().items() -%}
    select distinct
        cast('{{ table_no }}' as string) as table_no,
        row_key,
        row_role,
        {{ parent_key(table_no) if table.rows == 'subjects' else 'cast(null as string)' }} as parent_key,
        {{ "panel = 'revenue'" if table_no == '04' else 'cast(null as boolean)' }} as is_revenue
    from {{ ref('stg_accounts__' ~ table.name) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

printed_columns as (

    {% for table_no, table in printed_tables().items() -%}
    {% set last_table = loop.last -%}
    {% for column_name in table.amounts -%}
    select
        '{{ table_no }}' as table_no,
        '{{ column_name }}' as column_name
    {{ 'union all' if not (last_table and loop.last) }}
    {% endfor -%}
    {% endfor %}
),

places as (

    select
        printed_rows.table_no,
        printed_rows.row_key,
        printed_rows.row_role,
        printed_rows.parent_key,
        cast(printed_columns.column_name as string) as column_name
    from printed_rows
    inner join printed_columns
        on
            printed_rows.table_no = printed_columns.table_no
            -- the revenue panel of table 04 has one amount column, the expenditure panel the other four
            and coalesce(printed_rows.is_revenue = (printed_columns.column_name = 'amount'), true)

),

final as (

    select
        {{ address_number() }} as address_no,
        table_no,
        row_key,
        row_role,
        parent_key,
        column_name
    from places

)

select * from final
