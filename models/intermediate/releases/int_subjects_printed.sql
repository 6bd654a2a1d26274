-- one row per released report, classification and subject code, with the name that it prints
with

reports as (

    select * from {{ ref('int_reports_released') }}

),

printed as (

    select
        report_id,
        classification,
        subject_code,
        subject_name,
        parent_code,
        table_no
    from {{ ref('int_subject_rows') }}

    union all

    -- of a class that table 04 alone tells of, the name is that of the form
    select distinct
        report_id,
        'functional' as classification,
        class_code as subject_code,
        class_name as subject_name,
        cast(null as string) as parent_code,
        '04' as table_no
    from {{ ref('int_classes_of_table_04') }}

),

counted as (

    select
        report_id,
        classification,
        subject_code,
        subject_name,
        parent_code,
        count(*) as times,
        max(table_no = '05') as is_in_05,
        max(table_no = '07') as is_in_07,
        max(table_no = '08') as is_in_08
    from printed
    group by
        report_id,
        classification,
        subject_code,
        subject_name,
        parent_code

),

-- One name a report and code: where its tables print two, the one that they print most.
named as (

    select
        report_id,
        classification,
        subject_code,
        subject_name,
        parent_code,
        max(is_in_05) over of_the_code as is_in_05,
        max(is_in_07) over of_the_code as is_in_07,
        max(is_in_08) over of_the_code as is_in_08
    from counted
    window of_the_code as (partition by report_id, classification, subject_code)
    qualify row_number() over (
        partition by report_id, classification, subject_code
        order by times desc, subject_name asc
    ) = 1

),

final as (

    select
        named.report_id,
        reports.fiscal_year,
        named.classification,
        named.subject_code,
        named.subject_name,
        named.parent_code,
        named.is_in_05,
        named.is_in_07,
        named.is_in_08
    from named
    inner join reports
        on named.report_id = reports.report_id

)

select * from final
