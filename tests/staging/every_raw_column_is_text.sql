-- A raw table holds what the paper shows, so every column is text: typed while loading, 007 becomes 7, «1,000» fails the load and a
-- blank cannot be told from a zero. A column without a type in the seed's .yml is typed by guess and shows here.
{%- set tables = raw_tables() %}
with

columns as (

    {% for table in tables -%}
    {% for column in adapter.get_columns_in_relation(ref(table)) or [none] -%}
    select
        '{{ table }}' as table_name,
        {{ "'" ~ column.name ~ "'" if column else 'null' }} as column_name,
        {{ "'" ~ column.dtype | lower ~ "'" if column else 'null' }} as data_type
    {{ 'union all' if not loop.last }}
    {% endfor -%}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        table_name,
        column_name,
        'raw table ' || table_name || ', column ' || coalesce(column_name, '(none)') || ': is ' || coalesce(data_type, 'not there')
        || '; expected text' as problem
    from columns
    -- as DuckDB calls it, and as Spark does
    where coalesce(data_type, '') not in ('character varying', 'varchar', 'string')

)

select * from final
