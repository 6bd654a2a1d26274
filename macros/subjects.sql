{#
    Subject codes: functional 类 (class), 款 (section), 项 (item) have three, five and seven digits; economic 类 and 款
    have three and five. The parent of a code is its prefix.
#}

{# An economic code as its classification has it: forms before 2018 print some classes with five digits (30400 for 304). #}
{% macro economic_code(code) -%}
    case when length({{ code }}) = 5 and substr({{ code }}, 4) = '00' then substr({{ code }}, 1, 3) else {{ code }} end
{%- endmacro %}

{# The code one level up; null for a class. #}
{% macro parent_code(code) -%}
    case length({{ code }}) when 7 then substr({{ code }}, 1, 5) when 5 then substr({{ code }}, 1, 3) end
{%- endmacro %}

{# 'class', 'section' or 'item'; null where the length is none of the three. #}
{% macro subject_level(code) -%}
    case length({{ code }}) when 3 then 'class' when 5 then 'section' when 7 then 'item' end
{%- endmacro %}

{# The row_key of the row that a subject row is a part of: the subject above it, and for a class the total row, which 06 does not have. #}
{% macro parent_key(table_no) -%}
    {%- if table_no == '06' -%}
    parent_code
    {%- else -%}
    case when subject_code is not null then coalesce(parent_code, 'total') end
    {%- endif -%}
{%- endmacro %}

{# A printed name as it is compared: without white space, and with one kind of brackets and quotation marks. #}
{% macro subject_name_key(name) -%}
    translate({{ joined_label(name) }}, '（）“”"', '()')
{%- endmacro %}
