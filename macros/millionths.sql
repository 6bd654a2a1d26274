{#- An amount in millionths of a yuan, exactly, as the solver's steps count. -#}
{% macro millionths(yuan) -%}
    cast(cast({{ yuan }} as decimal(32, 6)) * 1000000 as decimal(38, 0))
{%- endmacro %}


{#-
    The same as a number of 64 bits. What is beyond nine trillion yuan stands as that much: no printed amount is, and
    a sum that could be missed by more binds nothing.
-#}
{% macro few_millionths(yuan) -%}
    cast(greatest(least({{ millionths(yuan) }}, 9000000000000000000), -9000000000000000000) as bigint)
{%- endmacro %}
