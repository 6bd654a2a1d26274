-- one row per amount cell of the ten printed tables, blank ones too, with its printed text
-- noqa: disable=LT02
{% for table_no, table in printed_tables().items() -%}
    select
        report_id,
        cast('{{ table_no }}' as string) as table_no,
        row_no,
        row_key,
        row_role,
        {{ 'line_no' if table.rows == 'lines' else 'cast(null as integer)' }} as line_no,
        {{ 'subject_code' if table.rows == 'subjects' else 'cast(null as string)' }} as subject_code,
        {{ parent_key(table_no) if table.rows == 'subjects' else 'cast(null as string)' }} as parent_key,
        column_name,
        printed_text
    from {{ ref('stg_accounts__' ~ table.name) }}
    unpivot include nulls (
        printed_text for column_name in ({{ table.amounts | join(', ') }})
    )
    {% if table_no == '04' -%}
    -- the revenue panel has one amount column, the expenditure panel the other four
    where (panel = 'revenue') = (column_name = 'amount')
    {% endif -%}
    {{ 'union all' if not loop.last }}
{% endfor %}
