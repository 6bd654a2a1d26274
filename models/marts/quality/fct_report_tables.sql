-- one row per report and standard form, printed or not: how it stands in the report
with

tables_printed as (

    select * from {{ ref('int_tables_printed') }}

),

listed as (

    select * from {{ ref('stg_accounts__report_tables') }}

),

placed as (

    select
        report_id,
        table_no,
        min(page_no) as first_page,
        max(page_no) as last_page
    from {{ ref('stg_accounts__cell_places') }}
    where table_no is not null
    group by
        report_id,
        table_no

),

final as (

    select
        cast(tables_printed.report_id as string) as report_id,
        cast(tables_printed.table_no as string) as table_no,
        cast(tables_printed.print_status as string) as print_status,
        cast(tables_printed.is_listed as boolean) as is_listed,
        cast(tables_printed.has_rows as boolean) as has_rows,
        cast(tables_printed.says_it_is_empty as boolean) as says_it_is_empty,
        cast(tables_printed.has_total as boolean) as has_total,
        cast(listed.title as string) as title,
        cast(coalesce(listed.page_from, placed.first_page) as integer) as page_from,
        cast(coalesce(listed.page_to, placed.last_page, listed.page_from) as integer) as page_to
    from tables_printed
    left join listed
        on
            tables_printed.report_id = listed.report_id
            and tables_printed.table_no = listed.table_no
    left join placed
        on
            tables_printed.report_id = placed.report_id
            and tables_printed.table_no = placed.table_no

)

select * from final
