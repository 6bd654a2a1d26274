-- one row per score of an execution rate, a tenth of it: score / 1000 in percent of the rate, or of 100 where the score is 10 at most
-- Who executes more than the budget and scores more than 10 for it does one thing, and p_executed says so.
with

cells as (

    select * from {{ of_changed_reports(ref('int_form_and_prior_cells')) }} where table_no = 'project'

),

final as (

    select
        scores.report_id,
        'p_execution_points' as identity_id,
        scores.row_key as instance_key,
        case scores.cell_status when 'amount' then 'number' when 'rejected' then 'rejected' else 'empty' end as value_status,
        cast(scores.cell_value as decimal(24, 6)) as rate,
        cast(scores.half_unit as decimal(24, 6)) as rate_half,
        cast(
            case
                when rates.cell_status <> 'amount' then null
                when scores.cell_value > 10 then rates.cell_value
                else least(rates.cell_value, 100)
            end as decimal(24, 6)
        ) as part,
        cast(
            case when rates.cell_value <= 100 or scores.cell_value > 10 then rates.half_unit else 0 end as decimal(24, 6)
        ) as part_half,
        cast(null as decimal(24, 6)) as part_cut,
        cast(1000 as decimal(24, 6)) as whole,
        cast(0 as decimal(24, 6)) as whole_half,
        cast(null as decimal(24, 6)) as whole_cut,
        0 as part_in_whole
    from cells as scores
    inner join cells as rates
        on
            scores.report_id = rates.report_id
            and scores.row_key = rates.row_key
            and rates.column_name in ('execution_rate', 'source_execution_rate')
    where scores.column_name in ('execution_score', 'source_score')

)

select * from final
