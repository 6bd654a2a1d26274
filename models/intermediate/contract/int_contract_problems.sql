-- one row per row of a raw table that breaks its contract: the report that it holds back, and a sentence
{#- What is asked of a raw table stands in its .yml, as meta `contract`. #}
{%- for table in raw_tables() + ['form_lines'] %}
-- depends_on: {{ ref(table) }}
{%- endfor %}
with

problems as (

    {% for table in raw_tables() -%}
    {%- set contract = graph.nodes['seed.' ~ project_name ~ '.' ~ table].config.meta.contract if execute else {'key': ['report_id']} %}
    select * from ({{ contract_problems(ref(table), **contract) }}) as problems_of_{{ table }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        raw_table,
        report_id,
        problem,
        is_malformed
    from problems

)

select * from final
