-- one row per note printed under a table
with

source as (

    select * from {{ staged_rows('table_notes') }} as raw_rows

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        {{ trimmed('table_no') }} as table_no,
        try_cast({{ trimmed('note_no') }} as integer) as note_no,
        {{ trimmed('note_kind') }} as note_kind,
        {{ trimmed('note_text') }} as note_text
    from source

)

select * from final
