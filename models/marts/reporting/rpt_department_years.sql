-- one row per released report: a department's year on one page, beside the year before
{%- set kinds = ['basic', 'project', 'superior_remittance', 'business', 'affiliate_subsidy'] %}
{%- set measures = [
    'revenue_yuan', 'fiscal_appropriation_yuan', 'expenditure_yuan', 'basic_expenditure_yuan',
    'project_expenditure_yuan', 'closing_balance_yuan', 'three_public_final_yuan', 'procurement_yuan',
    'agency_operating_cost_yuan',
] %}
with

reports as (

    select * from {{ ref('dim_reports') }}

),

balances as (

    select
        report_id,
        sum(opening_balance_yuan) as opening_balance_yuan,
        sum(revenue_yuan) as revenue_yuan,
        sum(case when fund <> 'non_fiscal' then revenue_yuan else 0 end) as fiscal_appropriation_yuan,
        sum(expenditure_yuan) as expenditure_yuan,
        sum(case when fund <> 'non_fiscal' then expenditure_yuan else 0 end) as fiscal_expenditure_yuan,
        sum(closing_balance_yuan) as closing_balance_yuan
    from {{ ref('fct_fund_balances') }}
    group by report_id

),

expenditure as (

    select
        report_id,
        {% for kind in kinds -%}
        sum(case when expenditure_kind = '{{ kind }}' then amount_yuan else 0 end) as {{ kind }}_expenditure_yuan,
        {% endfor -%}
        sum(amount_yuan) as amount_yuan
    from {{ ref('fct_expenditure') }}
    group by report_id

),

basic as (

    select
        report_id,
        sum(case when economic_category = 'personnel' then amount_yuan else 0 end) as personnel_yuan,
        sum(case when economic_category = 'general_operating' then amount_yuan else 0 end) as general_operating_yuan
    from {{ ref('fct_basic_expenditure') }}
    group by report_id

),

three_public as (

    select
        report_id,
        sum(budget_yuan) as three_public_budget_yuan,
        sum(final_yuan) as three_public_final_yuan
    from {{ ref('fct_three_public') }}
    group by report_id

),

disclosures as (

    select
        report_id,
        sum(case when statistic like 'procurement%' then amount_yuan end) as procurement_yuan,
        sum(case when statistic like 'agency_operating%' then amount_yuan end) as agency_operating_cost_yuan,
        sum(case when value_unit = 'vehicles' then quantity end) as vehicles
    from {{ ref('fct_disclosures') }}
    group by report_id

),

projects as (

    select
        report_id,
        count(*) as evaluated_projects,
        sum(annual_budget_yuan) as evaluated_budget_yuan,
        sum(executed_yuan) as evaluated_executed_yuan,
        avg(total_score) as average_score
    from {{ ref('fct_projects') }}
    group by report_id

),

years as (

    select
        reports.report_id,
        reports.prior_report_id,
        reports.department_id,
        reports.department_name,
        reports.fiscal_year,
        balances.opening_balance_yuan,
        balances.revenue_yuan,
        balances.fiscal_appropriation_yuan,
        balances.expenditure_yuan,
        balances.fiscal_expenditure_yuan,
        {% for kind in kinds -%}
        coalesce(expenditure.{{ kind }}_expenditure_yuan, 0) as {{ kind }}_expenditure_yuan,
        {% endfor -%}
        coalesce(basic.personnel_yuan, 0) as personnel_yuan,
        coalesce(basic.general_operating_yuan, 0) as general_operating_yuan,
        balances.closing_balance_yuan,
        three_public.three_public_budget_yuan,
        three_public.three_public_final_yuan,
        disclosures.procurement_yuan,
        disclosures.agency_operating_cost_yuan,
        disclosures.vehicles,
        coalesce(projects.evaluated_projects, 0) as evaluated_projects,
        projects.evaluated_budget_yuan,
        projects.evaluated_executed_yuan,
        projects.average_score
    from reports
    left join balances on reports.report_id = balances.report_id
    left join expenditure on reports.report_id = expenditure.report_id
    left join basic on reports.report_id = basic.report_id
    left join three_public on reports.report_id = three_public.report_id
    left join disclosures on reports.report_id = disclosures.report_id
    left join projects on reports.report_id = projects.report_id

),

final as (

    select
        cast(years.report_id as string) as report_id,
        cast(years.department_id as string) as department_id,
        cast(years.department_name as string) as department_name,
        cast(years.fiscal_year as integer) as fiscal_year,
        {% for measure in [
            'opening_balance_yuan', 'revenue_yuan', 'fiscal_appropriation_yuan', 'expenditure_yuan', 'fiscal_expenditure_yuan',
            'basic_expenditure_yuan', 'project_expenditure_yuan', 'superior_remittance_expenditure_yuan',
            'business_expenditure_yuan', 'affiliate_subsidy_expenditure_yuan', 'personnel_yuan', 'general_operating_yuan',
            'closing_balance_yuan', 'three_public_budget_yuan', 'three_public_final_yuan', 'procurement_yuan',
            'agency_operating_cost_yuan',
        ] -%}
        cast(years.{{ measure }} as decimal(20, 2)) as {{ measure }},
        {% endfor -%}
        cast(years.vehicles as integer) as vehicles,
        {{ ratio('years.project_expenditure_yuan', 'years.expenditure_yuan') }} as project_share,
        cast(years.evaluated_projects as integer) as evaluated_projects,
        cast(years.evaluated_budget_yuan as decimal(20, 2)) as evaluated_budget_yuan,
        cast(years.evaluated_executed_yuan as decimal(20, 2)) as evaluated_executed_yuan,
        {{ ratio('years.evaluated_executed_yuan', 'years.evaluated_budget_yuan') }} as evaluated_execution_rate,
        cast(years.average_score as decimal(12, 4)) as average_score,
        {% for measure in measures -%}
        cast(prior_years.{{ measure }} as decimal(20, 2)) as prior_{{ measure }},
        {{ ratio('years.' ~ measure ~ ' - prior_years.' ~ measure, 'prior_years.' ~ measure) }}
            as {{ measure | replace('_yuan', '') }}_change_rate,
        {% endfor -%}
        cast(years.prior_report_id as string) as prior_report_id
    from years
    left join years as prior_years
        on years.prior_report_id = prior_years.report_id

)

select * from final
