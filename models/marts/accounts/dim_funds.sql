-- one row per fund
with

funds as (

    select * from {{ ref('funds') }}

),

final as (

    select
        cast(fund as string) as fund,
        cast(fund_zh as string) as fund_zh,
        cast(fund_en as string) as fund_en,
        cast(is_fiscal as boolean) as is_fiscal,
        cast(sort_order as integer) as sort_order
    from funds

)

select * from final
