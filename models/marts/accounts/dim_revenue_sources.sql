-- one row per revenue source
with

revenue_sources as (

    select * from {{ ref('revenue_sources') }}

),

final as (

    select
        cast(revenue_source as string) as revenue_source,
        cast(revenue_source_zh as string) as revenue_source_zh,
        cast(revenue_source_en as string) as revenue_source_en,
        cast(sort_order as integer) as sort_order
    from revenue_sources

)

select * from final
