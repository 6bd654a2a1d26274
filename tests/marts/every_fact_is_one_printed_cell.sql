-- Facts and the cells of use «fact» in fct_cell_uses are the same, one to one and with the same amount: from any row of a mart
-- there is a join to the printed cell, and no printed amount gets lost or counts twice. Two amounts are no cell of their own: what
-- is left over in table 03 is a part of its cell, and non-fiscal balances are differences of two cells (the revenue
-- and expenditure among them of totals, so that no cell of use «fact» stands for them).
with

cell_uses as (

    select * from {{ ref('fct_cell_uses') }} where cell_use = 'fact'

),

cells as (

    select * from {{ ref('fct_report_cells') }}

),

fund_balances as (

    select * from {{ ref('fct_fund_balances') }}

),

subject_balances as (

    {{ all_subject_balances() }}

),

three_public as (

    select * from {{ ref('fct_three_public') }}

),

-- Every amount of a mart with its cell. Some marts have a zero where nothing is printed: that needs no cell.
facts as (

    {% for mart in ['fct_revenue', 'fct_basic_expenditure'] -%}
    select
        '{{ mart }}' as mart,
        report_id,
        table_no,
        subject_code as row_key,
        column_name,
        amount_yuan as amount,
        true as needs_cell,
        true as is_whole_cell
    from {{ ref(mart) }}

    union all

    {% endfor -%}
    select
        'fct_expenditure' as mart,
        report_id,
        table_no,
        subject_code as row_key,
        column_name,
        amount_yuan as amount,
        true as needs_cell,
        table_no <> '03' as is_whole_cell
    from {{ ref('fct_expenditure') }}

    union all

    {% for measure in ['opening_balance', 'revenue', 'closing_balance'] -%}
    select
        mart,
        report_id,
        table_no,
        subject_code as row_key,
        '{{ measure }}' as column_name,
        {{ measure }}_yuan as amount,
        {{ measure }}_yuan <> 0 as needs_cell,
        true as is_whole_cell
    from subject_balances

    union all

    {% endfor -%}
    {% for stage in ['budget', 'final'] -%}
    select
        'fct_three_public' as mart,
        report_id,
        '09' as table_no,
        'total' as row_key,
        '{{ stage }}_' || expense_item as column_name,
        {{ stage }}_yuan as amount,
        {{ stage }}_yuan <> 0 as needs_cell,
        true as is_whole_cell
    from three_public

    union all

    {% endfor -%}
    select
        'fct_disclosures' as mart,
        report_id,
        '10' as table_no,
        statistic as row_key,
        'statistic' as column_name,
        coalesce(amount_yuan, quantity) as amount,
        is_printed as needs_cell,
        true as is_whole_cell
    from {{ ref('fct_disclosures') }}

    {% for measure, row_key, column_name in [
        ('opening_balance', "'opening_balance_' || fund", "'amount'"),
        ('revenue', "'revenue_' || fund", "'amount'"),
        ('expenditure', "'expenditure_total'", 'fund'),
        ('closing_balance', "'closing_balance'", 'fund'),
    ] -%}
    union all

    select
        'fct_fund_balances' as mart,
        report_id,
        '04' as table_no,
        {{ row_key }} as row_key,
        {{ column_name }} as column_name,
        {{ measure }}_yuan as amount,
        {{ measure }}_yuan <> 0 as needs_cell,
        true as is_whole_cell
    from fund_balances
    where
        fund not in ('non_fiscal', 'unknown')
        and {{ measure }}_yuan is not null

    {% endfor -%}
    {% for measure, is_whole in [
        ('opening_balance', false), ('non_fiscal_surplus_used', true), ('surplus_distribution', true), ('closing_balance', false),
    ] -%}
    union all

    select
        'fct_fund_balances' as mart,
        report_id,
        '01' as table_no,
        '{{ measure }}' as row_key,
        'amount' as column_name,
        sum({{ measure }}_yuan) as amount,
        {{ is_whole | lower }} and sum({{ measure }}_yuan) <> 0 as needs_cell,
        {{ is_whole | lower }} as is_whole_cell
    from fund_balances
    where
        fund in ('non_fiscal', 'unknown')
        and {{ measure }}_yuan is not null
        and (fund = 'non_fiscal' or '{{ measure }}' like '%_balance')
    group by report_id

    {% endfor %}
),

facts_of_a_cell as (

    select
        mart,
        report_id,
        table_no,
        row_key,
        column_name,
        max(amount) as amount,
        bool_or(needs_cell) as needs_cell,
        bool_and(is_whole_cell) as is_whole_cell,
        count(*) as times
    from facts
    group by
        mart,
        report_id,
        table_no,
        row_key,
        column_name

),

cells_of_a_fact as (

    select
        cell_uses.mart,
        cell_uses.report_id,
        cell_uses.table_no,
        cell_uses.row_key,
        cell_uses.column_name,
        max(coalesce(cells.amount_yuan, cells.amount)) as amount,
        count(*) as times
    from cell_uses
    left join cells
        on
            cell_uses.report_id = cells.report_id
            and cell_uses.table_no = cells.table_no
            and cell_uses.row_key = cells.row_key
            and cell_uses.column_name = cells.column_name
    group by
        cell_uses.mart,
        cell_uses.report_id,
        cell_uses.table_no,
        cell_uses.row_key,
        cell_uses.column_name

),

matched as (

    select
        coalesce(facts_of_a_cell.mart, cells_of_a_fact.mart) as mart,
        coalesce(facts_of_a_cell.report_id, cells_of_a_fact.report_id) as report_id,
        coalesce(facts_of_a_cell.table_no, cells_of_a_fact.table_no) as table_no,
        coalesce(facts_of_a_cell.row_key, cells_of_a_fact.row_key) as row_key,
        coalesce(facts_of_a_cell.column_name, cells_of_a_fact.column_name) as column_name,
        coalesce(facts_of_a_cell.times, 0) as fact_times,
        coalesce(cells_of_a_fact.times, 0) as cell_times,
        facts_of_a_cell.amount as fact_amount,
        cells_of_a_fact.amount as cell_amount,
        coalesce(facts_of_a_cell.needs_cell, true) as needs_cell,
        coalesce(facts_of_a_cell.is_whole_cell, true) as is_whole_cell
    from facts_of_a_cell
    full join cells_of_a_fact
        on
            facts_of_a_cell.mart = cells_of_a_fact.mart
            and facts_of_a_cell.report_id = cells_of_a_fact.report_id
            and facts_of_a_cell.table_no = cells_of_a_fact.table_no
            and facts_of_a_cell.row_key = cells_of_a_fact.row_key
            and facts_of_a_cell.column_name = cells_of_a_fact.column_name

),

final as (

    select
        mart,
        report_id,
        table_no,
        row_key,
        column_name,
        'report ' || report_id || ', table ' || table_no || ', row ' || row_key || ', column ' || column_name || ': '
        || cast(cell_times as string) || ' cells of use fact (' || coalesce(cast(cell_amount as string), 'none') || ') and '
        || cast(fact_times as string) || ' facts in ' || mart || ' (' || coalesce(cast(fact_amount as string), 'none')
        || '); expected one of each with one amount' as problem
    from matched
    where
        fact_times <> 1
        or cell_times > 1
        or (cell_times = 0 and needs_cell)
        or (cell_times = 1 and is_whole_cell and cell_amount <> fact_amount)

)

select * from final
