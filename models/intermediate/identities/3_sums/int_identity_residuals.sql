-- one row per report, identity and instance of the linear identities: what its sums say, if digits were rounded and if they were cut
with

instances as (

    select * from {{ ref('int_identity_instances') }}

),

sums as (

    select * from {{ ref('int_identity_sums') }}

),

gaps as (

    select * from {{ ref('int_identity_gaps') }}

),

rows_left_open as (

    select * from {{ ref('int_rows_left_open') }}

),

forms_left_open as (

    select * from {{ ref('int_forms_left_open') }}

),

-- What cutting digits off instead of rounding them can take from an amount is twice its half unit.
measured as (

    select
        sums.report_no,
        sums.instance_no,
        instances.identity_id,
        instances.instance_key,
        instances.family,
        instances.severity,
        instances.comparison,
        coalesce(sums.left_side, 0) as left_side,
        coalesce(sums.right_side, 0) - instances.constant as right_side,
        coalesce(sums.left_side, 0) - coalesce(sums.right_side, 0) + instances.constant as residual,
        coalesce(sums.half_above, 0) + coalesce(sums.half_below, 0) + coalesce(sums.half_zero, 0) as bound,
        2 * (coalesce(sums.half_above, 0) + coalesce(sums.half_zero, 0)) as cut_above,
        2 * (coalesce(sums.half_below, 0) + coalesce(sums.half_zero, 0)) as cut_below,
        sums.cells_present,
        sums.cells_rejected,
        case
            when gaps.reason is not null then gaps.reason
            when tables_left_open.reason is not null then tables_left_open.reason
            when rows_left_open.reason is not null then rows_left_open.reason
            -- below zero there is room for no part, and none is asked
            when instances.comparison = 'at_most' and sums.left_side is null and sums.right_side < 0
                then 'nothing is printed that could be too large'
            when not forms_left_open.is_open_below_total then 'the form does not print a figure of it'
            when
                forms_left_open.is_open_below_total
                and coalesce(sums.left_side, 0) - coalesce(sums.right_side, 0)
                > coalesce(sums.half_above, 0) + coalesce(sums.half_below, 0) + coalesce(sums.half_zero, 0)
                then 'the form does not print all sources of its money'
        end as gap
    from sums
    inner join instances
        on sums.instance_no = instances.instance_no
    left join gaps
        on
            sums.report_no = gaps.report_no
            and instances.check_no = gaps.check_no
    left join rows_left_open as tables_left_open
        on
            sums.report_no = tables_left_open.report_no
            and instances.check_no = tables_left_open.check_no
            and tables_left_open.row_part is null
    left join rows_left_open
        on
            sums.report_no = rows_left_open.report_no
            and instances.check_no = rows_left_open.check_no
            and instances.row_part = rows_left_open.row_part
    left join forms_left_open
        on
            sums.report_no = forms_left_open.report_no
            and sums.instance_no = forms_left_open.instance_no

),

final as (

    select
        *,
        case
            when gap is not null then 'not_evaluable'
            when cells_rejected > 0 then 'blocked'
            when residual = 0 or (comparison = 'at_most' and residual < 0) then 'exact'
            when abs(residual) <= bound then 'rounding'
            else 'broken'
        end as status,
        gap is not null
        or cells_rejected > 0
        or residual = 0
        or (
            residual < cut_below
            and (residual > -cut_above or comparison = 'at_most')
        ) as fits_cutting
    from measured

)

select * from final
