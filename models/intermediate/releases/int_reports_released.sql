-- one row per report that may enter the marts: nothing holds it back
with

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

hold_reasons as (

    select * from {{ ref('int_hold_reasons') }}

),

held_back as (

    select distinct report_id from hold_reasons

),

final as (

    select reports.*
    from reports
    left join held_back
        on reports.report_id = held_back.report_id
    where held_back.report_id is null

)

select * from final
