"""Data Docs: what Great Expectations found, as pages that need no network.

Great Expectations' own pages load styles, icons and scripts from seven hosts; without these they show no marks and an
empty index. They are in English, and know neither identities nor their instances. So the validation results are
rendered here, with one template, no script, and no file but the pages.
"""

import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

from great_expectations.core import ExpectationValidationResult
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from final_accounts.expectations.suites import query_of
from final_accounts.expectations.validation import (
    SUITES,
    Reports,
    SuiteResult,
    config_of,
    has_nothing_to_check,
    meta_of,
    name_of,
    reason_raised,
    rows_not_met,
    severity_of,
)

TEMPLATE = Path(__file__).with_name("data_docs.html.j2")

# Great Expectations fetches no more of the rows that break an expectation.
MOST_ROWS = 200

STATUSES_ZH = {
    "exact": "精确相符",
    "rounding": "四舍五入差",
    "truncated": "截位差",
    "summed_parts": "分项舍入后相加差",
    "blank_zeros": "舍入为零留空差",
    "broken": "不符",
    "blocked": "受阻",
    "waived": "已豁免",
    "not_evaluable": "无法核对",
}

FAMILIES_ZH = {
    "fixed": "表内固定项",
    "row": "行内各栏",
    "hierarchy": "上下级科目",
    "tie": "表间勾稽",
    "form": "项目自评表",
    "narrative": "文字说明",
    "empty": "空表",
    "structure": "表式",
    "year": "上下年度",
    "ratio": "比率",
}

COLUMNS_ZH = {
    "amount": "数值",
    "amount_yuan": "金额（元）",
    "bound_yuan": "舍入上限",
    "cell_status": "单元格状态",
    "claim_no": "数字序号",
    "column_name": "栏目",
    "difference_yuan": "差额（元）",
    "fund": "资金",
    "identity_id": "勾稽关系",
    "instance_key": "实例",
    "left_yuan": "左边",
    "mart": "集市表",
    "paragraph_no": "段落",
    "paragraph_text": "段落文字",
    "place": "位置",
    "observed_value": "实际值",
    "printed_text": "印刷文字",
    "printed_yuan": "印出金额（元）",
    "problem": "问题",
    "project_name": "项目",
    "project_no": "自评表序号",
    "raw_table": "原始表",
    "reason": "原因",
    "report_id": "报告",
    "residual_yuan": "差额",
    "right_yuan": "右边",
    "row_key": "行",
    "status": "状态",
    "subject_code": "科目代码",
    "table_name": "表",
    "table_no": "表号",
    "title": "名称",
    "title_zh": "名称",
    "value": "值",
    "value_text": "数字",
}


@dataclass(frozen=True)
class Mark:
    """How a result is marked: a sign that needs no icon font, and words for those who do not see colours."""

    kind: str
    sign: str
    text_zh: str
    text: str


PASSED = Mark("passed", "✓", "符合", "met")
FAILED = Mark("failed", "✗", "不符合", "not met")
RAISED = Mark("raised", "!", "未能执行", "could not run")
EMPTY = Mark("empty", "–", "无可核对", "nothing to check")


@dataclass(frozen=True)
class Line:
    """An expectation on a page."""

    result: ExpectationValidationResult

    @property
    def meta(self) -> dict[str, Any]:
        """Titles, and for an identity what the registry says of it."""
        return meta_of(self.result)

    @property
    def name(self) -> str:
        """The short name, and the anchor on the page."""
        return name_of(self.result)

    @property
    def family(self) -> str | None:
        """The family of an identity."""
        return self.meta.get("family")

    @property
    def severity(self) -> str:
        """How it is called: an identity as in the registry, else as in Great Expectations."""
        return str(self.meta.get("registered_severity", severity_of(self.result)))

    @property
    def severity_kind(self) -> str:
        """`critical`, `warning` or `info`."""
        return severity_of(self.result)

    @property
    def reason(self) -> str | None:
        """Why it could not be evaluated."""
        return reason_raised(self.result)

    @property
    def mark(self) -> Mark:
        """Met, not met, could not run; and an identity of which nothing is printed proves nothing."""
        if self.reason:
            return RAISED
        if not self.result.success:
            return FAILED
        return EMPTY if has_nothing_to_check(self.result) else PASSED

    @property
    def instances(self) -> list[tuple[str, str, int]]:
        """Status, its Chinese name, and how many instances of the identity have it."""
        counts = self.meta.get("instances", {})
        return [(status, name, counts[status]) for status, name in STATUSES_ZH.items() if status in counts]

    @property
    def row_count(self) -> int:
        """How many rows break it."""
        return rows_not_met(self.result)

    @property
    def rows(self) -> list[dict[str, str]]:
        """Rows that break it, at most MOST_ROWS, as texts by column; a column that is empty in all is left out."""
        rows = list(_failing_rows(self.result))[:MOST_ROWS]
        columns = [column for column in (rows[0] if rows else {}) if any(row[column] is not None for row in rows)]
        return [{column: shown(row[column]) for column in columns} for row in rows]

    @property
    def rule(self) -> str:
        """What was asked: the query, or Great Expectations' rule with its arguments."""
        config = config_of(self.result)
        arguments = {name: value for name, value in config.kwargs.items() if name not in ("batch_id", "severity")}
        if "unexpected_rows_query" not in arguments:
            return f"{config.type} {json.dumps(arguments, ensure_ascii=False, default=str)}"
        return textwrap.dedent(query_of(config.to_domain_obj())).strip("\n")


def _lines(result: SuiteResult) -> list[Line]:
    """The expectations of a suite in its order, those of a family together."""
    lines = [Line(each) for each in result.results]
    families = list(dict.fromkeys(line.family for line in lines))
    return sorted(lines, key=lambda line: families.index(line.family))


def _failing_rows(result: ExpectationValidationResult) -> Iterator[dict[str, Any]]:
    """The rows that break an expectation, from the several places where Great Expectations puts them."""
    found = result.result
    details = found.get("details") or {}
    if "unexpected_rows" in details:
        yield from details["unexpected_rows"]
    elif "unexpected_index_list" in found:
        yield from found["unexpected_index_list"]
    elif "mismatched" in details:
        for kind, columns in details["mismatched"].items():
            yield from ({"problem": kind, "column_name": column} for column in columns)
    elif "partial_unexpected_list" in found:
        for kind in ("unexpected", "missing"):
            yield from ({"problem": kind, "value": value} for value in found.get(f"partial_{kind}_list", []))
    elif not result.success and "observed_value" in found:
        yield {"observed_value": found["observed_value"]}


def shown(value: object) -> str:
    """A value as a reader expects it: money with separators and to the fen, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        whole, _, decimals = f"{value:,f}".partition(".")
        decimals = decimals.rstrip("0").ljust(2, "0") if decimals else ""
        return f"{whole}.{decimals}" if decimals else whole
    return str(value)


def write_data_docs(folder: Path, database: Path, reports: Reports, results: list[SuiteResult]) -> Path:
    """Writes an index and a page a suite into a folder; returns the index. Pages of suites that did not run go."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE.parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template(TEMPLATE.name)
    pages = [(result, _lines(result)) for result in results]
    everything = {
        "database": database.name,
        "checked_at": datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z"),
        "version": version("great_expectations"),
        "reports": reports,
        "pages": pages,
        "families_zh": FAMILIES_ZH,
        "columns_zh": COLUMNS_ZH,
        "most_rows": MOST_ROWS,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name in SUITES:
        (folder / f"{name}.html").unlink(missing_ok=True)
    for result, lines in pages:
        page = template.render(everything, suite=result.suite, lines=lines)
        (folder / f"{result.suite.name}.html").write_text(page, encoding="utf-8")
    index = folder / "index.html"
    index.write_text(template.render(everything, suite=None, lines=[]), encoding="utf-8")
    return index
