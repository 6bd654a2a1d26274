{#- The amount columns of a printed row as rows of their own. -#}
{%- macro cells_of(amounts) -%}
cross join lateral (
    values {% for amount in amounts %}('{{ amount }}', printed.{{ amount }}){{ ", " if not loop.last }}{% endfor %}
) as amounts (column_name, printed_text)
{%- endmacro -%}
