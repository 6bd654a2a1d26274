-- one row per paragraph with a figure that a template left unfinished: no unit, two directions, a blank that nobody filled
with

mentions as (

    select * from {{ of_changed_reports(ref('stg_accounts__narrative_mentions')) }} where mention_kind = 'unfinished'

),

final as (

    select
        report_id,
        'n_unfinished' as identity_id,
        cast(paragraph_no as string) as instance_key,
        false as holds,
        'the text says «' || min(mention_text) || '»'
        || case when count(*) > 1 then ' and ' || cast(count(*) - 1 as string) || ' more' else '' end as reason
    from mentions
    group by
        report_id,
        paragraph_no

)

select * from final
