-- one row per printed row of 公开09 (财政拨款“三公”经费支出决算表), normally one a report
{%- set amounts = printed_tables()['09']['amounts'] %}
with

source as (

    select * from {{ ref('three_public') }}

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        cast({{ trimmed('row_no') }} as integer) as row_no,
        case when {{ trimmed('row_no') }} = '1' then 'total' else 'unknown_' || {{ trimmed('row_no') }} end as row_key,
        {% for column in amounts -%}
        {{ trimmed(column) }} as {{ column }},
        {% endfor -%}
        case when {{ trimmed('row_no') }} = '1' then 'component' else 'blank' end as row_role
    from source

)

select * from final
