-- one row per table 07, 08 or 09 of a report that prints notes: whether a note says that it is empty exactly when it is
with

empty_tables as (

    select * from {{ ref('int_empty_tables') }}

),

table_notes as (

    select * from {{ of_changed_reports(ref('stg_accounts__table_notes')) }}

),

annotated_reports as (

    select distinct report_id from table_notes

),

final as (

    select
        empty_tables.report_id,
        'e_note' as identity_id,
        empty_tables.table_no as instance_key,
        empty_tables.is_empty = (count(table_notes.note_no) > 0) as holds,
        'table ' || empty_tables.table_no
        || case
            when empty_tables.is_empty then ' is empty, but no note says so'
            else ' has amounts, but a note says that it is empty'
        end as reason
    from empty_tables
    inner join annotated_reports
        on empty_tables.report_id = annotated_reports.report_id
    left join table_notes
        on
            empty_tables.report_id = table_notes.report_id
            and empty_tables.table_no = table_notes.table_no
            and (
                {{ is_match(
                    'table_notes.note_text',
                    '(本表无数据|此表无数据|无此项|空表|本表为空|此表为空|(没有|无)[^，。；]{0,12}三公[^，。；]{0,20}(支出|经费|数据))'
                ) }}
                -- of the three public expenses, a table that is not empty may say which of them there are none of
                or (
                    table_notes.table_no <> '09'
                    and {{ is_match('table_notes.note_text', '(没有|无)[^，。；]{0,30}(收支|收入|支出|拨款|经费|数据)') }}
                )
            )
    group by
        empty_tables.report_id,
        empty_tables.table_no,
        empty_tables.is_empty

)

select * from final
