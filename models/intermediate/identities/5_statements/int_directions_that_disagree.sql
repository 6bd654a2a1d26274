-- one row per rate of a change that the narrative gives, too: whether 增加 goes with 增长 and 减少 with 下降
with

-- «增长-5.86%» goes with 减少: a figure below zero turns its word round
claims as (

    select
        *,
        direction_sign * case when claim_value < 0 then -1 else 1 end as meant_sign
    from {{ of_changed_reports(ref('int_claims_measured')) }}

),

final as (

    select
        changes.report_id,
        'n_direction' as identity_id,
        cast(rates.claim_no as string) as instance_key,
        changes.meant_sign = rates.meant_sign as holds,
        'the change says «' || changes.direction || '», the rate «' || rates.direction || '»' as reason
    from claims as changes
    inner join claims as rates
        on
            changes.report_id = rates.report_id
            and changes.paragraph_no = rates.paragraph_no
            and changes.subject = rates.subject
            and changes.base = rates.base
            and changes.measure = 'change'
            and rates.measure = 'change_rate'
    -- of several changes of one figure, a rate goes with the one that it follows
    qualify row_number() over (
        partition by rates.report_id, rates.claim_no
        order by
            changes.claim_no > rates.claim_no,
            abs(changes.claim_no - rates.claim_no)
    ) = 1

)

select * from final
