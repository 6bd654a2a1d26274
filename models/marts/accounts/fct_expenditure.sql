-- one row per report, leaf functional subject, fund and kind of expenditure
with

amounts as (

    select * from {{ ref('int_subject_amounts') }} where table_no in ('05', '07', '08') and expenditure_kind is not null

),

non_fiscal as (

    select * from {{ ref('int_non_fiscal_expenditure') }}

),

reports as (

    select * from {{ ref('int_reports_released') }}

),

subjects as (

    select * from {{ ref('dim_subjects') }} where classification = 'functional'

),

final as (

    select
        cast(report_id as string) as report_id,
        cast(subject_id as string) as subject_id,
        cast(subject_code as string) as subject_code,
        cast(fund as string) as fund,
        cast(expenditure_kind as string) as expenditure_kind,
        cast(amount_yuan as decimal(20, 2)) as amount_yuan,
        cast(table_no as string) as table_no,
        cast(column_name as string) as column_name
    from amounts

    union all

    select
        cast(non_fiscal.report_id as string) as report_id,
        cast(subjects.subject_id as string) as subject_id,
        cast(non_fiscal.subject_code as string) as subject_code,
        cast('non_fiscal' as string) as fund,
        cast(non_fiscal.expenditure_kind as string) as expenditure_kind,
        cast(non_fiscal.amount_yuan as decimal(20, 2)) as amount_yuan,
        cast('03' as string) as table_no,
        cast(non_fiscal.expenditure_kind as string) as column_name
    from non_fiscal
    inner join reports
        on non_fiscal.report_id = reports.report_id
    inner join subjects
        on
            non_fiscal.subject_code = subjects.subject_code
            and reports.fiscal_year between subjects.valid_from_year and coalesce(subjects.valid_to_year, 9999)

)

select * from final
