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
    {% if landing_folder() %}
        {% do exceptions.raise_compiler_error('A landing folder is read on DuckDB only; expected none, and found ' ~ landing_folder() ~ '.') %}
    {% endif %}
    {% set types = model['config'].get('column_types', {}) %}
    {% set file = this.identifier ~ '_file' %}
    {% set view %}
        create or replace temporary view {{ file }} using csv options (
            path 'file://{{ dbt.escape_single_quotes(agate_table.original_abspath) }}',
            header 'true', quote '"', escape '"', multiLine 'true', encoding 'UTF-8'
        )
    {% endset %}
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
