-- one row per cell whose change alone mends every broken instance of its cluster, with the values that do
with

broken_cells as (

    select * from {{ ref('int_broken_clusters') }}

),

results as (

    select * from {{ ref('fct_identity_results') }} where severity in ('fatal', 'error')

),

terms as (

    select * from {{ ref('int_identity_terms') }}

),

checks as (

    select * from {{ ref('int_identity_checks') }}

),

candidates as (

    select
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
        report_id,
        severity,
        table_no,
        row_key,
        column_name
    having max(touched_instances) = count(*)

),

-- Every instance that a candidate is in, whole ones too: the change must not break them. Contradictions of the
-- publisher's text do not bind the tables.
bounded as (

    select
        candidates.report_id,
        candidates.severity,
        candidates.cluster_no,
        candidates.table_no,
        candidates.row_key,
        candidates.column_name,
        candidates.broken_instances,
        terms.printed_text,
        terms.cell_status,
        coalesce(terms.cell_value, 0) as cell_value,
        terms.place,
        terms.coefficient,
        results.comparison,
        results.status,
        results.cells_present,
        results.residual_yuan as residual,
        -- the bound once the cell has a value, which a blank one has not; a text may cut digits, which takes up to twice as much
        (results.bound_yuan - terms.half_unit + terms.place * cast(0.5 as decimal(2, 1)))
        * case checks.family when 'narrative' then 2 else 1 end as bound
    from candidates
    inner join terms
        on
            candidates.report_id = terms.report_id
            and candidates.table_no = terms.table_no
            and candidates.row_key = terms.row_key
            and candidates.column_name = terms.column_name
    inner join results
        on
            terms.report_no = results.report_no
            and terms.check_no = results.check_no
            and terms.row_part = results.row_part
            and results.residual_yuan is not null
            and results.status <> 'waived'
            and (results.severity = 'fatal' or candidates.severity = 'error' or results.status <> 'broken')
    inner join checks
        on results.check_no = checks.check_no

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
        or highest_value - ((highest_value % place) + place) % place >= lowest_value

),

-- The value proposed is the one that makes most instances exact; among equals, that of the instance with the fewest cells.
votes as (

    select
        changes.report_id,
        changes.severity,
        changes.table_no,
        changes.row_key,
        changes.column_name,
        changes.exact_change,
        count(*) as votes,
        min(changes.cells_present) as fewest_cells
    from changes
    inner join possible
        on
            changes.report_id = possible.report_id
            and changes.severity = possible.severity
            and changes.table_no = possible.table_no
            and changes.row_key = possible.row_key
            and changes.column_name = possible.column_name
    where changes.exact_change between possible.lowest_change and possible.highest_change
    group by
        changes.report_id,
        changes.severity,
        changes.table_no,
        changes.row_key,
        changes.column_name,
        changes.exact_change

),

elected as (

    select *
    from votes
    qualify row_number() over (
        partition by report_id, severity, table_no, row_key, column_name
        order by votes desc, fewest_cells asc, exact_change asc
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
        possible.cell_value + elected.exact_change as proposed_value
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
