-- one row per released report and functional class that it spent on: how much, and whether on no other it spent more
with

expenditure as (

    select * from {{ ref('fct_expenditure') }}

),

classes as (

    select
        report_id,
        substr(subject_code, 1, 3) as class_code,
        sum(amount_yuan) as amount_yuan
    from expenditure
    group by
        report_id,
        substr(subject_code, 1, 3)

),

final as (

    select
        *,
        amount_yuan = max(amount_yuan) over (partition by report_id) as is_largest
    from classes
    where amount_yuan > 0

)

select * from final
