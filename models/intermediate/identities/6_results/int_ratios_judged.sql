-- one row per report, identity and instance of a printed rate: whether the figures that it is a rate of allow it
{#
    A rate c, in percent, of y against x holds if some c, x and y within their printed places satisfy c * x = 100 * y. The
    difference c * x - 100 * y is linear in each of them, so its smallest and its largest value stand at the corners, and
    the rate can hold if and only if zero lies between. Nothing is divided but for display.
    Change rates: y is the change, x the year before, which is the year less the change (so x and y move together).
#}
with

rates as (

    {% for model in [
        'int_shares',
        'int_completion_rates',
        'int_change_rates',
        'int_execution_rates',
        'int_execution_points',
    ] -%}
    select * from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

based as (

    select
        *,
        whole - part_in_whole * part as base,
        -- what is cut lies nearer to zero than what it stands for
        case when rate < 0 then -rate_half else rate_half end as rate_cut_half,
        case when part < 0 then -part_cut else part_cut end as part_cut_half,
        case when whole < 0 then -whole_cut else whole_cut end as whole_cut_half
    from rates

),

-- the corners, for figures that are rounded and for figures that are cut off
corners as (

    select
        based.report_id,
        based.identity_id,
        based.instance_key,
        {% for way, low, high, rate_half, part_half, whole_half in [
            ('rounded', '-1', '1', 'rate_half', 'part_half', 'whole_half'),
            ('cut', '0', '2', 'rate_cut_half', 'part_cut_half', 'whole_cut_half'),
        ] -%}
        {% set values = [] -%}
        {% for c in [low, high] -%}
        {% for x in [low, high] -%}
        {% for y in [low, high] -%}
        {% do values.append(
            '(rate + ' ~ c ~ ' * ' ~ rate_half ~ ') * ((whole + ' ~ x ~ ' * ' ~ whole_half ~ ') - part_in_whole * (part + ' ~ y ~ ' * '
            ~ part_half ~ ')) - 100 * (part + ' ~ y ~ ' * ' ~ part_half ~ ')'
        ) -%}
        {% endfor -%}
        {% endfor -%}
        {% endfor -%}
        least({{ values | join(', ') }}) as lowest_{{ way }},
        greatest({{ values | join(', ') }}) as highest_{{ way }},
        {% endfor -%}
        based.value_status,
        based.rate,
        based.rate_half,
        based.part,
        based.whole,
        based.base
    from based

),

final as (

    select
        report_id,
        identity_id,
        instance_key,
        case
            when value_status = 'rejected' then 'blocked'
            when part is null or whole is null then 'not_evaluable'
            -- what a narrative prints as a rate over nothing is a habit, and n_rate_over_zero tells it
            when base = 0 and identity_id not like 'p_%' then 'not_evaluable'
            -- a rate over nothing does not exist: it is left empty, or «∞»
            when base = 0 and value_status in ('empty', 'infinite') then 'exact'
            when base = 0 and identity_id = 'p_execution_rate' and rate = 0 then 'exact'
            -- a form need not print a rate for each source, nor have a column for what the execution scored
            when identity_id like 'p_%' and value_status = 'empty' then 'not_evaluable'
            when base = 0 or value_status in ('empty', 'infinite') then 'broken'
            when rate * base = 100 * part then 'exact'
            when lowest_rounded <= 0 and highest_rounded >= 0 then 'rounding'
            when identity_id not like 'p_%' and lowest_cut <= 0 and highest_cut >= 0 then 'truncated'
            else 'broken'
        end as status,
        case when value_status = 'number' and base <> 0 then rate - 100 * {{ ratio('part', 'base') }} end as residual,
        cast(null as decimal(20, 6)) as bound,
        rate as left_side,
        100 * {{ ratio('part', 'base') }} as right_side,
        3 as cells_present,
        case
            when part is null or whole is null then 'a figure that the rate is of is not printed'
            when base = 0 then 'a rate over zero does not exist'
            when value_status = 'empty' and base <> 0 then 'the rate is left empty'
        end as reason,
        value_status,
        rate_half
    from corners

)

select * from final
