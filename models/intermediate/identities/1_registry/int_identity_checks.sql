-- one row per identity and column part of its instances, numbered: terms are summed by number, which is small
with

identities as (

    select * from {{ ref('identities') }}

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

form_columns as (

    select * from {{ ref('form_columns') }}

),

column_keys as (

    select distinct
        identity_terms.identity_id,
        coalesce(form_columns.column_name, identity_terms.column_key, '') as column_key
    from identity_terms
    left join form_columns
        on
            identity_terms.table_no = form_columns.table_no
            and identity_terms.column_name = '*'

),

final as (

    select
        row_number() over (order by identities.identity_id, column_keys.column_key) as check_no,
        identities.identity_id,
        coalesce(column_keys.column_key, '') as column_key,
        identities.family,
        identities.severity,
        identities.comparison,
        identities.constant
    from identities
    left join column_keys
        on identities.identity_id = column_keys.identity_id

)

select * from final
