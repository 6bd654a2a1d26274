-- one row per published report, with its amount unit in yuan
with

source as (

    select * from {{ staged_rows('reports') }} as raw_rows

),

amount_units as (

    select * from {{ ref('amount_units') }}

),

typed as (

    select
        {{ trimmed('report_id') }} as report_id,
        {{ trimmed('title') }} as title,
        {{ trimmed('division_code') }} || '-' || {{ trimmed('department_code') }} as department_id,
        {{ trimmed('department_code') }} as department_code,
        {{ trimmed('department_name') }} as department_name,
        {{ trimmed('division_code') }} as division_code,
        {{ trimmed('division_name') }} as division_name,
        {{ trimmed('government_level') }} as government_level,
        try_cast({{ trimmed('fiscal_year') }} as integer) as fiscal_year,
        {{ trimmed('amount_unit') }} as amount_unit,
        try_cast({{ trimmed('amount_decimals') }} as integer) as amount_decimals,
        try_cast({{ trimmed('page_count') }} as integer) as page_count,
        {{ trimmed('source_sha256') }} as source_sha256,
        {{ trimmed('origin') }} as origin,
        try_cast({{ trimmed('published_on') }} as date) as published_on,
        {{ trimmed('source_file') }} as source_file,
        {{ trimmed('source_url') }} as source_url
    from source

),

final as (

    select
        {{ key_number('typed.report_id') }} as report_no,
        typed.*,
        amount_units.yuan as amount_unit_yuan
    from typed
    left join amount_units
        on typed.amount_unit = amount_units.amount_unit

)

select * from final
