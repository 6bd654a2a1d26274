-- one row per series of a department, subject of any level under today's code, fund and pair of its years: what changed between them
with

series as (

    select * from {{ ref('dim_department_series') }}

),

amounts as (

    select * from {{ ref('rpt_subject_series') }}

),

leaves as (

    select
        amounts.report_id,
        amounts.fiscal_year,
        amounts.fund,
        -- what was split has no code of today
        coalesce(amounts.latest_code, amounts.subject_code) as subject_code,
        amounts.series_status in ('split', 'given_anew', 'not_seen_since') as is_broken,
        amounts.amount_yuan,
        series.series_id
    from amounts
    inner join series
        on amounts.report_id = series.report_id

),

levels as (

    {% for length, level in [(0, 'all'), (3, 'class'), (5, 'section'), (7, 'item')] -%}
    select
        series_id,
        fiscal_year,
        fund,
        '{{ level }}' as subject_level,
        substr(subject_code, 1, {{ length }}) as subject_code,
        is_broken,
        amount_yuan
    from leaves
    where length(subject_code) >= {{ length }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

by_year as (

    select
        series_id,
        fiscal_year,
        fund,
        subject_level,
        subject_code,
        max(is_broken) as is_broken,
        sum(amount_yuan) as amount_yuan
    from levels
    group by
        series_id,
        fiscal_year,
        fund,
        subject_level,
        subject_code

),

-- Years whose table 03 is printed: what it does not have is zero, and what another does not print is unknown.
whole_years as (

    select
        series.series_id,
        series.fiscal_year,
        count(*) as reports,
        max(series.report_id) as report_id
    from series
    inner join {{ ref('fct_report_tables') }} as tables_printed
        on
            series.report_id = tables_printed.report_id
            and tables_printed.table_no = '03'
            and tables_printed.print_status <> 'missing'
    group by
        series.series_id,
        series.fiscal_year

),

pairs as (

    select
        earlier.series_id,
        earlier.fiscal_year as from_year,
        later.fiscal_year as to_year,
        earlier.reports as from_reports,
        later.reports as to_reports,
        later.report_id
    from whole_years as earlier
    inner join whole_years as later
        on
            earlier.series_id = later.series_id
            and earlier.fiscal_year < later.fiscal_year

),

-- each amount once for every pair that its year is in
sides as (

    {% for side in ['from', 'to'] -%}
    select
        pairs.series_id,
        pairs.from_year,
        pairs.to_year,
        pairs.from_reports,
        pairs.to_reports,
        pairs.report_id,
        by_year.fund,
        by_year.subject_level,
        by_year.subject_code,
        by_year.is_broken,
        {{ 'by_year.amount_yuan' if side == 'from' else '0' }} as from_yuan,
        {{ 'by_year.amount_yuan' if side == 'to' else '0' }} as to_yuan
    from pairs
    inner join by_year
        on
            pairs.series_id = by_year.series_id
            and pairs.{{ side }}_year = by_year.fiscal_year
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

compared as (

    select
        series_id,
        from_year,
        to_year,
        from_reports,
        to_reports,
        report_id,
        fund,
        subject_level,
        subject_code,
        max(is_broken) as is_broken,
        sum(from_yuan) as from_yuan,
        sum(to_yuan) as to_yuan
    from sides
    group by
        series_id,
        from_year,
        to_year,
        from_reports,
        to_reports,
        report_id,
        fund,
        subject_level,
        subject_code

),

-- Why, in the words of the later report, where it explains the change of a class against the year before.
reasons as (

    select
        claims.report_id,
        claims.class_code,
        {{ group_in('paragraphs.paragraph_text', '((主要)?原因[^。；]*)') }} as reason
    from {{ ref('int_claims_measured') }} as claims
    inner join {{ ref('stg_accounts__narrative_paragraphs') }} as paragraphs
        on
            claims.report_id = paragraphs.report_id
            and claims.paragraph_no = paragraphs.paragraph_no
    where
        claims.class_code is not null
        and claims.class_table = '05'
        and claims.measure = 'change'
    qualify row_number() over (partition by claims.report_id, claims.class_code order by claims.claim_no) = 1

),

final as (

    select
        cast(compared.series_id as string) as series_id,
        cast(compared.from_year as integer) as from_year,
        cast(compared.to_year as integer) as to_year,
        cast(compared.fund as string) as fund,
        cast(compared.subject_level as string) as subject_level,
        cast(compared.subject_code as string) as subject_code,
        cast(compared.from_yuan as decimal(20, 2)) as from_yuan,
        cast(compared.to_yuan as decimal(20, 2)) as to_yuan,
        cast(compared.to_yuan - compared.from_yuan as decimal(20, 2)) as change_yuan,
        {{ ratio('compared.to_yuan - compared.from_yuan', 'compared.from_yuan') }} as change_rate,
        {{ ratio(
            'abs(compared.to_yuan - compared.from_yuan)',
            'sum(abs(compared.to_yuan - compared.from_yuan)) over ('
            ~ 'partition by compared.series_id, compared.from_year, compared.to_year, compared.subject_level)'
        ) }} as share_of_changes,
        cast(row_number() over (
            partition by compared.series_id, compared.from_year, compared.to_year, compared.subject_level
            order by abs(compared.to_yuan - compared.from_yuan) desc, compared.subject_code asc, compared.fund asc
        ) as integer) as change_rank,
        cast(compared.is_broken as boolean) as is_broken,
        cast(compared.from_reports as integer) as from_reports,
        cast(compared.to_reports as integer) as to_reports,
        cast(nullif(reasons.reason, '') as string) as reason
    from compared
    left join reasons
        on
            case
                when compared.fund = 'general_public_budget' and compared.from_year = compared.to_year - 1 then compared.report_id
            end = reasons.report_id
            and compared.subject_code = reasons.class_code

)

select * from final
