-- one row per completion rate that the narrative gives, with the amount and the budget of its subject
with

claims as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }} where measure = 'completion_rate'

),

subject_values as (

    select * from {{ ref('int_claim_values') }}

),

-- «预算» alone is the budget of either kind: the one that is nearer to what the rate says.
budgets as (

    select
        claims.report_id,
        claims.claim_no,
        subject_values.subject_value,
        subject_values.half_unit
    from claims
    inner join subject_values
        on
            claims.report_id = subject_values.report_id
            and claims.subject = subject_values.subject
            and subject_values.measure in ('initial_budget', 'annual_budget')
            and (
                claims.base like '%年初预算%' and subject_values.measure = 'initial_budget'
                or {{ is_match('claims.base', '(全年|调整后?)预算') }} and subject_values.measure = 'annual_budget'
                or not {{ is_match('claims.base', '(年初|全年|调整后?)预算') }}
            )
    left join subject_values as amounts
        on
            claims.report_id = amounts.report_id
            and claims.subject = amounts.subject
            and amounts.measure = 'amount'
    qualify
        row_number() over (
            partition by claims.report_id, claims.claim_no
            order by
                abs(claims.claim_value * subject_values.subject_value - 100 * amounts.subject_value), subject_values.measure
        ) = 1

),

final as (

    select
        claims.report_id,
        'n_completion_rate' as identity_id,
        cast(claims.claim_no as string) as instance_key,
        claims.value_status,
        claims.claim_value as rate,
        claims.half_unit as rate_half,
        amounts.subject_value as part,
        amounts.half_unit as part_half,
        budgets.subject_value as whole,
        budgets.half_unit as whole_half,
        0 as part_in_whole
    from claims
    left join subject_values as amounts
        on
            claims.report_id = amounts.report_id
            and claims.subject = amounts.subject
            and amounts.measure = 'amount'
    left join budgets
        on
            claims.report_id = budgets.report_id
            and claims.claim_no = budgets.claim_no

)

select * from final
