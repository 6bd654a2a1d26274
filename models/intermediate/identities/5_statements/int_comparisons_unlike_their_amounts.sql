-- one row per comparison of a final amount with its budget in words: whether true values can be so
with

mentions as (

    select
        *,
        {{ claim_subject('subject') }} as plain_subject
    from {{ of_changed_reports(ref('stg_accounts__narrative_mentions')) }}
    where mention_kind in ('above_budget', 'below_budget', 'as_budget')

),

subject_values as (

    select * from {{ ref('int_claim_values') }}

),

compared as (

    select
        mentions.report_id,
        mentions.mention_no,
        mentions.mention_kind,
        mentions.mention_text,
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
    left join subject_values as budgets
        on
            mentions.report_id = budgets.report_id
            and mentions.plain_subject = budgets.subject
            and budgets.measure in ('initial_budget', 'annual_budget')
            and (
                mentions.base like '%年初%' and budgets.measure = 'initial_budget'
                or {{ is_match('mentions.base', '全年|调整') }} and budgets.measure = 'annual_budget'
                or not {{ is_match('mentions.base', '年初|全年|调整') }}
            )

),

-- «预算数» alone may be either budget.
final as (

    select
        report_id,
        'n_comparison' as identity_id,
        cast(mention_no as string) as instance_key,
        bool_or(
            case mention_kind
                when 'above_budget' then amount + leeway > budget
                when 'below_budget' then amount - leeway < budget
                else abs(amount - budget) <= leeway
            end
        ) as holds,
        '«' || max(subject) || '» is ' || cast(cast(max(amount) as decimal(20, 2)) as string) || ' of '
        || cast(cast(max(budget) as decimal(20, 2)) as string) || ' yuan, the text says «' || max(mention_text) || '»' as reason
    from compared
    group by
        report_id,
        mention_no

)

select * from final
