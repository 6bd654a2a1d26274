-- one row per report and table printed with line numbers: whether they are unbroken
with

cells as (

    select * from {{ of_changed_reports(ref('int_cells_in_words')) }} where line_no is not null

),

-- Every line has a cell, blank or not.
lines as (

    select distinct
        report_no,
        report_id,
        table_no,
        row_no,
        line_no
    from cells

),

numbered as (

    select
        *,
        lag(line_no) over (partition by report_no, table_no order by row_no) as line_before
    from lines

),

-- Lines that are parts of the one above them are kept apart, with their numbers.
kept_apart as (

    select distinct
        report_id,
        table_no,
        try_cast(printed_text as integer) as line_no
    from {{ ref('stg_accounts__other_cells') }}
    where heading = '行次'

),

steps as (

    select
        numbered.report_no,
        numbered.report_id,
        numbered.table_no,
        numbered.row_no,
        numbered.line_no,
        numbered.line_before,
        count(kept_apart.line_no) as lines_apart
    from numbered
    left join kept_apart
        on
            numbered.report_id = kept_apart.report_id
            and numbered.table_no = kept_apart.table_no
            and numbered.line_before < kept_apart.line_no
            and numbered.line_no > kept_apart.line_no
    group by all

),

final as (

    select
        report_id,
        's_line_numbers' as identity_id,
        table_no as instance_key,
        bool_and(line_before is null or line_no = line_before + lines_apart + 1) as holds,
        'line numbers jump from '
        || min(
            case
                when line_no <> line_before + lines_apart + 1 then cast(line_before as string) || ' to ' || cast(line_no as string)
            end
        ) as reason
    from steps
    group by
        report_no,
        report_id,
        table_no

)

select * from final
