"""The identities of the printed tables and nothing else, as an engineer would write them by hand for DuckDB.

Reads a landing folder and the registry as the build wrote it out for every place, writes one row per report and
instance of a linear identity. No text is kept, no cell can be followed, nothing is said about what is missing or to
blame. It is the limit that the warehouse is measured against.
"""

import sys
from pathlib import Path

import duckdb

from final_accounts.paths import TOP
from final_accounts.printed_tables import BASIC_EXPENDITURE, LINE_TABLES, SUBJECT_TABLES, THREE_PUBLIC

SCRIPT = """
create temp table reports as
select
    report_id,
    case amount_unit when '万元' then 10000 when '亿元' then 100000000 else 1 end as unit,
    cast(amount_decimals as integer) as decimals
from read_parquet('$landing/reports/*.parquet');

create temp table lines as
select table_no, panel, label, cast(occurrence as integer) as occurrence, row_key, line_role
from read_csv('$seeds/classification/form_lines.csv', all_varchar = true)
where coalesce(last_year, '9999') >= '2023';

create temp table places as from read_parquet('$registry/places.parquet');
create temp table terms as from read_parquet('$registry/terms.parquet');
create temp table instances as from read_parquet('$registry/instances.parquet');

create temp table cells as
with printed as ($printed)
select
    reports.report_id,
    places.place_no,
    cast(
        cast(replace(nullif(printed_text, ''), ',', '') as decimal(18, 6)) * if(is_counted, 1, unit) as decimal(22, 6)
    ) as amount,
    if(is_counted or printed_text = '', 0, cast(unit * 0.005 as decimal(18, 6))) as half_unit
from (select * replace (nullif(printed_text, '────') as printed_text) from printed) as printed
inner join reports on printed.report_id = reports.report_id
inner join places
    on
        printed.table_no = places.table_no
        and printed.row_key = places.row_key
        and printed.row_role = places.row_role
        and printed.column_name = places.column_name;

create or replace table results as
with sums as (
    select
        cells.report_id,
        terms.instance_no,
        sum(amount * coefficient) as residual,
        sum(half_unit) filter (where amount is not null) as bound
    from cells
    inner join terms on cells.place_no = terms.place_no
    group by cells.report_id, terms.instance_no
)
select
    sums.report_id,
    instances.identity_id,
    instances.instance_key,
    coalesce(residual, 0) as residual,
    coalesce(bound, 0) as bound,
    case
        when coalesce(residual, 0) = 0 or (comparison = 'at_most' and residual < 0) then 'exact'
        when abs(residual) <= bound then 'rounding'
        else 'broken'
    end as status
from sums
inner join instances on sums.instance_no = instances.instance_no
"""

SUBJECTS = """
    select report_id, '$table_no' as table_no, row_key, row_role, column_name, printed_text
    from (
        select
            *,
            case
                when subject_code <> '' then subject_code
                when subject_name = '合计' then 'total'
                when subject_name = '人员经费合计' then 'personnel_total'
                when subject_name = '公用经费合计' then 'general_operating_total'
                else 'blank_' || row_no
            end as row_key,
            case
                when subject_name in ('合计', '人员经费合计', '公用经费合计') then 'total'
                when subject_code = '' then 'blank'
                when starts_with(
                    lead(subject_code) over (partition by report_id order by subject_code, row_no), subject_code
                ) then 'parent'
                else 'leaf'
            end as row_role
        from read_parquet('$landing/$table/*.parquet')
    ) unpivot include nulls (printed_text for column_name in ($amounts))"""

LINES = """
    select report_id, rows.table_no, lines.row_key, lines.line_role as row_role, column_name, printed_text
    from (
        select
            *,
            row_number() over (
                partition by report_id, panel, label, column_name order by cast(row_no as integer)
            ) as occurrence
        from (
            select report_id, '$table_no' as table_no, row_no, $group as panel, item as label, column_name, printed_text
            from read_parquet('$landing/$table/*.parquet')
                unpivot include nulls (printed_text for column_name in ($amounts))
        )
    ) as rows
    inner join lines using (table_no, panel, label, occurrence)
    where rows.table_no <> '04' or (panel = 'revenue') = (column_name = 'amount')"""

THREE = """
    select report_id, '09' as table_no, 'total' as row_key, 'component' as row_role, column_name, printed_text
    from read_parquet('$landing/three_public/*.parquet')
        unpivot include nulls (printed_text for column_name in ($amounts))"""


def script(landing: Path, registry: Path) -> str:
    """The whole script for one landing folder and one written-out registry."""
    subjects = SUBJECT_TABLES | BASIC_EXPENDITURE
    parts = [
        _filled(SUBJECTS, table_no=table_no, table=table, amounts=", ".join(amounts))
        for table_no, (table, amounts) in subjects.items()
    ]
    parts += [
        _filled(LINES, table_no=table_no, table=table, group=group, amounts=", ".join(amounts))
        for table_no, (table, group, amounts) in LINE_TABLES.items()
    ]
    parts.append(_filled(THREE, amounts=", ".join(THREE_PUBLIC)))
    return _filled(
        SCRIPT.replace("$printed", "\n    union all".join(parts)),
        landing=str(landing),
        registry=str(registry),
        seeds=str(TOP / "seeds"),
    )


def _filled(text: str, **values: str) -> str:
    for name, value in sorted(values.items(), key=lambda item: -len(item[0])):
        text = text.replace(f"${name}", value)
    return text


def main() -> None:
    """Runs the script: landing folder, registry folder, database."""
    landing, registry, database = map(Path, sys.argv[1:4])
    with duckdb.connect(str(database)) as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(script(landing, registry))


if __name__ == "__main__":
    main()
