-- one row per report: whether it is released, what its identities came to, and how well its cells are covered
with

reports as (

    select * from {{ of_changed_reports(ref('stg_accounts__reports')) }}

),

released as (

    select * from {{ ref('int_reports_released') }}

),

results as (

    -- what its own figures and words come to: codes that other reports have met say nothing of it
    select * from {{ of_changed_reports(ref('fct_identity_results')) }} where identity_id <> 's_first_seen'

),

idle_results as (

    select * from {{ of_changed_reports(ref('int_identity_summed_results'), 'report_no') }} where status in ('not_evaluable', 'blocked')

),

ways_refuted as (

    select * from {{ ref('int_ways_refuted') }}

),

instances as (

    select * from {{ ref('int_identity_instances') }}

),

cell_values as (

    select * from {{ of_changed_reports(ref('int_cell_values'), 'report_no') }}

),

addresses as (

    select * from {{ ref('int_cell_addresses') }}

),

address_terms as (

    select * from {{ ref('int_address_terms') }}

),

claim_terms as (

    select * from {{ of_changed_reports(ref('int_claim_terms')) }}

),

suspects as (

    select * from {{ ref('fct_suspect_cells') }}

),

rejected_cells as (

    select * from {{ ref('int_rejected_cells') }}

),

-- A way is closed by what no single wrong figure could account for.
ways as (

    select
        reports.report_no,
        coalesce(bool_and(ways_refuted.may_be_one_cell) filter (where ways_refuted.way = 'rounded'), true) as is_rounded,
        coalesce(bool_and(ways_refuted.may_be_one_cell) filter (where ways_refuted.way = 'cut'), true) as is_cut,
        coalesce(bool_and(ways_refuted.may_be_one_cell) filter (where ways_refuted.way = 'summed'), true) as is_summed
    from reports
    left join ways_refuted
        on
            reports.report_no = ways_refuted.report_no
            and ways_refuted.table_no = ''
    group by reports.report_no

),

statuses as (

    select
        report_no,
        {% for status in [
            'exact', 'rounding', 'truncated', 'summed_parts', 'blank_zeros', 'broken', 'blocked', 'not_evaluable', 'waived',
        ] -%}
        count(*) filter (where status = '{{ status }}') as identities_{{ status }},
        {% endfor -%}
        {% for severity in ['fatal', 'error', 'info'] -%}
        count(*) filter (where status = 'broken' and severity = '{{ severity }}') as broken_{{ severity }},
        {% endfor -%}
        -- the tables, and not a text that cuts a figure
        count(*) filter (where status = 'truncated' and severity = 'fatal') as truncated_fatal,
        count(*) as identities_expected
    from results
    group by report_no

),

-- In how many identities a printed amount has a say: as many as are asked at its place …
asked as (

    select
        address_no,
        count(distinct identity_id) as identities
    from address_terms
    group by address_no

),

-- … but an identity that could not run proves nothing, so the few cells that are in one are counted one by one …
in_idle_ones as (

    select distinct
        idle_results.report_no,
        address_terms.address_no
    from idle_results
    inner join address_terms
        on idle_results.instance_no = address_terms.instance_no

),

still_asked as (

    select
        in_idle_ones.report_no,
        in_idle_ones.address_no,
        count(distinct case when idle_results.report_no is null then address_terms.identity_id end) as identities
    from in_idle_ones
    inner join address_terms
        on in_idle_ones.address_no = address_terms.address_no
    left join idle_results
        on
            in_idle_ones.report_no = idle_results.report_no
            and address_terms.instance_no = idle_results.instance_no
    group by
        in_idle_ones.report_no,
        in_idle_ones.address_no

),

-- … and the narrative may repeat it.
claimed as (

    select
        reports.report_no,
        addresses.address_no,
        count(distinct claim_terms.identity_id) as identities
    from claim_terms
    inner join reports
        on claim_terms.report_id = reports.report_id
    inner join instances
        on
            claim_terms.identity_id = instances.identity_id
            and claim_terms.row_part = instances.row_part
    inner join addresses
        on
            claim_terms.table_no = addresses.table_no
            and claim_terms.row_key = addresses.row_key
            and claim_terms.column_name = addresses.column_name
    left join idle_results
        on
            reports.report_no = idle_results.report_no
            and instances.instance_no = idle_results.instance_no
    where idle_results.report_no is null
    group by
        reports.report_no,
        addresses.address_no

),

covered as (

    select
        cell_values.report_no,
        coalesce(still_asked.identities, asked.identities, 0) + coalesce(claimed.identities, 0) as identities
    from cell_values
    inner join addresses
        on
            cell_values.address_no = addresses.address_no
            and addresses.table_no not like 'prior-%'
            and addresses.table_no <> 'project'
    left join asked
        on cell_values.address_no = asked.address_no
    left join still_asked
        on
            cell_values.report_no = still_asked.report_no
            and cell_values.address_no = still_asked.address_no
    left join claimed
        on
            cell_values.report_no = claimed.report_no
            and cell_values.address_no = claimed.address_no
    where cell_values.cell_status = 'amount'

),

coverage as (

    select
        report_no,
        count(*) as amount_cells,
        count(*) filter (where identities = 0) as cells_in_no_identity,
        count(*) filter (where identities = 1) as cells_in_one_identity,
        count(*) filter (where identities > 1) as cells_in_more_identities
    from covered
    group by report_no

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
        cast(reports.report_id as string) as report_id,
        cast(reports.department_id as string) as department_id,
        cast(reports.fiscal_year as integer) as fiscal_year,
        cast(released.report_id is not null as boolean) as is_released,
        cast(
            concat_ws(
                ', ',
                case when ways.is_rounded then 'rounded' end,
                case when ways.is_cut or statuses.truncated_fatal > 0 then 'truncated' end,
                case when ways.is_summed then 'summed_parts' end,
                case when statuses.identities_blank_zeros > 0 then 'blank_zeros' end
            ) as string
        ) as ways_left_open,
        {% for column in [
            'identities_expected', 'identities_exact', 'identities_rounding', 'identities_truncated', 'identities_summed_parts',
            'identities_blank_zeros', 'identities_broken', 'identities_blocked', 'identities_not_evaluable', 'identities_waived',
            'broken_fatal', 'broken_error', 'broken_info',
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
    left join statuses on reports.report_no = statuses.report_no
    left join ways on reports.report_no = ways.report_no
    left join coverage on reports.report_no = coverage.report_no
    left join suspected on reports.report_id = suspected.report_id
    left join rejected on reports.report_id = rejected.report_id

)

select * from final
{{ and_unchanged_rows() }}
