-- one row per year that the narrative speaks of as its own, or compares with as the year before: whether it can be that
with

reports as (

    select * from {{ of_changed_reports(ref('stg_accounts__reports')) }}

),

paragraphs as (

    select * from {{ of_changed_reports(ref('stg_accounts__narrative_paragraphs')) }}

),

mentions as (

    select * from {{ of_changed_reports(ref('stg_accounts__narrative_mentions')) }} where mention_kind = 'period'

),

claims as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }}

),

stating_paragraphs as (

    select distinct
        report_id,
        paragraph_no
    from claims
    where measure = 'amount'

),

of_headings as (

    select
        report_id,
        {{ year_in('base') }} as spoken_year,
        mention_text as words
    from mentions

    union all

    select
        report_id,
        {{ year_in('section') }} as spoken_year,
        section as words
    from paragraphs

),

of_days as (

    select
        report_id,
        {{ year_in('paragraph_text', '截至', '年(12月31日|年?末|年?底)') }} as spoken_year,
        substr(paragraph_text, 1, 40) as words
    from paragraphs

),

-- A paragraph that begins with another year, states amounts, and never names its own.
of_openings as (

    select
        paragraphs.report_id,
        {{ year_in('paragraphs.paragraph_text', '^[^，。；：0-9比较与同自从截]{0,30}', '年(度|[^0-9一二三四五六七八九十来起以至到])') }}
            as spoken_year,
        substr(paragraphs.paragraph_text, 1, 40) as words
    from paragraphs
    inner join stating_paragraphs
        on
            paragraphs.report_id = stating_paragraphs.report_id
            and paragraphs.paragraph_no = stating_paragraphs.paragraph_no
    inner join reports
        on paragraphs.report_id = reports.report_id
    where paragraphs.paragraph_text not like '%' || cast(reports.fiscal_year as string) || '%'

),

own_years as (

    select * from of_headings

    union

    select * from of_days

    union

    select * from of_openings

),

spoken as (

    select
        own_years.report_id,
        own_years.spoken_year,
        own_years.spoken_year = reports.fiscal_year as holds,
        own_years.words
    from own_years
    inner join reports
        on own_years.report_id = reports.report_id
    where own_years.spoken_year is not null

    union all

    select
        claims.report_id,
        {{ year_in('claims.base') }} as spoken_year,
        {{ year_in('claims.base') }} < reports.fiscal_year as holds,
        claims.base as words
    from claims
    inner join reports
        on claims.report_id = reports.report_id
    where
        claims.measure in ('change', 'change_rate')
        -- what is said of the next year's budget compares with the year of the report
        and not {{ is_match('claims.subject', '预算(数|安排)?$') }}
        and {{ year_in('claims.base') }} is not null

),

final as (

    select
        report_id,
        'n_year' as identity_id,
        cast(spoken_year as string) as instance_key,
        bool_and(holds) as holds,
        'the text speaks of ' || cast(spoken_year as string) || ' as its own year: «' || min(case when not holds then words end) || '»'
        || case when count_if(not holds) > 1 then ' and ' || cast(count_if(not holds) - 1 as string) || ' more' else '' end as reason
    from spoken
    group by
        report_id,
        spoken_year

)

select * from final
