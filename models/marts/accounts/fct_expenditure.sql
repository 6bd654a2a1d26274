-- one row per report, leaf functional subject, fund and kind of expenditure
with

amounts as (

    select * from {{ ref('int_subject_amounts') }} where table_no in ('05', '07', '08') and expenditure_kind is not null

),

left_over as (

    select * from {{ ref('int_expenditure_left_over') }}

),

classes_of_table_04 as (

    select * from {{ ref('int_classes_of_table_04') }}

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
        cast(left_over.report_id as string) as report_id,
        cast(subjects.subject_id as string) as subject_id,
        cast(left_over.subject_code as string) as subject_code,
        cast(left_over.fund as string) as fund,
        cast(left_over.expenditure_kind as string) as expenditure_kind,
        cast(left_over.amount_yuan as decimal(20, 2)) as amount_yuan,
        cast('03' as string) as table_no,
        cast(left_over.expenditure_kind as string) as column_name
    from left_over
    inner join reports
        on left_over.report_id = reports.report_id
    inner join subjects
        on
            left_over.subject_code = subjects.subject_code
            and reports.fiscal_year between subjects.valid_from_year and coalesce(subjects.valid_to_year, 9999)

    union all

    select
        cast(classes_of_table_04.report_id as string) as report_id,
        cast(subjects.subject_id as string) as subject_id,
        cast(classes_of_table_04.class_code as string) as subject_code,
        cast(classes_of_table_04.fund as string) as fund,
        cast('unknown' as string) as expenditure_kind,
        cast(classes_of_table_04.amount_yuan as decimal(20, 2)) as amount_yuan,
        cast('04' as string) as table_no,
        cast(classes_of_table_04.fund as string) as column_name
    from classes_of_table_04
    inner join subjects
        on
            classes_of_table_04.class_code = subjects.subject_code
            and classes_of_table_04.fiscal_year between subjects.valid_from_year and coalesce(subjects.valid_to_year, 9999)

)

select * from final
