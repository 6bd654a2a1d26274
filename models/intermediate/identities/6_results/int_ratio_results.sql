-- one row per report, identity and instance of a printed rate: whether the figures that it is a rate of allow it
with

judged as (

    select * from {{ ref('int_ratios_judged') }}

),

of_others as (

    select * from {{ ref('int_rates_of_other_figures') }}

),

final as (

    select
        judged.report_id,
        judged.identity_id,
        judged.instance_key,
        case when of_others.report_id is null then judged.status else 'not_evaluable' end as status,
        judged.residual,
        judged.bound,
        judged.left_side,
        judged.right_side,
        judged.cells_present,
        case
            when of_others.report_id is null then judged.reason
            else 'other figures beside it give this rate: what it is of is not certain'
        end as reason
    from judged
    left join of_others
        on
            judged.report_id = of_others.report_id
            and judged.identity_id = of_others.identity_id
            and judged.instance_key = of_others.instance_key

)

select * from final
