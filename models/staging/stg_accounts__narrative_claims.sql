-- one row per figure that the narrative states (情况说明)
with

source as (

    select * from {{ ref('narrative_claims') }}

),

amount_units as (

    select * from {{ ref('amount_units') }}

),

trimmed as (

    select
        {{ trimmed('report_id') }} as report_id,
        cast({{ trimmed('claim_no') }} as integer) as claim_no,
        cast({{ trimmed('paragraph_no') }} as integer) as paragraph_no,
        {{ joined_label('subject') }} as subject,
        {{ trimmed('measure') }} as measure,
        {{ joined_label('base') }} as base,
        {{ trimmed('value_text') }} as value_text,
        {{ trimmed('unit') }} as unit,
        {{ trimmed('direction') }} as direction
    from source

),

final as (

    select
        trimmed.*,
        case
            when trimmed.value_text is null then 'empty'
            when trimmed.value_text = '∞' then 'infinite'
            when {{ cell_status('trimmed.value_text') }} = 'amount' then 'number'
            else 'rejected'
        end as value_status,
        {{ printed_amount('trimmed.value_text') }} as claim_value,
        {{ printed_decimals('trimmed.value_text') }} as value_decimals,
        amount_units.yuan as unit_yuan
    from trimmed
    left join amount_units
        on trimmed.unit = amount_units.amount_unit

)

select * from final
