-- one row per run of rows of a table whose amounts stand one row too low or too high
{#-
    Tables 03, 05, 07 and 08 print the same subjects with the same amounts where fiscal appropriation pays all, and so does the
    total of table 02 where nothing is carried over. A run of rows has slipped where each row shows what the table beside it
    (its sibling) shows for the row above or below, and not what it shows for the row itself. Which of the two tables has
    slipped tells the one whose own sums are broken.
#}
with

results as (

    select * from {{ ref('fct_identity_results') }}

),

registered as (

    select * from {{ ref('int_identity_terms_registered') }}

),

report_cells as (

    select * from {{ ref('fct_report_cells') }}

),

-- identities over the cells of one table only
inner_identities as (

    select
        identity_id,
        min(table_no) as table_no
    from registered
    group by identity_id
    having count(distinct table_no) = 1

),

broken_tables as (

    select distinct
        results.report_id,
        inner_identities.table_no
    from results
    inner join inner_identities
        on results.identity_id = inner_identities.identity_id
    where
        results.status = 'broken'
        and results.severity = 'fatal'

),

suspected_reports as (

    select distinct report_id from broken_tables

),

row_amounts as (

    select
        report_cells.report_id,
        report_cells.table_no,
        report_cells.row_no,
        report_cells.row_key,
        case when report_cells.table_no in ('02', '03') then report_cells.table_no else 'fiscal' end as sibling,
        coalesce(max(report_cells.amount_yuan) filter (
            where report_cells.column_name in ('total', 'expenditure_total')
        ), 0) as total_yuan,
        coalesce(max(report_cells.amount_yuan) filter (
            where report_cells.column_name in ('basic', 'expenditure_basic')
        ), 0) as basic_yuan,
        coalesce(max(report_cells.amount_yuan) filter (
            where report_cells.column_name in ('project', 'expenditure_project')
        ), 0) as project_yuan
    from report_cells
    inner join suspected_reports
        on report_cells.report_id = suspected_reports.report_id
    where
        report_cells.table_no in ('02', '03', '05', '07', '08')
        and report_cells.subject_code is not null
    group by
        report_cells.report_id,
        report_cells.table_no,
        report_cells.row_no,
        report_cells.row_key

),

-- what a subject amounts to in the sibling of a table; tables 05, 07 and 08 together are the sibling of table 03
sibling_amounts as (

    select
        report_id,
        sibling,
        row_key,
        sum(total_yuan) as total_yuan,
        sum(basic_yuan) as basic_yuan,
        sum(project_yuan) as project_yuan
    from row_amounts
    group by
        report_id,
        sibling,
        row_key

),

-- each row with what its sibling shows for the row itself, for the one above and for the one below
beside as (

    select
        row_amounts.report_id,
        row_amounts.table_no,
        row_amounts.row_no,
        sibling_amounts.sibling,
        -- table 02 prints other columns than the others: only its total can be compared
        row_amounts.table_no = '02' or sibling_amounts.sibling = '02' as has_totals_only,
        row_amounts.total_yuan,
        row_amounts.basic_yuan,
        row_amounts.project_yuan,
        sibling_amounts.total_yuan as own_total_yuan,
        sibling_amounts.basic_yuan as own_basic_yuan,
        sibling_amounts.project_yuan as own_project_yuan,
        lag(sibling_amounts.total_yuan) over neighbours as above_total_yuan,
        lag(sibling_amounts.basic_yuan) over neighbours as above_basic_yuan,
        lag(sibling_amounts.project_yuan) over neighbours as above_project_yuan,
        lead(sibling_amounts.total_yuan) over neighbours as below_total_yuan,
        lead(sibling_amounts.basic_yuan) over neighbours as below_basic_yuan,
        lead(sibling_amounts.project_yuan) over neighbours as below_project_yuan
    from row_amounts
    inner join broken_tables
        on
            row_amounts.report_id = broken_tables.report_id
            and row_amounts.table_no = broken_tables.table_no
    inner join sibling_amounts
        on
            row_amounts.report_id = sibling_amounts.report_id
            and row_amounts.row_key = sibling_amounts.row_key
            and (
                (row_amounts.table_no = '02' and sibling_amounts.sibling = '03')
                or (row_amounts.table_no = '03' and sibling_amounts.sibling in ('02', 'fiscal'))
                or (row_amounts.table_no in ('05', '07', '08') and sibling_amounts.sibling = '03')
            )
    window neighbours as (
        partition by row_amounts.report_id, row_amounts.table_no, sibling_amounts.sibling
        order by row_amounts.row_no
    )

),

matched as (

    select
        report_id,
        table_no,
        sibling,
        row_no,
        {% for row in ['own', 'above', 'below'] -%}
        coalesce(
            total_yuan = {{ row }}_total_yuan
            and (has_totals_only or (basic_yuan = {{ row }}_basic_yuan and project_yuan = {{ row }}_project_yuan)),
            false
        ) as is_{{ row }},
        {% endfor -%}
        total_yuan,
        own_total_yuan
    from beside

),

-- The row that nothing slipped into is left empty. A row that shows the same as its neighbour slips without a trace: it may
-- stand in a run, but proves nothing.
slipped as (

    {% for row, direction in [('above', 'down'), ('below', 'up')] -%}
    select
        report_id,
        table_no,
        sibling,
        row_no,
        '{{ direction }}' as direction,
        not is_own as is_wrong,
        not is_own and total_yuan <> 0 as is_evidence
    from matched
    where
        is_{{ row }}
        or (total_yuan = 0 and own_total_yuan <> 0)
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- rows that follow each other share the difference between row number and rank
numbered as (

    select
        *,
        row_no - row_number() over (
            partition by report_id, table_no, sibling, direction
            order by row_no
        ) as run_no
    from slipped

),

runs as (

    select
        report_id,
        table_no,
        sibling,
        direction,
        min(row_no) filter (where is_wrong) as first_row_no,
        max(row_no) filter (where is_wrong) as last_row_no,
        count(*) filter (where is_evidence) as rows_of_evidence
    from numbered
    group by
        report_id,
        table_no,
        sibling,
        direction,
        run_no
    having
        count(*) filter (where is_evidence) > 0
        and count(*) filter (where is_wrong) > 1

),

-- where two siblings tell of the same table, the one that shows more
final as (

    select
        cast(report_id as string) as report_id,
        cast(table_no as string) as table_no,
        cast(first_row_no as integer) as first_row_no,
        cast(last_row_no as integer) as last_row_no,
        cast(direction as string) as direction,
        cast(case sibling when 'fiscal' then '05, 07, 08' else sibling end as string) as sibling_tables,
        cast(rows_of_evidence as integer) as rows_of_evidence
    from runs
    qualify row_number() over (
        partition by report_id, table_no
        order by rows_of_evidence desc, last_row_no - first_row_no desc, first_row_no asc, direction asc, sibling asc
    ) = 1

)

select * from final
