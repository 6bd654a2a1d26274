"""The national form of project self-evaluation in the kinds of files that print it: each figure below its heading."""

from html import escape
from pathlib import Path

import openpyxl
import pytest
from final_accounts.ingest.document.pages import Document
from final_accounts.ingest.document.reading import open_document, raw_rows, read
from final_accounts.ingest.forms.form import Form
from final_accounts.ingest.forms.projects import read_forms
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table
from test_ingest_kinds import HEAD, ROW, TITLE, paragraph, word, word_table

# a cell is its text, or its text and the columns and rows that it spans
Span = str | tuple[str, int] | tuple[str, int, int]
Rows = list[list[Span]]
REPORT = "某局2022年度部门决算"
NAME = "2022年度农村义务教育学生营养改善计划补助资金（含中央及省级奖补资金）"


def form(total_row: tuple[str, ...] = ("100", "96.5"), name: str = NAME) -> Rows:
    """A form with every column of the national one, some named a little otherwise."""
    return [
        [("项目名称", 2), (name, 8)],
        [("主管部门", 2), ("某县卫生健康局", 3), ("实施单位", 2), ("某县疾病预防控制中心", 3)],
        [
            ("项目资金（万元）", 2, 4),
            ("", 2),
            "年初预算数",
            "全年预算数（A）",
            "全年执行数（B）",
            "分值",
            "执行率（B/A）",
            "得分",
        ],
        [("年度资金总额", 2), "1,200.00", "1,300.50", "1,170.45", "10", "90.00%", "9"],
        [("其中：当年财政拨款", 2), "1,200.00", "1,200.00", "1,100.00", "—", "91.67%", "—"],
        [("上年结转资金", 2), "", "100.50", "70.45", "—", "70.10%", "—"],
        [("年度总体目标", 1, 2), ("预期目标", 5), ("实际完成情况", 4)],
        [("为全县居民提供12类服务。", 5), ("已提供12类服务。", 4)],
        [
            ("绩效指标", 1, 5),
            "一级指标",
            "二级指标",
            ("三级指标", 2),
            "年度指标值",
            "实际完成值",
            "分值",
            "得分",
            "偏差原因分析及改进措施",
        ],
        [("产出指标", 1, 2), "数量指标", ("建档人数", 2), "≥120万人", "125万人", "30", "30", ""],
        ["时效", ("拨付及时", 2), "及时", "基本及时", "20", "17.5", "财政拨付较晚"],
        ["效益指标", "社会效益", ("居民健康水平", 2), "持续提高", "持续提高", "30", "30", ""],
        ["满意度指标", "服务对象满意度指标", ("居民满意度", 2), "≥85%", "92%", "10", "10", ""],
        [("总分", 7), *total_row, ""],
    ]


FUNDING = [
    ("年度资金总额", "", "1,200.00", "1,300.50", "1,170.45", "", "90.00", "9"),
    ("其中：当年财政拨款", "", "1,200.00", "1,200.00", "1,100.00", "", "91.67", "—"),
    ("上年结转资金", "", "", "100.50", "70.45", "", "70.10", "—"),
]
INDICATORS = [
    ("产出指标", "数量指标", "建档人数", "≥120万人", "", "125万人", "30", "30", ""),
    ("产出指标", "时效", "拨付及时", "及时", "", "基本及时", "20", "17.5", "财政拨付较晚"),
    ("效益指标", "社会效益", "居民健康水平", "持续提高", "", "持续提高", "30", "30", ""),
    ("满意度指标", "服务对象满意度指标", "居民满意度", "≥85%", "", "92%", "10", "10", ""),
]


def placed(rows: Rows) -> list[list[tuple[int, str, int, int]]]:
    """Column, text, and what it spans, of each cell."""
    taken: set[tuple[int, int]] = set()
    found = []
    for number, row in enumerate(rows):
        column, own = 0, []
        for cell in row:
            text, wide, high = (*((cell,) if isinstance(cell, str) else cell), 1, 1)[:3]
            while (number, column) in taken:
                column += 1
            taken |= {(number + down, column + right) for down in range(high) for right in range(wide)}
            own.append((column, text, wide, high))
            column += wide
        found.append(own)
    return found


def as_word(folder: Path, *parts: str | Rows) -> Path:
    """A document of Word with lines and forms."""
    return word(folder, "".join(paragraph(part) if isinstance(part, str) else _word_form(part) for part in parts))


def _word_form(rows: Rows) -> str:
    body = ""
    below: dict[int, tuple[int, int]] = {}
    for own in placed(rows):
        cells = {column: (escape(text), wide, "restart" if high > 1 else "") for column, text, wide, high in own}
        cells |= {column: ("", wide, "continue") for column, (wide, _) in below.items()}
        below = {column: (wide, left - 1) for column, (wide, left) in below.items() if left > 1}
        below |= {column: (wide, high - 1) for column, _, wide, high in own if high > 1}
        texts = [_word_cell(*cell) for _, cell in sorted(cells.items())]
        body += f"<w:tr>{''.join(texts)}</w:tr>"
    columns = '<w:gridCol w:w="900"/>' * 10
    return f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{body}</w:tbl>"


def _word_cell(text: str, wide: int, merge: str) -> str:
    own = f'<w:gridSpan w:val="{wide}"/>' + (f'<w:vMerge w:val="{merge}"/>' if merge else "")
    return f"<w:tc><w:tcPr>{own}</w:tcPr>{paragraph(text)}</w:tc>"


def as_page(folder: Path, *parts: str | Rows) -> Path:
    """A web page with lines and forms."""
    body = ""
    for part in parts:
        if isinstance(part, str):
            body += f"<p>{part}</p>"
            continue
        rows = [
            "".join(f"<td colspan={wide} rowspan={high}>{escape(text)}</td>" for _, text, wide, high in own)
            for own in placed(part)
        ]
        body += f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
    path = folder / "forms.html"
    path.write_text(f"<html><head><meta charset='utf-8'></head><body>{body}</body></html>", encoding="utf-8")
    return path


def as_workbook(folder: Path, *parts: str | Rows) -> Path:
    """A workbook with lines and forms on one sheet."""
    book = openpyxl.Workbook()
    sheet, top = book.active, 1
    for part in parts:
        for own in placed([[part]] if isinstance(part, str) else part):
            for column, text, wide, high in own:
                sheet.cell(top, column + 1, text)
                if wide > 1 or high > 1:
                    sheet.merge_cells(
                        start_row=top, start_column=column + 1, end_row=top + high - 1, end_column=column + wide
                    )
            top += 1
    path = folder / "forms.xlsx"
    book.save(path)
    return path


def as_pdf(folder: Path, *parts: str | Rows, height: int = 842, is_ruled: bool = True) -> Path:
    """A PDF with lines and forms; a form may be cut by the end of a page."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("form", fontName="STSong-Light", fontSize=7, leading=9, wordWrap="CJK")
    flow = []
    for part in parts:
        if isinstance(part, str):
            flow.append(Paragraph(part, style))
            continue
        cells = placed(part)
        width = max(column + wide for column, _, wide, _ in cells[0])
        data = [[""] * width for _ in cells]
        looks = [("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0))] if is_ruled else []
        for number, own in enumerate(cells):
            for column, text, wide, high in own:
                data[number][column] = Paragraph(escape(text), style)
                looks.append(("SPAN", (column, number), (column + wide - 1, number + high - 1)))
        flow.append(Table(data, colWidths=[530 / width] * width, style=looks))
    path = folder / "forms.pdf"
    SimpleDocTemplate(str(path), pagesize=(595, height), leftMargin=30, rightMargin=30, topMargin=30).build(flow)
    return path


KINDS = {"docx": as_word, "html": as_page, "xlsx": as_workbook, "pdf": as_pdf}


def forms_of(path: Path) -> list[Form]:
    """The forms of a file."""
    return read_forms(open_document(path))


def funding_of(own: Form) -> list[tuple[str, ...]]:
    """The funding rows but for their reasons."""
    columns = ("funding_source", "target_declared", "initial_budget", "annual_budget")
    columns += ("executed", "carried_over", "execution_rate", "score")
    return [tuple(row[column] for column in columns) for row in own.funding]


def indicators_of(own: Form) -> list[tuple[str, ...]]:
    """The indicators but for what is cut of them."""
    columns = ("level_1", "level_2", "level_3", "initial_target", "adjusted_target")
    columns += ("actual_value", "weight", "score", "deviation_reason")
    return [tuple(row[column] for column in columns) for row in own.indicators]


def apart_of(own: Form) -> list[tuple[str, str, str]]:
    """What is kept apart, beside the labels of its row and its column."""
    return [(cell.row_label, cell.heading, cell.cell.text.strip()) for cell in own.apart]


@pytest.mark.parametrize("kind", KINDS)
def test_each_figure_stands_below_its_heading(kind: str, tmp_path: Path) -> None:
    """Two forms in one file: what they have no raw column for is kept apart, what they do not print is blank."""
    second = form(("100", "98.5优"), name="食品安全监管")
    path = KINDS[kind](tmp_path, REPORT, "项目支出绩效自评表", form(), "项目支出绩效自评表", second)
    first, other = forms_of(path)
    assert (first.misread, first.problems, other.number) == ("", [], 2)
    assert (first.head["project_name"], other.head["project_name"]) == (NAME, "食品安全监管")
    assert first.head["form_title"] == "项目支出绩效自评表"
    assert (first.head["department"], first.head["budget_unit"]) == ("某县卫生健康局", "某县疾病预防控制中心")
    assert (first.head["annual_target"], first.head["actual_completion"]) == (
        "为全县居民提供12类服务。",
        "已提供12类服务。",
    )
    assert [(own.head["total_score"], own.head["grade"]) for own in (first, other)] == [("96.5", ""), ("98.5", "优")]
    assert first.head["amount_unit"] == "万元"
    for own in (first, other):
        assert funding_of(own) == FUNDING
        assert indicators_of(own) == INDICATORS
        labels = ("年度资金总额", "其中：当年财政拨款", "上年结转资金", "总分")
        assert apart_of(own) == [
            (label, "分值", text) for label, text in zip(labels, ("10", "—", "—", "100"), strict=True)
        ]


@pytest.mark.parametrize("height", [270, 290, 320, 350])
def test_a_form_goes_on_over_pages(height: int, tmp_path: Path) -> None:
    """Wherever the page ends, the rows stand below the same headings."""
    path = as_pdf(tmp_path, REPORT, "项目支出绩效自评表", form(), height=height)
    (own,) = forms_of(path)
    assert len(own.pages) > 1
    assert (own.misread, own.head["page_from"], own.head["page_to"]) == ("", str(own.pages[0]), str(own.pages[-1]))
    assert (funding_of(own), indicators_of(own)) == (FUNDING, INDICATORS)
    assert own.head["total_score"] == "96.5"


OTHER_NAMES: Rows = [
    [("项目名称：养老机构建设", 4), ("主管部门：民政局", 2), ("实施单位：民政局", 1)],
    [("资金情况（元）", 1, 3), ("", 1), "年初预算", "调整后预算数", "实际执行数", ("执行率（%）", 2)],
    ["资金总额", "500000", "480000", "470000.5", ("97.92", 2)],
    ["财政拨款", "500000", "480000", "470000.5", ("97.92", 2)],
    ["一级指标", "二级指标", ("指标名称", 1), "目标值", "实际值", "权重", "自评得分"],
    [("产出", 1, 2), "数量", "新建床位", "50张", "50张", "50", "50"],
    ["质量", "验收合格率", "100%", "100%", "40", "38"],
    [("总得分：97.79", 7)],
]
# the execution scores twenty points, is printed as a fraction, and is an indicator once more; one weight is of two rows
TRICKY: Rows = [
    [("项目名称", 2), ("困难群众救助", 3), "项目负责人", ("张某", 3)],
    [("项目资金（万元）", 2, 4), ("", 1), "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    ["年度资金总额：", "100", "100", "87", "20", "0.87", "17.4"],
    ["其中：财政拨款", "100", "100", "87", "—", "", "—"],
    ["其他资金", "", "", "", "—", "", "—"],
    ["绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", ("得分", 2)],
    ["", "预算执行率", "预算执行率", "预算执行率", "100%", "87%", "20", ("17.4", 2)],
    ["", "产出指标", "数量指标", "甲", "10", "12", ("30", 1, 2), ("30", 2, 2)],
    ["", "", "", "乙", "10", "12"],
    ["", "效益指标", "社会效益指标", "丙", "好", "好", "50", ("45", 2)],
    ["", "小计", "", "", "", "", "80", ("75", 2)],
    [("总分", 6), "100", ("92.4", 2)],
]
NO_SCORES: Rows = [
    [("项目支出绩效自评表", 7)],
    [("（2021年度）", 7)],
    [("项目名称", 2), ("甲项目", 5)],
    [("主管部门及代码", 2), ("某局", 2), "实施单位", ("某中心", 2)],
    [("项目资金(元)", 2, 3), ("", 1), "年初预算数", "全年预算数", "全年执行数", "执行率"],
    ["年度资金总额", "100.00", "100.00", "80.00", "80%"],
    ["财政拨款", "100.00", "100.00", "80.00", "80%"],
    ["年度总体目标", ("完成建设", 6)],
    ["目标实际完成情况", ("已完成", 6)],
    ["一级指标", "二级指标", "三级指标", ("年度指标值", 2), ("全年实际完成值", 2)],
    ["产出指标", "数量指标", "建设数量", ("≥1个", 2), ("1个", 2)],
]


@pytest.mark.parametrize("kind", KINDS)
def test_columns_may_be_called_otherwise(kind: str, tmp_path: Path) -> None:
    """Labels and texts in one cell, the unit in yuan, no score of the execution, no reasons."""
    (own,) = forms_of(KINDS[kind](tmp_path, REPORT, "绩效自评表", OTHER_NAMES))
    assert (own.misread, apart_of(own)) == ("", [])
    assert (own.head["project_name"], own.head["budget_unit"], own.head["amount_unit"]) == (
        "养老机构建设",
        "民政局",
        "元",
    )
    assert funding_of(own)[0] == ("资金总额", "", "500000", "480000", "470000.5", "", "97.92", "")
    assert indicators_of(own) == [
        ("产出", "数量", "新建床位", "50张", "", "50张", "50", "50", ""),
        ("产出", "质量", "验收合格率", "100%", "", "100%", "40", "38", ""),
    ]
    assert own.head["total_score"] == "97.79"


@pytest.mark.parametrize("kind", KINDS)
def test_what_no_raw_column_means_is_kept_apart(kind: str, tmp_path: Path) -> None:
    """A score out of other points, a rate that is no percentage, sums of indicators, the execution as one of them."""
    (own,) = forms_of(KINDS[kind](tmp_path, REPORT, "绩效自评表", TRICKY))
    assert own.misread == ""
    assert funding_of(own)[0] == ("年度资金总额：", "", "100", "100", "87", "", "", "")
    assert [(row["level_1"], row["level_3"], row["weight"], row["score"]) for row in own.indicators] == [
        ("产出指标", "甲", "30", "30"),
        ("产出指标", "乙", "", ""),
        ("效益指标", "丙", "50", "45"),
    ]
    texts = [text for _, _, text in apart_of(own)]
    for text in ("张某", "20", "0.87", "17.4", "87%", "80", "75", "100"):
        assert text in texts
    assert own.head["total_score"] == "92.4"


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_without_scores_has_none(kind: str, tmp_path: Path) -> None:
    """Its title within the table, what was to be reached and what was below each other."""
    (own,) = forms_of(KINDS[kind](tmp_path, REPORT, NO_SCORES))
    assert (own.misread, apart_of(own)) == ("", [])
    assert (own.head["annual_target"], own.head["actual_completion"]) == ("完成建设", "已完成")
    assert funding_of(own)[1] == ("财政拨款", "", "100.00", "100.00", "80.00", "", "80", "")
    assert indicators_of(own) == [("产出指标", "数量指标", "建设数量", "≥1个", "", "1个", "", "", "")]


def _changed(number: int, row: list[Span]) -> Rows:
    return [row if n == number else own for n, own in enumerate(form())]


MISREAD = {
    "a figure below two headings": _changed(3, [("年度资金总额", 2), ("1,200.00", 2), "1,170.45", "10", "90%", "9"]),
    "money in words": _changed(3, [("年度资金总额", 2), "见说明", "1,300.50", "1,170.45", "10", "90%", "9"]),
    "no total": _changed(3, [("财政拨款", 2), "1,200.00", "1,300.50", "1,170.45", "10", "90%", "9"]),
    "no unit": _changed(
        2, [("项目资金", 2, 4), ("", 2), "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]
    ),
    "a score in words": _changed(11, ["效益指标", "社会效益", ("健康", 2), "提高", "提高", "30", "满分", ""]),
}


@pytest.mark.parametrize("rows", MISREAD.values(), ids=MISREAD.keys())
def test_a_form_that_is_not_understood_is_kept_apart_as_a_whole(rows: Rows, tmp_path: Path) -> None:
    """None of its rows enters a raw table of projects, every cell is an other cell, and the next form is read."""
    head = [paragraph(text) for text in (TITLE, "支出决算表", "单位：万元")]
    body = [*head, word_table([HEAD, ROW]), paragraph("项目支出绩效自评表"), _word_form(rows)]
    body += [paragraph("项目支出绩效自评表"), _word_form(form(name="食品安全监管"))]
    reading = read(word(tmp_path, "".join(body)), {})
    raw = raw_rows(reading)
    assert [row["project_name"] for row in raw["projects"]] == ["食品安全监管"]
    assert {row["project_no"] for row in raw["project_funding"] + raw["project_indicators"]} == {"1"}
    assert [own.misread != "" for own in reading.misread] == [True]
    printed = [text for own in placed(rows) for _, text, _, _ in own if text]
    kept = [row["printed_text"] for row in raw["other_cells"]]
    assert kept[-len(printed) :] == printed
    assert sum("self-evaluation form, page" in sentence for sentence in reading.apart()) == 1
    assert not [point for point in reading.open_points() if "self-evaluation" in point]


def test_a_form_without_rules_is_kept_apart(tmp_path: Path) -> None:
    """Nothing says below which heading its figures stand."""
    (own,) = forms_of(as_pdf(tmp_path, REPORT, "项目支出绩效自评表", form(), is_ruled=False))
    assert "no lines are drawn" in own.misread
    assert (own.funding, own.indicators) == ([], [])
    assert {"1,300.50", "92%", "96.5"} <= {text for _, _, text in apart_of(own)}


def test_a_list_of_projects_is_no_form(tmp_path: Path) -> None:
    """A table whose first heading is the name of the project, or a form of targets without results."""
    lists: Rows = [["项目名称", "年初预算数", "全年执行数"], ["甲", "1.00", "1.00"]]
    targets: Rows = [["项目名称", ("甲", 2)], ["一级指标", "三级指标", "指标值"], ["产出指标", "数量", "5"]]
    document: Document = open_document(as_word(tmp_path, REPORT, "项目支出表", lists, "绩效目标表", targets))
    assert read_forms(document) == []
