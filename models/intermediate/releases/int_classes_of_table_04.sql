-- one row per released report, class and fund that table 04 alone tells of: neither table 03 nor the table of the fund is printed
with

reports as (

    select * from {{ ref('int_reports_released') }}

),

tables_printed as (

    select * from {{ ref('int_tables_printed') }}

),

cells as (

    select * from {{ ref('int_cells_in_words') }}
    where
        table_no = '04'
        and cell_status = 'amount'
        and {{ is_match('row_key', '^[0-9]{3}$') }}

),

form_lines as (

    select * from {{ ref('form_lines') }} where table_no = '04'

),

missing_tables as (

    select
        report_id,
        table_no
    from tables_printed
    where print_status = 'missing'

),

final as (

    select
        cells.report_id,
        reports.fiscal_year,
        cells.row_key as class_code,
        form_lines.label as class_name,
        cells.column_name as fund,
        cells.amount_yuan
    from cells
    inner join reports
        on cells.report_id = reports.report_id
    inner join missing_tables as without_03
        on
            cells.report_id = without_03.report_id
            and without_03.table_no = '03'
    inner join missing_tables as without_the_fund
        on
            cells.report_id = without_the_fund.report_id
            and case cells.column_name
                when 'general_public_budget' then '05'
                when 'government_fund' then '07'
                when 'state_capital_operations' then '08'
            end = without_the_fund.table_no
    inner join form_lines
        on
            cells.row_key = form_lines.row_key
            and reports.fiscal_year between coalesce(form_lines.first_year, 0) and coalesce(form_lines.last_year, 9999)
    -- a class may have several labels
    qualify row_number() over (partition by cells.report_id, cells.row_key, cells.column_name order by form_lines.label) = 1

)

select * from final
