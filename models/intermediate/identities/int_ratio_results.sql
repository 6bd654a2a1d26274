-- one row per report, identity and instance of a printed rate: whether the figures that it is a rate of allow it
{#
    A rate c, in percent, of y against x holds if some c, x and y within their printed places satisfy c * x = 100 * y. The
    difference c * x - 100 * y is linear in each of them, so its smallest and its largest value stand at the corners, and
    the rate can hold if and only if zero lies between. Nothing is divided but for display.
    Change rates: y is the change, x the year before, which is the year less the change (so x and y move together).
#}
with

claims as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }}

),

claim_cells as (

    select * from {{ ref('int_claim_cells') }}

),

project_cells as (

    select * from {{ of_changed_reports(ref('int_form_and_prior_cells')) }} where table_no = 'project'

),

-- What a subject amounts to: the printed cells where there are some, else what the narrative says first.
shown_values as (

    select
        report_id,
        subject,
        measure,
        sum(coefficient * coalesce(cell_value, 0)) as subject_value,
        sum(half_unit) as half_unit
    from claim_cells
    group by
        report_id,
        subject,
        measure

),

stated_values as (

    select
        report_id,
        subject,
        measure,
        claim_value as subject_value,
        half_unit
    from claims
    where
        value_status = 'number'
        and measure in ('amount', 'initial_budget', 'annual_budget')
    qualify row_number() over (partition by report_id, subject, measure order by claim_no) = 1

),

subject_values as (

    select
        coalesce(shown_values.report_id, stated_values.report_id) as report_id,
        coalesce(shown_values.subject, stated_values.subject) as subject,
        coalesce(shown_values.measure, stated_values.measure) as measure,
        coalesce(shown_values.subject_value, stated_values.subject_value) as subject_value,
        coalesce(shown_values.half_unit, stated_values.half_unit) as half_unit
    from shown_values
    full join stated_values
        on
            shown_values.report_id = stated_values.report_id
            and shown_values.subject = stated_values.subject
            and shown_values.measure = stated_values.measure

),

changes as (

    select
        report_id,
        paragraph_no,
        subject,
        direction_sign * claim_value as change_value,
        half_unit
    from claims
    where
        measure = 'change'
        and value_status = 'number'
    qualify row_number() over (partition by report_id, paragraph_no, subject order by claim_no) = 1

),

rates as (

    select
        claims.report_id,
        case claims.measure
            when 'share' then 'n_share' when 'completion_rate' then 'n_completion_rate' else 'n_change_rate'
        end as identity_id,
        cast(claims.claim_no as string) as instance_key,
        claims.value_status,
        case when claims.measure = 'change_rate' then claims.direction_sign else 1 end * claims.claim_value as rate,
        claims.half_unit as rate_half,
        case when claims.measure = 'change_rate' then changes.change_value else parts.subject_value end as part,
        case when claims.measure = 'change_rate' then changes.half_unit else parts.half_unit end as part_half,
        case claims.measure
            when 'share' then wholes.subject_value
            when 'completion_rate' then budgets.subject_value
            else parts.subject_value
        end as whole,
        case claims.measure
            when 'share' then wholes.half_unit
            when 'completion_rate' then budgets.half_unit
            else parts.half_unit
        end as whole_half,
        -- 1 where the base is the whole less the part
        case when claims.measure = 'change_rate' then 1 else 0 end as part_in_whole
    from claims
    left join subject_values as parts
        on
            claims.report_id = parts.report_id
            and claims.subject = parts.subject
            and parts.measure = 'amount'
    left join subject_values as wholes
        on
            claims.report_id = wholes.report_id
            and claims.base = wholes.subject
            and wholes.measure = 'amount'
    left join subject_values as budgets
        on
            claims.report_id = budgets.report_id
            and claims.subject = budgets.subject
            and budgets.measure = case claims.base when '年初预算' then 'initial_budget' when '全年预算' then 'annual_budget' end
    left join changes
        on
            claims.report_id = changes.report_id
            and claims.paragraph_no = changes.paragraph_no
            and claims.subject = changes.subject
    where claims.measure in ('share', 'completion_rate', 'change_rate')

    union all

    -- execution rate of a form = executed / annual budget
    select
        rates.report_id,
        'p_execution_rate' as identity_id,
        rates.row_key as instance_key,
        case rates.cell_status when 'amount' then 'number' when 'rejected' then 'rejected' else 'empty' end as value_status,
        cast(rates.cell_value as decimal(24, 6)) as rate,
        cast(rates.half_unit as decimal(24, 6)) as rate_half,
        cast(coalesce(executed.cell_value, 0) as decimal(24, 6)) as part,
        cast(executed.half_unit as decimal(24, 6)) as part_half,
        cast(coalesce(budgets.cell_value, 0) as decimal(24, 6)) as whole,
        cast(budgets.half_unit as decimal(24, 6)) as whole_half,
        0 as part_in_whole
    from project_cells as rates
    inner join project_cells as executed
        on
            rates.report_id = executed.report_id
            and rates.row_key = executed.row_key
            and executed.column_name = 'executed'
    inner join project_cells as budgets
        on
            rates.report_id = budgets.report_id
            and rates.row_key = budgets.row_key
            and budgets.column_name = 'annual_budget'
    where rates.column_name in ('execution_rate', 'source_execution_rate')

    union all

    -- its score is a tenth of the rate, and never more than 10: score / 1000 in percent of min(rate, 100)
    select
        scores.report_id,
        'p_execution_points' as identity_id,
        scores.row_key as instance_key,
        case scores.cell_status when 'amount' then 'number' when 'rejected' then 'rejected' else 'empty' end as value_status,
        cast(scores.cell_value as decimal(24, 6)) as rate,
        cast(scores.half_unit as decimal(24, 6)) as rate_half,
        cast(least(coalesce(rates.cell_value, 0), 100) as decimal(24, 6)) as part,
        cast(case when rates.cell_value <= 100 then rates.half_unit else 0 end as decimal(24, 6)) as part_half,
        cast(1000 as decimal(24, 6)) as whole,
        cast(0 as decimal(24, 6)) as whole_half,
        0 as part_in_whole
    from project_cells as scores
    inner join project_cells as rates
        on
            scores.report_id = rates.report_id
            and scores.row_key = rates.row_key
            and rates.column_name in ('execution_rate', 'source_execution_rate')
    where scores.column_name in ('execution_score', 'source_score')

),

based as (

    select
        *,
        whole - part_in_whole * part as base
    from rates

),

-- the corners, for figures that are rounded and for figures that are cut off
corners as (

    select
        based.report_id,
        based.identity_id,
        based.instance_key,
        {% for way, low, high in [('rounded', '-1', '1'), ('cut', '0', '2')] -%}
        {% set values = [] -%}
        {% for c in [low, high] -%}
        {% for x in [low, high] -%}
        {% for y in [low, high] -%}
        {% do values.append(
            '(rate + ' ~ c ~ ' * rate_half) * ((whole + ' ~ x ~ ' * whole_half) - part_in_whole * (part + ' ~ y ~ ' * part_half)) - 100 * (part + '
            ~ y ~ ' * part_half)'
        ) -%}
        {% endfor -%}
        {% endfor -%}
        {% endfor -%}
        least({{ values | join(', ') }}) as lowest_{{ way }},
        greatest({{ values | join(', ') }}) as highest_{{ way }},
        {% endfor -%}
        based.value_status,
        based.rate,
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
            -- a rate over nothing does not exist: it is left empty, or «∞»
            when base = 0 and value_status in ('empty', 'infinite') then 'exact'
            when base = 0 and identity_id = 'p_execution_rate' and rate = 0 then 'exact'
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
            when base = 0 and value_status = 'number' then 'a rate over zero does not exist'
            when value_status = 'empty' and base <> 0 then 'the rate is left empty'
        end as reason
    from corners

)

select * from final
