-- one row per report and subject of the narrative that names a printed subject without its code: the code
with

claims as (

    select * from {{ ref('int_claims_measured') }}

),

claim_subjects as (

    select * from {{ ref('claim_subjects') }}

),

printed as (

    select distinct
        report_id,
        classification,
        subject_code,
        {{ claim_subject('subject_name') }} as subject
    from {{ ref('int_subject_rows') }}
    -- most of many reports may have no text
    where report_id in (select report_id from claims)

),

-- The narrative names an item alone, below its section, or below its class and section.
paths as (

    select
        items.report_id,
        items.classification,
        items.subject_code,
        items.subject as alone,
        sections.subject || items.subject as in_section,
        classes.subject || coalesce(sections.subject, '') || items.subject as in_class
    from printed as items
    left join printed as sections
        on
            items.report_id = sections.report_id
            and items.classification = sections.classification
            -- a condition of one side alone would compare every row with every other
            and sections.subject_code = case when length(items.subject_code) > 5 then substr(items.subject_code, 1, 5) end
    left join printed as classes
        on
            items.report_id = classes.report_id
            and items.classification = classes.classification
            and classes.subject_code = substr(items.subject_code, 1, 3)
    where
        length(items.subject_code) > 3
        or items.classification = 'economic'

),

ways as (

    select
        report_id,
        classification,
        subject_code,
        alone as subject
    from paths

    union all

    select
        report_id,
        classification,
        subject_code,
        in_section as subject
    from paths
    where classification = 'functional'

    union all

    select
        report_id,
        classification,
        subject_code,
        in_class as subject
    from paths
    where classification = 'functional'

),

-- a name without its code means the only subject of the report with that name
names as (

    select
        report_id,
        subject,
        min(classification) as classification,
        min(subject_code) as subject_code
    from ways
    where subject is not null
    group by
        report_id,
        subject
    having min(classification || subject_code) = max(classification || subject_code)

),

final as (

    select distinct
        claims.report_id,
        claims.subject,
        names.classification,
        names.subject_code
    from claims
    inner join names
        on
            claims.report_id = names.report_id
            and replace(replace(claims.subject, '（项）', ''), '（款）', '') = names.subject
    where
        claims.class_code is null
        -- names of the forms mean a cell of theirs
        and claims.subject not in (select {{ claim_subject('claim_subjects.subject') }} from claim_subjects)
        -- accounts of all money are printed nowhere
        and (names.classification = 'functional' or claims.section like '%基本支出%')

)

select * from final
