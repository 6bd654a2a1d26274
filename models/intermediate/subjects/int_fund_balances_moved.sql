-- one row per code of a government fund and code whose opening balance took its closing balance over, as reports prove it
{#-
    A code that no report prints any more, or that some print a year longer, where two departments prove it, and one whose opening balance
    exceeds its own closing balance of the year before by just the balance of the other, in the same department. Nothing follows from a balance that two codes of the department share, from one
    of a single department among several that disagree, or from round sums that anybody may have.
#}
with

balances as (

    select * from {{ ref('fct_government_fund_balances') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

years_printed as (

    select
        subject_code,
        max(last_year_seen) as last_year_seen
    from {{ ref('dim_subjects') }}
    where classification = 'functional'
    group by subject_code

),

gone as (

    select
        reports.report_id,
        reports.fiscal_year,
        balances.subject_code,
        balances.closing_balance_yuan as amount_yuan,
        reports.fiscal_year = years_printed.last_year_seen as is_still_printed
    from reports
    inner join balances
        on reports.prior_report_id = balances.report_id
    inner join years_printed
        on
            balances.subject_code = years_printed.subject_code
            and reports.fiscal_year >= years_printed.last_year_seen
    left join balances as own
        on
            reports.report_id = own.report_id
            and balances.subject_code = own.subject_code
    where
        balances.closing_balance_yuan <> 0
        and own.report_id is null

),

taken_over as (

    select
        reports.report_id,
        balances.subject_code,
        balances.opening_balance_yuan - coalesce(prior_balances.closing_balance_yuan, 0) as amount_yuan,
        prior_balances.report_id is not null as has_balance_before
    from reports
    inner join balances
        on reports.report_id = balances.report_id
    left join balances as prior_balances
        on
            reports.prior_report_id = prior_balances.report_id
            and balances.subject_code = prior_balances.subject_code
    where balances.opening_balance_yuan <> coalesce(prior_balances.closing_balance_yuan, 0)

),

pairs as (

    select
        gone.report_id,
        gone.fiscal_year,
        gone.subject_code,
        taken_over.subject_code as successor_code,
        gone.amount_yuan,
        gone.is_still_printed,
        taken_over.has_balance_before,
        count(*) over (partition by gone.report_id, gone.subject_code) as successors_of_the_code,
        count(*) over (partition by gone.report_id, taken_over.subject_code) as codes_of_the_successor
    from gone
    inner join taken_over
        on
            gone.report_id = taken_over.report_id
            and gone.amount_yuan = taken_over.amount_yuan

),

proved as (

    select
        subject_code,
        successor_code,
        min(fiscal_year) as change_year,
        count(*) as department_count,
        max(has_balance_before) as is_merged
    from pairs
    where
        successors_of_the_code = 1
        and codes_of_the_successor = 1
        and {{ is_telling('amount_yuan') }}
    group by
        subject_code,
        successor_code
    having count(*) > 1 or not max(is_still_printed)

),

final as (

    select *
    from proved
    -- a code that went two ways was split, and nobody says how
    qualify count(*) over (partition by subject_code) = 1

)

select * from final
