-- one row per table by subject whose sections and items have names of their own, and one per name of a report that another has, too
with

subject_rows as (

    select * from {{ of_changed_reports(ref('int_subject_rows')) }}
    where
        parent_code is not null
        and subject_name is not null

),

-- Below one subject, in whichever tables: sections of other classes and items of other sections may well be called alike.
names as (

    select
        report_id,
        classification,
        parent_code,
        subject_name,
        min(subject_code) as subject_code,
        max(subject_code) as other_code,
        min(subject_code) <> max(subject_code) as is_shared
    from subject_rows
    group by
        report_id,
        classification,
        parent_code,
        subject_name

),

{{ form_classes() }},

-- Elsewhere, names may well be shared, and are printed more or less in full: what goes by two names in one report, of which one is a
-- class's or that of a subject with another place below its parent, is that by mistake.
names_of_others as (

    select
        report_id,
        classification,
        subject_code,
        parent_code,
        subject_name
    from subject_rows

    union

    select distinct
        subject_rows.report_id,
        form_classes.classification,
        form_classes.class_code as subject_code,
        '' as parent_code,
        form_classes.class_name as subject_name
    from subject_rows
    inner join form_classes
        on
            subject_rows.classification = form_classes.classification
            and subject_rows.subject_name = form_classes.class_name

),

names_of_others_taken as (

    select
        subject_rows.report_id,
        subject_rows.classification,
        subject_rows.subject_code,
        min(subject_rows.subject_name) as subject_name,
        min(names_of_others.subject_code) as other_code
    from subject_rows
    inner join names_of_others
        on
            subject_rows.report_id = names_of_others.report_id
            and subject_rows.classification = names_of_others.classification
            and subject_rows.subject_name = names_of_others.subject_name
            and subject_rows.parent_code <> names_of_others.parent_code
            and subject_rows.subject_code not like names_of_others.subject_code || '%'
            and (
                names_of_others.parent_code = ''
                or substr(subject_rows.subject_code, -2) <> substr(names_of_others.subject_code, -2)
            )
    inner join subject_rows as elsewhere
        on
            subject_rows.report_id = elsewhere.report_id
            and subject_rows.classification = elsewhere.classification
            and subject_rows.subject_code = elsewhere.subject_code
            and subject_rows.subject_name not like elsewhere.subject_name || '%'
            and elsewhere.subject_name not like subject_rows.subject_name || '%'
    group by
        subject_rows.report_id,
        subject_rows.classification,
        subject_rows.subject_code

),

final as (

    select
        subject_rows.report_id,
        's_subject_names' as identity_id,
        subject_rows.table_no as instance_key,
        true as holds,
        cast(null as string) as reason
    from subject_rows
    inner join names
        on
            subject_rows.report_id = names.report_id
            and subject_rows.classification = names.classification
            and subject_rows.parent_code = names.parent_code
            and subject_rows.subject_name = names.subject_name
    group by
        subject_rows.report_id,
        subject_rows.table_no
    having not bool_or(names.is_shared)

    union all

    select
        report_id,
        's_subject_names' as identity_id,
        classification || ':' || parent_code || ':' || subject_code as instance_key,
        false as holds,
        subject_code || ' and ' || other_code || ' are both printed as ' || subject_name as reason
    from names
    where is_shared

    union all

    select
        report_id,
        's_subject_names' as identity_id,
        classification || ':' || subject_code as instance_key,
        false as holds,
        subject_code || ' is printed as ' || subject_name || ', too, which is ' || other_code as reason
    from names_of_others_taken

)

select * from final
