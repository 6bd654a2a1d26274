{#
    Of a report's rows in int_tables_printed, the numbers of the tables with a print status, in their order, as «05, 07»; empty where
    none has it.
#}
{% macro tables_that_are(print_status) -%}
    concat_ws(
        ', '
        {%- for table_no in printed_tables() -%}
        , max(case when table_no = '{{ table_no }}' and print_status = '{{ print_status }}' then table_no end)
        {%- endfor -%}
    )
{%- endmacro %}
