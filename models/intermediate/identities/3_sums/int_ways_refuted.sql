-- one row per report, way of printing and table that something speaks against or for, and whether one cell could account for all of it
{#-
    The table is empty where the whole report is asked. Ways:
    rounded, cut    what no true values can satisfy if the figures were rounded, or cut off
    cut_shown       what only cutting can explain within one table: it speaks for the way
    summed          totals that are not the exact sum of their parts in other rows
    summed_rows     the same for parts in other columns
#}
with

residuals as (

    select * from {{ ref('int_identity_residuals') }}
    where
        severity = 'fatal'
        and status not in ('not_evaluable', 'blocked')
        and residual <> 0

),

table_sums as (

    select * from {{ ref('int_table_sums') }}

),

address_terms as (

    select * from {{ ref('int_address_terms') }}

),

cell_values as (

    select * from {{ of_changed_reports(ref('int_cell_values'), 'report_no') }}

),

measured as (

    select
        residuals.report_no,
        residuals.instance_no,
        residuals.status = 'broken' as is_broken,
        residuals.fits_cutting,
        table_sums.table_no,
        coalesce(table_sums.is_total, false) as is_total,
        table_sums.is_row
    from residuals
    left join table_sums
        on residuals.instance_no = table_sums.instance_no

),

speaking as (

    select
        report_no,
        instance_no,
        'rounded' as way,
        '' as table_no
    from measured
    where is_broken

    union all

    select
        report_no,
        instance_no,
        'cut' as way,
        '' as table_no
    from measured
    where not fits_cutting

    union all

    select
        report_no,
        instance_no,
        case when fits_cutting then 'cut_shown' else 'cut' end as way,
        table_no
    from measured
    where
        table_no is not null
        and (is_broken or not fits_cutting)

    union all

    -- The tables by subject are one sheet of one maker; the summaries may be rounded on their own beside it.
    select
        report_no,
        instance_no,
        case when is_row then 'summed_rows' else 'summed' end as way,
        case when table_no in ('02', '03', '05', '06', '07', '08') then '' else table_no end as table_no
    from measured
    where is_total

),

counted as (

    select
        speaking.report_no,
        speaking.way,
        speaking.table_no,
        cell_values.address_no,
        count(*) as instances_of_cell
    from speaking
    inner join address_terms
        on speaking.instance_no = address_terms.instance_no
    inner join cell_values
        on
            speaking.report_no = cell_values.report_no
            and address_terms.address_no = cell_values.address_no
    group by
        speaking.report_no,
        speaking.way,
        speaking.table_no,
        cell_values.address_no

),

instances_of_way as (

    select
        report_no,
        way,
        table_no,
        count(*) as instances
    from speaking
    group by
        report_no,
        way,
        table_no

),

final as (

    select
        instances_of_way.report_no,
        instances_of_way.way,
        instances_of_way.table_no,
        instances_of_way.instances,
        max(counted.instances_of_cell) = instances_of_way.instances as may_be_one_cell
    from instances_of_way
    inner join counted
        on
            instances_of_way.report_no = counted.report_no
            and instances_of_way.way = counted.way
            and instances_of_way.table_no = counted.table_no
    group by
        instances_of_way.report_no,
        instances_of_way.way,
        instances_of_way.table_no,
        instances_of_way.instances

)

select * from final
