-- one row per note printed under a table
with

source as (

    select * from {{ ref('table_notes') }}

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        {{ trimmed('table_no') }} as table_no,
        cast({{ trimmed('note_no') }} as integer) as note_no,
        {{ trimmed('note_kind') }} as note_kind,
        {{ trimmed('note_text') }} as note_text
    from source

)

select * from final
