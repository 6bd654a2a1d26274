-- What the identities made of the mutants of $report and of the clean synthetic reports. Reads quality.*, main.mutants.

-- A text that is no amount any more is named as such; nothing more is needed to find it.
create or replace temp table unreadable as
select cells.report_id, cells.table_no, cells.row_key, cells.column_name
from quality.fct_report_cells as cells
inner join main.mutants as mutants on cells.report_id = mutants.mutant_id
where cells.cell_status = 'rejected';

-- A mutant whose cells are all as before (a blank slipped over a blank) is no error.
create or replace temp table changed_cells as
select mutants.mutant_id, cells.table_no, cells.row_key, cells.column_name, coalesce(before.amount_yuan, before.amount, 0) as true_value
from main.mutants as mutants
inner join quality.fct_report_cells as cells on mutants.mutant_id = cells.report_id
inner join quality.fct_report_cells as before
    on mutants.report_id = before.report_id
    and cells.table_no = before.table_no and cells.row_no = before.row_no and cells.column_name = before.column_name
where coalesce(cells.amount_yuan, cells.amount, 0) <> coalesce(before.amount_yuan, before.amount, 0);

-- How far a cell can move before one of its identities must notice, from the report as printed.
create or replace temp table cell_bounds as
select
    terms.table_no,
    terms.row_key,
    terms.column_name,
    max(case when results.comparison = 'equal' or terms.coefficient < 0
        then -results.residual_yuan * terms.coefficient - results.bound_yuan + terms.half_unit - terms.place / 2 end) as lowest_change,
    min(case when results.comparison = 'equal' or terms.coefficient > 0
        then -results.residual_yuan * terms.coefficient + results.bound_yuan - terms.half_unit + case when terms.is_counted then 0 else terms.place / 2 end end) as highest_change
from intermediate.int_identity_terms as terms
inner join quality.fct_identity_results as results
    on terms.report_no = results.report_no and terms.instance_no = results.instance_no
where terms.report_id = '$report' and results.status in ('exact', 'rounding') and results.severity in ('fatal', 'error')
group by all;

create or replace temp table new_breaks as
select results.report_id as mutant_id, count(*) as breaks
from quality.fct_identity_results as results
inner join main.mutants as mutants on results.report_id = mutants.mutant_id
left join quality.fct_identity_results as before
    on mutants.report_id = before.report_id and results.identity_id = before.identity_id
    and results.instance_key = before.instance_key and before.status = 'broken'
where results.status = 'broken' and results.severity in ('fatal', 'error') and before.report_id is null
group by results.report_id;

-- The suspects of the cluster of the tables, or, where no table is broken, of the text that contradicts them.
create or replace temp table suspected as
select suspects.*
from quality.fct_suspect_cells as suspects
inner join main.mutants as mutants on suspects.report_id = mutants.mutant_id
left join quality.fct_suspect_cells as before
    on mutants.report_id = before.report_id and suspects.table_no = before.table_no
    and suspects.row_key = before.row_key and suspects.column_name = before.column_name
where before.report_id is null
qualify suspects.severity = max(suspects.severity) over (partition by suspects.report_id);

create or replace temp table verdicts as
select
    mutants.kind,
    mutants.table_no,
    changed.mutant_id,
    any_value(changed.row_key) as row_key,
    any_value(changed.column_name) as column_name,
    any_value(mutants.text) as text,
    coalesce(max(new_breaks.breaks), 0) > 0 or count(unreadable.report_id) > 0 as is_found,
    max(coalesce(cells.amount_yuan, cells.amount, 0) - changed.true_value) as change,
    max(bounds.lowest_change) as lowest_change,
    max(bounds.highest_change) as highest_change,
    case when count(unreadable.report_id) > 0 then 1 else max(suspects.suspects) end as suspects,
    case when count(unreadable.report_id) > 0 then 1 else max(rightly.suspect_rank) end as right_rank,
    bool_or(rightly.proposed_value = changed.true_value) as is_value_right,
    bool_and(changed.true_value between coalesce(rightly.lowest_value, changed.true_value) and coalesce(rightly.highest_value, changed.true_value))
        as is_in_interval
from changed_cells as changed
inner join main.mutants as mutants on changed.mutant_id = mutants.mutant_id
inner join quality.fct_report_cells as cells
    on changed.mutant_id = cells.report_id and changed.table_no = cells.table_no
    and changed.row_key = cells.row_key and changed.column_name = cells.column_name
left join unreadable
    on changed.mutant_id = unreadable.report_id and changed.table_no = unreadable.table_no
    and changed.row_key = unreadable.row_key and changed.column_name = unreadable.column_name
left join new_breaks on changed.mutant_id = new_breaks.mutant_id
left join cell_bounds as bounds
    on changed.table_no = bounds.table_no and changed.row_key = bounds.row_key and changed.column_name = bounds.column_name
left join (select report_id, count(*) as suspects from suspected group by report_id) as suspects on changed.mutant_id = suspects.report_id
left join suspected as rightly
    on changed.mutant_id = rightly.report_id and changed.table_no = rightly.table_no
    and changed.row_key = rightly.row_key and changed.column_name = rightly.column_name
group by mutants.kind, mutants.table_no, changed.mutant_id;

-- A run that slipped is named rightly where the table, the direction and all rows that changed are.
create or replace temp table named_runs as
select
    changed.mutant_id,
    runs.table_no = any_value(mutants.table_no)
    and runs.direction = any_value(case mutants.step when 1 then 'down' else 'up' end)
    and runs.first_row_no <= min(cells.row_no)
    and runs.last_row_no >= max(cells.row_no) as is_right
from changed_cells as changed
inner join main.mutants as mutants on changed.mutant_id = mutants.mutant_id and mutants.kind = 'shifted_rows'
inner join quality.fct_report_cells as cells
    on changed.mutant_id = cells.report_id and changed.table_no = cells.table_no
    and changed.row_key = cells.row_key and changed.column_name = cells.column_name
inner join quality.fct_shifted_rows as runs on changed.mutant_id = runs.report_id
group by changed.mutant_id, runs.table_no, runs.direction, runs.first_row_no, runs.last_row_no;

update verdicts
set
    suspects = runs.runs,
    right_rank = case when runs.is_right then 1 end,
    is_value_right = runs.is_right
from (select mutant_id, count(*) as runs, bool_or(is_right) as is_right from named_runs group by mutant_id) as runs
where verdicts.mutant_id = runs.mutant_id;
