{# The name of an instance of an identity: its row and its column, joined by «:» where it has both. #}
{% macro instance_key(row_part, column_key) -%}
    concat_ws(':', nullif({{ row_part }}, ''), nullif({{ column_key }}, ''))
{%- endmacro %}
