-- one row per table by subject whose sections and items have names of their own, and one per name of a report that two of them share
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

)

select * from final
