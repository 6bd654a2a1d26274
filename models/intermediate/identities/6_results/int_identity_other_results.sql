-- one row per report, identity and instance that should run and is no sum, or of which the report has nothing: what came of it
with

reports as (

    select * from {{ of_changed_reports(ref('stg_accounts__reports')) }}

),

identities as (

    -- what other reports here decide has a place of its own in fct_identity_results
    select * from {{ ref('identities') }} where identity_id <> 's_first_seen'

),

instances as (

    select * from {{ ref('int_identity_instances') }}

),

checks as (

    select * from {{ ref('int_identity_checks') }}

),

sums as (

    select * from {{ ref('int_identity_sums') }}

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

results as (

    select
        reports.report_id,
        reports.report_no,
        ratio_results.identity_id,
        identities.comparison,
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
        identities.comparison,
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

-- A report has an identity where one of its instances was summed: asked by number, because comparing texts takes longer.
checks_listed as (

    select distinct
        sums.report_no,
        instances.check_no
    from sums
    inner join instances
        on sums.instance_no = instances.instance_no

),

listed_identities as (

    select
        checks_listed.report_no,
        checks.identity_id
    from checks_listed
    inner join checks
        on checks_listed.check_no = checks.check_no

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
        identities.comparison,
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
        listed.report_no,
        listed.identity_id,
        listed.instance_key,
        {{ status_with_waivers('listed.status', 'waivers') }} as status,
        cast(listed.residual as decimal(26, 6)) as residual_yuan,
        cast(listed.bound as decimal(18, 6)) as bound_yuan,
        cast(listed.left_side as decimal(26, 6)) as left_yuan,
        cast(listed.right_side as decimal(26, 6)) as right_yuan,
        cast(listed.cells_present as integer) as cells_present,
        {{ reason_of_result('listed') }} as reason
    from listed
    left join waivers
        on
            listed.report_id = waivers.report_id
            and listed.identity_id = waivers.identity_id
            and listed.instance_key = coalesce(waivers.instance_key, '')
            and coalesce(listed.residual, 0) = waivers.residual_yuan

)

select * from final
{{ and_unchanged_rows('report_no', 'quality.fct_identity_results', [
    'report_no', 'identity_id', 'instance_key', 'status', 'residual_yuan', 'bound_yuan', 'left_yuan', 'right_yuan', 'cells_present',
    'reason',
], "instance_no is null and identity_id <> 's_first_seen'") }}
