-- one row per indicator: whether a target that was missed has less than full marks
with

indicators as (

    select * from {{ ref('int_indicators_measured') }}

),

final as (

    select
        report_id,
        'p_missed_target' as identity_id,
        instance_key,
        case
            when not {{ is_match('target', '^[≥≤＝=]') }} then null
            when {{ number_in('target') }} is null or {{ number_in('actual_value') }} is null then null
            when score is null or weight is null then null
            when score < weight then true
            when target like '≥%' then {{ number_in('actual_value') }} >= {{ number_in('target') }}
            when target like '≤%' then {{ number_in('actual_value') }} <= {{ number_in('target') }}
            else {{ number_in('actual_value') }} = {{ number_in('target') }}
        end as holds,
        'target ' || coalesce(target, '(empty)') || ', reached ' || coalesce(actual_value, '(empty)') || ', full marks' as reason
    from indicators

)

select * from final
