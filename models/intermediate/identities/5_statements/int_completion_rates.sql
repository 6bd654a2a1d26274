-- one row per completion rate that the narrative gives, with the amount and the budget of its subject
with

claims as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }} where measure = 'completion_rate'

),

differences as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }}
    where
        measure = 'change'
        and base like '%预算%'
        and is_money
        and direction_sign is not null
        and value_status = 'number'

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
        subject_values.half_unit,
        subject_values.cut_half
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

-- «决算…万元，比年初预算增加…万元»: a budget that the text does not state follows from the difference
implied as (

    select
        claims.report_id,
        claims.claim_no,
        amounts.subject_value - differences.direction_sign * differences.claim_value as subject_value,
        amounts.half_unit + differences.half_unit as half_unit,
        amounts.cut_half + differences.cut_half as cut_half
    from claims
    inner join subject_values as amounts
        on
            claims.report_id = amounts.report_id
            and claims.subject = amounts.subject
            and amounts.measure = 'amount'
    inner join differences
        on
            claims.report_id = differences.report_id
            and claims.paragraph_no = differences.paragraph_no
            and claims.subject = differences.subject
            and (
                replace(differences.base, '数', '') = claims.base
                or differences.base in ('预算', '预算数')
                or claims.base = '预算'
            )
    qualify row_number() over (partition by claims.report_id, claims.claim_no order by differences.claim_no) = 1

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
        amounts.cut_half as part_cut,
        coalesce(budgets.subject_value, implied.subject_value) as whole,
        coalesce(budgets.half_unit, implied.half_unit) as whole_half,
        coalesce(budgets.cut_half, implied.cut_half) as whole_cut,
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
    left join implied
        on
            claims.report_id = implied.report_id
            and claims.claim_no = implied.claim_no

)

select * from final
