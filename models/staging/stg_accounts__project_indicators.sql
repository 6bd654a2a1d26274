-- one row per printed indicator of a self-evaluation form
with

source as (

    select * from {{ staged_rows('project_indicators') }} as raw_rows

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        try_cast({{ trimmed('project_no') }} as integer) as project_no,
        try_cast({{ trimmed('row_no') }} as integer) as row_no,
        {% for column in [
            'level_1', 'level_2', 'level_3', 'initial_target', 'adjusted_target', 'actual_value', 'weight', 'score',
            'deviation_reason',
        ] -%}
        {{ trimmed(column) }} as {{ column }},
        {% endfor -%}
        {{ trimmed('cut_columns') }} as cut_columns
    from source

)

select * from final
