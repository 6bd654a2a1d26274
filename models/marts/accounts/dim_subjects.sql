-- one row per classification, subject code and period in which its names stay the same
with

subjects as (

    select * from {{ ref('int_subjects_printed') }}

),

economic_classes as (

    select * from {{ ref('economic_classes') }}

),

counted as (

    select
        classification,
        subject_code,
        fiscal_year,
        subject_name,
        count(*) as times
    from subjects
    group by
        classification,
        subject_code,
        fiscal_year,
        subject_name

),

-- One name a code and year: the one that most reports print.
names as (

    select *
    from counted
    qualify row_number() over (
        partition by classification, subject_code, fiscal_year
        order by times desc, subject_name asc
    ) = 1

),

paths as (

    select
        names.classification,
        names.subject_code,
        names.fiscal_year,
        names.subject_name,
        substr(names.subject_code, 1, 3) as class_code,
        classes.subject_name as class_name,
        case when length(names.subject_code) >= 5 then substr(names.subject_code, 1, 5) end as section_code,
        sections.subject_name as section_name,
        case when length(names.subject_code) = 7 then names.subject_code end as item_code,
        case when length(names.subject_code) = 7 then names.subject_name end as item_name
    from names
    left join names as classes
        on
            names.classification = classes.classification
            and names.fiscal_year = classes.fiscal_year
            and substr(names.subject_code, 1, 3) = classes.subject_code
    left join names as sections
        on
            names.classification = sections.classification
            and names.fiscal_year = sections.fiscal_year
            and length(names.subject_code) >= 5
            and substr(names.subject_code, 1, 5) = sections.subject_code

),

full_paths as (

    select
        *,
        concat_ws(' / ', class_name, section_name, item_name) as full_path
    from paths

),

changes as (

    select
        *,
        case
            when lag(full_path) over (partition by classification, subject_code order by fiscal_year) = full_path then 0
            else 1
        end as is_new_period
    from full_paths

),

numbered as (

    select
        *,
        sum(is_new_period) over (
            partition by classification, subject_code
            order by fiscal_year
            rows between unbounded preceding and current row
        ) as period_no
    from changes

),

periods as (

    select
        classification,
        subject_code,
        period_no,
        min(subject_name) as subject_name,
        min(class_code) as class_code,
        min(class_name) as class_name,
        min(section_code) as section_code,
        min(section_name) as section_name,
        min(item_code) as item_code,
        min(item_name) as item_name,
        min(full_path) as full_path,
        min(fiscal_year) as valid_from_year
    from numbered
    group by
        classification,
        subject_code,
        period_no

),

-- A period lasts until the next one begins; the last one is open.
bounded as (

    select
        *,
        lead(valid_from_year) over (partition by classification, subject_code order by valid_from_year) - 1 as valid_to_year
    from periods

),

final as (

    select
        cast(
            bounded.classification || '-' || bounded.subject_code || '-' || cast(bounded.valid_from_year as string)
            as string
        ) as subject_id,
        cast(bounded.classification as string) as classification,
        cast(bounded.subject_code as string) as subject_code,
        cast(bounded.subject_name as string) as subject_name,
        cast({{ subject_level('bounded.subject_code') }} as string) as subject_level,
        cast({{ parent_code('bounded.subject_code') }} as string) as parent_code,
        cast(bounded.class_code as string) as class_code,
        cast(bounded.class_name as string) as class_name,
        cast(bounded.section_code as string) as section_code,
        cast(bounded.section_name as string) as section_name,
        cast(bounded.item_code as string) as item_code,
        cast(bounded.item_name as string) as item_name,
        cast(bounded.full_path as string) as full_path,
        cast(economic_classes.economic_category as string) as economic_category,
        cast(bounded.valid_from_year as integer) as valid_from_year,
        cast(bounded.valid_to_year as integer) as valid_to_year,
        cast(bounded.valid_to_year is null as boolean) as is_current
    from bounded
    left join economic_classes
        on
            bounded.classification = 'economic'
            and bounded.class_code = economic_classes.class_code

)

select * from final
