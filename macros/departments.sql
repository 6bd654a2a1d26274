{#
    True of a balance that says whose it is: other than zero, and not so round that others have it by chance.
#}
{% macro is_telling(amount_yuan) -%}
    (coalesce({{ amount_yuan }}, 0) % 10000 <> 0)
{%- endmacro %}

{# True of two names that have at least half of the characters of the shorter one in common, wherever. Both are SQL. #}
{% macro are_names_alike(left_name, right_name) -%}
    (
        (length({{ left_name }}) - length(translate({{ left_name }}, {{ right_name }}, ''))) * 2
        >= least(length({{ left_name }}), length({{ right_name }}))
    )
{%- endmacro %}
