-- one row per claim of the narrative that gives a number, as a figure that can take part in a sum
with

claims as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }}

),

final as (

    select
        report_id,
        claim_no,
        paragraph_no,
        cast(claim_no as string) as claim_key,
        section,
        subject,
        class_code,
        class_table,
        measure,
        base,
        is_money,
        funds_spoken_of,
        direction_sign,
        'narrative' as table_no,
        cast(claim_no as string) as row_key,
        'claim' as column_name,
        value_text as printed_text,
        case value_status when 'number' then 'amount' else 'rejected' end as cell_status,
        cast(claim_value as decimal(22, 6)) as cell_value,
        cast(half_unit as decimal(18, 6)) as half_unit,
        cast(case when half_unit = 0 then 1 else 2 * half_unit end as decimal(20, 6)) as place,
        half_unit = 0 as is_counted
    from claims
    where value_status in ('number', 'rejected')

)

select * from final
