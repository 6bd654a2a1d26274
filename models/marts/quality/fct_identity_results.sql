-- one row per report, identity and instance that should run: what came of it
with

linear_results as (

    select * from {{ ref('int_identity_linear_results') }}

),

waivers as (

    select * from {{ ref('waivers') }}

),

final as (

    select
        cast(results.report_id as varchar) as report_id,
        cast(results.identity_id as varchar) as identity_id,
        cast(results.instance_key as varchar) as instance_key,
        cast(results.row_part as varchar) as row_part,
        cast(results.column_key as varchar) as column_key,
        cast(results.severity as varchar) as severity,
        cast(case when results.status = 'broken' and waivers.identity_id is not null then 'waived' else results.status end as varchar) as status,
        cast(results.comparison as varchar) as comparison,
        cast(results.residual as decimal(20, 2)) as residual_yuan,
        cast(results.bound as decimal(20, 6)) as bound_yuan,
        cast(results.left_side as decimal(20, 2)) as left_yuan,
        cast(results.right_side as decimal(20, 2)) as right_yuan,
        cast(results.cells_present as integer) as cells_present,
        cast(results.reason as varchar) as reason
    from linear_results as results
    left join waivers
        on
            results.report_id = waivers.report_id
            and results.identity_id = waivers.identity_id
            and results.instance_key = coalesce(waivers.instance_key, '')
            and results.residual = waivers.residual_yuan

)

select * from final
