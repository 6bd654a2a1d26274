-- one row per rate of the narrative whose whole is zero: whether it is left out, because no such rate exists
with

rates as (

    {% for model in ['int_shares', 'int_completion_rates', 'int_change_rates'] -%}
    select * from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        report_id,
        'n_rate_over_zero' as identity_id,
        instance_key,
        value_status = 'empty' as holds,
        'a rate over zero does not exist' as reason
    from rates
    where whole - part_in_whole * part = 0

)

select * from final
