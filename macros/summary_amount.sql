{#
    One printed amount of a summary table out of joined ledger cells, to be used under `group by report_id`; zero where
    the cell is blank.

    table_no, row_key, column_name   the cell
    column                           amount_yuan, or half_unit_yuan for its half unit
#}
{% macro summary_amount(table_no, row_key, column_name, column='amount_yuan') -%}
    coalesce(sum({{ column }}) filter (
        where table_no = '{{ table_no }}' and row_key = '{{ row_key }}' and column_name = '{{ column_name }}'
    ), 0)
{%- endmacro %}
