-- one row per report and table 07 or 08: whether it is empty exactly when its column in table 04 is
with

empty_tables as (

    select * from {{ of_changed_reports(ref('int_tables_printed')) }} where table_no in ('07', '08')

),

-- The column of a fund, and the lines of the panel without columns that are its money, too.
fund_cells as (

    select
        *,
        case when column_name = 'government_fund' or row_key like '%government_fund' then '07' else '08' end as fund_table,
        column_name <> 'amount' as is_column,
        column_name <> 'amount' and row_key not in ('closing_balance', 'expenditure_grand_total') as is_spending
    from {{ of_changed_reports(ref('int_cells_in_words')) }}
    where
        table_no = '04'
        and (
            column_name in ('government_fund', 'state_capital_operations')
            or row_key like '%government_fund'
            or row_key like '%state_capital_operations'
        )

),

-- What nobody can read may be an amount.
fund_columns as (

    select
        report_id,
        fund_table as table_no,
        case
            when count(*) filter (where amount <> 0) > 0 then false
            when count(*) filter (where cell_status = 'rejected') = 0 then true
        end as is_empty,
        case
            when count(*) filter (where is_spending and amount <> 0) > 0 then false
            when count(*) filter (where is_spending and cell_status = 'rejected') = 0 then true
        end as is_unspent
    from fund_cells
    group by
        report_id,
        fund_table
    having count(*) filter (where is_column) > 0

),

-- What was spent and what was taken back may add up to nothing: the total prints zeros, and so does the column.
totals_of_nothing as (

    select
        report_id,
        table_no
    from {{ of_changed_reports(ref('int_cells_in_words')) }}
    where
        table_no in ('07', '08')
        and row_key = 'total'
    group by
        report_id,
        table_no
    having
        count(*) filter (where amount = 0 and cell_status = 'amount') > 0
        and count(*) filter (where amount <> 0 or cell_status = 'rejected') = 0

),

-- Table 08 may print expenditure only: money that came in and was not spent stands in 04 alone.
compared as (

    select
        empty_tables.*,
        fund_columns.report_id is not null as has_column,
        totals_of_nothing.report_id is not null as adds_up_to_nothing,
        case
            when empty_tables.table_no = '08' and empty_tables.is_empty then fund_columns.is_unspent
            else fund_columns.is_empty
        end as is_column_empty
    from empty_tables
    left join fund_columns
        on
            empty_tables.report_id = fund_columns.report_id
            and empty_tables.table_no = fund_columns.table_no
    left join totals_of_nothing
        on
            empty_tables.report_id = totals_of_nothing.report_id
            and empty_tables.table_no = totals_of_nothing.table_no

),

final as (

    select
        report_id,
        'e_column' as identity_id,
        table_no as instance_key,
        case
            when is_column_empty and adds_up_to_nothing then true
            else is_empty = is_column_empty
        end as holds,
        case
            when print_status = 'missing' then 'table ' || table_no || ' is not printed'
            when not has_column then 'table 04 prints no column for it'
            when is_empty is null or is_column_empty is null then 'a cell in it cannot be read'
            else
                'table ' || table_no || case when is_empty then ' is empty, ' else ' is not empty, ' end
                || case when is_column_empty then 'its column in table 04 is empty' else 'its column in table 04 is not' end
        end as reason
    from compared

)

select * from final
