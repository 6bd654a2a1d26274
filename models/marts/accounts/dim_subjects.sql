-- one row per classification, subject code and fiscal year in which released reports print it
with

printed as (

    select * from {{ ref('int_subjects_printed') }}

),

economic_classes as (

    select * from {{ ref('economic_classes') }}

),

-- One name a code and year: the one that most reports print.
names as (

    select * from {{ ref('int_subject_names') }} where is_leading

),

printed_in as (

    select
        classification,
        subject_code,
        fiscal_year,
        count(*) as report_count,
        count(distinct subject_name) as name_count,
        concat_ws(
            ', ',
            case when max(is_in_05) then 'general_public_budget' end,
            case when max(is_in_07) then 'government_fund' end,
            case when max(is_in_08) then 'state_capital_operations' end
        ) as funds
    from printed
    group by
        classification,
        subject_code,
        fiscal_year

),

paths as (

    select
        names.classification,
        names.subject_code,
        names.fiscal_year,
        names.subject_name,
        names.official_name,
        names.rule_source,
        names.reports_alike,
        names.departments_alike,
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
            and case when length(names.subject_code) >= 5 then substr(names.subject_code, 1, 5) end = sections.subject_code

),

full_paths as (

    select
        *,
        concat_ws(' / ', class_name, section_name, item_name) as full_path
    from paths

),

-- The subject of a year serves until the next year in which somebody prints it; the last one is open.
bounded as (

    select
        *,
        min(fiscal_year) over (partition by classification, subject_code) as first_year_seen,
        max(fiscal_year) over (partition by classification, subject_code) as last_year_seen,
        lead(fiscal_year) over (partition by classification, subject_code order by fiscal_year) - 1 as valid_to_year
    from full_paths

),

final as (

    select
        cast(
            bounded.classification || '-' || bounded.subject_code || '-' || cast(bounded.fiscal_year as string)
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
        cast(bounded.fiscal_year as integer) as valid_from_year,
        cast(bounded.valid_to_year as integer) as valid_to_year,
        cast(bounded.valid_to_year is null as boolean) as is_current,
        cast(bounded.first_year_seen as integer) as first_year_seen,
        cast(bounded.last_year_seen as integer) as last_year_seen,
        cast(nullif(printed_in.funds, '') as string) as funds,
        cast(bounded.official_name as string) as official_name,
        cast(bounded.rule_source as string) as rule_source,
        cast(printed_in.report_count as integer) as report_count,
        cast(printed_in.name_count as integer) as name_count,
        cast(bounded.reports_alike as integer) as reports_alike,
        cast(bounded.departments_alike as integer) as departments_alike,
        cast(
            case
                when bounded.rule_source is not null then 'rule: ' || bounded.rule_source
                when bounded.departments_alike = 1 then 'printed by one department only'
                else
                    'printed alike by ' || cast(bounded.reports_alike as string) || ' reports of '
                    || cast(bounded.departments_alike as string) || ' departments'
            end as string
        ) as evidence
    from bounded
    inner join printed_in
        on
            bounded.classification = printed_in.classification
            and bounded.subject_code = printed_in.subject_code
            and bounded.fiscal_year = printed_in.fiscal_year
    left join economic_classes
        on
            case when bounded.classification = 'economic' then bounded.class_code end = economic_classes.class_code

)

select * from final
