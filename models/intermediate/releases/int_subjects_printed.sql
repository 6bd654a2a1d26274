-- one row per released report, classification and subject code, with the name that it prints
with

reports as (

    select * from {{ ref('int_reports_released') }}

),

printed as (

    {% for table_no, table in printed_tables().items() if table.rows == 'subjects' -%}
    select
        report_id,
        '{{ 'economic' if table_no == '06' else 'functional' }}' as classification,
        subject_code,
        subject_name,
        parent_code
    from {{ ref('stg_accounts__' ~ table.name) }}
    where subject_code is not null
    union all

    {% endfor -%}
    -- of a class that table 04 alone tells of, the name is that of the form
    select distinct
        report_id,
        'functional' as classification,
        class_code as subject_code,
        class_name as subject_name,
        cast(null as string) as parent_code
    from {{ ref('int_classes_of_table_04') }}

),

counted as (

    select
        report_id,
        classification,
        subject_code,
        subject_name,
        parent_code,
        count(*) as times
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

    select *
    from counted
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
        named.parent_code
    from named
    inner join reports
        on named.report_id = reports.report_id

)

select * from final
