-- one row per fact of revenue, with its year: what metrics of revenue are computed from
with

revenue as (

    select * from {{ ref('fct_revenue') }}

),

reports as (

    -- what a department's report contains is counted there
    select * from {{ ref('dim_reports') }} where parent_report_id is null

),

final as (

    select
        cast(concat_ws('-', revenue.report_id, revenue.subject_code, revenue.revenue_source) as string) as revenue_line_id,
        cast(revenue.report_id as string) as report_id,
        cast(make_date(reports.fiscal_year, 1, 1) as date) as fiscal_date,
        cast(revenue.revenue_source as string) as revenue_source,
        cast(revenue.amount_yuan as decimal(20, 2)) as amount_yuan
    from revenue
    inner join reports
        on revenue.report_id = reports.report_id

)

select * from final
