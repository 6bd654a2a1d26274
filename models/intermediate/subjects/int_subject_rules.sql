-- one row per classification, subject code, fund and run of years in which a rule or a form gives the code a name
with

rules as (

    select * from {{ ref('subject_rules') }}

),

form_lines as (

    select * from {{ ref('form_lines') }} where class_code is not null and table_no = '01'

),

final as (

    select
        classification,
        subject_code,
        official_name,
        fund,
        coalesce(first_year, 0) as first_year,
        coalesce(last_year, 9999) as last_year,
        source
    from rules

    union all

    -- the summary lists the classes; a year of change has both names, and the later one counts
    select
        'functional' as classification,
        class_code as subject_code,
        max_by(label, coalesce(first_year, 0)) as official_name,
        cast(null as string) as fund,
        coalesce(first_year, 0) as first_year,
        coalesce(last_year, 9999) as last_year,
        'form 公开01' as source
    from form_lines
    group by
        class_code,
        first_year,
        last_year

)

select * from final
