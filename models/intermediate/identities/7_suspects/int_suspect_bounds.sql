-- one row per cell whose change alone mends every broken instance of its cluster, with the values that do
with

broken_cells as (

    select * from {{ ref('int_broken_clusters') }}

),

results as (

    select * from {{ ref('fct_identity_results') }} where severity in ('fatal', 'error')

),

cell_values as (

    select * from {{ ref('int_cell_values') }}

),

addresses as (

    select * from {{ ref('int_cell_addresses') }}

),

address_terms as (

    select * from {{ ref('int_address_terms') }}

),

claim_terms as (

    select * from {{ ref('int_claim_terms') }}

),

instances as (

    select * from {{ ref('int_identity_instances') }}

),

cutting_reports as (

    select distinct report_no
    from results
    where
        status = 'truncated'
        and severity = 'fatal'

),

candidates as (

    select
        report_no,
        report_id,
        severity,
        min(cluster_no) as cluster_no,
        table_no,
        row_key,
        column_name,
        count(*) as broken_instances
    from broken_cells
    -- last year's cells are proved in last year's report
    where table_no not like 'prior-%'
    group by
        report_no,
        report_id,
        severity,
        table_no,
        row_key,
        column_name
    having max(touched_instances) = count(*)

),

-- Every instance that a candidate is in, whole ones too: the change must not break them.
uses as (

    select
        candidates.*,
        address_terms.instance_no,
        address_terms.coefficient,
        cell_values.printed_text,
        cell_values.cell_status,
        cell_values.cell_value,
        cell_values.half_unit,
        cell_values.place,
        cell_values.is_counted
    from candidates
    inner join addresses
        on
            candidates.table_no = addresses.table_no
            and candidates.row_key = addresses.row_key
            and candidates.column_name = addresses.column_name
    inner join cell_values
        on
            candidates.report_no = cell_values.report_no
            and addresses.address_no = cell_values.address_no
    inner join address_terms
        on addresses.address_no = address_terms.address_no

    union all

    select
        candidates.*,
        instances.instance_no,
        claim_terms.coefficient,
        claim_terms.printed_text,
        claim_terms.cell_status,
        claim_terms.cell_value,
        claim_terms.half_unit,
        claim_terms.place,
        claim_terms.is_counted
    from candidates
    inner join claim_terms
        on
            candidates.report_id = claim_terms.report_id
            and candidates.table_no = claim_terms.table_no
            and candidates.row_key = claim_terms.row_key
            and candidates.column_name = claim_terms.column_name
    inner join instances
        on
            claim_terms.identity_id = instances.identity_id
            and claim_terms.row_part = instances.row_part

),

-- Contradictions of the publisher's text do not bind the tables.
bounded as (

    select
        uses.report_id,
        uses.severity,
        uses.cluster_no,
        uses.table_no,
        uses.row_key,
        uses.column_name,
        uses.broken_instances,
        uses.printed_text,
        uses.cell_status,
        coalesce(uses.cell_value, 0) as cell_value,
        uses.place,
        uses.coefficient,
        results.comparison,
        results.cells_present,
        results.residual_yuan as residual,
        -- the bound once the cell has a value, which a blank one has not; cutting digits takes up to twice as much, and what holds in
        -- another way than rounding must only not become worse
        greatest(
            (
                results.bound_yuan - coalesce(uses.half_unit, 0)
                + case when uses.is_counted then 0 else uses.place * cast(0.5 as decimal(2, 1)) end
            )
            * case when instances.family = 'narrative' or cutting_reports.report_no is not null then 2 else 1 end,
            case when results.status in ('truncated', 'summed_parts', 'blank_zeros') then abs(results.residual_yuan) else 0 end
        ) as bound
    from uses
    inner join results
        on
            uses.report_no = results.report_no
            and uses.instance_no = results.instance_no
            and results.residual_yuan is not null
            and results.status <> 'waived'
            and (results.severity = 'fatal' or uses.severity = 'error' or results.status <> 'broken')
    inner join instances
        on results.instance_no = instances.instance_no
    left join cutting_reports
        on uses.report_no = cutting_reports.report_no

),

-- By how much the cell must change for one instance to hold, and for it to be exact. Coefficients are 1 and -1.
changes as (

    select
        *,
        case when comparison = 'equal' or coefficient < 0 then -residual * coefficient - bound end as lowest_change,
        case when comparison = 'equal' or coefficient > 0 then -residual * coefficient + bound end as highest_change,
        case when comparison = 'equal' then -residual * coefficient end as exact_change
    from bounded

),

intervals as (

    select
        report_id,
        severity,
        cluster_no,
        table_no,
        row_key,
        column_name,
        min(broken_instances) as broken_instances,
        min(printed_text) as printed_text,
        min(cell_status) as cell_status,
        min(cell_value) as cell_value,
        min(place) as place,
        min(cell_value) + max(lowest_change) as lowest_value,
        min(cell_value) + min(highest_change) as highest_value,
        max(lowest_change) as lowest_change,
        min(highest_change) as highest_change
    from changes
    group by
        report_id,
        severity,
        cluster_no,
        table_no,
        row_key,
        column_name

),

-- Some value that can be printed must lie in between.
possible as (

    select *
    from intervals
    where
        lowest_value is null
        or highest_value is null
        -- the highest printable value not above the upper end is not below the lower one
        or {{ printable_below('highest_value', 'place') }} >= lowest_value

),

-- An identity asks for a value; the cell can print the one next to it.
wished as (

    select
        changes.report_id,
        changes.severity,
        changes.table_no,
        changes.row_key,
        changes.column_name,
        changes.cells_present,
        possible.lowest_value,
        possible.highest_value,
        possible.place,
        changes.cell_value + changes.exact_change + possible.place * cast(0.5 as decimal(2, 1)) as rounded_up
    from changes
    inner join possible
        on
            changes.report_id = possible.report_id
            and changes.severity = possible.severity
            and changes.table_no = possible.table_no
            and changes.row_key = possible.row_key
            and changes.column_name = possible.column_name
    where changes.exact_change is not null

),

printable as (

    select
        *,
        {{ printable_below('rounded_up', 'place') }} as printable_value
    from wished

),

-- The value proposed is the one that makes most instances exact; among equals, that of the instance with the fewest cells.
votes as (

    select
        report_id,
        severity,
        table_no,
        row_key,
        column_name,
        printable_value,
        count(*) as votes,
        min(cells_present) as fewest_cells
    from printable
    where printable_value between coalesce(lowest_value, printable_value) and coalesce(highest_value, printable_value)
    group by
        report_id,
        severity,
        table_no,
        row_key,
        column_name,
        printable_value

),

elected as (

    select *
    from votes
    qualify row_number() over (
        partition by report_id, severity, table_no, row_key, column_name
        order by votes desc, fewest_cells asc, printable_value asc
    ) = 1

),

final as (

    select
        possible.report_id,
        possible.severity,
        possible.cluster_no,
        possible.table_no,
        possible.row_key,
        possible.column_name,
        possible.broken_instances,
        possible.printed_text,
        possible.cell_status,
        possible.cell_value,
        possible.place,
        possible.lowest_value,
        possible.highest_value,
        elected.printable_value as proposed_value
    from possible
    left join elected
        on
            possible.report_id = elected.report_id
            and possible.severity = elected.severity
            and possible.table_no = elected.table_no
            and possible.row_key = elected.row_key
            and possible.column_name = elected.column_name

)

select * from final
