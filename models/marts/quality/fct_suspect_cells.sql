-- one row per cell that alone could explain a cluster of broken identities, with the values it could have had
with

bounds as (

    select * from {{ ref('int_suspect_bounds') }}

),

results as (

    select * from {{ ref('fct_identity_results') }}

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
        cast(null as decimal(26, 6)) as proposed_value
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

suspects as (

    select * from bounds

    union all

    select * from irregular

),

-- As digits in the last printed place, so that slips of the pen can be told apart.
digits as (

    select
        report_id,
        severity,
        cluster_no,
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
    from suspects

),

kinds as (

    select
        *,
        case
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
