{#
    Loads a seed with the delimiter and the quote named. dbt-duckdb leaves the quote to DuckDB, which guesses it from the first
    rows: a file whose first quoted cell stands far below would be loaded with the quotes as part of its cells. The path is the one
    that was just read, not the one in dbt's cache: a copied repository must not load the files of the old place.

    The raw rows of a landing folder follow, so that all that reads a raw table reads seeds and landing as one.
#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% set sql %}
        copy {{ this.render() }} from '{{ agate_table.original_abspath | replace("'", "''") }}'
        (format csv, header true, delimiter ',', quote '"', escape '"')
    {% endset %}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {% if 'accounts' in model.fqn %}
        {% do load_landed_rows(this, model.config.column_types.keys() | list) %}
    {% endif %}
    {{ return(sql) }}
{% endmacro %}
