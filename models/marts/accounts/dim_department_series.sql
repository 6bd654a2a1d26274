-- one row per released report: the series of reports that its department's belong to, over new names and codes
with recursive

years as (

    select * from {{ ref('int_department_years') }}

),

links as (

    select * from {{ ref('int_department_links') }}

),

ways as (

    select distinct
        body_id,
        body_id as later_id,
        0 as change_year
    from years

    union all

    select
        ways.body_id,
        links.successor_id as later_id,
        links.change_year
    from ways
    inner join links
        on
            ways.later_id = links.body_id
            and ways.change_year <= links.change_year

),

series as (

    select
        body_id,
        max_by(later_id, change_year) as series_id
    from ways
    group by body_id

),

names as (

    select
        series.series_id,
        max_by(years.department_name, years.fiscal_year) as series_name,
        max_by(years.department_id, years.fiscal_year) as latest_department_id
    from years
    inner join series
        on years.body_id = series.body_id
    group by series.series_id

),

final as (

    select
        cast(years.report_id as string) as report_id,
        cast(years.department_id as string) as department_id,
        cast(years.fiscal_year as integer) as fiscal_year,
        cast(years.department_name as string) as department_name,
        cast(years.body_id as string) as body_id,
        cast(series.series_id as string) as series_id,
        cast(names.series_name as string) as series_name,
        cast(names.latest_department_id as string) as latest_department_id
    from years
    inner join series
        on years.body_id = series.body_id
    inner join names
        on series.series_id = names.series_id

)

select * from final
