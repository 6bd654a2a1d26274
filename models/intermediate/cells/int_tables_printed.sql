-- one row per report and standard form, printed or not: how it stands in the report
{#- Absence is not zero: whoever takes a blank of a table for a zero, or adds its amounts to another's, asks here first. #}
with

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

forms as (

    select * from {{ ref('forms') }}

),

report_tables as (

    select * from {{ ref('stg_accounts__report_tables') }}

),

table_notes as (

    select * from {{ ref('stg_accounts__table_notes') }}

),

report_cells as (

    select * from {{ ref('int_report_cells') }}

),

addresses as (

    select * from {{ ref('int_printed_addresses') }}

),

-- The row that everything in a table adds up to; a table that was cut in half has none.
total_rows as (

    select address_no from addresses
    where
        row_key in ('total', 'general_operating_total')
        or (
            table_no in ('01', '04')
            and row_key = 'expenditure_total'
        )

),

printed as (

    select
        report_cells.report_no,
        report_cells.table_no,
        count(*) filter (where report_cells.amount <> 0) as amounts,
        count(*) filter (where report_cells.amount = 0) > 0 as has_zeros,
        count(*) filter (where report_cells.cell_status = 'rejected') as rejected_cells,
        count(total_rows.address_no) > 0 as has_total
    from report_cells
    left join total_rows
        on report_cells.address_no = total_rows.address_no
    group by
        report_cells.report_no,
        report_cells.table_no

),

empty_by_its_word as (

    select distinct
        report_id,
        table_no
    from table_notes
    where {{ says_that_a_table_is_empty('note_text', 'table_no') }}

),

stated as (

    select
        reports.report_id,
        reports.report_no,
        forms.table_no,
        report_tables.report_id is not null as is_listed,
        printed.report_no is not null as has_rows,
        empty_by_its_word.report_id is not null as says_it_is_empty,
        coalesce(printed.amounts, 0) as amounts,
        coalesce(printed.has_zeros, false) as has_zeros,
        coalesce(printed.rejected_cells, 0) as rejected_cells,
        coalesce(printed.has_total, false) as has_total
    from reports
    cross join forms
    left join report_tables
        on
            reports.report_id = report_tables.report_id
            and forms.table_no = report_tables.table_no
    left join printed
        on
            reports.report_no = printed.report_no
            and forms.table_no = printed.table_no
    left join empty_by_its_word
        on
            reports.report_id = empty_by_its_word.report_id
            and forms.table_no = empty_by_its_word.table_no

),

final as (

    select
        *,
        case
            when amounts + rejected_cells > 0 then 'printed'
            when has_rows or says_it_is_empty then 'empty'
            else 'missing'
        end as print_status,
        -- what nobody can read may be an amount
        case
            when amounts > 0 then false
            when rejected_cells = 0 and (has_rows or says_it_is_empty) then true
        end as is_empty
    from stated

)

select * from final
