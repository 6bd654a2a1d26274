-- one row per released report and fund that its summaries tell of: opening balance, revenue, expenditure and closing balance
{%- set funds = ['general_public_budget', 'government_fund', 'state_capital_operations'] %}
{#- each measure: its row in both tables, its column in table 04, and the total of its side -#}
{%- set measures = {
    'opening_balance': ('opening_balance', 'amount', 'revenue_total'),
    'revenue': ('revenue_total', 'amount', 'revenue_total'),
    'expenditure': ('expenditure_total', 'total', 'expenditure_total'),
    'closing_balance': ('closing_balance', 'total', 'expenditure_total'),
} %}
{#- the lines of table 04 that make up a total of its revenue panel -#}
{%- set lines_of_funds = {
    'opening_balance': "cells.row_key in ('opening_balance_" ~ funds | join("', 'opening_balance_") ~ "')",
    'revenue': "cells.row_key in ('revenue_" ~ funds | join("', 'revenue_") ~ "')",
} %}
with

reports as (

    select * from {{ ref('int_reports_released') }}

),

cells as (

    select * from {{ ref('fct_report_cells') }} where table_no in ('01', '04')

),

-- What the two summary tables print for the whole year, a blank counting as the zero that it is.
printed as (

    select
        reports.report_id,
        {% for fund in funds -%}
        {{ summary_amount('04', 'opening_balance_' ~ fund, 'amount') }} as {{ fund }}_opening_balance,
        {{ summary_amount('04', 'revenue_' ~ fund, 'amount') }} as {{ fund }}_revenue,
        {{ summary_amount('04', 'expenditure_total', fund) }} as {{ fund }}_expenditure,
        {{ summary_amount('04', 'closing_balance', fund) }} as {{ fund }}_closing_balance,
        count(*) filter (
            where cells.table_no = '04' and cells.row_key = 'opening_balance_{{ fund }}'
        ) > 0 as has_{{ fund }}_opening_balance,
        count(*) filter (where cells.table_no = '04' and cells.row_key = 'revenue_{{ fund }}') > 0 as has_{{ fund }}_revenue,
        count(*) filter (where cells.table_no = '04' and cells.row_key = 'expenditure_total') > 0 as has_{{ fund }}_expenditure,
        count(*) filter (
            where cells.table_no = '04' and cells.row_key in ('closing_balance', 'expenditure_total')
        ) > 0 as has_{{ fund }}_closing_balance,
        {% endfor -%}
        {% for measure, (row_key, fiscal_column, side_total) in measures.items() -%}
        {{ summary_amount('01', row_key, 'amount') }} as all_{{ measure }},
        {{ summary_amount('04', row_key, fiscal_column) }} as fiscal_{{ measure }},
        {{ summary_amount('01', row_key, 'amount', 'half_unit_yuan') }}
        + {{ summary_amount('04', row_key, fiscal_column, 'half_unit_yuan') }} as {{ measure }}_bound,
        {% for table_no in ['01', '04'] -%}
        count(*) filter (
            where cells.table_no = '{{ table_no }}' and cells.row_key in ('{{ row_key }}', '{{ side_total }}')
        ) > 0 as has_{{ table_no }}_{{ measure }},
        {% endfor -%}
        {% endfor -%}
        {% for measure, lines in lines_of_funds.items() -%}
        count(distinct cells.row_key) filter (where cells.table_no = '04' and {{ lines }}) as {{ measure }}_lines,
        coalesce(sum(cells.amount_yuan) filter (where cells.table_no = '04' and {{ lines }}), 0) as {{ measure }}_of_lines,
        2 * coalesce(sum(cells.half_unit_yuan) filter (
            where cells.table_no = '04' and (cells.row_key = '{{ measures[measure][0] }}' or {{ lines }})
        ), 0) as {{ measure }}_of_lines_bound,
        {% endfor -%}
        {{ summary_amount('01', 'non_fiscal_surplus_used', 'amount') }} as surplus_used,
        {{ summary_amount('01', 'surplus_distribution', 'amount') }} as surplus_distributed,
        count(*) filter (
            where
            cells.table_no = '01'
            and cells.row_key in ('non_fiscal_surplus_used', 'surplus_distribution')
            and cells.cell_status = 'amount'
        ) > 0 as has_surplus
    from reports
    inner join cells
        on reports.report_id = cells.report_id
    group by reports.report_id

),

-- A line that is left out is nought where the others make up the total, by rounding or by cutting; otherwise what they leave is
-- money of a fund that nobody knows.
left_open as (

    select
        {% for measure in lines_of_funds -%}
        case
            when has_04_{{ measure }} then
                {{ measure }}_lines < {{ funds | length }}
                and abs(fiscal_{{ measure }} - {{ measure }}_of_lines) > {{ measure }}_of_lines_bound
        end as leaves_{{ measure }},
        {% endfor -%}
        printed.*
    from printed

),

by_fund as (

    {% for fund in funds -%}
    select
        report_id,
        '{{ fund }}' as fund,
        {% for measure in measures -%}
        case
            when
                has_{{ fund }}_{{ measure }}
                {%- if measure in lines_of_funds %}
                or not leaves_{{ measure }}
                {%- endif %}
                then {{ fund }}_{{ measure }}
        end as {{ measure }},
        {% endfor -%}
        0 as surplus_used,
        0 as surplus_distributed,
        false as has_surplus
    from left_open

    union all

    {% endfor -%}
    -- What fiscal appropriation did not pay is what table 01 has beyond table 04; less than a rounding difference is none.
    select
        report_id,
        'non_fiscal' as fund,
        {% for measure in measures -%}
        case
            when not (has_01_{{ measure }} and has_04_{{ measure }}) then null
            when abs(all_{{ measure }} - fiscal_{{ measure }}) > {{ measure }}_bound then all_{{ measure }} - fiscal_{{ measure }}
            else 0
        end as {{ measure }},
        {% endfor -%}
        surplus_used,
        surplus_distributed,
        has_surplus
    from left_open

    union all

    -- Without table 04, or without a line of it, of whatever fund.
    select
        report_id,
        'unknown' as fund,
        {% for measure in measures -%}
        case
            when has_01_{{ measure }} and not has_04_{{ measure }} then all_{{ measure }}
            {% if measure in lines_of_funds -%}
            when leaves_{{ measure }} then fiscal_{{ measure }} - {{ measure }}_of_lines
            {% endif -%}
        end as {{ measure }},
        {% endfor -%}
        0 as surplus_used,
        0 as surplus_distributed,
        false as has_surplus
    from left_open

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
    where
        coalesce({{ measures | join(', ') }}) is not null
        or has_surplus

)

select * from final
