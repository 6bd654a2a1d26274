-- one row per claim of an amount or a count that no printed cell shows: it cannot be checked, and says so
with

claims as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }}

),

claim_cells as (

    select * from {{ ref('int_claim_cells') }}

),

final as (

    select
        claims.report_id,
        'n_amount' as identity_id,
        cast(claims.claim_no as string) as instance_key,
        cast(null as boolean) as holds,
        'no printed cell shows it' as reason
    from claims
    left join claim_cells
        on
            claims.report_id = claim_cells.report_id
            and claims.subject = claim_cells.subject
            and claims.measure = claim_cells.measure
    where
        claims.measure in ('amount', 'annual_budget', 'initial_budget', 'count', 'change')
        and claims.subject not in ('二级项目', '二级项目资金')
        and claim_cells.report_id is null

)

select * from final
