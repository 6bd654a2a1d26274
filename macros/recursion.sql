{#
    What joins the steps of a query that goes on with what it has found: on DuckDB only rows that are new. Spark knows no
    more than «union all» there: what is read of it must be made distinct, and nothing may lead back to itself.
#}
{% macro until_nothing_is_new() %}
    {{- return(adapter.dispatch('until_nothing_is_new')()) -}}
{% endmacro %}

{% macro default__until_nothing_is_new() %}union{% endmacro %}

{% macro spark__until_nothing_is_new() %}union all{% endmacro %}

{#
    Two tables of a recursive query, reached and the steps to it: totals of reports with all figures that they are sums of,
    their parts, and theirs. Called with the query that begins (report_no, total_no, part_no); printed_parts has, by the
    same columns, which parts each total has.
#}
{% macro reached_parts() -%}
steps as (

    {{ caller() | trim }}

    {{ until_nothing_is_new() }}

    select
        steps.report_no,
        steps.total_no,
        printed_parts.part_no
    from steps
    inner join printed_parts
        on
            steps.report_no = printed_parts.report_no
            and steps.part_no = printed_parts.total_no

),

reached as (

    select{{ ' distinct' if until_nothing_is_new() == 'union all' }}
        report_no,
        total_no,
        part_no
    from steps

)
{%- endmacro %}
