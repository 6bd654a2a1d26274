-- Marts and reporting hold rows of released reports only, and each row says of which: a report that is held back must not enter by
-- any way, nor a row without a report. A new model is asked too: one that is not in this list is a problem itself.
{%- set models = [
    'dim_department_series', 'fct_basic_expenditure', 'fct_budgets', 'fct_disclosures', 'fct_expenditure',
    'fct_fund_balances', 'fct_government_fund_balances', 'fct_narrative_claims', 'fct_project_analyses',
    'fct_project_funding', 'fct_project_indicators', 'fct_projects', 'fct_revenue', 'fct_three_public', 'met_budgets',
    'met_classes', 'met_expenditure', 'met_revenue', 'rpt_basic_expenditure', 'rpt_budget_and_final', 'rpt_contradictions',
    'rpt_department_years', 'rpt_fiscal_reconciliation', 'rpt_largest_items', 'rpt_narrative_and_tables',
    'rpt_project_execution', 'rpt_revenue_by_source', 'rpt_spending_by_function', 'rpt_stated_prior_years', 'rpt_subject_series',
    'rpt_subject_totals', 'rpt_three_public', 'fct_state_capital_balances',
] %}
with

reports as (

    select * from {{ ref('dim_reports') }}

),

report_ids as (

    {% for model in models -%}
    select distinct
        '{{ model }}' as model,
        report_id
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        report_ids.model,
        report_ids.report_id,
        report_ids.model || ': has rows of report ' || coalesce(report_ids.report_id, '(empty)')
        || ', which is not released; expected rows of reports in dim_reports' as problem
    from report_ids
    left join reports
        on report_ids.report_id = reports.report_id
    where reports.report_id is null

    {% if execute -%}
    {% for node in graph.nodes.values() | sort(attribute='name')
        if node.resource_type == 'model' and node.config.schema in ('marts', 'reporting')
        and node.name not in models + ['dim_reports'] and 'report_id' in node.columns -%}
    union all

    select
        '{{ node.name }}' as model,
        cast(null as string) as report_id,
        '{{ node.name }}: has a column report_id and is not in the list of this test; expected every such model' as problem

    {% endfor -%}
    {% endif %}
)

select * from final
