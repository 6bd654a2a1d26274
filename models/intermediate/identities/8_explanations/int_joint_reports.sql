-- one row per report whose printed values do not satisfy all of its sums: of the others true values are known, as printed
with

instances as (

    select * from {{ ref('int_joint_instances') }}

),

-- Where some figures hold only in another way than plain rounding, every amount may stand for twice as much.
final as (

    select
        report_no,
        bool_or(is_broken) as has_a_break,
        case when bool_or(is_loose and family <> 'narrative') then 2 else 1 end as half_units
    from instances
    group by report_no
    having bool_or(residual > 0 or (residual < 0 and not is_at_most))

)

select * from final
