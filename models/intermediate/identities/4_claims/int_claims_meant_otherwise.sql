-- one row per claim of an amount that is not what the cells of its name print, and was meant as something else
{#
    What a name means is read from its words, and offices let the same word mean many things: «基本支出» of an item, «本年收入» of a fund,
    the account of a vehicle and the public expense. A claim that is right for another cell of its name, or that makes the printed figure
    together with another of its paragraph, contradicts nothing.
#}
with

figures as (

    select * from {{ ref('int_claim_figures') }}

),

claim_cells as (

    select * from {{ ref('int_claim_cells') }}

),

items as (

    select * from {{ ref('int_claim_items') }}

),

form_columns as (

    select
        table_no,
        column_name,
        replace(label_zh, '小计', '') as label
    from {{ ref('form_columns') }}

),

subject_rows as (

    select distinct
        report_id,
        subject_code,
        {{ claim_subject('subject_name') }} as label
    from {{ ref('int_subject_rows') }}
    where report_id in (select report_id from figures)

),

reports as (

    select * from {{ of_changed_reports(ref('stg_accounts__reports')) }}

),

addresses as (

    select * from {{ ref('int_cell_addresses') }}

),

cell_values as (

    select * from {{ ref('int_cell_values') }}

),

shown as (

    select
        report_id,
        subject,
        measure,
        sum(coefficient * coalesce(cell_value, 0)) as cell_value,
        sum(coalesce(half_unit, 0)) as half_unit
    from claim_cells
    group by
        report_id,
        subject,
        measure

),

unlike as (

    select
        figures.*,
        shown.cell_value as shown_value,
        shown.half_unit as shown_half
    from figures
    inner join shown
        on
            figures.report_id = shown.report_id
            and figures.subject = shown.subject
            and figures.measure = shown.measure
    where abs(figures.cell_value - shown.cell_value) > figures.half_unit + shown.half_unit

),

-- A figure of three digits and more that stands in a row or a column of this name. A total or a class is that of another fund only
-- where the paragraph speaks of the fund.
of_other_cells as (

    select
        unlike.report_id,
        unlike.claim_no
    from unlike
    inner join reports
        on unlike.report_id = reports.report_id
    inner join cell_values
        on
            reports.report_no = cell_values.report_no
            -- one side each, so that it is part of the join
            and unlike.cell_value - unlike.half_unit <= cell_values.cell_value + cell_values.half_unit
            and unlike.cell_value + unlike.half_unit >= cell_values.cell_value - cell_values.half_unit
    inner join addresses
        on cell_values.address_no = addresses.address_no
    left join form_columns
        on
            addresses.table_no = form_columns.table_no
            and addresses.column_name = form_columns.column_name
            and length(form_columns.label) >= 4
            and unlike.subject like '%' || form_columns.label
    left join subject_rows
        on
            unlike.report_id = subject_rows.report_id
            and addresses.row_key = subject_rows.subject_code
            and unlike.subject = subject_rows.label
    where
        unlike.is_money
        and unlike.measure = 'amount'
        and abs(unlike.cell_value) >= 100 * 2 * unlike.half_unit
        and (form_columns.table_no is not null or subject_rows.report_id is not null)
        and (
            {{ is_match('addresses.row_key', '^[0-9]{5}') }}
            or unlike.funds_spoken_of like '%' || addresses.table_no || '%'
        )

),

-- An item's paragraph gives its budget, its parts and the year before, too: where another of its figures is what is printed, this
-- one was meant as something else.
beside_the_item as (

    select
        unlike.report_id,
        unlike.claim_no
    from unlike
    inner join items
        on
            unlike.report_id = items.report_id
            and unlike.subject = items.subject
    inner join figures as others
        on
            unlike.report_id = others.report_id
            and unlike.paragraph_no = others.paragraph_no
            and unlike.claim_no <> others.claim_no
            and others.is_money
            and abs(others.cell_value - unlike.shown_value) <= others.half_unit + unlike.shown_half
    -- what another name means is no figure of the item
    left join claim_cells as of_others
        on
            others.report_id = of_others.report_id
            and others.subject = of_others.subject
            and others.measure = of_others.measure
    where
        (
            of_others.report_id is null
            or unlike.subject = others.subject
        )
        -- «年初预算为10.00万元，支出决算为12.00万元»: what follows the budget of the item is its amount
        and not (
            unlike.measure = 'amount'
            and others.measure in ('initial_budget', 'annual_budget')
            and unlike.subject = others.subject
            and unlike.claim_no = others.claim_no + 1
        )

),

-- «其中由基本支出列支…元，由项目列支…元»: parts that are the printed figure together
parts as (

    select
        unlike.report_id,
        unlike.claim_no
    from unlike
    inner join figures as others
        on
            unlike.report_id = others.report_id
            and unlike.paragraph_no = others.paragraph_no
            and unlike.claim_no <> others.claim_no
            and others.is_money
            and others.measure = 'amount'
            and abs(unlike.cell_value + others.cell_value - unlike.shown_value)
            <= unlike.half_unit + others.half_unit + unlike.shown_half
    where
        unlike.is_money
        and unlike.measure = 'amount'
        and unlike.cell_value <> 0
        and others.cell_value <> 0

),

final as (

    select * from of_other_cells

    union

    select * from beside_the_item

    union

    select * from parts

)

select * from final
