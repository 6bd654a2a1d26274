-- one row per list of accounts in the narrative: whether table 06 has an amount for each of them
with

mentions as (

    select * from {{ of_changed_reports(ref('stg_accounts__narrative_mentions')) }} where mention_kind = 'account'

),

economic_subjects as (

    select * from {{ of_changed_reports(ref('stg_accounts__basic_expenditure')) }} where subject_code is not null

),

printed_reports as (

    select distinct report_id from economic_subjects

),

named as (

    select
        mentions.report_id,
        mentions.paragraph_no,
        coalesce(mentions.base, '') as base,
        mentions.subject,
        mentions.mention_no,
        -- what nobody can read may be an amount
        count(*) filter (where {{ cell_status('economic_subjects.amount') }} in ('amount', 'rejected')) > 0 as has_amount
    from mentions
    inner join printed_reports
        on mentions.report_id = printed_reports.report_id
    left join economic_subjects
        on
            mentions.report_id = economic_subjects.report_id
            and {{ account_name('mentions.subject') }} = {{ account_name('economic_subjects.subject_name') }}
            and substr(economic_subjects.subject_code, 1, 3) not in ('309', '311')
    group by
        mentions.report_id,
        mentions.paragraph_no,
        coalesce(mentions.base, ''),
        mentions.subject,
        mentions.mention_no

),

final as (

    select
        report_id,
        'n_named_account' as identity_id,
        cast(paragraph_no as string) || case when base = '' then '' else ':' || cast(min(mention_no) as string) end as instance_key,
        bool_and(has_amount) as holds,
        cast(count(*) as string) || ' accounts are named, ' || cast(count_if(not has_amount) as string)
        || ' of them have no amount in table 06: ' || min(case when not has_amount then subject end)
        || case when count_if(not has_amount) > 1 then ' and others' else '' end as reason
    from named
    group by
        report_id,
        paragraph_no,
        base

)

select * from final
