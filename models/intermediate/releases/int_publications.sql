-- one row per report that is not the only one of its department and year: which other one stands beside it, and whether that holds it back
{#-
    A corrected publication, or a PDF and its scan, must not be counted twice. The later one enters. Where the order is not known, no one
    can say which of the two holds, and both are held back.
#}
with

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

counted as (

    select
        *,
        count(*) over same_year as publications,
        count(published_on) over same_year as dated_publications,
        count(*) over (partition by department_id, fiscal_year, published_on) as same_day_publications,
        lead(report_id) over same_year_in_order as later_report_id,
        lag(report_id) over same_year_in_order as earlier_report_id
    from reports
    window
        same_year as (partition by department_id, fiscal_year),
        same_year_in_order as (partition by department_id, fiscal_year order by published_on, report_id)

),

ordered as (

    select
        *,
        dated_publications = publications and max(same_day_publications) over (partition by department_id, fiscal_year) = 1 as is_ordered
    from counted
    where publications > 1

),

final as (

    select
        report_id,
        is_ordered,
        coalesce(later_report_id, earlier_report_id) as other_report_id,
        case when is_ordered then earlier_report_id end as supersedes_report_id,
        case
            when is_ordered and later_report_id is not null then 'superseded by the later publication ' || later_report_id
            when not is_ordered
                then
                    'the department has published ' || coalesce(later_report_id, earlier_report_id)
                    || ' for the same year, and which of them is later is not known'
        end as hold_reason
    from ordered

)

select * from final
