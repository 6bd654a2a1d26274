-- one row per released report and identity that it breaks: where a department contradicts itself
with

results as (

    select * from {{ ref('fct_identity_results') }} where status = 'broken'

),

identities as (

    select * from {{ ref('identities') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

final as (

    select
        cast(results.report_id as string) as report_id,
        cast(reports.department_id as string) as department_id,
        cast(reports.fiscal_year as integer) as fiscal_year,
        cast(results.identity_id as string) as identity_id,
        cast(identities.family as string) as family,
        cast(results.severity as string) as severity,
        cast(max(identities.title) as string) as title,
        cast(max(identities.title_zh) as string) as title_zh,
        cast(count(*) as integer) as instances,
        cast(max(abs(results.residual_yuan)) as decimal(26, 6)) as largest_residual_yuan,
        cast(min(results.reason) as string) as example
    from results
    inner join reports
        on results.report_id = reports.report_id
    inner join identities
        on results.identity_id = identities.identity_id
    group by
        results.report_id,
        reports.department_id,
        reports.fiscal_year,
        results.identity_id,
        identities.family,
        results.severity

)

select * from final
