-- A report whose tables do not add up is shown in `quality` and nowhere else.
{%- set facts = [
    'dim_reports', 'fct_expenditure', 'fct_revenue', 'fct_basic_expenditure', 'fct_government_fund_balances', 'fct_fund_balances',
    'fct_three_public', 'fct_disclosures', 'fct_projects', 'fct_project_funding', 'fct_project_indicators',
    'fct_project_analyses', 'fct_narrative_claims',
] %}
with

results as (

    select * from {{ ref('fct_identity_results') }}

),

rejected_cells as (

    select * from {{ ref('fct_rejected_cells') }}

),

held_back as (

    select report_id from results
    where
        severity = 'fatal'
        and status in ('broken', 'blocked')

    union

    select report_id from rejected_cells

),

{% for fact in facts -%}
{{ fact }}_rows as (

    select distinct
        '{{ fact }}' as mart,
        report_id
    from {{ ref(fact) }}

),

{% endfor -%}
rows_of_reports as (

    {% for fact in facts -%}
    select * from {{ fact }}_rows
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        rows_of_reports.mart,
        rows_of_reports.report_id,
        'marts.' || rows_of_reports.mart || ' has rows of report ' || rows_of_reports.report_id || ', which is held back' as problem
    from rows_of_reports
    inner join held_back
        on rows_of_reports.report_id = held_back.report_id

)

select * from final
