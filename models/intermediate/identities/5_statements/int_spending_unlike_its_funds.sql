-- one row per report in which nothing is non-fiscal, subject, kind and cell of it: spending of 03, and below zero that of 05, 07 and 08
with

tables_printed as (

    select * from {{ of_changed_reports(ref('int_tables_printed')) }}

),

cells as (

    select * from {{ of_changed_reports(ref('int_cells_in_words')) }}

),

-- What is not printed is unknown.
complete_reports as (

    select report_id
    from tables_printed
    where
        table_no in ('01', '02', '03', '04', '05', '07', '08')
        and print_status <> 'missing'
    group by report_id
    having count(*) = 7

),

-- What nobody can read may be an amount. Revenue is asked of both tables that print it: one wrong figure does not hide it.
with_other_money as (

    select report_id
    from cells
    where
        (cell_status = 'rejected' or amount <> 0)
        and (
            (
                table_no = '01'
                and row_key in (
                    'revenue_superior_subsidy', 'revenue_institutional', 'revenue_business', 'revenue_affiliate_remittance',
                    'revenue_other', 'non_fiscal_surplus_used', 'surplus_distribution'
                )
            )
            or (
                table_no = '02'
                and column_name in ('superior_subsidy', 'institutional', 'business', 'affiliate_remittance', 'other')
            )
            or (
                table_no = '03'
                and column_name in ('superior_remittance', 'business', 'affiliate_subsidy')
            )
        )

    union

    -- balances of 01 beyond those of 04
    select report_id
    from cells
    where
        (
            table_no = '01'
            and row_key in ('opening_balance', 'closing_balance')
        )
        or (
            table_no = '04'
            and (
                (row_key = 'opening_balance' and column_name = 'amount')
                or (row_key = 'closing_balance' and column_name = 'total')
            )
        )
    group by
        report_id,
        row_key
    having
        count(*) filter (where cell_status = 'rejected') > 0
        or count(*) <> 2
        or abs(sum(case table_no when '01' then 1 else -1 end * coalesce(amount_yuan, 0))) > sum(coalesce(half_unit_yuan, 0))

),

taking_part as (

    select
        cells.report_id,
        cells.row_key || ':' || replace(cells.column_name, 'expenditure_', '') as row_part,
        case cells.table_no when '03' then 1 else -1 end as coefficient,
        {{ figure_of_cell('cells') }}
    from cells
    inner join complete_reports
        on cells.report_id = complete_reports.report_id
    left join with_other_money
        on cells.report_id = with_other_money.report_id
    where
        with_other_money.report_id is null
        and cells.table_no in ('03', '05', '07', '08')
        and cells.row_role = 'leaf'
        and replace(cells.column_name, 'expenditure_', '') in ('total', 'basic', 'project')

),

-- The tables may stop at different levels: what only one side prints is not compared. Of what is above the leaves each table tells
-- itself, and a sheet that adds up what it shows drifts there.
final as (

    select
        taking_part.report_id,
        't03_t05_subjects' as identity_id,
        taking_part.row_part,
        taking_part.coefficient,
        {{ figure_columns('taking_part') }}
    from taking_part
    qualify
        min(taking_part.coefficient) over (partition by taking_part.report_id, taking_part.row_part)
        < max(taking_part.coefficient) over (partition by taking_part.report_id, taking_part.row_part)

)

select * from final
