{#
    A model's schema is the one its folder names (raw, staging, intermediate, marts, quality, reporting), the same on
    every target: readers' queries must not depend on who built the file.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name if custom_schema_name is not none else target.schema }}
{%- endmacro %}
