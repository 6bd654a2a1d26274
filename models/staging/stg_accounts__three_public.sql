-- one row per printed row of 公开09 (财政拨款“三公”经费支出决算表), normally one a report
{%- set amounts = printed_tables()['09']['amounts'] %}
with

source as (

    select * from {{ staged_rows('three_public') }} as raw_rows

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        try_cast({{ trimmed('row_no') }} as integer) as row_no,
        case when try_cast({{ trimmed('row_no') }} as integer) = 1 then 'total' else 'unknown_' || {{ trimmed('row_no') }} end as row_key,
        {% for column in amounts -%}
        {{ trimmed(column) }} as {{ column }},
        {% endfor -%}
        case when try_cast({{ trimmed('row_no') }} as integer) = 1 then 'component' else 'blank' end as row_role
    from source

)

select * from final
