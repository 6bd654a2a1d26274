-- one row per report, identity and instance of the linear identities: residual, bound and status before waivers
with

judged as (

    select * from {{ ref('int_identity_residuals') }}

),

broken_sums as (

    select * from {{ ref('int_broken_sums_by_way') }}

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
            when judged.status <> 'broken' then judged.status
            -- a text may cut one figure and round the next
            when broken_sums.is_cut or (judged.family = 'narrative' and judged.fits_cutting) then 'truncated'
            when broken_sums.is_summed then 'summed_parts'
            when broken_sums.is_blank then 'blank_zeros'
            else 'broken'
        end as status,
        case when judged.status not in ('not_evaluable', 'blocked') then judged.residual end as residual,
        case when judged.status not in ('not_evaluable', 'blocked') then judged.bound end as bound,
        case when judged.status <> 'not_evaluable' then judged.left_side end as left_side,
        case when judged.status <> 'not_evaluable' then judged.right_side end as right_side,
        judged.cells_present,
        judged.gap as reason
    from judged
    left join broken_sums
        on
            judged.report_no = broken_sums.report_no
            and judged.instance_no = broken_sums.instance_no

)

select * from final
