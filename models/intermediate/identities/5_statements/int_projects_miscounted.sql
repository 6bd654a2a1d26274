-- one row per claim of how many projects there are: whether as many forms are printed
with

claims as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }}
    where
        subject = '二级项目'
        and measure = 'count'

),

projects as (

    select * from {{ of_changed_reports(ref('stg_accounts__projects')) }}

),

project_counts as (

    select
        report_id,
        count(*) as forms
    from projects
    group by report_id

),

forms_apart as (

    select * from {{ ref('int_reports_with_forms_apart') }}

),

final as (

    select
        claims.report_id,
        'n_project_count' as identity_id,
        cast(claims.claim_no as string) as instance_key,
        case
            when project_counts.forms is not null and forms_apart.report_id is null
                then claims.claim_value = project_counts.forms
        end as holds,
        'the narrative counts ' || claims.value_text || ' projects, '
        || coalesce(cast(project_counts.forms as string) || ' forms are printed', 'no form is printed') as reason
    from claims
    left join project_counts
        on claims.report_id = project_counts.report_id
    left join forms_apart
        on claims.report_id = forms_apart.report_id

)

select * from final
