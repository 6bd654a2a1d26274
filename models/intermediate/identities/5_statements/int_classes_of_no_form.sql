-- one row per table by subject whose classes are all in the form of the year, and one per class of a report that is not
with

reports as (

    select * from {{ of_changed_reports(ref('stg_accounts__reports')) }}

),

cells as (

    select * from {{ of_changed_reports(ref('int_cells_in_words')) }} where length(subject_code) = 3

),

{{ form_classes() }},

printed as (

    select distinct
        reports.report_id,
        reports.fiscal_year,
        cells.table_no,
        case cells.table_no when '06' then 'economic' else 'functional' end as classification,
        cells.subject_code as class_code
    from cells
    inner join reports
        on cells.report_no = reports.report_no

),

compared as (

    select
        printed.report_id,
        printed.table_no,
        printed.classification,
        printed.class_code,
        printed.fiscal_year,
        count(form_classes.class_code) > 0 as is_known
    from printed
    left join form_classes
        on
            printed.classification = form_classes.classification
            and printed.class_code = form_classes.class_code
            and printed.fiscal_year between form_classes.first_year and form_classes.last_year
    group by
        printed.report_id,
        printed.table_no,
        printed.classification,
        printed.class_code,
        printed.fiscal_year

),

final as (

    select
        report_id,
        's_classes' as identity_id,
        table_no as instance_key,
        true as holds,
        cast(null as string) as reason
    from compared
    group by
        report_id,
        table_no
    having bool_and(is_known)

    union all

    -- a class that several tables print is one finding
    select
        report_id,
        's_classes' as identity_id,
        classification || ':' || class_code as instance_key,
        false as holds,
        'the form of ' || cast(min(fiscal_year) as string) || ' has no class ' || class_code || '; first in table ' || min(table_no)
            as reason
    from compared
    where not is_known
    group by
        report_id,
        classification,
        class_code

)

select * from final
