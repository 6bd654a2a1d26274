-- Each kind of expenditure, summed over subjects and funds, is the total of table 03: the non-fiscal rows are what makes the
-- fiscal tables whole, and a subject that got lost between the tables or counts twice shows here.
-- What rounding explains: facts may be off from the leaves of table 03 by the half units of the leaves on both sides (so much
-- passes for no spending), and those leaves from the printed total by their own half units and the total's.
with

cells as (

    select * from {{ ref('fct_report_cells') }} where table_no in ('03', '05', '07', '08')

),

reports as (

    {{ reports_that_add_up() }}

),

form_columns as (

    select * from {{ ref('form_columns') }} where expenditure_kind is not null

),

facts as (

    select
        report_id,
        expenditure_kind,
        sum(amount_yuan) as amount_yuan
    from {{ ref('fct_expenditure') }}
    group by
        report_id,
        expenditure_kind

),

-- A total that no fact is a part of must be zero; a report that prints no total row has nothing to compare with.
compared as (

    select
        cells.report_id,
        form_columns.expenditure_kind,
        coalesce(sum(cells.amount_yuan) filter (where cells.table_no = '03' and cells.row_key = 'total'), 0) as total_yuan,
        coalesce(sum(cells.half_unit_yuan) filter (where cells.table_no = '03' and cells.row_key = 'total'), 0)
        + coalesce(sum(2 * cells.half_unit_yuan) filter (where cells.table_no = '03' and cells.row_role = 'leaf'), 0)
        + coalesce(sum(cells.half_unit_yuan) filter (where cells.table_no <> '03' and cells.row_role = 'leaf'), 0) as bound_yuan
    from cells
    inner join reports
        on cells.report_id = reports.report_id
    inner join form_columns
        on
            cells.table_no = form_columns.table_no
            and cells.column_name = form_columns.column_name
    group by
        cells.report_id,
        form_columns.expenditure_kind
    having count(*) filter (where cells.table_no = '03' and cells.row_key = 'total') > 0

),

final as (

    select
        compared.report_id,
        compared.expenditure_kind,
        'report ' || compared.report_id || ', kind ' || compared.expenditure_kind || ': table 03 prints '
        || cast(compared.total_yuan as string) || ' yuan and fct_expenditure adds up to '
        || cast(coalesce(facts.amount_yuan, 0) as string) || '; rounding explains '
        || cast(compared.bound_yuan as string) || ' and not '
        || cast(abs(coalesce(facts.amount_yuan, 0) - compared.total_yuan) as string) as problem
    from compared
    left join facts
        on
            compared.report_id = facts.report_id
            and compared.expenditure_kind = facts.expenditure_kind
    where abs(coalesce(facts.amount_yuan, 0) - compared.total_yuan) > compared.bound_yuan

)

select * from final
