-- one row per report and instance of a sum that binds its true values: all that ran, but for what is told as info only
{#-
    An instance that holds in another way than plain rounding binds no more than it misses; a text may cut one figure and round the
    next, which takes up to twice as much.
#}
with

results as (

    select * from {{ of_changed_reports(ref('int_identity_summed_results'), 'report_no') }}

),

instances as (

    select * from {{ ref('int_identity_instances') }}

),

final as (

    select
        results.report_no,
        results.instance_no,
        instances.identity_id,
        instances.instance_key,
        instances.family,
        instances.comparison = 'at_most' as is_at_most,
        results.status = 'broken' as is_broken,
        results.status not in ('exact', 'rounding', 'broken') as is_loose,
        results.residual_yuan as residual,
        results.bound_yuan as bound,
        case
            when results.status not in ('exact', 'rounding', 'broken') then greatest(results.bound_yuan, abs(results.residual_yuan))
            when instances.family = 'narrative' then results.bound_yuan
            else 0
        end as slack
    from results
    inner join instances
        on results.instance_no = instances.instance_no
    where
        instances.severity in ('fatal', 'error')
        and results.residual_yuan is not null
        and results.status <> 'waived'

)

select * from final
