{#
    A number that stands for a text in joins inside the warehouse: the same text gives the same number in every build, so
    that rows of an earlier build stay valid. 60 bits of the text's MD5; that no two texts share one is tested.
#}
{% macro key_number(text) -%}
    {{ return(adapter.dispatch('key_number')(text)) }}
{%- endmacro %}

{% macro default__key_number(text) -%}
    cast('0x' || substr(md5({{ text }}), 1, 15) as bigint)
{%- endmacro %}

{% macro spark__key_number(text) -%}
    cast(conv(substr(md5({{ text }}), 1, 15), 16, 10) as bigint)
{%- endmacro %}

{# The number of a place in a table or form, from the columns of the same names: table, row, role of the row, row above, column. #}
{% macro address_number(subject_code="''") -%}
    {{ key_number(
        "concat_ws('|', table_no, row_key, coalesce(row_role, ''), coalesce(parent_key, ''), " ~ subject_code ~ ", column_name)"
    ) }}
{%- endmacro %}

{# The number of a cell, from the columns of the same names: table, row, column. #}
{% macro cell_number() -%}
    {{ key_number("concat_ws('|', table_no, row_key, column_name)") }}
{%- endmacro %}
