-- one row per fact of expenditure, with its year and class: what metrics of expenditure are computed from
with

expenditure as (

    select * from {{ ref('fct_expenditure') }}

),

subjects as (

    select * from {{ ref('dim_subjects') }} where classification = 'functional'

),

reports as (

    -- what a department's report contains is counted there
    select * from {{ ref('dim_reports') }} where parent_report_id is null

),

final as (

    select
        cast(concat_ws('-', expenditure.report_id, expenditure.subject_code, expenditure.fund, expenditure.expenditure_kind) as string)
            as expenditure_line_id,
        cast(expenditure.report_id as string) as report_id,
        cast(make_date(reports.fiscal_year, 1, 1) as date) as fiscal_date,
        cast(subjects.class_code as string) as class_code,
        cast(subjects.class_name as string) as class_name,
        cast(expenditure.fund as string) as fund,
        cast(expenditure.expenditure_kind as string) as expenditure_kind,
        cast(expenditure.amount_yuan as decimal(20, 2)) as amount_yuan
    from expenditure
    inner join reports
        on expenditure.report_id = reports.report_id
    left join subjects
        on expenditure.subject_id = subjects.subject_id

)

select * from final
