-- one row per table that a report lists or has rows of, and one where it lists none: whether the list is what is printed
with

tables_printed as (

    select * from {{ of_changed_reports(ref('int_tables_printed')) }}

),

listing_reports as (

    select
        report_id,
        count(*) filter (where is_listed) > 0 as lists_tables
    from tables_printed
    group by report_id

),

final as (

    select
        tables_printed.report_id,
        's_tables' as identity_id,
        tables_printed.table_no as instance_key,
        tables_printed.is_listed and (tables_printed.has_rows or tables_printed.says_it_is_empty) as holds,
        'table ' || tables_printed.table_no
        || case
            when tables_printed.is_listed then ' is listed, but no row of it is printed and no note says that it is empty'
            else ' has rows, but is not listed'
        end as reason
    from tables_printed
    inner join listing_reports
        on tables_printed.report_id = listing_reports.report_id
    where
        listing_reports.lists_tables
        and (tables_printed.is_listed or tables_printed.has_rows)

    union all

    select
        report_id,
        's_tables' as identity_id,
        '' as instance_key,
        false as holds,
        'no table is listed' as reason
    from listing_reports
    where not lists_tables

)

select * from final
