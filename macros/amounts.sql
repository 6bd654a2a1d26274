{#
    How amounts are printed and what they stand for. A printed amount has an optional minus sign, digits with or without
    correctly grouped thousands separators, and at most six decimals; full-width signs and digits count as their ASCII
    forms. Everything else is no amount.
#}

{# The printed text with full-width digits, signs and separators as ASCII. #}
{% macro ascii_amount(text) -%}
    case
        -- asking first is ten times faster than translating what needs none
        when {{ is_match(text, '^[-0-9,.]*$') }} then {{ text }}
        else translate({{ text }}, '０１２３４５６７８９，．－−', '0123456789,.--')
    end
{%- endmacro %}

{#
    What a printed amount cell holds: 'amount', 'blank' (nothing printed: exactly zero), 'not_applicable' (a dash, as in
    «────», «/») or 'rejected' (a text that is none of these). Never null. The text is trimmed, as staging leaves it.
#}
{% macro cell_status(text) -%}
    case
        when {{ text }} is null then 'blank'
        when {{ is_match(text, plain_amount()) }} then 'amount'
        when {{ is_match(text, '^([─━—–－−-]+|[/／])$') }} then 'not_applicable'
        when {{ is_match(ascii_amount(text), plain_amount()) }} then 'amount'
        else 'rejected'
    end
{%- endmacro %}

{# The pattern of an amount in ASCII. #}
{% macro plain_amount() -%}
    {{ return('^-?([0-9]{1,16}|[0-9]{1,3}(,[0-9]{3}){1,5})([.][0-9]{1,6})?$') }}
{%- endmacro %}

{# The number that an amount cell prints, in the printed unit, decimal(24, 6); null for blank, not applicable and rejected cells. #}
{% macro printed_amount(text, status=none) -%}
    case when {{ status or cell_status(text) }} = 'amount' then cast(replace({{ ascii_amount(text) }}, ',', '') as decimal(24, 6)) end
{%- endmacro %}

{# How many decimals a printed number shows: 2 for '1,419.06', 0 for '1419'. #}
{% macro printed_decimals(text) -%}
    length(split_part({{ ascii_amount(text) }}, '.', 2))
{%- endmacro %}

{#
    Half of the last printed place as a part of the printed unit: 0.005 for two decimals. A printed amount x stands for
    any true value in [x - half unit, x + half unit].
#}
{% macro half_unit(decimals) -%}
    case {{ decimals }}
        {% for places in range(7) -%}
        when {{ places }} then cast(0.{{ '0' * places }}5 as decimal(8, 7))
        {% endfor -%}
    end
{%- endmacro %}

{#
    A printed amount in yuan, decimal(20, 2); null where it has more than sixteen digits before the point, which no report
    of a department has. `yuan` is the size of the printed unit, from amount_units.
#}
{% macro to_yuan(amount, yuan) -%}
    -- taking decimals off a number of 64 bits is fifty times faster than off one of 128, which only huge amounts need
    cast(
        coalesce(
            cast(try_cast({{ amount }} * {{ yuan }} as decimal(18, 6)) as decimal(18, 2)),
            try_cast({{ amount }} * {{ yuan }} as decimal(18, 2))
        ) as decimal(20, 2)
    )
{%- endmacro %}

{# numerator / denominator as decimal(18, 6); null where the denominator is zero or null, or the ratio has more than twelve digits. The only division over money. #}
{% macro ratio(numerator, denominator) -%}
    {{ return(adapter.dispatch('ratio')(numerator, denominator)) }}
{%- endmacro %}

{% macro default__ratio(numerator, denominator) -%}
    try_cast(({{ numerator }}) / nullif({{ denominator }}, 0) as decimal(18, 6))
{%- endmacro %}

{# DuckDB divides as double and rounds to the sixth decimal; Spark would divide decimals exactly, and another digit could come last. #}
{% macro spark__ratio(numerator, denominator) -%}
    cast(
        cast(round(cast({{ numerator }} as double) / cast(nullif({{ denominator }}, 0) as double) * 1000000) as decimal(18, 0))
        * 0.000001 as decimal(18, 6)
    )
{%- endmacro %}

{# The highest value not above the one given that a cell with this last place can print. #}
{% macro printable_below(value, place) -%}
    {{ value }} - (({{ value }} % {{ place }}) + {{ place }}) % {{ place }}
{%- endmacro %}

{# A fen in yuan: the last place of money that there is. #}
{% macro fen() -%}
    cast(0.01 as decimal(3, 2))
{%- endmacro %}
