{# True where the text matches the pattern anywhere; null stays null. #}
{% macro is_match(text, pattern) -%}
    {{ return(adapter.dispatch('is_match')(text, pattern)) }}
{%- endmacro %}

{% macro default__is_match(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro spark__is_match(text, pattern) -%}
    {{ text }} rlike {{ spark_pattern(pattern) }}
{%- endmacro %}

{# The same for a pattern that a column has, which must mean the same to both engines. #}
{% macro is_match_of_column(text, pattern) -%}
    {{ return(adapter.dispatch('is_match_of_column')(text, pattern)) }}
{%- endmacro %}

{% macro default__is_match_of_column(text, pattern) -%}
    regexp_matches({{ text }}, {{ pattern }})
{%- endmacro %}

{% macro spark__is_match_of_column(text, pattern) -%}
    {{ text }} rlike {{ pattern }}
{%- endmacro %}

{#
    A pattern as Spark takes it: a literal whose backslashes stay, and that means what it does on DuckDB. White space is what it
    is there, and the end of the text is not also the place before a last line break.
#}
{% macro spark_pattern(pattern) -%}
    r'{{ pattern | replace('\\s', ' \\t\\n\\f\\r') | replace('$', '\\z') }}'
{%- endmacro %}

{# The text with every match of the pattern replaced; DuckDB replaces only the first one unless told otherwise. #}
{% macro replace_all(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('replace_all')(text, pattern, replacement)) }}
{%- endmacro %}

{% macro default__replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro spark__replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ spark_pattern(pattern) }}, '{{ replacement }}')
{%- endmacro %}

{# A row for each match of the pattern in the text, in a list of columns. #}
{% macro each_match(text, pattern) -%}
    {{ return(adapter.dispatch('each_match')(text, pattern)) }}
{%- endmacro %}

{% macro default__each_match(text, pattern) -%}
    unnest(regexp_extract_all({{ text }}, '{{ pattern }}'))
{%- endmacro %}

{% macro spark__each_match(text, pattern) -%}
    explode(regexp_extract_all({{ text }}, {{ spark_pattern(pattern) }}, 0))
{%- endmacro %}

{# What the first group of the pattern matches in the text; empty where nothing does. #}
{% macro group_in(text, pattern) -%}
    {{ return(adapter.dispatch('group_in')(text, pattern)) }}
{%- endmacro %}

{% macro default__group_in(text, pattern) -%}
    regexp_extract({{ text }}, '{{ pattern }}', 1)
{%- endmacro %}

{% macro spark__group_in(text, pattern) -%}
    regexp_extract({{ text }}, {{ spark_pattern(pattern) }}, 1)
{%- endmacro %}

{# True where the number stands in the text as a number of its own, not as the tail of a longer one. Both are SQL. #}
{% macro has_the_number(text, number) -%}
    {{ return(adapter.dispatch('has_the_number')(text, number)) }}
{%- endmacro %}

{% macro default__has_the_number(text, number) -%}
    regexp_matches({{ text }}, '(^|[^0-9.,])' || regexp_escape({{ number }}))
{%- endmacro %}

{% macro spark__has_the_number(text, number) -%}
    {{ text }} rlike r'(^|[^0-9.,])\Q' || {{ number }} || r'\E'
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

{# Spark has no distance that counts a swap as one: every swap is tried. #}
{% macro spark__is_swap_of_neighbours(left_text, right_text) -%}
    exists(
        sequence(1, greatest(length({{ left_text }}) - 1, 1)),
        place -> {{ left_text }} <> {{ right_text }}
        and {{ right_text }} = concat(
            substr({{ left_text }}, 1, place - 1),
            substr({{ left_text }}, place + 1, 1),
            substr({{ left_text }}, place, 1),
            substr({{ left_text }}, place + 2)
        )
    )
{%- endmacro %}

{# The first number in a text («≥95%», «＝6971户»), decimal(24, 6); null where there is none. #}
{% macro number_in(text) -%}
    cast(nullif(regexp_extract({{ text }}, '([0-9]+([.][0-9]+)?)', 1), '') as decimal(24, 6))
{%- endmacro %}

{# The first number in a text as yuan: «≥970.128949万» and «1000万元» are ten thousands, «2606622.39元» is not. #}
{% macro money_in(text) -%}
    {{ number_in(text) }} * case when {{ text }} like '%万%' then 10000 else 1 end
{%- endmacro %}

{# True where two labels are the same but for one character: another one, one too many, or one that is lost. Both are SQL. #}
{% macro is_one_character_apart(left_text, right_text) -%}
    {{ return(adapter.dispatch('is_one_character_apart')(left_text, right_text)) }}
{%- endmacro %}

{% macro default__is_one_character_apart(left_text, right_text) -%}
    {#- its distances of texts count bytes, and a Chinese character has three #}
    list_bool_or(
        list_transform(range(1, length({{ left_text }}) + 2), lambda place: {{ is_edited_at(left_text, right_text) }})
    )
{%- endmacro %}

{% macro spark__is_one_character_apart(left_text, right_text) -%}
    exists(sequence(1, length({{ left_text }}) + 1), place -> {{ is_edited_at(left_text, right_text) }})
{%- endmacro %}

{# True where the texts are the same before a place, and behind it without the character that stands there in one of them or in both. #}
{% macro is_edited_at(left_text, right_text) -%}
    {{ left_text }} <> {{ right_text }}
    and substr({{ left_text }}, 1, place - 1) = substr({{ right_text }}, 1, place - 1)
    and (
        substr({{ left_text }}, place + 1) = substr({{ right_text }}, place + 1)
        or substr({{ left_text }}, place) = substr({{ right_text }}, place + 1)
        or substr({{ left_text }}, place + 1) = substr({{ right_text }}, place)
    )
{%- endmacro %}
