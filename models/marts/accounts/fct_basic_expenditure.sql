-- one row per report and leaf economic subject of the basic expenditure paid by the general public budget
with

amounts as (

    select * from {{ ref('int_subject_amounts') }} where table_no = '06'

),

subjects as (

    select * from {{ ref('dim_subjects') }}

),

final as (

    select
        cast(amounts.report_id as string) as report_id,
        cast(amounts.subject_id as string) as subject_id,
        cast(amounts.subject_code as string) as subject_code,
        cast(subjects.economic_category as string) as economic_category,
        cast(amounts.amount_yuan as decimal(20, 2)) as amount_yuan,
        cast(amounts.table_no as string) as table_no,
        cast(amounts.column_name as string) as column_name
    from amounts
    inner join subjects
        on amounts.subject_id = subjects.subject_id

)

select * from final
