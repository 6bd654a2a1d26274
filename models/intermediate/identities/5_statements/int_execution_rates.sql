-- one row per execution rate that a project form prints, with what was executed and the budget of the year
with

cells as (

    select * from {{ of_changed_reports(ref('int_form_and_prior_cells')) }} where table_no = 'project'

),

final as (

    select
        rates.report_id,
        'p_execution_rate' as identity_id,
        rates.row_key as instance_key,
        case rates.cell_status when 'amount' then 'number' when 'rejected' then 'rejected' else 'empty' end as value_status,
        cast(rates.cell_value as decimal(24, 6)) as rate,
        cast(rates.half_unit as decimal(24, 6)) as rate_half,
        cast(case when executed.cell_status = 'amount' then executed.cell_value end as decimal(24, 6)) as part,
        cast(executed.half_unit as decimal(24, 6)) as part_half,
        cast(null as decimal(24, 6)) as part_cut,
        cast(case when budgets.cell_status = 'amount' then budgets.cell_value end as decimal(24, 6)) as whole,
        cast(budgets.half_unit as decimal(24, 6)) as whole_half,
        cast(null as decimal(24, 6)) as whole_cut,
        0 as part_in_whole
    from cells as rates
    inner join cells as executed
        on
            rates.report_id = executed.report_id
            and rates.row_key = executed.row_key
            and executed.column_name = 'executed'
    inner join cells as budgets
        on
            rates.report_id = budgets.report_id
            and rates.row_key = budgets.row_key
            and budgets.column_name = 'annual_budget'
    where rates.column_name in ('execution_rate', 'source_execution_rate')

)

select * from final
