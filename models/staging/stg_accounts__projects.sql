-- one row per project self-evaluation form (项目支出绩效自评表)
with

source as (

    select * from {{ staged_rows('projects') }} as raw_rows

),

amount_units as (

    select * from {{ ref('amount_units') }}

),

trimmed as (

    select
        {{ trimmed('report_id') }} as report_id,
        try_cast({{ trimmed('project_no') }} as integer) as project_no,
        {{ trimmed('form_title') }} as form_title,
        {{ trimmed('project_name') }} as project_name,
        {{ trimmed('department') }} as department,
        {{ trimmed('budget_unit') }} as budget_unit,
        {{ trimmed('amount_unit') }} as amount_unit,
        {{ trimmed('annual_target') }} as annual_target,
        {{ trimmed('actual_completion') }} as actual_completion,
        {{ trimmed('total_score') }} as total_score,
        {{ trimmed('grade') }} as grade,
        try_cast({{ trimmed('page_from') }} as integer) as page_from,
        try_cast({{ trimmed('page_to') }} as integer) as page_to,
        {{ trimmed('cut_columns') }} as cut_columns
    from source

),

final as (

    select
        trimmed.report_id,
        trimmed.project_no,
        trimmed.form_title,
        trimmed.project_name,
        -- printed as «031-name»: the code and the name of the department and of the budget unit
        nullif(regexp_extract(trimmed.department, '^([0-9A-Za-z]+)-', 1), '') as department_code,
        {{ replace_all('trimmed.department', '^[0-9A-Za-z]+-', '') }} as department_name,
        nullif(regexp_extract(trimmed.budget_unit, '^([0-9A-Za-z]+)-', 1), '') as budget_unit_code,
        {{ replace_all('trimmed.budget_unit', '^[0-9A-Za-z]+-', '') }} as budget_unit_name,
        trimmed.amount_unit,
        amount_units.yuan as amount_unit_yuan,
        trimmed.annual_target,
        trimmed.actual_completion,
        trimmed.total_score,
        trimmed.grade,
        trimmed.page_from,
        trimmed.page_to,
        trimmed.cut_columns
    from trimmed
    left join amount_units
        on trimmed.amount_unit = amount_units.amount_unit

)

select * from final
