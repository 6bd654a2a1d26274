-- one row per released report and economic subject of any level that has an amount
with

basic as (

    select * from {{ ref('fct_basic_expenditure') }}

),

subjects as (

    select * from {{ ref('dim_subjects') }} where classification = 'economic'

),

reports as (

    select * from {{ ref('dim_reports') }}

),

summed as (

    {% for length, level in [(3, 'class'), (5, 'section')] -%}
    select
        report_id,
        substr(subject_code, 1, {{ length }}) as subject_code,
        '{{ level }}' as subject_level,
        sum(amount_yuan) as amount_yuan
    from basic
    where length(subject_code) >= {{ length }}
    group by
        report_id,
        substr(subject_code, 1, {{ length }})
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

printed as (

    select
        report_id,
        row_key as subject_code,
        amount_yuan
    from {{ ref('fct_report_cells') }}
    where
        table_no = '06'
        and column_name = 'amount'

),

-- a class has what is printed for it: the sum of its sections is off by rounding
by_subject as (

    select
        summed.report_id,
        summed.subject_code,
        summed.subject_level,
        coalesce(printed.amount_yuan, summed.amount_yuan) as amount_yuan
    from summed
    left join printed
        on
            summed.report_id = printed.report_id
            and summed.subject_code = printed.subject_code

),

totals as (

    select
        report_id,
        sum(amount_yuan) as amount_yuan
    from basic
    group by report_id

),

final as (

    select
        cast(by_subject.report_id as string) as report_id,
        cast(reports.department_id as string) as department_id,
        cast(reports.fiscal_year as integer) as fiscal_year,
        cast(subjects.economic_category as string) as economic_category,
        cast(by_subject.subject_code as string) as subject_code,
        cast(subjects.subject_name as string) as subject_name,
        cast(by_subject.subject_level as string) as subject_level,
        cast(by_subject.amount_yuan as decimal(20, 2)) as amount_yuan,
        {{ ratio('by_subject.amount_yuan', 'totals.amount_yuan') }} as share_of_total,
        cast(prior_years.amount_yuan as decimal(20, 2)) as prior_amount_yuan,
        {{ ratio('by_subject.amount_yuan - prior_years.amount_yuan', 'prior_years.amount_yuan') }} as change_rate
    from by_subject
    inner join reports
        on by_subject.report_id = reports.report_id
    inner join totals
        on by_subject.report_id = totals.report_id
    left join subjects
        on
            by_subject.subject_code = subjects.subject_code
            and reports.fiscal_year between subjects.valid_from_year and coalesce(subjects.valid_to_year, 9999)
    left join by_subject as prior_years
        on
            reports.prior_report_id = prior_years.report_id
            and by_subject.subject_code = prior_years.subject_code

)

select * from final
