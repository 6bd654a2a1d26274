"""Figures, statements and terms are read from the text; self-evaluation forms from their halves."""

from collections import Counter
from pathlib import Path

import pytest
from final_accounts.ingest.document.masthead import (
    division_of,
    divisions,
    full_name,
    level_of,
    made_up_code,
    unknown_division,
)
from final_accounts.ingest.document.pages import Box, Document, Line, Page, Word
from final_accounts.ingest.document.reading import open_document, raw_rows, read
from final_accounts.ingest.forms.projects import read_forms
from final_accounts.ingest.forms.two_halves import together
from final_accounts.ingest.narrative.claims import read_narrative
from final_accounts.ingest.narrative.left_out import tables_left_out
from final_accounts.ingest.tables.find.segments import lines_of_tables
from final_accounts.proving.printing.form_sheets import print_forms
from final_accounts.proving.printing.portable import print_pdf
from final_accounts.proving.printing.styles import Style
from test_ingest_tables import GIVEN, report

ITEM = "卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）"
OPENING = ["一、收入支出决算总体情况说明", "2023年度收入总计10.00万元，支出总计10.00万元。"]


def narrative(*lines: str) -> list[tuple[str, ...]]:
    """Subject, measure, base, text, unit and direction of each figure in a section of its own."""
    page = Page(1, [Line(line, 1) for line in [*OPENING, "二、其他情况说明", *lines]])
    read_lines = read_narrative(Document("text", "text", "", [page]))
    names = ("subject", "measure", "base", "value_text", "unit", "direction")
    return [tuple(c[n] for n in names) for c in read_lines.claims if c["paragraph_no"] != "1"]


@pytest.mark.parametrize(
    ("line", "claims"),
    [
        ("机关运行经费支出9.87万元。", [("机关运行经费", "amount", "", "9.87", "万元", "")]),
        (
            "2024年支出合计8.00亿元，比2023年减少1.00亿元，下降11.11%。",
            [
                ("支出合计", "amount", "", "8.00", "亿元", ""),
                ("支出合计", "change", "2023年", "1.00", "亿元", "减少"),
                ("支出合计", "change_rate", "2023年", "11.11", "%", "下降"),
            ],
        ),
        (
            "与上年相比，收入总计增加1.00万元，增长∞%。",
            [
                ("收入总计", "change", "上年", "1.00", "万元", "增加"),
                ("收入总计", "change_rate", "上年", "∞", "%", "增长"),
            ],
        ),
        (
            # an item that a colon ends, with codes before its names
            "2.卫生健康支出（类）21011 行政事业单位医疗（款）2101101 行政单位医疗（项）：支出决算为16.18万元，"
            "预算为17.51万元，完成全年预算的92.40%，决算数小于预算数的主要原因是部分工程尚未付款。",
            [
                (ITEM, "amount", "", "16.18", "万元", ""),
                (ITEM, "annual_budget", "", "17.51", "万元", ""),
                (ITEM, "completion_rate", "全年预算", "92.40", "%", ""),
            ],
        ),
        (
            # one whose number lost its point, as a scan is read
            "1卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）。年初预算为3.64万元，支出决算为4.38万元。",
            [(ITEM, "initial_budget", "", "3.64", "万元", ""), (ITEM, "amount", "", "4.38", "万元", "")],
        ),
        (
            # thousands parted by full-width commas
            "4. 行政单位医疗：支出决算为1，234.50万元，其中：基本支出1，000，000.00元，项目支出0.50万元。",
            [
                ("行政单位医疗", "amount", "", "1，234.50", "万元", ""),
                ("基本支出", "amount", "", "1，000，000.00", "元", ""),
                ("项目支出", "amount", "", "0.50", "万元", ""),
            ],
        ),
        (
            # one without brackets
            "4. 行政单位医疗：支出决算为1.00万元。",
            [("行政单位医疗", "amount", "", "1.00", "万元", "")],
        ),
        (
            # one that a comma ends, and figures without a verb
            "3、卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项），预算数22.36万元，决算数22.36万元。",
            [(ITEM, "annual_budget", "", "22.36", "万元", ""), (ITEM, "amount", "", "22.36", "万元", "")],
        ),
        (
            # what follows brackets goes on with what they stand behind; a fund in them is a part of it
            "人员经费5.00万元（工资福利支出3.00万元、离休费2.00万元），比上年增加1.00万元。"
            "“三公”经费4.00万元（其中：一般公共预算支出3.00万元；政府性基金预算支出1.00万元）。与上年相比，增加0.50万元。",
            [
                ("基本支出中人员经费", "amount", "", "5.00", "万元", ""),
                ("工资福利支出", "amount", "", "3.00", "万元", ""),
                ("离休费", "amount", "", "2.00", "万元", ""),
                ("基本支出中人员经费", "change", "上年", "1.00", "万元", "增加"),
                ("“三公”经费", "amount", "", "4.00", "万元", ""),
                ("“三公”经费其中一般公共预算支出", "amount", "", "3.00", "万元", ""),
                ("“三公”经费其中政府性基金预算支出", "amount", "", "1.00", "万元", ""),
                ("“三公”经费", "change", "上年", "0.50", "万元", "增加"),
            ],
        ),
        (
            # what a list is compared with is not its last item
            "8.卫生健康支出（类）支出9.00元。主要用于行政单位医疗5.00元、公务员医疗补助4.00元；较上年增加1.00元。",
            [
                ("卫生健康支出（类）支出", "amount", "", "9.00", "元", ""),
                ("行政单位医疗", "amount", "", "5.00", "元", ""),
                ("公务员医疗补助", "amount", "", "4.00", "元", ""),
                ("卫生健康支出（类）支出", "change", "上年", "1.00", "元", "增加"),
            ],
        ),
        (
            # how far a budget was missed is a change; the budget may stand in the midst of the comparison
            "（3）住房公积金3.00万元，低于预算1.00万元。公务接待费2023年度决算数0.40万元，"
            "比2023年度预算数0.50万元减少0.10万元。",
            [
                ("住房公积金", "amount", "", "3.00", "万元", ""),
                ("住房公积金", "change", "预算", "1.00", "万元", "减少"),
                ("公务接待费", "amount", "", "0.40", "万元", ""),
                ("公务接待费", "annual_budget", "", "0.50", "万元", ""),
                ("公务接待费", "change", "预算数", "0.10", "万元", "减少"),
            ],
        ),
        (
            # money that is not of the budget names no fund
            "使用非财政拨款结余（含专用结余）0.00万元，年初结转和结余2.00万元。",
            [
                ("使用非财政拨款结余（含专用结余）", "amount", "", "0.00", "万元", ""),
                ("年初结转和结余", "amount", "", "2.00", "万元", ""),
            ],
        ),
        (
            "卫生健康支出年初预算0万元，支出决算7.3万元，完成年初预算的%。",
            [
                ("卫生健康支出", "initial_budget", "", "0", "万元", ""),
                ("卫生健康支出", "amount", "", "7.3", "万元", ""),
                ("卫生健康支出", "completion_rate", "年初预算", "", "%", ""),
            ],
        ),
        (
            "一般公共预算财政拨款支出4.00万元，占本年支出合计的99.47%。",
            [
                ("一般公共预算财政拨款支出", "amount", "", "4.00", "万元", ""),
                ("一般公共预算财政拨款支出", "share", "本年支出合计", "99.47", "%", ""),
            ],
        ),
        (
            "公务接待费支出1.00万元，共接待3批次，21人次。",
            [
                ("公务接待费", "amount", "", "1.00", "万元", ""),
                ("公务接待", "count", "", "3", "批次", ""),
                ("公务接待", "count", "", "21", "人次", ""),
            ],
        ),
        (
            "单价100万元（含）以上设备（不含车辆）2台（套）。",
            [("单价100万元（含）以上设备（不含车辆）", "count", "", "2", "台（套）", "")],
        ),
        ("截至2023年12月31日，本部门共有车辆5辆。", [("车辆", "count", "", "5", "辆", "")]),
        ("在2023年12月召开了会议。", []),
    ],
)
def test_a_figure_is_known_by_the_pattern_of_its_clause(line: str, claims: list[tuple[str, ...]]) -> None:
    """Subject, base and unit come from the clause, or from those before it."""
    assert narrative(line) == claims


@pytest.mark.parametrize(
    "sentence",
    [
        "2023年度无政府性基金预算财政拨款收入和支出。",
        "2023年度本部门无政府性基金预算财政拨款收入支出。",
        "本单位没有政府性基金预算财政拨款安排的支出。",
        "我局2023年无使用政府性基金预算财政拨款的情况。",
    ],
)
def test_a_sentence_that_names_none_is_known(sentence: str) -> None:
    """Departments say in different words that they had no such spending."""
    lines = [
        "一、收入支出决算总体情况说明",
        "2023年度收入总计5.00万元。",
        "八、政府性基金预算支出决算情况说明",
        sentence,
    ]
    read_lines = read_narrative(Document("x", "text", "", [Page(1, [Line(line, 1) for line in lines])]))
    assert [(row["mention_kind"], row["subject"]) for row in read_lines.mentions] == [("no_activity", "政府性基金预算")]


@pytest.mark.slow
def test_the_narrative_of_a_printed_pdf_gives_the_same_figures(tmp_path: Path) -> None:
    """Paragraphs are put together by their indents, and every figure is the one that was printed."""
    expected = print_pdf(report(), tmp_path / "report.pdf", Style())
    got = raw_rows(read(tmp_path / "report.pdf", GIVEN))
    assert got["narrative_claims"] == expected["narrative_claims"]


@pytest.mark.parametrize(
    ("left", "right", "whole"),
    [
        ("2023年公建单位职工养老", "单位职工养老和医疗保险", ("2023年公建单位职工养老和医疗保险", True)),
        ("及时申请资金", "及时申请资金并拨付。", ("及时申请资金并拨付。", True)),
        ("及时申请资金", "", ("及时申请资金", True)),
        ("甲乙", "丙丁", ("甲乙丙丁", False)),
    ],
)
def test_two_halves_are_joined_where_they_overlap(left: str, right: str, whole: tuple[str, bool]) -> None:
    """Halves that do not overlap are joined all the same, and said not to."""
    assert together(left, right) == whole


HALVES = (
    [
        "补贴项目支出绩",
        "效自评表（2023年度）",
        "",
        "项目名称 清洁取暖运行补",
        "",
        "主管部门及代码 031-工信局",
        "",
        "进度（万元）",
        "",
        "目标申报数 预算编制数",
        "",
        "资金总额： 5 5 5",
        "",
        "年度目标",
        "",
        "保障供暖。",
        "",
        "绩",
        "效",
        "",
        "实际完成值 分值",
        "",
        "产出指",
        "标",
        "",
        "数量指标 户数＝71户 ＝71户 ＝70户 20",
        "",
        "时效指标 拨付及时 及时 达成预期指标10",
        "",
        "总 分",
        "",
        "产出情况及分析 全部",
        "",
        "备注：1.",
    ],
    [
        "补贴项目支出绩",
        "23年度）",
        "",
        "暖运行补贴资金",
        "",
        "预算单位 031001-工信局",
        "",
        "4 1 80.00 8.00",
        "",
        "实际完成情况",
        "",
        "已供暖。",
        "",
        "得分 偏差原因分析及改进措施",
        "",
        "18 有一户搬走",
        "",
        "10",
        "",
        "96 优",
        "",
        "全部完成。",
    ],
)


def test_a_form_over_two_half_pages_is_one_form() -> None:
    """Rows of the halves belong together in their order; amounts glued to the target are set free."""
    pages = [Page(n, [Line(line, n) for line in lines]) for n, lines in enumerate(HALVES, 1)]
    (form,) = read_forms(Document("text", "text", "", pages))
    assert form.problems == []
    assert form.head["project_name"] == "清洁取暖运行补贴资金"
    assert form.head["actual_completion"] == "已供暖。"
    assert (form.head["total_score"], form.head["grade"]) == ("96", "优")
    assert list(form.funding[0].values()) == ["资金总额：", "5", "5", "5", "4", "1", "80.00", "8.00", ""]
    assert [(i["level_2"], i["level_3"], i["actual_value"], i["weight"], i["score"]) for i in form.indicators] == [
        ("数量指标", "户数", "＝70户", "20", "18"),
        ("时效指标", "拨付", "达成预期指标", "10", "10"),
    ]
    assert form.analyses[0]["analysis_text"] == "全部完成。"


@pytest.mark.parametrize(
    ("name", "code", "level"),
    [
        ("长治市屯留区工业和信息化局", "140405", "county"),
        ("中共上海市普陀区委社会工作部", "310107", "county"),
        ("舟山市普陀区民政局", "330903", "county"),
        ("上海市财政局", "310000", "province"),
        ("苏州市水务局", "320500", "prefecture"),
    ],
)
def test_a_department_is_found_in_the_division_that_its_name_names(name: str, code: str, level: str) -> None:
    """Districts of the same name are told apart by the city above them."""
    assert division_of(name) == code
    assert level_of(code) == level


def test_a_division_whose_name_holds_another_is_not_doubted() -> None:
    """祥云县 is no 云县, and 临澧县 no 澧县: every name that one county alone has is found by itself."""
    assert division_of("祥云县林业和草原局") == "532923"
    assert division_of("云县林业和草原局") == "530922"
    assert division_of("祥云县与云县林业局") is None
    counts = Counter(divisions().values())
    alone = [(code, name) for code, name in divisions().items() if counts[name] == 1 and name not in ("市辖区", "县")]
    assert [name for code, name in alone if division_of(f"{name}财政局") != code] == []


def test_a_name_that_many_divisions_have_is_not_guessed() -> None:
    """There is more than one 鼓楼区."""
    assert division_of("鼓楼区教育局") is None
    assert full_name("140405") == "山西省长治市屯留区"
    assert made_up_code("甲局") == made_up_code("甲局 ") != made_up_code("乙局")


@pytest.mark.parametrize(
    ("name", "unknown"),
    [
        ("芜湖市三山区财政局", "三山区"),
        ("杭州市西湖区审计局", ""),
        ("杭州市市场监督管理局", ""),
        ("长治市屯留区社区矫正管理局", ""),
        ("长治市城市管理局", ""),
        ("杭州市钱江开发区管理委员会", "钱江开发区"),
    ],
)
def test_a_division_that_is_not_in_the_list_is_told(name: str, unknown: str) -> None:
    """A district that was dissolved before 2023 is not taken for its city without a word."""
    assert unknown_division(name, division_of(name)) == unknown


@pytest.mark.parametrize("name", ["杭州市下城区财政局", "莱芜市莱城区财政局"])
def test_a_division_that_was_dissolved_is_not_guessed(name: str) -> None:
    """«城区» is a district of other cities."""
    assert division_of(name) is None


def test_the_list_of_divisions_is_of_2023() -> None:
    """New in 2023: 白杨市, 米林市; dissolved in 2021: 吉利区."""
    names = divisions()
    assert len(names) == 3348
    assert (names["659012"], names["540581"][-1], names.get("410306")) == ("白杨市", "市", None)


@pytest.mark.slow
def test_forms_drawn_as_ruled_tables_are_read_back(tmp_path: Path) -> None:
    """Every cell of every form; whether a text was cut off is a judgement, and a reason is not in this form."""
    rows = report()
    print_forms(rows, tmp_path / "forms.pdf")
    forms = read_forms(open_document(tmp_path / "forms.pdf"))
    assert [problem for form in forms for problem in form.problems] == []
    judged = {
        "report_id",
        "project_no",
        "row_no",
        "section_no",
        "cut_columns",
        "page_from",
        "page_to",
        "deviation_reason",
    }
    for table, name in (
        ("project_funding", "funding"),
        ("project_indicators", "indicators"),
        ("project_analyses", "analyses"),
        ("projects", "head"),
    ):
        found = [row for form in forms for row in ([form.head] if name == "head" else getattr(form, name))]
        assert len(found) == len(rows[table])
        for printed, read_row in zip(rows[table], found, strict=True):
            for column in printed.keys() - judged:
                assert read_row[column] == printed[column], (table, printed["project_no"], column)


# Headings as departments of other places write them, above sentences of our own.
BEGINNINGS = {
    "revenue first": ["第三部分 2023年度部门决算情况说明", "一、收入决算情况说明", "本年收入合计12.00万元。"],
    "a section around it": ["三、2023年度部门决算情况说明", "（一）收支总体说明", "2023年收、支总计均为12.00万元。"],
    "changes in the heading": ["一、收入支出决算总体及增减变动情况", "收入总计12.00万元，支出总计12.00万元。"],
    "a school": ["三、决算报表说明", "（一）高等学校收支决算总表说明", "学校本年支出合计12.00万元。"],
    "no heading at all": ["本单位2023年财政拨款支出12.00万元，其中基本支出9.00万元。"],
    "a title over two lines": [
        "第三部分 某某市某某局2023年度部门决算",
        "情况说明",
        "一、部门收支概况",
        "本年收入合计12.00万元。",
    ],
}
CONTENTS = ["目录", "第一部分 概况", "第二部分 部门决算表", "第三部分 部门决算情况说明", "第四部分 名词解释"]
BEFORE = ["第一部分 概况", "一、主要职能", "负责全区财政收入12亿元的征收管理。", "第二部分 部门决算表", "单位：万元"]
AFTER = ["第四部分 名词解释", "一、基本支出：指单位日常运转的支出，如某单位财政拨款支出5.00万元。"]


def document_of(lines: list[str], kind: str = "text") -> Document:
    """Lines on one page."""
    return Document(kind, kind, "", [Page(1, [Line(line, 1) for line in lines])])


@pytest.mark.parametrize("lines", BEGINNINGS.values(), ids=BEGINNINGS.keys())
def test_the_narrative_is_found_by_what_it_says(lines: list[str]) -> None:
    """Whatever its headings are, its figures are read, and nothing of the parts before and after it."""
    found = read_narrative(document_of([*CONTENTS, *BEFORE, *lines, *AFTER]))
    assert found.problems == []
    assert {claim["value_text"] for claim in found.claims} <= {"12.00", "9.00"}
    assert found.claims[0]["value_text"] == "12.00"
    assert [term for term, _ in found.glossary] == ["基本支出"]


def test_a_narrative_of_two_parts_is_read_whole() -> None:
    """Some provinces have a part of its own for other important matters."""
    more = ["第四部分 其他重要事项情况说明", "一、机关运行经费", "机关运行经费支出3.00万元。", "第五部分 名词解释"]
    found = read_narrative(document_of([*BEGINNINGS["revenue first"], *more]))
    assert [claim["value_text"] for claim in found.claims] == ["12.00", "3.00"]


def test_terms_that_a_table_of_contents_names_bound_nothing() -> None:
    """The contents number their lines as sections, and the narrative's own sections begin anew below it."""
    contents = [
        "目录",
        "一、部门职责及机构设置",
        "二、2023年度部门决算情况说明",
        "三、名词解释",
        "四、2023年度部门决算报表",
    ]
    before = ["一、部门职责及机构设置", "本局负责全区财政工作，下辖2个单位。", "二、2023年度部门决算情况说明"]
    lines = ["一、关于2023年度收入支出决算总体情况", "本局2023年度总收入12.00万元，总支出12.00万元。"]
    terms = ["三、名词解释", "1.基本支出：指单位日常运转的支出，如某单位财政拨款支出5.00万元。"]
    found = read_narrative(document_of([*contents, *before, *lines, *terms]))
    assert [(own.section, own.text) for own in found.paragraphs] == [tuple(lines)]
    assert found.problems == []


def test_terms_of_the_only_table_of_contents_bound_nothing() -> None:
    """Those of the report may stand where they cannot be told, as in the last row of a form."""
    contents = ["目录", "一、单位概况", "二、决算情况说明（含决算表）", "三、名词解释"]
    found = read_narrative(
        document_of([*contents, "一、单位概况", "本校是一所中学。", *BEGINNINGS["revenue first"][1:]])
    )
    assert [claim["value_text"] for claim in found.claims] == ["12.00"]


def placed(texts: list[str]) -> list[Line]:
    """Lines of a PDF, one below the other, their words side by side."""
    lines = []
    for n, text in enumerate(texts):
        words = [
            Word(word, Box(50 + 120 * w, 20 * n, 60 + 120 * w, 20 * n + 10)) for w, word in enumerate(text.split())
        ]
        lines.append(Line(text, 1, Box(50, 20 * n, 500, 20 * n + 10), words))
    return lines


def test_tables_without_rules_among_the_sections_are_none_of_the_text() -> None:
    """Each stands below the section that explains it: all sections are one narrative, and no row is a sentence."""
    texts = ["第一部分 概况", "本校是一所中学。", "第二部分 决算情况说明"]
    texts += ["一、收入决算情况说明", "本年收入合计9.00万元，其中：财政拨款收入9.00万元。"]
    texts += ["表2 收入决算表（单位：万元）", "科目编码 科目名称 本年收入合计 财政拨款收入", "205 教育支出 9.00 9.00"]
    texts += ["二、支出决算情况说明", "本年支出合计8.00万元，其中：基本支出6.00万元，项目支出2.00万元。"]
    texts += ["与上年相比，基本支出增加1.00万元，项目支出减少1.00万元。"]
    texts += ["表3 支出决算表（单位：万元）", "科目编码 科目名称 合计 基本支出 项目支出", "205 教育支出 8.00 6.00 2.00"]
    texts += ["三、其他情况说明", "机关运行经费支出3.00万元。"]
    document = Document("report.pdf", "pdf", "", [Page(1, list(placed(texts)), 600, 800)])
    found = read_narrative(document, lines_of_tables(document))
    assert [own.section for own in found.paragraphs] == [texts[3], texts[8], texts[14]]
    assert not any("教育支出" in own.text or "表" in own.text for own in found.paragraphs)


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        (
            "本校没有基金收支，《政府性基金预算财政拨款收入支出决算表》《国有资本经营预算财政拨款支出决算表》均无数据。",
            ["07", "08"],
        ),
        ("故《财政拨款“三公”经费支出决算表》不再单独附表。", ["09"]),
        ("故《政府性基金预算财政拨款收入支出决算表》为空表。", ["07"]),
        ("《政府性基金预算财政拨款收入支出决算表》见附件，本校没有国有资本经营收入。", []),
        ("《收入分类表》无数据。", []),
    ],
)
def test_a_table_that_is_left_out_is_told_by_the_sentence_that_says_so(sentence: str, numbers: list[str]) -> None:
    """Its title stands before the words for it, over the end of a line, too."""
    lines = ["三、没有数据的公开表", sentence[:30], sentence[30:], "四、绩效自评"]
    found = tables_left_out([Line(text, 1) for text in lines])
    assert found == dict.fromkeys(numbers, sentence)


def test_a_narrative_that_headings_speak_of_and_that_is_not_found_is_told() -> None:
    """Its figures may stand on pages that are pictures, or were lost: nobody may take the report for read."""
    found = read_narrative(document_of([*CONTENTS, *BEFORE, "第三部分 部门决算情况说明", *AFTER[:1]]))
    assert found.paragraphs == []
    assert found.problems == ["it was not found, though headings speak of it"]


def test_a_document_of_tables_alone_has_no_narrative_to_be_found() -> None:
    """A workbook of ten tables promises no text."""
    assert (
        read_narrative(document_of(["收入支出决算总表", "单位：万元", "注：本表反映部门本年度收支情况。"])).problems
        == []
    )


def test_a_unit_that_lost_its_figure_is_told() -> None:
    """Digits in another font may fall out of their line."""
    found = read_narrative(document_of([*BEGINNINGS["revenue first"], "本年支出合计 万元。"]))
    assert found.problems == ["page 1: «本年支出合计万元»: a unit without a figure"]


@pytest.mark.parametrize(
    ("heading", "base"),
    [("三、支出决算情况", "总支出"), ("四、财政拨款支出决算情况", "财政拨款总支出")],
)
def test_everything_is_everything_that_the_section_is_about(heading: str, base: str) -> None:
    """«占总支出的» in a section about fiscal money is a share of fiscal money."""
    lines = [heading, "支出8.00万元，其中：基本支出6.00万元，占总支出的75.00%。", "本年支出合计9.00万元。"]
    (share,) = [claim for claim in read_narrative(document_of(lines)).claims if claim["measure"] == "share"]
    assert share["base"] == base


def test_points_of_percent_are_no_rate() -> None:
    """A rate that is two points higher has not grown by 2 %."""
    (claim,) = narrative("预算执行率比上年提高2.00个百分点。")
    assert claim[1] == "change"


SPOKEN = {
    "1.公务接待费预算为5.00万元，支出决算为4.00万元，完成预算的80.00%。": [
        ("公务接待费", "annual_budget", "", "5.00", "万元", ""),
        ("公务接待费", "amount", "", "4.00", "万元", ""),
        ("公务接待费", "completion_rate", "预算", "80.00", "%", ""),
    ],
    "合同总额6.00万元，其中：甲类合同3.00万元，占合同总额的50.00%；乙类合同占合同总额的25.00%。": [
        ("合同总额", "amount", "", "6.00", "万元", ""),
        ("甲类合同", "amount", "", "3.00", "万元", ""),
        ("甲类合同", "share", "合同总额", "50.00", "%", ""),
        ("乙类合同", "share", "合同总额", "25.00", "%", ""),
    ],
    "车辆运行费比年初预算减少1.00万元，同比下降5.00%。": [
        ("车辆运行费", "change", "年初预算", "1.00", "万元", "减少"),
        ("车辆运行费", "change_rate", "年初预算", "5.00", "%", "下降"),
    ],
}


@pytest.mark.parametrize(("line", "claims"), SPOKEN.items())
def test_what_a_rate_is_of_stands_before_it_or_before_its_list(line: str, claims: list[tuple[str, ...]]) -> None:
    """A budget without its kind, a share with a subject of its own, a change against the budget."""
    assert narrative(line) == claims


def test_money_of_the_year_is_that_of_the_section() -> None:
    """«本年收入» in a section about a fund is the revenue of the fund."""
    lines = [
        "八、政府性基金情况",
        "年初结转和结余1.00万元，本年收入2.00万元，本年支出3.00万元，政府性基金支出3.00万元。",
    ]
    subjects = [claim["subject"] for claim in read_narrative(document_of(lines)).claims]
    assert subjects[:3] == [f"政府性基金预算财政拨款{name}" for name in ("年初结转和结余", "本年收入", "本年支出")]


@pytest.mark.parametrize(("sentence", "unfinished"), [("增加（减少）-3.53万元。", 0), ("增加（减少）3.53万元。", 2)])
def test_a_sign_tells_which_of_two_directions_is_meant(sentence: str, unfinished: int) -> None:
    """A text whose figures have signs leaves nothing open, also where one is above zero."""
    lines = [*OPENING, f"与上年相比，收入总计{sentence}", "支出总计增长（下降）4.1%。"]
    found = read_narrative(Document("text", "text", "", [Page(1, [Line(line, 1) for line in lines])]))
    assert [mention["mention_kind"] for mention in found.mentions].count("unfinished") == unfinished


def test_headings_of_one_level_are_sections() -> None:
    """«（一）» stands below nothing in some texts, and others have no headings at all."""
    lines = ["（一）收入支出决算总体情况说明", "收入总计10.00万元。", "（二）其他说明", "支出总计10.00万元。"]
    for own, sections in ((lines, [lines[0], lines[2]]), (lines[1::2], [""])):
        found = read_narrative(Document("text", "text", "", [Page(1, [Line(line, 1) for line in own])]))
        assert [paragraph.section for paragraph in found.paragraphs] == sections
        assert all(claim["subject"] for claim in found.claims)


@pytest.mark.parametrize("line", ["一、{}：{}", "1. {}——{}", "（一）{}：{}", "【{}】{}"])
def test_a_term_is_set_off_from_its_definition(line: str) -> None:
    """By a colon, a dash or brackets."""
    lines = [*OPENING, "第三部分 名词解释", line.format("基本支出", "为维持机构运转而发生的支出。")]
    found = read_narrative(Document("text", "text", "", [Page(1, [Line(text, 1) for text in lines])]))
    assert found.glossary == [("基本支出", "为维持机构运转而发生的支出。")]


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        ("（七）农林水支出—林业—行政运行：支出3.62万元，年初预算3.55万元。", "农林水支出林业行政运行"),
        ("水利—防汛（2130314）决算3.62万元，与年初预算持平。", "水利防汛"),
        ("②2050204普通教育·高中教育：决算3.62万元，为年初预算3.90万元的92.82%。", "普通教育高中教育"),
        ("住房公积金（2210201）支出决算3.62万元。", "住房公积金"),
        (
            "1.行政事业单位养老支出－事业单位离退休：年初预算3.00万元，支出决算3.62万元。",
            "行政事业单位养老支出事业单位离退休",
        ),
    ],
)
def test_an_item_is_named_by_its_path_or_its_code(line: str, subject: str) -> None:
    """However its names are strung together, its amount is its own."""
    assert (subject, "amount", "", "3.62", "万元", "") in narrative(line)


def test_a_path_that_goes_on_in_the_next_line_is_no_heading() -> None:
    """«…支出—…—» at the end of a line begins an item."""
    claims = narrative(
        "（一）社会保障和就业支出—行政事业单位离退休—归口管理的行政单位", "离退休：支出3.62万元，年初预算3.00万元。"
    )
    assert claims[0][:4] == ("社会保障和就业支出行政事业单位离退休归口管理的行政单位离退休", "amount", "", "3.62")


def test_the_figure_of_another_year_is_no_second_one_of_this() -> None:
    """Beside the amount of the year, that of the year before only says what was compared."""
    claims = narrative("②2050204普通教育·高中教育：决算3.62万元；2019年度2.62万元，同比增加1.00万元。")
    assert [claim[3] for claim in claims if claim[1] == "amount"] == ["3.62"]


def test_shares_go_on_with_the_whole_that_was_named_last() -> None:
    """Not with the first amount of the sentence; parts of a part are shares of that part, while its sentence lasts."""
    claims = narrative(
        "财政拨款收入36.73万元，占本年收入的86.87%，包括一般公共预算拨款35.18万元；事业收入5.24万元，占12.39%。"
        "基本支出28.78万元，占本年支出的71.08%，其中人员经费20.00万元，占69.49%；项目支出11.71万元，占28.92%。"
    )
    shares = {claim[0]: claim[2] for claim in claims if claim[1] == "share"}
    assert shares == {
        "财政拨款收入": "本年收入",
        "事业收入": "本年收入",
        "基本支出": "本年支出",
        "基本支出中人员经费": "基本支出",
        "项目支出": "本年支出",
    }


def test_the_item_that_a_paragraph_begins_with_is_no_whole_of_the_others() -> None:
    """Of what «其余4个科目» are a share the paragraph does not say."""
    claims = narrative("——2081101行政运行498.63万元，较上年增加21.73万元。其余4个科目合计170.68万元，占3.66%。")
    assert [claim[2] for claim in claims if claim[1] == "share"] == [""]


def short(*lines: str) -> list[str]:
    """The figures of lines, each as words: «机关运行经费 amount 9.87万元»."""
    return [
        " ".join(filter(None, (subject, measure, base, f"{value}{unit}", direction)))
        for subject, measure, base, value, unit, direction in narrative(*lines)
    ]


@pytest.mark.parametrize(
    ("line", "claims"),
    [
        # the budget stands between the completion and its rate
        (
            "会议费支出决算为6.30万元，完成预算9.00万元的70.0%。",
            ["会议费 amount 6.30万元", "会议费 annual_budget 9.00万元", "会议费 completion_rate 预算 70.0%"],
        ),
        # what a budget consists of are budgets
        (
            "2022年会议费预算为9万元，其中：场地费5万元，资料费4万元。",
            ["会议费 annual_budget 9万元", "场地费 annual_budget 5万元", "资料费 annual_budget 4万元"],
        ),
        # … and what follows its final amount are none
        (
            "会议费预算为9万元，支出决算为7万元，其中：场地费5万元。",
            ["会议费 annual_budget 9万元", "会议费 amount 7万元", "场地费 amount 5万元"],
        ),
        # compared with a budget, whatever year it names
        (
            "会议费支出6.30万元，与2023年度预算相比，减少2.70万元，下降30%。",
            ["会议费 amount 6.30万元", "会议费 change 预算 2.70万元 减少", "会议费 change_rate 预算 30% 下降"],
        ),
        (
            "会议费支出6.30万元。与年初预算相比，减少2.70万元；与上年决算相比，增加0.30万元，增长5%。",
            [
                "会议费 amount 6.30万元",
                "会议费 change 年初预算 2.70万元 减少",
                "会议费 change 上年 0.30万元 增加",
                "会议费 change_rate 上年 5% 增长",
            ],
        ),
        # the year before by its name and its amount, with and without its unit
        (
            "会议费支出6.30万元，较上年6.00增加0.30万元，增长率为5.0%。",
            ["会议费 amount 6.30万元", "会议费 change 上年 0.30万元 增加", "会议费 change_rate 上年 5.0% 增长"],
        ),
        (
            "会议费支出6.30万元，比上年累计支出7.00万元减少0.70万元，下降10%。",
            ["会议费 amount 6.30万元", "会议费 change 上年 0.70万元 减少", "会议费 change_rate 上年 10% 下降"],
        ),
        (
            "会议费支出6.30万元，较上年6.00万元，增加0.30万元。",
            ["会议费 amount 6.30万元", "会议费 change 上年 0.30万元 增加"],
        ),
        (
            "2022年度总收入50.00万元比2021年度总收入40.00万元增加10.00万元。",
            ["总收入 amount 50.00万元", "总收入 change 2021年度 10.00万元 增加"],
        ),
        ("较2021年培训费减少1.00万元。", ["培训费 change 2021年 1.00万元 减少"]),
        (
            "会议费支出6.30万元，与去年同期相比增加0.30万元；培训费2.00万元，与上年对比减少1.00万元。",
            [
                "会议费 amount 6.30万元",
                "会议费 change 去年 0.30万元 增加",
                "培训费 amount 2.00万元",
                "培训费 change 上年 1.00万元 减少",
            ],
        ),
        (
            "会议费支出6.30万元，按可比口径同比增加0.30万元。",
            ["会议费 amount 6.30万元", "会议费 change 上年 0.30万元 增加"],
        ),
        # revenue and expenditure by that word alone
        (
            "收入总计50.00万元，支出总计40.00万元。与上年相比，收入减少5.00万元，支出增加4.00万元。",
            [
                "收入总计 amount 50.00万元",
                "支出总计 amount 40.00万元",
                "收入总计 change 上年 5.00万元 减少",
                "支出总计 change 上年 4.00万元 增加",
            ],
        ),
        # a comma before a year is none of a number
        (
            "会议费预算为9.00万元，2022年实际支出会议费为6.30万元。",
            ["会议费 annual_budget 9.00万元", "实际支出会议费 amount 6.30万元"],
        ),
        # what is spent on what is counted, and what is counted behind brackets
        (
            "国内公务接待12批次（其中外事接待0批次），98人次，支出1.20万元。",
            [
                "国内公务接待 count 12批次",
                "外事接待 count 0批次",
                "国内公务接待 count 98人次",
                "国内公务接待费 amount 1.20万元",
            ],
        ),
        # more or less of what is counted
        (
            "国内公务接待12批次，较上年增加3批次；公务用车保有量5辆，较上年减少2辆。",
            [
                "国内公务接待 count 12批次",
                "国内公务接待 change 上年 3批次 增加",
                "公务用车保有量 count 5辆",
                "公务用车保有量 change 上年 2辆 减少",
            ],
        ),
        ("全年因公出国（境）2个团组9人次。", ["因公出国（境） count 2个", "因公出国（境） count 9人次"]),
        # two figures for two names
        (
            "收、支总计各是50.10，40.20万元。与2021年相比，收、支总计各减少5.00，4.00万元，各下降9.07%、9.05%。",
            [
                "收入总计 amount 50.10万元",
                "支出总计 amount 40.20万元",
                "收入总计 change 2021年 5.00万元 减少",
                "支出总计 change 2021年 4.00万元 减少",
                "收入总计 change_rate 2021年 9.07% 下降",
                "支出总计 change_rate 2021年 9.05% 下降",
            ],
        ),
        # … and one with thousands for both
        ("与2021年相比，收、支总计各减少1,489.33万元。", ["收、支总计 change 2021年 1,489.33万元 减少"]),
        # a budget whose year is part of its name, and an expense that is not named again
        (
            "会议费支出6.30万元，比2022年初预算数9.00万元减少2.70万元。",
            ["会议费 amount 6.30万元", "会议费 initial_budget 9.00万元", "会议费 change 年初预算数 2.70万元 减少"],
        ),
        (
            "会议费支出6.30万元，用于会场。费用支出较年初预算数减少2.70万元，较上年支出数增加0.30万元。",
            [
                "会议费 amount 6.30万元",
                "会议费 change 年初预算数 2.70万元 减少",
                "会议费 change 上年支出数 0.30万元 增加",
            ],
        ),
        (
            "公务用车购置数及保有量分别为2辆和15辆。",
            ["公务用车购置数 count 2辆", "公务用车保有量 count 15辆"],
        ),
        # a rate in brackets behind its change, and one without «为»
        (
            "会议费6.30万元，较上年减少0.70万元（10.00%），培训费2.00万元，较上年增加1.00万元，增长率100%。",
            [
                "会议费 amount 6.30万元",
                "会议费 change 上年 0.70万元 减少",
                "会议费 change_rate 上年 10.00% 减少",
                "培训费 amount 2.00万元",
                "培训费 change 上年 1.00万元 增加",
                "培训费 change_rate 上年 100% 增长",
            ],
        ),
        # the whole of shares by what they make up, and a sentence that ends with a point
        (
            "本年收入的具体构成为：财政拨款收入30.00万元，占75%；其他收入10.00万元，占25%。",
            [
                "财政拨款收入 amount 30.00万元",
                "财政拨款收入 share 本年收入 75%",
                "其他收入 amount 10.00万元",
                "其他收入 share 本年收入 25%",
            ],
        ),
        (
            "本年收入合计40.00万元，上年收入50.00万元.与上年相比收入减少10.00万元。",
            ["本年收入合计 amount 40.00万元", "上年收入 amount 50.00万元", "本年收入合计 change 上年 10.00万元 减少"],
        ),
        ("会议费支出预算9.00万元，支出决算6.30万元。", ["会议费 annual_budget 9.00万元", "会议费 amount 6.30万元"]),
        # what a sentence of its own, or a colon, names
        (
            "（四）公务接待。支出1.92万元，完成预算2.40万元的80%，比上年少0.48万元。",
            [
                "公务接待费 amount 1.92万元",
                "公务接待费 annual_budget 2.40万元",
                "公务接待费 completion_rate 预算 80%",
                "公务接待费 change 上年 0.48万元 减少",
            ],
        ),
        (
            "（一）会议费：106.91万元，比上年多2.18万元。",
            ["会议费 amount 106.91万元", "会议费 change 上年 2.18万元 增加"],
        ),
        (
            "会议费9.00万元，由场地费：5.00万元和资料费：4.00万元组成，至少3.00万元已付。",
            [
                "会议费 amount 9.00万元",
                "由场地费 amount 5.00万元",
                "和资料费 amount 4.00万元",
                "至少 amount 3.00万元",
            ],
        ),
        (
            "会议费支出6.30万元，与年初预算9.00万元相比减少2.70万元，和2022年度比增加0.30万元。",
            [
                "会议费 amount 6.30万元",
                "会议费 initial_budget 9.00万元",
                "会议费 change 年初预算 2.70万元 减少",
                "会议费 change 2022年度 0.30万元 增加",
            ],
        ),
        # what the heading names, and what it was the year before
        (
            "预算10.50万元，决算7.93万元；2022年决算7.79万元，2023年比2022年多0.14万元。",
            ["其他 annual_budget 10.50万元", "其他 amount 7.93万元", "其他 change 2022年 0.14万元 增加"],
        ),
        (
            "本年收入9.00万元，本年支出8.00万元，年末结转1.00万元，支出比2022年的6.00万元多2.00万元。",
            [
                "本年收入 amount 9.00万元",
                "本年支出 amount 8.00万元",
                "年末结转 amount 1.00万元",
                "本年支出 change 2022年 2.00万元 增加",
            ],
        ),
        # a difference from the budget, whichever is larger
        (
            "会议费支出6.30万元，年初预算为9.00万元，差值为2.70万元。",
            ["会议费 amount 6.30万元", "会议费 initial_budget 9.00万元", "会议费 change 年初预算 2.70万元"],
        ),
        # what print makes of a figure, and a price in a name
        (
            "会议费支出1, 206.30万元，培训费支出88.5. 万元，劳务费支出0.40万（含税）。",
            ["会议费 amount 1,206.30万元", "培训费 amount 88.5万元", "劳务费 amount 0.40万元"],
        ),
        (
            "单位价值50万元以上通用设备3台（套），单位价值100万元以上专用设备1台（套）。",
            ["单位价值50万元以上通用设备 count 3台（套）", "单位价值100万元以上专用设备 count 1台（套）"],
        ),
        ("没有单价50万元以上的通用设备和100万元以上的专用设备。", []),
        # a share that nobody filled in, and one of a whole with its amount
        (
            "会议费支出6.30万元，其中：场地费3.00万元，占 %。",
            ["会议费 amount 6.30万元", "场地费 amount 3.00万元", "场地费 share 会议费 %"],
        ),
        ("场地费3.00万元，占会议费6.00万元的50%。", ["场地费 amount 3.00万元", "场地费 share 会议费 50%"]),
        # an item goes on with its final amount of the year
        (
            "3.节能环保支出（类）污染防治（款）噪声（项），用于监测。年初预算为8.00万元，当年支出决算为6.00万元。",
            [
                "节能环保支出（类）污染防治（款）噪声（项） initial_budget 8.00万元",
                "节能环保支出（类）污染防治（款）噪声（项） amount 6.00万元",
            ],
        ),
        # what did not change is what the changes behind it are no longer of
        (
            "会议费支出6.30万元，比上年增加1.00万元。其中，场地费支出决算比预算无增减变化，比上年增加0.50万元。",
            ["会议费 amount 6.30万元", "会议费 change 上年 1.00万元 增加", "场地费 change 上年 0.50万元 增加"],
        ),
        # what a list adds up to, and whose account it is
        ("培训费、会议费（“三公”经费）决算总额9.00万元。", ["“三公”经费 amount 9.00万元"]),
        (
            "我镇“三公”经费支出9.00万元，甲县乙局国内公务接待3批次。",
            ["“三公”经费 amount 9.00万元", "国内公务接待 count 3批次"],
        ),
        (
            "年末结转和结余8.00元，比年初增加3.00元；项目结转2.00元，比年初的1.50元多0.50元。",
            [
                "年末结转和结余 amount 8.00元",
                "年末结转和结余 change 年初 3.00元 增加",
                "项目结转 amount 2.00元",
                "项目结转 change 年初 0.50元 增加",
            ],
        ),
        (
            "会议费预算4.00万元，决算3.00万元，完成预算的75.00%，节约1.00万元。",
            [
                "会议费 annual_budget 4.00万元",
                "会议费 amount 3.00万元",
                "会议费 completion_rate 预算 75.00%",
                "会议费 change 预算 1.00万元 减少",
            ],
        ),
        # the budget of the next year is none of this year's accounts
        ("2024年会议费预算4.00万元。", ["会议费预算 amount 4.00万元"]),
        (
            "2024年度会议费预算较2023年度增加1.00万元，其中场地费较上年同期减少0.50万元。",
            ["会议费预算 change 2023年度 1.00万元 增加", "场地费预算 change 上年 0.50万元 减少"],
        ),
        # the budget of a year before is another one than that of the year told of
        (
            "2023年会议费预算为9.00万元，比2022年预算增加1.00万元，比2023年初预算数8.50万元增加0.50万元。",
            [
                "会议费 annual_budget 9.00万元",
                "会议费 change 2022年预算 1.00万元 增加",
                "会议费 initial_budget 8.50万元",
                "会议费 change 年初预算数 0.50万元 增加",
            ],
        ),
        (
            "2023年会议费支出9.00万元，比2022年初预算数8.00万元增加1.00万元。",
            ["会议费 amount 9.00万元", "会议费 change 2022年初预算数 1.00万元 增加"],
        ),
        (
            "会议费9.00万元，比上年预算数字下降10.00%，比上年决算数字增长5.00%；培训费2.00万元，同比去年1.50万元增加0.50万元。",
            [
                "会议费 amount 9.00万元",
                "会议费 change_rate 上年预算数字 10.00% 下降",
                "会议费 change_rate 上年决算数字 5.00% 增长",
                "培训费 amount 2.00万元",
                "培训费 change 去年 0.50万元 增加",
            ],
        ),
        # a name goes on behind its brackets, and is none of what they list
        (
            "作业用车（吊车、铲车）3辆；会议费（包括场租、资料费和餐费）为9.00万元，较上年增加1.00万元。",
            [
                "作业用车（吊车、铲车） count 3辆",
                "会议费 amount 9.00万元",
                "会议费 change 上年 1.00万元 增加",
            ],
        ),
        # … but figures in brackets are those of parts
        (
            "会议费9.00万元（其中：场地费5.00万元，资料费4.00万元）。",
            ["会议费 amount 9.00万元", "场地费 amount 5.00万元", "资料费 amount 4.00万元"],
        ),
        # two sides that share a unit, and rates that follow two changes
        (
            "收入51.20、支总计42.10万元。与2021年相比，收入增加5.10、支出总计减少4.00万元，分别增长11.06%、下降8.68%。",
            [
                "收入总计 amount 51.20万元",
                "支出总计 amount 42.10万元",
                "收入总计 change 2021年 5.10万元 增加",
                "支出总计 change 2021年 4.00万元 减少",
                "收入总计 change_rate 2021年 11.06% 增长",
                "支出总计 change_rate 2021年 8.68% 下降",
            ],
        ),
        (
            "财政拨款收入51.20万元、支总计42.10万元。",
            ["财政拨款收入 amount 51.20万元", "财政拨款支出总计 amount 42.10万元"],
        ),
        (
            "会议费减少3.00万元、培训费减少1.00万元，分别下降30%、10%。",
            [
                "会议费 change 上年 3.00万元 减少",
                "培训费 change 上年 1.00万元 减少",
                "会议费 change_rate 上年 30% 下降",
                "培训费 change_rate 上年 10% 下降",
            ],
        ),
        # receptions are counted, and their costs are of them
        (
            "国内公务接待12批次，98人，共计支出1.20万元。",
            ["国内公务接待 count 12批次", "国内公务接待 count 98人", "国内公务接待费 amount 1.20万元"],
        ),
        (
            "公务接待费1.20万元，用于调研。共12批次、98人次。",
            ["公务接待费 amount 1.20万元", "公务接待 count 12批次", "公务接待 count 98人次"],
        ),
        (
            "公务接待费用1.20万元，接待12批（次）98人。",
            ["公务接待费用 amount 1.20万元", "公务接待 count 12批次", "公务接待 count 98人"],
        ),
        # what is compared stands before the year, and whose it is or when it was before its name
        (
            "会议费9.00万元。培训费与2021年相比，增加1.00万元。本单位与上年相比，收入增加2.00万元。",
            ["会议费 amount 9.00万元", "培训费 change 2021年 1.00万元 增加", "收入 change 上年 2.00万元 增加"],
        ),
        (
            "我园机关运行经费9.00万元，截至2022年底本单位公务用车共3辆，2022年末结转和结余1.00万元。",
            ["机关运行经费 amount 9.00万元", "公务用车 count 3辆", "年末结转和结余 amount 1.00万元"],
        ),
        # whose money a final amount is stands between the year and its name
        (
            "会议费2023年财政拨款决算数为9.00万元，比2022年度决算数8.00万元增加1.00万元，主要是场地费增加1.00万元。",
            [
                "会议费 amount 9.00万元",
                "会议费 change 2022年度决算数 1.00万元 增加",
                "场地费 change 2022年度决算数 1.00万元 增加",
            ],
        ),
        (
            "甲县2023年的“三公”经费决算数合计为9.00万元，收入总计为50.00万元。",
            ["“三公”经费 amount 9.00万元", "收入总计 amount 50.00万元"],
        ),
        # … while money of one kind that «amounts to» a figure is that of the year
        ("财政拨款支出总计为40.00万元。", ["财政拨款支出 amount 40.00万元"]),
        (
            "公务接待费2023年财政拨款决算数为9.00万元。接待外宾3批，共计20人次。",
            ["公务接待费 amount 9.00万元", "接待外宾 count 3批", "接待外宾 count 20人次"],
        ),
        # both directions with a word between them, and a list that lost its commas
        (
            "会议费9.00万元，较2022年度决算数增加（或减少）0万元，增长（或下降）0%。",
            ["会议费 amount 9.00万元", "会议费 change 2022年度决算数 0万元", "会议费 change_rate 2022年度决算数 0%"],
        ),
        (
            "事业收入8.00万元，占总收入80%其他收入2.00万元，占总收入的比率为20%。",
            [
                "事业收入 amount 8.00万元",
                "事业收入 share 总收入 80%",
                "其他收入 amount 2.00万元",
                "其他收入 share 总收入 20%",
            ],
        ),
        ("会议费9.00万元，相较于上年增加1.00万元。", ["会议费 amount 9.00万元", "会议费 change 上年 1.00万元 增加"]),
        # parts of a budget are budgets in the next sentence, too
        (
            "会议费预算为9.00万元，比上年预算减少1.00万元。其中：场地费5.00万元。",
            ["会议费 annual_budget 9.00万元", "会议费 change 上年预算 1.00万元 减少", "场地费 annual_budget 5.00万元"],
        ),
        (
            "会议费支出9.00万元，预算执行率为90.0%，培训费预算完成比例达80%。",
            ["会议费 amount 9.00万元", "会议费 completion_rate 预算 90.0%", "培训费 completion_rate 预算 80%"],
        ),
        # … but what was spent, and on what is not said, completes no budget
        ("实际支出8.00万元，预算执行率为80%。", ["实际支出 amount 8.00万元"]),
        (
            "会议费预算数为9.00万元，调整数8.00万元，决算数7.00万元。",
            ["会议费 annual_budget 9.00万元", "会议费 annual_budget 8.00万元", "会议费 amount 7.00万元"],
        ),
    ],
)
def test_a_figure_is_of_what_its_sentence_says(line: str, claims: list[str]) -> None:
    """What a clause does not name again it has from where offices leave it: the year before, the budget, a list."""
    assert short(line) == claims


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("会议费支出6.30万元，其中场地费3.00万元，占47.62；其他费用3.30万元，占52.38%。", "占47.62"),
        ("会议费年初预算为9.00万元，支出决算为6.30。", "支出决算为6.30"),
        ("会议费支出6.30万元，比上年减少 万元。", "比上年减少万元"),
        ("会议费支出决算数比2021年度减增加1.00万元。", "会议费支出决算数比2021年度减增加1.00万元"),
    ],
)
def test_a_figure_without_its_unit_or_without_its_number_is_unfinished(sentence: str, text: str) -> None:
    """What a template left is told by the words that stand there."""
    page = Page(1, [Line(line, 1) for line in [*OPENING, sentence]])
    mentions = read_narrative(Document("text", "text", "", [page])).mentions
    assert [m["mention_text"] for m in mentions if m["mention_kind"] == "unfinished"] == [text]


def test_what_stayed_as_it_was_is_told_of_its_own_name() -> None:
    """A clause without a figure names what it is about, too."""
    line = "会议费支出6.30万元，其中：场地费支出决算与2022年持平；资料费与2023年度预算相比持平。"
    page = Page(1, [Line(text, 1) for text in [*OPENING, line]])
    mentions = read_narrative(Document("text", "text", "", [page])).mentions
    assert [(m["mention_kind"], m["subject"]) for m in mentions] == [("unchanged", "场地费"), ("as_budget", "资料费")]


def test_paragraphs_of_a_file_without_pages_end_with_their_sentences() -> None:
    """What shares are shares of is not in the paragraph above; a heading that says «无» is one."""
    lines = [
        "本部门2023年度收入总计267.07万元，支出总计213.00万元。与上年相比，收入减少15.65万元，下降5.54%。",
        "本部门2023年度收入合计260.00万元，其中：财政拨款收入260.00万元，占100%。",
        "三、政府性基金预算财政拨款收支情况：无",
    ]
    page = Page(1, [Line(line, 1) for line in ["一、收入支出决算总体情况说明", *lines]])
    found = read_narrative(Document("text", "text", "", [page], pages_known=False))
    assert [claim["base"] for claim in found.claims if claim["measure"] == "share"] == ["收入合计"]
    assert [(p.section, p.text) for p in found.paragraphs[2:]] == [("三、政府性基金预算财政拨款收支情况", "无")]


def test_a_text_about_the_three_public_expenses_alone_is_a_narrative() -> None:
    """Many offices publish a page about them alone, whose sentences name no other account."""
    page = Page(
        1, [Line(line, 1) for line in ["二、公务接待费", "2014年公务接待费1.30万元，较2013年决算数下降10.3%。"]]
    )
    assert len(read_narrative(Document("text", "text", "", [page])).claims) == 2
