-- one row per table 07 or 08 of a report with a narrative: whether the narrative says that it is empty exactly when it is
with

empty_tables as (

    select * from {{ ref('int_empty_tables') }} where table_no <> '09'

),

mentions as (

    select * from {{ of_changed_reports(ref('stg_accounts__narrative_mentions')) }}

),

narrated_reports as (

    select distinct report_id from mentions

),

final as (

    select
        empty_tables.report_id,
        'e_narrative' as identity_id,
        empty_tables.table_no as instance_key,
        empty_tables.is_empty = (count(mentions.mention_no) > 0) as holds,
        'table ' || empty_tables.table_no
        || case
            when empty_tables.is_empty then ' is empty, but the narrative does not say so'
            else ' has amounts, but the narrative says that it is empty'
        end as reason
    from empty_tables
    inner join narrated_reports
        on empty_tables.report_id = narrated_reports.report_id
    left join mentions
        on
            empty_tables.report_id = mentions.report_id
            and mentions.mention_kind = 'no_activity'
            and mentions.subject like case empty_tables.table_no when '07' then '政府性基金%' else '国有资本经营%' end
    group by
        empty_tables.report_id,
        empty_tables.table_no,
        empty_tables.is_empty

)

select * from final
