{#
    The relation of a Python model, which a solver fills. Spark has no Python models: there it is empty, and
    print_unsolved says so at the end.
#}
{% macro solved(name) %}
    {%- if target.type == 'duckdb' -%}
    {{ ref(name) }}
    {%- else -%}
    {%- set columns = {
        'int_joint_conflicts': {
            'report_no': 'bigint', 'conflict_no': 'integer', 'instance_no': 'bigint', 'times': 'decimal(18, 6)', 'apart': 'decimal(26, 6)',
        },
        'int_explained_cells': {
            'report_no': 'bigint', 'is_complete': 'boolean', 'explanation_no': 'integer', 'explanations': 'integer',
            'cells': 'integer', 'cell_no': 'integer', 'cluster_no': 'integer', 'is_cluster_complete': 'boolean',
            'table_no': 'string', 'row_key': 'string', 'column_name': 'string', 'printed_text': 'string', 'proposed_text': 'string',
            'printed': 'decimal(26, 6)', 'proposed': 'decimal(26, 6)', 'lowest_print': 'decimal(26, 6)',
            'highest_print': 'decimal(26, 6)', 'lowest': 'decimal(26, 6)', 'highest': 'decimal(26, 6)', 'error_kind': 'string',
            'cost': 'integer',
        },
    }[name] -%}
    (
        select
            {% for column, type in columns.items() -%}
            cast(null as {{ type }}) as {{ column }}{{ ',' if not loop.last }}
            {% endfor %}
        where false
    ) as {{ name }}
    {%- endif -%}
{% endmacro %}

{# Says on engines without Python models what is missing there. #}
{% macro print_unsolved() %}
    {%- if execute and target.type != 'duckdb' and flags.WHICH == 'build' -%}
    {%- do print("Not searched on this engine: fct_joint_conflicts and fct_explanations are empty.") -%}
    {%- endif -%}
{% endmacro %}
