-- one row per report and section of subjects that no rule of the year and no other department has; one for a report without
{#-
    Other reports have a say in it, so it is asked of all reports in every build: a build that takes over what has not changed would
    give another answer than a full one.
#}
with

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

subject_rows as (

    select * from {{ ref('int_subject_rows') }} where parent_code is not null

),

rules as (

    select * from {{ ref('subject_rules') }}

),

printed as (

    select distinct
        subject_rows.report_id,
        reports.department_id,
        reports.fiscal_year,
        subject_rows.classification,
        subject_rows.subject_code
    from subject_rows
    inner join reports
        on subject_rows.report_id = reports.report_id

),

met as (

    select
        classification,
        subject_code,
        min(department_id) as one_department,
        max(department_id) as other_department
    from printed
    group by
        classification,
        subject_code

),

departments as (

    select count(distinct department_id) as departments
    from reports

),

first_seen as (

    select
        printed.report_id,
        printed.classification,
        substr(printed.subject_code, 1, 5) as section_code,
        min(printed.subject_code) as subject_code,
        count(*) as subjects
    from printed
    inner join met
        on
            printed.classification = met.classification
            and printed.subject_code = met.subject_code
    left join rules
        on
            printed.classification = rules.classification
            and printed.subject_code = rules.subject_code
            and printed.fiscal_year between rules.first_year and coalesce(rules.last_year, 9999)
    where
        met.one_department = met.other_department
        and rules.subject_code is null
    group by
        printed.report_id,
        printed.classification,
        substr(printed.subject_code, 1, 5)

),

final as (

    select
        first_seen.report_id,
        's_first_seen' as identity_id,
        first_seen.classification || ':' || first_seen.section_code as instance_key,
        false as holds,
        'no other department here prints subject ' || first_seen.subject_code
        || case
            when first_seen.subjects = 1 then ': the code may be rare, or wrong'
            else ' and ' || cast(first_seen.subjects - 1 as string) || ' more of its section: the codes may be rare, or wrong'
        end as reason
    from first_seen
    cross join departments
    where departments.departments > 1

    union all

    select
        reports.report_id,
        's_first_seen' as identity_id,
        '' as instance_key,
        case when departments.departments > 1 then true end as holds,
        case when departments.departments = 1 then 'no other department is here to compare with' end as reason
    from reports
    cross join departments
    left join first_seen
        on
            case when departments.departments > 1 then reports.report_id end = first_seen.report_id
    where first_seen.report_id is null

)

select * from final
