-- one row per report: whether it is released, what its identities came to, and how well its cells are covered
with

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

released as (

    select * from {{ ref('int_reports_released') }}

),

results as (

    select * from {{ ref('fct_identity_results') }}

),

cells as (

    select * from {{ ref('fct_report_cells') }}

),

terms as (

    select * from {{ ref('int_identity_terms') }}

),

suspects as (

    select * from {{ ref('fct_suspect_cells') }}

),

rejected_cells as (

    select * from {{ ref('int_rejected_cells') }}

),

statuses as (

    select
        report_id,
        count(*) as identities_expected,
        {% for status in ['exact', 'rounding', 'truncated', 'broken', 'blocked', 'not_evaluable', 'waived'] -%}
        count(*) filter (where status = '{{ status }}') as identities_{{ status }},
        {% endfor -%}
        {% for severity in ['fatal', 'error', 'info'] -%}
        count(*) filter (where status = 'broken' and severity = '{{ severity }}') as broken_{{ severity }},
        {% endfor -%}
        count(*) filter (where status = 'not_evaluable' and reason is null) as unexplained
    from results
    group by report_id

),

-- In how many identities a printed amount has a say; an identity that could not run proves nothing.
idle as (

    select
        report_no,
        check_no,
        row_part
    from results
    where
        status in ('not_evaluable', 'blocked')
        and check_no is not null

),

at_work as (

    select
        terms.report_id,
        terms.table_no,
        terms.row_key,
        terms.column_name,
        count(distinct terms.identity_id) as identities
    from terms
    left join idle
        on
            terms.report_no = idle.report_no
            and terms.check_no = idle.check_no
            and terms.row_part = idle.row_part
    where
        terms.cell_status = 'amount'
        and idle.report_no is null
    group by
        terms.report_id,
        terms.table_no,
        terms.row_key,
        terms.column_name

),

covered as (

    select
        cells.report_id,
        coalesce(at_work.identities, 0) as identities
    from cells
    left join at_work
        on
            cells.report_id = at_work.report_id
            and cells.table_no = at_work.table_no
            and cells.row_key = at_work.row_key
            and cells.column_name = at_work.column_name
    where cells.cell_status = 'amount'

),

coverage as (

    select
        report_id,
        count(*) as amount_cells,
        count(*) filter (where identities = 0) as cells_in_no_identity,
        count(*) filter (where identities = 1) as cells_in_one_identity,
        count(*) filter (where identities > 1) as cells_in_more_identities
    from covered
    group by report_id

),

suspected as (

    select
        report_id,
        count(*) as suspect_cells
    from suspects
    group by report_id

),

rejected as (

    select
        report_id,
        count(*) as rejected_cells
    from rejected_cells
    group by report_id

),

final as (

    select
        cast(reports.report_id as varchar) as report_id,
        cast(reports.department_id as varchar) as department_id,
        cast(reports.fiscal_year as integer) as fiscal_year,
        cast(released.report_id is not null as boolean) as is_released,
        {% for column in [
            'identities_expected', 'identities_exact', 'identities_rounding', 'identities_truncated', 'identities_broken',
            'identities_blocked', 'identities_not_evaluable', 'identities_waived', 'broken_fatal', 'broken_error', 'broken_info',
        ] -%}
        cast(statuses.{{ column }} as integer) as {{ column }},
        {% endfor -%}
        {% for column in ['amount_cells', 'cells_in_no_identity', 'cells_in_one_identity', 'cells_in_more_identities'] -%}
        cast(coalesce(coverage.{{ column }}, 0) as integer) as {{ column }},
        {% endfor -%}
        cast(coalesce(suspected.suspect_cells, 0) as integer) as suspect_cells,
        cast(coalesce(rejected.rejected_cells, 0) as integer) as rejected_cells
    from reports
    left join released on reports.report_id = released.report_id
    left join statuses on reports.report_id = statuses.report_id
    left join coverage on reports.report_id = coverage.report_id
    left join suspected on reports.report_id = suspected.report_id
    left join rejected on reports.report_id = rejected.report_id

)

select * from final
