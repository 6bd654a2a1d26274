-- one row per instance of a linear identity that any report can have: its key, and what its identity says of it
with

checks as (

    select * from {{ ref('int_identity_checks') }}

),

registered as (

    select * from {{ ref('int_identity_terms_registered') }}

),

address_terms as (

    select * from {{ ref('int_address_terms') }}

),

claim_terms as (

    select * from {{ ref('int_claim_terms') }}

),

opened as (

    select
        check_no,
        row_part
    from address_terms

    union

    select
        checks.check_no,
        claim_terms.row_part
    from claim_terms
    inner join checks
        on claim_terms.identity_id = checks.identity_id

    union

    -- An identity over named rows runs in every report, whether it prints them or not.
    select
        check_no,
        '' as row_part
    from registered
    where selector in ('key', 'classes')

),

always as (

    select distinct check_no
    from registered
    where selector in ('key', 'classes')

),

final as (

    select
        {{ instance_number('checks.identity_id', 'opened.row_part', 'checks.column_key') }} as instance_no,
        opened.check_no,
        checks.identity_id,
        opened.row_part,
        checks.column_key,
        {{ instance_key('opened.row_part', 'checks.column_key') }} as instance_key,
        checks.family,
        checks.severity,
        checks.comparison,
        checks.constant,
        always.check_no is not null and opened.row_part = '' as is_in_every_report
    from opened
    inner join checks
        on opened.check_no = checks.check_no
    left join always
        on opened.check_no = always.check_no

)

select * from final
