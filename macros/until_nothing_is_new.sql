{#
    What joins the steps of a query that goes on with what it has found: on DuckDB only rows that are new. Spark knows no
    more than «union all» there; what is read of it must then be made distinct, and nothing may lead back to itself.
#}
{% macro until_nothing_is_new() %}
    {{- 'union' if target.type == 'duckdb' else 'union all' -}}
{% endmacro %}
