-- one row per report, identity and instance of the linear identities: residual, bound and status before waivers
with

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

identities as (

    select * from {{ ref('identities') }}

),

checks as (

    select * from {{ ref('int_identity_checks') }}

),

registered as (

    select * from {{ ref('int_identity_terms_registered') }}

),

terms as (

    select * from {{ ref('int_identity_terms') }}

),

gaps as (

    select * from {{ ref('int_identity_gaps') }}

),

-- The denominator comes with the sums: a cell opens its instances whether it is blank or not, and only what is printed has
-- a say, because a blank is exactly zero.
sums as (

    select
        report_no,
        check_no,
        row_part,
        sum(cell_value) filter (where coefficient = 1) as left_side,
        sum(cell_value) filter (where coefficient = -1) as right_side,
        sum(half_unit) filter (where coefficient = 1) as left_half,
        sum(half_unit) filter (where coefficient = -1) as right_half,
        count(cell_value) as cells_present,
        count(*) filter (where cell_status = 'rejected') as cells_rejected
    from terms
    group by
        report_no,
        check_no,
        row_part

),

-- An identity over named rows runs in every report, whether it prints them or not.
named as (

    select distinct
        reports.report_no,
        registered.check_no,
        '' as row_part
    from reports
    inner join identities
        on reports.fiscal_year between coalesce(identities.first_year, 0) and coalesce(identities.last_year, 9999)
    inner join registered
        on
            identities.identity_id = registered.identity_id
            and registered.selector in ('key', 'classes')

),

unprinted as (

    select
        named.report_no,
        named.check_no,
        named.row_part
    from named
    left join sums
        on
            named.report_no = sums.report_no
            and named.check_no = sums.check_no
            and named.row_part = sums.row_part
    where sums.report_no is null

),

instances as (

    select * from sums

    union all

    select
        report_no,
        check_no,
        row_part,
        null as left_side,
        null as right_side,
        null as left_half,
        null as right_half,
        0 as cells_present,
        0 as cells_rejected
    from unprinted

),

-- What cutting digits off instead of rounding them can take from either side is twice its half units.
measured as (

    select
        instances.report_no,
        instances.check_no,
        instances.row_part,
        coalesce(instances.left_side, 0) as left_side,
        coalesce(instances.right_side, 0) - checks.constant as right_side,
        coalesce(instances.left_side, 0) - coalesce(instances.right_side, 0) + checks.constant as residual,
        coalesce(instances.left_half, 0) + coalesce(instances.right_half, 0) as bound,
        2 * coalesce(instances.left_half, 0) as left_cut,
        2 * coalesce(instances.right_half, 0) as right_cut,
        instances.cells_present,
        instances.cells_rejected,
        gaps.reason as gap
    from instances
    inner join checks
        on instances.check_no = checks.check_no
    left join gaps
        on
            instances.report_no = gaps.report_no
            and instances.check_no = gaps.check_no

),

judged as (

    select
        measured.*,
        reports.report_id,
        checks.identity_id,
        checks.column_key,
        checks.family,
        checks.severity,
        checks.comparison,
        case
            when measured.gap is not null then 'not_evaluable'
            when measured.cells_rejected > 0 then 'blocked'
            when measured.residual = 0 or (checks.comparison = 'at_most' and measured.residual < 0) then 'exact'
            when abs(measured.residual) <= measured.bound then 'rounding'
            else 'broken'
        end as status,
        measured.gap is not null
        or measured.cells_rejected > 0
        or measured.residual = 0
        or (
            measured.residual < measured.right_cut
            and (measured.residual > -measured.left_cut or checks.comparison = 'at_most')
        ) as fits_cutting
    from measured
    inner join checks
        on measured.check_no = checks.check_no
    inner join reports
        on measured.report_no = reports.report_no

),

-- A report cuts digits off where every one of its figures allows it and not all allow rounding.
cutting_reports as (

    select report_no
    from judged
    where severity = 'fatal'
    group by report_no
    having
        bool_and(fits_cutting)
        and bool_or(status = 'broken')

),

final as (

    select
        judged.report_no,
        judged.check_no,
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
                and (cutting_reports.report_no is not null or judged.family = 'narrative')
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
        on judged.report_no = cutting_reports.report_no

)

select * from final
