-- one row per released report: a department's year on one page, beside the year before
{%- set kinds = ['basic', 'project', 'superior_remittance', 'business', 'affiliate_subsidy'] %}
{%- set measures = [
    'revenue_yuan', 'fiscal_appropriation_yuan', 'expenditure_yuan', 'basic_expenditure_yuan',
    'project_expenditure_yuan', 'closing_balance_yuan', 'three_public_final_yuan', 'procurement_yuan',
    'agency_operating_cost_yuan',
] %}
{%- set printed_measures = [
    'revenue_yuan', 'expenditure_yuan', 'opening_balance_yuan', 'closing_balance_yuan', 'fiscal_appropriation_yuan',
    'basic_expenditure_yuan', 'project_expenditure_yuan', 'superior_remittance_expenditure_yuan', 'business_expenditure_yuan',
    'affiliate_subsidy_expenditure_yuan', 'personnel_yuan', 'general_operating_yuan', 'three_public_budget_yuan',
    'three_public_final_yuan', 'procurement_yuan', 'agency_operating_cost_yuan',
] %}
with

reports as (

    select * from {{ ref('dim_reports') }}

),

-- A key figure is what its cell prints; the sum of the rows below it, which is off by rounding, only where no cell prints it.
printed as (

    select
        {% for measure in printed_measures -%}
        sum(case when report_measures.measure = '{{ measure }}' then cells.amount_yuan end) as {{ measure }},
        {% endfor -%}
        cells.report_id
    from {{ ref('fct_report_cells') }} as cells
    inner join {{ ref('report_measures') }} as report_measures
        on
            cells.table_no = report_measures.table_no
            and cells.row_key = report_measures.row_key
            and cells.column_name = report_measures.column_name
    group by cells.report_id

),

balances as (

    select
        report_id,
        {% for measure in ['opening_balance', 'revenue', 'expenditure', 'closing_balance'] -%}
        -- all money is what table 01 prints: of what it does not print, no sum of funds is the whole
        case
            when count(*) filter (where fund in ('non_fiscal', 'unknown') and {{ measure }}_yuan is not null) > 0
                then sum({{ measure }}_yuan)
        end as {{ measure }}_yuan,
        {% endfor -%}
        sum(revenue_yuan) filter (where fund not in ('non_fiscal', 'unknown')) as fiscal_appropriation_yuan,
        sum(expenditure_yuan) filter (where fund not in ('non_fiscal', 'unknown')) as fiscal_expenditure_yuan
    from {{ ref('fct_fund_balances') }}
    group by report_id

),

tables_printed as (

    select * from {{ ref('fct_report_tables') }} where print_status <> 'missing'

),

-- Expenditure by kind is whole where table 03 is printed, and a zero where it has nothing of the kind.
expenditure as (

    select
        tables_printed.report_id,
        {% for kind in kinds -%}
        coalesce(sum(facts.amount_yuan) filter (where facts.expenditure_kind = '{{ kind }}'), 0) as {{ kind }}_expenditure_yuan,
        {% endfor -%}
        coalesce(sum(facts.amount_yuan) filter (where facts.fund = 'unknown'), 0) as unknown_fund_expenditure_yuan,
        coalesce(sum(facts.amount_yuan), 0) as amount_yuan
    from tables_printed
    left join {{ ref('fct_expenditure') }} as facts
        on tables_printed.report_id = facts.report_id
    where tables_printed.table_no = '03'
    group by tables_printed.report_id

),

basic as (

    select
        tables_printed.report_id,
        coalesce(sum(facts.amount_yuan) filter (where facts.economic_category = 'personnel'), 0) as personnel_yuan,
        coalesce(sum(facts.amount_yuan) filter (where facts.economic_category = 'general_operating'), 0) as general_operating_yuan
    from tables_printed
    left join {{ ref('fct_basic_expenditure') }} as facts
        on tables_printed.report_id = facts.report_id
    where tables_printed.table_no = '06'
    group by tables_printed.report_id

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

-- Table 10 is rarely published: its figures stand in the text.
stated as (

    select
        claims.report_id,
        report_measures.measure,
        claims.amount_yuan
    from {{ ref('fct_narrative_claims') }} as claims
    inner join {{ ref('claim_subjects') }} as claim_subjects
        on
            claims.subject = claim_subjects.subject
            and claims.measure = claim_subjects.measure
            and claim_subjects.reading = 1
    inner join {{ ref('report_measures') }} as report_measures
        on
            claim_subjects.table_no = report_measures.table_no
            and claim_subjects.row_key = report_measures.row_key
            and claim_subjects.column_name = report_measures.column_name
    where
        report_measures.table_no = '10'
        and claims.amount_yuan is not null
    qualify row_number() over (partition by claims.report_id, report_measures.measure order by claims.claim_no) = 1

),

stated_measures as (

    select
        {% for measure in ['procurement_yuan', 'agency_operating_cost_yuan'] -%}
        max(case when measure = '{{ measure }}' then amount_yuan end) as {{ measure }},
        {% endfor -%}
        report_id
    from stated
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
        reports.parent_report_id,
        reports.prior_report_id,
        reports.department_id,
        reports.department_name,
        reports.fiscal_year,
        coalesce(printed.opening_balance_yuan, balances.opening_balance_yuan) as opening_balance_yuan,
        coalesce(printed.revenue_yuan, balances.revenue_yuan) as revenue_yuan,
        coalesce(printed.fiscal_appropriation_yuan, balances.fiscal_appropriation_yuan) as fiscal_appropriation_yuan,
        -- table 03 tells it, too
        coalesce(printed.expenditure_yuan, balances.expenditure_yuan, expenditure.amount_yuan) as expenditure_yuan,
        balances.fiscal_expenditure_yuan,
        {% for kind in kinds -%}
        coalesce(printed.{{ kind }}_expenditure_yuan, expenditure.{{ kind }}_expenditure_yuan) as {{ kind }}_expenditure_yuan,
        {% endfor -%}
        expenditure.unknown_fund_expenditure_yuan,
        coalesce(printed.personnel_yuan, basic.personnel_yuan) as personnel_yuan,
        coalesce(printed.general_operating_yuan, basic.general_operating_yuan) as general_operating_yuan,
        coalesce(printed.closing_balance_yuan, balances.closing_balance_yuan) as closing_balance_yuan,
        coalesce(printed.three_public_budget_yuan, three_public.three_public_budget_yuan) as three_public_budget_yuan,
        coalesce(printed.three_public_final_yuan, three_public.three_public_final_yuan) as three_public_final_yuan,
        coalesce(printed.procurement_yuan, disclosures.procurement_yuan, stated_measures.procurement_yuan) as procurement_yuan,
        coalesce(
            printed.agency_operating_cost_yuan, disclosures.agency_operating_cost_yuan, stated_measures.agency_operating_cost_yuan
        ) as agency_operating_cost_yuan,
        disclosures.vehicles,
        coalesce(projects.evaluated_projects, 0) as evaluated_projects,
        projects.evaluated_budget_yuan,
        projects.evaluated_executed_yuan,
        projects.average_score
    from reports
    left join printed on reports.report_id = printed.report_id
    left join balances on reports.report_id = balances.report_id
    left join expenditure on reports.report_id = expenditure.report_id
    left join basic on reports.report_id = basic.report_id
    left join three_public on reports.report_id = three_public.report_id
    left join disclosures on reports.report_id = disclosures.report_id
    left join stated_measures on reports.report_id = stated_measures.report_id
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
            'business_expenditure_yuan', 'affiliate_subsidy_expenditure_yuan', 'unknown_fund_expenditure_yuan', 'personnel_yuan',
            'general_operating_yuan', 'closing_balance_yuan', 'three_public_budget_yuan', 'three_public_final_yuan', 'procurement_yuan',
            'agency_operating_cost_yuan',
        ] -%}
        cast(years.{{ measure }} as decimal(20, 2)) as {{ measure }},
        {% endfor -%}
        cast(years.vehicles as integer) as vehicles,
        {{ ratio('years.project_expenditure_yuan', 'years.expenditure_yuan') }} as project_share,
        {{ ratio('years.unknown_fund_expenditure_yuan', 'years.expenditure_yuan') }} as unknown_fund_share,
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
        cast(years.parent_report_id as string) as parent_report_id,
        cast(years.prior_report_id as string) as prior_report_id
    from years
    left join years as prior_years
        on years.prior_report_id = prior_years.report_id

)

select * from final
