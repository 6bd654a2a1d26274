"""Forms of universities and provinces with more tables and columns than the ten: what has no place is kept apart."""

from pathlib import Path

import pytest
from final_accounts.ingest.document.masthead import describe
from final_accounts.ingest.document.reading import open_document
from final_accounts.ingest.layouts import layouts
from final_accounts.ingest.tables.all_ten import read_tables
from test_ingest_provinces import document
from test_ingest_variants import read_sheets, texts

REVENUE = [
    ("科目编码", "科目名称", "本年收入合计", "财政拨款收入", "事业收入", "", "其他收入"),
    ("", "", "", "", "金额", "其中：教育收费", ""),
    ("205", "教育支出", "9.00", "5.00", "3.00", "2.00", "1.00"),
    ("", "合计", "9.00", "5.00", "3.00", "2.00", "1.00"),
]
EXPENDITURE = [
    ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
    ("205", "教育支出", "8.00", "6.00", "2.00"),
    ("", "合计", "8.00", "6.00", "2.00"),
]
APPROPRIATION = [(*EXPENDITURE[0], "其中：基本建设资金支出"), ("205", "教育支出", "5.00", "4.00", "1.00", "0.50")]
SUMMARY = [
    ("收入", "", "支出", ""),
    ("项目", "决算数", "项目(按功能分类)", "决算数"),
    ("一、财政拨款收入", "5.00", "一、教育支出", "8.00"),
    ("其中：政府性基金预算财政拨款", "0.70", "", ""),
    ("二、其他收入", "1.00", "", ""),
    ("其中：捐赠收入", "0.30", "", ""),
    ("合计", "9.00", "合计", "9.00"),
]


def university() -> list[list]:
    """A cover and the four tables of a university, each on its page."""
    titles = ["收支决算总表", "收入决算表", "支出决算表", "财政拨款支出决算表"]
    tables = [SUMMARY, REVENUE, EXPENDITURE, APPROPRIATION]
    pages = [
        [f"表 {number}：高等学校{title}", "单位名称：某某大学 单位：万元", table]
        for number, (title, table) in enumerate(zip(titles, tables, strict=True), 1)
    ]
    return [["某某大学2023年度部门决算"], *pages]


def test_a_university_prints_three_of_the_ten_tables_and_a_fourth_that_is_kept_apart() -> None:
    """Nothing of the fourth goes into table 03, whose title ends with the same words."""
    found, layout, (other,) = read_tables(document(*university()))
    assert (layout.name, [table.table_no for table in found]) == ("university", ["01", "02", "03"])
    assert texts(found[2], "total", "basic", "project") == [("8.00", "6.00", "2.00")] * 2
    assert (other.title, other.pages, other.amounts) == ("表 4：高等学校财政拨款支出决算表", [5], 4)


def test_a_part_of_a_column_is_kept_beside_the_row_it_stands_in() -> None:
    """What is charged for education is a part of 事业收入 and enters no sum."""
    found, _, _ = read_tables(document(*university()))
    revenue = found[1]
    assert texts(revenue, "fiscal_appropriation", "institutional", "other") == [("5.00", "3.00", "1.00")] * 2
    assert [(own.row_label, own.cell.text) for own in revenue.apart] == [("205 教育支出", "2.00"), ("合计", "2.00")]
    assert revenue.problems == []


def test_a_part_of_a_line_enters_no_sum_of_the_summary() -> None:
    """Gifts are a part of 其他收入: the line is none of those that add up, and is kept apart."""
    found, _, _ = read_tables(document(*university()))
    assert [text for text in texts(found[0], "item", "amount") if text[1]] == [
        ("一、财政拨款收入", "5.00"),
        ("二、其他收入", "1.00"),
        ("合计", "9.00"),
        ("一、教育支出", "8.00"),
        ("合计", "9.00"),
    ]
    assert [(own.heading, own.cell.text) for own in found[0].apart] == [
        ("其中：政府性基金预算财政拨款", "0.70"),
        ("其中：捐赠收入", "0.30"),
    ]


def test_a_body_of_the_central_government_belongs_to_no_division() -> None:
    """It has none to tell, and is of the central level."""
    pages = document(*university())
    found, layout, _ = read_tables(pages)
    report = describe(pages, found, [], {}, layout.level)
    assert (report.row["government_level"], report.row["division_code"], report.problems) == ("central", "000000", [])


def test_only_who_prints_the_titles_of_universities_may_leave_out_the_other_seven_tables() -> None:
    """A report whose other tables were not found must say so."""
    pages = [
        [line.replace("高等学校", "") if isinstance(line, str) else line for line in page] for page in university()
    ]
    _, layout, _ = read_tables(document(*pages))
    assert layout is not layouts()["university"]


def university_by_fund() -> list[list]:
    """The tables of a university by fund, the fifth drawn together with the fourth."""
    general = [("项目", "", "合计", "基本支出", "项目支出"), *EXPENDITURE]
    title = "表5：高等学校政府性基金预算财政拨款支出决算表单位名称：某某大学 单位：万元"
    fund = [("229", "其他支出", "1.00", "", "1.00"), ("", "合计", "1.00", "", "1.00")]
    pages = university()[:4]
    head = ["表4：高等学校一般公共预算财政拨款支出决算表", "单位名称：某某大学 单位：万元"]
    return [*pages, [*head, [*general, (title, "", "", "", ""), *general[:2], *fund]]]


def test_a_university_that_spent_of_a_fund_prints_five_of_the_ten_tables() -> None:
    """The title of the fifth stands in the rows of the fourth, with the university and the unit on its line."""
    found, layout, (fund,) = read_tables(document(*university_by_fund()))
    assert (layout.name, layout.level) == ("university_five", "central")
    assert [table.table_no for table in found] == ["01", "02", "03", "05"]
    assert texts(found[3], "subject_code", "total") == [("205", "8.00"), ("", "8.00")]
    assert (fund.table_no, fund.title, fund.amounts) == ("07", "政府性基金预算财政拨款支出决算表", 4)


@pytest.mark.parametrize("is_printed", [False, True])
def test_a_table_of_a_fund_without_its_balances_is_kept_apart(is_printed: bool, tmp_path: Path) -> None:
    """In the raw table they would be nothing, and what the text says of them wrong; blank ones are nothing."""
    names = ("年初结转和结余", "本年收入", "年末结转和结余") if is_printed else ()
    rows = [("科目编码", "科目名称", "合计", "基本支出", "项目支出", *names), ("229", "其他支出", "1.00", None, "1.00")]
    reading = read_sheets(
        tmp_path,
        [("支出决算表",), ("单位：万元",), *EXPENDITURE],
        [("政府性基金预算财政拨款支出决算表",), ("单位：万元",), *rows],
    )
    problem = "table 07: no heading was found for the columns opening_balance, revenue, closing_balance"
    assert ([table.table_no for table in reading.tables], problem in reading.open_points()) == (
        (["03", "07"], False) if is_printed else (["03"], True)
    )


def test_a_university_without_a_fund_prints_four_of_the_ten_tables() -> None:
    """None of them is missed, and none is asked for that a university never prints."""
    pages = university_by_fund()
    pages[-1][-1] = pages[-1][-1][:4]
    found, layout, _ = read_tables(document(*pages))
    assert (layout.name, [table.table_no for table in found]) == ("university_four", ["01", "02", "03", "05"])


PROJECTS = [("科目编码", "科目名称", "合计", "工资福利支出"), ("201", "某支出", "7.00", "7.00")]
FUNDS = [
    ("科目编码", "科目名称", "年初结转和结余", "本年收入", "本年支出", "", "", "年末结转和结余"),
    ("", "", "", "", "合计", "基本支出", "项目支出", ""),
    ("229", "其他支出", "1.00", "2.00", "3.00", "1.00", "2.00", "0.00"),
]


def test_a_table_of_projects_between_two_of_the_ten_is_kept_apart() -> None:
    """Both go on with what is their own."""
    pages = [
        ["支出决算表", "单位：万元", EXPENDITURE],
        ["公开07表", "一般公共预算财政拨款项目支出决算表", "单位：万元", PROJECTS],
        ["公开08表", "政府性基金预算财政拨款收入支出决算表", "单位：万元", FUNDS],
    ]
    found, _, (other,) = read_tables(document(*pages))
    assert [(table.table_no, table.pages) for table in found] == [("03", [1]), ("07", [3])]
    assert (other.title, other.pages, [own.cell.text for own in other.cells[-4:]]) == (
        "一般公共预算财政拨款项目支出决算表",
        [2],
        ["201", "某支出", "7.00", "7.00"],
    )


EXPENSES = [("项目", "预算数", "决算统计数"), ("合计", "3.00", "2.00"), ("1.因公出国（境）费", "", "")]
EXPENSES += [("2.公务用车购置及运行维护费", "2.00", "1.00"), ("（1）公务用车购置费", "", "")]
EXPENSES += [("（2）公务用车运行维护费", "2.00", "1.00"), ("3.公务接待费", "1.00", "1.00")]


def test_the_three_public_expenses_of_one_fund_stand_beside_those_of_all() -> None:
    """They are not printed again: one table is read, the other is kept apart."""
    pages = [
        ["财政拨款“三公”经费、行政参公单位机关运行经费情况表", "单位：万元", EXPENSES],
        ["一般公共预算财政拨款“三公”经费、行政参公单位机关运行经费情况表", "单位：万元", EXPENSES],
    ]
    (found,), _, (other,) = read_tables(document(*pages))
    assert (found.table_no, found.pages, found.problems, other.pages) == ("09", [1], [], [2])
    assert texts(found, "final_total", "final_vehicles_total", "final_receptions") == [("2.00", "1.00", "1.00")]


def test_what_was_bought_is_read_and_what_was_to_be_bought_is_kept_apart(tmp_path: Path) -> None:
    """In 2016 the disclosure statistics have a column of budgets before that of what was paid."""
    rows = [("部门决算公开相关信息统计表",), ("单位：元",), ("一、政府采购情况",)]
    rows += [("项目", "行次", "采购预算", "采购金额"), ("合计", "1", "9.00", "8.00"), ("货物", "2", "5.00", "4.00")]
    rows += [("二、机关运行经费",), ("项目", "行次", "统计数"), ("（一）行政单位", "3", "7.00")]
    (table,) = read_sheets(tmp_path, rows).tables
    assert texts(table, "line_no", "statistic") == [("1", "8.00"), ("2", "4.00"), ("3", "7.00")]
    assert [(own.row_label, own.heading, own.cell.text) for own in table.apart] == [
        ("合计", "采购预算", "9.00"),
        ("货物", "采购预算", "5.00"),
    ]


def test_a_title_on_two_lines_is_read_whole_where_its_second_line_is_a_title_too() -> None:
    """Of what fund the expenses are stands on the first line."""
    pages = [
        ["财政拨款“三公”经费支出决算表", "单位：万元", EXPENSES],
        ["附件5", "一般公共预算财政拨款", "“三公”经费支出决算表", "单位：万元", EXPENSES],
    ]
    (found,), _, (other,) = read_tables(document(*pages))
    assert (found.title, found.pages, found.problems) == ("财政拨款“三公”经费支出决算表", [1], [])
    assert other.title == "一般公共预算财政拨款“三公”经费支出决算表"


CLASSES = ["功能分类科目编码 科目名称 合计 基本支出 项目支出", "合计 5.00 5.00  ", "201 一般公共服务支出 5.00 5.00  "]


@pytest.mark.parametrize("number", ["附件6", "表六", "表 6：", "部门决算公开表6"])
def test_the_number_of_the_next_form_is_no_line_of_the_table_above_it(number: str) -> None:
    """It stands alone above a title, where another table ends on the same page."""
    page = ["一般公共预算财政拨款支出决算表", "单位：万元", *CLASSES]
    page += [number, "财政拨款“三公”经费支出决算表", "单位：万元", EXPENSES]
    (classes, expenses), _, apart = read_tables(document(page))
    assert (classes.table_no, classes.problems, expenses.table_no, expenses.problems) == ("05", [], "09", [])
    assert apart == []


@pytest.mark.parametrize("foot", ["https://www.example.gov.cn/zwgk/t1.html 3/13", "ﬁle:///home/report.html 3/13"])
def test_what_a_browser_prints_at_the_foot_of_a_page_is_no_line_of_its_table(foot: str) -> None:
    """The address and the number of a saved page, below a table without rulings."""
    first = ["一般公共预算财政拨款支出决算表", "单位：万元", *CLASSES, foot]
    (table,), *_ = read_tables(document(first, [CLASSES[0], "20101 人大事务 5.00 5.00  ", foot.replace("3/", "4/")]))
    assert (len(table.rows), table.problems, table.apart) == (3, [], [])


LINED_UP = """支出决算表
单位：万元
  科目编码      科目名称       合计       基本支出      项目支出    上缴上级支出   经营支出   对附属单位补助支出
205       教育支出         480.00     400.00      80.00
20502     普通教育         480.00     400.00      80.00
          合计           490.00     410.00      80.00
"""


@pytest.mark.parametrize("lines", [LINED_UP])
def test_an_amount_of_a_text_between_two_headings_is_doubtful(lines: str, tmp_path: Path) -> None:
    """Lines that were set with wide characters drift away from their headings, the further the more."""
    (tmp_path / "report.txt").write_text("某局2023年度部门决算\f" + lines, encoding="utf-8")
    (table,), *_ = read_tables(open_document(tmp_path / "report.txt"))
    assert texts(table, "basic", "project")[0] == ("400.00", "80.00")
    assert any("stands between two headings" in problem for problem in table.problems)


def test_expenditure_of_a_form_with_revenue_and_balances_is_that_below_its_heading(tmp_path: Path) -> None:
    """In 云南 the parts are called the same below each of them, and basic expenditure has parts itself."""
    head = [
        "科目编码",
        "科目名称",
        *["年初结转和结余"] * 3,
        *["本年收入"] * 3,
        *["本年支出"] * 5,
        *["年末结转和结余"] * 3,
    ]
    parts = ["", "", "合计", "基本支出结转", "项目支出结转和结余", "合计", "基本支出", "项目支出"]
    parts += ["合计", *["基本支出"] * 3, "项目支出", "合计", "基本支出结转", "项目支出结转和结余"]
    leaves = [*[""] * 9, "小计", "人员经费", "日常公用经费", *[""] * 4]
    amounts = [
        "3.00",
        "1.00",
        "2.00",
        "9.00",
        "5.00",
        "4.00",
        "8.00",
        "5.00",
        "4.00",
        "1.00",
        "3.00",
        "4.00",
        "1.00",
        "3.00",
    ]
    rows = [("一般公共预算财政拨款收入支出决算表",), ("单位：万元",), head, parts, leaves, ["201", "某支出", *amounts]]
    (table,) = read_sheets(tmp_path, rows).tables
    assert texts(table, "total", "basic", "project") == [("8.00", "5.00", "3.00")]
    assert (len(table.apart), table.problems) == (11, [])


def test_funds_of_a_form_with_parts_of_its_balances_are_read_whole(tmp_path: Path) -> None:
    """Each balance is its total, and not the part of basic expenditure beside it."""
    head = [
        "科目编码",
        "科目名称",
        *["年初结转和结余"] * 3,
        *["本年收入"] * 3,
        *["本年支出"] * 3,
        *["年末结转和结余"] * 3,
    ]
    parts = ["", "", "合计", "基本支出结转", "项目支出结转和结余", "合计", "基本支出", "项目支出"]
    parts += ["合计", "基本支出", "项目支出", "合计", "基本支出结转", "项目支出结转和结余"]
    amounts = ["3.00", "1.00", "2.00", "9.00", "5.00", "4.00", "8.00", "5.50", "2.50", "4.00", "1.00", "3.00"]
    rows = [("政府性基金预算财政拨款收入支出决算表",), ("单位：万元",), head, parts, ["229", "其他支出", *amounts]]
    (table,) = read_sheets(tmp_path, rows).tables
    names = ("opening_balance", "revenue", "expenditure_total", "expenditure_basic", "expenditure_project")
    assert texts(table, *names, "closing_balance") == [("3.00", "9.00", "8.00", "5.50", "2.50", "4.00")]


def test_the_expenditure_of_state_capital_stands_beside_its_revenue_and_expenditure() -> None:
    """In 四川 each is a table of its own."""
    head = ("科目编码", "科目名称", "年初结转和结余", "本年收入", *["本年支出"] * 3, "年末结转和结余")
    parts = ("", "", "", "", "合计", "基本支出", "项目支出", "")
    whole = [head, parts, ("223", "某支出", "1.00", "2.00", "2.00", "", "2.00", "1.00")]
    pages = [
        ["国有资本经营预算财政拨款收入支出决算表", "单位：万元", whole],
        ["国有资本经营预算财政拨款支出决算表", "单位：万元", [EXPENDITURE[0], ("223", "某支出", "2.00", "", "2.00")]],
    ]
    (found,), _, (other,) = read_tables(document(*pages))
    names = ("opening_balance", "revenue", "total", "project", "closing_balance")
    assert (found.title, texts(found, *names), found.problems, found.apart) == (
        pages[0][0],
        [("1.00", "2.00", "2.00", "2.00", "1.00")],
        [],
        [],
    )
    assert (other.title, other.amounts) == (pages[1][0], 2)


@pytest.mark.parametrize(
    ("head", "row", "expected"),
    [
        (
            ["年初结转和结余 本年收入 本年支出 年末结转和结余", "合计 基本支出 项目支出"],
            "1.00 2.00 2.50 2.50 0.50",
            ("1.00", "2.00", "2.50", "", "2.50", "0.50"),
        ),
        (["本年支出", "合计 基本支出 项目支出"], "2.50  2.50", (None, None, "2.50", "", "2.50", None)),
    ],
)
def test_state_capital_in_running_text_has_the_columns_of_its_headings(
    head: list[str], row: str, expected: tuple[str | None, ...]
) -> None:
    """上海 prints revenue and balances, the national form the expenditure only."""
    filled = row if "  " in row else "1.00 2.00 2.50  2.50 0.50"
    lines = ["国有资本经营预算财政拨款收入支出决算表", "单位：万元", f"项目 {head[0]}", f"科目编码 科目名称 {head[1]}"]
    lines += [f"合计 {filled}", f"223 国有资本经营预算支出 {filled}"]
    ((found,), _, _) = read_tables(document(lines))
    names = ("opening_balance", "revenue", "total", "basic", "project", "closing_balance")
    assert [tuple(row[name].text if name in row else None for name in names) for row in found.rows] == [expected] * 2


def test_meetings_and_training_beside_the_three_public_expenses_are_none_of_them(tmp_path: Path) -> None:
    """In 陕西 the first total is of all five."""
    own = ["小计", "因公出国（境）费", "公务接待费", *["公务用车购置及运行维护费"] * 3]
    head = [*["预算数"] * 9, *["决算数"] * 9]
    groups = ["合计", *["“三公”经费"] * 6, "会议费", "培训费"] * 2
    leaves = ["", *own, "", ""] * 2
    lowest = [*[""] * 4, "小计", "公务用车购置费", "公务用车运行维护费", "", ""] * 2
    amounts = ["7.00", "4.00", "1.00", "1.00", "2.00", "0.50", "1.50", "2.00", "1.00"]
    title = "一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表"
    rows = [(title,), ("单位：万元",), head, groups, leaves, lowest, amounts * 2]
    (table,) = read_sheets(tmp_path, rows).tables
    names = ("total", "overseas_trips", "vehicles_total", "vehicle_purchase", "vehicle_operation", "receptions")
    expected = ("4.00", "1.00", "2.00", "0.50", "1.50", "1.00")
    assert texts(table, *(f"budget_{name}" for name in names)) == [expected]
    assert texts(table, *(f"final_{name}" for name in names)) == [expected]
