-- one row per report and total that may be a sum of rounded parts: how far its true value can be from such a print
{#- Where the report's tables leave this way of printing open. Proof of the bound: `ways_of_printing` in models/docs. #}
with recursive

cell_values as (

    select * from {{ ref('int_cell_values') }}

),

addresses as (

    select
        *,
        {{ cell_number() }} as cell_no
    from {{ ref('int_cell_addresses') }}

),

table_sums as (

    select * from {{ ref('int_table_sums') }} where is_total

),

address_terms as (

    select * from {{ ref('int_address_terms') }}

),

reports as (

    select * from {{ ref('int_joint_reports') }}

),

-- a way is refuted by what no single wrong figure could account for
refuted as (

    select * from {{ ref('int_ways_refuted') }}
    where
        way in ('summed', 'summed_rows')
        and not may_be_one_cell

),

parts as (

    select
        totals.address_no as total_no,
        summands.address_no as part_no,
        table_sums.table_no,
        case when table_sums.is_row then 'summed_rows' else 'summed' end as way
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

open_reports as (

    select reports.report_no
    from reports
    left join refuted
        on
            reports.report_no = refuted.report_no
            and refuted.way = 'summed'
            and refuted.table_no = ''
    where refuted.report_no is null

),

printed as (

    select
        cell_values.report_no,
        cell_values.address_no,
        cell_values.half_unit
    from cell_values
    inner join open_reports
        on cell_values.report_no = open_reports.report_no
    where cell_values.cell_status = 'amount'

),

printed_parts as (

    select distinct
        printed.report_no,
        parts.total_no,
        parts.part_no
    from printed
    inner join parts
        on printed.address_no = parts.part_no
    left join refuted
        on
            printed.report_no = refuted.report_no
            and parts.way = refuted.way
            and refuted.table_no = ''
    left join refuted as refuted_in_table
        on
            printed.report_no = refuted_in_table.report_no
            and parts.way = refuted_in_table.way
            and parts.table_no = refuted_in_table.table_no
    where
        refuted.report_no is null
        and refuted_in_table.report_no is null

),

-- a total, its parts and theirs, down to figures that are no sums
{% call reached_parts() %}
    select
        report_no,
        total_no,
        part_no
    from printed_parts
{% endcall %},

sums as (

    select distinct
        report_no,
        total_no
    from printed_parts

),

totals as (

    select
        reached.report_no,
        reached.total_no,
        sum(printed.half_unit) as half_unit
    from reached
    inner join printed
        on
            reached.report_no = printed.report_no
            and reached.part_no = printed.address_no
    left join sums
        on
            reached.report_no = sums.report_no
            and reached.part_no = sums.total_no
    where sums.report_no is null
    group by
        reached.report_no,
        reached.total_no

),

final as (

    select
        totals.report_no,
        addresses.cell_no,
        cast(max(totals.half_unit) as decimal(18, 6)) as half_unit
    from totals
    inner join addresses
        on totals.total_no = addresses.address_no
    group by
        totals.report_no,
        addresses.cell_no

)

select * from final
