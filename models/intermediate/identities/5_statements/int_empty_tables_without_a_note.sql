-- one row per table 07, 08 or 09 of a report that prints notes: whether a note says that it is empty exactly when it is
with

empty_tables as (

    select * from {{ of_changed_reports(ref('int_tables_printed')) }}
    where
        table_no in ('07', '08', '09')
        and has_rows

),

table_notes as (

    select * from {{ of_changed_reports(ref('stg_accounts__table_notes')) }}

),

annotated_reports as (

    select distinct report_id from table_notes

),

notes_of_nothing as (

    select
        *,
        {{ denies_the_amounts_of_a_table('note_text', 'table_no') }} as denies_amounts
    from table_notes
    where {{ says_that_a_table_is_empty('note_text', 'table_no') }}

),

final as (

    select
        empty_tables.report_id,
        'e_note' as identity_id,
        empty_tables.table_no as instance_key,
        case
            -- whoever prints zeros has not forgotten the table
            when empty_tables.is_empty then empty_tables.has_zeros or count(table_notes.note_no) > 0
            else coalesce(bool_and(not table_notes.denies_amounts), true)
        end as holds,
        'table ' || empty_tables.table_no
        || case
            when empty_tables.is_empty then ' is empty, but no note says so'
            else ' has amounts, but a note says that it is empty'
        end as reason
    from empty_tables
    inner join annotated_reports
        on empty_tables.report_id = annotated_reports.report_id
    left join notes_of_nothing as table_notes
        on
            empty_tables.report_id = table_notes.report_id
            and empty_tables.table_no = table_notes.table_no
    group by
        empty_tables.report_id,
        empty_tables.table_no,
        empty_tables.is_empty,
        empty_tables.has_zeros

)

select * from final
