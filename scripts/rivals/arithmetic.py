"""The identities of the printed tables and nothing else, as an engineer would write them by hand for DuckDB.

Reads a landing folder and the registry as the build wrote it out for every place, writes one row per report and
instance of a linear identity. No text is kept, no cell can be followed, nothing is said about what is missing or to
blame. It is the limit that the warehouse is measured against.
"""

import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from string import Template

import duckdb
from final_accounts.registry import BASIC_EXPENDITURE, LINE_TABLES, SUBJECT_TABLES, THREE_PUBLIC
from final_accounts.warehouse.paths import TOP

# By the table that each fills; $landing, $registry and $seeds are folders, and $ with a table's name stands for that
# table.
QUERIES = {
    "reports": """
select
    report_id,
    case amount_unit when '万元' then 10000 when '亿元' then 100000000 else 1 end as unit
from read_parquet('$landing/reports/*.parquet')
""",
    "lines": """
select table_no, panel, label, cast(occurrence as integer) as occurrence, row_key, line_role
from read_csv('$seeds/classification/form_lines.csv', all_varchar = true)
where coalesce(last_year, '9999') >= '2023'
""",
    "places": "select * from read_parquet('$registry/places.parquet')",
    "terms": "select * from read_parquet('$registry/terms.parquet')",
    "instances": "select * from read_parquet('$registry/instances.parquet')",
    "cells": """
with printed as ($printed)
select
    reports.report_id,
    places.place_no,
    cast(
        cast(replace(nullif(printed_text, ''), ',', '') as decimal(18, 6)) * if(is_counted, 1, unit) as decimal(22, 6)
    ) as amount,
    if(is_counted or printed_text = '', 0, cast(unit * 0.005 as decimal(18, 6))) as half_unit
from (select * replace (nullif(printed_text, '────') as printed_text) from printed) as printed
inner join $reports as reports on printed.report_id = reports.report_id
inner join $places as places
    on
        printed.table_no = places.table_no
        and printed.row_key = places.row_key
        and printed.row_role = places.row_role
        and printed.column_name = places.column_name
""",
    "results": """
with sums as (
    select
        cells.report_id,
        terms.instance_no,
        sum(amount * coefficient) as residual,
        sum(half_unit) filter (where amount is not null) as bound
    from $cells as cells
    inner join $terms as terms on cells.place_no = terms.place_no
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
inner join $instances as instances on sums.instance_no = instances.instance_no
""",
}

SUBJECTS = """
    select
        report_id, '$table_no' as table_no, cast(row_no as integer) as row_no, row_key, row_role, null as line_no,
        nullif(subject_code, '') as subject_code, parent_key, column_name, printed_text
    from (
        select
            *,
            case
                when coalesce(subject_code, '') = '' then null
                when length(subject_code) > 3 then substr(subject_code, 1, length(subject_code) - 2)
                else $parent_of_classes
            end as parent_key,
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
    select
        report_id, rows.table_no, cast(row_no as integer) as row_no,
        coalesce(lines.row_key, 'blank_' || row_no) as row_key, coalesce(lines.line_role, 'blank') as row_role,
        cast(line_no as integer) as line_no, null as subject_code, null as parent_key, column_name, printed_text
    from (
        select
            *,
            row_number() over (
                partition by report_id, panel, label, column_name order by cast(row_no as integer)
            ) as occurrence
        from (
            select
                report_id, '$table_no' as table_no, row_no, line_no, $group as panel, item as label, column_name,
                printed_text
            from read_parquet('$landing/$table/*.parquet')
                unpivot include nulls (printed_text for column_name in ($amounts))
        )
    ) as rows
    left join $lines as lines using (table_no, panel, label, occurrence)
    where rows.table_no <> '04' or (panel = 'revenue') = (column_name = 'amount')"""

THREE = """
    select
        report_id, '09' as table_no, cast(row_no as integer) as row_no, 'total' as row_key, 'component' as row_role,
        null as line_no, null as subject_code, null as parent_key, column_name, printed_text
    from read_parquet('$landing/three_public/*.parquet')
        unpivot include nulls (printed_text for column_name in ($amounts))"""


def queries(landing: Path, registry: Path, schema: str = "", templates: Mapping[str, str] = QUERIES) -> dict[str, str]:
    """The queries by the name of the table that each fills, in the order in which they need each other.

    Args:
        landing: the landing folder
        registry: the folder of the written-out registry
        schema: where the tables are; none for the ones that are found by their names alone
        templates: the queries as they are written above

    """
    subjects = SUBJECT_TABLES | BASIC_EXPENDITURE
    printed = [
        Template(SUBJECTS).safe_substitute(
            table_no=table_no,
            table=table,
            amounts=", ".join(amounts),
            parent_of_classes="null" if table_no in BASIC_EXPENDITURE else "'total'",
        )
        for table_no, (table, amounts) in subjects.items()
    ]
    printed += [
        Template(LINES).safe_substitute(table_no=table_no, table=table, group=group, amounts=", ".join(amounts))
        for table_no, (table, group, amounts) in LINE_TABLES.items()
    ]
    printed.append(Template(THREE).safe_substitute(amounts=", ".join(THREE_PUBLIC)))
    folders = {"landing": landing, "registry": registry, "seeds": TOP / "seeds"}
    places = {name: str(folder).replace("'", "''") for name, folder in folders.items()}
    places |= {name: f"{schema}.{name}" if schema else name for name in templates}
    whole = {name: query.replace("$printed", "\n    union all".join(printed)) for name, query in templates.items()}
    return {name: Template(query).substitute(places) for name, query in whole.items()}


def run_script(queries: Mapping[str, str], database: Path, kept: Collection[str]) -> None:
    """Runs queries one by one in a new database, which keeps the tables named."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("set preserve_insertion_order = false")
        for name, query in queries.items():
            kind = "table" if name in kept else "temp table"
            connection.execute(f"create or replace {kind} {name} as {query}")


if __name__ == "__main__":
    # landing folder, registry folder, database
    landing, registry, database = map(Path, sys.argv[1:4])
    run_script(queries(landing, registry), database, ["results"])
