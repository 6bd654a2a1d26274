-- one row per raw cell that a person has corrected
with

source as (

    select * from {{ staged_rows('corrections') }} as raw_rows

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        {{ trimmed('table_no') }} as table_no,
        try_cast({{ trimmed('row_no') }} as integer) as row_no,
        {{ trimmed('column_name') }} as column_name,
        {{ trimmed('text_read') }} as text_read,
        {{ trimmed('text_corrected') }} as text_corrected,
        {{ trimmed('corrected_by') }} as corrected_by,
        {{ trimmed('corrected_at') }} as corrected_at
    from source

)

select * from final
