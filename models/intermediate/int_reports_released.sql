-- one row per report that may enter the marts: nothing in it is unreadable
with

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

rejected_cells as (

    select * from {{ ref('int_rejected_cells') }}

),

final as (

    select reports.*
    from reports
    where reports.report_id not in (select rejected_cells.report_id from rejected_cells)

)

select * from final
