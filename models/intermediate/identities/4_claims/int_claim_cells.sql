-- one row per report, subject of the narrative, measure and printed cell that shows it
with

claims as (

    select distinct
        report_id,
        subject,
        class_code
    from {{ ref('int_claims_measured') }}

),

bases as (

    select distinct
        report_id,
        base as subject,
        cast(null as string) as class_code
    from {{ ref('int_claims_measured') }}
    where base is not null

),

claim_subjects as (

    select
        {{ claim_subject('subject') }} as subject,
        measure,
        table_no,
        row_key,
        column_name,
        coefficient
    from {{ ref('claim_subjects') }}

),

reports as (

    select * from {{ of_changed_reports(ref('stg_accounts__reports')) }}

),

addresses as (

    select * from {{ ref('int_cell_addresses') }}

),

cell_values as (

    select * from {{ ref('int_cell_values') }}

),

subjects as (

    select * from claims

    union

    select * from bases

),

named as (

    select
        subjects.report_id,
        subjects.subject,
        claim_subjects.measure,
        claim_subjects.table_no,
        claim_subjects.row_key,
        claim_subjects.column_name,
        claim_subjects.coefficient
    from subjects
    inner join claim_subjects
        on subjects.subject = claim_subjects.subject

    union

    select
        report_id,
        subject,
        'amount' as measure,
        '05' as table_no,
        class_code as row_key,
        'total' as column_name,
        1 as coefficient
    from subjects
    where class_code is not null

),

final as (

    select
        named.report_id,
        named.subject,
        named.measure,
        named.coefficient,
        named.table_no,
        named.row_key,
        named.column_name,
        cell_values.printed_text,
        cell_values.cell_status,
        cell_values.cell_value,
        cell_values.half_unit,
        cell_values.place,
        cell_values.is_counted
    from named
    inner join reports
        on named.report_id = reports.report_id
    inner join addresses
        on
            named.table_no = addresses.table_no
            and named.row_key = addresses.row_key
            and named.column_name = addresses.column_name
    inner join cell_values
        on
            reports.report_no = cell_values.report_no
            and addresses.address_no = cell_values.address_no

)

select * from final
