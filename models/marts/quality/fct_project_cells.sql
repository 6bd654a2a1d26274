-- one row per report, project form and amount cell, blank cells too
with

cells as (

    select * from {{ ref('int_project_cells') }}

),

final as (

    select
        cast(report_id as string) as report_id,
        cast(report_no as bigint) as report_no,
        cast(project_no as integer) as project_no,
        cast(form_part as string) as form_part,
        cast(row_no as integer) as row_no,
        cast(row_role as string) as row_role,
        cast(column_name as string) as column_name,
        cast(value_kind as string) as value_kind,
        cast(printed_text as string) as printed_text,
        cast(cell_status as string) as cell_status,
        cast(amount as decimal(24, 6)) as amount,
        cast(amount_yuan as decimal(20, 2)) as amount_yuan,
        cast(half_unit as decimal(20, 6)) as half_unit,
        cast(place as decimal(20, 6)) as place
    from cells

)

select * from final
