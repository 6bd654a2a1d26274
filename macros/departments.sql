{#
    True of a balance that says whose it is: of four figures and more in 0.01 万元, and no whole 万元. Others have smaller and rounder
    ones by chance.
#}
{% macro is_telling(amount_yuan) -%}
    (abs(coalesce({{ amount_yuan }}, 0)) >= 100000 and {{ amount_yuan }} % 10000 <> 0)
{%- endmacro %}

{#
    True of two names where all characters of the shorter stand in the longer, in their order: 农业局 and 农业农村局, not 第一小学 and
    第五小学, 体育局 and 体育馆. Both are SQL.
#}
{% macro are_names_alike(left_name, right_name) -%}
    (
        {{ left_name }} like {{ replace_all(right_name, '', '%') }}
        or {{ right_name }} like {{ replace_all(left_name, '', '%') }}
    )
{%- endmacro %}

{# True of two bodies of which neither is a unit where the other is a department: a department does not go on as one of its units. #}
{% macro may_be_of_one_kind(body, other_body) -%}
    coalesce({{ body }}.is_unit = {{ other_body }}.is_unit, true)
{%- endmacro %}
