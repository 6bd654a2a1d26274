-- one row per report of which the solver is asked, instance that holds by itself, and printed amount in it
{#- In millionths of a yuan, which a number of 64 bits holds: what a sum misses is small where it holds. #}
with

terms as (

    select * from {{ ref('int_joint_terms') }} where cell_status = 'amount'

),

instances as (

    select * from {{ ref('int_joint_instances') }} where not is_broken

),

reports as (

    select * from {{ ref('int_joint_reports') }}

),

totals as (

    select * from {{ ref('int_joint_totals') }}

),

final as (

    select
        terms.report_no,
        terms.instance_no,
        terms.cell_no,
        cast(terms.coefficient as bigint) as coefficient,
        {{ few_millionths('terms.half_unit * reports.half_units') }} as half_unit,
        {{ few_millionths('greatest(terms.half_unit, coalesce(totals.half_unit, 0)) * reports.half_units') }} as half_of_parts,
        case when terms.cell_value < 0 then -1 else 1 end as sign,
        {{ few_millionths('-instances.residual') }} as miss,
        {{ few_millionths('instances.slack') }} as slack,
        instances.is_at_most
    from terms
    inner join instances
        on
            terms.report_no = instances.report_no
            and terms.instance_no = instances.instance_no
    inner join reports
        on terms.report_no = reports.report_no
    left join totals
        on
            terms.report_no = totals.report_no
            and terms.cell_no = totals.cell_no
    -- what cannot be missed binds nothing
    where not instances.is_at_most or instances.residual + instances.bound * reports.half_units > 0

)

select * from final
