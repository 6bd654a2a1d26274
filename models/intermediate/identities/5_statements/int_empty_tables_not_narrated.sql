-- one row per table 07 or 08 of a report with a narrative: whether it is empty where the narrative says so
{#- A text that passes over an empty table contradicts nothing; that the table itself says so is asked by e_note. #}
with

empty_tables as (

    select * from {{ of_changed_reports(ref('int_tables_printed')) }}
    where
        table_no in ('07', '08')
        and print_status <> 'missing'

),

mentions as (

    select * from {{ of_changed_reports(ref('stg_accounts__narrative_mentions')) }}

),

paragraphs as (

    select * from {{ of_changed_reports(ref('stg_accounts__narrative_paragraphs')) }}

),

claims as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }}

),

narrated_reports as (

    select distinct report_id from mentions

),

-- That there is nothing is said in words, or by amounts of zero, which say it only of themselves.
denials as (

    select
        mentions.report_id,
        concat_ws(' ', mentions.subject, mentions.mention_text, paragraphs.section, paragraphs.subsection) as words,
        true as is_of_all
    from mentions
    left join paragraphs
        on
            mentions.report_id = paragraphs.report_id
            and mentions.paragraph_no = paragraphs.paragraph_no
    where mentions.mention_kind = 'no_activity'

    union all

    select
        report_id,
        concat_ws(' ', subject, section) as words,
        false as is_of_all
    from claims
    where
        measure = 'amount'
        and claim_value = 0

),

denials_of_tables as (

    {% for table_no, fund in [('07', '政府性基金'), ('08', '国有资本经营')] -%}
    select
        *,
        '{{ table_no }}' as table_no
    from denials
    where words like '%{{ fund }}%'
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        empty_tables.report_id,
        'e_narrative' as identity_id,
        empty_tables.table_no as instance_key,
        case
            -- a text that says nothing of the table says nothing against it, either
            when empty_tables.is_empty is not null and count(denials.report_id) > 0
                then empty_tables.is_empty or not bool_or(denials.is_of_all)
        end as holds,
        'table ' || empty_tables.table_no
        || case
            when empty_tables.is_empty is null then ' has a cell that cannot be read'
            when empty_tables.is_empty then ' is empty, and the narrative passes over it'
            else ' has amounts, but the narrative says that it is empty'
        end as reason
    from empty_tables
    inner join narrated_reports
        on empty_tables.report_id = narrated_reports.report_id
    left join denials_of_tables as denials
        on
            empty_tables.report_id = denials.report_id
            and empty_tables.table_no = denials.table_no
    group by
        empty_tables.report_id,
        empty_tables.table_no,
        empty_tables.is_empty

)

select * from final
