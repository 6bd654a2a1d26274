"""Reports as departments of other provinces lay them out: what stands around the tables, and how they are ruled."""

from pathlib import Path

import pytest
from final_accounts.ingest.document.masthead import budget_year, decimals, describe
from final_accounts.ingest.document.pages import Box, Cell, Document, Grid, Line, Page, Refused, Word
from final_accounts.ingest.document.reading import read
from final_accounts.ingest.files.pdf import read_pdf
from final_accounts.ingest.layouts import choose_layout
from final_accounts.ingest.proof import prove
from final_accounts.ingest.tables.all_ten import read_tables
from final_accounts.ingest.tables.ruled.table import ReadTable
from final_accounts.ingest.tables.unruled.grids import grids_of_lines
from final_accounts.ingest.tables.unruled.words import parted
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from test_ingest_tables import report
from test_ingest_variants import HEAD, LINES, ROWS, read_sheets, texts


def document(*pages: list[str | list[tuple[str, ...]]]) -> Document:
    """Pages of lines, and of grids where a part is rows of texts."""
    made = []
    for number, parts in enumerate(pages, 1):
        placed: list[Line | Grid] = []
        for n, part in enumerate(parts):
            box = Box(50, 20 * n, 500, 20 * n + 10)
            if isinstance(part, str):
                placed.append(Line(part, number, box))
            else:
                placed.append(Grid(number, box, [[Cell(text, number, box) for text in row] for row in part]))
        made.append(Page(number, placed, 600, 800))
    return Document("report.pdf", "pdf", "", made)


CONTENTS = [
    "目录",
    "第二部分 2023年度部门决算表",
    "八、国有资本经营预算财政拨款支出决算表",
    "九、支出决算表{}9",
    "第三部分 2023年度部门决算情况说明{}10",
    "一、收入支出决算总体情况说明{}10",
    "二、项目支出情况说明{}11",
    "三、2023年度机关运行经费支出说明{}12",
]


@pytest.mark.parametrize("leader", ["..........", "………………"])
def test_a_table_of_contents_is_no_table(leader: str) -> None:
    """Its last title is followed by lines with figures, as the title of a table is."""
    table = [("科目编码", "科目名称", "合计", "基本支出", "项目支出"), ("201", "某支出", "10.00", "4.00", "6.00")]
    pages = [[line.format(leader) for line in CONTENTS], ["支出决算表", "单位：万元", table]]
    (found,) = read_tables(document(*pages))[0]
    assert (found.pages, found.problems) == ([2], [])
    assert texts(found, "total", "basic", "project") == [("10.00", "4.00", "6.00")]


def test_a_table_of_contents_without_leaders_is_no_table() -> None:
    """Four titles of tables on a page without an amount."""
    table = [("科目编码", "科目名称", "合计", "基本支出", "项目支出"), ("201", "某支出", "10.00", "4.00", "6.00")]
    titles = ["一、收入支出决算总表", "二、收入决算表", "四、财政拨款收入支出决算总表", "九、支出决算表"]
    rest = ["（一）2023年度项目支出绩效", "（二）2023年度项目支出情况"]
    (found,) = read_tables(document([*titles, *rest], ["支出决算表", "单位：万元", table]))[0]
    assert (found.pages, found.problems) == ([2], [])


def test_a_table_of_contents_on_the_page_of_a_table_is_no_table() -> None:
    """A text may have no pages."""
    table = [("科目编码", "科目名称", "合计", "基本支出", "项目支出"), ("201", "某支出", "10.00", "4.00", "6.00")]
    lines = [line.format("........") for line in CONTENTS]
    (found,) = read_tables(document([*lines, "支出决算表", "单位：万元", table]))[0]
    assert (len(found.rows), found.problems) == (1, [])


def test_tables_below_each_other_on_one_sheet_are_read_apart(tmp_path: Path) -> None:
    """Each has columns of its own."""
    revenue = [("收入决算表",), ("单位：元",), ("科目编码", "科目名称", "本年收入合计", "财政拨款收入", "其他收入")]
    revenue += [("201", "一般公共服务支出", "12.00", "11.00", "1.00"), ("合计", None, "12.00", "11.00", "1.00")]
    first, second = read_sheets(tmp_path, [*HEAD, *ROWS, (None,), *revenue]).tables
    assert (first.table_no, first.amount_unit, second.table_no, second.amount_unit) == ("03", "万元", "02", "元")
    assert texts(first, "subject_code", "total", "basic") == [("201", "10.00", "4.00"), ("", "10.00", "4.00")]
    assert texts(second, "subject_code", "total", "other") == [("201", "12.00", "1.00"), ("", "12.00", "1.00")]


@pytest.mark.parametrize(
    "cover",
    [
        ["成都市武侯区财政局2021年度部门决算公开表"],
        ["2021年度成都市武侯区财政局部门决算"],
        ["成都市武侯区财政局", "2021年度部门决算", "二〇二二年八月", *["第一部分 部门概况…………………………1"] * 6],
    ],
)
def test_department_and_year_are_found_on_the_cover(cover: list[str]) -> None:
    """With the word for tables behind them, the year first, or each on its line above the contents."""
    row = describe(document(cover), [], [], {}).row
    assert (row["department_name"], row["fiscal_year"], row["division_code"]) == (
        "成都市武侯区财政局",
        "2021",
        "510107",
    )


@pytest.mark.parametrize("behind", ["制表人：穆人清", "　编制：袁承志", "（填报人段智兴）", " 单位负责人：王五", ""])
def test_who_signed_behind_the_department_is_no_part_of_its_name(behind: str, tmp_path: Path) -> None:
    """A release without personal data has the department."""
    rows = [("支出决算表",), (f"部门：某某县教育局{behind}",), ("科目编码", "科目名称", "合计", "基本支出", "项目支出")]
    (table,) = read_sheets(tmp_path, [*rows, ("201", "某支出", "3.00", "1.00", "2.00")]).tables
    assert table.department_name == "某某县教育局"


@pytest.mark.parametrize("heading", [["第二部分", "2021年度部门决算表"], ["二、2021年度部门决算公开表"]])
def test_a_part_of_a_report_is_no_department(heading: list[str]) -> None:
    """Its heading stands above «2021年度部门决算表», or has a number before it."""
    row = describe(document(heading), [], [], {}).row
    assert row["department_name"] == "(unknown)"


def test_tables_that_are_empty_follow_each_other_on_one_page() -> None:
    """Below one line of headings stands the note, then the number and the title of the next; no text is of the note."""
    head, empty = "科目编码 科目名称 本年支出合计 基本支出 项目支出", "本部门本年度无此项收支，故本表为空。"
    pages = [
        "八、政府性基金预算支出情况表……………………18",
        "一、部门概况",
        "内设机构6个，在职人员33人。",
        "在编人员30人。",
        *("政府性基金预算支出情况表", head, empty, "表九", "国有资本经营预算支出情况表", head, empty),
        "三、部门决算说明",
        "我单位2021年收入总计1207.89万元。",
    ]
    found = read_tables(document(pages))[0]
    assert [(table.table_no, table.rows, table.says_it_is_empty) for table in found] == [
        ("07", [], True),
        ("08", [], True),
    ]
    assert [note for table in found for _, note in table.notes] == [empty, empty]


@pytest.mark.parametrize("sentence", ["本表无数据", "此表为空", "（空表）", "此表无数据。"])
def test_a_short_sentence_in_a_table_says_that_it_is_empty(sentence: str, tmp_path: Path) -> None:
    """It stands where the first subject would."""
    rows = [("国有资本经营预算财政拨款支出决算表",), ("单位：万元",), ("科目编码", "科目名称", "合计", "基本支出")]
    (table,) = read_sheets(tmp_path, [*rows, (sentence,)]).tables
    assert (table.rows, table.says_it_is_empty) == ([], True)


@pytest.mark.parametrize(
    ("label", "is_said"), [("二、政府性基金预算财政拨款", False), ("三、国有资本经营预算财政拨款", True)]
)
def test_a_form_without_state_capital_lacks_no_column(label: str, is_said: bool, tmp_path: Path) -> None:
    """Before 2020 table 04 had no such fund; where a line names it, its column is missing."""
    head = [("财政拨款收入支出决算总表",), ("单位：万元",), ("收入", None, "支出")]
    head += [("项目", "决算数", "项目", "合计", "一般公共预算财政拨款", "政府性基金预算财政拨款")]
    (table,) = read_sheets(tmp_path, [*head, (label, "2.00", "一、一般公共服务支出", "2.00", "2.00", None)]).tables
    missing = [problem for problem in table.problems if "state_capital_operations" in problem]
    assert bool(missing) is is_said


def test_eight_tables_before_2020_may_stand_in_the_order_of_the_later_form() -> None:
    """The table of state capital is not missing."""
    order = ["01", "02", "03", "04", "05", "06", "07", "09"]
    assert choose_layout(order, "2018年度部门决算 公开01表 行次").name == "national_eight_in_order"


def test_a_table_that_is_open_at_its_sides_is_read_whole(tmp_path: Path) -> None:
    """Rows are ruled from end to end, and columns only between each other."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(tmp_path / "report.pdf"), pagesize=(600, 800))
    canvas.setFont("STSong-Light", 9)
    for row, own in enumerate([HEAD[2], *ROWS, ROWS[0]]):
        for column, text in enumerate(own):
            canvas.drawString(52 + 100 * column, 704 - 20 * row, text or "")
    for row in range(5):
        canvas.line(50, 718 - 20 * row, 550, 718 - 20 * row)
    for column in range(1, 5):
        canvas.line(50 + 100 * column, 718, 50 + 100 * column, 638)
    # one side is there for some rows, drawn twice
    for _ in range(2):
        canvas.line(550, 718, 550, 686)
    canvas.save()
    (grid,) = [part for part in read_pdf(tmp_path / "report.pdf").pages[0].parts if isinstance(part, Grid)]
    assert [cell.text for cell in grid.slots[1]] == list(ROWS[0])


def test_a_note_in_the_table_may_go_on_in_the_next_row(tmp_path: Path) -> None:
    """Its sentences are numbered, and each has a row."""
    notes = [("注：1.本表反映部门本年度各项支出情况。",), ("    2.本套报表金额单位转换时可能存在尾数误差。",)]
    (table,) = read_sheets(tmp_path, [*HEAD, *ROWS, *notes]).tables
    assert (len(table.rows), table.notes) == (
        2,
        [("注", "1.本表反映部门本年度各项支出情况。2.本套报表金额单位转换时可能存在尾数误差。")],
    )


@pytest.mark.parametrize("parts", [("—", "三、国防支出"), ("二、政府性基金预算财政拨款", "-")])
def test_a_dash_beside_a_label_is_parted(parts: tuple[str, str]) -> None:
    """It ends where the label of the next panel begins, or begins where its own ends."""
    text = "".join(parts)
    word = Word(text, Box(5, 0, 5 + 9 * len(text), 9), tuple((5.0 + 9 * n, 14.0 + 9 * n) for n in range(len(text))))
    assert [part.text for part in parted([word])] == [*parts]


@pytest.mark.parametrize(
    ("pieces", "problems"),
    [
        (("1,234,", "567.00"), []),
        (("1,234,567.", "00"), []),
        (("12", "34"), ["1 cells: cut by the page end"]),
        (("1.00", "2.00"), ["page 1: «1.002.00» is no amount", "1 cells: cut by the page end"]),
    ],
)
def test_an_amount_that_the_page_end_cuts_is_put_together_where_it_is_clear(
    pieces: tuple[str, str], problems: list[str]
) -> None:
    """The rest of its row stands at the head of the next page, without a code."""
    head = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
    above = [head, ("201", "一般公共服务支出", "9.00", "4.00", "5.00"), ("20101", "人大事务", pieces[0], "", "3.00")]
    (table,) = read_tables(document(["支出决算表", "单位：元", above], [[("", "支出", pieces[1], "", "")]]))[0]
    assert table.rows[-1]["total"].text == "".join(pieces)
    assert table.problems == problems


def test_a_report_whose_rows_stop_the_models_is_said_and_stops_no_other() -> None:
    """A label stands where a line number should be."""
    good, bad = (
        report(),
        {name: [row | {"report_id": "140405-032-2023"} for row in rows] for name, rows in report().items()},
    )
    first = bad["revenue_expenditure_summary"][0]
    bad["revenue_expenditure_summary"][0] = first | {"line_no": "一般公共服务支出"}
    verdicts = prove({good["reports"][0]["report_id"]: good, "140405-032-2023": bad})
    assert verdicts["140405-031-2023"].proved_amounts > 0
    problems = verdicts["140405-032-2023"].contract
    assert any("«一般公共服务支出»; expected a whole number" in problem for problem in problems)
    assert verdicts["140405-032-2023"].proved_amounts == 0


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (("2023年度成都市武侯区财政局收入", "支出决算总表"), "01"),
        (("一般公共预算财政拨款", "支出决算表"), "05"),
        (("2023年度成都市武侯区财政局财政拨款收", "入支出决算总表"), "04"),
    ],
)
def test_a_title_on_two_lines_is_one_title(lines: tuple[str, str], number: str) -> None:
    """Its second line alone may be the title of another table."""
    table = [("项目", "决算数", "项目", "决算数"), ("一、其他收入", "10.00", "一、教育支出", "10.00")]
    assert [found.table_no for found in read_tables(document([*lines, "单位：万元", table]))[0]] == [number]


def test_the_second_line_of_another_title_is_no_title() -> None:
    """It goes on with what no table of the form is called."""
    table = [("科目编码", "科目名称", "合计", "基本支出", "项目支出"), ("201", "某支出", "10.00", "4.00", "6.00")]
    other = ["2023年度财政拨款", "支出决算表（功能科目）", "单位：万元", table]
    pages = document(["支出决算表", "单位：万元", table], other)
    (found,) = read_tables(pages)[0]
    assert (found.pages, len(found.rows)) == ([1], 1)


DETAILS = [("一般公共预算财政拨款支出决算明细表",), ("单位：万元",), ("科目编码", "科目名称", "合计", "工资福利支出")]
DETAILS += [("201", "某支出", "10.00", "10.00")]
PROPER = [("一般公共预算财政拨款支出决算表",), *HEAD[1:], *ROWS]


@pytest.mark.parametrize("sheets", [[PROPER, DETAILS], [DETAILS, PROPER]])
def test_a_table_of_details_does_not_take_the_place_of_the_table(sheets: list[list[tuple]], tmp_path: Path) -> None:
    """Its title is that of the table in other provinces, its columns are not."""
    (table,) = read_sheets(tmp_path, *sheets).tables
    assert (table.title, table.problems) == ("一般公共预算财政拨款支出决算表", [])
    assert texts(table, "subject_code", "basic") == [("201", "4.00"), ("", "4.00")]


def test_unit_and_department_in_the_first_rows_of_a_drawn_table_are_found() -> None:
    """Title, department and unit are drawn as rows of the table."""
    rows = [("支出决算表", "", "", "", ""), ("部门：某局", "", "", "", "单位：元"), HEAD[2], *ROWS]
    rows = [tuple(text or "" for text in row) for row in rows]
    box = Box(50, 0, 500, 100)
    slots = [[Cell(text, 1, Box(50, 20 * n, 500, 20 * n + 10)) for text in row] for n, row in enumerate(rows)]
    page = Page(1, [Grid(1, box, slots)], 600, 800)
    (table,) = read_tables(Document("report.pdf", "pdf", "", [page]))[0]
    assert (table.amount_unit, table.department_name) == ("元", "某局")


@pytest.mark.parametrize(("total", "is_said"), [("60.01", False), ("61.00", True)])
def test_one_list_of_economic_subjects_is_the_sum_of_its_classes(total: str, is_said: bool, tmp_path: Path) -> None:
    """It shows no totals of the two kinds."""
    rows = [("一般公共预算财政拨款基本支出决算表",), ("单位：万元",), ("科目编码", "科目名称", "决算数")]
    rows += [("合计", None, total), ("301", "工资福利支出", "50.00"), ("30101", "基本工资", "50.00")]
    rows += [("302", "商品和服务支出", "10.00"), ("30201", "办公费", "10.00")]
    (table,) = read_sheets(tmp_path, rows).tables
    said = [f"page 2: «{total}» of 合计 is not the sum of the classes"]
    assert table.problems == (said if is_said else [])


def test_an_amount_and_the_code_of_the_next_panel_are_parted() -> None:
    """Amounts end where the codes begin; nothing but a narrow gap lies between them."""
    places = [(0, 5.0), *((n, 5.0 * (n + 1)) for n in range(1, 6)), *((n, 5.0 * (n + 1) + 1) for n in range(6, 9))]
    edges = tuple((x, x + 5.0) for _, x in places)
    word = Word("206.25302", Box(5, 0, 51, 9), edges)
    assert [part.text for part in parted([word], "economic")] == ["206.25", "302"]
    assert [part.text for part in parted([word])] == ["206.25302"]
    even = tuple((5.0 * n, 5.0 * n + 5) for n in range(9))
    assert [part.text for part in parted([Word("206.25302", Box(5, 0, 51, 9), even)], "economic")] == ["206.25302"]


@pytest.mark.parametrize(
    "cover",
    [
        ["关于长治市屯留区某某局2023年部门决算", "和“三公”经费决算的公开"],
        ["关于长治市屯留区某某局", "2023年部门决算和“三公”", "经费决算的公开"],
        ["关于公开长治市屯留区某某局2023年度部门决算的公告"],
        ["长治市屯留区某某局关于2023年度部门决算公开的说明"],
        ["长治市屯留区某某局关于公开二〇二三年度单位决算", "及“三公”经费决算的说明"],
        ["关于2023年度长治市屯留区某某局部门决算公开情况的说明"],
    ],
)
def test_a_title_may_be_a_sentence_about_the_department(cover: list[str]) -> None:
    """«关于» is no part of its name, and the sentence may take several lines."""
    row = describe(document([*cover, *["第一部分 部门概况" * 5] * 3]), [], [], {}).row
    assert (row["department_name"], row["fiscal_year"], row["title"]) == ("长治市屯留区某某局", "2023", "".join(cover))


def test_a_sentence_about_many_departments_names_none() -> None:
    """It begins with «关于» and has the year right behind it."""
    row = describe(document(["关于批复2023年度部门决算的通知", *["第一部分 部门概况" * 5] * 3]), [], [], {}).row
    assert row["department_name"] == "(unknown)"


@pytest.mark.parametrize(
    ("cover", "year"),
    [
        (["某区某局2024年部门预算"], "2024"),
        (["关于某区某局二〇二五年度单位预算的说明"], "2025"),
        (["某区某局", "2024年", "部门预算"], "2024"),
        (["2024年度部门预算公开表", "主要职责：编制财政预决算", "比2023年决算数增加"], "2024"),
        (["收支总表", "2024年预算数", "预算数", "预算数"], "2024"),
        (["某区某局2023年度部门决算", "2024年部门预算"], None),
        (["某区某局2023年部门决算和2024年部门预算公开"], None),
    ],
)
def test_a_budget_is_told_from_final_accounts(cover: list[str], year: str | None) -> None:
    """By its title, or by what its text speaks of; both may stand in one file."""
    assert budget_year(document([*cover, *["第一部分 部门概况" * 5] * 3])) == year


def test_a_budget_is_refused_as_the_budget_that_it_is(tmp_path: Path) -> None:
    """Its tables go by titles that some provinces give to final accounts."""
    (tmp_path / "budget.txt").write_text("某区某局2024年部门预算\n部门收支总表\n单位：万元\n", encoding="utf-8")
    with pytest.raises(Refused, match="a budget of 2024"):
        read(tmp_path / "budget.txt")


@pytest.mark.parametrize(
    ("label", "is_said"),
    [
        ("二十六、抗役特别国债安排的支出", False),
        ("二十六、抗疫特别国债安排支出", False),
        ("二十六、抗疫债券安排的支出", True),
        ("三、国坊支出", True),
    ],
)
def test_a_label_is_known_with_one_character_wrong(label: str, is_said: bool, tmp_path: Path) -> None:
    """Where it can be that of one line only; short ones are too much alike."""
    (table,) = read_sheets(tmp_path, [*LINES, ("一、一般公共预算财政拨款收入", "1.00", label, "2.00")]).tables
    assert any("is no line of table 01" in problem for problem in table.problems) == is_said
    assert table.rows[-1]["item"].text == label


VEHICLES_2016 = ["1.部级领导干部用车", "2.一般公务用车", "3.一般执法执勤用车", "4.特种专业技术用车", "5.其他用车"]


def _disclosures(vehicles: list[str], equipment: list[str]) -> list[tuple[str | None, ...]]:
    rows = [("部门决算公开相关信息统计表",), ("单位：元",), ("一、政府采购情况",), ("项目", "行次", "采购金额")]
    rows += [(label, "1", "0.00") for label in ("合计", "货物", "工程", "服务")]
    rows += [("二、机关运行经费",), ("项目", "行次", "统计数"), ("（一）行政单位", "5", "3.00")]
    rows += [
        ("（二）参照公务员法管理事业单位", "6", "0.00"),
        ("三、国有资产占用情况",),
        ("（一）车辆数合计（辆）", "7", "2"),
    ]
    return rows + [(label, "8", "0") for label in [*vehicles, *equipment]]


@pytest.mark.parametrize(("left_out", "is_said"), [(None, False), ("2.一般公务用车", True)])
def test_disclosures_before_2018_have_vehicles_and_equipment_of_their_own(
    left_out: str | None, is_said: bool, tmp_path: Path
) -> None:
    """Five kinds of vehicles; the lines of the later form are not missing."""
    equipment = ["（二）单价50万元以上通用设备（台、套）", "（三）单价100万元以上专用设备（台，套）"]
    vehicles = [label for label in VEHICLES_2016 if label != left_out]
    (table,) = read_sheets(tmp_path, _disclosures(vehicles, equipment)).tables
    said = "lines of the form are not there, so the table may be cut off: 一般公务用车"
    assert table.problems == ([said] if is_said else [])


ECONOMIC = [
    ("单位：元",),
    ("科目编码", "科目名称", "金额", "科目编码", "科目名称", "金额"),
    ("301", "工资福利支出", "5.00", "302", "商品和服务支出", "3.00"),
    ("30101", "基本工资", "5.00", "30201", "办公费", "3.00"),
    (None, None, "0.00", "30400", "对企事业单位的补贴", "0.00"),
    (None, None, None, "30401", "企业政策性补贴", "0.00"),
]
KINDS = ("人员经费合计", None, "5.00", "公用经费合计", None, "3.00")


def test_a_class_may_have_five_digits_and_a_zero_no_subject(tmp_path: Path) -> None:
    """Forms before 2018 fill the shorter panel with zeros, and print 30400 for the class 304."""
    (table,) = read_sheets(tmp_path, [("一般公共预算财政拨款基本支出决算表",), *ECONOMIC, KINDS]).tables
    assert table.problems == []
    assert [(own.heading, own.cell.text) for own in table.apart] == [("(no subject)", "0.00")]


def test_an_amount_without_a_subject_is_a_point(tmp_path: Path) -> None:
    """It may be that of the row above or below."""
    rows = [(None, None, "7.00", *row[3:]) if "30400" in row else row for row in ECONOMIC]
    (table,) = read_sheets(tmp_path, [("一般公共预算财政拨款基本支出决算表",), *rows, KINDS]).tables
    assert table.problems == ["page 2: «7.00» stands beside no subject"]


@pytest.mark.parametrize(
    ("title", "basic", "numbers"),
    [
        ("一般公共预算财政拨款支出决算表（二）", "6.00", ["05"]),
        ("一般公共预算财政拨款支出决算表（二）", "8.00", ["05", "06"]),
        ("一般公共预算财政拨款基本支出决算表", "6.00", ["05", "06"]),
    ],
)
def test_all_expenditure_by_economic_subject_is_no_basic_expenditure(
    title: str, basic: str, numbers: list[str], tmp_path: Path
) -> None:
    """Where its totals are those of all of table 05: its figures are kept apart, and no table is missing."""
    rows = [
        ("一般公共预算财政拨款支出决算表（一）",),
        ("单位：元",),
        ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
    ]
    rows += [("201", "一般公共服务支出", "8.00", basic, None), (None, "合计", "8.00", basic, None)]
    reading = read_sheets(tmp_path, [*rows, (None,), (title,), *ECONOMIC, KINDS])
    assert [table.table_no for table in reading.tables] == numbers
    assert [table.title for table in reading.others] == ([] if "06" in numbers else [title])
    assert ("06" in reading.missing) is False


def line(top: float, *words: tuple[str, float]) -> Line:
    """Words of a line, each from a place on."""
    placed = [Word(text, Box(x, top, x + 9 * len(text) / (1 if text > "z" else 2), top + 9)) for text, x in words]
    edged = [Word(w.text, w.box, tuple((w.box.x0, w.box.x1) for _ in w.text)) for w in placed]
    return Line(" ".join(text for text, _ in words), 1, edged[0].box.joined(edged[-1].box), edged)


def right(text: str, end: float) -> tuple[str, float]:
    """A text that ends at a place."""
    return text, end - 9 * len(text) / 2


def test_one_heading_between_the_lines_of_the_others_is_no_first_row() -> None:
    """«合计» stands at the middle of headings that wrap: not above them, and not below."""
    rows = [
        line(10, ("一般公共预算财政", 340), ("政府性基金预算财", 440)),
        line(12, ("项目", 60)),
        line(15, ("合计", 250)),
        line(20, ("拨款", 365), ("政拨款", 465)),
        line(40, ("一、一般公共服务支出", 40), right("-", 300), right("-", 400), right("-", 500)),
        line(60, ("二、外交支出", 40), right("3.00", 300), right("2.00", 400), right("1.00", 500)),
    ]
    (grid,) = grids_of_lines([rows], kind="lines")
    assert [[cell.text if cell else "" for cell in row] for row in grid.slots[grid.heading_rows :]] == [
        ["一、一般公共服务支出", "-", "-", "-"],
        ["二、外交支出", "3.00", "2.00", "1.00"],
    ]


def test_a_dash_near_the_codes_of_the_next_panel_is_an_amount() -> None:
    """Headings stand at the middle of their columns: that of the codes is nearer to the dash than its own."""
    rows = [
        line(
            10,
            ("科目编码", 47),
            ("科目名称", 136),
            ("决算数", 244),
            ("科目编码", 301),
            ("科目名称", 390),
            ("决算数", 498),
        ),
        line(
            30,
            ("301", 43),
            ("工资福利支出", 91),
            right("2605.28", 291),
            ("302", 297),
            ("商品服务", 345),
            right("9.14", 545),
        ),
        line(50, ("30106", 43), ("伙食补助费", 98), right("-", 291), ("30204", 297), ("手续费", 352), right("-", 545)),
    ]
    (grid,) = grids_of_lines([rows], kind="economic")
    assert [cell.text if cell else "" for cell in grid.slots[-1]] == [
        "30106",
        "伙食补助费",
        "-",
        "30204",
        "手续费",
        "-",
    ]


def test_a_short_amount_stands_below_the_long_ones_of_its_column() -> None:
    """Headings begin at the left of their columns, amounts end at the right: a short one is near the next heading."""
    heading = [("科目编码", 40.0), ("科目名称", 110.0), ("合计", 240.0), ("基本支出", 340.0), ("项目支出", 440.0)]
    rows = [
        line(20, *heading),
        line(
            40,
            ("201", 40),
            ("一般公共服务支出", 110),
            right("21,000,012.50", 335),
            right("12.50", 435),
            right("21,000,000.00", 535),
        ),
        line(60, ("20106", 40), ("财政事务", 110), right("12.50", 335), right("12.50", 435)),
    ]
    (grid,) = grids_of_lines([rows])
    assert [[cell.text if cell else "" for cell in row] for row in grid.slots[1:]] == [
        ["201", "一般公共服务支出", "21,000,012.50", "12.50", "21,000,000.00"],
        ["20106", "财政事务", "12.50", "12.50", ""],
    ]


def test_the_first_line_of_headings_that_wrap_is_no_information(tmp_path: Path) -> None:
    """None of its words is a whole heading."""
    path = tmp_path / "report.pdf"
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path))
    canvas.setFont("STSong-Light", 9)
    places = {
        800: [(200, "长治市屯留区教育局2023年度部门决算")],
        770: [(250, "支出决算表")],
        755: [(450, "单位：万元")],
        730: [(50, "科目编"), (230, "本年支"), (310, "基本支"), (390, "项目支")],
        725: [(120, "科目名称")],
        720: [(58, "码"), (230, "出合计"), (318, "出"), (398, "出")],
        700: [(50, "201"), (110, "一般公共服务支出"), (240, "10.00"), (320, "4.00"), (400, "6.00")],
        680: [(50, "20106"), (110, "财政事务"), (240, "10.00"), (320, "4.00"), (400, "6.00")],
    }
    for y, texts_of in places.items():
        for x, text in texts_of:
            canvas.drawString(x, y, text)
    canvas.save()
    (table,) = read(path, {}).tables
    assert texts(table, "subject_code", "total", "basic", "project") == [
        ("201", "10.00", "4.00", "6.00"),
        ("20106", "10.00", "4.00", "6.00"),
    ]


@pytest.mark.parametrize(
    ("texts", "gap"),
    [
        (["17.97", "1.25"], 1.2),
        (["170.46", "1,315.79"], 1.2),
        (["567.03", "-"], 1.2),
        (["17.97", "1.25"], 0.0),
        (["567.03", "-"], 0.0),
    ],
)
def test_amounts_of_two_columns_that_touch_are_parted_where_there_is_a_gap(texts: list[str], gap: float) -> None:
    """One is set to the right of its column, the other to the left; evenly set they are left to be looked at."""
    edges: list[tuple[float, float]] = []
    for text in texts:
        start = edges[-1][1] + gap if edges else 5.0
        edges += [(start + 5.0 * n, start + 5.0 * n + 5.0) for n in range(len(text))]
    word = Word("".join(texts), Box(5, 0, edges[-1][1], 9), tuple(edges))
    assert [part.text for part in parted([word])] == (texts if gap else ["".join(texts)])


def test_a_cell_that_two_amounts_stand_in_says_nothing_of_the_decimals_of_its_table() -> None:
    """It would be 7 decimals of all amounts, which no contract knows: no cell of the report could be proved."""
    cells = [Cell(text, 1) for text in ("0.69 0.59", "0.69", "0.690.59")]
    read = [ReadTable("09", "三公", [1], rows=[{"final_total": cell}]) for cell in cells]
    assert decimals(read) == "2"
