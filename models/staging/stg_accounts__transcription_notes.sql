-- one row per doubt of the transcriber about a raw cell
with

source as (

    select * from {{ staged_rows('transcription_notes') }} as raw_rows

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        {{ trimmed('file_name') }} as file_name,
        {{ trimmed('row_key') }} as row_key,
        {{ trimmed('column_name') }} as column_name,
        {{ trimmed('note') }} as note
    from source

)

select * from final
