-- one row per report and linear instance that rounding cannot explain: whether the report’s tables leave open a way of printing that can
{#- Few instances are broken, so that here each of their cells is looked at. Proof of the bounds: `ways_of_printing` in models/docs. #}
with recursive

residuals as (

    select * from {{ ref('int_identity_residuals') }} where status = 'broken'

),

ways_refuted as (

    select * from {{ ref('int_ways_refuted') }}

),

table_sums as (

    select * from {{ ref('int_table_sums') }} where is_total

),

address_terms as (

    select * from {{ ref('int_address_terms') }}

),

addresses as (

    select * from {{ ref('int_cell_addresses') }}

),

broken_reports as (

    select distinct report_no from residuals

),

cell_values as (

    select
        cell_values.report_no,
        cell_values.address_no,
        addresses.table_no,
        cell_values.cell_status,
        cell_values.cell_value,
        cell_values.half_unit,
        -- what is printed to the fen, or counted, is exact
        case when cell_values.is_counted or cell_values.place <= {{ fen() }} then 0 else cell_values.place end as place
    from {{ of_changed_reports(ref('int_cell_values'), 'report_no') }} as cell_values
    inner join broken_reports
        on cell_values.report_no = broken_reports.report_no
    inner join addresses
        on cell_values.address_no = addresses.address_no

),

-- A way is refuted by what no single wrong figure could account for.
tables as (

    select
        printed.report_no,
        printed.table_no,
        printed.zeros < 2 and length(printed.table_no) = 2 as leaves_zeros_blank,
        (reports_refuting_cutting.report_no is null or shown.report_no is not null) and refuting_cutting.report_no is null as is_cut,
        reports_refuting_sums.report_no is null and refuting_sums.report_no is null as is_summed,
        reports_refuting_rows.report_no is null and refuting_rows.report_no is null as is_summed_in_rows
    from (
        select
            report_no,
            table_no,
            count(*) filter (where cell_value = 0 and place > 0) as zeros
        from cell_values
        group by
            report_no,
            table_no
    ) as printed
    {% for name, way, table_no in [
        ('reports_refuting_cutting', 'cut', "''"),
        ('refuting_cutting', 'cut', 'printed.table_no'),
        ('shown', 'cut_shown', 'printed.table_no'),
        ('reports_refuting_sums', 'summed', "''"),
        ('refuting_sums', 'summed', 'printed.table_no'),
        ('reports_refuting_rows', 'summed_rows', "''"),
        ('refuting_rows', 'summed_rows', 'printed.table_no'),
    ] -%}
    left join ways_refuted as {{ name }}
        on
            printed.report_no = {{ name }}.report_no
            and {{ name }}.table_no = {{ table_no }}
            and {{ name }}.way = '{{ way }}'
            and not {{ name }}.may_be_one_cell
    {% endfor %}
),

broken_cells as (

    select
        residuals.report_no,
        residuals.instance_no,
        cell_values.address_no,
        address_terms.coefficient,
        cell_values.cell_status,
        cell_values.cell_value,
        cell_values.half_unit,
        cell_values.place,
        tables.is_cut,
        tables.is_summed,
        tables.leaves_zeros_blank
    from residuals
    inner join address_terms
        on residuals.instance_no = address_terms.instance_no
    inner join cell_values
        on
            residuals.report_no = cell_values.report_no
            and address_terms.address_no = cell_values.address_no
    inner join tables
        on
            cell_values.report_no = tables.report_no
            and cell_values.table_no = tables.table_no

),

-- The parts of which a total is a sum, and theirs, down to figures that are no sums.
parts as (

    select
        totals.address_no as total_no,
        summands.address_no as part_no,
        table_sums.is_row
    from table_sums
    inner join address_terms as totals
        on
            table_sums.instance_no = totals.instance_no
            and totals.coefficient = 1
    inner join address_terms as summands
        on
            table_sums.instance_no = summands.instance_no
            and summands.coefficient = -1

),

printed_parts as (

    select distinct
        cell_values.report_no,
        parts.total_no,
        parts.part_no
    from cell_values
    inner join parts
        on cell_values.address_no = parts.part_no
    inner join tables
        on
            cell_values.report_no = tables.report_no
            and cell_values.table_no = tables.table_no
    where
        cell_values.cell_value is not null
        and (tables.is_summed_in_rows or not parts.is_row)

),

{% call reached_parts() %}
    select
        report_no,
        address_no as total_no,
        address_no as part_no
    from broken_cells
    where is_summed
{% endcall %},

half_units_of_parts as (

    select
        reached.report_no,
        reached.total_no,
        sum(cell_values.half_unit) as half_unit
    from reached
    inner join cell_values
        on
            reached.report_no = cell_values.report_no
            and reached.part_no = cell_values.address_no
    left join printed_parts
        on
            reached.report_no = printed_parts.report_no
            and reached.part_no = printed_parts.total_no
    where printed_parts.report_no is null
    group by
        reached.report_no,
        reached.total_no

),

-- How far the true difference of the sides may lie above and below the printed one.
measured as (

    select
        broken_cells.report_no,
        broken_cells.instance_no,
        sum(abs(broken_cells.cell_value)) as printed,
        bool_or(broken_cells.is_cut) as has_cut,
        sum(case
            when not broken_cells.is_cut or broken_cells.place = 0 then broken_cells.half_unit
            when broken_cells.coefficient * broken_cells.cell_value >= 0 then 2 * broken_cells.half_unit
            else 0
        end) as cut_above,
        sum(case
            when not broken_cells.is_cut or broken_cells.place = 0 then broken_cells.half_unit
            when broken_cells.coefficient * broken_cells.cell_value <= 0 then 2 * broken_cells.half_unit
            else 0
        end) as cut_below,
        sum(broken_cells.half_unit) as half_units,
        sum(greatest(broken_cells.half_unit, coalesce(half_units_of_parts.half_unit, 0))) as half_units_of_parts,
        sum(case
            when broken_cells.cell_status = 'blank' and broken_cells.leaves_zeros_blank
                then broken_cells.place * case when broken_cells.is_cut then 1 else cast(0.5 as decimal(2, 1)) end
        end) as half_units_of_blanks
    from broken_cells
    left join half_units_of_parts
        on
            broken_cells.report_no = half_units_of_parts.report_no
            and case when broken_cells.is_summed then broken_cells.address_no end = half_units_of_parts.total_no
    group by
        broken_cells.report_no,
        broken_cells.instance_no

),

judged as (

    select
        residuals.report_no,
        residuals.instance_no,
        residuals.severity,
        measured.has_cut
        and residuals.residual < measured.cut_below
        and (residuals.residual > -measured.cut_above or residuals.comparison = 'at_most') as fits_cut,
        -- in a sheet, a total is the exact sum of its parts
        table_sums.instance_no is null
        and abs(residuals.residual) <= measured.half_units_of_parts as fits_summed,
        coalesce(
            residuals.residual < greatest(measured.half_units, measured.cut_below) + measured.half_units_of_blanks
            and (
                residuals.residual > -greatest(measured.half_units, measured.cut_above) - measured.half_units_of_blanks
                or residuals.comparison = 'at_most'
            ),
            false
        ) as fits_blank,
        -- nothing that is printed there is larger than what blanks may stand for
        measured.printed <= 2 * (measured.half_units + measured.half_units_of_blanks) as is_tiny
    from residuals
    inner join measured
        on
            residuals.report_no = measured.report_no
            and residuals.instance_no = measured.instance_no
    left join table_sums
        on residuals.instance_no = table_sums.instance_no

),

-- Blanks are exactly zero until the report shows otherwise: by so small an amount, or by more than one wrong figure could.
blanks_of_cells as (

    select
        judged.report_no,
        broken_cells.address_no,
        count(*) as instances
    from judged
    inner join broken_cells
        on
            judged.report_no = broken_cells.report_no
            and judged.instance_no = broken_cells.instance_no
    where judged.fits_blank
    group by
        judged.report_no,
        broken_cells.address_no

),

blanks_of_reports as (

    select
        report_no,
        max(instances) as most_instances
    from blanks_of_cells
    group by report_no

),

reports as (

    select
        judged.report_no,
        bool_or(judged.severity = 'fatal' and not judged.fits_cut) as has_uncut,
        bool_or(judged.severity = 'fatal' and not judged.fits_summed) as has_unsummed,
        bool_or(judged.severity = 'fatal' and not judged.fits_blank) as has_unblank,
        count(*) filter (where judged.fits_blank) > min(blanks_of_reports.most_instances) as shows_blanks
    from judged
    left join blanks_of_reports
        on judged.report_no = blanks_of_reports.report_no
    group by judged.report_no

),

{% set against = {'rounded': 'rounded', 'cutting': 'cut', 'sums': 'summed'} -%}
-- A way that leaves a figure wrong explains no more than rounding does, where with rounding too one wrong figure is enough.
final as (

    select
        judged.report_no,
        judged.instance_no,
        judged.fits_cut and (
            (against_cutting.report_no is null and not reports.has_uncut) or coalesce(not against_rounded.may_be_one_cell, false)
        ) as is_cut,
        judged.fits_summed and (
            (against_sums.report_no is null and not reports.has_unsummed) or coalesce(not against_rounded.may_be_one_cell, false)
        ) as is_summed,
        judged.fits_blank
        and (judged.is_tiny or coalesce(reports.shows_blanks, false))
        and (not reports.has_unblank or coalesce(not against_rounded.may_be_one_cell, false)) as is_blank
    from judged
    inner join reports
        on judged.report_no = reports.report_no
    {% for name, way in against.items() -%}
    left join ways_refuted as against_{{ name }}
        on
            judged.report_no = against_{{ name }}.report_no
            and against_{{ name }}.way = '{{ way }}'
            and against_{{ name }}.table_no = ''
    {% endfor %}
)

select * from final
