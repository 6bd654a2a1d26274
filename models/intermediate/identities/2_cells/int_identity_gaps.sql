-- one row per report and check that cannot run because a table or a named row is not printed
with

reports as (

    select * from {{ of_changed_reports(ref('stg_accounts__reports')) }}

),

identities as (

    select * from {{ ref('identities') }}

),

checks as (

    select * from {{ ref('int_identity_checks') }}

),

registered as (

    select * from {{ ref('int_identity_terms_registered') }}

),

addresses as (

    select * from {{ ref('int_cell_addresses') }}

),

cell_values as (

    select * from {{ of_changed_reports(ref('int_cell_values'), 'report_no') }}

),

tables_printed as (

    select * from {{ of_changed_reports(ref('int_tables_printed')) }}

),

added_columns as (

    {% for year in ['', 'prior-'] -%}
    select
        '{{ year }}' || table_no as table_no,
        column_name
    from {{ ref('form_columns') }}
    where not is_national
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

form_lines as (

    select distinct
        table_no,
        panel,
        row_key
    from {{ ref('form_lines') }}

),

needed_rows as (

    select distinct
        check_no,
        table_no,
        selector_key as row_key,
        is_required
    from registered
    where selector = 'key'

),

needed_addresses as (

    select distinct
        addresses.address_no,
        addresses.table_no,
        addresses.row_key
    from addresses
    inner join needed_rows
        on
            addresses.table_no = needed_rows.table_no
            and addresses.row_key = needed_rows.row_key
            and needed_rows.is_required

),

tables_with_rows as (

    select distinct
        cell_values.report_no,
        addresses.table_no
    from cell_values
    inner join addresses
        on cell_values.address_no = addresses.address_no

),

-- What is empty by its own word is known, though it may have no row: all of it is zero.
known_tables as (

    select * from tables_with_rows

    union

    select
        report_no,
        table_no
    from tables_printed
    where print_status <> 'missing'

),

printed_rows as (

    select distinct
        cell_values.report_no,
        addresses.table_no,
        addresses.row_key
    from cell_values
    inner join needed_addresses as addresses
        on cell_values.address_no = addresses.address_no

),

printed_panels as (

    select distinct
        cell_values.report_no,
        addresses.table_no,
        form_lines.panel
    from cell_values
    inner join addresses
        on cell_values.address_no = addresses.address_no
    inner join form_lines
        on
            addresses.table_no = form_lines.table_no
            and addresses.row_key = form_lines.row_key

),

needed_tables as (

    select
        registered.check_no,
        registered.table_no,
        identities.missing_mode,
        min(registered.coefficient) as coefficient
    from registered
    inner join identities
        on registered.identity_id = identities.identity_id
    group by
        registered.check_no,
        registered.table_no,
        identities.missing_mode

),

needed_panels as (

    select distinct
        needed_rows.check_no,
        needed_rows.table_no,
        form_lines.panel
    from needed_rows
    inner join form_lines
        on
            needed_rows.table_no = form_lines.table_no
            and needed_rows.row_key = form_lines.row_key

    union

    -- classes are lines of one panel
    select
        registered.check_no,
        registered.table_no,
        form_lines.panel
    from registered
    inner join form_lines
        on registered.table_no = form_lines.table_no
    where
        registered.selector in ('class', 'classes')
        and length(form_lines.row_key) = 3

),

-- Where a whole is below zero somewhere, so may be a part that is not printed, and the others may well be larger.
wholes_below_zero as (

    select distinct
        cell_values.report_no,
        registered.check_no
    from cell_values
    inner join addresses
        on cell_values.address_no = addresses.address_no
    inner join registered
        on
            addresses.table_no = registered.table_no
            and addresses.column_name = registered.column_name
            and registered.coefficient = -1
    inner join identities
        on
            registered.identity_id = identities.identity_id
            and identities.missing_mode = 'fewer_terms'
    where cell_values.cell_value < 0

),

asked_tables as (

    select
        reports.report_no,
        needed_tables.check_no,
        needed_tables.table_no,
        known_tables.report_no is null as is_missing,
        -- parts that are not larger than a whole: those that are printed are not larger, either
        needed_tables.missing_mode = 'fewer_terms'
        and needed_tables.coefficient = 1
        and wholes_below_zero.report_no is null as can_be_left_out
    from reports
    cross join needed_tables
    left join wholes_below_zero
        on
            reports.report_no = wholes_below_zero.report_no
            and needed_tables.check_no = wholes_below_zero.check_no
    left join known_tables
        on
            reports.report_no = known_tables.report_no
            and needed_tables.table_no = known_tables.table_no

),

missing_tables as (

    select
        report_no,
        check_no,
        'table ' || table_no || ' is not printed' as reason
    from asked_tables
    qualify
        is_missing
        and not (
            can_be_left_out
            and count(*) filter (where can_be_left_out and not is_missing) over (partition by report_no, check_no) > 0
        )

),

missing_panels as (

    select
        tables_with_rows.report_no,
        needed_panels.check_no,
        'table ' || needed_panels.table_no || ' prints nothing of its part ' || needed_panels.panel as reason
    from tables_with_rows
    inner join needed_panels
        on tables_with_rows.table_no = needed_panels.table_no
    left join printed_panels
        on
            tables_with_rows.report_no = printed_panels.report_no
            and needed_panels.table_no = printed_panels.table_no
            and needed_panels.panel = printed_panels.panel
    where printed_panels.report_no is null

),

missing_rows as (

    select
        tables_with_rows.report_no,
        needed_rows.check_no,
        'table ' || needed_rows.table_no || ' prints no row ' || needed_rows.row_key as reason
    from tables_with_rows
    inner join needed_rows
        on
            tables_with_rows.table_no = needed_rows.table_no
            and needed_rows.is_required
    left join printed_rows
        on
            tables_with_rows.report_no = printed_rows.report_no
            and needed_rows.table_no = printed_rows.table_no
            and needed_rows.row_key = printed_rows.row_key
    where printed_rows.report_no is null

),

named_items as (

    select distinct
        check_no,
        table_no,
        selector_key as item
    from registered
    where
        selector = 'key'
        and {{ is_match('selector_key', '^[0-9]{7}$') }}

),

-- An item whose section or class is printed without anything below it may well have been spent on: it is not zero.
missing_levels as (

    select
        cell_values.report_no,
        named_items.check_no,
        'table ' || named_items.table_no || ' stops above subject ' || named_items.item as reason
    from cell_values
    inner join addresses
        on cell_values.address_no = addresses.address_no
    inner join named_items
        on
            addresses.table_no = named_items.table_no
            and left(addresses.row_key, 3) = left(named_items.item, 3)
    group by
        cell_values.report_no,
        named_items.check_no,
        named_items.table_no,
        named_items.item
    having
        not bool_or(length(addresses.row_key) > 3)
        or (
            bool_or(addresses.row_key = left(named_items.item, 5))
            and not bool_or(
                left(addresses.row_key, 5) = left(named_items.item, 5)
                and length(addresses.row_key) > 5
            )
        )

),

-- Columns that only some provinces print: where a report has none of them, nothing follows from that.
printed_columns as (

    select distinct
        cell_values.report_no,
        addresses.table_no,
        addresses.column_name
    from cell_values
    inner join addresses
        on cell_values.address_no = addresses.address_no
    inner join added_columns
        on
            addresses.table_no = added_columns.table_no
            and addresses.column_name = added_columns.column_name

),

missing_columns as (

    select distinct
        known_tables.report_no,
        registered.check_no,
        'table ' || registered.table_no || ' prints no column ' || registered.column_name as reason
    from known_tables
    inner join registered
        on known_tables.table_no = registered.table_no
    inner join added_columns
        on
            registered.table_no = added_columns.table_no
            and registered.column_name = added_columns.column_name
    left join printed_columns
        on
            known_tables.report_no = printed_columns.report_no
            and registered.table_no = printed_columns.table_no
            and registered.column_name = printed_columns.column_name
    where printed_columns.report_no is null

),

gaps as (

    select * from missing_tables

    union all

    select * from missing_panels

    union all

    select * from missing_rows

    union all

    select * from missing_levels

    union all

    select * from missing_columns

),

final as (

    select
        gaps.report_no,
        gaps.check_no,
        checks.identity_id,
        min(gaps.reason) as reason
    from gaps
    inner join checks
        on gaps.check_no = checks.check_no
    group by
        gaps.report_no,
        gaps.check_no,
        checks.identity_id

)

select * from final
