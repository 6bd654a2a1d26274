-- one row per report, subject of the narrative, measure and printed cell that shows it
with

claims as (

    select distinct
        report_id,
        subject,
        class_code,
        class_table
    from {{ ref('int_claims_measured') }}

),

bases as (

    select distinct
        report_id,
        base as subject,
        cast(null as string) as class_code,
        cast(null as string) as class_table
    from {{ ref('int_claims_measured') }}
    where base is not null

    union

    -- what the classes that a section lists are shares of, whether the text names it or not
    select distinct
        report_id,
        case class_table when '05' then '一般公共预算财政拨款支出' else '政府性基金预算财政拨款支出' end as subject,
        cast(null as string) as class_code,
        cast(null as string) as class_table
    from {{ ref('int_claims_measured') }}
    where
        measure = 'share'
        and base is null
        and class_table in ('05', '07')

),

claim_subjects as (

    select
        {{ claim_subject('subject') }} as subject,
        measure,
        table_no,
        row_key,
        column_name,
        coefficient,
        reading
    from {{ ref('claim_subjects') }}

),

stated as (

    select
        report_id,
        subject,
        measure,
        claim_value,
        half_unit
    from {{ ref('int_claims_measured') }}
    where value_status = 'number'
    qualify row_number() over (partition by report_id, subject, measure order by claim_no) = 1

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

items as (

    select * from {{ ref('int_claim_items') }}

),

readings as (

    {% for classification, table_no, column_name in [
        ('functional', '05', 'total'), ('functional', '03', 'total'), ('functional', '07', 'expenditure_total'),
        ('functional', '08', 'total'), ('economic', '06', 'amount'),
    ] -%}
    select
        '{{ classification }}' as classification,
        '{{ table_no }}' as table_no,
        '{{ column_name }}' as column_name,
        {{ loop.index }} as reading
    {{ 'union all' if not loop.last }}
    {% endfor %}
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
        claim_subjects.coefficient,
        claim_subjects.reading
    from subjects
    inner join claim_subjects
        on subjects.subject = claim_subjects.subject

    union

    select
        report_id,
        subject,
        'amount' as measure,
        class_table as table_no,
        class_code as row_key,
        case class_table when '07' then 'expenditure_total' else 'total' end as column_name,
        1 as coefficient,
        1 as reading
    from subjects
    where class_code is not null

    union

    -- an item is that of table 05 where the text repeats it, or else that of the other tables that print it
    select
        items.report_id,
        items.subject,
        'amount' as measure,
        readings.table_no,
        items.subject_code as row_key,
        readings.column_name,
        1 as coefficient,
        readings.reading
    from items
    inner join readings
        on items.classification = readings.classification

),

printed as (

    select
        named.report_id,
        named.subject,
        named.measure,
        named.reading,
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
    -- a line that is printed twice shows two figures, and which of them is meant nobody can know
    qualify
        count(*) over (
            partition by named.report_id, named.subject, named.measure, named.reading, addresses.address_no
        ) = 1

),

sums as (

    select
        report_id,
        subject,
        measure,
        reading,
        sum(coefficient * coalesce(cell_value, 0)) as shown,
        sum(coalesce(half_unit, 0)) as half_units
    from printed
    group by
        report_id,
        subject,
        measure,
        reading

),

-- Of two figures that a name may mean, it means the one that it repeats, and the usual one where it repeats neither: which of them is
-- nearer would be decided by whatever figure is wrong. Where the usual one is not printed, it means no other that it does not repeat.
meant as (

    select
        sums.report_id,
        sums.subject,
        sums.measure,
        sums.reading
    from sums
    left join stated
        on
            sums.report_id = stated.report_id
            and sums.subject = stated.subject
            and sums.measure = stated.measure
    where
        sums.reading = 1
        or stated.claim_value is null
        or abs(sums.shown - stated.claim_value) <= 2 * (sums.half_units + stated.half_unit)
    qualify
        row_number() over (
            partition by sums.report_id, sums.subject, sums.measure
            order by abs(sums.shown - stated.claim_value) > 2 * (sums.half_units + stated.half_unit), sums.reading
        ) = 1

),

final as (

    select
        printed.report_id,
        printed.subject,
        printed.measure,
        printed.coefficient,
        printed.table_no,
        printed.row_key,
        printed.column_name,
        printed.printed_text,
        printed.cell_status,
        printed.cell_value,
        printed.half_unit,
        printed.place,
        printed.is_counted
    from printed
    inner join meant
        on
            printed.report_id = meant.report_id
            and printed.subject = meant.subject
            and printed.measure = meant.measure
            and printed.reading = meant.reading

)

select * from final
