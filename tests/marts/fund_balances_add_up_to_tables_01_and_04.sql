-- The three fiscal funds add up to the totals of table 04, and all four to those of table 01: no fund is missing, and non-fiscal
-- is neither more nor less than what table 01 has beyond table 04.
-- What rounding explains: half a unit of each fund's cell and of the total; for table 01 the totals of table 04 stand in between
-- (half a unit on either side), and so much between the two tables passes for no money.
{%- set measures = [
    ('opening_balance', 'opening_balance', 'amount', "row_key like 'opening_balance_%'"),
    ('revenue', 'revenue_total', 'amount', "row_key like 'revenue_%' and row_role = 'component'"),
    ('expenditure', 'expenditure_total', 'total', "row_key = 'expenditure_total' and column_name <> 'total'"),
    ('closing_balance', 'closing_balance', 'total', "row_key = 'closing_balance' and column_name <> 'total'"),
] %}
with

cells as (

    select * from {{ ref('fct_report_cells') }} where table_no in ('01', '04')

),

reports as (

    {{ reports_that_add_up() }}

),

fund_balances as (

    select * from {{ ref('fct_fund_balances') }}

),

facts as (

    {% for measure, row_key, column_name, of_a_fund in measures -%}
    select
        report_id,
        '{{ measure }}' as measure,
        sum({{ measure }}_yuan) as all_yuan,
        sum(case when fund <> 'non_fiscal' then {{ measure }}_yuan else 0 end) as fiscal_yuan
    from fund_balances
    group by report_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

printed as (

    {% for measure, row_key, column_name, of_a_fund in measures -%}
    select
        report_id,
        '{{ measure }}' as measure,
        {{ summary_amount('01', row_key, 'amount') }} as all_yuan,
        {{ summary_amount('01', row_key, 'amount', 'half_unit_yuan') }} as all_half_unit_yuan,
        {{ summary_amount('04', row_key, column_name) }} as fiscal_yuan,
        {{ summary_amount('04', row_key, column_name, 'half_unit_yuan') }} as fiscal_half_unit_yuan,
        coalesce(sum(half_unit_yuan) filter (where table_no = '04' and {{ of_a_fund }}), 0) as fund_half_units_yuan,
        count(*) filter (where table_no = '01' and row_key = '{{ row_key }}') > 0 as has_table_01,
        count(*) filter (where table_no = '04' and row_key = '{{ row_key }}' and column_name = '{{ column_name }}') > 0 as has_table_04
    from cells
    group by report_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

compared as (

    select
        printed.report_id,
        printed.measure,
        '04' as table_no,
        printed.fiscal_yuan as total_yuan,
        coalesce(facts.fiscal_yuan, 0) as facts_yuan,
        printed.fund_half_units_yuan + printed.fiscal_half_unit_yuan as bound_yuan
    from printed
    left join facts
        on
            printed.report_id = facts.report_id
            and printed.measure = facts.measure
    where printed.has_table_04

    union all

    select
        printed.report_id,
        printed.measure,
        '01' as table_no,
        printed.all_yuan as total_yuan,
        coalesce(facts.all_yuan, 0) as facts_yuan,
        printed.fund_half_units_yuan + 2 * printed.fiscal_half_unit_yuan + printed.all_half_unit_yuan as bound_yuan
    from printed
    left join facts
        on
            printed.report_id = facts.report_id
            and printed.measure = facts.measure
    where
        printed.has_table_01
        and printed.has_table_04

),

final as (

    select
        compared.report_id,
        compared.table_no,
        compared.measure,
        'report ' || compared.report_id || ', ' || compared.measure || ': table ' || compared.table_no || ' prints '
        || cast(compared.total_yuan as string) || ' yuan and fct_fund_balances adds up to ' || cast(compared.facts_yuan as string)
        || '; rounding explains ' || cast(compared.bound_yuan as string) || ' and not '
        || cast(abs(compared.facts_yuan - compared.total_yuan) as string) as problem
    from compared
    inner join reports
        on compared.report_id = reports.report_id
    where abs(compared.facts_yuan - compared.total_yuan) > compared.bound_yuan

)

select * from final
