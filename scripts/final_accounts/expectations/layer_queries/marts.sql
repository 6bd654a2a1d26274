-- Suite marts: marts, quality and reporting are complete and add up to what is printed. How these files are read: layers.py.

{# A sum of facts may be off the printed total by rounding only. Between the two stand row and hierarchy identities, each
   good for half a unit of every cell in it, and no cell is in more than two of them. #}
{% set bound = '2 * sum(half_unit_yuan)' %}

{# Printed cells to compare sums with; where a fatal break was waived, sums are known to be apart. #}
{% macro printed_cells() %}
    select cells.*
    from quality.fct_report_cells as cells
    where
        cells.cell_status = 'amount'
        and cells.report_id not in (
            select waived.report_id from quality.fct_identity_results as waived where waived.severity = 'fatal' and waived.status = 'waived'
        )
{% endmacro %}

{# Sums with report_id, table_no, row_key, column_name and amount_yuan that are off the cell of that name by more than
   rounding of the cells of the tables can explain. #}
{% macro off_the_printed(sums, tables=none) %}
with sums as (

    {{ sums }}

),

printed as (

    {{ printed_cells() }}

),

bounds as (

    select report_id, {{ 'table_no, ' if not tables }}{{ bound }} as bound_yuan
    from quality.fct_report_cells as cells
    {{ "where table_no in ('" ~ tables | join("', '") ~ "')" if tables }}
    group by all

)

select
    sums.report_id,
    sums.table_no,
    sums.row_key,
    sums.column_name,
    printed.amount_yuan as printed_yuan,
    sums.amount_yuan,
    sums.amount_yuan - printed.amount_yuan as difference_yuan,
    bounds.bound_yuan
from sums
inner join printed
    on
        sums.report_id = printed.report_id
        and sums.table_no = printed.table_no
        and sums.row_key = printed.row_key
        and sums.column_name = printed.column_name
inner join bounds
    on
        sums.report_id = bounds.report_id
        {{ 'and sums.table_no = bounds.table_no' if not tables }}
where abs(sums.amount_yuan - printed.amount_yuan) > bounds.bound_yuan
{% endmacro %}

-- promised_tables_are_there on information_schema.columns
-- 约定的表都在
-- The tables that readers rely on are there
select promised.table_name
from (values {% for table in promised_tables %}('{{ table }}'){{ ', ' if not loop.last }}{% endfor %}) as promised (table_name)
left join {{ batch }} as present on promised.table_name = present.table_schema || '.' || present.table_name
where present.table_name is null
;

-- money_is_never_a_float on information_schema.columns
-- 金额均为十进制定点数，不用浮点数
-- Money is decimal everywhere, and no column is a float
select table_schema, table_name, column_name, data_type
from {{ batch }}
where
    table_schema in ('marts', 'quality', 'reporting')
    and (data_type in ('FLOAT', 'DOUBLE') or (suffix(column_name, '_yuan') and not starts_with(data_type, 'DECIMAL')))
;

{% for table, key in keys.items() %}
-- key_of_{{ table.split('.')[1] }} on {{ table }}
-- {{ table }} 的主键非空且不重复
-- The key of {{ table }} is filled and unique ({{ key | join(', ') }})
select {{ key | join(', ') }}, count(*) as times
from {{ batch }}
group by {{ key | join(', ') }}
having count(*) > 1 or {% for column in key %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %}

;

{% endfor %}
-- amount_fits_its_status on quality.fct_report_cells
-- 状态为金额的单元格有数值，其余没有
-- A cell has a number exactly when its status is amount
select report_id, table_no, row_key, column_name, cell_status, printed_text, amount
from {{ batch }}
where (cell_status = 'amount') <> (amount is not null)
;

-- shares_are_parts_of_a_whole on reporting.rpt_spending_by_function
-- 占比在0与1之间（有负数金额的报告除外）
-- Shares are between 0 and 1, but in reports with negative amounts
select report_id, subject_code, fund, amount_yuan, share_of_total, share_of_parent
from {{ batch }}
where
    (share_of_total not between 0 and 1 or share_of_parent not between 0 and 1)
    and report_id not in (select report_id from marts.fct_expenditure where amount_yuan < 0)
;

-- every_report_is_released_or_says_why_not on raw.reports
-- 每份报告要么已发布，要么写明暂缓的原因，二者居其一
-- Every report is either released, or quality shows what holds it back
select reports.report_id
from (select distinct coalesce({{ trimmed('report_id') }}, '') as report_id from {{ batch }} as raw_reports) as reports
left join marts.dim_reports as released on reports.report_id = released.report_id
left join (select distinct report_id from quality.fct_hold_reasons) as reasons on reports.report_id = reasons.report_id
where (released.report_id is null) = (reasons.report_id is null)
;

-- no_row_of_a_held_back_report on marts.dim_reports
-- 暂缓发布的报告没有任何数据进入集市和报表
-- No mart and no reporting view has a row of a report that is held back
{% for table in tables_with('marts', 'report_id') + tables_with('reporting', 'report_id') if table != 'marts.dim_reports' %}
select '{{ table }}' as table_name, facts.report_id, count(*) as fact_rows
from {{ table }} as facts
anti join {{ batch }} as reports on facts.report_id = reports.report_id
group by all
{{ 'union all' if not loop.last }}
{% endfor %}
;

-- every_identity_is_answered_for_every_report on staging.stg_accounts__reports
-- 每份报告对当年有效的每条勾稽关系都有结果
-- Every report has a result for every identity of its year
select reports.report_id, identities.identity_id, identities.title_zh
from {{ batch }} as reports
inner join raw.identities as identities
    on reports.fiscal_year between coalesce(identities.first_year, 0) and coalesce(identities.last_year, 9999)
left join (select distinct report_id, identity_id from quality.fct_identity_results) as results
    on
        reports.report_id = results.report_id
        and identities.identity_id = results.identity_id
where results.report_id is null
;

-- what_did_not_run_says_why on quality.fct_identity_results
-- 未能核对的勾稽关系都说明了原因
-- An identity that could not run says why
select report_id, identity_id, instance_key, status
from {{ batch }}
where status = 'not_evaluable' and coalesce(reason, '') = ''
;

-- identities_hold_together on quality.fct_joint_conflicts, warning
-- 逐条成立的勾稽关系合在一起也成立
-- Identities that hold one by one hold together
select report_id, conflict_no, identity_id, instance_key, table_no, row_key, column_name, printed_text, apart_yuan
from {{ batch }}
;

-- every_printed_amount_has_one_place on quality.fct_report_cells
-- 每个印出的金额有且只有一个去处
-- Every printed amount lands in one place, or is named as a total, a repetition or a reject
select cells.report_id, cells.table_no, cells.row_key, cells.column_name, cells.printed_text, count(uses.cell_use) as places
from {{ batch }} as cells
left join quality.fct_cell_uses as uses
    on
        cells.report_id = uses.report_id
        and cells.table_no = uses.table_no
        and cells.row_key = uses.row_key
        and cells.column_name = uses.column_name
        and uses.cell_use in ('fact', 'total', 'repetition', 'held_back', 'rejected')
where cells.cell_status in ('amount', 'rejected')
group by all
having count(uses.cell_use) <> 1
;

-- facts_are_printed_cells on quality.fct_report_cells
-- 收入、支出事实与印出的单元格逐笔对应，金额相同
-- Facts of revenue and expenditure and the printed cells that land there are the same, cell by cell
with facts as (

    {% for mart in ['fct_revenue', 'fct_expenditure', 'fct_basic_expenditure'] %}
    select '{{ mart }}' as mart, report_id, table_no, subject_code as row_key, column_name, amount_yuan
    from marts.{{ mart }}
    {{ "where table_no <> '03'" if mart == 'fct_expenditure' }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- What table 03 has beyond the fiscal tables is a difference, not a cell.
printed as (

    select uses.mart, cells.report_id, cells.table_no, cells.row_key, cells.column_name, cells.amount_yuan
    from {{ batch }} as cells
    inner join quality.fct_cell_uses as uses
        on
            cells.report_id = uses.report_id
            and cells.table_no = uses.table_no
            and cells.row_key = uses.row_key
            and cells.column_name = uses.column_name
    where
        uses.cell_use = 'fact'
        and uses.mart in ('fct_revenue', 'fct_expenditure', 'fct_basic_expenditure')
        and cells.table_no <> '03'

)

select
    mart,
    report_id,
    table_no,
    row_key,
    column_name,
    printed.amount_yuan as printed_yuan,
    facts.amount_yuan
from facts
full join printed using (mart, report_id, table_no, row_key, column_name)
where facts.amount_yuan is distinct from printed.amount_yuan
;

-- revenue_adds_up_to_table_02 on marts.fct_revenue
-- 各来源收入事实合计等于02表合计行
-- Revenue adds up to the total row of table 02, source by source
{% set sums %}
    select report_id, '02' as table_no, 'total' as row_key, revenue_source as column_name, sum(amount_yuan) as amount_yuan
    from {{ batch }} as facts
    group by all
{% endset %}
{{ off_the_printed(sums) }}
;

-- expenditure_adds_up_to_tables_05_07_08 on marts.fct_expenditure
-- 各类预算支出事实合计等于05、07、08表合计
-- Expenditure of each budget adds up to the total of table 05, 07 or 08
{% set sums %}
    select facts.report_id, totals.table_no, 'total' as row_key, totals.column_name, sum(facts.amount_yuan) as amount_yuan
    from {{ batch }} as facts
    inner join (values
        ('general_public_budget', '05', 'total'),
        ('government_fund', '07', 'expenditure_total'),
        ('state_capital_operations', '08', 'total')
    ) as totals (fund, table_no, column_name) on facts.fund = totals.fund
    group by all
{% endset %}
{{ off_the_printed(sums) }}
;

-- all_funds_add_up_to_table_03 on marts.fct_expenditure
-- 各类资金支出事实合计等于03表合计
-- Expenditure of all funds adds up to the total of table 03
{% set sums %}
    select report_id, '03' as table_no, 'total' as row_key, 'total' as column_name, sum(amount_yuan) as amount_yuan
    from {{ batch }} as facts
    group by all
{% endset %}
{{ off_the_printed(sums, ['03', '05', '07', '08']) }}
;

-- basic_expenditure_adds_up_to_table_06 on marts.fct_basic_expenditure
-- 人员经费、公用经费事实合计等于06表合计
-- Personnel and general operating expenditure add up to the totals of table 06
{% set sums %}
    select report_id, '06' as table_no, economic_category || '_total' as row_key, 'amount' as column_name, sum(amount_yuan) as amount_yuan
    from {{ batch }} as facts
    group by all
{% endset %}
{{ off_the_printed(sums) }}
;

-- balances_add_up_to_table_01 on marts.fct_fund_balances
-- 各类资金的结转、收入、支出合计等于01表
-- Balances, revenue and expenditure of the funds add up to table 01
{% set sums %}
    {% for row_key, measure in [
        ('opening_balance', 'opening_balance_yuan'),
        ('revenue_total', 'revenue_yuan'),
        ('expenditure_total', 'expenditure_yuan'),
        ('closing_balance', 'closing_balance_yuan'),
    ] %}
    select report_id, '01' as table_no, '{{ row_key }}' as row_key, 'amount' as column_name, sum({{ measure }}) as amount_yuan
    from {{ batch }} as facts
    group by all
    {{ 'union all' if not loop.last }}
    {% endfor %}
{% endset %}
{{ off_the_printed(sums, ['01', '04']) }}
;

-- classes_add_up_to_the_facts on reporting.rpt_spending_by_function
-- 功能分类报表的类级合计等于支出事实合计，分文不差
-- The classes of the spending report add up to the facts, to the fen
select report_id, facts.amount_yuan, classes.amount_yuan as classes_yuan
from (select report_id, sum(amount_yuan) as amount_yuan from marts.fct_expenditure group by all) as facts
full join (
    select report_id, sum(amount_yuan) as amount_yuan from {{ batch }} as report where subject_level = 'class' group by all
) as classes using (report_id)
where facts.amount_yuan is distinct from classes.amount_yuan
;

-- one_row_a_department_and_year on marts.dim_reports
-- 部门年度报表中每份已发布报告恰有一行
-- The report on department years has one row for each released report
select reports.report_id, count(years.report_id) as times
from {{ batch }} as reports
left join reporting.rpt_department_years as years on reports.report_id = years.report_id
group by all
having count(years.report_id) <> 1
;
