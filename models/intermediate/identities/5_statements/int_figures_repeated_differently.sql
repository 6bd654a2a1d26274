-- one row per claim that repeats an earlier one and figure of it: the claim, and the first about the same thing
with

figures as (

    select * from {{ ref('int_claim_figures') }}

),

first_claims as (

    select
        report_id,
        subject,
        measure,
        is_money,
        min(claim_no) as claim_no
    from figures
    where measure in ('amount', 'annual_budget', 'initial_budget')
    group by
        report_id,
        subject,
        measure,
        is_money

),

repeated as (

    select
        figures.*,
        first_claims.claim_no as first_claim_no
    from figures
    inner join first_claims
        on
            figures.report_id = first_claims.report_id
            and figures.subject = first_claims.subject
            and figures.measure = first_claims.measure
            and figures.is_money = first_claims.is_money
            and figures.claim_no > first_claims.claim_no

),

final as (

    select
        repeated.report_id,
        'n_repeated' as identity_id,
        repeated.claim_key as row_part,
        1 as coefficient,
        {{ figure_columns('repeated') }}
    from repeated

    union all

    select
        repeated.report_id,
        'n_repeated' as identity_id,
        repeated.claim_key as row_part,
        -1 as coefficient,
        {{ figure_columns('figures') }}
    from repeated
    inner join figures
        on
            repeated.report_id = figures.report_id
            and repeated.first_claim_no = figures.claim_no

)

select * from final
