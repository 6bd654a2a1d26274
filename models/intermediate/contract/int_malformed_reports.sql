-- one row per report that cannot be staged: a key is missing or stands twice, or a number is none
with

problems as (

    select * from {{ ref('int_contract_problems') }}

),

final as (

    select distinct report_id
    from problems
    where is_malformed

)

select * from final
