-- one row per report that carried nothing over, subject and cell of it: fiscal revenue of 02, and below zero the spending of 05, 07 and 08
with

tables_printed as (

    select * from {{ of_changed_reports(ref('int_tables_printed')) }}

),

cells as (

    select * from {{ of_changed_reports(ref('int_cells_in_words')) }}

),

balances as (

    select * from cells
    where
        (
            table_no = '04'
            and row_key like '%_balance%'
        )
        or (
            table_no = '07'
            and column_name in ('opening_balance', 'closing_balance')
        )

),

-- What nobody can read may be an amount, and what is not printed is unknown.
complete_reports as (

    select report_id
    from tables_printed
    where
        table_no in ('02', '04', '05', '07', '08')
        and print_status <> 'missing'
    group by report_id
    having count(*) = 5

),

nothing_carried_over as (

    select balances.report_id
    from balances
    inner join complete_reports
        on balances.report_id = complete_reports.report_id
    group by balances.report_id
    having
        count(*) filter (where balances.cell_status = 'rejected' or balances.amount <> 0) = 0
        and bool_or(balances.row_key = 'closing_balance')
        and bool_or(balances.row_key like 'opening_balance%')

),

taking_part as (

    select
        cells.report_id,
        cells.row_key as row_part,
        case cells.table_no when '02' then 1 else -1 end as coefficient,
        {{ figure_of_cell('cells') }}
    from cells
    inner join nothing_carried_over
        on cells.report_id = nothing_carried_over.report_id
    where
        cells.row_role = 'leaf'
        and cells.column_name = case cells.table_no
            when '02' then 'fiscal_appropriation'
            when '05' then 'total'
            when '07' then 'expenditure_total'
            when '08' then 'total'
        end

),

-- The tables may stop at different levels: what only one side prints is not compared. Of what is above the leaves each table tells
-- itself, and a sheet that adds up what it shows drifts there.
final as (

    select
        taking_part.report_id,
        't02_t05_subjects' as identity_id,
        taking_part.row_part,
        taking_part.coefficient,
        {{ figure_columns('taking_part') }}
    from taking_part
    qualify
        min(taking_part.coefficient) over (partition by taking_part.report_id, taking_part.row_part)
        < max(taking_part.coefficient) over (partition by taking_part.report_id, taking_part.row_part)

)

select * from final
