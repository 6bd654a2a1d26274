-- one row per form of a report whose narrative speaks of grades: whether the form’s grade is the one
with

mentions as (

    select * from {{ of_changed_reports(ref('stg_accounts__narrative_mentions')) }} where mention_kind = 'grade'

),

projects as (

    select * from {{ of_changed_reports(ref('stg_accounts__projects')) }}

),

final as (

    select
        mentions.report_id,
        'n_grade' as identity_id,
        cast(projects.project_no as string) as instance_key,
        bool_and(projects.grade = mentions.base) as holds,
        'the narrative speaks of grades «' || max(mentions.base) || '», the form of ' || max(projects.project_name) || ' prints «'
        || max(projects.grade) || '»' as reason
    from mentions
    inner join projects
        on mentions.report_id = projects.report_id
    group by
        mentions.report_id,
        projects.project_no

)

select * from final
