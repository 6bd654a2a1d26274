{#
    Tables that are made in slices of reports: DuckDB holds the state of a sum, or of a join, of all rows at once in memory, and no row of
    such a table rests on two reports. So a model with the meta `sliced_by: report_no` is filled range by range, each of at most
    var('reports_in_slice') reports; it must refer to stg_accounts__reports, and where there are no more reports than that, it is made
    as any other table. The rows are the same.

    In place of the adapter's macro, because everything around the filling (contract, comments, the exchange of the old table) stays
    what dbt-duckdb makes of a table. On Spark, which cuts its work up itself, tables are tables.
#}
{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
    {%- set column = config.get('meta', {}).get('sliced_by') -%}
    {%- set ranges = slice_ranges(column) if column and language == 'sql' else [] -%}
    {%- if ranges | length < 2 -%}
        {{- dbt.duckdb__create_table_as(temporary, relation, compiled_code, language, partitioned_by, sorted_by) -}}
    {%- else -%}
        {%- for range in ranges -%}
            {%- set slice -%}
                select *
                from (
                    {{ compiled_code }}
                ) as whole
                where {{ range }}
            {%- endset -%}
            {%- if loop.first -%}
                {{- dbt.duckdb__create_table_as(temporary, relation, slice, language, partitioned_by, sorted_by) }};
            {%- else %}
                insert into {{ relation }} by name (
                    {{ slice }}
                );
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{# Conditions on a column of report numbers that together hold for every row, null too, and each for one slice of reports. #}
{% macro slice_ranges(column) %}
    {%- set firsts = run_query(
        "select min(report_no) from (select report_no, (row_number() over (order by report_no) - 1) // "
        ~ var('reports_in_slice') ~ " as slice from " ~ ref('stg_accounts__reports') ~ ") as numbered group by slice order by 1"
    ).columns[0].values() | list if execute else [] -%}
    {%- set ranges = [] -%}
    {%- for first in firsts[1:] -%}
        {%- do ranges.append(
            "(" ~ column ~ " < " ~ first ~ " or " ~ column ~ " is null)" if loop.first
            else column ~ " >= " ~ loop.previtem ~ " and " ~ column ~ " < " ~ first
        ) -%}
    {%- endfor -%}
    {%- if firsts | length > 1 -%}
        {%- do ranges.append(column ~ " >= " ~ firsts[-1]) -%}
    {%- endif -%}
    {{ return(ranges) }}
{% endmacro %}
