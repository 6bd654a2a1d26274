-- one row per released report, functional subject of any level and fund, with its share of the report's spending
with

expenditure as (

    select * from {{ ref('fct_expenditure') }}

),

subjects as (

    select * from {{ ref('dim_subjects') }} where classification = 'functional'

),

reports as (

    select * from {{ ref('dim_reports') }}

),

-- Every leaf counts for itself and for each subject above it.
levels as (

    {% for length, level in [(3, 'class'), (5, 'section'), (7, 'item')] -%}
    select
        report_id,
        substr(subject_code, 1, {{ length }}) as subject_code,
        '{{ level }}' as subject_level,
        fund,
        amount_yuan,
        expenditure_kind
    from expenditure
    where length(subject_code) >= {{ length }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

by_subject as (

    select
        report_id,
        subject_code,
        subject_level,
        fund,
        sum(amount_yuan) as amount_yuan,
        sum(case when expenditure_kind = 'basic' then amount_yuan else 0 end) as basic_yuan,
        sum(case when expenditure_kind = 'project' then amount_yuan else 0 end) as project_yuan
    from levels
    group by
        report_id,
        subject_code,
        subject_level,
        fund

),

-- What was spent in all, only table 03 tells.
totals as (

    select
        expenditure.report_id,
        sum(expenditure.amount_yuan) as amount_yuan
    from expenditure
    inner join {{ ref('fct_report_tables') }} as tables_printed
        on
            expenditure.report_id = tables_printed.report_id
            and tables_printed.table_no = '03'
            and tables_printed.print_status <> 'missing'
    group by expenditure.report_id

),

parents as (

    select
        report_id,
        subject_code,
        sum(amount_yuan) as amount_yuan
    from by_subject
    where report_id in (select report_id from totals)
    group by
        report_id,
        subject_code

),

final as (

    select
        cast(by_subject.report_id as string) as report_id,
        cast(reports.department_id as string) as department_id,
        cast(reports.fiscal_year as integer) as fiscal_year,
        cast(by_subject.subject_code as string) as subject_code,
        cast(subjects.subject_name as string) as subject_name,
        cast(by_subject.subject_level as string) as subject_level,
        cast(subjects.full_path as string) as full_path,
        cast(by_subject.fund as string) as fund,
        cast(by_subject.amount_yuan as decimal(20, 2)) as amount_yuan,
        cast(by_subject.basic_yuan as decimal(20, 2)) as basic_yuan,
        cast(by_subject.project_yuan as decimal(20, 2)) as project_yuan,
        {{ ratio('by_subject.amount_yuan', 'totals.amount_yuan') }} as share_of_total,
        {{ ratio('by_subject.amount_yuan', 'coalesce(parents.amount_yuan, totals.amount_yuan)') }} as share_of_parent,
        cast(prior_years.amount_yuan as decimal(20, 2)) as prior_amount_yuan,
        {{ ratio('by_subject.amount_yuan - prior_years.amount_yuan', 'prior_years.amount_yuan') }} as change_rate
    from by_subject
    inner join reports
        on by_subject.report_id = reports.report_id
    left join totals
        on by_subject.report_id = totals.report_id
    left join subjects
        on
            by_subject.subject_code = subjects.subject_code
            and reports.fiscal_year between subjects.valid_from_year and coalesce(subjects.valid_to_year, 9999)
    left join parents
        on
            by_subject.report_id = parents.report_id
            and {{ parent_code('by_subject.subject_code') }} = parents.subject_code
    left join by_subject as prior_years
        on
            reports.prior_report_id = prior_years.report_id
            and by_subject.subject_code = prior_years.subject_code
            and by_subject.fund = prior_years.fund

)

select * from final
