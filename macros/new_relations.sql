{#-
    A table or a view is made in its place, in one transaction with the removal of what stood there. dbt's own ways make it
    beside its place, look for what may lie there, rename it, and remove the old one: five more statements, and more time
    than most of our models take. No table here is the target of a foreign key, which those ways take care of.
-#}
{% materialization view, adapter='duckdb' %}
    {% set relation = this.incorporate(type='view') %}
    {% do clear_the_place() %}
    {% call statement('main') %}{{ get_create_view_as_sql(relation, compiled_code) }}{% endcall %}
    {{ return(finished(relation)) }}
{% endmaterialization %}


{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {% set relation = this.incorporate(type='table') %}
    {% set language = model['language'] %}
    {% do clear_the_place() %}
    {#- dbt runs a Python model only from here, not from another macro -#}
    {% call statement('main', language=language) %}
        {{- create_table_as(False, relation, compiled_code, language) }}
    {%- endcall %}
    {{ return(finished(relation)) }}
{% endmaterialization %}


{% macro clear_the_place() %}
    {% set existing = load_cached_relation(this) %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% if existing is not none %}
        {% call statement('clear') %}drop {{ existing.type }} if exists {{ existing }}{% endcall %}
    {% endif %}
{% endmacro %}


{% macro finished(relation) %}
    {% do persist_docs(relation, model) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [relation]}) }}
{% endmacro %}


{#- All columns that are described are there: a model's contract and its tests see to it, so nobody is asked. -#}
{% macro duckdb__alter_column_comment(relation, column_dict) %}
    {% for name, column in column_dict.items() %}
        comment on column {{ relation }}.{{ name }} is {{ duckdb_escape_comment(column['description']) }};
    {% endfor %}
{% endmacro %}
