-- one row per project and section of its self-evaluation analysis
with

source as (

    select * from {{ ref('project_analyses') }}

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        cast({{ trimmed('project_no') }} as integer) as project_no,
        cast({{ trimmed('section_no') }} as integer) as section_no,
        {{ trimmed('section') }} as section,
        {{ trimmed('analysis_text') }} as analysis_text,
        {{ trimmed('cut_columns') }} as cut_columns
    from source

)

select * from final
