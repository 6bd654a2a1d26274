-- one row per report, check and row part (null: all of it) with a row that is not printed and that need not be nought
{#-
    A line that is left out of a summary is nought where those that are printed make up their total without it, by rounding or by
    cutting; otherwise it may be anything.
#}
with

registered as (

    select * from {{ ref('int_identity_terms_registered') }}

),

instances as (

    select * from {{ ref('int_identity_instances') }}

),

table_sums as (

    select * from {{ ref('int_table_sums') }} where is_total

),

sums as (

    select * from {{ ref('int_identity_sums') }}

),

addresses as (

    select * from {{ ref('int_cell_addresses') }}

),

forms as (

    select * from {{ ref('forms') }}

),

cell_values as (

    select * from {{ of_changed_reports(ref('int_cell_values'), 'report_no') }}

),

named_rows as (

    select distinct
        check_no,
        table_no,
        selector_key as row_key
    from registered
    where
        selector = 'key'
        and table_no in ('01', '04')

    union

    -- every table by subject begins with its total
    select
        registered.check_no,
        registered.table_no,
        'total' as row_key
    from registered
    inner join forms
        on
            registered.table_no = forms.table_no
            and forms.row_kind = 'functional_subjects'
    where registered.selector in ('each', 'parent')

),

printed_rows as (

    select distinct
        cell_values.report_no,
        addresses.table_no,
        addresses.row_key
    from cell_values
    inner join addresses
        on cell_values.address_no = addresses.address_no

),

fund_lines as (

    select distinct row_key
    from {{ ref('form_lines') }}
    where
        table_no = '01'
        and fund is not null

),

-- One line for all funds is printed in place of theirs.
checks_of_all_funds as (

    select distinct
        printed_rows.report_no,
        registered.check_no,
        registered.table_no
    from registered
    inner join printed_rows
        on
            registered.table_no = printed_rows.table_no
            and registered.selector_key = printed_rows.row_key
    where registered.selector_key = 'revenue_fiscal_appropriation'

),

tables_with_rows as (

    select distinct
        report_no,
        table_no
    from printed_rows

),

rows_left_out as (

    select
        tables_with_rows.report_no,
        named_rows.check_no,
        named_rows.table_no,
        named_rows.row_key
    from tables_with_rows
    inner join named_rows
        on
            tables_with_rows.table_no = named_rows.table_no
            and named_rows.row_key <> 'revenue_fiscal_appropriation'
    left join printed_rows
        on
            tables_with_rows.report_no = printed_rows.report_no
            and named_rows.table_no = printed_rows.table_no
            and named_rows.row_key = printed_rows.row_key
    left join fund_lines
        on named_rows.row_key = fund_lines.row_key
    left join checks_of_all_funds
        on
            tables_with_rows.report_no = checks_of_all_funds.report_no
            and case when fund_lines.row_key is not null then named_rows.check_no end = checks_of_all_funds.check_no
            and named_rows.table_no = checks_of_all_funds.table_no
    where
        printed_rows.report_no is null
        and checks_of_all_funds.check_no is null

),

-- Cutting can explain twice of what rounding can.
totals_unlike_their_lines as (

    select distinct
        sums.report_no,
        instances.check_no
    from sums
    inner join table_sums
        on sums.instance_no = table_sums.instance_no
    inner join instances
        on
            sums.instance_no = instances.instance_no
            and instances.is_in_every_report
    where
        abs(coalesce(sums.left_side, 0) - coalesce(sums.right_side, 0) + instances.constant)
        > 2 * (coalesce(sums.half_above, 0) + coalesce(sums.half_below, 0) + coalesce(sums.half_zero, 0))

),

rows_left_open as (

    select
        rows_left_out.report_no,
        rows_left_out.table_no,
        rows_left_out.row_key
    from rows_left_out
    inner join totals_unlike_their_lines
        on
            rows_left_out.report_no = totals_unlike_their_lines.report_no
            and rows_left_out.check_no = totals_unlike_their_lines.check_no

    union

    select
        rows_left_out.report_no,
        rows_left_out.table_no,
        rows_left_out.row_key
    from rows_left_out
    inner join checks_of_all_funds
        on
            rows_left_out.report_no = checks_of_all_funds.report_no
            and rows_left_out.table_no = checks_of_all_funds.table_no
    inner join fund_lines
        on rows_left_out.row_key = fund_lines.row_key

    union

    select
        report_no,
        table_no,
        row_key
    from rows_left_out
    where row_key = 'total'

),

final as (

    select
        rows_left_out.report_no,
        rows_left_out.check_no,
        case when rows_left_out.row_key = 'total' then 'total' end as row_part,
        min('table ' || rows_left_out.table_no || ' prints no row ' || rows_left_out.row_key) as reason
    from rows_left_out
    inner join rows_left_open
        on
            rows_left_out.report_no = rows_left_open.report_no
            and rows_left_out.table_no = rows_left_open.table_no
            and rows_left_out.row_key = rows_left_open.row_key
    group by
        rows_left_out.report_no,
        rows_left_out.check_no,
        case when rows_left_out.row_key = 'total' then 'total' end

)

select * from final
