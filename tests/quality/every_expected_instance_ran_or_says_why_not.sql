-- An identity that could not run and does not say why would pass in silence.
with

reports as (

    select * from {{ of_changed_reports(ref('stg_accounts__reports')) }}

),

identities as (

    select * from {{ ref('identities') }}

),

results as (

    select * from {{ of_changed_reports(ref('fct_identity_results')) }}

),

unlisted as (

    select
        reports.report_id,
        identities.identity_id,
        'report ' || reports.report_id || ', identity ' || identities.identity_id || ': no instance is listed' as problem
    from reports
    inner join identities
        on reports.fiscal_year between coalesce(identities.first_year, 0) and coalesce(identities.last_year, 9999)
    left join results
        on
            reports.report_id = results.report_id
            and identities.identity_id = results.identity_id
    where results.report_id is null

),

unexplained as (

    select
        report_id,
        identity_id,
        'report ' || report_id || ', identity ' || identity_id || ', instance «' || instance_key
        || '»: did not run and does not say why' as problem
    from results
    where
        status = 'not_evaluable'
        and reason is null

),

final as (

    select * from unlisted

    union all

    select * from unexplained

)

select * from final
