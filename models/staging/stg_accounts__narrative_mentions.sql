-- one row per statement of the narrative that has no figure
with

source as (

    select * from {{ ref('narrative_mentions') }}

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        cast({{ trimmed('mention_no') }} as integer) as mention_no,
        cast({{ trimmed('paragraph_no') }} as integer) as paragraph_no,
        {{ trimmed('mention_kind') }} as mention_kind,
        {{ trimmed('subject') }} as subject,
        {{ trimmed('base') }} as base,
        {{ trimmed('mention_text') }} as mention_text
    from source

)

select * from final
