-- one row per report, project form and amount cell, blank cells too
with

cells as (

    select * from {{ ref('int_project_cells_unpivoted') }}

),

projects as (

    select * from {{ ref('stg_accounts__projects') }}

),

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

project_columns as (

    select * from {{ ref('project_columns') }}

),

typed as (

    select
        cells.report_id,
        reports.report_no,
        cells.project_no,
        cells.form_part,
        cells.row_no,
        cells.row_role,
        cells.column_name,
        cells.printed_text,
        project_columns.value_kind,
        {{ cell_status('cells.printed_text') }} as cell_status,
        {{ printed_amount('cells.printed_text') }} as amount,
        project_columns.decimals as form_decimals,
        greatest(project_columns.decimals, {{ printed_decimals('cells.printed_text') }}) as decimals,
        case when project_columns.value_kind = 'money' then projects.amount_unit_yuan end as unit_yuan
    from cells
    left join reports
        on cells.report_id = reports.report_id
    left join projects
        on
            cells.report_id = projects.report_id
            and cells.project_no = projects.project_no
    left join project_columns
        on
            cells.form_part = project_columns.form_part
            and cells.column_name = project_columns.column_name

),

checked as (

    select
        *,
        case
            when amount is null then false
            when value_kind = 'money'
                then coalesce({{ to_yuan('amount', 'unit_yuan') }} <> try_cast(amount * unit_yuan as decimal(38, 6)), true)
            -- neither a rate nor a score has seven digits
            else abs(amount) >= 1000000
        end as is_none
    from typed

),

final as (

    select
        report_id,
        report_no,
        project_no,
        form_part,
        row_no,
        row_role,
        column_name,
        value_kind,
        printed_text,
        case when is_none then 'rejected' else cell_status end as cell_status,
        cast(case when not is_none then amount end as decimal(24, 6)) as amount,
        cast(case when not is_none then {{ to_yuan('amount', 'unit_yuan') }} end as decimal(20, 2)) as amount_yuan,
        cast(
            case when cell_status = 'amount' and not is_none then {{ half_unit('decimals') }} * coalesce(unit_yuan, 1) end
            as decimal(20, 6)
        ) as half_unit,
        cast(2 * {{ half_unit('form_decimals') }} * coalesce(unit_yuan, 1) as decimal(20, 6)) as place
    from checked

)

select * from final
