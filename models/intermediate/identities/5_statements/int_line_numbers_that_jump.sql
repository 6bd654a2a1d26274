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

final as (

    select
        report_id,
        's_line_numbers' as identity_id,
        table_no as instance_key,
        bool_and(line_before is null or line_no = line_before + 1) as holds,
        'line numbers jump from '
        || min(case when line_no <> line_before + 1 then cast(line_before as string) || ' to ' || cast(line_no as string) end) as reason
    from numbered
    group by
        report_no,
        report_id,
        table_no

)

select * from final
