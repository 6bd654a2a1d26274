-- one row per paragraph of the narrative (情况说明)
with

source as (

    select * from {{ ref('narrative_paragraphs') }}

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        cast({{ trimmed('paragraph_no') }} as integer) as paragraph_no,
        {{ trimmed('section') }} as section,
        {{ trimmed('subsection') }} as subsection,
        cast({{ trimmed('page_no') }} as integer) as page_no,
        {{ trimmed('paragraph_text') }} as paragraph_text
    from source

)

select * from final
