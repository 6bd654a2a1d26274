-- one row per report, subject of the narrative and measure: what it amounts to
with

claims as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }}

),

claim_cells as (

    select * from {{ ref('int_claim_cells') }}

),

shown_values as (

    select
        report_id,
        subject,
        measure,
        -- no figure comes from a cell that nobody can read
        case
            when count(*) filter (where cell_status = 'rejected') = 0 then sum(coefficient * coalesce(cell_value, 0))
        end as subject_value,
        sum(half_unit) as half_unit,
        sum(half_unit) as cut_half
    from claim_cells
    group by
        report_id,
        subject,
        measure

),

stated_values as (

    select
        report_id,
        subject,
        measure,
        claim_value as subject_value,
        half_unit,
        cut_half
    from claims
    where
        value_status = 'number'
        and measure in ('amount', 'initial_budget', 'annual_budget')
    qualify row_number() over (partition by report_id, subject, measure order by claim_no) = 1

),

-- The printed cells where there are some, else what the narrative says first.
final as (

    select
        coalesce(shown_values.report_id, stated_values.report_id) as report_id,
        coalesce(shown_values.subject, stated_values.subject) as subject,
        coalesce(shown_values.measure, stated_values.measure) as measure,
        coalesce(shown_values.subject_value, stated_values.subject_value) as subject_value,
        coalesce(shown_values.half_unit, stated_values.half_unit) as half_unit,
        coalesce(shown_values.cut_half, stated_values.cut_half) as cut_half
    from shown_values
    full join stated_values
        on
            shown_values.report_id = stated_values.report_id
            and shown_values.subject = stated_values.subject
            and shown_values.measure = stated_values.measure

)

select * from final
