-- Staging drops nothing and repeats nothing: each view has as many rows as its raw table, report by report (but for
-- reports that cannot be staged, which int_contract_problems names). A join that finds two
-- lines for a label, or a filter, would show here. A new raw table is asked too: one that is not in this list is a problem itself.
{%- set tables = raw_tables() %}
with

rows_of_layers as (

    {% for table in tables -%}
    select
        'raw' as layer,
        '{{ table }}' as raw_table,
        {{ trimmed('report_id') }} as report_id
    from {{ staged_rows(table) }} as raw_rows

    union all

    select
        'staging' as layer,
        '{{ table }}' as raw_table,
        report_id
    from {{ ref('stg_accounts__' ~ table) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (

    select
        raw_table,
        report_id,
        count(*) filter (where layer = 'raw') as raw_count,
        count(*) filter (where layer = 'staging') as staged_count
    from rows_of_layers
    group by
        raw_table,
        report_id

),

final as (

    select
        raw_table,
        report_id,
        'report ' || coalesce(report_id, '(empty)') || ', table ' || raw_table || ': ' || cast(raw_count as string) || ' rows are raw and '
        || cast(staged_count as string) || ' staged; expected the same number' as problem
    from counted
    where raw_count <> staged_count

    {% if execute -%}
    {% for node in graph.nodes.values() | sort(attribute='name')
        if node.resource_type == 'seed' and node.fqn[1] == 'accounts' and node.name not in tables -%}
    union all

    select
        '{{ node.name }}' as raw_table,
        cast(null as string) as report_id,
        'table {{ node.name }}: is not in the list of this test; expected every raw table' as problem

    {% endfor -%}
    {% endif %}
)

select * from final
