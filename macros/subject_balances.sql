{#
    Balances, revenue and expenditure of the leaf subjects of a fund whose table has them, one row per report and subject.

    table_no   '07' or '08'; of columns that only some provinces print, a subject without any of them has no row: that is unknown
#}
{% macro subject_balances(table_no) %}
{%- set added = printed_tables()[table_no].added -%}
with

amounts as (

    select * from {{ ref('int_subject_amounts') }} where table_no = '{{ table_no }}'

),

final as (

    select
        cast(report_id as string) as report_id,
        cast(subject_id as string) as subject_id,
        cast(subject_code as string) as subject_code,
        {% for column in ['opening_balance', 'revenue', 'closing_balance'] -%}
        cast(sum(case when column_name = '{{ column }}' then amount_yuan else 0 end) as decimal(20, 2)) as {{ column }}_yuan,
        {% endfor -%}
        cast(sum(case when expenditure_kind is not null then amount_yuan else 0 end) as decimal(20, 2)) as expenditure_yuan
    from amounts
    group by
        report_id,
        subject_id,
        subject_code
    {%- if added %}
    having count(*) filter (where column_name in ('{{ added | join("', '") }}')) > 0
    {%- endif %}

)

select * from final
{% endmacro %}

{# The rows of all marts that subject_balances makes, with the mart and the table they are of. #}
{% macro all_subject_balances() %}
    {%- for mart, table_no in [('fct_government_fund_balances', '07'), ('fct_state_capital_balances', '08')] %}
    select
        '{{ mart }}' as mart,
        '{{ table_no }}' as table_no,
        *
    from {{ ref(mart) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}
