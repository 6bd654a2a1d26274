-- one row per report that may enter the marts: nothing in it is unreadable, and its tables add up
with

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

rejected_cells as (

    select * from {{ ref('int_rejected_cells') }}

),

results as (

    select * from {{ ref('fct_identity_results') }}

),

held_back as (

    select report_id from rejected_cells

    union

    select report_id
    from results
    where
        severity = 'fatal'
        and status in ('broken', 'blocked')

),

final as (

    select reports.*
    from reports
    left join held_back
        on reports.report_id = held_back.report_id
    where held_back.report_id is null

)

select * from final
