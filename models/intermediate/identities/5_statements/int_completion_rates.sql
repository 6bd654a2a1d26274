-- one row per completion rate that the narrative gives, with the amount and the budget of its subject
with

claims as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }} where measure = 'completion_rate'

),

subject_values as (

    select * from {{ ref('int_claim_values') }}

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
    left join subject_values as budgets
        on
            claims.report_id = budgets.report_id
            and claims.subject = budgets.subject
            and budgets.measure = case claims.base when '年初预算' then 'initial_budget' when '全年预算' then 'annual_budget' end

)

select * from final
