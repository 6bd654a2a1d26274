-- one row per claim of an amount or a count and figure of it: the claim, and the printed cells that show it
with

figures as (

    select * from {{ ref('int_claim_figures') }}

),

claim_cells as (

    select * from {{ ref('int_claim_cells') }}

),

meant_otherwise as (

    select * from {{ ref('int_claims_meant_otherwise') }}

),

shown as (

    select
        figures.report_id,
        figures.claim_no,
        figures.claim_key as row_part,
        -claim_cells.coefficient as coefficient,
        {{ figure_columns('claim_cells') }}
    from figures
    inner join claim_cells
        on
            figures.report_id = claim_cells.report_id
            and figures.subject = claim_cells.subject
            and figures.measure = claim_cells.measure
    left join meant_otherwise
        on
            figures.report_id = meant_otherwise.report_id
            and figures.claim_no = meant_otherwise.claim_no
    where meant_otherwise.claim_no is null

),

shown_claims as (

    select distinct
        report_id,
        claim_no
    from shown

),

final as (

    select
        figures.report_id,
        'n_amount' as identity_id,
        figures.claim_key as row_part,
        1 as coefficient,
        {{ figure_columns('figures') }}
    from figures
    inner join shown_claims
        on
            figures.report_id = shown_claims.report_id
            and figures.claim_no = shown_claims.claim_no

    union all

    select
        report_id,
        'n_amount' as identity_id,
        row_part,
        coefficient,
        {{ figure_columns('shown') }}
    from shown

)

select * from final
