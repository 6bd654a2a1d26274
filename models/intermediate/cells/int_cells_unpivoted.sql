-- one row per amount cell of the ten printed tables, blank ones too, with its printed text
-- noqa: disable=LT02
{% for table_no, table in printed_tables().items() -%}
    {{ unpivoted_cells(
        table_no,
        ref('stg_accounts__' ~ table.name),
        ['report_id', 'row_no', ('' if table.rows == 'lines' else 'cast(null as integer) as ') ~ 'line_no', 'printed_text'],
        as_printed=true,
    ) }}
    {{ 'union all' if not loop.last }}
{% endfor %}
