-- one row per institution that a report names (机构设置)
with

source as (

    select * from {{ staged_rows('institutions') }} as raw_rows

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        try_cast({{ trimmed('institution_no') }} as integer) as institution_no,
        {{ trimmed('institution_kind') }} as institution_kind,
        {{ trimmed('institution_name') }} as institution_name
    from source

)

select * from final
