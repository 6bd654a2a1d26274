-- one row per expense item
with

three_public_items as (

    select * from {{ ref('three_public_items') }}

),

final as (

    select
        cast(expense_item as string) as expense_item,
        cast(expense_item_zh as string) as expense_item_zh,
        cast(expense_item_en as string) as expense_item_en,
        cast(sort_order as integer) as sort_order
    from three_public_items

)

select * from final
