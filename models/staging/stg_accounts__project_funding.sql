-- one row per printed funding row of a self-evaluation form, the total row included
{%- set total = '^((年度|项目)*资金(总额|总计|合计|总量)([(（].*[)）])?|合计|总计)$' %}
with

source as (

    select * from {{ staged_rows('project_funding') }} as raw_rows

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        try_cast({{ trimmed('project_no') }} as integer) as project_no,
        try_cast({{ trimmed('row_no') }} as integer) as row_no,
        {{ label_key('funding_source') }} as funding_source,
        coalesce({{ is_match(label_key('funding_source'), total) }}, false) as is_total,
        {% for column in [
            'target_declared', 'initial_budget', 'annual_budget', 'executed', 'carried_over', 'execution_rate', 'score',
        ] -%}
        {{ trimmed(column) }} as {{ column }},
        {% endfor -%}
        {{ trimmed('deviation_reason') }} as deviation_reason
    from source

)

select * from final
