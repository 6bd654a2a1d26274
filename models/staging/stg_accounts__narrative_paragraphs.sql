-- one row per paragraph of the narrative (情况说明)
with

source as (

    select * from {{ staged_rows('narrative_paragraphs') }} as raw_rows

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        try_cast({{ trimmed('paragraph_no') }} as integer) as paragraph_no,
        {{ trimmed('section') }} as section,
        {{ trimmed('subsection') }} as subsection,
        try_cast({{ trimmed('page_no') }} as integer) as page_no,
        {{ trimmed('paragraph_text') }} as paragraph_text
    from source

)

select * from final
