-- one row per reason that keeps a report from the marts
with

hold_reasons as (

    select * from {{ ref('int_hold_reasons') }}

),

final as (

    select
        cast(report_id as string) as report_id,
        cast(reason_kind as string) as reason_kind,
        cast(reason_key as string) as reason_key,
        cast(problem as string) as problem
    from hold_reasons

)

select * from final
