-- one row per report and table 07 or 08: whether it is empty exactly when its column in table 04 is
with

empty_tables as (

    select * from {{ of_changed_reports(ref('int_tables_printed')) }} where table_no in ('07', '08')

),

cells as (

    select * from {{ of_changed_reports(ref('int_cells_in_words')) }}
    where
        table_no = '04'
        and (
            column_name = 'government_fund'
            -- table 08 prints expenditure only: money that came in and was not spent stands in 04 alone
            or (column_name = 'state_capital_operations' and row_key not in ('closing_balance', 'expenditure_grand_total'))
        )

),

-- What nobody can read may be an amount.
fund_columns as (

    select
        report_id,
        case column_name when 'government_fund' then '07' else '08' end as table_no,
        case
            when count(*) filter (where amount <> 0) > 0 then false
            when count(*) filter (where cell_status = 'rejected') = 0 then true
        end as is_empty
    from cells
    group by
        report_id,
        column_name

),

final as (

    select
        empty_tables.report_id,
        'e_column' as identity_id,
        empty_tables.table_no as instance_key,
        empty_tables.is_empty = fund_columns.is_empty as holds,
        case
            when empty_tables.print_status = 'missing' then 'table ' || empty_tables.table_no || ' is not printed'
            when fund_columns.report_id is null then 'table 04 prints no column for it'
            when empty_tables.is_empty is null or fund_columns.is_empty is null then 'a cell in it cannot be read'
            else
                'table ' || empty_tables.table_no || case when empty_tables.is_empty then ' is empty, ' else ' is not empty, ' end
                || case when fund_columns.is_empty then 'its column in table 04 is empty' else 'its column in table 04 is not' end
        end as reason
    from empty_tables
    left join fund_columns
        on
            empty_tables.report_id = fund_columns.report_id
            and empty_tables.table_no = fund_columns.table_no

)

select * from final
