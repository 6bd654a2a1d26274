-- one row per table whose amounts print the decimals of the table, and one per amount that does not: whether it may
with

reports as (

    select * from {{ of_changed_reports(ref('stg_accounts__reports')) }}

),

report_tables as (

    select * from {{ ref('stg_accounts__report_tables') }}

),

cells as (

    select * from {{ of_changed_reports(ref('int_cells_in_words')) }}
    where
        cell_status = 'amount'
        and amount_yuan is not null

),

printed as (

    select
        cells.report_no,
        cells.report_id,
        cells.table_no,
        cells.row_key,
        cells.column_name,
        cells.printed_text,
        cells.amount,
        {{ printed_decimals('cells.printed_text') }} as decimals,
        -- a table may print decimals of its own; otherwise they are the report's
        coalesce(report_tables.amount_decimals, reports.amount_decimals) as amount_decimals
    from cells
    inner join reports
        on cells.report_no = reports.report_no
    left join report_tables
        on
            cells.report_id = report_tables.report_id
            and cells.table_no = report_tables.table_no

),

compared as (

    select
        *,
        -- nothing is lost of a zero
        decimals = amount_decimals or (amount = 0 and decimals < amount_decimals) as is_regular,
        decimals > 0 and decimals = amount_decimals and printed_text like '%0' as ends_in_zero
    from printed

),

table_habits as (

    select
        report_no,
        report_id,
        table_no,
        count(*) as amounts,
        count(*) filter (where not is_regular) as irregular_amounts,
        count(*) filter (where not is_regular and decimals < amount_decimals) as shorter_amounts,
        count(*) filter (where decimals > amount_decimals) as longer_amounts,
        count(*) filter (where ends_in_zero) as zeros_at_the_end
    from compared
    group by
        report_no,
        report_id,
        table_no

),

report_habits as (

    select
        report_no,
        sum(amounts) as amounts,
        sum(irregular_amounts) as irregular_amounts,
        sum(zeros_at_the_end) as zeros_at_the_end
    from table_habits
    group by report_no

),

-- What two amounts show is no slip of one: zeros at the end show that none are left off, and amounts with other decimals that
-- the table, or the report, prints such.
habits as (

    select
        table_habits.report_no,
        table_habits.table_no,
        report_habits.zeros_at_the_end < 2
        or (table_habits.shorter_amounts >= 2 and table_habits.zeros_at_the_end < 2) as leaves_zeros_off,
        table_habits.longer_amounts >= 2 and table_habits.longer_amounts * 20 > table_habits.amounts as prints_more_decimals,
        report_habits.irregular_amounts >= 2 and report_habits.irregular_amounts * 20 > report_habits.amounts as prints_any_decimals
    from table_habits
    inner join report_habits
        on table_habits.report_no = report_habits.report_no

),

final as (

    -- the regular amounts of a table are one instance, each irregular one is one of its own
    select
        report_id,
        's_decimals' as identity_id,
        table_no as instance_key,
        true as holds,
        cast(null as string) as reason
    from table_habits
    where irregular_amounts < amounts

    union all

    select
        compared.report_id,
        's_decimals' as identity_id,
        compared.table_no || ':' || compared.row_key || ':' || compared.column_name as instance_key,
        habits.prints_any_decimals
        or case
            when compared.decimals < compared.amount_decimals then habits.leaves_zeros_off
            else habits.prints_more_decimals
        end as holds,
        'printed as ' || compared.printed_text || ', the table prints '
        || cast(compared.amount_decimals as string) || ' decimals' as reason
    from compared
    inner join habits
        on
            compared.report_no = habits.report_no
            and compared.table_no = habits.table_no
    where not compared.is_regular

)

select * from final
