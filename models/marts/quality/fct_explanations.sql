-- one row per explanation of a report that cannot be right as it is printed, and cell that it takes to be wrong
with

explained_cells as (

    select * from {{ solved('int_explained_cells') }} where explanation_no is not null

),

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

final as (

    select
        cast(reports.report_id as string) as report_id,
        cast(explained_cells.explanation_no as integer) as explanation_no,
        cast(explained_cells.explanations as integer) as explanations,
        cast(explained_cells.is_complete as boolean) as is_searched_to_the_end,
        cast(explained_cells.cells as integer) as cells,
        cast(explained_cells.cell_no as integer) as cell_no,
        cast(explained_cells.table_no as string) as table_no,
        cast(explained_cells.row_key as string) as row_key,
        cast(explained_cells.column_name as string) as column_name,
        cast(explained_cells.printed_text as string) as printed_text,
        cast(explained_cells.proposed_text as string) as proposed_text,
        cast(explained_cells.lowest as decimal(26, 6)) as lowest_yuan,
        cast(explained_cells.highest as decimal(26, 6)) as highest_yuan,
        cast(explained_cells.error_kind as string) as error_kind,
        cast(explained_cells.cost as integer) as cost
    from explained_cells
    inner join reports
        on explained_cells.report_no = reports.report_no

)

select * from final
{{ and_unchanged_rows() }}
