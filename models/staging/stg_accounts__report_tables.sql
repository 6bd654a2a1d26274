-- one row per report and table that is printed in it
with

source as (

    select * from {{ staged_rows('report_tables') }} as raw_rows

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        {{ trimmed('table_no') }} as table_no,
        {{ trimmed('form_no') }} as form_no,
        {{ trimmed('title') }} as title,
        {{ trimmed('department_name') }} as department_name,
        {{ trimmed('fiscal_year') }} as fiscal_year,
        {{ trimmed('amount_unit') }} as amount_unit,
        try_cast({{ trimmed('amount_decimals') }} as integer) as amount_decimals,
        try_cast({{ trimmed('page_from') }} as integer) as page_from,
        try_cast({{ trimmed('page_to') }} as integer) as page_to
    from source

)

select * from final
