-- one row per amount cell of the project forms, and per total of the year before, that identities can take part of
with

project_cells as (

    select * from {{ of_changed_reports(ref('int_project_cells')) }}

),

reports as (

    select * from {{ of_changed_reports(ref('stg_accounts__reports')) }}

),

-- of a year that was published twice, only the later publication counts
all_reports as (

    select * from {{ ref('stg_accounts__reports') }}
    where report_id not in (select report_id from {{ ref('int_publications') }} where hold_reason is not null)

),

prior_report_cells as (

    select * from {{ ref('int_cells_in_words') }}
    where
        (
            table_no in ('01', '04', '05', '08', '10')
            and (
                row_key in ('total', 'closing_balance')
                or row_key like '%_grand_total'
                or row_key like 'agency_operating%'
                or (table_no = '05' and length(row_key) = 3)
            )
        )
        -- these funds are closed subject by subject
        or (table_no in ('07', '08') and column_name = 'closing_balance')

),

-- The totals and fund balances of the report of the year before stand beside this year's as tables prior-01 …
prior_cells as (

    select
        reports.report_id,
        reports.report_no,
        'prior-' || report_cells.table_no as table_no,
        report_cells.row_key,
        report_cells.column_name,
        report_cells.printed_text,
        report_cells.cell_status,
        report_cells.amount_yuan,
        report_cells.half_unit_yuan,
        report_cells.place_yuan
    from reports
    inner join all_reports as prior_reports
        on
            reports.department_id = prior_reports.department_id
            and reports.fiscal_year - 1 = prior_reports.fiscal_year
    inner join prior_report_cells as report_cells
        on prior_reports.report_id = report_cells.report_id

),

cells as (

    select
        report_id,
        report_no,
        table_no,
        row_key,
        'total' as row_role,
        cast(null as string) as parent_key,
        column_name,
        printed_text,
        cell_status,
        cast(amount_yuan as decimal(22, 6)) as cell_value,
        cast(coalesce(half_unit_yuan, 0) as decimal(18, 6)) as half_unit,
        place_yuan as place,
        place_yuan is null as is_counted
    from prior_cells

    union all

    -- A form's rows are named by project: 3/funding is the total row, 3/funding/2 a source, 3/indicator/4 an indicator and
    -- 3/total the total score, which the indicators and the execution score are parts of.
    select
        report_id,
        report_no,
        'project' as table_no,
        cast(project_no as string) || case
            when form_part = 'funding' and row_role = 'total' then '/funding'
            when form_part = 'funding' then '/funding/' || cast(row_no as string)
            when form_part = 'indicator' then '/indicator/' || cast(row_no as string)
            else '/total'
        end as row_key,
        case when row_role = 'total' then 'parent' else row_role end as row_role,
        case
            when row_role = 'source' then cast(project_no as string) || '/funding'
            when form_part = 'indicator' or (form_part = 'funding' and column_name = 'score')
                then cast(project_no as string) || '/total'
        end as parent_key,
        case
            when column_name not in ('score', 'execution_rate') or form_part = 'indicator' then column_name
            when row_role = 'source' then 'source_' || column_name
            when column_name = 'score' then 'execution_score'
            else column_name
        end as column_name,
        printed_text,
        cell_status,
        cast(coalesce(amount_yuan, amount) as decimal(22, 6)) as cell_value,
        cast(coalesce(half_unit, 0) as decimal(18, 6)) as half_unit,
        place,
        false as is_counted
    from project_cells

),

final as (

    select
        *,
        {{ address_number() }} as address_no
    from cells

)

select * from final
{{ and_unchanged_rows('report_no') }}
