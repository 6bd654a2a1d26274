-- one row per division and fiscal year with a report: how many are released or held back, and how many lack which table
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

lacking as (

    select
        {% for table_no in printed_tables() -%}
        max(case when table_no = '{{ table_no }}' and print_status = 'missing' then 1 else 0 end) as lacks_{{ table_no }},
        {% endfor -%}
        report_id
    from {{ ref('fct_report_tables') }}
    group by report_id

),

final as (

    select
        cast(reports.division_code as string) as division_code,
        cast(max(coalesce(divisions.full_name, reports.division_name)) as string) as division_name,
        cast(max(released.latest_division_code) as string) as latest_division_code,
        cast(reports.fiscal_year as integer) as fiscal_year,
        cast(count(distinct reports.department_id) as integer) as departments,
        cast(count(released.report_id) as integer) as reports_released,
        cast(count(*) - count(released.report_id) as integer) as reports_held_back,
        {% for table_no in printed_tables() -%}
        cast(coalesce(sum(case when released.report_id is not null then lacking.lacks_{{ table_no }} end), 0) as integer)
            as without_{{ table_no }},
        {% endfor -%}
        cast(count(released.parent_report_id) as integer) as reports_in_others
    from reports
    left join released
        on reports.report_id = released.report_id
    left join divisions
        on released.division_id = divisions.division_id
    left join lacking
        on reports.report_id = lacking.report_id
    group by
        reports.division_code,
        reports.fiscal_year

)

select * from final
