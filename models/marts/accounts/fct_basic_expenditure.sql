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
        cast(amounts.report_id as varchar) as report_id,
        cast(amounts.subject_id as varchar) as subject_id,
        cast(amounts.subject_code as varchar) as subject_code,
        cast(subjects.economic_category as varchar) as economic_category,
        cast(amounts.amount_yuan as decimal(20, 2)) as amount_yuan,
        cast(amounts.table_no as varchar) as table_no,
        cast(amounts.column_name as varchar) as column_name
    from amounts
    inner join subjects
        on amounts.subject_id = subjects.subject_id

)

select * from final
