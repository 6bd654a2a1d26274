-- one row per printed cell that no other raw table has a place for
with

source as (

    select * from {{ staged_rows('other_cells') }} as raw_rows

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        try_cast({{ trimmed('cell_no') }} as integer) as cell_no,
        {{ trimmed('table_no') }} as table_no,
        {{ trimmed('title') }} as title,
        try_cast({{ trimmed('page_no') }} as integer) as page_no,
        try_cast({{ trimmed('row_no') }} as integer) as row_no,
        try_cast({{ trimmed('column_no') }} as integer) as column_no,
        {{ trimmed('row_label') }} as row_label,
        {{ trimmed('heading') }} as heading,
        {{ trimmed('printed_text') }} as printed_text,
        {{ trimmed('box') }} as box
    from source

)

select * from final
