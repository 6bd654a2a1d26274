-- one row per claim of a change and figure of it: the change, what this year prints and what the year before printed
with

changes as (

    select * from {{ ref('int_claim_figures') }}
    where
        measure = 'change'
        and is_money
        and direction_sign is not null
        and base not like '%预算%'

),

claim_cells as (

    select * from {{ ref('int_claim_cells') }} where measure = 'amount'

),

prior_cells as (

    select * from {{ of_changed_reports(ref('int_form_and_prior_cells')) }} where table_no like 'prior-%'

),

-- Changes of figures that both this report and the one of the year before print.
moved as (

    select
        changes.report_id,
        changes.claim_no,
        changes.claim_key as row_part,
        claim_cells.coefficient,
        claim_cells.subject,
        claim_cells.table_no,
        claim_cells.row_key,
        claim_cells.column_name
    from changes
    inner join claim_cells
        on
            changes.report_id = claim_cells.report_id
            and changes.subject = claim_cells.subject
    inner join prior_cells
        on
            changes.report_id = prior_cells.report_id
            and 'prior-' || claim_cells.table_no = prior_cells.table_no
            and claim_cells.row_key = prior_cells.row_key
            and claim_cells.column_name = prior_cells.column_name

),

moved_claims as (

    select distinct
        report_id,
        claim_no
    from moved

),

final as (

    -- a decrease is a change below zero
    select
        changes.report_id,
        'y_change' as identity_id,
        changes.claim_key as row_part,
        changes.direction_sign as coefficient,
        {{ figure_columns('changes') }}
    from changes
    inner join moved_claims
        on
            changes.report_id = moved_claims.report_id
            and changes.claim_no = moved_claims.claim_no

    union all

    select
        moved.report_id,
        'y_change' as identity_id,
        moved.row_part,
        -moved.coefficient as coefficient,
        {{ figure_columns('claim_cells') }}
    from moved
    inner join claim_cells
        on
            moved.report_id = claim_cells.report_id
            and moved.subject = claim_cells.subject
            and moved.table_no = claim_cells.table_no
            and moved.row_key = claim_cells.row_key
            and moved.column_name = claim_cells.column_name

    union all

    select
        moved.report_id,
        'y_change' as identity_id,
        moved.row_part,
        moved.coefficient,
        {{ figure_columns('prior_cells') }}
    from moved
    inner join prior_cells
        on
            moved.report_id = prior_cells.report_id
            and 'prior-' || moved.table_no = prior_cells.table_no
            and moved.row_key = prior_cells.row_key
            and moved.column_name = prior_cells.column_name

)

select * from final
