{# The subject of a claim without «(类)» and «等», so that «资源勘探工业信息等支出(类)» and «资源勘探工业信息支出» are one. #}
{% macro claim_subject(text) -%}
    replace(replace(replace({{ text }}, '(类)', ''), '（类）', ''), '等支出', '支出')
{%- endmacro %}

{# The columns of a figure that takes part in an identity: where it stands, what is printed there and what it stands for. #}
{% macro figure_columns(relation) -%}
    {%- for column in [
        'table_no', 'row_key', 'column_name', 'printed_text', 'cell_status', 'cell_value', 'half_unit', 'place', 'is_counted',
    ] %}
        {{ relation }}.{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
