-- Every amount cell with a text in it, readable or not, is in the ledger: what is not there is in no identity, no suspect and no mart,
-- and nobody would miss it. Tables and self-evaluation forms, report by report.
{%- set form_amounts = {
    'project_funding': [
        'target_declared', 'initial_budget', 'annual_budget', 'executed', 'carried_over', 'execution_rate', 'score',
    ],
    'project_indicators': ['weight', 'score'],
    'projects': ['total_score'],
} %}
with

forms as (

    select * from {{ ref('forms') }}

),

report_cells as (

    select * from {{ of_changed_reports(ref('fct_report_cells')) }} where cell_status <> 'blank'

),

project_cells as (

    select * from {{ of_changed_reports(ref('fct_project_cells')) }} where cell_status <> 'blank'

),

texts as (

    {% for table in printed_tables().values() -%}
    select
        '{{ table.name }}' as raw_table,
        report_id,
        printed_text
    from {{ of_changed_reports(staged_rows(table.name), is_raw=true) }} as raw_rows
    unpivot (printed_text for column_name in ({{ table.amounts | join(', ') }}))

    union all

    {% endfor -%}
    {% for name, amounts in form_amounts.items() -%}
    select
        '{{ name }}' as raw_table,
        report_id,
        printed_text
    from {{ of_changed_reports(staged_rows(name), is_raw=true) }} as raw_rows
    unpivot (printed_text for column_name in ({{ amounts | join(', ') }}))
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

cells as (

    select
        'raw' as layer,
        raw_table,
        {{ trimmed('report_id') }} as report_id
    from texts
    where {{ trimmed('printed_text') }} is not null

    union all

    select
        'ledger' as layer,
        forms.form_name as raw_table,
        report_cells.report_id
    from report_cells
    left join forms
        on report_cells.table_no = forms.table_no

    union all

    select
        'ledger' as layer,
        case form_part when 'funding' then 'project_funding' when 'indicator' then 'project_indicators' else 'projects' end as raw_table,
        report_id
    from project_cells

),

counted as (

    select
        raw_table,
        report_id,
        count(*) filter (where layer = 'raw') as printed_count,
        count(*) filter (where layer = 'ledger') as ledger_count
    from cells
    group by
        raw_table,
        report_id

),

final as (

    select
        report_id,
        raw_table,
        'report ' || coalesce(report_id, '(empty)') || ', table ' || coalesce(raw_table, '(unknown)') || ': '
        || cast(printed_count as string) || ' amount cells are printed and ' || cast(ledger_count as string)
        || ' are in the ledger; expected the same number' as problem
    from counted
    where printed_count <> ledger_count

)

select * from final
