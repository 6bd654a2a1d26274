-- one row per released report and statistic of table 10 that is no total
with

cells as (

    select * from {{ ref('fct_report_cells') }} where table_no = '10' and row_role = 'component'

),

reports as (

    select * from {{ ref('int_reports_released') }}

),

form_lines as (

    select * from {{ ref('form_lines') }} where table_no = '10'

),

final as (

    select
        cast(cells.report_id as string) as report_id,
        cast(cells.row_key as string) as statistic,
        cast(form_lines.label as string) as statistic_zh,
        cast(form_lines.value_unit as string) as value_unit,
        cast(case when form_lines.value_unit = 'amount' then coalesce(cells.amount_yuan, 0) end as decimal(20, 2)) as amount_yuan,
        cast(case when form_lines.value_unit <> 'amount' then coalesce(cells.amount, 0) end as integer) as quantity,
        cast(cells.cell_status = 'amount' as boolean) as is_printed
    from cells
    inner join reports
        on cells.report_id = reports.report_id
    inner join form_lines
        on
            cells.row_key = form_lines.row_key
            and reports.fiscal_year between coalesce(form_lines.first_year, 0) and coalesce(form_lines.last_year, 9999)
    -- a line may have several labels: it goes by the newest that its year has, and the shortest of those
    qualify
        row_number() over (
            partition by
                cells.report_id,
                cells.row_key
            order by
                coalesce(form_lines.last_year, 9999) desc,
                length(form_lines.label),
                form_lines.label
        ) = 1

)

select * from final
