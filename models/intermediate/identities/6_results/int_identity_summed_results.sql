-- one row per report and instance of a linear identity that should run: what came of it, by number
{#- fct_identity_results puts the words of the instances beside it: writing them for every result would take longer than summing. #}
with

linear_results as (

    select * from {{ ref('int_identity_linear_results') }}

),

instances as (

    select * from {{ ref('int_identity_instances') }}

),

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

waivers as (

    select
        reports.report_no,
        instances.instance_no,
        waivers.identity_id,
        waivers.residual_yuan
    from {{ ref('waivers') }} as waivers
    inner join reports
        on waivers.report_id = reports.report_id
    inner join instances
        on
            waivers.identity_id = instances.identity_id
            and coalesce(waivers.instance_key, '') = instances.instance_key

),

final as (

    select
        linear_results.report_no,
        linear_results.instance_no,
        {{ status_with_waivers('linear_results.status', 'waivers') }} as status,
        cast(linear_results.residual as decimal(26, 6)) as residual_yuan,
        cast(linear_results.bound as decimal(18, 6)) as bound_yuan,
        cast(linear_results.left_side as decimal(26, 6)) as left_yuan,
        cast(linear_results.right_side as decimal(26, 6)) as right_yuan,
        linear_results.cells_present,
        {{ reason_of_result('linear_results') }} as reason
    from linear_results
    left join waivers
        on
            linear_results.report_no = waivers.report_no
            and linear_results.instance_no = waivers.instance_no
            and coalesce(linear_results.residual, 0) = waivers.residual_yuan

)

select * from final
{{ and_unchanged_rows('report_no', 'quality.fct_identity_results', [
    'report_no', 'instance_no', 'status', 'residual_yuan', 'bound_yuan', 'left_yuan', 'right_yuan', 'cells_present', 'reason',
], 'instance_no is not null') }}
