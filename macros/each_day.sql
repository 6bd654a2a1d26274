{# One row per day from the first date to the last, both SQL: what a select without a group by yields for it is that many rows. #}
{% macro each_day(first, last) -%}
    {{ return(adapter.dispatch('each_day')(first, last)) }}
{%- endmacro %}

{% macro default__each_day(first, last) -%}
    unnest(generate_series({{ first }}, {{ last }}, interval 1 day))
{%- endmacro %}

{% macro spark__each_day(first, last) -%}
    explode(sequence({{ first }}, {{ last }}, interval 1 day))
{%- endmacro %}
