{# True where the text matches the pattern anywhere; null stays null. #}
{% macro is_match(text, pattern) -%}
    {{ return(adapter.dispatch('is_match')(text, pattern)) }}
{%- endmacro %}

{% macro default__is_match(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}

{# The text with every match of the pattern replaced; DuckDB replaces only the first one unless told otherwise. #}
{% macro replace_all(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('replace_all')(text, pattern, replacement)) }}
{%- endmacro %}

{% macro default__replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{#
    A printed cell without the white space around it (ASCII, no-break and full-width); an empty cell is null.
    What stands inside the cell is not touched.
#}
{% macro trimmed(text) -%}
    nullif({{ replace_all(text, '^[\\s\\x{00A0}\\x{3000}]+|[\\s\\x{00A0}\\x{3000}]+$', '') }}, '')
{%- endmacro %}

{# A printed label without any white space: PDF readers put it where a line was wrapped. Null where nothing is left. #}
{% macro joined_label(text) -%}
    nullif({{ replace_all(text, '[\\s\\x{00A0}\\x{3000}]+', '') }}, '')
{%- endmacro %}

{#
    What a printed label says, without its number («一、», «（一）», «1.»), so that a line is found by its words
    whatever its position in a year's form. Null where the label is blank.
#}
{% macro label_key(text) -%}
    nullif({{ replace_all(replace_all(joined_label(text), '^([一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|[0-9]+[.．、])', ''), '：$', '') }}, '')
{%- endmacro %}

{# True where two texts of the same length differ by two neighbouring characters that changed places. #}
{% macro is_swap_of_neighbours(left_text, right_text) -%}
    {{ return(adapter.dispatch('is_swap_of_neighbours')(left_text, right_text)) }}
{%- endmacro %}

{% macro default__is_swap_of_neighbours(left_text, right_text) -%}
    (damerau_levenshtein({{ left_text }}, {{ right_text }}) = 1 and levenshtein({{ left_text }}, {{ right_text }}) = 2)
{%- endmacro %}

{# The first number in a text («≥95%», «＝6971户»), decimal(24, 6); null where there is none. #}
{% macro number_in(text) -%}
    cast(nullif(regexp_extract({{ text }}, '([0-9]+([.][0-9]+)?)', 1), '') as decimal(24, 6))
{%- endmacro %}

{# The first number in a text as yuan: «≥970.128949万» and «1000万元» are ten thousands, «2606622.39元» is not. #}
{% macro money_in(text) -%}
    {{ number_in(text) }} * case when {{ text }} like '%万%' then 10000 else 1 end
{%- endmacro %}
