-- one row per change rate that the narrative gives, with the change and the amount of its subject: the year before is that less the change
with

claims as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }}

),

amounts as (

    select * from {{ ref('int_claim_values') }} where measure = 'amount'

),

rates as (

    select * from claims where measure = 'change_rate'

),

changes as (

    select
        report_id,
        paragraph_no,
        subject,
        base,
        direction_sign,
        direction_sign * claim_value as change_value,
        half_unit,
        cut_half
    from claims
    where
        measure = 'change'
        and is_money
        and value_status = 'number'
    qualify row_number() over (partition by report_id, paragraph_no, subject, base order by claim_no) = 1

),

final as (

    select
        rates.report_id,
        'n_change_rate' as identity_id,
        cast(rates.claim_no as string) as instance_key,
        rates.value_status,
        -- a rate whose direction a template left open has that of its change
        coalesce(rates.direction_sign, changes.direction_sign, 1) * rates.claim_value as rate,
        rates.half_unit as rate_half,
        changes.change_value as part,
        changes.half_unit as part_half,
        changes.cut_half as part_cut,
        amounts.subject_value as whole,
        amounts.half_unit as whole_half,
        amounts.cut_half as whole_cut,
        1 as part_in_whole
    from rates
    left join amounts
        on
            rates.report_id = amounts.report_id
            and rates.subject = amounts.subject
    left join changes
        on
            rates.report_id = changes.report_id
            and rates.paragraph_no = changes.paragraph_no
            and rates.subject = changes.subject
            and rates.base = changes.base

)

select * from final
