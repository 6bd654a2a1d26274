-- one row per figure that the narrative states (情况说明)
with

source as (

    select * from {{ staged_rows('narrative_claims') }} as raw_rows

),

amount_units as (

    select * from {{ ref('amount_units') }}

),

trimmed as (

    select
        {{ trimmed('report_id') }} as report_id,
        try_cast({{ trimmed('claim_no') }} as integer) as claim_no,
        try_cast({{ trimmed('paragraph_no') }} as integer) as paragraph_no,
        {{ joined_label('subject') }} as subject,
        {{ trimmed('measure') }} as measure,
        {{ joined_label('base') }} as base,
        {{ trimmed('value_text') }} as value_text,
        {{ trimmed('unit') }} as unit,
        {{ trimmed('direction') }} as direction
    from source

),

judged as (

    select
        trimmed.*,
        case
            when trimmed.value_text is null then 'empty'
            when trimmed.value_text = '∞' then 'infinite'
            when {{ cell_status('trimmed.value_text') }} <> 'amount' then 'rejected'
            -- no budget has seventeen digits of yuan, and no rate nine before the point
            when amount_units.yuan is not null and {{ to_yuan(printed_amount('trimmed.value_text'), 'amount_units.yuan') }} is null
                then 'rejected'
            when amount_units.yuan is null and abs({{ printed_amount('trimmed.value_text') }}) >= 1000000000 then 'rejected'
            else 'number'
        end as value_status,
        {{ printed_amount('trimmed.value_text') }} as claim_value,
        {{ printed_decimals('trimmed.value_text') }} as value_decimals,
        amount_units.yuan as unit_yuan
    from trimmed
    left join amount_units
        on trimmed.unit = amount_units.amount_unit

),

final as (

    select
        report_id,
        claim_no,
        paragraph_no,
        subject,
        measure,
        base,
        value_text,
        unit,
        direction,
        value_status,
        case when value_status = 'number' then claim_value end as claim_value,
        value_decimals,
        unit_yuan
    from judged

)

select * from final
