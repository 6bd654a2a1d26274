-- one row per figure that the narrative of a released report states
with

claims as (

    select * from {{ ref('stg_accounts__narrative_claims') }}

),

paragraphs as (

    select * from {{ ref('stg_accounts__narrative_paragraphs') }}

),

places as (

    select * from {{ ref('stg_accounts__cell_places') }} where raw_table = 'narrative_claims'

),

reports as (

    select * from {{ ref('int_reports_released') }}

),

final as (

    select
        cast(claims.report_id as string) as report_id,
        cast(claims.claim_no as integer) as claim_no,
        cast(claims.paragraph_no as integer) as paragraph_no,
        cast(paragraphs.section as string) as section,
        cast(paragraphs.subsection as string) as subsection,
        cast(claims.subject as string) as subject,
        cast(claims.measure as string) as measure,
        cast(claims.base as string) as base,
        cast(claims.value_text as string) as value_text,
        cast(claims.unit as string) as unit,
        cast(claims.direction as string) as direction,
        cast(claims.value_status as string) as value_status,
        cast(claims.claim_value as decimal(24, 6)) as claim_value,
        cast({{ to_yuan('claims.claim_value', 'claims.unit_yuan') }} as decimal(20, 2)) as amount_yuan,
        cast(coalesce(places.page_no, paragraphs.page_no) as integer) as page_no,
        cast(places.box as string) as box,
        cast(places.read_as as string) as read_as
    from claims
    inner join reports
        on claims.report_id = reports.report_id
    left join paragraphs
        on
            claims.report_id = paragraphs.report_id
            and claims.paragraph_no = paragraphs.paragraph_no
    left join places
        on
            claims.report_id = places.report_id
            and claims.claim_no = places.row_no

)

select * from final
