-- one row per figure of a released report's narrative that the tables or the forms give too: both, and what came of the check
with

claims as (

    select * from {{ ref('fct_narrative_claims') }}

),

results as (

    select *
    from {{ ref('fct_identity_results') }}
    where
        identity_id in ('n_amount', 'n_share', 'n_change_rate', 'n_completion_rate', 'n_project_money', 'n_project_count')
        and status <> 'not_evaluable'

),

reports as (

    select * from {{ ref('dim_reports') }}

),

-- A figure is of one kind, so at most one of these identities speaks of it; the worst result, should that ever change.
checked as (

    select
        report_id,
        instance_key,
        identity_id,
        status,
        right_yuan,
        residual_yuan,
        reason
    from results
    qualify
        row_number() over (
            partition by report_id, instance_key
            order by case status when 'broken' then 1 when 'exact' then 3 else 2 end, identity_id
        ) = 1

),

final as (

    select
        cast(claims.report_id as string) as report_id,
        cast(reports.department_id as string) as department_id,
        cast(reports.fiscal_year as integer) as fiscal_year,
        cast(claims.claim_no as integer) as claim_no,
        cast(claims.page_no as integer) as page_no,
        cast(claims.subject as string) as subject,
        cast(claims.measure as string) as measure,
        cast(claims.value_text as string) as value_text,
        cast(claims.unit as string) as unit,
        cast(checked.right_yuan as decimal(26, 6)) as computed_value,
        cast(checked.residual_yuan as decimal(26, 6)) as difference,
        cast(checked.status as string) as status,
        cast(checked.reason as string) as reason,
        cast(checked.identity_id as string) as identity_id
    from checked
    inner join claims
        on
            checked.report_id = claims.report_id
            and checked.instance_key = cast(claims.claim_no as string)
    inner join reports
        on claims.report_id = reports.report_id

)

select * from final
