-- A report that something holds back is shown in `quality` and nowhere else. That marts hold reports of dim_reports only is another
-- test's question (no_mart_has_a_row_of_a_report_that_is_not_released).
with

reports as (

    select * from {{ ref('dim_reports') }}

),

hold_reasons as (

    select * from {{ ref('fct_hold_reasons') }}

),

final as (

    select
        reports.report_id,
        'marts.dim_reports has the report ' || reports.report_id || ', which is to be held back: ' || min(hold_reasons.problem) as problem
    from reports
    inner join hold_reasons
        on reports.report_id = hold_reasons.report_id
    group by reports.report_id

)

select * from final
