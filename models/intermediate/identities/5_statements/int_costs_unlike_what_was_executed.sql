-- one row per cost indicator: where its target is the budget of the project, whether the cost reached is what was executed
with

indicators as (

    select * from {{ ref('int_indicators_measured') }} where level_2 = '成本指标'

),

project_cells as (

    select * from {{ of_changed_reports(ref('int_project_cells')) }}
    where
        form_part = 'funding'
        and row_role = 'total'
        and value_kind = 'money'

),

project_money as (

    select
        report_id,
        project_no,
        max(amount_yuan) filter (where column_name = 'annual_budget') as annual_budget_yuan,
        max(amount_yuan) filter (where column_name = 'executed') as executed_yuan,
        max(half_unit) as half_unit
    from project_cells
    group by
        report_id,
        project_no

),

final as (

    select
        indicators.report_id,
        'p_cost' as identity_id,
        indicators.instance_key,
        case
            when
                {{ is_match('indicators.target', '^[≥≤＝=][0-9.]+(元|万元?)$') }}
                and abs({{ money_in('indicators.target') }} - project_money.annual_budget_yuan)
                <= project_money.half_unit + cast(0.5 as decimal(2, 1))
                then
                    abs({{ money_in('indicators.actual_value') }} - project_money.executed_yuan)
                    <= project_money.half_unit + cast(0.5 as decimal(2, 1))
        end as holds,
        'the cost reached is ' || coalesce(indicators.actual_value, '(empty)') || ', executed were '
        || cast(project_money.executed_yuan as string) || ' yuan' as reason
    from indicators
    inner join project_money
        on
            indicators.report_id = project_money.report_id
            and indicators.project_no = project_money.project_no

)

select * from final
