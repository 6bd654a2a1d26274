-- one row per report and check that cannot run because a table or a named row is not printed
with

reports as (

    select * from {{ of_changed_reports(ref('stg_accounts__reports')) }}

),

identities as (

    select * from {{ ref('identities') }}

),

checks as (

    select * from {{ ref('int_identity_checks') }}

),

registered as (

    select * from {{ ref('int_identity_terms_registered') }}

),

addresses as (

    select * from {{ ref('int_cell_addresses') }}

),

cell_values as (

    select * from {{ of_changed_reports(ref('int_cell_values'), 'report_no') }}

),

needed_rows as (

    select distinct
        identity_id,
        column_key,
        table_no,
        selector_key as row_key
    from registered
    where
        selector = 'key'
        and is_required

),

needed_addresses as (

    select distinct
        addresses.address_no,
        addresses.table_no,
        addresses.row_key
    from addresses
    inner join needed_rows
        on
            addresses.table_no = needed_rows.table_no
            and addresses.row_key = needed_rows.row_key

),

printed_tables as (

    select distinct
        cell_values.report_no,
        addresses.table_no
    from cell_values
    inner join addresses
        on cell_values.address_no = addresses.address_no

),

printed_rows as (

    select distinct
        cell_values.report_no,
        addresses.table_no,
        addresses.row_key
    from cell_values
    inner join needed_addresses as addresses
        on cell_values.address_no = addresses.address_no

),

needed_tables as (

    select distinct
        registered.identity_id,
        registered.table_no
    from registered
    inner join identities
        on
            registered.identity_id = identities.identity_id
            and identities.missing_mode = 'not_evaluable'

),

missing_tables as (

    select
        reports.report_no,
        needed_tables.identity_id,
        cast(null as string) as column_key,
        'table ' || needed_tables.table_no || ' is not printed' as reason
    from reports
    cross join needed_tables
    left join printed_tables
        on
            reports.report_no = printed_tables.report_no
            and needed_tables.table_no = printed_tables.table_no
    where printed_tables.report_no is null

),

missing_rows as (

    select
        printed_tables.report_no,
        needed_rows.identity_id,
        needed_rows.column_key,
        'table ' || needed_rows.table_no || ' prints no row ' || needed_rows.row_key as reason
    from printed_tables
    inner join needed_rows
        on printed_tables.table_no = needed_rows.table_no
    left join printed_rows
        on
            printed_tables.report_no = printed_rows.report_no
            and needed_rows.table_no = printed_rows.table_no
            and needed_rows.row_key = printed_rows.row_key
    where printed_rows.report_no is null

),

gaps as (

    select * from missing_tables

    union all

    select * from missing_rows

),

-- A table that is missing stops every column part of its identities.
final as (

    select
        gaps.report_no,
        checks.check_no,
        gaps.identity_id,
        min(gaps.reason) as reason
    from gaps
    inner join checks
        on
            gaps.identity_id = checks.identity_id
            and (gaps.column_key is null or gaps.column_key = checks.column_key)
    group by
        gaps.report_no,
        checks.check_no,
        gaps.identity_id

)

select * from final
