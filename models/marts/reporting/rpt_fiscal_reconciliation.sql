-- one row per released report and printed row of table 03: what tables 05, 07 and 08 pay of it, and what is left over
with

cells as (

    select * from {{ ref('fct_report_cells') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

subjects as (

    select * from {{ ref('dim_subjects') }} where classification = 'functional'

),

tables_printed as (

    select
        report_id,
        bool_or(table_no = '04' and print_status <> 'missing') as has_table_04,
        bool_or(table_no = '05' and print_status <> 'missing') as has_table_05,
        bool_or(table_no = '07' and print_status <> 'missing') as has_table_07,
        bool_or(table_no = '08' and print_status <> 'missing') as has_table_08
    from {{ ref('fct_report_tables') }}
    group by report_id

),

printed as (

    select
        report_id,
        row_key,
        sum(amount_yuan) filter (where table_no = '03') as table_03_yuan,
        sum(amount_yuan) filter (where table_no = '05') as table_05_yuan,
        sum(amount_yuan) filter (where table_no = '07') as table_07_yuan,
        sum(amount_yuan) filter (where table_no = '08') as table_08_yuan,
        sum(half_unit_yuan) as bound_yuan
    from cells
    where
        (table_no in ('03', '05', '08') and column_name = 'total')
        or (table_no = '07' and column_name = 'expenditure_total')
    group by
        report_id,
        row_key
    having count(*) filter (where table_no = '03') > 0

),

-- Table 04 prints classes and the total only.
summary as (

    select
        report_id,
        case row_key when 'expenditure_total' then 'total' else row_key end as row_key,
        amount_yuan as table_04_yuan
    from cells
    where
        table_no = '04'
        and column_name = 'total'

),

left_over as (

    select
        printed.report_id,
        printed.row_key,
        coalesce(printed.table_03_yuan, 0) as table_03_yuan,
        summary.table_04_yuan,
        case when tables_printed.has_table_05 then coalesce(printed.table_05_yuan, 0) end as table_05_yuan,
        case when tables_printed.has_table_07 then coalesce(printed.table_07_yuan, 0) end as table_07_yuan,
        case when tables_printed.has_table_08 then coalesce(printed.table_08_yuan, 0) end as table_08_yuan,
        -- beside a table that is not printed, nobody knows what is left over
        case
            when tables_printed.has_table_05 and tables_printed.has_table_07 and tables_printed.has_table_08
                then
                    coalesce(printed.table_03_yuan, 0) - coalesce(printed.table_05_yuan, 0) - coalesce(printed.table_07_yuan, 0)
                    - coalesce(printed.table_08_yuan, 0)
        end as left_over_yuan,
        coalesce(printed.bound_yuan, 0) as bound_yuan
    from printed
    inner join tables_printed
        on printed.report_id = tables_printed.report_id
    left join summary
        on
            printed.report_id = summary.report_id
            and printed.row_key = summary.row_key
    where
        printed.row_key not like 'blank_%'
        and printed.row_key not like 'unknown_%'

),

final as (

    select
        cast(left_over.report_id as string) as report_id,
        cast(reports.department_id as string) as department_id,
        cast(reports.fiscal_year as integer) as fiscal_year,
        cast(left_over.row_key as string) as row_key,
        cast(coalesce(subjects.subject_name, '合计') as string) as subject_name,
        cast(coalesce(subjects.subject_level, 'total') as string) as subject_level,
        cast(left_over.table_03_yuan as decimal(20, 2)) as table_03_yuan,
        cast(left_over.table_04_yuan as decimal(20, 2)) as table_04_yuan,
        cast(left_over.table_05_yuan as decimal(20, 2)) as table_05_yuan,
        cast(left_over.table_07_yuan as decimal(20, 2)) as table_07_yuan,
        cast(left_over.table_08_yuan as decimal(20, 2)) as table_08_yuan,
        cast(left_over.left_over_yuan as decimal(20, 2)) as left_over_yuan,
        cast(left_over.bound_yuan as decimal(20, 6)) as bound_yuan,
        cast(case
            when left_over.left_over_yuan is null then 'not_printed'
            when left_over.left_over_yuan = 0 then 'none'
            when abs(left_over.left_over_yuan) <= left_over.bound_yuan then 'rounding'
            when left_over.left_over_yuan > 0 then 'non_fiscal'
            else 'contradiction'
        end as string) as explanation
    from left_over
    inner join reports
        on left_over.report_id = reports.report_id
    left join subjects
        on
            left_over.row_key = subjects.subject_code
            and reports.fiscal_year between subjects.valid_from_year and coalesce(subjects.valid_to_year, 9999)

)

select * from final
