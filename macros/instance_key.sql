{# The name of an instance of an identity: its row and its column, joined by «:» where it has both. #}
{% macro instance_key(row_part, column_key) -%}
    concat_ws(':', nullif({{ row_part }}, ''), nullif({{ column_key }}, ''))
{%- endmacro %}

{# The number of an instance of an identity, the same in every report and every build. #}
{% macro instance_number(identity_id, row_part, column_key) -%}
    {{ key_number("concat_ws('|', " ~ identity_id ~ ", " ~ row_part ~ ", " ~ column_key ~ ")") }}
{%- endmacro %}
