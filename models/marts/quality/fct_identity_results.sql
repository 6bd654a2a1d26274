-- one row per report, identity and instance that should run: what came of it
with

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

identities as (

    select * from {{ ref('identities') }}

),

linear_results as (

    select * from {{ ref('int_identity_linear_results') }}

),

ratio_results as (

    select * from {{ ref('int_ratio_results') }}

),

statement_results as (

    select * from {{ ref('int_statement_results') }}

),

gaps as (

    select
        report_id,
        identity_id,
        min(reason) as reason
    from {{ ref('int_identity_gaps') }}
    group by
        report_id,
        identity_id

),

waivers as (

    select * from {{ ref('waivers') }}

),

results as (

    select
        report_id,
        identity_id,
        row_part,
        column_key,
        instance_key,
        status,
        residual,
        bound,
        left_side,
        right_side,
        cells_present,
        reason
    from linear_results

    union all

    select
        report_id,
        identity_id,
        instance_key as row_part,
        '' as column_key,
        instance_key,
        status,
        residual,
        bound,
        left_side,
        right_side,
        cells_present,
        reason
    from ratio_results

    union all

    select
        report_id,
        identity_id,
        instance_key as row_part,
        '' as column_key,
        instance_key,
        status,
        null as residual,
        null as bound,
        null as left_side,
        null as right_side,
        null as cells_present,
        reason
    from statement_results

),

-- An identity of which a report has nothing is listed once, and says why.
listed as (

    select
        reports.report_id,
        identities.identity_id,
        identities.severity,
        identities.comparison,
        coalesce(results.row_part, '') as row_part,
        coalesce(results.column_key, '') as column_key,
        coalesce(results.instance_key, '') as instance_key,
        coalesce(results.status, 'not_evaluable') as status,
        results.residual,
        results.bound,
        results.left_side,
        results.right_side,
        results.cells_present,
        case when results.report_id is null then coalesce(gaps.reason, 'nothing of the kind is printed') else results.reason end as reason
    from reports
    inner join identities
        on reports.fiscal_year between coalesce(identities.first_year, 0) and coalesce(identities.last_year, 9999)
    left join results
        on
            reports.report_id = results.report_id
            and identities.identity_id = results.identity_id
    left join gaps
        on
            reports.report_id = gaps.report_id
            and identities.identity_id = gaps.identity_id
            and results.report_id is null

),

final as (

    select
        cast(listed.report_id as varchar) as report_id,
        cast(listed.identity_id as varchar) as identity_id,
        cast(listed.instance_key as varchar) as instance_key,
        cast(listed.row_part as varchar) as row_part,
        cast(listed.column_key as varchar) as column_key,
        cast(listed.severity as varchar) as severity,
        cast(
            case when listed.status = 'broken' and waivers.identity_id is not null then 'waived' else listed.status end
            as varchar
        ) as status,
        cast(listed.comparison as varchar) as comparison,
        cast(listed.residual as decimal(20, 2)) as residual_yuan,
        cast(listed.bound as decimal(20, 6)) as bound_yuan,
        cast(listed.left_side as decimal(20, 2)) as left_yuan,
        cast(listed.right_side as decimal(20, 2)) as right_yuan,
        cast(listed.cells_present as integer) as cells_present,
        cast(listed.reason as varchar) as reason
    from listed
    left join waivers
        on
            listed.report_id = waivers.report_id
            and listed.identity_id = waivers.identity_id
            and listed.instance_key = coalesce(waivers.instance_key, '')
            and coalesce(listed.residual, 0) = waivers.residual_yuan

)

select * from final
