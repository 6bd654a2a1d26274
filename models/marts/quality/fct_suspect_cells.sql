-- one row per cell that the explanations of a report take to be wrong, with the values it could have had
{#-
    What is told of a report follows from its explanations. Where the search for these did not come to its end, or there was none, the
    cells that alone mend every broken identity around them remain, as far as no explanation has a cell of the same identities.
#}
with

explained_cells as (

    select * from {{ solved('int_explained_cells') }} where is_cluster_complete

),

broken_cells as (

    select * from {{ of_changed_reports(ref('int_broken_clusters')) }}

),

bounds as (

    select * from {{ of_changed_reports(ref('int_suspect_bounds')) }}

),

results as (

    select * from {{ of_changed_reports(ref('fct_identity_results')) }}

),

cells as (

    select * from {{ ref('fct_report_cells') }}

),

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

-- A cell with a decimal too many or too few needs no sum to be suspect; its true value is less than one unit away.
irregular as (

    select
        cells.report_id,
        'error' as severity,
        -row_number() over (partition by cells.report_id order by cells.table_no, cells.row_no, cells.column_name) as cluster_no,
        cells.table_no,
        cells.row_key,
        cells.column_name,
        1 as broken_instances,
        cells.printed_text,
        cells.cell_status,
        cells.amount_yuan as cell_value,
        cells.place_yuan as place,
        cells.amount_yuan - reports.amount_unit_yuan as lowest_value,
        cells.amount_yuan + reports.amount_unit_yuan as highest_value,
        cast(null as decimal(26, 6)) as proposed_value,
        cast(null as string) as explained_kind
    from results
    inner join cells
        on
            results.report_id = cells.report_id
            and results.instance_key = cells.table_no || ':' || cells.row_key || ':' || cells.column_name
    inner join reports
        on cells.report_id = reports.report_id
    where
        results.identity_id = 's_decimals'
        and results.status = 'broken'

),

-- a cell that stands in several explanations is told as the likeliest has it
explained as (

    select
        explained_cells.*,
        reports.report_id,
        case when count(lowest_print) over of_cell = count(*) over of_cell then min(lowest_print) over of_cell end as lowest_value,
        case when count(highest_print) over of_cell = count(*) over of_cell then max(highest_print) over of_cell end as highest_value
    from explained_cells
    inner join reports
        on explained_cells.report_no = reports.report_no
    window of_cell as (partition by explained_cells.report_no, table_no, row_key, column_name)
    qualify row_number() over (
        partition by explained_cells.report_no, table_no, row_key, column_name
        order by explanation_no
    ) = 1

),

explained_instances as (

    select
        explained.report_id,
        explained.cluster_no as explained_no,
        explained.table_no,
        explained.row_key,
        explained.column_name,
        broken_cells.severity,
        broken_cells.broken_no
    from explained
    left join broken_cells
        on
            explained.report_id = broken_cells.report_id
            and explained.table_no = broken_cells.table_no
            and explained.row_key = broken_cells.row_key
            and explained.column_name = broken_cells.column_name

),

-- a conflict of identities that hold one by one is no table that does not add up
severities as (

    select
        report_id,
        explained_no,
        case when bool_or(severity = 'fatal') then 'fatal' else 'error' end as severity
    from explained_instances
    group by
        report_id,
        explained_no

),

instance_counts as (

    select
        report_id,
        table_no,
        row_key,
        column_name,
        count(broken_no) as broken_instances
    from explained_instances
    group by
        report_id,
        table_no,
        row_key,
        column_name

),

settled as (

    select distinct
        broken_cells.report_id,
        broken_cells.severity,
        broken_cells.table_no,
        broken_cells.row_key,
        broken_cells.column_name
    from broken_cells
    inner join explained_instances
        on
            broken_cells.report_id = explained_instances.report_id
            and broken_cells.severity = explained_instances.severity
            and broken_cells.broken_no = explained_instances.broken_no

),

unexplained as (

    select bounds.*
    from bounds
    left join settled
        on
            bounds.report_id = settled.report_id
            and bounds.severity = settled.severity
            and bounds.table_no = settled.table_no
            and bounds.row_key = settled.row_key
            and bounds.column_name = settled.column_name
    where settled.report_id is null

),

suspects as (

    select
        explained.report_id,
        severities.severity,
        explained.cluster_no,
        explained.table_no,
        explained.row_key,
        explained.column_name,
        instance_counts.broken_instances,
        explained.printed_text,
        cast(null as string) as cell_status,
        explained.printed as cell_value,
        cast(null as decimal(26, 6)) as place,
        explained.lowest_value,
        explained.highest_value,
        explained.proposed as proposed_value,
        explained.error_kind as explained_kind
    from explained
    inner join severities
        on
            explained.report_id = severities.report_id
            and explained.cluster_no = severities.explained_no
    inner join instance_counts
        on
            explained.report_id = instance_counts.report_id
            and explained.table_no = instance_counts.table_no
            and explained.row_key = instance_counts.row_key
            and explained.column_name = instance_counts.column_name

    union all

    select
        *,
        cast(null as string) as explained_kind
    from unexplained

    union all

    select * from irregular

),

-- those that are explained first; what is irregular by itself keeps its number
numbered as (

    select
        *,
        case
            when cluster_no > 0
                then dense_rank() over (
                    partition by report_id, severity, cluster_no > 0
                    order by explained_kind is null, cluster_no
                )
            else cluster_no
        end as numbered_cluster
    from suspects

),

-- As digits in the last printed place, so that slips of the pen can be told apart.
digits as (

    select
        report_id,
        severity,
        numbered_cluster as cluster_no,
        explained_kind,
        table_no,
        row_key,
        column_name,
        broken_instances,
        printed_text,
        cell_status,
        lowest_value,
        highest_value,
        -- wide enough for an amount that is ten thousand times too large
        cast(cell_value as decimal(26, 6)) as cell_value,
        cast(proposed_value as decimal(26, 6)) as proposed_value,
        cast(cast(abs(cell_value) / place as decimal(38, 0)) as string) as printed_digits,
        cast(cast(abs(proposed_value) / place as decimal(38, 0)) as string) as proposed_digits
    from numbered

),

kinds as (

    select
        *,
        case
            when explained_kind is not null then explained_kind
            when proposed_value is null then 'unknown'
            when cell_status <> 'amount' then 'lost_cell'
            when proposed_value = 0 then 'extra_cell'
            when proposed_value = -cell_value then 'sign'
            when proposed_value = cell_value * 10000 or cell_value = proposed_value * 10000 then 'unit_slip'
            when
                proposed_value in (cell_value * 10, cell_value * 100)
                or cell_value in (proposed_value * 10, proposed_value * 100)
                then 'decimal_point'
            when length(printed_digits) = length(proposed_digits) and levenshtein(printed_digits, proposed_digits) = 1 then 'one_digit'
            when
                length(printed_digits) = length(proposed_digits) and {{ is_swap_of_neighbours('printed_digits', 'proposed_digits') }}
                then 'swapped_digits'
            when length(printed_digits) < length(proposed_digits) and levenshtein(printed_digits, proposed_digits) = 1 then 'lost_digit'
            when length(printed_digits) > length(proposed_digits) and levenshtein(printed_digits, proposed_digits) = 1 then 'extra_digit'
            else 'other'
        end as error_kind
    from digits

),

final as (

    select
        cast(report_id as string) as report_id,
        cast(severity as string) as severity,
        cast(cluster_no as integer) as cluster_no,
        cast(row_number() over (
            partition by report_id, severity, cluster_no
            order by
                case error_kind when 'other' then 2 when 'unknown' then 3 when 'lost_cell' then 1 else 0 end,
                abs(proposed_value - cell_value),
                table_no,
                row_key,
                column_name
        ) as integer) as suspect_rank,
        cast(count(*) over (partition by report_id, severity, cluster_no) as integer) as suspects_in_cluster,
        cast(table_no as string) as table_no,
        cast(row_key as string) as row_key,
        cast(column_name as string) as column_name,
        cast(printed_text as string) as printed_text,
        cast(cell_value as decimal(26, 6)) as printed_value,
        cast(proposed_value as decimal(26, 6)) as proposed_value,
        cast(lowest_value as decimal(26, 6)) as lowest_value,
        cast(highest_value as decimal(26, 6)) as highest_value,
        cast(error_kind as string) as error_kind,
        cast(broken_instances as integer) as broken_instances
    from kinds

)

select * from final
{{ and_unchanged_rows() }}
