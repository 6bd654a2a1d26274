-- one row per released report: the functional item that it spent most on, and whether that is more than half of everything
with

subjects as (

    select * from {{ ref('rpt_subject_totals') }}

),

years as (

    select * from {{ ref('rpt_department_years') }}

),

-- A report that prints no items is asked by the deepest subjects that it prints.
deepest as (

    select
        report_id,
        max(length(subject_code)) as digits
    from subjects
    group by report_id

),

largest as (

    select subjects.*
    from subjects
    inner join deepest
        on
            subjects.report_id = deepest.report_id
            and length(subjects.subject_code) = deepest.digits
    qualify row_number() over (partition by subjects.report_id order by subjects.amount_yuan desc, subjects.subject_code asc) = 1

),

final as (

    select
        cast(largest.report_id as string) as report_id,
        cast(largest.department_id as string) as department_id,
        cast(largest.fiscal_year as integer) as fiscal_year,
        cast(largest.subject_code as string) as subject_code,
        cast(largest.subject_name as string) as subject_name,
        cast(largest.full_path as string) as full_path,
        cast(largest.amount_yuan as decimal(20, 2)) as amount_yuan,
        cast(largest.project_yuan as decimal(20, 2)) as project_yuan,
        cast(years.expenditure_yuan as decimal(20, 2)) as expenditure_yuan,
        {{ ratio('largest.amount_yuan', 'years.expenditure_yuan') }} as share_of_total,
        cast(2 * largest.amount_yuan > years.expenditure_yuan as boolean) as is_more_than_half
    from largest
    left join years
        on largest.report_id = years.report_id

)

select * from final
