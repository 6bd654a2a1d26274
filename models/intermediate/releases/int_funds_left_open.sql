-- one row per released report that misses a table of a fund, class of it, and fund that may have paid what no table tells
{#-
    Where tables 05, 07 and 08 are printed, or empty, the rest of table 03 is non-fiscal. Where one is missing, its column in table 04
    tells of each class what the fund paid; without table 04 any fund that is missing can have paid, and so can no fiscal one.
#}
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
        (
            table_no = '04'
            or (
                table_no = '03'
                and column_name = 'total'
            )
        )
        and length(row_key) = 3
        and {{ is_match('row_key', '^[0-9]{3}$') }}

),

subjects as (

    select distinct
        report_id,
        substr(subject_code, 1, 3) as class_code
    from {{ ref('int_subject_amounts') }}
    where table_no = '03'

),

summaries as (

    select * from tables_printed
    where
        table_no = '04'
        and has_total

),

-- A table without its total may have been cut; where table 04 prints its column, the two have been compared.
missing_funds as (

    select
        reports.report_id,
        case tables_printed.table_no
            when '05' then 'general_public_budget'
            when '07' then 'government_fund'
            else 'state_capital_operations'
        end as fund,
        summaries.report_id is not null as has_summary
    from reports
    inner join tables_printed
        on reports.report_id = tables_printed.report_id
    left join summaries
        on reports.report_id = summaries.report_id
    where
        tables_printed.table_no in ('05', '07', '08')
        and (
            tables_printed.print_status = 'missing'
            or (
                tables_printed.print_status = 'printed'
                and not tables_printed.has_total
                and summaries.report_id is null
            )
        )

),

class_columns as (

    select
        report_id,
        row_key as class_code,
        column_name as fund
    from cells
    where
        table_no = '04'
        and amount <> 0

),

class_totals as (

    select
        report_id,
        row_key as class_code,
        coalesce(sum(amount_yuan) filter (where table_no = '03'), 0) as all_funds_yuan,
        coalesce(sum(amount_yuan) filter (where table_no = '04'), 0) as fiscal_yuan,
        coalesce(sum(half_unit_yuan), 0) as bound_yuan
    from cells
    where column_name = 'total'
    group by
        report_id,
        row_key
    having count(*) filter (where table_no = '03') > 0

),

final as (

    select
        missing_funds.report_id,
        subjects.class_code,
        missing_funds.fund
    from missing_funds
    inner join subjects
        on missing_funds.report_id = subjects.report_id
    left join class_columns
        on
            missing_funds.report_id = class_columns.report_id
            and subjects.class_code = class_columns.class_code
            and missing_funds.fund = class_columns.fund
    where
        not missing_funds.has_summary
        or class_columns.report_id is not null

    union

    -- Table 04 has all of the class within what rounding explains, or others than fiscal funds may have paid, too.
    select
        missing_funds.report_id,
        subjects.class_code,
        'non_fiscal' as fund
    from missing_funds
    inner join subjects
        on missing_funds.report_id = subjects.report_id
    left join class_totals
        on
            missing_funds.report_id = class_totals.report_id
            and subjects.class_code = class_totals.class_code
    where
        not missing_funds.has_summary
        or class_totals.report_id is null
        or abs(class_totals.all_funds_yuan - class_totals.fiscal_yuan) > class_totals.bound_yuan

)

select * from final
