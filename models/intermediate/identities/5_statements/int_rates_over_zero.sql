-- one row per rate of the narrative whose whole is zero: whether it is left out, because no such rate exists
with

rates as (

    {% for model in ['int_shares', 'int_completion_rates', 'int_change_rates'] -%}
    select * from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

over_zero as (

    select * from rates
    where whole - part_in_whole * part = 0

),

annual_budgets as (

    select * from {{ ref('int_claim_values') }} where measure = 'annual_budget'

),

claims as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }} where measure = 'completion_rate'

),

-- «年初预算为0万元，全年预算为50万元，支出决算为40万元，完成年初预算的80%»
rates_of_the_year as (

    select
        over_zero.report_id,
        over_zero.instance_key
    from over_zero
    inner join claims
        on
            over_zero.report_id = claims.report_id
            and over_zero.instance_key = cast(claims.claim_no as string)
    inner join annual_budgets
        on
            claims.report_id = annual_budgets.report_id
            and claims.subject = annual_budgets.subject
    where
        over_zero.identity_id = 'n_completion_rate'
        and annual_budgets.subject_value <> 0
        and abs(over_zero.rate * annual_budgets.subject_value - 100 * over_zero.part)
        <= over_zero.rate_half * abs(annual_budgets.subject_value)
        + abs(over_zero.rate) * annual_budgets.half_unit + 100 * over_zero.part_half

),

final as (

    select
        over_zero.report_id,
        'n_rate_over_zero' as identity_id,
        over_zero.instance_key,
        over_zero.value_status = 'empty' as holds,
        case
            when rates_of_the_year.report_id is null then 'a rate over zero does not exist'
            else 'the rate is that of the budget of the year; the initial budget is zero'
        end as reason
    from over_zero
    left join rates_of_the_year
        on
            over_zero.report_id = rates_of_the_year.report_id
            and over_zero.instance_key = rates_of_the_year.instance_key

)

select * from final
