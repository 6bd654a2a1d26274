-- one row per printed amount cell of tables 公开01 to 公开10: the one mart it lands in, or why it lands in none
with

cells as (

    select * from {{ of_changed_reports(ref('fct_report_cells')) }} where cell_status in ('amount', 'rejected')

),

reports as (

    select * from {{ ref('int_reports_released') }}

),

form_columns as (

    select * from {{ ref('form_columns') }}

),

-- Tables 03 and 04 repeat others, but for what those do not print.
left_over as (

    select * from {{ ref('fct_expenditure') }} where table_no in ('03', '04')

),

described as (

    select
        cells.report_id,
        cells.table_no,
        cells.row_key,
        cells.column_name,
        cells.cell_status,
        reports.report_id is not null as is_released,
        cells.row_role in ('total', 'parent') or form_columns.column_role = 'total' as is_total,
        cells.row_role = 'blank' as is_unknown,
        cells.row_role = 'of_which' as is_part,
        (
            cells.table_no = '01'
            and cells.row_key in ('opening_balance', 'closing_balance', 'non_fiscal_surplus_used', 'surplus_distribution')
        )
        or (
            cells.table_no = '04'
            and cells.row_key in ('expenditure_total', 'closing_balance')
            and form_columns.column_role = 'component'
        ) as is_balance,
        left_over.report_id is not null as is_left_over
    from cells
    left join reports
        on cells.report_id = reports.report_id
    left join form_columns
        on
            cells.table_no = form_columns.table_no
            and cells.column_name = form_columns.column_name
    left join left_over
        on
            cells.report_id = left_over.report_id
            and cells.table_no = left_over.table_no
            and cells.row_key = left_over.subject_code
            and cells.column_name = left_over.column_name

),

used as (

    select
        *,
        case
            when cell_status = 'rejected' then 'rejected'
            when not is_released then 'held_back'
            when is_unknown then 'unknown'
            when is_part then 'repetition'
            when is_balance then 'fact'
            when is_left_over then 'fact'
            when is_total then 'total'
            when table_no = '01' then 'repetition'
            when table_no = '04' and (row_key like 'revenue_%' or row_key like 'opening_balance_%') then 'fact'
            when table_no = '04' then 'repetition'
            when table_no = '03' then 'repetition'
            when table_no in ('02', '05', '06', '07', '08', '09', '10') then 'fact'
            else 'unclaimed'
        end as cell_use
    from described

),

final as (

    select
        cast(report_id as string) as report_id,
        cast(table_no as string) as table_no,
        cast(row_key as string) as row_key,
        cast(column_name as string) as column_name,
        cast(cell_use as string) as cell_use,
        cast(case
            when cell_use <> 'fact' then null
            when is_left_over then 'fct_expenditure'
            when table_no in ('01', '04') then 'fct_fund_balances'
            when table_no = '02' then 'fct_revenue'
            when table_no = '06' then 'fct_basic_expenditure'
            when table_no = '07' and column_name not like 'expenditure%' then 'fct_government_fund_balances'
            when table_no = '08' and column_name in ('opening_balance', 'revenue', 'closing_balance') then 'fct_state_capital_balances'
            when table_no = '09' then 'fct_three_public'
            when table_no = '10' then 'fct_disclosures'
            when table_no in ('03', '05', '07', '08') then 'fct_expenditure'
        end as string) as mart
    from used

)

select * from final
{{ and_unchanged_rows() }}
