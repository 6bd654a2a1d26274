-- one row per released report and functional subject of any level: what table 03 prints for it, beside the year before
with

reports as (

    select * from {{ ref('dim_reports') }}

),

subjects as (

    select * from {{ ref('dim_subjects') }} where classification = 'functional'

),

printed as (

    select
        report_id,
        subject_code,
        max(case when column_name = 'total' then amount_yuan end) as amount_yuan,
        max(case when column_name = 'basic' then amount_yuan end) as basic_yuan,
        max(case when column_name = 'project' then amount_yuan end) as project_yuan
    from {{ ref('fct_report_cells') }}
    where
        table_no = '03'
        and row_key = subject_code
    group by
        report_id,
        subject_code

),

wholes as (

    select
        report_id,
        amount_yuan
    from {{ ref('fct_report_cells') }}
    where
        table_no = '03'
        and row_key = 'total'
        and column_name = 'total'

),

-- what lies below adds up to it, but for rounding
summed as (

    select
        report_id,
        subject_code,
        subject_level,
        sum(amount_yuan) as amount_yuan,
        sum(basic_yuan) as basic_yuan,
        sum(project_yuan) as project_yuan
    from {{ ref('rpt_spending_by_function') }}
    group by
        report_id,
        subject_code,
        subject_level

),

totals as (

    select
        summed.report_id,
        summed.subject_code,
        summed.subject_level,
        summed.amount_yuan as summed_yuan,
        printed.amount_yuan is not null as is_printed,
        coalesce(printed.amount_yuan, summed.amount_yuan) as amount_yuan,
        -- the parts of a printed row are its own cells, and a blank one is a zero
        case when printed.amount_yuan is null then summed.basic_yuan else coalesce(printed.basic_yuan, 0) end as basic_yuan,
        case when printed.amount_yuan is null then summed.project_yuan else coalesce(printed.project_yuan, 0) end as project_yuan
    from summed
    left join printed
        on
            summed.report_id = printed.report_id
            and summed.subject_code = printed.subject_code

),

final as (

    select
        cast(totals.report_id as string) as report_id,
        cast(reports.department_id as string) as department_id,
        cast(reports.fiscal_year as integer) as fiscal_year,
        cast(totals.subject_code as string) as subject_code,
        cast(subjects.subject_name as string) as subject_name,
        cast(totals.subject_level as string) as subject_level,
        cast(subjects.full_path as string) as full_path,
        cast(totals.amount_yuan as decimal(20, 2)) as amount_yuan,
        cast(totals.basic_yuan as decimal(20, 2)) as basic_yuan,
        cast(totals.project_yuan as decimal(20, 2)) as project_yuan,
        cast(totals.is_printed as boolean) as is_printed,
        cast(totals.summed_yuan as decimal(20, 2)) as summed_yuan,
        {{ ratio('totals.amount_yuan', 'wholes.amount_yuan') }} as share_of_total,
        cast(prior_years.amount_yuan as decimal(20, 2)) as prior_amount_yuan,
        {{ ratio('totals.amount_yuan - prior_years.amount_yuan', 'prior_years.amount_yuan') }} as change_rate
    from totals
    inner join reports
        on totals.report_id = reports.report_id
    left join subjects
        on
            totals.subject_code = subjects.subject_code
            and reports.fiscal_year between subjects.valid_from_year and coalesce(subjects.valid_to_year, 9999)
    left join wholes
        on totals.report_id = wholes.report_id
    left join totals as prior_years
        on
            reports.prior_report_id = prior_years.report_id
            and totals.subject_code = prior_years.subject_code

)

select * from final
