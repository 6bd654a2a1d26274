-- one row per indicator of a project form, with its weight and its score as numbers
with

indicators as (

    select * from {{ of_changed_reports(ref('stg_accounts__project_indicators')) }}

),

final as (

    select
        report_id,
        project_no,
        row_no,
        level_2,
        coalesce(adjusted_target, initial_target) as target,
        actual_value,
        deviation_reason,
        -- a form in which no reason is given anywhere may have no column for it
        count(deviation_reason) over (partition by report_id, project_no) > 0 as has_reasons,
        {{ printed_amount('weight') }} as weight,
        {{ printed_amount('score') }} as score,
        cast(project_no as string) || '/indicator/' || cast(row_no as string) as instance_key
    from indicators

)

select * from final
