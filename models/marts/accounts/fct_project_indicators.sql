-- one row per project self-evaluation form and indicator
with

indicators as (

    select * from {{ ref('stg_accounts__project_indicators') }}

),

reports as (

    select * from {{ ref('int_reports_released') }}

),

final as (

    select
        cast(indicators.report_id as string) as report_id,
        cast(indicators.project_no as integer) as project_no,
        cast(indicators.row_no as integer) as row_no,
        cast(indicators.level_1 as string) as level_1,
        cast(indicators.level_2 as string) as level_2,
        cast(indicators.level_3 as string) as level_3,
        cast(indicators.initial_target as string) as initial_target,
        cast(indicators.adjusted_target as string) as adjusted_target,
        cast(indicators.actual_value as string) as actual_value,
        cast({{ printed_amount('indicators.weight') }} as decimal(12, 4)) as weight,
        cast({{ printed_amount('indicators.score') }} as decimal(12, 4)) as score,
        cast(indicators.deviation_reason as string) as deviation_reason,
        cast(indicators.cut_columns as string) as cut_columns
    from indicators
    inner join reports
        on indicators.report_id = reports.report_id

)

select * from final
