-- one row per report, table by subject and printed row with a code: the subject, and the name that it goes by there
with

subject_rows as (

    {% for table_no, table in printed_tables().items() if table.rows == 'subjects' -%}
    select
        report_id,
        '{{ table_no }}' as table_no,
        '{{ 'economic' if table_no == '06' else 'functional' }}' as classification,
        row_no,
        subject_code,
        subject_name,
        parent_code
    from {{ ref('stg_accounts__' ~ table.name) }}
    where subject_code is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from subject_rows
