{#
    Loads a seed with the delimiter and the quote named. dbt-duckdb leaves the quote to DuckDB, which guesses it from the first
    rows: a file whose first quoted cell stands far below would be loaded with the quotes as part of its cells.
#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% set sql %}
        copy {{ this.render() }} from '{{ adapter.get_seed_file_path(model) }}'
        (format csv, header true, delimiter ',', quote '"', escape '"')
    {% endset %}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {{ return(sql) }}
{% endmacro %}
