-- one row per classification, subject code, fiscal year and name that released reports print, with how many print it
with

printed as (

    select * from {{ ref('int_subjects_printed') }}

),

reports as (

    select * from {{ ref('int_reports_released') }}

),

rules as (

    select * from {{ ref('int_subject_rules') }}

),

counted as (

    select
        printed.classification,
        printed.subject_code,
        printed.fiscal_year,
        printed.subject_name,
        {{ subject_name_key('printed.subject_name') }} as name_key,
        count(*) as report_count,
        count(distinct reports.department_id) as department_count,
        -- what a made-up report calls a subject says nothing of it beside a published one
        count(case when reports.origin = 'published' then 1 end) as published_count
    from printed
    inner join reports
        on printed.report_id = reports.report_id
    group by
        printed.classification,
        printed.subject_code,
        printed.fiscal_year,
        printed.subject_name

),

-- What differs only in brackets is one name.
alike as (

    select
        *,
        sum(report_count) over (partition by classification, subject_code, fiscal_year, name_key) as reports_alike,
        sum(department_count) over (partition by classification, subject_code, fiscal_year, name_key) as departments_alike,
        sum(published_count) over (partition by classification, subject_code, fiscal_year, name_key) as published_alike
    from counted

),

-- Of several rules that hold in a year, the latest; one of a single fund stands back.
official as (

    select
        alike.classification,
        alike.subject_code,
        alike.fiscal_year,
        alike.subject_name,
        rules.official_name,
        rules.source
    from alike
    inner join rules
        on
            alike.classification = rules.classification
            and alike.subject_code = rules.subject_code
            and alike.fiscal_year between rules.first_year and rules.last_year
    qualify row_number() over (
        partition by alike.classification, alike.subject_code, alike.fiscal_year, alike.subject_name
        order by
            case when alike.name_key = {{ subject_name_key('rules.official_name') }} then 0 else 1 end,
            case when rules.fund is null then 0 else 1 end,
            rules.first_year desc
    ) = 1

),

final as (

    select
        alike.*,
        official.official_name,
        official.source as rule_source,
        coalesce(alike.name_key = {{ subject_name_key('official.official_name') }}, false) as is_official,
        row_number() over (
            partition by alike.classification, alike.subject_code, alike.fiscal_year
            order by alike.published_alike > 0 desc, alike.reports_alike desc, alike.report_count desc, alike.subject_name asc
        ) = 1 as is_leading
    from alike
    left join official
        on
            alike.classification = official.classification
            and alike.subject_code = official.subject_code
            and alike.fiscal_year = official.fiscal_year
            and alike.subject_name = official.subject_name

)

select * from final
