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

cells as (

    select * from {{ of_changed_reports(ref('int_identity_cells')) }}

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
        cells.table_no,
        cells.row_key,
        cells.column_name,
        cells.printed_text,
        cells.cell_status,
        cells.cell_value,
        cells.half_unit,
        cells.place,
        cells.is_counted
    from named
    inner join cells
        on
            named.report_id = cells.report_id
            and named.table_no = cells.table_no
            and named.row_key = cells.row_key
            and named.column_name = cells.column_name

)

select * from final
