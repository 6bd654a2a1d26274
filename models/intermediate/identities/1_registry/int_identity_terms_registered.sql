-- one row per identity, term and amount column: the registry with «every column» written out
with

checks as (

    select * from {{ ref('int_identity_checks') }}

),

identity_terms as (

    select * from {{ ref('identity_terms') }}

),

form_columns as (

    select * from {{ ref('form_columns') }}

),

written_out as (

    select
        identity_terms.identity_id,
        identity_terms.term_no,
        identity_terms.coefficient,
        identity_terms.table_no,
        -- «key:total» names one row, «below:309» a subject and all below it; each, blank, parent, children, class and
        -- classes pick rows by what they are
        split_part(identity_terms.row_selector, ':', 1) as selector,
        split_part(identity_terms.row_selector, ':', 2) as selector_key,
        coalesce(form_columns.column_name, identity_terms.column_name) as column_name,
        coalesce(form_columns.column_name, identity_terms.column_key, '') as column_key,
        identity_terms.is_required
    from identity_terms
    left join form_columns
        on
            identity_terms.table_no = form_columns.table_no
            and identity_terms.column_name = '*'

),

final as (

    select
        checks.check_no,
        written_out.*
    from written_out
    inner join checks
        on
            written_out.identity_id = checks.identity_id
            and written_out.column_key = checks.column_key

)

select * from final
