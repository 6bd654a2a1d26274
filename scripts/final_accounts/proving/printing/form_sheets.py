"""Draws self-evaluation forms as ruled tables, one after the other, with a cell for each text."""

from pathlib import Path

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

from final_accounts.proving.printing.paper import Rows
from final_accounts.proving.printing.portable import FONT

WIDTH = 8
FUNDING = ("target_declared", "initial_budget", "annual_budget", "executed", "carried_over", "execution_rate", "score")
TARGETS = ("initial_target", "adjusted_target", "actual_value", "weight", "score")
_TEXT = ParagraphStyle("cell", fontName=FONT, fontSize=8, leading=10, wordWrap="CJK")


def print_forms(rows: Rows, path: Path) -> None:
    """Writes the projects of a report as a PDF of forms."""
    story = []
    for project in rows["projects"]:
        own = {
            name: [row for row in rows[name] if row["project_no"] == project["project_no"]]
            for name in ("project_funding", "project_indicators", "project_analyses")
        }
        story += [Paragraph(project["form_title"], _TEXT), _form(project, own), PageBreak()]
    SimpleDocTemplate(str(path), pagesize=landscape(A4), invariant=1).build(story)


def _form(project: dict[str, str], own: Rows) -> Table:
    """One form; what is wider than a column goes to its end."""
    lines: list[list[tuple[str, int]]] = [
        [("项目名称", 1), (project["project_name"], 7)],
        [("主管部门及代码", 1), (project["department"], 3), ("预算单位", 1), (project["budget_unit"], 3)],
        [
            (text, 1)
            for text in (
                f"项目资金（{project['amount_unit']}）",
                "申报数",
                "年初预算",
                "全年预算",
                "全年执行",
                "结转",
                "执行率",
                "得分",
            )
        ],
    ]
    lines += [[(row["funding_source"], 1), *((row[c], 1) for c in FUNDING)] for row in own["project_funding"]]
    lines += [
        [("年度目标", 4), ("实际完成情况", 4)],
        [(project["annual_target"], 4), (project["actual_completion"], 4)],
        [
            (text, 1)
            for text in ("一级指标", "二级指标", "三级指标", "年初目标值", "调整目标值", "实际完成值", "分值", "得分")
        ],
    ]
    lines += [
        [(row["level_1"], 1), (row["level_2"], 1), (row["level_3"], 1), *((row[c], 1) for c in TARGETS)]
        for row in own["project_indicators"]
    ]
    lines.append([("总分", 4), (project["total_score"], 2), (project["grade"], 2)])
    lines += [[(row["section"], 2), (row["analysis_text"], 6)] for row in own["project_analyses"]]
    body, spans = [], []
    for n, line in enumerate(lines):
        cells: list = []
        for text, width in line:
            spans.append(("SPAN", (len(cells), n), (len(cells) + width - 1, n)))
            cells += [Paragraph(text, _TEXT), *[""] * (width - 1)]
        body.append(cells)
    return Table(body, colWidths=[90] * WIDTH, style=TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black"), *spans]))
