-- one row per figure of a report, in a table, a form or the narrative, and what its checks say of it
{#-
    To be wrong, to take part in something that is broken, and to be spoken of for information are three things: a budget that is a
    term of a broken sum is not wrong by that. A figure is checked, too, where an identity judges it without a sum (a rate, a grade).
#}
with

form_cells as (

    select * from {{ ref('int_form_and_prior_cells') }} where table_no = 'project'

),

claims as (

    select * from {{ ref('stg_accounts__narrative_claims') }}

),

figures as (

    select
        report_id,
        table_no,
        row_key,
        column_name,
        cell_status
    from {{ ref('fct_report_cells') }}

    union all

    select
        report_id,
        table_no,
        row_key,
        column_name,
        cell_status
    from form_cells

    union all

    select
        report_id,
        'narrative' as table_no,
        cast(claim_no as string) as row_key,
        'claim' as column_name,
        case value_status when 'number' then 'amount' else value_status end as cell_status
    from claims

),

results as (

    select * from {{ ref('fct_identity_results') }}

),

terms as (

    select * from {{ ref('fct_identity_terms') }}

),

identities as (

    select * from {{ ref('identities') }}

),

judged as (

    select
        results.report_id,
        case when identities.judged = 'claim' then 'narrative' else 'project' end as table_no,
        results.instance_key || case when identities.judged = 'total_score' then '/total' else '' end as row_key,
        identities.judged,
        results.status,
        results.severity
    from results
    inner join identities
        on results.identity_id = identities.identity_id
    where identities.judged is not null

),

spoken_of as (

    select
        terms.report_id,
        terms.table_no,
        terms.row_key,
        terms.column_name,
        results.status,
        results.severity
    from terms
    inner join results
        on
            terms.report_id = results.report_id
            and terms.identity_id = results.identity_id
            and terms.instance_key = results.instance_key

    union all

    select
        judged.report_id,
        judged.table_no,
        judged.row_key,
        figures.column_name,
        judged.status,
        judged.severity
    from judged
    inner join figures
        on
            judged.report_id = figures.report_id
            and judged.table_no = figures.table_no
            and judged.row_key = figures.row_key
            and ' ' || judged.judged || ' ' like '% ' || figures.column_name || ' %'

),

summed as (

    select
        report_id,
        table_no,
        row_key,
        column_name,
        count(*) filter (where status <> 'not_evaluable') as checks,
        count(*) filter (where status = 'broken' and severity <> 'info') as broken_checks,
        max(status = 'broken' and severity = 'info') as is_info,
        max(status = 'waived') as is_waived,
        max(status in ('rounding', 'truncated', 'summed_parts', 'blank_zeros')) as is_rounded,
        max(status = 'exact') as is_exact
    from spoken_of
    group by
        report_id,
        table_no,
        row_key,
        column_name

),

suspects as (

    select distinct
        report_id,
        table_no,
        row_key,
        column_name
    from {{ ref('fct_suspect_cells') }}
    where severity <> 'info'

),

final as (

    select
        cast(figures.report_id as string) as report_id,
        cast(figures.table_no as string) as table_no,
        cast(figures.row_key as string) as row_key,
        cast(figures.column_name as string) as column_name,
        cast(
            case
                when figures.cell_status = 'rejected' then 'rejected'
                when suspects.report_id is not null then 'suspect'
                when summed.broken_checks > 0 then 'broken'
                when summed.is_waived then 'waived'
                when summed.is_rounded then 'rounding'
                when summed.is_exact then 'exact'
                when summed.is_info then 'info'
                else 'uncovered'
            end as string
        ) as cell_state,
        cast(coalesce(summed.checks, 0) as integer) as checks,
        cast(coalesce(summed.broken_checks, 0) as integer) as broken_checks
    from figures
    left join summed
        on
            figures.report_id = summed.report_id
            and figures.table_no = summed.table_no
            and figures.row_key = summed.row_key
            and figures.column_name = summed.column_name
    left join suspects
        on
            figures.report_id = suspects.report_id
            and figures.table_no = suspects.table_no
            and figures.row_key = suspects.row_key
            and figures.column_name = suspects.column_name

)

select * from final
