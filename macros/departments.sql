{#
    True of a balance that says whose it is: of four figures and more in 0.01 万元, and no whole 万元. Others have smaller and rounder
    ones by chance.
#}
{% macro is_telling(amount_yuan) -%}
    (abs(coalesce({{ amount_yuan }}, 0)) >= 100000 and {{ amount_yuan }} % 10000 <> 0)
{%- endmacro %}

{#
    True of a balance that tells where something else speaks for the same body, a code or another balance: also one of three figures, the
    last no zero.
#}
{% macro is_telling_beside_others(amount_yuan) -%}
    ({{ is_telling(amount_yuan) }} or (abs(coalesce({{ amount_yuan }}, 0)) >= 10000 and {{ amount_yuan }} % 1000 <> 0))
{%- endmacro %}

{#
    A name as all would print it: no blanks, brackets of one kind, 委 for 委员会, without a note that the figures are those of the department
    with its units. SQL.
#}
{% macro plain_name(name) -%}
    replace(
        {{ replace_all(replace_all("translate(" ~ name ~ ", '（）', '()')", '[\\s　]', ''), '[(](汇总|部门|全口径)[)]$', '') }}, '委员会', '委'
    )
{%- endmacro %}

{# A plain name without what stands in brackets behind it: 市场监管局 of 市场监管局(知识产权局), 文化站 of 文化站(本级). SQL. #}
{% macro without_bracket(name) -%}
    {{ replace_all(name, '[(][^()]*[)]$', '') }}
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

{#
    True of a body of a division that ended and one of the division that it went into: it was there to the end, or it stops where the
    other begins, in a division that did not stand before. Whoever was silent before the end may have been abolished.
#}
{% macro goes_with_its_division(ended, openings) -%}
    (
        {{ ended }}.last_year >= {{ ended }}.division_last_year
        or (
            {{ openings }}.is_new
            and {{ ended }}.last_year = {{ openings }}.fiscal_year - 1
            and {{ openings }}.division_first_year > {{ ended }}.division_last_year
        )
    )
{%- endmacro %}

{# True of two bodies of which neither is a unit where the other is a department: a department does not go on as one of its units. #}
{% macro may_be_of_one_kind(body, other_body) -%}
    coalesce({{ body }}.is_unit = {{ other_body }}.is_unit, true)
{%- endmacro %}
