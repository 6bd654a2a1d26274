-- one row per table by subject whose classes go by no other’s name, and one per class of a report that does
with

rows_of_subjects as (

    select * from {{ of_changed_reports(ref('int_subject_rows')) }} where length(subject_code) = 3

),

{{ form_classes() }},

class_names as (

    select distinct
        classification,
        class_code,
        class_name
    from form_classes

),

compared as (

    select
        rows_of_subjects.report_id,
        rows_of_subjects.table_no,
        rows_of_subjects.classification,
        rows_of_subjects.subject_code,
        rows_of_subjects.subject_name,
        min(others.class_code) as other_code
    from rows_of_subjects
    left join class_names as own
        on
            rows_of_subjects.classification = own.classification
            and rows_of_subjects.subject_code = own.class_code
            -- a name may be printed without its end in parentheses
            and own.class_name like rows_of_subjects.subject_name || '%'
    left join class_names as others
        on
            rows_of_subjects.classification = others.classification
            and rows_of_subjects.subject_name = others.class_name
            and own.class_code is null
    group by
        rows_of_subjects.report_id,
        rows_of_subjects.table_no,
        rows_of_subjects.classification,
        rows_of_subjects.subject_code,
        rows_of_subjects.subject_name

),

final as (

    select
        report_id,
        's_class_names' as identity_id,
        table_no as instance_key,
        true as holds,
        cast(null as string) as reason
    from compared
    group by
        report_id,
        table_no
    having count(other_code) = 0

    union all

    -- a name that several tables print is one finding
    select
        report_id,
        's_class_names' as identity_id,
        classification || ':' || subject_code as instance_key,
        false as holds,
        'class ' || subject_code || ' is printed as ' || min(subject_name) || ', which is class ' || min(other_code) as reason
    from compared
    where other_code is not null
    group by
        report_id,
        classification,
        subject_code

)

select * from final
