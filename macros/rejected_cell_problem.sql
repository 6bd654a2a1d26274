{# The sentence on a figure that nobody can read, from the columns of int_rejected_cells. #}
{% macro rejected_cell_problem() -%}
    'report ' || report_id || ', table ' || raw_table || ', row ' || cast(row_no as string) || ', column ' || column_name
    || ': «' || printed_text || '»; expected an amount such as 1,234.56, no finer than a fen'
{%- endmacro %}
