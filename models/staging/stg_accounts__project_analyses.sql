-- one row per project and section of its self-evaluation analysis
with

source as (

    select * from {{ staged_rows('project_analyses') }} as raw_rows

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        try_cast({{ trimmed('project_no') }} as integer) as project_no,
        try_cast({{ trimmed('section_no') }} as integer) as section_no,
        {{ trimmed('section') }} as section,
        {{ trimmed('analysis_text') }} as analysis_text,
        {{ trimmed('cut_columns') }} as cut_columns
    from source

)

select * from final
