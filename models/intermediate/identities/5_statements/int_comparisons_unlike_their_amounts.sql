-- one row per comparison of a final amount with its budget in words: whether true values can be so
with

mentions as (

    select
        *,
        {{ claim_subject('subject') }} as plain_subject,
        case
            when base like '%年初%' and not {{ is_match('base', '全年|调整') }} then 'initial_budget'
            when {{ is_match('base', '全年|调整') }} and base not like '%年初%' then 'annual_budget'
            else 'either'
        end as budget_stage
    from {{ of_changed_reports(ref('stg_accounts__narrative_mentions')) }}
    where mention_kind in ('above_budget', 'below_budget', 'as_budget')

),

subject_values as (

    select * from {{ ref('int_claim_values') }}

),

budget_values as (

    select
        *,
        measure as budget_stage
    from subject_values
    where measure in ('initial_budget', 'annual_budget')

    union all

    select
        *,
        'either' as budget_stage
    from subject_values
    where measure in ('initial_budget', 'annual_budget')

),

claims as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }}
    where
        measure in ('amount', 'initial_budget', 'annual_budget')
        and is_money
        and value_status = 'number'

),

compared as (

    select
        mentions.report_id,
        mentions.mention_no,
        mentions.mention_kind,
        mentions.mention_text,
        mentions.paragraph_no,
        mentions.plain_subject,
        mentions.subject,
        amounts.subject_value as amount,
        budgets.subject_value as budget,
        amounts.half_unit + budgets.half_unit as leeway
    from mentions
    left join subject_values as amounts
        on
            mentions.report_id = amounts.report_id
            and mentions.plain_subject = amounts.subject
            and amounts.measure = 'amount'
    left join budget_values as budgets
        on
            mentions.report_id = budgets.report_id
            and mentions.plain_subject = budgets.subject
            and mentions.budget_stage = budgets.budget_stage

),

-- Where the paragraph gives other amounts by this name, it means something else by it.
of_something_else as (

    select
        compared.report_id,
        compared.mention_no
    from compared
    inner join claims
        on
            compared.report_id = claims.report_id
            and compared.paragraph_no = claims.paragraph_no
            and compared.plain_subject = claims.subject
    group by
        compared.report_id,
        compared.mention_no,
        claims.measure
    having
        min(
            abs(claims.claim_value - case when claims.measure = 'amount' then compared.amount else compared.budget end) - compared.leeway
        ) > 0

),

-- «预算数» alone may be either budget.
final as (

    select
        compared.report_id,
        'n_comparison' as identity_id,
        cast(compared.mention_no as string) as instance_key,
        bool_or(
            case compared.mention_kind
                when 'above_budget' then compared.amount + compared.leeway > compared.budget
                when 'below_budget' then compared.amount - compared.leeway < compared.budget
                else abs(compared.amount - compared.budget) <= compared.leeway
            end
        ) as holds,
        '«' || max(compared.subject) || '» is ' || cast(cast(max(compared.amount) as decimal(20, 2)) as string) || ' of '
        || cast(cast(max(compared.budget) as decimal(20, 2)) as string) || ' yuan, the text says «' || max(compared.mention_text)
        || '»' as reason
    from compared
    left join of_something_else
        on
            compared.report_id = of_something_else.report_id
            and compared.mention_no = of_something_else.mention_no
    where of_something_else.report_id is null
    group by
        compared.report_id,
        compared.mention_no

)

select * from final
