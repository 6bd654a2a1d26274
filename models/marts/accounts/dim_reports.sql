-- one row per released report
with

reports as (

    select * from {{ ref('int_reports_released') }}

),

final as (

    select
        cast(reports.report_id as string) as report_id,
        cast(reports.department_id as string) as department_id,
        cast(reports.fiscal_year as integer) as fiscal_year,
        cast(reports.title as string) as title,
        cast(reports.department_name as string) as department_name,
        cast(reports.division_code as string) as division_code,
        cast(reports.division_name as string) as division_name,
        cast(reports.government_level as string) as government_level,
        cast(reports.amount_unit as string) as amount_unit,
        cast(reports.amount_decimals as integer) as amount_decimals,
        cast(reports.page_count as integer) as page_count,
        cast(reports.source_sha256 as string) as source_sha256,
        cast(reports.origin as string) as origin,
        cast(prior_reports.report_id as string) as prior_report_id
    from reports
    left join reports as prior_reports
        on
            reports.department_id = prior_reports.department_id
            and reports.fiscal_year - 1 = prior_reports.fiscal_year

)

select * from final
