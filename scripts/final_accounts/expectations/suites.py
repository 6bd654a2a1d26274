# ruff: noqa: S608 - values go into the SQL through literal()
"""The suites of expectations over a finished warehouse, made from the registry that the warehouse itself carries.

One expectation for each identity of `raw.identities`, and one for each other reason to hold a report back; the suites
over the layers are in layers.py. They are written to files (files.py), and the files are what is run. What must not be
is asked for in SQL, so that a failure shows its rows and no amount goes through a float.
"""

from dataclasses import dataclass
from typing import Any

import duckdb
from great_expectations.expectations import Expectation, UnexpectedRowsExpectation

from final_accounts.expectations.validation import IS_BROKEN

CELLS = "quality.fct_report_cells"
RESULTS = "quality.fct_identity_results"

# A failed critical expectation stops a release; a publisher who contradicts himself is published and shown.
GX_SEVERITY = {"fatal": "critical", "error": "warning", "info": "info"}


def meta_of(expectation: Expectation) -> dict[str, Any]:
    """What an expectation carries beside its rule; each of ours has it."""
    meta: dict[str, Any] | None = expectation.meta
    return meta or {}


@dataclass(frozen=True)
class Check:
    """An expectation and the table that it is about."""

    table: str
    expectation: Expectation

    @property
    def name(self) -> str:
        """The short name of the expectation."""
        return str(meta_of(self.expectation)["name"])

    @property
    def holds_back(self) -> bool:
        """Whether a report that breaks it is held back."""
        return bool(meta_of(self.expectation).get("holds_back"))


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


def described(table: str, name: str, title_zh: str, title: str, severity: str, **meta: object) -> dict[str, Any]:
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
    """One expectation for each identity: no report breaks it, whether it is released or held back."""
    identities = connection.execute(
        """
        select identity_id, title, title_zh, family, severity, formula, authority, rationale
        from raw.identities
        order by rowid
        """
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
                and {IS_BROKEN}
            order by all
            """,
            GX_SEVERITY.get(severity, "critical"),
            family=family,
            registered_severity=severity,
            formula=formula,
            authority=authority,
            notes=rationale,
            holds_back=severity == "fatal",
        )
        for identity_id, title, title_zh, family, severity, formula, authority, rationale in identities
    ]
    return Suite(
        "identities",
        "Accounting identities of all reports",
        "全部报告的勾稽关系",
        "One expectation for each identity of the registry. A broken error or info is the publisher's own "
        "contradiction: it is published, and shown here; a report that breaks a fatal one is held back. Values are "
        "yuan, or percent points, points and counts where the cells are.",
        "登记表中每条勾稽关系一项预期。error 与 info 级不符是编报单位自身的矛盾，照常发布并在此列示；"
        "fatal 级不符的报告暂缓发布。数值单位为元，比率为百分点，评分为分，数量为个。",
        tuple(checks),
    )


def gate_suite(connection: duckdb.DuckDBPyConnection) -> Suite:
    """What else holds a report back: a row that breaks its contract, an unreadable figure, another publication."""
    checks = [
        no_rows(
            "quality.fct_hold_reasons",
            name,
            title_zh,
            title,
            f"""
            select report_id, reason_key, problem
            from {{batch}}
            where reason_kind = {literal(kind)}
            order by all
            """,
            holds_back=True,
        )
        for kind, name, title_zh, title in [
            (
                "contract",
                "rows_keep_their_contract",
                "原始数据行符合约定",
                "Every raw row keeps the contract of its table",
            ),
            ("unreadable", "figures_can_be_read", "每个数字都能识别", "Every printed figure can be read"),
            (
                "publication",
                "one_publication_a_year",
                "每个部门每年只有一份有效报告",
                "A department and year has one publication, or the later one is known",
            ),
        ]
    ]
    return Suite(
        "gate",
        "What else holds a report back",
        "暂缓发布的其他原因",
        "Beside the fatal identities: a report that fails one of these is held back, stays visible in quality, and "
        "does not hold up the others.",
        "除 fatal 级勾稽关系外，不符合下列任一项的报告暂缓发布，在 quality 中照常可见，也不影响其他报告。",
        tuple(checks),
    )


def query_of(expectation: Expectation, rows: str | None = None) -> str:
    """The query of an expectation that has one, as SQL over its table, or over one with the rows that it asks about."""
    if not isinstance(expectation, UnexpectedRowsExpectation):
        raise TypeError(f"{expectation.expectation_type} has no query")
    query = str(expectation.unexpected_rows_query)
    for escaped, plain in {"{batch}": rows or meta_of(expectation)["table"], "{{": "{", "}}": "}", "\\:": ":"}.items():
        query = query.replace(escaped, plain)
    return query
