-- one row per claim that repeats an earlier one and figure of it: the claim, and the first about the same thing
with

figures as (

    select * from {{ ref('int_claim_figures') }}

),

-- A name that no form knows («采购金额») may stand for another figure each time; a functional item is named in full.
known_subjects as (

    select distinct {{ claim_subject('subject') }} as subject
    from {{ ref('claim_subjects') }}

),

meant_otherwise as (

    select * from {{ ref('int_claims_meant_otherwise') }}

),

known as (

    select figures.*
    from figures
    left join known_subjects
        on figures.subject = known_subjects.subject
    left join meant_otherwise
        on
            figures.report_id = meant_otherwise.report_id
            and figures.claim_no = meant_otherwise.claim_no
    where
        meant_otherwise.claim_no is null
        and (
            known_subjects.subject is not null
            or figures.class_code is not null
            or figures.subject like '%（项）%'
        )

),

first_claims as (

    select
        report_id,
        subject,
        measure,
        is_money,
        min(claim_no) as claim_no
    from known
    where measure in ('amount', 'annual_budget', 'initial_budget')
    group by
        report_id,
        subject,
        measure,
        is_money

),

repeated as (

    select
        known.*,
        first_claims.claim_no as first_claim_no
    from known
    inner join first_claims
        on
            known.report_id = first_claims.report_id
            and known.subject = first_claims.subject
            and known.measure = first_claims.measure
            and known.is_money = first_claims.is_money
            and known.claim_no > first_claims.claim_no

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
