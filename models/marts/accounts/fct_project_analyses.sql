-- one row per project self-evaluation form and section of its analysis
with

analyses as (

    select * from {{ ref('stg_accounts__project_analyses') }}

),

reports as (

    select * from {{ ref('int_reports_released') }}

),

final as (

    select
        cast(analyses.report_id as string) as report_id,
        cast(analyses.project_no as integer) as project_no,
        cast(analyses.section_no as integer) as section_no,
        cast(analyses.section as string) as section,
        cast(analyses.analysis_text as string) as analysis_text,
        cast(analyses.cut_columns is not null as boolean) as is_cut
    from analyses
    inner join reports
        on analyses.report_id = reports.report_id

)

select * from final
