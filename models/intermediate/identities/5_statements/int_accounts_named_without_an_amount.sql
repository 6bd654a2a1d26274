-- one row per account that the narrative names: whether table 06 has an amount for it
with

mentions as (

    select * from {{ of_changed_reports(ref('stg_accounts__narrative_mentions')) }} where mention_kind = 'account'

),

economic_subjects as (

    select * from {{ of_changed_reports(ref('stg_accounts__basic_expenditure')) }} where subject_code is not null

),

final as (

    select
        mentions.report_id,
        'n_named_account' as identity_id,
        cast(mentions.mention_no as string) as instance_key,
        coalesce(max(case when {{ cell_status('economic_subjects.amount') }} = 'amount' then 1 else 0 end), 0) = 1 as holds,
        '«' || max(mentions.subject) || '» is named, '
        || case
            when max(economic_subjects.row_key) is null then 'table 06 has no such account'
            else 'its cell in table 06 is blank'
        end as reason
    from mentions
    left join economic_subjects
        on
            mentions.report_id = economic_subjects.report_id
            and mentions.subject = economic_subjects.subject_name
            and substr(economic_subjects.subject_code, 1, 3) not in ('309', '311')
    group by
        mentions.report_id,
        mentions.mention_no

)

select * from final
