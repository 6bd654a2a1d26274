-- one row per released report, table, leaf subject and amount column with a meaning of its own (no totals)
with

cells as (

    select * from {{ ref('int_cells_in_words') }}

),

reports as (

    select * from {{ ref('int_reports_released') }}

),

form_columns as (

    select * from {{ ref('form_columns') }}

),

subjects as (

    select * from {{ ref('dim_subjects') }}

),

final as (

    select
        cells.report_id,
        cells.table_no,
        cells.row_key,
        cells.column_name,
        subjects.subject_id,
        cells.subject_code,
        form_columns.fund,
        form_columns.expenditure_kind,
        form_columns.revenue_source,
        cells.amount_yuan,
        cells.half_unit_yuan
    from cells
    inner join reports
        on cells.report_id = reports.report_id
    inner join form_columns
        on
            cells.table_no = form_columns.table_no
            and cells.column_name = form_columns.column_name
            and form_columns.column_role = 'component'
    inner join subjects
        on
            subjects.classification = case cells.table_no when '06' then 'economic' else 'functional' end
            and cells.subject_code = subjects.subject_code
            and reports.fiscal_year between subjects.valid_from_year and coalesce(subjects.valid_to_year, 9999)
    where
        cells.row_role = 'leaf'
        and cells.cell_status = 'amount'

)

select * from final
