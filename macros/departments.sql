{#
    True of a balance that says whose it is: of four figures and more in 0.01 万元, and no whole 万元. Others have smaller and rounder
    ones by chance.
#}
{% macro is_telling(amount_yuan) -%}
    (abs(coalesce({{ amount_yuan }}, 0)) >= 100000 and {{ amount_yuan }} % 10000 <> 0)
{%- endmacro %}

{# True of two names that have at least half of the characters of the shorter one in common, wherever. Both are SQL. #}
{% macro are_names_alike(left_name, right_name) -%}
    (
        (length({{ left_name }}) - length(translate({{ left_name }}, {{ right_name }}, ''))) * 2
        >= least(length({{ left_name }}), length({{ right_name }}))
    )
{%- endmacro %}
