-- one row per conflict of identities that hold one by one and cannot hold together, identity of it and printed amount in that
with

conflicts as (

    select * from {{ solved('int_joint_conflicts') }} where conflict_no is not null

),

instances as (

    select * from {{ ref('int_identity_instances') }}

),

terms as (

    select * from {{ ref('int_joint_terms') }} where cell_status = 'amount'

),

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

-- a row that is printed twice is one place
cells as (

    select
        conflicts.report_no,
        conflicts.conflict_no,
        conflicts.instance_no,
        terms.table_no,
        terms.row_key,
        terms.column_name,
        min(conflicts.times) as times,
        min(conflicts.apart) as apart,
        min(terms.coefficient) as coefficient,
        min(terms.printed_text) as printed_text
    from conflicts
    inner join terms
        on
            conflicts.report_no = terms.report_no
            and conflicts.instance_no = terms.instance_no
    group by
        conflicts.report_no,
        conflicts.conflict_no,
        conflicts.instance_no,
        terms.table_no,
        terms.row_key,
        terms.column_name

),

final as (

    select
        cast(reports.report_id as string) as report_id,
        cast(cells.conflict_no as integer) as conflict_no,
        cast(instances.identity_id as string) as identity_id,
        cast(instances.instance_key as string) as instance_key,
        cast(cells.times as decimal(18, 6)) as times,
        cast(cells.table_no as string) as table_no,
        cast(cells.row_key as string) as row_key,
        cast(cells.column_name as string) as column_name,
        cast(cells.coefficient as integer) as coefficient,
        cast(cells.printed_text as string) as printed_text,
        cast(cells.apart as decimal(26, 6)) as apart_yuan
    from cells
    inner join reports
        on cells.report_no = reports.report_no
    inner join instances
        on cells.instance_no = instances.instance_no

)

select * from final
{{ and_unchanged_rows() }}
