{#
    Subject codes: functional 类 (class), 款 (section), 项 (item) have three, five and seven digits; economic 类 and 款
    have three and five. The parent of a code is its prefix.
#}

{# The code one level up; null for a class. #}
{% macro parent_code(code) -%}
    case length({{ code }}) when 7 then substr({{ code }}, 1, 5) when 5 then substr({{ code }}, 1, 3) end
{%- endmacro %}

{# 'class', 'section' or 'item'; null where the length is none of the three. #}
{% macro subject_level(code) -%}
    case length({{ code }}) when 3 then 'class' when 5 then 'section' when 7 then 'item' end
{%- endmacro %}
