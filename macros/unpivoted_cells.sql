{#
    SQL for the amount cells of one of the ten printed tables: the place of each, and what else is asked for.

    table_no   its number, a key of printed_tables()
    rows       its rows: a relation, or a query in parentheses
    columns    what is selected beside the place: columns of `rows`, and printed_text
    as_printed whether a column that only some provinces print is left out where no row of the report has anything in it

    The places are those of int_cells_unpivoted: table_no, row_key, row_role, subject_code, parent_key, column_name.
#}
{% macro unpivoted_cells(table_no, rows, columns=[], as_printed=false) %}
    {%- set table = printed_tables()[table_no] -%}
    select
        {% for column in columns -%}
        {{ column }},
        {% endfor -%}
        cast('{{ table_no }}' as string) as table_no,
        row_key,
        row_role,
        {{ 'subject_code' if table.rows == 'subjects' else 'cast(null as string)' }} as subject_code,
        {{ parent_key(table_no) if table.rows == 'subjects' else 'cast(null as string)' }} as parent_key,
        column_name
    from {{ rows }}
    unpivot include nulls (
        printed_text for column_name in ({{ table.amounts | join(', ') }})
    )
    where
        true
        {%- if table.added and as_printed %}
        and (
            column_name not in ('{{ table.added | join("', '") }}')
            or report_id in (select report_id from {{ rows }} where coalesce({{ table.added | join(', ') }}) is not null)
        )
        {%- endif %}
        {%- if table_no == '04' %}
        -- the revenue panel has one amount column, the expenditure panel the other four
        and (panel = 'revenue') = (column_name = 'amount')
        {%- endif %}
{%- endmacro %}
