-- one row per day from the first fiscal year to the last: the time spine, which the semantic layer wants by the day
with

reports as (

    select * from {{ ref('met_reports') }}

),

final as (

    select
        cast(
            unnest(generate_series(min(fiscal_date), max(fiscal_date) + interval 1 year - interval 1 day, interval 1 day)) as date
        ) as date_day
    from reports

)

select * from final
