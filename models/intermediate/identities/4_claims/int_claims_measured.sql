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

in_sections as (

    select
        claims.*,
        concat_ws(' ', paragraphs.section, paragraphs.subsection) as section,
        paragraphs.paragraph_text,
        form_lines.class_code,
        {{ claim_subject('claims.subject') }} as plain_subject,
        -- a plain 0 of who gives decimals of the unit elsewhere left them off
        case
            when claims.claim_value = 0 and claims.value_decimals = 0
                then max(claims.value_decimals) over (partition by claims.report_id, claims.unit)
            else claims.value_decimals
        end as decimals,
        max(claims.value_decimals) over (partition by claims.report_id, claims.unit) as most_decimals
    from claims
    left join paragraphs
        on
            claims.report_id = paragraphs.report_id
            and claims.paragraph_no = paragraphs.paragraph_no
    left join form_lines
        on {{ claim_subject('claims.subject') }} = form_lines.subject

),

-- A class is another figure in a section about another fund: its headings say which, else its paragraph.
in_tables as (

    select
        *,
        case
            when class_code is not null then coalesce({{ table_of_section('section') }}, {{ table_of_section('paragraph_text') }}, '03')
        end as class_table
    from in_sections

),

final as (

    select
        report_id,
        claim_no,
        paragraph_no,
        section,
        -- the classes of the general public budget are what most sections list; those of another table say so
        plain_subject || coalesce(case when class_table <> '05' then '/' || class_table end, '') as subject,
        class_code,
        class_table,
        measure,
        {{ claim_subject('base') }} as base,
        value_text,
        value_status,
        direction,
        -- «减少-12.30万元»: what is signed already is not turned round
        case
            when direction in ('减少', '下降') then case when claim_value < 0 then 1 else -1 end
            when direction is not null or measure not like 'change%' then 1
        end as direction_sign,
        unit_yuan is not null as is_money,
        concat_ws(
            ',',
            case when paragraph_text like '%一般公共预算%' then '05' end,
            case when paragraph_text like '%政府性基金%' then '07' end,
            case when paragraph_text like '%国有资本经营%' then '08' end
        ) as funds_spoken_of,
        cast(claim_value * coalesce(unit_yuan, 1) as decimal(24, 6)) as claim_value,
        cast(
            case
                when measure = 'count' then 0
                else {{ half_unit('decimals') }} * coalesce(unit_yuan, 1)
            end as decimal(24, 6)
        ) as half_unit,
        cast(
            case when unit_yuan is not null then {{ half_unit('most_decimals') }} * unit_yuan end as decimal(24, 6)
        ) as cut_half
    from in_tables

)

select * from final
