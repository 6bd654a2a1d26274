-- A raw table holds what the paper shows, so every column is text: typed while loading, 007 becomes 7, «1,000» fails the load and a
-- blank cannot be told from a zero. A column without a type in the seed's .yml is typed by guess and shows here.
{%- set tables = printed_tables().values() | map(attribute='name') | list + [
    'corrections', 'glossary', 'institutions', 'narrative_claims', 'narrative_mentions', 'narrative_paragraphs', 'project_analyses',
    'project_funding', 'project_indicators', 'projects', 'report_tables', 'reports', 'table_notes', 'transcription_notes',
] %}
with

raw_tables as (

    {% for table in tables -%}
    select
        '{{ ref(table).database }}' as table_catalog,
        '{{ ref(table).schema }}' as table_schema,
        '{{ ref(table).identifier }}' as table_name
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

columns as (

    select
        raw_tables.table_name,
        columns.column_name,
        columns.data_type
    from raw_tables
    left join information_schema.columns as columns
        on
            raw_tables.table_catalog = columns.table_catalog
            and raw_tables.table_schema = columns.table_schema
            and raw_tables.table_name = columns.table_name

),

final as (

    select
        table_name,
        column_name,
        'raw table ' || table_name || ', column ' || coalesce(column_name, '(none)') || ': is ' || coalesce(data_type, 'not there')
        || '; expected varchar' as problem
    from columns
    where coalesce(data_type, '') <> 'VARCHAR'

)

select * from final
