"""What is expected of each layer of a finished warehouse: what an auditor who was not there wants to see proved.

dbt's tests guard the building; these look at the finished file from outside, across tables and layers. What must not be
is a query in suites/: each begins with three comment lines

    -- name on schema.table, severity      (`critical` where none is given)
    -- what is expected, in Chinese
    -- what is expected, in English

and ends with a line `;`. The files are Jinja templates: `{{ batch }}` is the table, `columns`, `printed_tables` and
`tables_with()` come from the catalogue of the database, `trimmed()` is a raw cell as staging reads it. What a publisher
printed is judged with severity warning: it is shown, and stops nothing.
"""

import re
from pathlib import Path
from typing import Any

from great_expectations.expectations import (
    Expectation,
    ExpectColumnDistinctValuesToEqualSet,
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToBeUnique,
    ExpectColumnValuesToNotBeNull,
    ExpectTableColumnsToMatchSet,
    ExpectTableRowCountToBeBetween,
)
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from final_accounts.expectations.suites import CELLS, RESULTS, Catalogue, Check, Suite, described, in_query, no_rows

SUITES = Path(__file__).with_name("layer_queries")
QUERY = re.compile(r"^-- (\w+) on ([\w.]+)(?:, (\w+))?\n-- ([^\n]+)\n-- ([^\n]+)\n(.+?)^;$", re.MULTILINE | re.DOTALL)

REPORTS = "staging.stg_accounts__reports"
CLAIMS = "staging.stg_accounts__narrative_claims"

# Tables and columns that readers rely on; more columns may come, these stay.
PROMISED_COLUMNS = {
    CELLS: {
        "report_id", "table_no", "row_key", "line_no", "subject_code", "column_name", "printed_text", "cell_status",
        "amount", "amount_yuan", "half_unit_yuan",
    },
    RESULTS: {"report_id", "identity_id", "instance_key", "severity", "status", "residual_yuan", "bound_yuan"},
    "marts.fct_expenditure": {"report_id", "subject_code", "fund", "expenditure_kind", "amount_yuan"},
    "marts.fct_revenue": {"report_id", "subject_code", "revenue_source", "amount_yuan"},
    "marts.fct_narrative_claims": {"report_id", "claim_no", "value_text", "unit"},
}  # fmt: skip
PROMISED_TABLES = [
    *PROMISED_COLUMNS,
    "quality.fct_identity_terms",
    "quality.fct_rejected_cells",
    "quality.fct_report_scorecard",
    "quality.fct_suspect_cells",
    "marts.dim_departments",
    "marts.dim_reports",
    "marts.dim_subjects",
    "marts.fct_project_funding",
    "marts.fct_project_indicators",
    "marts.fct_projects",
]

KEYS = {
    CELLS: ["report_id", "table_no", "row_key", "column_name"],
    RESULTS: ["report_id", "identity_id", "instance_key"],
    "marts.fct_expenditure": ["report_id", "subject_code", "fund", "expenditure_kind"],
    "marts.fct_revenue": ["report_id", "subject_code", "revenue_source"],
    "marts.fct_basic_expenditure": ["report_id", "subject_code"],
}

# What names a row where one of Great Expectations' own rules is broken.
ROW_NAMES = KEYS | {
    "raw.reports": ["report_id"],
    "raw.identities": ["identity_id"],
    REPORTS: ["report_id"],
    CLAIMS: ["report_id", "claim_no"],
    "marts.fct_projects": ["report_id", "project_no"],
}


def trimmed(column: str) -> str:
    """A raw cell in SQL without the white space around it, as staging reads it; null where nothing is left."""
    space = r"[\s\x{00A0}\x{3000}]+"
    return f"nullif(regexp_replace({column}, '^{space}|{space}$', '', 'g'), '')"


def queries(suite: str, catalogue: Catalogue) -> list[Check]:
    """The expectations of a file in suites/: each query finds no row."""
    environment = Environment(  # noqa: S701 - this is SQL
        loader=FileSystemLoader(SUITES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # What stands for the table is no word of SQL, so that it is still found when the rest is escaped.
    batch = "\0batch\0"
    text = environment.get_template(f"{suite}.sql").render(
        batch=batch,
        trimmed=trimmed,
        tables_with=catalogue.tables_with,
        columns=catalogue.columns,
        printed_tables=catalogue.printed_tables,
        amount_columns=catalogue.amount_columns,
        promised_tables=PROMISED_TABLES,
        keys=KEYS,
    )
    found = QUERY.findall(text)
    if len(found) != text.count("\n;\n"):
        raise ValueError(f"suites/{suite}.sql: a query without its three comment lines")
    return [
        no_rows(table, name, title_zh, title, in_query(query).replace(batch, "{batch}"), severity or "critical")
        for name, table, severity, title_zh, title, query in found
    ]


def rule(
    table: str,
    kind: type[Expectation],
    name: str,
    title_zh: str,
    title: str,
    severity: str = "critical",
    **arguments: Any,
) -> Check:
    """An expectation with one of Great Expectations' own rules."""
    return Check(table, kind(**arguments, **described(table, name, title_zh, title, severity)))


def known(table: str, column: str, title_zh: str, title: str, values: list[str]) -> Check:
    """Expects that a column has no values but these."""
    name = f"{column}_of_{table.split('.')[1]}_is_known"
    return rule(table, ExpectColumnValuesToBeInSet, name, title_zh, title, column=column, value_set=values)


def between(
    table: str,
    column: str,
    title_zh: str,
    title: str,
    lowest: int,
    highest: int | None = None,
    severity: str = "critical",
) -> Check:
    """Expects that a column has no number outside these."""
    name = f"{column}_of_{table.split('.')[1]}_is_plausible"
    limits = {"min_value": lowest, "max_value": highest}
    return rule(table, ExpectColumnValuesToBeBetween, name, title_zh, title, severity, column=column, **limits)


def raw_suite(catalogue: Catalogue) -> Suite:
    """The raw tables: what the paper shows is there, as text, and belongs to a report."""
    checks = [
        rule(
            "raw.reports",
            ExpectTableRowCountToBeBetween,
            "there_is_a_report",
            "至少有一份报告",
            "There is a report",
            min_value=1,
        ),
        rule(
            "raw.forms",
            ExpectColumnDistinctValuesToEqualSet,
            "ten_forms_are_registered",
            "登记了公开01至公开10十张表",
            "The ten forms 公开01 to 公开10 are registered",
            column="table_no",
            value_set=[f"{number:02}" for number in range(1, 11)],
        ),
        rule(
            "raw.identities",
            ExpectColumnValuesToBeUnique,
            "identity_id_is_unique",
            "勾稽关系编号不重复",
            "No two identities share an identifier",
            column="identity_id",
        ),
        known(
            "raw.identities",
            "severity",
            "勾稽关系的级别为 fatal、error 或 info",
            "Every identity is fatal, error or info",
            ["fatal", "error", "info"],
        ),
        *queries("raw", catalogue),
    ]
    return Suite(
        "raw",
        "Raw tables: what the paper shows",
        "原始表：纸面所印",
        "Every printed row and cell is there, as text, and belongs to a registered report.",
        "每一印刷行、每一单元格均以文本保存，并属于已登记的报告。",
        tuple(checks),
    )


def staging_suite(catalogue: Catalogue) -> Suite:
    """The staging views and the cell ledger: nothing is dropped and nothing is changed on the way."""
    checks = [
        between(
            REPORTS, "fiscal_year", "会计年度在1990至2100之间", "The fiscal year is one of 1990 to 2100", 1990, 2100
        ),
        rule(
            REPORTS,
            ExpectColumnValuesToBeUnique,
            "report_id_is_unique",
            "报告编号不重复",
            "No two reports that are staged share an identifier",
            column="report_id",
        ),
        rule(
            REPORTS,
            ExpectColumnValuesToNotBeNull,
            "fiscal_year_is_filled",
            "每份报告都有会计年度",
            "Every report has a fiscal year",
            column="fiscal_year",
        ),
        between(REPORTS, "amount_decimals", "金额小数位在0至6之间", "Amounts have zero to six decimals", 0, 6),
        known(
            CLAIMS,
            "value_status",
            "文字部分每个数字的状态已知",
            "The status of every figure of the narrative is known",
            ["number", "infinite", "empty", "rejected"],
        ),
        *queries("staging", catalogue),
    ]
    return Suite(
        "staging",
        "Staging and the cell ledger: nothing dropped, nothing changed",
        "暂存层与台账：不丢失、不改动",
        "One view for each raw table, typed and trimmed; every printed amount is in the cell ledger as printed.",
        "每张原始表对应一个视图，只做定型和去空格；每个印出的金额逐字进入单元格台账。",
        tuple(checks),
    )


def marts_suite(catalogue: Catalogue) -> Suite:
    """The marts, the quality tables and the reporting views."""
    projects, expenditure = "marts.fct_projects", "marts.fct_expenditure"
    checks = [
        *(
            rule(
                table,
                ExpectTableColumnsToMatchSet,
                f"columns_of_{table.split('.')[1]}_are_there",
                f"{table} 中约定的列都在",
                f"The columns of {table} that readers rely on are there",
                column_set=sorted(columns),
                exact_match=False,
            )
            for table, columns in PROMISED_COLUMNS.items()
        ),
        known(
            CELLS,
            "cell_status",
            "单元格状态已知",
            "The status of every cell is known",
            ["amount", "blank", "not_applicable", "rejected"],
        ),
        known(
            RESULTS,
            "status",
            "勾稽结果的状态已知",
            "The status of every identity result is known",
            [
                *("exact", "rounding", "truncated", "summed_parts", "blank_zeros"),
                *("broken", "blocked", "not_evaluable", "waived"),
            ],
        ),
        known(expenditure, "fund", "支出的资金类别已登记", "Every fund is registered", catalogue.funds),
        known(
            expenditure,
            "expenditure_kind",
            "支出性质已登记",
            "Every kind of expenditure is registered",
            catalogue.expenditure_kinds,
        ),
        known(
            "marts.fct_revenue",
            "revenue_source",
            "收入来源已登记",
            "Every source of revenue is registered",
            catalogue.revenue_sources,
        ),
        between(projects, "total_score", "项目总分在0至100之间", "Total scores are 0 to 100", 0, 100, "warning"),
        between(
            projects,
            "indicator_weight",
            "项目指标分值合计在0至100之间",
            "Weights of a project add up to 0 to 100",
            0,
            100,
            "warning",
        ),
        between(
            projects,
            "execution_rate_percent",
            "项目执行率不为负",
            "Execution rates are not negative",
            0,
            None,
            "warning",
        ),
        *queries("marts", catalogue),
    ]
    return Suite(
        "marts",
        "Marts, quality and reporting: complete, and adding up to what is printed",
        "数据集市、质量与报表层：完整，且与印出的合计一致",
        "Structure that readers rely on, every report and cell accounted for, sums against printed totals. Sums are "
        "compared as exact decimals; only what rounding of the printed cells explains may be left.",
        "读者依赖的结构齐全，每份报告、每个单元格均有着落，汇总与印出的合计核对。"
        "金额按十进制精确比较，仅允许印刷四舍五入所能解释的差额。",
        tuple(checks),
    )
