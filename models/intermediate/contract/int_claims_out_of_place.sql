-- one row per claim that does not stand in its paragraph: a sentence
{#-
    A claim is read off its paragraph: its number and unit stand there together, as a number of its own and not as the tail of a longer
    one. A claim that was typed from memory, or put to another paragraph, shows here; a rate left empty is a unit without a number.
#}
with

claims as (

    select * from {{ ref('stg_accounts__narrative_claims') }}

),

paragraphs as (

    select * from {{ ref('stg_accounts__narrative_paragraphs') }}

),

-- The page breaks lines wherever it likes, also between a number and its unit.
texts as (

    select
        claims.report_id,
        claims.claim_no,
        claims.paragraph_no,
        coalesce(claims.value_text, '') || coalesce(claims.unit, '') as claim_text,
        {{ joined_label('paragraphs.paragraph_text') }} as paragraph_text
    from claims
    left join paragraphs
        on
            claims.report_id = paragraphs.report_id
            and claims.paragraph_no = paragraphs.paragraph_no

),

final as (

    select
        report_id,
        'narrative_claims' as raw_table,
        'report ' || report_id || ', claim ' || cast(claim_no as string) || ': «' || claim_text || '» does not stand in paragraph '
        || coalesce(cast(paragraph_no as string), '(none)') || ' («' || coalesce(left(paragraph_text, 60), 'not there') || '…»)' as problem
    from texts
    where not coalesce({{ has_the_number('paragraph_text', 'claim_text') }}, false)

)

select * from final
