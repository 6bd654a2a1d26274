{#-
    A table or a view is made in its place, by one statement of several parts, in one transaction: what stood there is removed, it is
    made, and it is described. dbt's own ways make it beside its place, look for what may lie there, rename it, remove the old one, ask
    which columns it has, and describe relation and columns: eight more statements, and more time than most of our models take. No table
    here is the target of a foreign key, which those ways take care of.
-#}
{% materialization view, adapter='duckdb' %}
    {% set relation = this.incorporate(type='view') %}
    {% set existing = begun() %}
    {% call statement('main') %}
        {{- without(existing) }}
        {{- get_create_view_as_sql(relation, compiled_code) }}
        {{- descriptions_of(relation) }}
    {%- endcall %}
    {{ return(finished(relation)) }}
{% endmaterialization %}


{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {% set relation = this.incorporate(type='table') %}
    {% set existing = begun() %}
    {% set language = model['language'] %}
    {% if language == 'python' %}
        {% if existing is not none %}{% call statement('clear') %}{{ without(existing) }}{% endcall %}{% endif %}
        {#- dbt runs a Python model only from here, not from another macro -#}
        {% call statement('main', language=language) %}{{- create_table_as(False, relation, compiled_code, language) }}{% endcall %}
        {% call statement('descriptions') %}{{ descriptions_of(relation) }}{% endcall %}
    {% else %}
        {% call statement('main') %}
            {{- without(existing) }}
            {{- create_table_as(False, relation, compiled_code) }}
            {{- descriptions_of(relation) }}
        {%- endcall %}
    {% endif %}
    {{ return(finished(relation)) }}
{% endmaterialization %}


{#- Runs what a model wants to be done before; returns what stands in its place. -#}
{% macro begun() %}
    {% set existing = load_cached_relation(this) %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {{ return(existing) }}
{% endmacro %}


{% macro without(existing) %}
    {%- if existing is not none %}drop {{ existing.type }} if exists {{ existing }};{% endif %}
{% endmacro %}


{#- All columns that are described are there: a model's contract and its tests see to it, so nobody is asked. -#}
{% macro descriptions_of(relation) %}
    {%- if config.persist_relation_docs() and model.description %}
        {{- alter_relation_comment(relation, model.description) }}
    {%- endif %}
    {%- if config.persist_column_docs() %}
        {%- for name, column in model.columns.items() %}
            comment on column {{ relation }}.{{ name }} is {{ duckdb_escape_comment(column['description']) }};
        {%- endfor %}
    {%- endif %}
{% endmacro %}


{% macro finished(relation) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [relation]}) }}
{% endmacro %}
