"""What scripts/export writes beside the tables: a workbook for people, a Fiscal Data Package, hashes."""

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from final_accounts.asking.findings import findings_of
from final_accounts.asking.words import EN, KIND_NAMES, ZH
from final_accounts.release.personal import fitted, has_personal_data
from final_accounts.release.record import sha256_of
from final_accounts.site import queries

HASHES = "SHA256SUMS"
# A sheet of Excel ends there, its head counted.
MOST_ROWS = 1_048_575
LONGEST_TEXT = 32_767

# Sheets for people: name, columns as [Chinese, English], query. Money is in yuan.
REPORT = "report_id, department_name, fiscal_year, origin"
SHEETS: dict[str, tuple[list[str], str]] = {
    "部门年度 years": (
        [
            "报告 report", "部门 department", "年度 year", "来源 origin", "本年收入 revenue",
            "财政拨款收入 fiscal appropriation", "本年支出 expenditure", "基本支出 basic", "项目支出 project",
            "人员经费 personnel", "公用经费 operating",
            "年末结转结余 closing balance", "三公预算 three public, budget", "三公决算 three public, final",
            "政府采购 procurement", "机关运行经费 agency operating cost",
        ],
        f"""
        select {REPORT}, revenue_yuan, fiscal_appropriation_yuan, expenditure_yuan, basic_expenditure_yuan,
            project_expenditure_yuan, personnel_yuan, general_operating_yuan, closing_balance_yuan,
            three_public_budget_yuan, three_public_final_yuan, procurement_yuan, agency_operating_cost_yuan
        from reporting.rpt_department_years join (select report_id, origin from marts.dim_reports) using (report_id)
        order by report_id
        """,  # noqa: S608
    ),
    "支出功能 by function": (
        [
            "报告 report", "部门 department", "年度 year", "来源 origin", "代码 code", "科目 subject", "层级 level",
            "支出 amount", "基本 basic", "项目 project", "上年 year before",
        ],
        f"""
        select {REPORT}, subject_code, subject_name, subject_level, amount_yuan, basic_yuan, project_yuan,
            prior_amount_yuan
        from reporting.rpt_subject_totals join (select report_id, department_name, origin from marts.dim_reports)
            using (report_id)
        order by report_id, subject_code
        """,  # noqa: S608
    ),
    "项目 projects": (
        [
            "报告 report", "部门 department", "年度 year", "来源 origin", "序号 no.", "项目 project",
            "年初预算 initial budget", "全年预算 annual budget", "执行 executed", "执行率 rate", "得分 score",
            "等级 grade",
        ],
        f"""
        select {REPORT}, project_no, {{project_name?}}, initial_budget_yuan, annual_budget_yuan, executed_yuan,
            execution_rate, total_score, grade
        from reporting.rpt_project_execution join (select report_id, department_name, origin from marts.dim_reports)
            using (report_id)
        order by report_id, project_no
        """,  # noqa: S608
    ),
}  # fmt: skip
FINDINGS = [
    "报告 report",
    "来源 origin",
    "性质 kind",
    "发现 finding",
    "in English",
    "金额(元) yuan",
    "页 page",
    "原句 quotation",
]
DICTIONARY = ["表 table", "列 column", "类型 type", "说明 description"]

# The Fiscal Data Package: name, type, what it is in the taxonomy of budgets, what it means.
FIELDS: list[tuple[str, str, str | None, str]] = [
    ("report_id", "string", None, "The report: division, department code, fiscal year"),
    ("fiscal_year", "year", "date:fiscal-year", "Fiscal year, the calendar year"),
    ("division_code", "string", None, "Administrative division (GB/T 2260)"),
    ("division_name", "string", None, "Name of the division"),
    ("department_id", "string", "administrative-classification:generic:level1:code:full", "The department"),
    ("department_name", "string", "administrative-classification:generic:level1:label", "Name of the department"),
    ("class_code", "string", "functional-classification:generic:level1:code:full", "Functional class (类)"),
    ("class_name", "string", "functional-classification:generic:level1:label", "Name of the class"),
    ("section_code", "string", "functional-classification:generic:level2:code:full", "Functional section (款)"),
    ("section_name", "string", "functional-classification:generic:level2:label", "Name of the section"),
    ("item_code", "string", "functional-classification:generic:level3:code:full", "Functional item (项)"),
    ("item_name", "string", "functional-classification:generic:level3:label", "Name of the item"),
    ("fund", "string", None, "Fund (general public budget, government fund, …); of revenue its source"),
    ("expenditure_kind", "string", None, "Kind of expenditure (basic, project, …); empty for revenue"),
    ("direction", "string", "direction", "expenditure or revenue"),
    ("phase", "string", "phase:id", "actual: final accounts say what was spent and received"),
    ("currency", "string", "value-currency:code", "CNY"),
    ("amount_yuan", "number", "value", "Amount in yuan; of the deepest printed subject, so any sum is right"),
]
_WHOM = """
    reports.report_id, fiscal_year, division_code, division_name, reports.department_id, department_name, class_code,
    class_name, section_code, section_name, item_code, item_name"""
FACTS = f"""
select {_WHOM}, fund, expenditure_kind, 'expenditure' as direction, 'actual' as phase, 'CNY' as currency, amount_yuan
from marts.fct_expenditure
join marts.dim_reports as reports using (report_id)
left join marts.dim_subjects using (subject_id)
union all
select {_WHOM}, revenue_source, null, 'revenue', 'actual', 'CNY', amount_yuan
from marts.fct_revenue
join marts.dim_reports as reports using (report_id)
left join marts.dim_subjects using (subject_id)
order by all
"""  # noqa: S608


def write_workbook(connection: duckdb.DuckDBPyConnection, release: str, file: Path) -> None:
    """Writes a workbook that people read: years, functions, projects, findings, and what every column is."""
    personal = has_personal_data(connection)
    book = Workbook(write_only=True)
    about = [
        ["部门决算 Final accounts"],
        [f"发布 release {release}"],
        ["金额单位：元。空格表示没有印出，不是零。 Amounts in yuan. An empty cell is not printed, and not zero."],
        [
            "功能科目表内类、款、项并列：相加前先按层级筛选。 The sheet by function has classes, sections and items: "
            "filter one level before adding."
        ],
        *_made_up(connection),
        ["每个数字可在网页上追溯到印出的格。 On the pages every figure leads to its printed cell."],
        ["代码与数据整理：MIT 许可。 Code and compilation: MIT licence."],
    ]
    _sheet(book, "说明 about", [], about)
    for name, (head, sql) in SHEETS.items():
        cursor = connection.execute(fitted(sql, personal))
        _sheet(book, name, head, iter(cursor.fetchone, None))
    _sheet(book, "发现 findings", FINDINGS, _findings(connection))
    columns = connection.execute(
        """
        select schema_name || '.' || table_name, column_name, data_type, comment from duckdb_columns()
        where schema_name in ('marts', 'reporting', 'quality') order by all
        """
    )
    _sheet(book, "数据字典 dictionary", DICTIONARY, iter(columns.fetchone, None))
    book.save(file)


def _made_up(connection: duckdb.DuckDBPyConnection) -> list[list[str]]:
    """A line that says how many reports no department published, where there are some."""
    counts = connection.execute("select count(*) filter (where origin = 'synthetic'), count(*) from marts.dim_reports")
    made_up, reports = counts.fetchone() or (0, 0)
    if not made_up:
        return []
    return [
        [
            f"{reports} 份报告中有 {made_up} 份是生成的示例（来源 synthetic），不是任何部门的数据。 "
            f"{made_up} of {reports} reports are made up (origin: synthetic) and no department's."
        ]
    ]


def _findings(connection: duckdb.DuckDBPyConnection) -> list[list[Any]]:
    origins = dict(connection.execute("select report_id, origin from marts.dim_reports").fetchall())
    found = findings_of(connection, "true", queries.ROWS.replace("{report}", "true"))
    return [
        [
            report,
            origins.get(report),
            " ".join(KIND_NAMES[finding.kind]),
            finding.text(ZH),
            finding.text(EN),
            finding.yuan,
            finding.quote and finding.quote.page,
            finding.quote and finding.quote.text,
        ]
        for report, findings in sorted(found.items())
        for finding in findings
    ]


def _sheet(book: Workbook, name: str, head: list[str], rows: Any) -> None:
    """A sheet with its head in view; texts are texts, whatever they begin with, and money shows its decimals."""
    sheet = book.create_sheet(name)
    if head:
        sheet.freeze_panes = "A2"
        for place, text in enumerate(head):
            sheet.column_dimensions[get_column_letter(place + 1)].width = max(14, min(40, 2 * len(text)))
        sheet.append([_cell(sheet, text, bold=True) for text in head])
    else:
        sheet.column_dimensions["A"].width = 100
    number = -1
    for number, row in enumerate(rows):
        if number == MOST_ROWS - 1:
            sheet.append([_cell(sheet, "… 其余各行见 CSV 与 Parquet / the other rows are in CSV and Parquet")])
            break
        sheet.append([_cell(sheet, value) for value in row])
    if head:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{number + 2}"


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    if isinstance(value, str):
        # what no workbook can hold
        value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:LONGEST_TEXT]
    made = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        # never a formula
        made.data_type = "s"
        made.alignment = Alignment(vertical="top", wrap_text=bold)
    if isinstance(value, Decimal):
        made.number_format = "#,##0.00"
    if bold:
        made.font = Font(bold=True)
    return made


def write_package(connection: duckdb.DuckDBPyConnection, release: str, folder: Path) -> None:
    """Writes the leaf facts as one CSV, and the descriptor that says what each column is."""
    folder.mkdir()
    file = folder / "final_accounts.csv"
    rows = connection.execute(FACTS)
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow([name for name, *_ in FIELDS])
        # Read by programs: texts stand as they are, without what protects them from a spreadsheet.
        writer.writerows(iter(rows.fetchone, None))
    fields = [
        {"name": name, "type": kind, "description": means} | ({"columnType": column} if column else {})
        for name, kind, column, means in FIELDS
    ]
    descriptor = {
        "profile": "fiscal-data-package",
        "name": "chinese-departmental-final-accounts",
        "title": "Departmental final accounts (部门决算)",
        "version": release,
        "licenses": [{"name": "MIT", "title": "MIT License"}],
        "countryCode": "CN",
        "granularity": "aggregated",
        "resources": [
            {
                "name": "final-accounts",
                "path": file.name,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": file.stat().st_size,
                "hash": f"sha256:{sha256_of(file)}",
                "schema": {"fields": fields, "missingValues": [""]},
            }
        ],
    }
    described = json.dumps(descriptor, ensure_ascii=False, indent=2)
    (folder / "datapackage.json").write_text(f"{described}\n", encoding="utf-8")


def write_hashes(folder: Path) -> None:
    """Writes the SHA-256 of every file of a folder, as `sha256sum --check` reads it."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    lines = [f"{sha256_of(file)}  {file.relative_to(folder).as_posix()}\n" for file in files]
    (folder / HASHES).write_text("".join(lines), encoding="utf-8")
