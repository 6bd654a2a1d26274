-- one row per printed figure that nobody can read, with the sentence that says so
with

rejected_cells as (

    select * from {{ ref('int_rejected_cells') }}

),

final as (

    select
        cast(report_id as varchar) as report_id,
        cast(raw_table as varchar) as raw_table,
        cast(row_no as integer) as row_no,
        cast(row_key as varchar) as row_key,
        cast(column_name as varchar) as column_name,
        cast(printed_text as varchar) as printed_text,
        cast(
            'report ' || report_id || ', table ' || raw_table || ', row ' || cast(row_no as varchar) || ', column ' || column_name
            || ': «' || printed_text || '»; expected an amount such as 1,234.56, no finer than a fen' as varchar
        ) as problem
    from rejected_cells

)

select * from final
