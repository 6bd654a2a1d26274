-- one row per report, identity and instance of the linear identities: residual, bound and status before waivers
with

instances as (

    select * from {{ ref('int_identity_instances') }}

),

terms as (

    select * from {{ ref('int_identity_terms') }} where cell_status in ('amount', 'rejected')

),

gaps as (

    select * from {{ ref('int_identity_gaps') }}

),

identities as (

    select * from {{ ref('identities') }}

),

-- Only printed amounts have a say: a blank is exactly zero.
sums as (

    select
        report_id,
        identity_id,
        row_part,
        column_key,
        sum(coefficient * cell_value) as residual,
        sum(abs(coefficient) * half_unit) as bound,
        sum(case when coefficient > 0 then coefficient * cell_value else 0 end) as left_side,
        sum(case when coefficient < 0 then -coefficient * cell_value else 0 end) as right_side,
        -- what cutting digits off instead of rounding them can take from either side
        sum(case when coefficient > 0 then coefficient * 2 * half_unit else 0 end) as left_cut,
        sum(case when coefficient < 0 then -coefficient * 2 * half_unit else 0 end) as right_cut,
        count(*) as cells_present,
        count(*) filter (where cell_status = 'rejected') as cells_rejected
    from terms
    group by
        report_id,
        identity_id,
        row_part,
        column_key

),

joined as (

    select
        instances.report_id,
        instances.identity_id,
        instances.row_part,
        instances.column_key,
        identities.family,
        identities.severity,
        identities.comparison,
        coalesce(sums.residual, 0) + identities.constant as residual,
        coalesce(sums.bound, 0) as bound,
        coalesce(sums.left_side, 0) as left_side,
        coalesce(sums.right_side, 0) - identities.constant as right_side,
        coalesce(sums.left_cut, 0) as left_cut,
        coalesce(sums.right_cut, 0) as right_cut,
        coalesce(sums.cells_present, 0) as cells_present,
        coalesce(sums.cells_rejected, 0) as cells_rejected,
        coalesce(table_gaps.reason, row_gaps.reason) as gap
    from instances
    inner join identities
        on instances.identity_id = identities.identity_id
    left join sums
        on
            instances.report_id = sums.report_id
            and instances.identity_id = sums.identity_id
            and instances.row_part = sums.row_part
            and instances.column_key = sums.column_key
    left join gaps as table_gaps
        on
            instances.report_id = table_gaps.report_id
            and instances.identity_id = table_gaps.identity_id
            and table_gaps.column_key is null
    left join gaps as row_gaps
        on
            instances.report_id = row_gaps.report_id
            and instances.identity_id = row_gaps.identity_id
            and instances.column_key = row_gaps.column_key

),

judged as (

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
        or (residual < right_cut and (residual > -left_cut or comparison = 'at_most')) as fits_cutting
    from joined

),

-- A report cuts digits off where every one of its figures allows it and not all allow rounding.
cutting_reports as (

    select report_id
    from judged
    where severity = 'fatal'
    group by report_id
    having
        bool_and(fits_cutting)
        and bool_or(status = 'broken')

),

final as (

    select
        judged.report_id,
        judged.identity_id,
        judged.row_part,
        judged.column_key,
        {{ instance_key('judged.row_part', 'judged.column_key') }} as instance_key,
        judged.severity,
        judged.comparison,
        case
            -- a text may cut one figure and round the next; tables cut all of theirs or none
            when
                judged.status = 'broken'
                and judged.fits_cutting
                and (cutting_reports.report_id is not null or judged.family = 'narrative')
                then 'truncated'
            else judged.status
        end as status,
        case when judged.status not in ('not_evaluable', 'blocked') then judged.residual end as residual,
        case when judged.status not in ('not_evaluable', 'blocked') then judged.bound end as bound,
        case when judged.status <> 'not_evaluable' then judged.left_side end as left_side,
        case when judged.status <> 'not_evaluable' then judged.right_side end as right_side,
        judged.cells_present,
        judged.gap as reason
    from judged
    left join cutting_reports
        on judged.report_id = cutting_reports.report_id

)

select * from final
