-- one row per table whose amounts print the report’s decimals, and one per amount that does not: whether it may
with

reports as (

    select * from {{ of_changed_reports(ref('stg_accounts__reports')) }}

),

cells as (

    select * from {{ of_changed_reports(ref('int_cells_in_words')) }}
    where
        cell_status = 'amount'
        and amount_yuan is not null

),

printed_decimals as (

    select
        cells.report_no,
        cells.report_id,
        cells.table_no,
        cells.row_key,
        cells.column_name,
        cells.printed_text,
        reports.amount_decimals,
        {{ printed_decimals('cells.printed_text') }} = reports.amount_decimals as is_regular
    from cells
    inner join reports
        on cells.report_no = reports.report_no

),

table_decimals as (

    select
        report_no,
        report_id,
        table_no,
        count(*) as amounts,
        count(*) filter (where not is_regular) as irregular_amounts
    from printed_decimals
    group by
        report_no,
        report_id,
        table_no

),

-- A report that leaves off trailing zeros prints many numbers with fewer decimals; one that does not prints none.
regular_reports as (

    select
        report_no,
        sum(irregular_amounts) * 20 <= sum(amounts) as prints_all_decimals
    from table_decimals
    group by report_no

),

final as (

    -- the regular amounts of a table are one instance, each irregular one is one of its own
    select
        report_id,
        's_decimals' as identity_id,
        table_no as instance_key,
        true as holds,
        cast(null as string) as reason
    from table_decimals
    where irregular_amounts < amounts

    union all

    select
        printed_decimals.report_id,
        's_decimals' as identity_id,
        printed_decimals.table_no || ':' || printed_decimals.row_key || ':' || printed_decimals.column_name as instance_key,
        not regular_reports.prints_all_decimals as holds,
        'printed as ' || printed_decimals.printed_text || ', the report prints '
        || cast(printed_decimals.amount_decimals as string) || ' decimals' as reason
    from printed_decimals
    inner join regular_reports
        on printed_decimals.report_no = regular_reports.report_no
    where not printed_decimals.is_regular

)

select * from final
