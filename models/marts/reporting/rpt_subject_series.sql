-- one row per released report, leaf functional subject and fund, under the code of its year and the code of the latest year
with

expenditure as (

    select
        report_id,
        subject_id,
        subject_code,
        fund,
        sum(amount_yuan) as amount_yuan
    from {{ ref('fct_expenditure') }}
    group by
        report_id,
        subject_id,
        subject_code,
        fund

),

reports as (

    select * from {{ ref('dim_reports') }}

),

subjects as (

    select * from {{ ref('dim_subjects') }} where classification = 'functional'

),

lineages as (

    select * from {{ ref('int_subject_lineages') }} where classification = 'functional'

),

latest_subjects as (

    select * from subjects where is_current

),

given_anew as (

    select
        subject_code,
        max(change_year) as change_year
    from {{ ref('dim_subject_successors') }}
    where
        classification = 'functional'
        and change = 'given_anew'
    group by subject_code

),

latest as (

    select max(fiscal_year) as fiscal_year from reports

),

final as (

    select
        cast(expenditure.report_id as string) as report_id,
        cast(reports.department_id as string) as department_id,
        cast(reports.fiscal_year as integer) as fiscal_year,
        cast(reports.parent_report_id as string) as parent_report_id,
        cast(expenditure.subject_code as string) as subject_code,
        cast(subjects.subject_name as string) as subject_name,
        cast(expenditure.fund as string) as fund,
        cast(expenditure.amount_yuan as decimal(20, 2)) as amount_yuan,
        cast(lineages.latest_code as string) as latest_code,
        cast(latest_subjects.subject_name as string) as latest_name,
        cast(
            case
                when reports.fiscal_year < given_anew.change_year then 'given_anew'
                when lineages.latest_codes > 1 then 'split'
                when lineages.latest_code <> expenditure.subject_code then 'moved'
                when lineages.last_year_seen < latest.fiscal_year then 'not_seen_since'
                else 'same_code'
            end as string
        ) as series_status,
        cast(lineages.evidence as string) as evidence
    from expenditure
    cross join latest
    inner join reports
        on expenditure.report_id = reports.report_id
    inner join subjects
        on expenditure.subject_id = subjects.subject_id
    inner join lineages
        on expenditure.subject_code = lineages.subject_code
    left join given_anew
        on expenditure.subject_code = given_anew.subject_code
    left join latest_subjects
        on lineages.latest_code = latest_subjects.subject_code

)

select * from final
