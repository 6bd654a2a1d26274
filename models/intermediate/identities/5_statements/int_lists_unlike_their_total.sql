-- one row per total that a section of the narrative gives and figure of it: the total, and the classes that the section lists
with

figures as (

    select * from {{ ref('int_claim_figures') }}

),

left_out as (

    select distinct
        report_id,
        substr(instance_key, 5) as section
    from {{ ref('int_classes_left_out') }}
    where not holds

),

-- A list that leaves out a class is told as that, not as a sum, too.
items as (

    select figures.*
    from figures
    left join left_out
        on
            figures.report_id = left_out.report_id
            and figures.section = left_out.section
    where
        figures.class_table = '05'
        and left_out.section is null

),

totals as (

    select figures.*
    from figures
    inner join items
        on
            figures.report_id = items.report_id
            and figures.section = items.section
            and figures.measure = items.measure
    where
        figures.subject = '一般公共预算财政拨款支出'
        and figures.measure in ('amount', 'initial_budget')
    -- one class alone is no list
    qualify
        count(*) over (partition by figures.report_id, figures.claim_no) > 1
        and row_number() over (partition by figures.report_id, figures.claim_no order by items.claim_no) = 1

),

final as (

    select
        totals.report_id,
        'n_items' as identity_id,
        totals.claim_key as row_part,
        1 as coefficient,
        {{ figure_columns('totals') }}
    from totals

    union all

    select
        totals.report_id,
        'n_items' as identity_id,
        totals.claim_key as row_part,
        -1 as coefficient,
        {{ figure_columns('items') }}
    from totals
    inner join items
        on
            totals.report_id = items.report_id
            and totals.section = items.section
            and totals.measure = items.measure

)

select * from final
