{#
    The subject of a claim without «(类)» and «等» and with brackets of one kind, so that «资源勘探工业信息等支出(类)» and
    «资源勘探工业信息支出» are one.
#}
{% macro claim_subject(text) -%}
    replace(replace(replace(replace({{ text }}, '(', '（'), ')', '）'), '（类）', ''), '等支出', '支出')
{%- endmacro %}

{# What an account of table 06 is called whatever follows its name: «绩效工资支出» is 绩效工资, «因公出国(境)费» is 因公出国（境）费用. #}
{% macro account_name(text) -%}
    {{ replace_all("replace(replace(" ~ text ~ ", '(', '（'), ')', '）')", '(费用|经费|费)?(支出)?$', '') }}
{%- endmacro %}

{# The columns of a figure that takes part in an identity: where it stands, what is printed there and what it stands for. #}
{% macro figure_columns(relation) -%}
    {%- for column in [
        'table_no', 'row_key', 'column_name', 'printed_text', 'cell_status', 'cell_value', 'half_unit', 'place', 'is_counted',
    ] %}
        {{ relation }}.{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# The same columns of a cell of int_cells_in_words. #}
{% macro figure_of_cell(cells) -%}
    {{ cells }}.table_no,
        {{ cells }}.row_key,
        {{ cells }}.column_name,
        {{ cells }}.printed_text,
        {{ cells }}.cell_status,
        {{ cells }}.amount_yuan as cell_value,
        coalesce({{ cells }}.half_unit_yuan, 0) as half_unit,
        coalesce({{ cells }}.place_yuan, 1) as place,
        false as is_counted
{%- endmacro %}

{# The table that words of a heading or a sentence are about, by the fund that they name; null where they name none. #}
{% macro table_of_section(text) -%}
    case
        when {{ is_match(text, '政府性?基金') }} then '07'
        when {{ is_match(text, '国有资[本金]经营') }} then '08'
        when {{ is_match(text, '一般公共预算') }} then '05'
        when {{ is_match(text, '财政拨款(收|支|本|预|基|项|决)') }} then '04'
    end
{%- endmacro %}

{# The year between two patterns of a text (2023 in «截至2023年12月31日»), as a number; null where there is none. #}
{% macro year_in(text, before='', after='年') -%}
    cast(nullif({{ group_in(text, before ~ '(20[0-9][0-9])' ~ after) }}, '') as integer)
{%- endmacro %}
