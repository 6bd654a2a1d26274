{#
    Loads a seed with the delimiter and the quote named. dbt-duckdb leaves the quote to DuckDB, which guesses it from the first
    rows: a file whose first quoted cell stands far below would be loaded with the quotes as part of its cells. The path is the one
    that was just read, not the one in dbt's cache: a copied repository must not load the files of the old place.
#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% set sql %}
        copy {{ this.render() }} from '{{ agate_table.original_abspath | replace("'", "''") }}'
        (format csv, header true, delimiter ',', quote '"', escape '"')
    {% endset %}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {{ return(sql) }}
{% endmacro %}

{#
    Loads a seed as Spark reads the file itself: dbt-spark would write every cell into a statement, a blank as the text None, and lose
    backslashes and apostrophes. Spark must find the file at the path where dbt found it: a cluster needs a folder that both see.
#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {% set types = model['config'].get('column_types', {}) %}
    {% set file = this.identifier ~ '_file' %}
    {% set view = spark_csv_view(file, 'file://' ~ agate_table.original_abspath, agate_table.column_names) %}
    {% set sql %}
        insert overwrite table {{ this.render() }}
        select
            {% for column in agate_table.column_names -%}
            cast({{ column }} as {{ types.get(column) or adapter.convert_type(agate_table, loop.index0) }}) as {{ column }}{{ ',' if not loop.last }}
            {% endfor -%}
        from {{ file }}
    {% endset %}
    {% do adapter.add_query(view, abridge_sql_log=True) %}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {% do adapter.add_query('drop view ' ~ file) %}
    {{ return(sql) }}
{% endmacro %}

{#
    SQL for a view over CSV files on Spark, every column as text, that reads them as DuckDB does or not at all: by itself Spark takes
    columns by place whatever the header says, and fills rows that are too short and cuts those that are too long.
#}
{% macro spark_csv_view(name, path, columns) -%}
    create or replace temporary view {{ name }} ({{ columns | join(' string, ') }} string) using csv options (
        path '{{ dbt.escape_single_quotes(path) }}',
        header 'true', enforceSchema 'false', mode 'FAILFAST',
        quote '"', escape '"', multiLine 'true', encoding 'UTF-8'
    )
{%- endmacro %}
