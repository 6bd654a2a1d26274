-- one row per change to the year before that a released narrative gives: the amount of that year that follows, and what its report prints
{#-
    «… 3,000 万元，比上年增加 100 万元» says 2,900 of the year before, whether or not anybody has its report. What that report prints is
    read by the cells of identity y_change, else by the claim of its narrative about the same subject.
#}
with

claims as (

    select * from {{ ref('int_claims_measured') }}
    where
        is_money
        and value_status = 'number'

),

figures as (

    select * from {{ ref('fct_narrative_claims') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

-- A narrative that gives a figure twice gives it once.
amounts as (

    select *
    from claims
    where measure = 'amount'
    qualify row_number() over (
        partition by report_id, subject
        order by claim_no
    ) = 1

),

changes as (

    select
        changes.report_id,
        changes.claim_no,
        changes.subject,
        amounts.claim_value as amount_yuan,
        changes.direction_sign * changes.claim_value as change_yuan,
        amounts.claim_value - changes.direction_sign * changes.claim_value as prior_yuan,
        amounts.half_unit + changes.half_unit as half_unit
    from claims as changes
    inner join amounts
        on
            changes.report_id = amounts.report_id
            and changes.subject = amounts.subject
    where
        changes.measure = 'change'
        and changes.direction_sign is not null
        and coalesce(changes.base, '') not like '%预算%'

),

-- The instance of the identity is the claim.
printed as (

    select
        report_id,
        instance_key,
        sum(coefficient * cell_value) as prior_yuan,
        sum(half_unit) as half_unit
    from {{ ref('fct_identity_terms') }}
    where
        identity_id = 'y_change'
        and table_no like 'prior-%'
    group by
        report_id,
        instance_key

),

beside as (

    select
        reports.report_id,
        reports.department_id,
        reports.fiscal_year,
        reports.prior_report_id,
        changes.claim_no,
        figures.page_no,
        figures.subject,
        changes.amount_yuan,
        changes.change_yuan,
        changes.prior_yuan,
        coalesce(printed.prior_yuan, prior_amounts.claim_value) as printed_yuan,
        case
            when printed.prior_yuan is not null then 'table'
            when prior_amounts.claim_value is not null then 'narrative'
        end as printed_in,
        changes.half_unit + coalesce(printed.half_unit, prior_amounts.half_unit, 0) as bound_yuan
    from changes
    inner join reports
        on changes.report_id = reports.report_id
    inner join figures
        on
            changes.report_id = figures.report_id
            and changes.claim_no = figures.claim_no
    left join printed
        on
            changes.report_id = printed.report_id
            and cast(changes.claim_no as string) = printed.instance_key
    left join amounts as prior_amounts
        on
            reports.prior_report_id = prior_amounts.report_id
            and changes.subject = prior_amounts.subject

),

final as (

    select
        cast(report_id as string) as report_id,
        cast(department_id as string) as department_id,
        cast(fiscal_year as integer) as fiscal_year,
        cast(claim_no as integer) as claim_no,
        cast(page_no as integer) as page_no,
        cast(subject as string) as subject,
        cast(amount_yuan as decimal(20, 2)) as amount_yuan,
        cast(change_yuan as decimal(20, 2)) as change_yuan,
        cast(fiscal_year - 1 as integer) as prior_year,
        cast(prior_yuan as decimal(20, 2)) as stated_yuan,
        cast(bound_yuan as decimal(18, 6)) as bound_yuan,
        cast(case when printed_yuan is not null then prior_report_id end as string) as prior_report_id,
        cast(printed_yuan as decimal(20, 2)) as printed_yuan,
        cast(printed_in as string) as printed_in,
        cast(prior_yuan - printed_yuan as decimal(20, 2)) as difference_yuan,
        cast(abs(prior_yuan - printed_yuan) <= bound_yuan as boolean) as is_as_printed
    from beside

)

select * from final
