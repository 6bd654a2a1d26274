{# The subject of a claim without «(类)» and «等», so that «资源勘探工业信息等支出(类)» and «资源勘探工业信息支出» are one. #}
{% macro claim_subject(text) -%}
    replace(replace(replace({{ text }}, '(类)', ''), '（类）', ''), '等支出', '支出')
{%- endmacro %}
