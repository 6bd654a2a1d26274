-- one row per statement of the narrative that has no figure
with

source as (

    select * from {{ staged_rows('narrative_mentions') }} as raw_rows

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        try_cast({{ trimmed('mention_no') }} as integer) as mention_no,
        try_cast({{ trimmed('paragraph_no') }} as integer) as paragraph_no,
        {{ trimmed('mention_kind') }} as mention_kind,
        {{ trimmed('subject') }} as subject,
        {{ trimmed('base') }} as base,
        {{ trimmed('mention_text') }} as mention_text
    from source

)

select * from final
