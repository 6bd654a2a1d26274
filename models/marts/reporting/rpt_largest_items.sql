-- one row per released report: the functional item that it spent most on, and whether that is more than half of everything
with

spending as (

    select * from {{ ref('rpt_spending_by_function') }}

),

-- A report that prints no items is asked by the deepest subjects that it prints.
deepest as (

    select
        report_id,
        max(length(subject_code)) as digits
    from spending
    group by report_id

),

by_subject as (

    select
        spending.report_id,
        spending.department_id,
        spending.fiscal_year,
        spending.subject_code,
        max(spending.subject_name) as subject_name,
        max(spending.full_path) as full_path,
        sum(spending.amount_yuan) as amount_yuan,
        sum(spending.project_yuan) as project_yuan
    from spending
    inner join deepest
        on
            spending.report_id = deepest.report_id
            and length(spending.subject_code) = deepest.digits
    group by
        spending.report_id,
        spending.department_id,
        spending.fiscal_year,
        spending.subject_code

),

totals as (

    select
        facts.report_id,
        sum(facts.amount_yuan) as expenditure_yuan
    from {{ ref('fct_expenditure') }} as facts
    -- what was spent in all, only table 03 tells
    inner join {{ ref('fct_report_tables') }} as tables_printed
        on
            facts.report_id = tables_printed.report_id
            and tables_printed.table_no = '03'
            and tables_printed.print_status <> 'missing'
    group by facts.report_id

),

largest as (

    select *
    from by_subject
    qualify row_number() over (partition by report_id order by amount_yuan desc, subject_code asc) = 1

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
        cast(totals.expenditure_yuan as decimal(20, 2)) as expenditure_yuan,
        {{ ratio('largest.amount_yuan', 'totals.expenditure_yuan') }} as share_of_total,
        cast(2 * largest.amount_yuan > totals.expenditure_yuan as boolean) as is_more_than_half
    from largest
    left join totals
        on largest.report_id = totals.report_id

)

select * from final
