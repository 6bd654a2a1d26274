-- one row per classification, subject code, fiscal year and name that released reports print, with what the name is
with

names as (

    select * from {{ ref('int_subject_names') }}

),

most_printed as (

    select
        *,
        {{ parent_code('subject_code') }} as parent_code,
        count(*) over (partition by classification, fiscal_year, name_key) as codes_of_the_name
    from names
    where is_leading

),

others as (

    select
        *,
        {{ parent_code('subject_code') }} as parent_code
    from names
    where not is_leading and not is_official

),

-- Names such as 行政运行 are those of many codes: only a sister's is hers.
owners as (

    select
        others.classification,
        others.subject_code,
        others.fiscal_year,
        others.subject_name,
        min(most_printed.subject_code) as owner_code
    from others
    inner join most_printed
        on
            others.classification = most_printed.classification
            and others.fiscal_year = most_printed.fiscal_year
            and others.name_key = most_printed.name_key
            and (most_printed.codes_of_the_name = 1 or others.parent_code = most_printed.parent_code)
    where others.subject_code <> most_printed.subject_code
    group by
        others.classification,
        others.subject_code,
        others.fiscal_year,
        others.subject_name

),

final as (

    select
        cast(names.classification as string) as classification,
        cast(names.subject_code as string) as subject_code,
        cast(names.fiscal_year as integer) as fiscal_year,
        cast(names.subject_name as string) as subject_name,
        cast(names.report_count as integer) as report_count,
        cast(names.department_count as integer) as department_count,
        cast(names.official_name as string) as official_name,
        cast(names.rule_source as string) as rule_source,
        cast(most_printed.subject_name as string) as leading_name,
        cast(most_printed.departments_alike as integer) as leading_departments,
        cast(
            case
                when names.is_official then 'official'
                when names.name_key = most_printed.name_key then 'leading'
                when owners.owner_code is not null then 'of_another_code'
                else 'drifted'
            end as string
        ) as name_status,
        cast(owners.owner_code as string) as owner_code,
        -- another code's name is an error where a rule or two departments say so
        cast(
            case
                when names.is_official or names.name_key = most_printed.name_key then null
                when owners.owner_code is not null and (names.official_name is not null or most_printed.departments_alike > 1) then 'error'
                else 'info'
            end as string
        ) as severity
    from names
    inner join most_printed
        on
            names.classification = most_printed.classification
            and names.subject_code = most_printed.subject_code
            and names.fiscal_year = most_printed.fiscal_year
    left join owners
        on
            names.classification = owners.classification
            and names.subject_code = owners.subject_code
            and names.fiscal_year = owners.fiscal_year
            and names.subject_name = owners.subject_name

)

select * from final
