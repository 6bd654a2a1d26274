-- one row per released report and revenue source that has an amount
with

revenue as (

    select * from {{ ref('fct_revenue') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

revenue_sources as (

    select * from {{ ref('dim_revenue_sources') }}

),

printed as (

    select
        report_id,
        column_name as revenue_source,
        amount_yuan
    from {{ ref('fct_report_cells') }}
    where
        table_no = '02'
        and row_key = 'total'

),

summed as (

    select
        report_id,
        revenue_source,
        sum(amount_yuan) as amount_yuan
    from revenue
    group by
        report_id,
        revenue_source

),

-- a source has what the total of table 02 prints for it: the sum of its subjects is off by rounding
by_source as (

    select
        summed.report_id,
        summed.revenue_source,
        coalesce(printed.amount_yuan, summed.amount_yuan) as amount_yuan
    from summed
    left join printed
        on
            summed.report_id = printed.report_id
            and summed.revenue_source = printed.revenue_source

),

totals as (

    select
        report_id,
        sum(amount_yuan) as amount_yuan
    from revenue
    group by report_id

),

final as (

    select
        cast(by_source.report_id as string) as report_id,
        cast(reports.department_id as string) as department_id,
        cast(reports.fiscal_year as integer) as fiscal_year,
        cast(by_source.revenue_source as string) as revenue_source,
        cast(revenue_sources.revenue_source_zh as string) as revenue_source_zh,
        cast(by_source.amount_yuan as decimal(20, 2)) as amount_yuan,
        {{ ratio('by_source.amount_yuan', 'totals.amount_yuan') }} as share_of_total,
        cast(prior_years.amount_yuan as decimal(20, 2)) as prior_amount_yuan,
        {{ ratio('by_source.amount_yuan - prior_years.amount_yuan', 'prior_years.amount_yuan') }} as change_rate
    from by_source
    inner join reports
        on by_source.report_id = reports.report_id
    inner join totals
        on by_source.report_id = totals.report_id
    left join revenue_sources
        on by_source.revenue_source = revenue_sources.revenue_source
    left join by_source as prior_years
        on
            reports.prior_report_id = prior_years.report_id
            and by_source.revenue_source = prior_years.revenue_source

)

select * from final
