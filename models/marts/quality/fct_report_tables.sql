-- one row per report and standard form, printed or not: how it stands in the report
with

tables_printed as (

    select * from {{ ref('int_tables_printed') }}

),

final as (

    select
        cast(report_id as string) as report_id,
        cast(table_no as string) as table_no,
        cast(print_status as string) as print_status,
        cast(is_listed as boolean) as is_listed,
        cast(has_rows as boolean) as has_rows,
        cast(says_it_is_empty as boolean) as says_it_is_empty,
        cast(has_total as boolean) as has_total
    from tables_printed

)

select * from final
