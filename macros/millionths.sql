{#- An amount in millionths of a yuan, exactly, as the solver's steps count. -#}
{% macro millionths(yuan) -%}
    cast(cast({{ yuan }} as decimal(32, 6)) * 1000000 as decimal(38, 0))
{%- endmacro %}


{#-
    The same as a number of 64 bits. What is beyond nine trillion yuan stands as that much: no printed amount is, and
    a sum that could be missed by more binds nothing. Most are zero, and wide decimals are slow to count.
-#}
{% macro few_millionths(yuan) -%}
    case
        when {{ yuan }} = 0 then 0
        when {{ yuan }} between -900000 and 900000 then cast({{ yuan }} * 1000000 as bigint)
        when {{ yuan }} between -9000000000000 and 9000000000000 then cast(cast({{ yuan }} as decimal(24, 6)) * 1000000 as bigint)
        when {{ yuan }} > 0 then 9000000000000000000
        else -9000000000000000000
    end
{%- endmacro %}
