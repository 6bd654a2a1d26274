{# What came of an instance once waivers are known: `waived` where one names exactly this break. The relation of waivers is left joined. #}
{% macro status_with_waivers(status, waivers) -%}
    case when {{ status }} = 'broken' and {{ waivers }}.identity_id is not null then 'waived' else {{ status }} end
{%- endmacro %}

{# Why an instance did not run, or how it is broken: the reason given, else both sides and what rounding can explain. #}
{% macro reason_of_result(relation) -%}
    case
        when {{ relation }}.reason is not null then {{ relation }}.reason
        when {{ relation }}.status in ('broken', 'truncated', 'summed_parts', 'blank_zeros')
            then
                cast(cast({{ relation }}.left_side as decimal(20, 2)) as string)
                || case {{ relation }}.comparison when 'at_most' then ' is more than ' else ' is not ' end
                || cast(cast({{ relation }}.right_side as decimal(20, 2)) as string)
                || coalesce(': rounding explains ' || cast(cast({{ relation }}.bound as decimal(20, 2)) as string) || ' at most', '')
    end
{%- endmacro %}
