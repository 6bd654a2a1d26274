-- one row per report, leaf functional subject and revenue source
with

amounts as (

    select * from {{ ref('int_subject_amounts') }} where table_no = '02'

),

final as (

    select
        cast(report_id as string) as report_id,
        cast(subject_id as string) as subject_id,
        cast(subject_code as string) as subject_code,
        cast(revenue_source as string) as revenue_source,
        cast(amount_yuan as decimal(20, 2)) as amount_yuan,
        cast(table_no as string) as table_no,
        cast(column_name as string) as column_name
    from amounts

)

select * from final
