-- one row per report and amount cell of tables 公开01 to 公开10, blank cells too
with

cells as (

    select * from {{ ref('int_cells_unpivoted') }}

),

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

report_tables as (

    select * from {{ ref('stg_accounts__report_tables') }}

),

amount_units as (

    select * from {{ ref('amount_units') }}

),

form_lines as (

    select distinct
        table_no,
        row_key,
        value_unit
    from {{ ref('form_lines') }}

),

-- A table may print a unit of its own; otherwise it is the report's. Counts of vehicles and sets have none.
units as (

    select
        cells.report_id,
        cells.table_no,
        cells.row_no,
        cells.row_key,
        cells.row_role,
        cells.line_no,
        cells.subject_code,
        cells.parent_key,
        cells.column_name,
        cells.printed_text,
        {{ cell_status('cells.printed_text') }} as cell_status,
        {{ printed_amount('cells.printed_text') }} as amount,
        case
            when coalesce(form_lines.value_unit, 'amount') = 'amount'
                then coalesce(amount_units.yuan, reports.amount_unit_yuan)
        end as unit_yuan,
        reports.amount_decimals,
        greatest(reports.amount_decimals, {{ printed_decimals('cells.printed_text') }}) as decimals
    from cells
    left join reports
        on cells.report_id = reports.report_id
    left join report_tables
        on
            cells.report_id = report_tables.report_id
            and cells.table_no = report_tables.table_no
    left join amount_units
        on report_tables.amount_unit = amount_units.amount_unit
    left join form_lines
        on
            cells.table_no = form_lines.table_no
            and cells.row_key = form_lines.row_key

),

-- An amount finer than a fen cannot be money: its text is rejected, not rounded.
checked as (

    select
        *,
        coalesce(cell_status = 'amount' and {{ to_yuan('amount', 'unit_yuan') }} <> amount * unit_yuan, false) as is_too_fine
    from units

),

final as (

    select
        cast(report_id as varchar) as report_id,
        cast(table_no as varchar) as table_no,
        cast(row_no as integer) as row_no,
        cast(row_key as varchar) as row_key,
        cast(row_role as varchar) as row_role,
        cast(line_no as integer) as line_no,
        cast(subject_code as varchar) as subject_code,
        cast(parent_key as varchar) as parent_key,
        cast(column_name as varchar) as column_name,
        cast(printed_text as varchar) as printed_text,
        cast(case when is_too_fine then 'rejected' else cell_status end as varchar) as cell_status,
        cast(case when not is_too_fine then amount end as decimal(24, 6)) as amount,
        cast(case when not is_too_fine then {{ to_yuan('amount', 'unit_yuan') }} end as decimal(20, 2)) as amount_yuan,
        cast(
            case when cell_status = 'amount' and not is_too_fine then {{ half_unit('decimals') }} * unit_yuan end
            as decimal(20, 6)
        ) as half_unit_yuan,
        cast(2 * {{ half_unit('amount_decimals') }} * unit_yuan as decimal(20, 6)) as place_yuan
    from checked

)

select * from final
