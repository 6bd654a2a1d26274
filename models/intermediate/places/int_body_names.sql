-- one row per report: where its division's code stands today, and what its department is called without the name of the division
with

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

divisions as (

    select
        *,
        coalesce(latest_code, division_code) as whole_code
    from {{ ref('dim_divisions') }}

),

latest as (

    select
        division_code,
        case when count(distinct latest_code) = 1 then max(latest_code) end as latest_code
    from divisions
    group by division_code

),

-- What stands before a department's own name: a county that went into another, or is called otherwise, is printed under either code.
division_names as (

    select distinct
        codes.division_code,
        names.division_name
    from divisions as codes
    inner join divisions as names
        on codes.whole_code = names.whole_code

),

division_parts as (

    select
        reports.report_id,
        max_by(division_names.division_name, length(division_names.division_name)) as division_name
    from reports
    inner join division_names
        on
            reports.division_code = division_names.division_code
            and position(division_names.division_name in reports.department_name) > 0
    group by reports.report_id

),

final as (

    select
        reports.report_id,
        coalesce(latest.latest_code, reports.division_code) as latest_division_code,
        -- 长治市屯留区工业和信息化局 without what stands before its own name
        {{ plain_name(
            "case when division_parts.report_id is null then reports.department_name else substr(reports.department_name,"
            ~ " position(division_parts.division_name in reports.department_name) + length(division_parts.division_name)) end"
        ) }} as body_name
    from reports
    left join latest
        on reports.division_code = latest.division_code
    left join division_parts
        on reports.report_id = division_parts.report_id

)

select * from final
