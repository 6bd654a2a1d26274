-- A waiver accepts one break with one residual until one day. A waiver that accepts nothing any more hides the next break.
with

waivers as (

    select * from {{ ref('waivers') }}

),

results as (

    select * from {{ ref('fct_identity_results') }} where status = 'waived'

),

final as (

    select
        waivers.identity_id,
        waivers.report_id,
        waivers.instance_key,
        'waiver of ' || waivers.identity_id || ' in ' || waivers.report_id || ', instance «' || coalesce(waivers.instance_key, '') || '»: '
        || case
            when results.report_id is null then 'no broken instance has the residual ' || cast(waivers.residual_yuan as string)
            when waivers.valid_until < current_date then 'expired on ' || cast(waivers.valid_until as string)
            else 'has no reason, no name or no end'
        end as problem
    from waivers
    left join results
        on
            waivers.identity_id = results.identity_id
            and waivers.report_id = results.report_id
            and coalesce(waivers.instance_key, '') = results.instance_key
    where
        results.report_id is null
        or waivers.valid_until < current_date
        or waivers.valid_until is null
        or waivers.reason is null
        or waivers.approved_by is null

)

select * from final
