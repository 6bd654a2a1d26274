-- one row per report, identity, instance and printed cell that takes part in it
with

terms as (

    select * from {{ ref('int_identity_terms') }}

),

final as (

    select
        cast(report_id as string) as report_id,
        cast(identity_id as string) as identity_id,
        cast({{ instance_key('row_part', 'column_key') }} as string) as instance_key,
        cast(coefficient as integer) as coefficient,
        cast(table_no as string) as table_no,
        cast(row_key as string) as row_key,
        cast(column_name as string) as column_name,
        cast(printed_text as string) as printed_text,
        cast(cell_status as string) as cell_status,
        cast(cell_value as decimal(26, 6)) as cell_value,
        cast(half_unit as decimal(20, 6)) as half_unit
    from terms

)

select * from final
