# ruff: noqa: S608 - values go into the SQL through literal()
"""The suites of expectations over a finished warehouse, made from the registry that the warehouse itself carries.

One expectation for each identity of `raw.identities`, and one for each report that is held back; the suites over the
layers are in layers.py. What must not be is asked for in SQL, so that a failure shows its rows and no
amount goes through a float.
"""

from dataclasses import dataclass

import duckdb
from great_expectations.expectations import Expectation, UnexpectedRowsExpectation

CELLS = "quality.fct_report_cells"
RESULTS = "quality.fct_identity_results"

# A failed critical expectation stops a release; a publisher who contradicts himself is published and shown.
GX_SEVERITY = {"fatal": "critical", "error": "warning", "info": "info"}


@dataclass(frozen=True)
class Check:
    """An expectation and the table that it is about."""

    table: str
    expectation: Expectation

    @property
    def name(self) -> str:
        """The short name of the expectation."""
        return self.expectation.meta["name"]


@dataclass(frozen=True)
class Suite:
    """Expectations that are read together."""

    name: str
    title: str
    title_zh: str
    about: str
    about_zh: str
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Catalogue:
    """What a warehouse says of itself: its columns, the forms, and the classes that amounts have."""

    columns: dict[str, list[str]]  # by table, with its schema
    printed_tables: dict[str, str]  # raw table by table number
    amount_columns: dict[str, list[str]]  # by table number
    funds: list[str]
    expenditure_kinds: list[str]
    revenue_sources: list[str]

    @classmethod
    def read(cls, connection: duckdb.DuckDBPyConnection) -> "Catalogue":
        """Reads the catalogue of an open warehouse."""
        columns = connection.execute(
            """
            select table_schema || '.' || table_name, list(column_name order by ordinal_position)
            from information_schema.columns
            group by all
            order by all
            """
        ).fetchall()
        forms = dict(connection.execute("select table_no, form_name from raw.forms order by table_no").fetchall())
        amounts = dict(
            connection.execute("select table_no, list(column_name) from raw.form_columns group by table_no").fetchall()
        )
        classes = {
            f"{name}s": [
                value for (value,) in connection.execute(f"select {name} from raw.{name}s order by all").fetchall()
            ]
            for name in ("fund", "expenditure_kind", "revenue_source")
        }
        return cls(dict(columns), forms, {number: amounts.get(number, []) for number in forms}, **classes)

    def tables_with(self, schema: str, *columns: str) -> list[str]:
        """The tables of a schema that have all these columns."""
        return [
            table
            for table, its_columns in self.columns.items()
            if table.startswith(f"{schema}.") and set(columns) <= set(its_columns)
        ]


def in_query(sql: str) -> str:
    """SQL as it must stand in an expectation, where `{batch}` and `:name` would be filled in."""
    return sql.replace("{", "{{").replace("}", "}}").replace(":", "\\:")


def literal(text: str) -> str:
    """A text as a literal in the query of an expectation."""
    quoted = text.replace("'", "''")
    return in_query(f"'{quoted}'")


def described(table: str, name: str, title_zh: str, title: str, severity: str, **meta: object) -> dict[str, object]:
    """What every expectation carries besides its rule, as keyword arguments."""
    return {
        "severity": severity,
        "description": f"{title_zh} {title}",
        "meta": {"name": name, "table": table, "title_zh": title_zh, "title": title} | meta,
    }


def no_rows(
    table: str, name: str, title_zh: str, title: str, query: str, severity: str = "critical", **meta: object
) -> Check:
    """Expects that a query finds nothing.

    `{batch}` in it is the table. Great Expectations gives it an alias unless it sees a join in the query: there, and
    only there, the query must do so itself.
    """
    return Check(
        table,
        UnexpectedRowsExpectation(
            unexpected_rows_query=query, **described(table, name, title_zh, title, severity, **meta)
        ),
    )


def identities_suite(connection: duckdb.DuckDBPyConnection) -> Suite:
    """One expectation for each identity: no released report breaks it."""
    identities = connection.execute(
        f"""
        with released as (

            select * from {RESULTS} where report_id in (select report_id from marts.dim_reports)

        ),

        statuses as (

            select identity_id, status, count(*) as instances from released group by all

        ),

        reasons as (

            select identity_id, reason, count(*) as instances
            from released
            where status = 'not_evaluable' and reason is not null
            group by all

        )

        select
            identities.identity_id,
            identities.title,
            identities.title_zh,
            identities.family,
            identities.severity,
            identities.formula,
            identities.authority,
            identities.rationale,
            (select map_from_entries(list((status, instances) order by status)) from statuses where statuses.identity_id = identities.identity_id),
            (select map_from_entries(list((reason, instances) order by instances desc, reason)[1:10]) from reasons where reasons.identity_id = identities.identity_id)
        from raw.identities as identities
        order by rowid
        """  # noqa: E501
    ).fetchall()
    checks = [
        no_rows(
            RESULTS,
            identity_id,
            title_zh,
            title,
            f"""
            select report_id, instance_key, status, left_yuan, right_yuan, residual_yuan, bound_yuan, reason
            from {{batch}}
            where identity_id = {literal(identity_id)}
                and status in ('broken', 'blocked')
                and report_id in (select report_id from marts.dim_reports)
            order by all
            """,
            GX_SEVERITY.get(severity, "critical"),
            family=family,
            registered_severity=severity,
            formula=formula,
            authority=authority,
            notes=rationale,
            instances=instances or {},
            not_evaluable=reasons or {},
        )
        for (
            identity_id,
            title,
            title_zh,
            family,
            severity,
            formula,
            authority,
            rationale,
            instances,
            reasons,
        ) in identities
    ]
    return Suite(
        "identities",
        "Accounting identities of the released reports",
        "已发布报告的勾稽关系",
        "One expectation for each identity of the registry. A broken error or info is the publisher's own "
        "contradiction: it is published, and shown here; a broken fatal one stops the release. Values are yuan, or "
        "percent points, points and counts where the cells are.",
        "登记表中每条勾稽关系一项预期。error 与 info 级不符是编报单位自身的矛盾，照常发布并在此列示；"
        "fatal 级不符则停止发布。数值单位为元，比率为百分点，评分为分，数量为个。",
        tuple(checks),
    )


def held_back_suite(connection: duckdb.DuckDBPyConnection) -> Suite:
    """One expectation for each report that is held back, to show why; none of them stops the others."""
    held_back = connection.execute(
        """
        select report_id, title
        from staging.stg_accounts__reports
        where report_id not in (select report_id from marts.dim_reports)
        order by report_id
        """
    ).fetchall()
    checks = [
        no_rows(
            RESULTS,
            report_id,
            f"{title or report_id}可以发布",
            f"Report {report_id} can be released",
            f"""
            select
                results.identity_id as reason,
                identities.title_zh,
                results.instance_key as place,
                results.status,
                results.left_yuan,
                results.right_yuan,
                results.residual_yuan,
                results.bound_yuan,
                cast(null as varchar) as printed_text
            from {{batch}} as results
            inner join raw.identities as identities on results.identity_id = identities.identity_id
            where results.report_id = {literal(report_id)}
                and results.severity = 'fatal'
                and results.status in ('broken', 'blocked')

            union all

            select
                'rejected' as reason,
                '数字无法识别' as title_zh,
                concat_ws(', ', raw_table, 'row ' || row_no, row_key, column_name) as place,
                'rejected' as status,
                null, null, null, null,
                printed_text
            from quality.fct_rejected_cells
            where report_id = {literal(report_id)}
            """,
            "warning",
        )
        for report_id, title in held_back
    ]
    return Suite(
        "held_back",
        "Reports that are held back",
        "暂缓发布的报告",
        "One expectation for each report that is not in the marts, with the fatal breaks and unreadable figures that "
        "hold it back. It stays visible in quality and does not hold up the other reports.",
        "每份未进入数据集市的报告一项预期，列出使其暂缓发布的 fatal 级不符和无法识别的数字。"
        "它在 quality 中照常可见，也不影响其他报告。",
        tuple(checks),
    )
