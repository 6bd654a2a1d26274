-- one row per report, functional subject and kind that table 03 spends beyond those of tables 05, 07 and 08 that are printed
with

amounts as (

    select * from {{ ref('int_subject_amounts') }} where expenditure_kind is not null and table_no in ('03', '05', '07', '08')

),

open_funds as (

    select * from {{ ref('int_funds_left_open') }}

),

-- Without table 03 there is nothing that something could be left over of.
reports as (

    select report_id
    from {{ ref('int_tables_printed') }}
    where
        table_no = '03'
        and print_status <> 'missing'

),

leaves as (

    select distinct
        amounts.report_id,
        amounts.subject_code
    from amounts
    inner join reports
        on amounts.report_id = reports.report_id

),

-- The tables may stop at different levels; they are compared at the coarsest one: a leaf's base is the highest leaf of any
-- of them that stands above it, or itself.
bases as (

    select
        leaves.report_id,
        leaves.subject_code,
        coalesce(classes.subject_code, sections.subject_code, leaves.subject_code) as base_code
    from leaves
    -- equal keys only: a comparison of every leaf with every other takes a time that grows with the square of the reports
    left join leaves as classes
        on
            leaves.report_id = classes.report_id
            and substr(leaves.subject_code, 1, 3) = classes.subject_code
    left join leaves as sections
        on
            leaves.report_id = sections.report_id
            and substr(leaves.subject_code, 1, 5) = sections.subject_code

),

compared as (

    select
        amounts.report_id,
        bases.base_code as subject_code,
        amounts.expenditure_kind,
        sum(case when amounts.table_no = '03' then amounts.amount_yuan else 0 end) as all_funds_yuan,
        sum(case when amounts.table_no = '03' then 0 else amounts.amount_yuan end) as fiscal_yuan,
        sum(amounts.half_unit_yuan) as bound_yuan
    from amounts
    inner join bases
        on
            amounts.report_id = bases.report_id
            and amounts.subject_code = bases.subject_code
    group by
        amounts.report_id,
        bases.base_code,
        amounts.expenditure_kind

),

-- Only one fund can have paid what is left over, or it is not known which.
payers as (

    select
        report_id,
        class_code,
        case when count(*) = 1 then max(fund) else 'unknown' end as fund
    from open_funds
    group by
        report_id,
        class_code

),

-- Less than the printed places can tell apart is a rounding difference, not spending.
final as (

    select
        compared.report_id,
        compared.subject_code,
        coalesce(payers.fund, 'non_fiscal') as fund,
        compared.expenditure_kind,
        compared.all_funds_yuan - compared.fiscal_yuan as amount_yuan,
        compared.bound_yuan
    from compared
    left join payers
        on
            -- the fiscal tables have no other kinds
            case when compared.expenditure_kind in ('basic', 'project') then compared.report_id end = payers.report_id
            and substr(compared.subject_code, 1, 3) = payers.class_code
    where abs(compared.all_funds_yuan - compared.fiscal_yuan) > compared.bound_yuan

)

select * from final
