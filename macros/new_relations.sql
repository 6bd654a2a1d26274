{#-
    A build writes into a new file, where nothing is in the way of a table or a view: it is made in its place. dbt's own
    ways make it beside its place, look for what may lie there, and rename it, which costs more than most of our models do.
    Where a relation is there already, they are taken as they are.
-#}
{% materialization view, adapter='duckdb' %}
    {% if load_cached_relation(this) is not none %}
        {{ return(dbt.materialization_view_default()) }}
    {% endif %}
    {{ return(new_relation(this.incorporate(type='view'))) }}
{% endmaterialization %}


{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {% if load_cached_relation(this) is not none %}
        {{ return(dbt_duckdb.materialization_table_duckdb()) }}
    {% endif %}
    {{ return(new_relation(this.incorporate(type='table'))) }}
{% endmaterialization %}


{% macro new_relation(relation) %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main', language=model['language']) %}
        {% if relation.is_view %}
            {{ get_create_view_as_sql(relation, compiled_code) }}
        {% else %}
            {{ create_table_as(False, relation, compiled_code, model['language']) }}
        {% endif %}
    {% endcall %}
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
