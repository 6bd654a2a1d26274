-- one row per report that another publication of its department and year holds back, and cell that the two print differently
with

publications as (

    select
        report_id,
        other_report_id
    from {{ ref('int_publications') }}
    where hold_reason is not null

),

cells as (

    select * from {{ ref('fct_report_cells') }} where printed_text is not null

),

own_cells as (

    select
        publications.report_id,
        publications.other_report_id,
        cells.table_no,
        cells.row_key,
        cells.column_name,
        cells.printed_text
    from publications
    inner join cells
        on publications.report_id = cells.report_id

),

other_cells as (

    select
        publications.report_id,
        publications.other_report_id,
        cells.table_no,
        cells.row_key,
        cells.column_name,
        cells.printed_text
    from publications
    inner join cells
        on publications.other_report_id = cells.report_id

),

final as (

    select
        cast(coalesce(own_cells.report_id, other_cells.report_id) as string) as report_id,
        cast(coalesce(own_cells.other_report_id, other_cells.other_report_id) as string) as other_report_id,
        cast(coalesce(own_cells.table_no, other_cells.table_no) as string) as table_no,
        cast(coalesce(own_cells.row_key, other_cells.row_key) as string) as row_key,
        cast(coalesce(own_cells.column_name, other_cells.column_name) as string) as column_name,
        cast(own_cells.printed_text as string) as printed_text,
        cast(other_cells.printed_text as string) as other_printed_text
    from own_cells
    full join other_cells
        on
            own_cells.report_id = other_cells.report_id
            and own_cells.table_no = other_cells.table_no
            and own_cells.row_key = other_cells.row_key
            and own_cells.column_name = other_cells.column_name
    where own_cells.printed_text is distinct from other_cells.printed_text

)

select * from final
