-- one row per report, identity and instance that is about words and structure rather than sums
with

reports as (

    select * from {{ of_changed_reports(ref('stg_accounts__reports')) }}

),

claims as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }}

),

claim_cells as (

    select * from {{ ref('int_claim_cells') }}

),

mentions as (

    select * from {{ of_changed_reports(ref('stg_accounts__narrative_mentions')) }}

),

table_notes as (

    select * from {{ of_changed_reports(ref('stg_accounts__table_notes')) }}

),

-- Several imports of the ledger, each of the cells that it is asked for: as one, all of them would be held in memory.
class_cells as (

    select * from {{ of_changed_reports(ref('fct_report_cells')) }} where table_no = '05'

),

fund_cells as (

    select * from {{ of_changed_reports(ref('fct_report_cells')) }} where table_no in ('04', '07', '08', '09')

),

line_cells as (

    select * from {{ of_changed_reports(ref('fct_report_cells')) }} where line_no is not null

),

printed_cells as (

    select * from {{ of_changed_reports(ref('fct_report_cells')) }}
    where
        cell_status = 'amount'
        and amount_yuan is not null

),

economic_subjects as (

    select * from {{ of_changed_reports(ref('stg_accounts__basic_expenditure')) }} where subject_code is not null

),

projects as (

    select * from {{ of_changed_reports(ref('stg_accounts__projects')) }}

),

indicators as (

    select
        report_id,
        project_no,
        row_no,
        level_2,
        coalesce(adjusted_target, initial_target) as target,
        actual_value,
        deviation_reason,
        {{ printed_amount('weight') }} as weight,
        {{ printed_amount('score') }} as score,
        cast(project_no as string) || '/indicator/' || cast(row_no as string) as instance_key
    from {{ of_changed_reports(ref('stg_accounts__project_indicators')) }}

),

project_money as (

    select
        report_id,
        project_no,
        max(amount_yuan) filter (where column_name = 'annual_budget') as annual_budget_yuan,
        max(amount_yuan) filter (where column_name = 'executed') as executed_yuan,
        max(half_unit) as half_unit
    from {{ of_changed_reports(ref('fct_project_cells')) }}
    where
        form_part = 'funding'
        and row_role = 'total'
        and value_kind = 'money'
    group by
        report_id,
        project_no

),

-- 1. The narrative

-- An amount or a count that no printed cell shows cannot be checked, and says so.
unshown_claims as (

    select
        claims.report_id,
        'n_amount' as identity_id,
        cast(claims.claim_no as string) as instance_key,
        cast(null as boolean) as holds,
        'no printed cell shows it' as reason
    from claims
    left join claim_cells
        on
            claims.report_id = claim_cells.report_id
            and claims.subject = claim_cells.subject
            and claims.measure = claim_cells.measure
    where
        claims.measure in ('amount', 'annual_budget', 'initial_budget', 'count', 'change')
        and claims.subject not in ('二级项目', '二级项目资金')
        and claim_cells.report_id is null

),

-- 增加 goes with 增长 and 减少 with 下降
directions as (

    select
        changes.report_id,
        'n_direction' as identity_id,
        cast(rates.claim_no as string) as instance_key,
        changes.direction_sign = rates.direction_sign as holds,
        'the change says «' || changes.direction || '», the rate «' || rates.direction || '»' as reason
    from claims as changes
    inner join claims as rates
        on
            changes.report_id = rates.report_id
            and changes.paragraph_no = rates.paragraph_no
            and changes.subject = rates.subject
            and changes.measure = 'change'
            and rates.measure = 'change_rate'

),

listing_sections as (

    select
        report_id,
        section
    from claims
    where
        class_code is not null
        and measure = 'amount'
    group by
        report_id,
        section
    having count(*) > 1

),

class_amounts as (

    select * from class_cells
    where
        column_name = 'total'
        and length(row_key) = 3
        and cell_status = 'amount'
        and amount <> 0

),

-- Every class that table 05 prints is named where the classes are listed.
omitted_items as (

    select
        listing_sections.report_id,
        'n_omitted_item' as identity_id,
        class_amounts.row_key || ':' || listing_sections.section as instance_key,
        max(claims.claim_no) is not null as holds,
        'table 05 prints ' || max(class_amounts.printed_text) || ' for class ' || class_amounts.row_key
        || ', the section does not name it' as reason
    from listing_sections
    inner join class_amounts
        on listing_sections.report_id = class_amounts.report_id
    left join claims
        on
            listing_sections.report_id = claims.report_id
            and listing_sections.section = claims.section
            and class_amounts.row_key = claims.class_code
            and claims.measure = 'amount'
    group by
        listing_sections.report_id,
        listing_sections.section,
        class_amounts.row_key

),

-- An account that the narrative names has an amount in table 06.
named_accounts as (

    select
        mentions.report_id,
        'n_named_account' as identity_id,
        cast(mentions.mention_no as string) as instance_key,
        coalesce(max(case when {{ cell_status('economic_subjects.amount') }} = 'amount' then 1 else 0 end), 0) = 1 as holds,
        '«' || max(mentions.subject) || '» is named, '
        || case
            when max(economic_subjects.row_key) is null then 'table 06 has no such account'
            else 'its cell in table 06 is blank'
        end as reason
    from mentions
    left join economic_subjects
        on
            mentions.report_id = economic_subjects.report_id
            and mentions.subject = economic_subjects.subject_name
            and substr(economic_subjects.subject_code, 1, 3) not in ('309', '311')
    where mentions.mention_kind = 'account'
    group by
        mentions.report_id,
        mentions.mention_no

),

project_counts as (

    select
        report_id,
        count(*) as forms
    from projects
    group by report_id

),

counted_projects as (

    select
        claims.report_id,
        'n_project_count' as identity_id,
        cast(claims.claim_no as string) as instance_key,
        case when project_counts.forms is not null then claims.claim_value = project_counts.forms end as holds,
        'the narrative counts ' || claims.value_text || ' projects, '
        || coalesce(cast(project_counts.forms as string) || ' forms are printed', 'no form is printed') as reason
    from claims
    left join project_counts
        on claims.report_id = project_counts.report_id
    where
        claims.subject = '二级项目'
        and claims.measure = 'count'

),

grades as (

    select
        mentions.report_id,
        'n_grade' as identity_id,
        cast(projects.project_no as string) as instance_key,
        bool_and(projects.grade = mentions.base) as holds,
        'the narrative speaks of grades «' || max(mentions.base) || '», the form of ' || max(projects.project_name) || ' prints «'
        || max(projects.grade) || '»' as reason
    from mentions
    inner join projects
        on mentions.report_id = projects.report_id
    where mentions.mention_kind = 'grade'
    group by
        mentions.report_id,
        projects.project_no

),

-- 2. Tables that are empty: nothing is printed in them, or zeros only

empty_tables as (

    select
        report_id,
        table_no,
        count(*) filter (where amount <> 0) = 0 as is_empty
    from fund_cells
    where table_no in ('07', '08', '09')
    group by
        report_id,
        table_no

),

fund_columns as (

    select
        report_id,
        case column_name when 'government_fund' then '07' else '08' end as table_no,
        count(*) filter (where amount <> 0) = 0 as is_empty
    from fund_cells
    where
        table_no = '04'
        and column_name in ('government_fund', 'state_capital_operations')
    group by
        report_id,
        column_name

),

annotated_reports as (

    select distinct report_id from table_notes

),

narrated_reports as (

    select distinct report_id from mentions

),

emptiness as (

    select
        empty_tables.report_id,
        'e_column' as identity_id,
        empty_tables.table_no as instance_key,
        empty_tables.is_empty = fund_columns.is_empty as holds,
        'table ' || empty_tables.table_no || case when empty_tables.is_empty then ' is empty, ' else ' is not empty, ' end
        || case when fund_columns.is_empty then 'its column in table 04 is empty' else 'its column in table 04 is not' end as reason
    from empty_tables
    inner join fund_columns
        on
            empty_tables.report_id = fund_columns.report_id
            and empty_tables.table_no = fund_columns.table_no

    union all

    select
        empty_tables.report_id,
        'e_note' as identity_id,
        empty_tables.table_no as instance_key,
        empty_tables.is_empty = (count(table_notes.note_no) > 0) as holds,
        'table ' || empty_tables.table_no
        || case
            when empty_tables.is_empty then ' is empty, but no note says so'
            else ' has amounts, but a note says that it is empty'
        end as reason
    from empty_tables
    inner join annotated_reports
        on empty_tables.report_id = annotated_reports.report_id
    left join table_notes
        on
            empty_tables.report_id = table_notes.report_id
            and empty_tables.table_no = table_notes.table_no
            and (
                {{ is_match(
                    'table_notes.note_text',
                    '(本表无数据|此表无数据|无此项|空表|本表为空|此表为空|(没有|无)[^，。；]{0,12}三公[^，。；]{0,20}(支出|经费|数据))'
                ) }}
                -- of the three public expenses, a table that is not empty may say which of them there are none of
                or (
                    table_notes.table_no <> '09'
                    and {{ is_match('table_notes.note_text', '(没有|无)[^，。；]{0,30}(收支|收入|支出|拨款|经费|数据)') }}
                )
            )
    group by
        empty_tables.report_id,
        empty_tables.table_no,
        empty_tables.is_empty

    union all

    select
        empty_tables.report_id,
        'e_narrative' as identity_id,
        empty_tables.table_no as instance_key,
        empty_tables.is_empty = (count(mentions.mention_no) > 0) as holds,
        'table ' || empty_tables.table_no
        || case
            when empty_tables.is_empty then ' is empty, but the narrative does not say so'
            else ' has amounts, but the narrative says that it is empty'
        end as reason
    from empty_tables
    inner join narrated_reports
        on
            empty_tables.report_id = narrated_reports.report_id
            and empty_tables.table_no <> '09'
    left join mentions
        on
            empty_tables.report_id = mentions.report_id
            and mentions.mention_kind = 'no_activity'
            and mentions.subject like case empty_tables.table_no when '07' then '政府性基金%' else '国有资本经营%' end
    group by
        empty_tables.report_id,
        empty_tables.table_no,
        empty_tables.is_empty

),

-- 3. Forms

form_statements as (

    -- 优 from 90, 良 from 80, 中 from 60, else 差
    select
        report_id,
        'p_grade' as identity_id,
        cast(project_no as string) as instance_key,
        case
            when {{ printed_amount('total_score') }} is not null and grade is not null then grade = case
                when {{ printed_amount('total_score') }} >= 90 then '优'
                when {{ printed_amount('total_score') }} >= 80 then '良'
                when {{ printed_amount('total_score') }} >= 60 then '中'
                else '差'
            end
        end as holds,
        'total score ' || coalesce(total_score, '(empty)') || ', grade ' || coalesce(grade, '(empty)') as reason
    from projects

    union all

    -- a lost point has a reason, and dots are none
    select
        report_id,
        'p_lost_points' as identity_id,
        instance_key,
        deviation_reason is not null and {{ is_match('deviation_reason', '[^.．。…,，、;；\\s-]') }} as holds,
        'scored ' || cast(cast(score as decimal(12, 2)) as string) || ' of ' || cast(cast(weight as decimal(12, 2)) as string)
        || ', the reason given is «' || coalesce(deviation_reason, '') || '»' as reason
    from indicators
    where score < weight

    union all

    -- a target that was missed does not have full marks
    select
        report_id,
        'p_missed_target' as identity_id,
        instance_key,
        case
            when not {{ is_match('target', '^[≥≤＝=]') }} then null
            when {{ number_in('target') }} is null or {{ number_in('actual_value') }} is null then null
            when score < weight then true
            when target like '≥%' then {{ number_in('actual_value') }} >= {{ number_in('target') }}
            when target like '≤%' then {{ number_in('actual_value') }} <= {{ number_in('target') }}
            else {{ number_in('actual_value') }} = {{ number_in('target') }}
        end as holds,
        'target ' || coalesce(target, '(empty)') || ', reached ' || coalesce(actual_value, '(empty)') || ', full marks' as reason
    from indicators

    union all

    -- where the cost target is the budget, the cost reached is what was executed
    select
        indicators.report_id,
        'p_cost' as identity_id,
        indicators.instance_key,
        case
            when
                {{ is_match('indicators.target', '^[≥≤＝=][0-9.]+(元|万元?)$') }}
                and abs({{ money_in('indicators.target') }} - project_money.annual_budget_yuan)
                <= project_money.half_unit + cast(0.5 as decimal(2, 1))
                then
                    abs({{ money_in('indicators.actual_value') }} - project_money.executed_yuan)
                    <= project_money.half_unit + cast(0.5 as decimal(2, 1))
        end as holds,
        'the cost reached is ' || coalesce(indicators.actual_value, '(empty)') || ', executed were '
        || cast(project_money.executed_yuan as string) || ' yuan' as reason
    from indicators
    inner join project_money
        on
            indicators.report_id = project_money.report_id
            and indicators.project_no = project_money.project_no
    where indicators.level_2 = '成本指标'

),

-- 4. Structure

-- Every line has a cell, blank or not.
lines as (

    select
        report_no,
        report_id,
        table_no,
        line_no,
        lag(line_no) over (partition by report_no, table_no order by row_no) as line_before
    from (
        select distinct
            report_no,
            report_id,
            table_no,
            row_no,
            line_no
        from line_cells
    ) as numbered

),

printed_decimals as (

    select
        printed_cells.report_no,
        printed_cells.report_id,
        printed_cells.table_no,
        printed_cells.row_key,
        printed_cells.column_name,
        printed_cells.printed_text,
        reports.amount_decimals,
        {{ printed_decimals('printed_cells.printed_text') }} = reports.amount_decimals as is_regular
    from printed_cells
    inner join reports
        on printed_cells.report_no = reports.report_no

),

table_decimals as (

    select
        report_no,
        report_id,
        table_no,
        count(*) as amounts,
        count(*) filter (where not is_regular) as irregular_amounts
    from printed_decimals
    group by
        report_no,
        report_id,
        table_no

),

-- A report that leaves off trailing zeros prints many numbers with fewer decimals; one that does not prints none.
regular_reports as (

    select
        report_no,
        sum(irregular_amounts) * 20 <= sum(amounts) as prints_all_decimals
    from table_decimals
    group by report_no

),

structure as (

    select
        report_id,
        's_line_numbers' as identity_id,
        table_no as instance_key,
        bool_and(line_before is null or line_no = line_before + 1) as holds,
        'line numbers jump from '
        || min(case when line_no <> line_before + 1 then cast(line_before as string) || ' to ' || cast(line_no as string) end) as reason
    from lines
    group by
        report_no,
        report_id,
        table_no

    union all

    -- the regular amounts of a table are one instance, each irregular one is one of its own
    select
        report_id,
        's_decimals' as identity_id,
        table_no as instance_key,
        true as holds,
        cast(null as string) as reason
    from table_decimals
    where irregular_amounts < amounts

    union all

    select
        printed_decimals.report_id,
        's_decimals' as identity_id,
        printed_decimals.table_no || ':' || printed_decimals.row_key || ':' || printed_decimals.column_name as instance_key,
        not regular_reports.prints_all_decimals as holds,
        'printed as ' || printed_decimals.printed_text || ', the report prints '
        || cast(printed_decimals.amount_decimals as string) || ' decimals' as reason
    from printed_decimals
    inner join regular_reports
        on printed_decimals.report_no = regular_reports.report_no
    where not printed_decimals.is_regular

),

statements as (

    {% for part in [
        'unshown_claims', 'directions', 'omitted_items', 'named_accounts', 'counted_projects', 'grades', 'emptiness',
        'form_statements', 'structure',
    ] -%}
    select * from {{ part }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        report_id,
        identity_id,
        instance_key,
        case when holds then 'exact' when not holds then 'broken' else 'not_evaluable' end as status,
        case
            when holds then null
            when not holds then reason
            else coalesce(case when identity_id in ('n_amount', 'n_project_count') then reason end, 'nothing in it that can be compared')
        end as reason
    from statements

)

select * from final
