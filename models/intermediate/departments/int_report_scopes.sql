-- one row per released report: whether it is of a department with its units, or of a unit, and which report contains it
with

reports as (

    select
        *,
        {{ replace_all('department_name', '[（(](本级|机关)[)）]$|本级$', '') }} as name_of_the_whole
    from {{ ref('int_reports_released') }}

),

institutions as (

    select * from {{ ref('stg_accounts__institutions') }} where institution_kind = 'subordinate'

),

parts as (

    -- the department's own unit: 某某局（本级） beside 某某局
    select
        reports.report_id,
        wholes.report_id as parent_report_id
    from reports
    inner join reports as wholes
        on
            reports.division_code = wholes.division_code
            and reports.fiscal_year = wholes.fiscal_year
            and reports.name_of_the_whole = wholes.department_name
    where reports.name_of_the_whole <> reports.department_name

    union

    -- a unit that the department's report lists
    select
        reports.report_id,
        institutions.report_id as parent_report_id
    from reports
    inner join institutions
        on reports.department_name = institutions.institution_name
    inner join reports as wholes
        on
            institutions.report_id = wholes.report_id
            and reports.fiscal_year = wholes.fiscal_year
    where reports.report_id <> wholes.report_id

    union

    -- a unit by its title, under the code of its department and three figures more
    select
        reports.report_id,
        wholes.report_id as parent_report_id
    from reports
    inner join reports as wholes
        on
            reports.division_code = wholes.division_code
            and reports.fiscal_year = wholes.fiscal_year
            and substr(reports.department_code, 1, 3) = wholes.department_code
    where
        reports.title like '%单位决算%'
        and wholes.title not like '%单位决算%'
        and length(reports.department_code) = 6

),

contained as (

    select
        report_id,
        min(parent_report_id) as parent_report_id
    from parts
    group by report_id

),

final as (

    select
        reports.report_id,
        case
            when reports.name_of_the_whole <> reports.department_name then 'own_unit'
            when reports.title like '%单位决算%' or contained.report_id is not null then 'unit'
            when reports.title like '%部门决算%' then 'department'
        end as report_scope,
        contained.parent_report_id
    from reports
    left join contained
        on reports.report_id = contained.report_id

)

select * from final
