"""Random reports that are consistent by construction, as raw tables in a DuckDB database.

The arithmetic is in synthetic.sql: exact fen are summed, and each cell is printed on its own, as publishers do. So a
report whose figures are rounded never contradicts itself beyond rounding, and one that does was changed afterwards.
"""

from pathlib import Path

import duckdb

from final_accounts.registry import LINE_TABLES, SUBJECT_TABLES, THREE_PUBLIC

SQL = Path(__file__).with_name("synthetic.sql")


def add_synthetic_reports(
    connection: duckdb.DuckDBPyConnection, reports: int, seed: int, first: int = 0, is_wide: bool = False
) -> None:
    """Appends `reports` random reports to the raw tables of a database that holds the seeds.

    The same `seed` and numbers give the same reports, whatever else is in the database. A wide world has what few
    reports have, too: other units, decimals and years, refunds and losses.
    """
    connection.execute("create or replace temp view classification_lines as select * from raw.form_lines")
    connection.execute("create or replace temp view classification_units as select * from raw.amount_units")
    script = SQL.read_text(encoding="utf-8")
    for name, value in {"$first": first, "$reports": reports, "$seed": seed, "$wide": is_wide}.items():
        script = script.replace(name, str(int(value)))
    connection.execute(script)
    _add_reports(connection)
    _add_report_tables(connection)
    for table_no, (table, amounts) in SUBJECT_TABLES.items():
        _add_subject_rows(connection, table_no, table, amounts)
    for table_no, (table, group, amounts) in LINE_TABLES.items():
        _add_line_rows(connection, table_no, table, group, amounts)
    _add_basic_expenditure(connection)
    _add_three_public(connection)


def _pivoted(amounts: list[str]) -> str:
    return ", ".join(f"coalesce(max(printed) filter (column_name = '{column}'), '') as {column}" for column in amounts)


def _add_reports(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        insert into raw.reports by name
        select
            report_id,
            'Synthetic report' as title,
            printf('%06d', department) as department_code,
            'Synthetic department ' || department as department_name,
            regexp_extract(report_id, '^synthetic-[0-9]+') as division_code,
            'Synthetic division' as division_name,
            'county' as government_level,
            cast(fiscal_year as varchar) as fiscal_year,
            amount_unit,
            cast(decimals as varchar) as amount_decimals,
            md5(report_id) || md5(report_id) as source_sha256,
            'synthetic' as origin
        from synthetic_reports
    """)


def _add_report_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """A report lists the tables that it prints: all of them."""
    connection.execute("""
        insert into raw.report_tables by name
        select reports.report_id, forms.table_no, '公开' || forms.table_no || '表' as form_no, forms.title_zh as title
        from synthetic_reports as reports
        cross join raw.forms as forms
    """)


def _add_subject_rows(connection: duckdb.DuckDBPyConnection, table_no: str, table: str, amounts: list[str]) -> None:
    connection.execute(f"""
        insert into raw.{table} by name
        with printed_rows as (
            select report_id, row_key, {_pivoted(amounts)}
            from synthetic_texts
            where table_no = '{table_no}'
            group by report_id, row_key
            union all by name
            -- a table without any amount is printed all the same, with an empty total row
            select report_id, '' as row_key, {", ".join(f"'' as {column}" for column in amounts)}
            from synthetic_reports
            anti join (select distinct report_id from synthetic_texts where table_no = '{table_no}') as filled
                using (report_id)
        )
        select
            report_id,
            cast(row_number() over (partition by report_id order by row_key) as varchar) as row_no,
            row_key as subject_code,
            case when row_key = '' then '合计' else 'Subject ' || row_key end as subject_name,
            {", ".join(amounts)}
        from printed_rows
    """)  # noqa: S608


def _add_line_rows(
    connection: duckdb.DuckDBPyConnection, table_no: str, table: str, group: str, amounts: list[str]
) -> None:
    connection.execute(f"""
        insert into raw.{table} by name
        with printed_rows as (
            select report_id, row_key, {_pivoted(amounts)}
            from synthetic_texts
            where table_no = '{table_no}'
            group by report_id, row_key
        ),
        labels as (
            select row_number() over () as place, * from raw.form_lines where table_no = '{table_no}'
        ),
        lines as (
            select row_number() over (partition by fiscal_year order by place) as row_no, * exclude (place)
            from (
                -- of the labels that a line goes by in a year, the first
                from (select distinct fiscal_year from synthetic_reports)
                inner join labels on fiscal_year between coalesce(first_year, 0) and coalesce(last_year, 9999)
                qualify row_number() over (partition by fiscal_year, panel, row_key order by place) = 1
            )
        )
        select
            reports.report_id,
            cast(lines.row_no as varchar) as row_no,
            lines.panel as {group},
            lines.label as item,
            cast(lines.row_no as varchar) as line_no,
            {", ".join(f"coalesce({column}, '') as {column}" for column in amounts)}
        from synthetic_reports as reports
        inner join lines on reports.fiscal_year = lines.fiscal_year
        left join printed_rows
            on reports.report_id = printed_rows.report_id and lines.row_key = printed_rows.row_key
    """)  # noqa: S608


def _add_basic_expenditure(connection: duckdb.DuckDBPyConnection) -> None:
    """The whole form 公开06 of the shipped report, or of the years before 2018, filled with other amounts."""
    connection.execute("""
        insert into raw.basic_expenditure by name
        with form as (
            select
                row_no,
                panel_no,
                coalesce(subject_code, '') as subject_code,
                subject_name,
                case when amount = '────' then amount else '' end as blank,
                coalesce(
                    nullif(subject_code, ''),
                    case subject_name when '人员经费合计' then 'personnel_total' else 'general_operating_total' end
                ) as row_key,
                case
                    when subject_code in ('30113', '30311') or subject_code[:3] in ('312', '313') then 2018
                end as first_year,
                null as last_year
            from raw.basic_expenditure
            where report_id = (select min(report_id) from raw.basic_expenditure)
            union all
            from (
                values
                ('1001', '1', '304', '对企事业单位的补贴', '', '304', null, 2017),
                ('1002', '1', '30401', '企业政策性补贴', '', '30401', null, 2017),
                ('1003', '1', '30311', '住房公积金', '', '30311', null, 2017)
            )
        )
        select
            reports.report_id,
            form.row_no,
            form.panel_no,
            form.subject_code,
            form.subject_name,
            coalesce(printed, blank) as amount
        from synthetic_reports as reports
        inner join form on reports.fiscal_year between coalesce(first_year, 0) and coalesce(last_year, 9999)
        left join (select * from synthetic_texts where table_no = '06') as texts
            on reports.report_id = texts.report_id and form.row_key = texts.row_key
    """)


def _add_three_public(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"""
        insert into raw.three_public by name
        select reports.report_id, '1' as row_no, {_pivoted(THREE_PUBLIC)}
        from synthetic_reports as reports
        left join (select * from synthetic_texts where table_no = '09') as texts
            on reports.report_id = texts.report_id
        group by reports.report_id
    """)  # noqa: S608
