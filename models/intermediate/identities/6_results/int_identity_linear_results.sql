-- one row per report, identity and instance of the linear identities: residual, bound and status before waivers
with

judged as (

    select * from {{ ref('int_identity_residuals') }}

),

fatal as (

    select
        report_no,
        status,
        fits_cutting
    from {{ ref('int_identity_residuals') }}
    where
        severity = 'fatal'
        -- what adds up says nothing of how digits were dropped
        and residual <> 0

),

-- A report cuts digits off where every one of its figures allows it and not all allow rounding.
cutting_reports as (

    select report_no
    from fatal
    group by report_no
    having
        bool_and(fits_cutting)
        and bool_or(status = 'broken')

),

final as (

    select
        judged.report_no,
        judged.instance_no,
        judged.identity_id,
        judged.instance_key,
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
