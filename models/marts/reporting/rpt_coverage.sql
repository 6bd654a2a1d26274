-- one row per division and fiscal year: how many reports are released or held back, and how many lack which table; none where nothing
-- was collected
with

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

released as (

    select * from {{ ref('dim_reports') }}

),

divisions as (

    select * from {{ ref('dim_divisions') }}

),

places as (

    select
        report_id,
        latest_division_code
    from {{ ref('int_body_names') }}

),

lacking as (

    select
        {% for table_no in printed_tables() -%}
        max(case when table_no = '{{ table_no }}' and print_status = 'missing' then 1 else 0 end) as lacks_{{ table_no }},
        {% endfor -%}
        report_id
    from {{ ref('fct_report_tables') }}
    group by report_id

),

collected as (

    select
        reports.division_code,
        reports.fiscal_year,
        max(coalesce(divisions.full_name, reports.division_name)) as division_name,
        max(coalesce(released.latest_division_code, places.latest_division_code)) as latest_division_code,
        count(distinct reports.department_id) as departments,
        count(released.report_id) as reports_released,
        count(*) - count(released.report_id) as reports_held_back,
        {% for table_no in printed_tables() -%}
        coalesce(sum(case when released.report_id is not null then lacking.lacks_{{ table_no }} end), 0) as without_{{ table_no }},
        {% endfor -%}
        count(released.parent_report_id) as reports_in_others
    from reports
    inner join places
        on reports.report_id = places.report_id
    left join released
        on reports.report_id = released.report_id
    left join divisions
        on released.division_id = divisions.division_id
    left join lacking
        on reports.report_id = lacking.report_id
    group by
        reports.division_code,
        reports.fiscal_year

),

-- a place whose code has changed has a report of a year where one stands under any of its codes
years as (

    select distinct
        places.latest_division_code,
        years.fiscal_year
    from collected as places
    cross join collected as years
    left join collected as there
        on
            places.latest_division_code = there.latest_division_code
            and years.fiscal_year = there.fiscal_year
    where there.division_code is null

),

of_the_year as (

    select
        years.latest_division_code,
        years.fiscal_year,
        max(divisions.division_code) as division_code,
        max_by(divisions.full_name, divisions.division_code) as division_name
    from years
    inner join collected
        on years.latest_division_code = collected.latest_division_code
    inner join divisions
        on
            collected.division_code = divisions.division_code
            and years.latest_division_code = coalesce(divisions.latest_code, divisions.division_code)
            and years.fiscal_year between coalesce(divisions.valid_from_year, 0) and coalesce(divisions.valid_to_year, 9999)
    group by
        years.latest_division_code,
        years.fiscal_year

),

names as (

    select
        latest_division_code,
        max_by(division_name, fiscal_year) as division_name
    from collected
    group by latest_division_code

),

nothing_there as (

    select
        coalesce(of_the_year.division_code, years.latest_division_code) as division_code,
        years.fiscal_year,
        coalesce(of_the_year.division_name, names.division_name) as division_name,
        years.latest_division_code
    from years
    inner join names
        on years.latest_division_code = names.latest_division_code
    left join of_the_year
        on
            years.latest_division_code = of_the_year.latest_division_code
            and years.fiscal_year = of_the_year.fiscal_year

),

together as (

    select * from collected

    union all

    select
        nothing_there.division_code,
        nothing_there.fiscal_year,
        nothing_there.division_name,
        nothing_there.latest_division_code,
        0 as departments,
        0 as reports_released,
        0 as reports_held_back,
        {% for table_no in printed_tables() -%}
        0 as without_{{ table_no }},
        {% endfor -%}
        0 as reports_in_others
    from nothing_there
    left join collected
        on
            nothing_there.division_code = collected.division_code
            and nothing_there.fiscal_year = collected.fiscal_year
    where collected.division_code is null

),

final as (

    select
        cast(division_code as string) as division_code,
        cast(division_name as string) as division_name,
        cast(latest_division_code as string) as latest_division_code,
        cast(fiscal_year as integer) as fiscal_year,
        cast(departments as integer) as departments,
        cast(reports_released as integer) as reports_released,
        cast(reports_held_back as integer) as reports_held_back,
        {% for table_no in printed_tables() -%}
        cast(without_{{ table_no }} as integer) as without_{{ table_no }},
        {% endfor -%}
        cast(reports_in_others as integer) as reports_in_others
    from together

)

select * from final
