-- one row per day from the first fiscal year to the last: the time spine, which the semantic layer wants by the day
with

reports as (

    select * from {{ ref('met_reports') }}

),

days as (

    select {{ each_day('min(fiscal_date)', 'max(fiscal_date) + interval 1 year - interval 1 day') }} as date_day
    from reports

),

final as (

    select cast(date_day as date) as date_day
    from days

)

select * from final
