-- A report whose tables do not add up, or that has an unreadable figure, is shown in `quality` and nowhere else. That marts
-- hold reports of dim_reports only is another test's question (no_mart_has_a_row_of_a_report_that_is_not_released).
with

reports as (

    select * from {{ ref('dim_reports') }}

),

results as (

    select * from {{ ref('fct_identity_results') }}

),

rejected_cells as (

    select * from {{ ref('fct_rejected_cells') }}

),

held_back as (

    select report_id from results
    where
        severity = 'fatal'
        and status in ('broken', 'blocked')

    union

    select report_id from rejected_cells

),

final as (

    select
        reports.report_id,
        'marts.dim_reports has the report ' || reports.report_id || ', which is to be held back' as problem
    from reports
    inner join held_back
        on reports.report_id = held_back.report_id

)

select * from final
