-- one row per report and amount cell of tables 公开01 to 公开10, blank cells too: what is printed there and what it stands for
{#-
    The ledger without the words that all reports share: which row and column a cell stands in says the number of its place. Writing
    those words for every cell would take longer than reading all reports.
#}
with

cells as (

    select * from {{ of_changed_reports(ref('int_cells_unpivoted')) }}

),

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

report_tables as (

    select * from {{ ref('stg_accounts__report_tables') }}

),

amount_units as (

    select * from {{ ref('amount_units') }}

),

forms as (

    select * from {{ ref('forms') }}

),

addresses as (

    select * from {{ ref('int_printed_addresses') }}

),

statuses as (

    select
        *,
        {{ cell_status('printed_text') }} as cell_status
    from cells

),

-- Decimals belong to a unit: those of a table in a unit of its own that does not say them are what it prints.
decimals_of_other_units as (

    select
        statuses.report_id,
        statuses.table_no,
        max({{ printed_decimals('statuses.printed_text') }}) as amount_decimals
    from statuses
    inner join report_tables
        on
            statuses.report_id = report_tables.report_id
            and statuses.table_no = report_tables.table_no
            and report_tables.amount_decimals is null
    inner join amount_units
        on report_tables.amount_unit = amount_units.amount_unit
    inner join reports
        on
            statuses.report_id = reports.report_id
            and amount_units.yuan <> reports.amount_unit_yuan
    where statuses.cell_status = 'amount'
    group by
        statuses.report_id,
        statuses.table_no

),

-- A table may print a unit of its own; otherwise it is the report's.
printed_units as (

    select
        reports.report_id,
        reports.report_no,
        forms.table_no,
        coalesce(report_tables.amount_decimals, decimals_of_other_units.amount_decimals, reports.amount_decimals) as amount_decimals,
        coalesce(amount_units.yuan, reports.amount_unit_yuan) as unit_yuan
    from reports
    cross join forms
    left join report_tables
        on
            reports.report_id = report_tables.report_id
            and forms.table_no = report_tables.table_no
    left join amount_units
        on report_tables.amount_unit = amount_units.amount_unit
    left join decimals_of_other_units
        on
            reports.report_id = decimals_of_other_units.report_id
            and forms.table_no = decimals_of_other_units.table_no

),

table_units as (

    select
        *,
        cast({{ half_unit('amount_decimals') }} * unit_yuan as decimal(18, 6)) as half_unit_yuan,
        cast(2 * {{ half_unit('amount_decimals') }} * unit_yuan as decimal(18, 6)) as place_yuan,
        -- a fen is the last place of yuan that there is
        length(cast(unit_yuan as string)) + 1 as decimals_to_the_fen
    from printed_units

),

-- Vehicles and sets are counted: no money, and no unit.
counts as (

    select distinct
        table_no,
        row_key
    from {{ ref('form_lines') }}
    where value_unit <> 'amount'

),

typed as (

    select
        statuses.*,
        {{ printed_amount('statuses.printed_text', 'statuses.cell_status') }} as amount,
        case when statuses.cell_status = 'amount' then {{ printed_decimals('statuses.printed_text') }} end as decimals,
        counts.row_key is null as is_money,
        addresses.address_no,
        table_units.report_no,
        table_units.unit_yuan,
        table_units.amount_decimals,
        table_units.half_unit_yuan,
        table_units.place_yuan,
        table_units.decimals_to_the_fen
    from statuses
    left join table_units
        on
            statuses.report_id = table_units.report_id
            and statuses.table_no = table_units.table_no
    left join counts
        on
            statuses.table_no = counts.table_no
            and statuses.row_key = counts.row_key
    left join addresses
        on
            statuses.table_no = addresses.table_no
            and statuses.row_key = addresses.row_key
            and statuses.column_name = addresses.column_name
            and coalesce(statuses.row_role, '') = coalesce(addresses.row_role, '')
            and coalesce(statuses.parent_key, '') = coalesce(addresses.parent_key, '')
            and coalesce(statuses.subject_code, '') = coalesce(addresses.subject_code, '')

),

converted as (

    select
        *,
        case when is_money then {{ to_yuan('amount', 'unit_yuan') }} end as amount_yuan
    from typed

),

-- An amount finer than a fen, or larger than any budget, cannot be money: its text is rejected, not rounded.
checked as (

    select
        *,
        case
            when not is_money or amount is null then false
            when amount_yuan is null then true
            when decimals > decimals_to_the_fen then amount_yuan <> amount * unit_yuan
            else false
        end as is_no_money
    from converted

),

final as (

    select
        report_no,
        address_no,
        table_no,
        row_no,
        line_no,
        printed_text,
        case when is_no_money then 'rejected' else cell_status end as cell_status,
        cast(case when not is_no_money then amount end as decimal(24, 6)) as amount,
        cast(case when not is_no_money then amount_yuan end as decimal(20, 2)) as amount_yuan,
        -- a cell that prints more decimals than its report is that much finer
        cast(
            case
                when not is_money or is_no_money or decimals is null then null
                when decimals <= amount_decimals then half_unit_yuan
                else cast({{ half_unit('decimals') }} * unit_yuan as decimal(18, 6))
            end as decimal(18, 6)
        ) as half_unit_yuan,
        cast(case when is_money then place_yuan end as decimal(18, 6)) as place_yuan
    from checked

)

select * from final
{{ and_unchanged_rows('report_no', 'quality.fct_report_cells', [
    'report_no', 'address_no', 'table_no', 'row_no', 'line_no', 'printed_text', 'cell_status', 'amount', 'amount_yuan',
    'half_unit_yuan', 'place_yuan',
]) }}
