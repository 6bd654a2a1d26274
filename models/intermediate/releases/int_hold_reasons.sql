-- one row per reason that keeps a report from the marts: a row that breaks its contract, a figure that nobody can read, a
-- fatal break, another publication
with

contract_problems as (

    select * from {{ ref('int_contract_problems') }}

),

claims_out_of_place as (

    select * from {{ ref('int_claims_out_of_place') }}

),

rejected_cells as (

    select * from {{ ref('int_rejected_cells') }}

),

results as (

    select * from {{ ref('fct_identity_results') }}
    where
        severity = 'fatal'
        and status in ('broken', 'blocked')

),

identities as (

    select * from {{ ref('identities') }}

),

publications as (

    select
        report_id,
        other_report_id,
        hold_reason
    from {{ ref('int_publications') }}
    where hold_reason is not null

    union all

    select
        report_id,
        other_report_id,
        hold_reason
    from {{ ref('int_reports_repeated') }}

),

final as (

    select
        report_id,
        'contract' as reason_kind,
        raw_table as reason_key,
        problem
    from contract_problems

    union all

    select
        report_id,
        'contract' as reason_kind,
        raw_table as reason_key,
        problem
    from claims_out_of_place

    union all

    select
        report_id,
        'unreadable' as reason_kind,
        raw_table as reason_key,
        {{ rejected_cell_problem() }} as problem
    from rejected_cells

    union all

    select
        results.report_id,
        'identity' as reason_kind,
        results.identity_id as reason_key,
        identities.title || case when results.instance_key <> '' then ' (' || results.instance_key || ')' else '' end || ': '
        || coalesce(results.reason, results.status) as problem
    from results
    inner join identities
        on results.identity_id = identities.identity_id

    union all

    select
        report_id,
        'publication' as reason_kind,
        other_report_id as reason_key,
        hold_reason as problem
    from publications

)

select * from final
