-- one row per report, identity of the narrative, instance and figure that takes part in it: claims and printed cells
with

claims as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }}

),

claim_cells as (

    select * from {{ ref('int_claim_cells') }}

),

cells as (

    select * from {{ of_changed_reports(ref('int_form_and_prior_cells')) }}

),

-- The report of the year before, read as tables prior-01 … of this one.
prior_cells as (

    select * from cells where table_no like 'prior-%'

),

project_money as (

    select * from cells
    where
        table_no = 'project'
        and column_name = 'initial_budget'
        and row_role = 'parent'

),

figures as (

    select
        *,
        cast(claim_no as string) as claim_key
    from claims
    where value_status in ('number', 'rejected')

),

-- A claim of an amount or a count is what the printed cells show.
shown as (

    select distinct
        figures.report_id,
        figures.claim_no
    from figures
    inner join claim_cells
        on
            figures.report_id = claim_cells.report_id
            and figures.subject = claim_cells.subject
            and figures.measure = claim_cells.measure

),

-- Claims about the same thing agree with the first of them.
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
        figures.report_id,
        figures.claim_key,
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

-- The classes that a section lists add up to the total that it gives.
listed as (

    select
        totals.report_id,
        totals.claim_no as total_claim_no,
        totals.section,
        totals.measure
    from figures as totals
    inner join figures as items
        on
            totals.report_id = items.report_id
            and totals.section = items.section
            and totals.measure = items.measure
    where
        totals.subject = '一般公共预算财政拨款支出'
        and totals.measure in ('amount', 'initial_budget')
        and items.class_code is not null
    group by
        totals.report_id,
        totals.claim_no,
        totals.section,
        totals.measure
    having count(*) > 1

),

-- Changes of figures that both this report and the one of the year before print.
moved as (

    select
        figures.report_id,
        figures.claim_no,
        figures.claim_key,
        claim_cells.coefficient,
        claim_cells.table_no,
        claim_cells.row_key,
        claim_cells.column_name,
        claim_cells.printed_text,
        claim_cells.cell_status,
        claim_cells.cell_value,
        claim_cells.half_unit,
        claim_cells.place,
        claim_cells.is_counted,
        prior_cells.table_no as prior_table_no,
        prior_cells.printed_text as prior_printed_text,
        prior_cells.cell_status as prior_cell_status,
        prior_cells.cell_value as prior_cell_value,
        prior_cells.half_unit as prior_half_unit,
        prior_cells.place as prior_place,
        prior_cells.is_counted as prior_is_counted
    from figures
    inner join claim_cells
        on
            figures.report_id = claim_cells.report_id
            and figures.subject = claim_cells.subject
            and claim_cells.measure = 'amount'
    inner join prior_cells
        on
            figures.report_id = prior_cells.report_id
            and 'prior-' || claim_cells.table_no = prior_cells.table_no
            and claim_cells.row_key = prior_cells.row_key
            and claim_cells.column_name = prior_cells.column_name
    where figures.measure = 'change'

),

claim_sides as (

    select
        figures.report_id,
        'n_amount' as identity_id,
        figures.claim_key as row_part,
        1 as coefficient,
        figures.claim_no
    from figures
    inner join shown
        on
            figures.report_id = shown.report_id
            and figures.claim_no = shown.claim_no

    union all

    select
        report_id,
        'n_repeated' as identity_id,
        claim_key as row_part,
        1 as coefficient,
        cast(claim_key as integer) as claim_no
    from repeated

    union all

    select
        report_id,
        'n_repeated' as identity_id,
        claim_key as row_part,
        -1 as coefficient,
        first_claim_no as claim_no
    from repeated

    union all

    select
        report_id,
        'n_items' as identity_id,
        cast(total_claim_no as string) as row_part,
        1 as coefficient,
        total_claim_no as claim_no
    from listed

    union all

    select
        listed.report_id,
        'n_items' as identity_id,
        cast(listed.total_claim_no as string) as row_part,
        -1 as coefficient,
        figures.claim_no
    from listed
    inner join figures
        on
            listed.report_id = figures.report_id
            and listed.section = figures.section
            and listed.measure = figures.measure
            and figures.class_code is not null

    union all

    select
        report_id,
        'n_project_money' as identity_id,
        claim_key as row_part,
        1 as coefficient,
        claim_no
    from figures
    where subject = '二级项目资金'

    union all

    -- a decrease is a change below zero
    select
        report_id,
        'y_change' as identity_id,
        claim_key as row_part,
        direction_sign as coefficient,
        claim_no
    from figures
    where
        measure = 'change'
        and claim_key in (select moved.claim_key from moved where figures.report_id = moved.report_id)

),

final as (

    select
        claim_sides.report_id,
        claim_sides.identity_id,
        claim_sides.row_part,
        claim_sides.coefficient,
        'narrative' as table_no,
        figures.claim_key as row_key,
        'claim' as column_name,
        figures.value_text as printed_text,
        case figures.value_status when 'number' then 'amount' else 'rejected' end as cell_status,
        cast(figures.claim_value as decimal(22, 6)) as cell_value,
        cast(figures.half_unit as decimal(18, 6)) as half_unit,
        cast(case when figures.half_unit = 0 then 1 else 2 * figures.half_unit end as decimal(20, 6)) as place,
        figures.half_unit = 0 as is_counted
    from claim_sides
    inner join figures
        on
            claim_sides.report_id = figures.report_id
            and claim_sides.claim_no = figures.claim_no

    union all

    select
        figures.report_id,
        'n_amount' as identity_id,
        figures.claim_key as row_part,
        -claim_cells.coefficient as coefficient,
        claim_cells.table_no,
        claim_cells.row_key,
        claim_cells.column_name,
        claim_cells.printed_text,
        claim_cells.cell_status,
        claim_cells.cell_value,
        claim_cells.half_unit,
        claim_cells.place,
        claim_cells.is_counted
    from figures
    inner join claim_cells
        on
            figures.report_id = claim_cells.report_id
            and figures.subject = claim_cells.subject
            and figures.measure = claim_cells.measure

    union all

    select
        figures.report_id,
        'n_project_money' as identity_id,
        figures.claim_key as row_part,
        -1 as coefficient,
        project_money.table_no,
        project_money.row_key,
        project_money.column_name,
        project_money.printed_text,
        project_money.cell_status,
        project_money.cell_value,
        project_money.half_unit,
        project_money.place,
        project_money.is_counted
    from figures
    inner join project_money
        on figures.report_id = project_money.report_id
    where figures.subject = '二级项目资金'

    union all

    select
        report_id,
        'y_change' as identity_id,
        claim_key as row_part,
        -coefficient as coefficient,
        table_no,
        row_key,
        column_name,
        printed_text,
        cell_status,
        cell_value,
        half_unit,
        place,
        is_counted
    from moved

    union all

    select
        report_id,
        'y_change' as identity_id,
        claim_key as row_part,
        coefficient,
        prior_table_no as table_no,
        row_key,
        column_name,
        prior_printed_text as printed_text,
        prior_cell_status as cell_status,
        prior_cell_value as cell_value,
        prior_half_unit as half_unit,
        prior_place as place,
        prior_is_counted as is_counted
    from moved

)

select * from final
{{ and_unchanged_rows() }}
