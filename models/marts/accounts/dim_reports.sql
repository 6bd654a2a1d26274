-- one row per released report
with

reports as (

    select * from {{ ref('int_reports_released') }}

),

tables_printed as (

    select
        report_id,
        {{ tables_that_are('printed') }} as tables_printed,
        {{ tables_that_are('empty') }} as tables_empty,
        {{ tables_that_are('missing') }} as tables_missing
    from {{ ref('int_tables_printed') }}
    group by report_id

),

publications as (

    select * from {{ ref('int_publications') }}

),

divisions as (

    select
        of_the_year.division_code,
        of_the_year.fiscal_year,
        of_the_year.division_id,
        of_the_year.division_match,
        divisions.latest_code
    from {{ ref('int_report_divisions') }} as of_the_year
    inner join {{ ref('dim_divisions') }} as divisions
        on of_the_year.division_id = divisions.division_id

),

scopes as (

    select * from {{ ref('int_report_scopes') }}

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
        cast(reports.source_file as string) as source_file,
        cast(reports.source_url as string) as source_url,
        cast(reports.origin as string) as origin,
        cast(tables_printed.tables_printed as string) as tables_printed,
        cast(tables_printed.tables_empty as string) as tables_empty,
        cast(tables_printed.tables_missing as string) as tables_missing,
        cast(publications.supersedes_report_id as string) as supersedes_report_id,
        cast(prior_reports.report_id as string) as prior_report_id,
        cast(divisions.division_id as string) as division_id,
        cast(divisions.division_match as string) as division_match,
        cast(divisions.latest_code as string) as latest_division_code,
        cast(scopes.report_scope as string) as report_scope,
        cast(scopes.parent_report_id as string) as parent_report_id
    from reports
    left join publications
        on reports.report_id = publications.report_id
    left join tables_printed
        on reports.report_id = tables_printed.report_id
    left join reports as prior_reports
        on
            reports.department_id = prior_reports.department_id
            and reports.fiscal_year - 1 = prior_reports.fiscal_year
    left join scopes
        on reports.report_id = scopes.report_id
    left join divisions
        on
            reports.division_code = divisions.division_code
            and reports.fiscal_year = divisions.fiscal_year

)

select * from final
