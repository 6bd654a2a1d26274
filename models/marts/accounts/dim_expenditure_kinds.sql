-- one row per expenditure kind
with

expenditure_kinds as (

    select * from {{ ref('expenditure_kinds') }}

),

final as (

    select
        cast(expenditure_kind as string) as expenditure_kind,
        cast(expenditure_kind_zh as string) as expenditure_kind_zh,
        cast(expenditure_kind_en as string) as expenditure_kind_en,
        cast(sort_order as integer) as sort_order
    from expenditure_kinds

)

select * from final
