-- one row per report, identity and instance that should run: the denominator, known before any figure is looked at
with

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

identities as (

    select * from {{ ref('identities') }}

),

registered as (

    select * from {{ ref('int_identity_terms_registered') }}

),

terms as (

    select * from {{ ref('int_identity_terms') }}

),

valid as (

    select
        reports.report_id,
        identities.identity_id
    from reports
    inner join identities
        on reports.fiscal_year between coalesce(identities.first_year, 0) and coalesce(identities.last_year, 9999)

),

-- An identity over named rows runs in every report, whether it prints them or not.
named as (

    select distinct
        identity_id,
        column_key
    from registered
    where selector in ('key', 'classes')

),

final as (

    select
        valid.report_id,
        valid.identity_id,
        '' as row_part,
        named.column_key
    from valid
    inner join named
        on valid.identity_id = named.identity_id

    union

    -- One that picks rows by what they are runs for every row there is.
    select
        terms.report_id,
        terms.identity_id,
        terms.row_part,
        terms.column_key
    from terms

)

select * from final
