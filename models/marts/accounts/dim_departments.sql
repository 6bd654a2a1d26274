-- one row per department, named as in its latest released report
with

reports as (

    select * from {{ ref('int_reports_released') }}

),

final as (

    select
        cast(department_id as string) as department_id,
        cast(division_code as string) as division_code,
        cast(department_code as string) as department_code,
        cast(max_by(department_name, fiscal_year) as string) as department_name,
        cast(max_by(division_name, fiscal_year) as string) as division_name,
        cast(max_by(government_level, fiscal_year) as string) as government_level,
        cast(min(fiscal_year) as integer) as first_fiscal_year,
        cast(max(fiscal_year) as integer) as last_fiscal_year,
        cast(count(*) as integer) as report_count
    from reports
    group by
        department_id,
        division_code,
        department_code

)

select * from final
