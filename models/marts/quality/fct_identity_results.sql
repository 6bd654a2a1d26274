-- one row per report, identity and instance that should run: what came of it
with

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

identities as (

    select * from {{ ref('identities') }}

),

instances as (

    select * from {{ ref('int_identity_instances') }}

),

summed_results as (

    select * from {{ ref('int_identity_summed_results') }}

),

other_results as (

    select * from {{ ref('int_identity_other_results') }}

),

first_seen as (

    select * from {{ ref('int_subjects_first_seen') }}

),

results as (

    select
        summed_results.report_no,
        instances.identity_id,
        instances.instance_no,
        instances.instance_key,
        instances.severity,
        instances.comparison,
        summed_results.status,
        summed_results.residual_yuan,
        summed_results.bound_yuan,
        summed_results.left_yuan,
        summed_results.right_yuan,
        summed_results.cells_present,
        summed_results.reason
    from summed_results
    inner join instances
        on summed_results.instance_no = instances.instance_no

    union all

    select
        other_results.report_no,
        other_results.identity_id,
        cast(null as bigint) as instance_no,
        other_results.instance_key,
        identities.severity,
        identities.comparison,
        other_results.status,
        other_results.residual_yuan,
        other_results.bound_yuan,
        other_results.left_yuan,
        other_results.right_yuan,
        other_results.cells_present,
        other_results.reason
    from other_results
    inner join identities
        on other_results.identity_id = identities.identity_id

    union all

    -- Other reports decide it, so no release keeps it: it is asked of all reports anew.
    select
        reports.report_no,
        first_seen.identity_id,
        cast(null as bigint) as instance_no,
        first_seen.instance_key,
        identities.severity,
        identities.comparison,
        case when first_seen.holds then 'exact' when not first_seen.holds then 'broken' else 'not_evaluable' end as status,
        null as residual_yuan,
        null as bound_yuan,
        null as left_yuan,
        null as right_yuan,
        null as cells_present,
        first_seen.reason
    from first_seen
    inner join reports
        on first_seen.report_id = reports.report_id
    inner join identities
        on first_seen.identity_id = identities.identity_id

),

final as (

    select
        cast(reports.report_id as string) as report_id,
        cast(results.report_no as bigint) as report_no,
        cast(results.identity_id as string) as identity_id,
        cast(results.instance_no as bigint) as instance_no,
        cast(results.instance_key as string) as instance_key,
        cast(results.severity as string) as severity,
        cast(results.status as string) as status,
        cast(results.comparison as string) as comparison,
        cast(results.residual_yuan as decimal(26, 6)) as residual_yuan,
        cast(results.bound_yuan as decimal(18, 6)) as bound_yuan,
        cast(results.left_yuan as decimal(26, 6)) as left_yuan,
        cast(results.right_yuan as decimal(26, 6)) as right_yuan,
        cast(results.cells_present as integer) as cells_present,
        cast(results.reason as string) as reason
    from results
    inner join reports
        on results.report_no = reports.report_no

)

select * from final
