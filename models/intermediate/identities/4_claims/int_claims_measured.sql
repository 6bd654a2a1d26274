-- one row per claim of the narrative, with its value, half unit and the word of direction as a sign
with

claims as (

    select * from {{ ref('stg_accounts__narrative_claims') }}

),

paragraphs as (

    select * from {{ ref('stg_accounts__narrative_paragraphs') }}

),

form_lines as (

    select distinct
        {{ claim_subject('label') }} as subject,
        class_code
    from {{ ref('form_lines') }}
    where
        table_no = '04'
        and class_code is not null

),

final as (

    select
        claims.report_id,
        claims.claim_no,
        claims.paragraph_no,
        concat_ws(' ', paragraphs.section, paragraphs.subsection) as section,
        {{ claim_subject('claims.subject') }} as subject,
        form_lines.class_code,
        claims.measure,
        {{ claim_subject('claims.base') }} as base,
        claims.value_text,
        claims.value_status,
        claims.direction,
        case when claims.direction in ('减少', '下降') then -1 else 1 end as direction_sign,
        claims.unit_yuan is not null as is_money,
        cast(claims.claim_value * coalesce(claims.unit_yuan, 1) as decimal(24, 6)) as claim_value,
        -- a plain 0 says that there is nothing: exactly zero
        cast(
            case
                when claims.claim_value = 0 or claims.measure = 'count' then 0
                else {{ half_unit('claims.value_decimals') }} * coalesce(claims.unit_yuan, 1)
            end as decimal(24, 6)
        ) as half_unit
    from claims
    left join paragraphs
        on
            claims.report_id = paragraphs.report_id
            and claims.paragraph_no = paragraphs.paragraph_no
    left join form_lines
        on {{ claim_subject('claims.subject') }} = form_lines.subject

)

select * from final
