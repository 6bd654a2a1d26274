-- Suite staging: nothing is dropped and nothing is changed on the way to the cell ledger. How these files are read: layers.py.
{% set raw_tables = tables_with('raw', 'report_id') | reject('equalto', 'raw.waivers') | map('replace', 'raw.', '') | list %}

-- raw_tables_are_staged on information_schema.columns
-- 每张原始表都有一个对应的 staging 视图
-- Every raw table has its view in staging
select distinct raw_tables.table_name
from {{ batch }} as raw_tables
left join {{ batch }} as views
    on
        views.table_schema = 'staging'
        and 'stg_accounts__' || raw_tables.table_name = views.table_name
where
    raw_tables.table_schema = 'raw'
    and raw_tables.column_name = 'report_id'
    and raw_tables.table_name <> 'waivers'
    and views.table_name is null
;

-- staging_keeps_every_row on raw.reports
-- staging 不丢行、不增行
-- Staging drops no row and adds none
select differences.*
from (
    {% for table in raw_tables if 'staging.stg_accounts__' ~ table in columns %}
    select
        '{{ table }}' as raw_table,
        coalesce(printed.report_id, staged.report_id) as report_id,
        coalesce(printed.raw_rows, 0) as raw_rows,
        coalesce(staged.staged_rows, 0) as staged_rows
    from (
        select {{ trimmed('report_id') }} as report_id, count(*) as raw_rows from raw.{{ table }} group by all
    ) as printed
    full join (
        select report_id, count(*) as staged_rows from staging.stg_accounts__{{ table }} group by all
    ) as staged on printed.report_id = staged.report_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
) as differences
where
    differences.raw_rows <> differences.staged_rows
    -- what cannot be staged is held back, and named
    and differences.report_id is not null
    and differences.report_id not in (select report_id from intermediate.int_malformed_reports)
    and exists (select 1 from {{ batch }} as reports)
;

-- every_printed_amount_is_in_the_ledger on quality.fct_report_cells
-- 每个印出的金额逐字进入单元格台账，不多不少
-- Every printed amount is in the cell ledger as printed, no more and no less
with printed as not materialized (

    select report_id, table_no, column_name, printed_text, 1 as raw_cells, 0 as ledger_cells
    from (
        {% for table_no, table in printed_tables.items() %}
        select
            {{ trimmed('report_id') }} as report_id,
            '{{ table_no }}' as table_no,
            column_name,
            {{ trimmed('printed') }} as printed_text
        from raw.{{ table }} unpivot (printed for column_name in ({{ amount_columns[table_no] | join(', ') }}))
        {{ 'union all' if not loop.last }}
        {% endfor %}
    ) as cells
    where
        printed_text is not null
        and report_id is not null
        and report_id not in (select report_id from intermediate.int_malformed_reports)

    union all

    select report_id, table_no, column_name, printed_text, 0 as raw_cells, 1 as ledger_cells
    from {{ batch }} as ledger
    where printed_text is not null

),

-- most columns have the same texts on both sides: only the others are looked at text by text
differing as (

    select report_id, table_no, column_name
    from printed
    group by all
    having
        sum(raw_cells) <> sum(ledger_cells)
        or sum(cast(hash(printed_text) as hugeint) * (raw_cells - ledger_cells)) <> 0

)

select
    report_id,
    table_no,
    column_name,
    printed_text,
    sum(raw_cells) as raw_cells,
    sum(ledger_cells) as ledger_cells
from printed
semi join differing using (report_id, table_no, column_name)
group by report_id, table_no, column_name, printed_text
having sum(raw_cells) <> sum(ledger_cells)
;

-- row_keys_are_unique on staging.stg_accounts__reports
-- 一张表内每行都有自己的行键
-- Within a printed table, every row has a key of its own
select doubles.*
from (
    {% for table_no, table in printed_tables.items() %}
    select report_id, '{{ table_no }}' as table_no, row_key, count(*) as times
    from staging.stg_accounts__{{ table }}
    group by all
    {{ 'union all' if not loop.last }}
    {% endfor %}
) as doubles
inner join {{ batch }} as reports on doubles.report_id = reports.report_id
where doubles.times > 1 or doubles.row_key is null
;

-- amount_unit_is_known on staging.stg_accounts__reports
-- 金额单位已登记，可换算为元
-- The amount unit is registered and can be turned into yuan
select report_id, amount_unit, amount_unit_yuan
from {{ batch }}
where amount_unit_yuan is null or amount_unit not in (select amount_unit from raw.amount_units)
;

-- pages_are_in_order on staging.stg_accounts__report_tables, warning
-- 页码顺序正确
-- No table and no form ends on a page before the one it begins on
select report_id, 'table ' || table_no as printed, page_from, page_to from {{ batch }} where page_from > page_to
union all
select report_id, 'project ' || project_no, page_from, page_to from staging.stg_accounts__projects where page_from > page_to
;
