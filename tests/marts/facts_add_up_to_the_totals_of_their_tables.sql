-- Facts, summed, are what the total of their own table prints: a parent that slipped in, a leaf that got lost or a row that
-- stands twice shows here. Facts are sums of printed cells, so what rounding explains is half a unit of each cell and of the total,
-- and of each parent between them twice: each level is rounded on its own, and may be off from the one above and the one below.
with

cells as (

    select * from {{ ref('fct_report_cells') }}

),

reports as (

    {{ reports_that_add_up() }}

),

form_columns as (

    select * from {{ ref('form_columns') }}

),

subject_balances as (

    {{ all_subject_balances() }}

),

three_public as (

    select * from {{ ref('fct_three_public') }}

),

-- Every fact with the cell it is printed in and the cell of the total it is a part of.
facts as (

    select
        'fct_revenue' as mart,
        report_id,
        table_no,
        subject_code as row_key,
        column_name,
        'total' as total_row_key,
        column_name as total_column_name,
        amount_yuan as amount
    from {{ ref('fct_revenue') }}

    union all

    select
        'fct_expenditure' as mart,
        report_id,
        table_no,
        subject_code as row_key,
        column_name,
        'total' as total_row_key,
        column_name as total_column_name,
        amount_yuan as amount
    from {{ ref('fct_expenditure') }}
    where table_no not in ('03', '04')

    union all

    select
        'fct_basic_expenditure' as mart,
        report_id,
        table_no,
        subject_code as row_key,
        column_name,
        economic_category || '_total' as total_row_key,
        column_name as total_column_name,
        amount_yuan as amount
    from {{ ref('fct_basic_expenditure') }}

    {% for measure in ['opening_balance', 'revenue', 'closing_balance'] -%}
    union all

    select
        mart,
        report_id,
        table_no,
        subject_code as row_key,
        '{{ measure }}' as column_name,
        'total' as total_row_key,
        '{{ measure }}' as total_column_name,
        {{ measure }}_yuan as amount
    from subject_balances

    {% endfor -%}
    {% for stage in ['budget', 'final'] -%}
    {% for total, items in [('total', '%'), ('vehicles_total', 'vehicle_%')] -%}
    union all

    select
        'fct_three_public' as mart,
        report_id,
        '09' as table_no,
        'total' as row_key,
        '{{ stage }}_' || expense_item as column_name,
        'total' as total_row_key,
        '{{ stage }}_{{ total }}' as total_column_name,
        {{ stage }}_yuan as amount
    from three_public
    where expense_item like '{{ items }}'

    {% endfor -%}
    {% endfor -%}
    union all

    select
        'fct_disclosures' as mart,
        report_id,
        '10' as table_no,
        statistic as row_key,
        'statistic' as column_name,
        case
            when value_unit = 'vehicles' then 'vehicles_total'
            when statistic like 'procurement_%' then 'procurement_total'
        end as total_row_key,
        'statistic' as total_column_name,
        coalesce(amount_yuan, quantity) as amount
    from {{ ref('fct_disclosures') }}

),

sums as (

    select
        facts.mart,
        facts.report_id,
        facts.table_no,
        facts.total_row_key,
        facts.total_column_name,
        sum(facts.amount) as amount,
        coalesce(sum(cells.half_unit_yuan), 0) as bound
    from facts
    left join cells
        on
            facts.report_id = cells.report_id
            and facts.table_no = cells.table_no
            and facts.row_key = cells.row_key
            and facts.column_name = cells.column_name
    group by
        facts.mart,
        facts.report_id,
        facts.table_no,
        facts.total_row_key,
        facts.total_column_name

),

-- The totals come first: a total that no fact is a part of must be zero.
totals as (

    select
        cells.report_id,
        cells.table_no,
        cells.row_key,
        cells.column_name,
        coalesce(cells.amount_yuan, cells.amount, 0) as amount,
        coalesce(cells.half_unit_yuan, 0) as half_unit
    from cells
    inner join reports
        on cells.report_id = reports.report_id
    inner join form_columns
        on
            cells.table_no = form_columns.table_no
            and cells.column_name = form_columns.column_name
    where
        (
            cells.table_no in ('02', '05', '06', '07', '08', '10')
            and cells.row_role = 'total'
            and form_columns.column_role = 'component'
        )
        or (
            cells.table_no = '09'
            and form_columns.column_role = 'total'
        )

),

-- the parents that stand between a total and its facts: those whose codes the facts' codes begin with
ancestors as (

    {% for digits in [3, 5] -%}
    select
        mart,
        report_id,
        table_no,
        total_row_key,
        total_column_name,
        column_name,
        substr(row_key, 1, {{ digits }}) as parent_key
    from facts
    {{ 'union' if not loop.last }}
    {% endfor %}
),

parents as (

    select
        ancestors.mart,
        ancestors.report_id,
        ancestors.table_no,
        ancestors.total_row_key,
        ancestors.total_column_name,
        2 * sum(cells.half_unit_yuan) as bound
    from ancestors
    inner join cells
        on
            ancestors.report_id = cells.report_id
            and ancestors.table_no = cells.table_no
            and ancestors.column_name = cells.column_name
            and ancestors.parent_key = cells.row_key
            and cells.row_role = 'parent'
    group by
        ancestors.mart,
        ancestors.report_id,
        ancestors.table_no,
        ancestors.total_row_key,
        ancestors.total_column_name

),

compared as (

    select
        totals.*,
        sums.mart,
        coalesce(sums.amount, 0) as facts,
        totals.half_unit + coalesce(sums.bound, 0) + coalesce(parents.bound, 0) as bound
    from totals
    left join sums
        on
            totals.report_id = sums.report_id
            and totals.table_no = sums.table_no
            and totals.row_key = sums.total_row_key
            and totals.column_name = sums.total_column_name
    left join parents
        on
            sums.mart = parents.mart
            and sums.report_id = parents.report_id
            and sums.table_no = parents.table_no
            and sums.total_row_key = parents.total_row_key
            and sums.total_column_name = parents.total_column_name

),

final as (

    select
        report_id,
        table_no,
        row_key,
        column_name,
        'report ' || report_id || ', table ' || table_no || ', row ' || row_key || ', column ' || column_name || ': '
        || cast(amount as string) || ' is printed and ' || coalesce(mart, 'no mart') || ' adds up to ' || cast(facts as string)
        || '; rounding explains ' || cast(bound as string) || ' and not ' || cast(abs(facts - amount) as string) as problem
    from compared
    where abs(facts - amount) > bound

)

select * from final
