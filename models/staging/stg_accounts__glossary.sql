-- one row per term that a report explains (名词解释)
with

source as (

    select * from {{ staged_rows('glossary') }} as raw_rows

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        try_cast({{ trimmed('term_no') }} as integer) as term_no,
        {{ trimmed('term') }} as term,
        {{ trimmed('definition') }} as definition
    from source

)

select * from final
