-- one row per cell that was read and says something, with its place in the file of its report
with

source as (

    select * from {{ staged_rows('cell_places') }} as raw_rows

),

final as (

    select
        {{ trimmed('report_id') }} as report_id,
        {{ trimmed('raw_table') }} as raw_table,
        case {{ trimmed('raw_table') }}
            {% for table_no, table in printed_tables().items() -%}
            when '{{ table.name }}' then '{{ table_no }}'
            {% endfor -%}
        end as table_no,
        try_cast({{ trimmed('row_no') }} as integer) as row_no,
        {{ trimmed('column_name') }} as column_name,
        try_cast({{ trimmed('page_no') }} as integer) as page_no,
        {{ trimmed('box') }} as box,
        {{ trimmed('read_as') }} as read_as,
        {{ trimmed('reader') }} as reader
    from source

)

select * from final
