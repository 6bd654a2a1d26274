-- one row per report, identity and instance that should run: what came of it
with

reports as (

    select * from {{ of_changed_reports(ref('stg_accounts__reports')) }}

),

identities as (

    select * from {{ ref('identities') }}

),

instances as (

    select * from {{ ref('int_identity_instances') }}

),

sums as (

    select * from {{ ref('int_identity_sums') }}

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
        report_no,
        identity_id,
        min(reason) as reason
    from {{ ref('int_identity_gaps') }}
    group by
        report_no,
        identity_id

),

waivers as (

    select * from {{ ref('waivers') }}

),

-- Reports and identities are joined to each part before the union: DuckDB cannot tell how large the union is, takes it for small and
-- would hold all of it in memory to find the report of a row.
results as (

    select
        reports.report_id,
        linear_results.report_no,
        linear_results.identity_id,
        linear_results.severity,
        linear_results.comparison,
        linear_results.instance_no,
        linear_results.instance_key,
        linear_results.status,
        linear_results.residual,
        linear_results.bound,
        linear_results.left_side,
        linear_results.right_side,
        linear_results.cells_present,
        linear_results.reason
    from linear_results
    inner join reports
        on linear_results.report_no = reports.report_no

    union all

    select
        reports.report_id,
        reports.report_no,
        ratio_results.identity_id,
        identities.severity,
        identities.comparison,
        null as instance_no,
        ratio_results.instance_key,
        ratio_results.status,
        ratio_results.residual,
        ratio_results.bound,
        ratio_results.left_side,
        ratio_results.right_side,
        ratio_results.cells_present,
        ratio_results.reason
    from ratio_results
    inner join reports
        on ratio_results.report_id = reports.report_id
    inner join identities
        on ratio_results.identity_id = identities.identity_id

    union all

    select
        reports.report_id,
        reports.report_no,
        statement_results.identity_id,
        identities.severity,
        identities.comparison,
        null as instance_no,
        statement_results.instance_key,
        statement_results.status,
        null as residual,
        null as bound,
        null as left_side,
        null as right_side,
        null as cells_present,
        statement_results.reason
    from statement_results
    inner join reports
        on statement_results.report_id = reports.report_id
    inner join identities
        on statement_results.identity_id = identities.identity_id

),

listed_identities as (

    select distinct
        sums.report_no,
        instances.identity_id
    from sums
    inner join instances
        on sums.instance_no = instances.instance_no

    union

    select
        reports.report_no,
        ratio_results.identity_id
    from ratio_results
    inner join reports
        on ratio_results.report_id = reports.report_id

    union

    select
        reports.report_no,
        statement_results.identity_id
    from statement_results
    inner join reports
        on statement_results.report_id = reports.report_id

),

-- An identity of which a report has nothing is listed once, and says why.
unlisted as (

    select
        reports.report_id,
        reports.report_no,
        identities.identity_id,
        identities.severity,
        identities.comparison,
        cast(null as bigint) as instance_no,
        '' as instance_key,
        'not_evaluable' as status,
        null as residual,
        null as bound,
        null as left_side,
        null as right_side,
        null as cells_present,
        coalesce(gaps.reason, 'nothing of the kind is printed') as reason
    from reports
    inner join identities
        on reports.fiscal_year between coalesce(identities.first_year, 0) and coalesce(identities.last_year, 9999)
    left join listed_identities
        on
            reports.report_no = listed_identities.report_no
            and identities.identity_id = listed_identities.identity_id
    left join gaps
        on
            reports.report_no = gaps.report_no
            and identities.identity_id = gaps.identity_id
    where listed_identities.report_no is null

),

listed as (

    select * from results

    union all

    select * from unlisted

),

final as (

    select
        cast(listed.report_id as string) as report_id,
        cast(listed.report_no as bigint) as report_no,
        cast(listed.identity_id as string) as identity_id,
        cast(listed.instance_no as bigint) as instance_no,
        cast(listed.instance_key as string) as instance_key,
        cast(listed.severity as string) as severity,
        cast(
            case when listed.status = 'broken' and waivers.identity_id is not null then 'waived' else listed.status end
            as string
        ) as status,
        cast(listed.comparison as string) as comparison,
        cast(listed.residual as decimal(26, 6)) as residual_yuan,
        cast(listed.bound as decimal(18, 6)) as bound_yuan,
        cast(listed.left_side as decimal(26, 6)) as left_yuan,
        cast(listed.right_side as decimal(26, 6)) as right_yuan,
        cast(listed.cells_present as integer) as cells_present,
        cast(
            case
                when listed.reason is not null then listed.reason
                when listed.status in ('broken', 'truncated')
                    then
                        cast(cast(listed.left_side as decimal(20, 2)) as string)
                        || case listed.comparison when 'at_most' then ' is more than ' else ' is not ' end
                        || cast(cast(listed.right_side as decimal(20, 2)) as string)
                        || coalesce(': rounding explains ' || cast(cast(listed.bound as decimal(20, 2)) as string) || ' at most', '')
            end as string
        ) as reason
    from listed
    left join waivers
        on
            listed.report_id = waivers.report_id
            and listed.identity_id = waivers.identity_id
            and listed.instance_key = coalesce(waivers.instance_key, '')
            and coalesce(listed.residual, 0) = waivers.residual_yuan

)

select * from final
{{ and_unchanged_rows() }}
