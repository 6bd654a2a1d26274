-- one row per indicator that scored less than its weight: whether a reason is given in words, and dots are none
-- A form in which no reason is given anywhere may have no column for them.
with

indicators as (

    select * from {{ ref('int_indicators_measured') }}

),

final as (

    select
        report_id,
        'p_lost_points' as identity_id,
        instance_key,
        case
            when has_reasons
                then deviation_reason is not null and {{ is_match('deviation_reason', '[^.．。…,，、;；\\s-]') }}
        end as holds,
        'scored ' || cast(cast(score as decimal(24, 2)) as string) || ' of ' || cast(cast(weight as decimal(24, 2)) as string)
        || ', the reason given is «' || coalesce(deviation_reason, '') || '»' as reason
    from indicators
    where score < weight

)

select * from final
