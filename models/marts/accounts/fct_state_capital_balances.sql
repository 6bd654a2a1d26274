-- one row per report and leaf functional subject of the state capital budget whose balances table 08 prints
with

amounts as (

    select * from {{ ref('int_subject_amounts') }} where table_no = '08'

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
    -- the national form has the expenditure only
    having count(*) filter (where column_name in ('opening_balance', 'revenue', 'closing_balance')) > 0

)

select * from final
