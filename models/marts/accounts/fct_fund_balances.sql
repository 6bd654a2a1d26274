-- one row per released report and fund: opening balance, revenue, expenditure and closing balance
{%- set measures = ['opening_balance', 'revenue', 'expenditure', 'closing_balance'] %}
with

reports as (

    select * from {{ ref('int_reports_released') }}

),

cells as (

    select * from {{ ref('fct_report_cells') }} where table_no in ('01', '04') and cell_status = 'amount'

),

-- What the two summary tables print for the whole year, a blank counting as the zero that it is.
printed as (

    select
        reports.report_id,
        {% for fund in ['general_public_budget', 'government_fund', 'state_capital_operations'] -%}
        {{ summary_amount('04', 'opening_balance_' ~ fund, 'amount') }} as {{ fund }}_opening_balance,
        {{ summary_amount('04', 'revenue_' ~ fund, 'amount') }} as {{ fund }}_revenue,
        {{ summary_amount('04', 'expenditure_total', fund) }} as {{ fund }}_expenditure,
        {{ summary_amount('04', 'closing_balance', fund) }} as {{ fund }}_closing_balance,
        {% endfor -%}
        {% for measure, row_key, fiscal_column in [
            ('opening_balance', 'opening_balance', 'amount'),
            ('revenue', 'revenue_total', 'amount'),
            ('expenditure', 'expenditure_total', 'total'),
            ('closing_balance', 'closing_balance', 'total'),
        ] -%}
        {{ summary_amount('01', row_key, 'amount') }} - {{ summary_amount('04', row_key, fiscal_column) }} as non_fiscal_{{ measure }},
        {{ summary_amount('01', row_key, 'amount', 'half_unit_yuan') }}
        + {{ summary_amount('04', row_key, fiscal_column, 'half_unit_yuan') }} as {{ measure }}_bound,
        {% endfor -%}
        {{ summary_amount('01', 'non_fiscal_surplus_used', 'amount') }} as surplus_used,
        {{ summary_amount('01', 'surplus_distribution', 'amount') }} as surplus_distributed
    from reports
    left join cells
        on reports.report_id = cells.report_id
    group by reports.report_id

),

by_fund as (

    {% for fund in ['general_public_budget', 'government_fund', 'state_capital_operations'] -%}
    select
        report_id,
        '{{ fund }}' as fund,
        {% for measure in measures -%}
        {{ fund }}_{{ measure }} as {{ measure }},
        {% endfor -%}
        0 as surplus_used,
        0 as surplus_distributed
    from printed

    union all

    {% endfor -%}
    -- What fiscal appropriation did not pay is what table 01 has beyond table 04; less than a rounding difference is none.
    select
        report_id,
        'non_fiscal' as fund,
        {% for measure in measures -%}
        case when abs(non_fiscal_{{ measure }}) > {{ measure }}_bound then non_fiscal_{{ measure }} else 0 end as {{ measure }},
        {% endfor -%}
        surplus_used,
        surplus_distributed
    from printed

),

final as (

    select
        cast(report_id as string) as report_id,
        cast(fund as string) as fund,
        cast(opening_balance as decimal(20, 2)) as opening_balance_yuan,
        cast(revenue as decimal(20, 2)) as revenue_yuan,
        cast(surplus_used as decimal(20, 2)) as non_fiscal_surplus_used_yuan,
        cast(expenditure as decimal(20, 2)) as expenditure_yuan,
        cast(surplus_distributed as decimal(20, 2)) as surplus_distribution_yuan,
        cast(closing_balance as decimal(20, 2)) as closing_balance_yuan
    from by_fund

)

select * from final
