"""Tables as other provinces and years print them: what can be told is read, and everything else is said."""

from collections import Counter
from pathlib import Path

import pytest
from final_accounts.ingest.document.pages import Box, Cell, Document, Grid, Line, Page, TextLine, Word
from final_accounts.ingest.document.reading import Reading, raw_rows, read
from final_accounts.ingest.layouts import choose_layout, column_of, is_other_title, layouts, tables, title_of
from final_accounts.ingest.tables.all_ten import read_tables
from final_accounts.ingest.tables.find.halves import Part, _shift, put_together
from final_accounts.ingest.tables.ruled.columns import read_column_grids
from final_accounts.ingest.tables.ruled.table import ReadTable
from final_accounts.ingest.tables.ruled.three_public import named_subtotals
from final_accounts.ingest.tables.running.stream import LEFT_OUT, read_subjects, stages_order
from final_accounts.ingest.tables.unruled.anchors import Body, alignment_of, rows_of
from final_accounts.ingest.tables.unruled.words import parted
from final_accounts.proving.printing.paper import EXTRA
from final_accounts.proving.printing.printers import print_report
from final_accounts.proving.printing.styles import Style
from openpyxl import Workbook
from test_ingest_tables import GIVEN, differences, report

COVER = [("成都市武侯区财政局2021年度部门决算",)]
HEAD = [("支出决算表",), ("单位：万元",), ("科目编码", "科目名称", "合计", "基本支出", "项目支出")]
ROWS = [("201", "一般公共服务支出", "10.00", "4.00", "6.00"), ("合计", None, "10.00", "4.00", "6.00")]


def read_sheets(tmp_path: Path, *sheets: list[tuple]) -> Reading:
    """A workbook of a cover and these sheets as read."""
    book = Workbook()
    book.remove(book.active)
    for rows in (COVER, *sheets):
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    book.save(tmp_path / "report.xlsx")
    return read(tmp_path / "report.xlsx", {})


def texts(table: ReadTable, *columns: str) -> list[tuple[str, ...]]:
    """The texts of some columns, row by row."""
    return [tuple(row[c].text if c in row else "" for c in columns) for row in table.rows]


def test_the_cover_of_a_workbook_names_department_and_year(tmp_path: Path) -> None:
    """The cover is drawn as cells like everything else in a workbook."""
    row = read_sheets(tmp_path, HEAD + ROWS).report.row
    assert (row["department_name"], row["fiscal_year"], row["division_code"]) == (
        "成都市武侯区财政局",
        "2021",
        "510107",
    )


def test_columns_are_told_by_their_headings_and_not_by_their_order(tmp_path: Path) -> None:
    """Project before basic, the total last."""
    head = [*HEAD[:2], ("科目编码", "科目名称", "项目支出", "基本支出", "合计")]
    (table,) = read_sheets(tmp_path, [*head, ("201", "一般公共服务支出", "6.00", "4.00", "10.00")]).tables
    assert texts(table, "total", "basic", "project") == [("10.00", "4.00", "6.00")]


@pytest.mark.parametrize("heading", ["科目编码及名称", "项目（按功能分类）"])
def test_code_and_name_in_one_column_are_parted(heading: str, tmp_path: Path) -> None:
    """As budgets print them."""
    rows = [(heading, "合计", "基本支出", "项目支出"), ("201 一般公共服务支出", "10.00", "4.00", "6.00")]
    (table,) = read_sheets(tmp_path, HEAD[:2] + rows).tables
    assert texts(table, "subject_code", "subject_name", "total") == [("201", "一般公共服务支出", "10.00")]


def test_a_name_without_a_code_is_said(tmp_path: Path) -> None:
    """Without codes no identity can know the row."""
    rows = [("项目", "合计", "基本支出", "项目支出"), ("一般公共服务支出", "10.00", "4.00", "6.00")]
    (table,) = read_sheets(tmp_path, HEAD[:2] + rows).tables
    assert "page 2: «一般公共服务支出» has no subject code" in table.problems


def test_a_table_without_codes_is_said_once(tmp_path: Path) -> None:
    """Not a point for each of its rows; where other rows have codes, each that lacks its own is named."""
    names = ["一般公共服务支出", "人大事务", "行政运行"]
    head = [*HEAD[:2], ("科目编码", "科目名称", "合计", "基本支出", "项目支出")]
    rows = [("", name, "10.00", "4.00", "6.00") for name in names]
    (table,) = read_sheets(tmp_path, [*head, ("", "合计", "10.00", "4.00", "6.00"), *rows]).tables
    assert [problem for problem in table.problems if "code" in problem] == [
        "page 2: no codes stand beside 3 subjects, from «一般公共服务支出» on"
    ]
    (table,) = read_sheets(tmp_path, [*head, ("201", *rows[0][1:]), *rows[1:]]).tables
    assert [problem for problem in table.problems if "code" in problem] == [
        f"page 2: «{name}» has no subject code" for name in names[1:]
    ]


def test_a_table_without_codes_keeps_no_other_out_of_the_raw_tables(tmp_path: Path) -> None:
    """No raw row can be without a code: it is kept cell by cell, and said; nothing breaks the contract."""
    bare = [("收入决算表",), ("单位：万元",), ("项目", "本年收入合计", "财政拨款收入")]
    bare += [("教育支出", "9.00", "9.00"), ("普通教育", "9.00", "9.00"), ("合计", "9.00", "9.00")]
    reading = read_sheets(tmp_path, bare, HEAD + ROWS)
    assert ([table.table_no for table in reading.tables], "02" in reading.missing) == (["03"], True)
    assert "table 02: page 2: no codes stand beside 2 subjects, from «教育支出» on" in reading.open_points()
    assert "table 02 was not found" not in reading.open_points()
    cells = [(row["row_label"], row["heading"], row["printed_text"]) for row in raw_rows(reading)["other_cells"]]
    assert cells[3:6] == [
        ("普通教育", "", "普通教育"),
        *[("普通教育", h, "9.00") for h in ("本年收入合计", "财政拨款收入")],
    ]


def test_a_table_that_the_text_says_is_left_out_is_empty_and_not_missing(tmp_path: Path) -> None:
    """The sentence is its note."""
    sentence = "本校没有基金收支，《政府性基金预算财政拨款收入支出决算表》无数据，不再附表。"
    reading = read_sheets(tmp_path, HEAD + ROWS, [("三、没有数据的公开表",), (sentence,)])
    assert ("07" in reading.empty, "07" in reading.missing, "08" in reading.missing) == (True, False, True)
    assert [(row["table_no"], row["note_text"]) for row in raw_rows(reading)["table_notes"]] == [("07", sentence)]


def test_the_first_row_of_a_page_is_a_row_where_no_row_has_a_code() -> None:
    """It is no rest of the row above the page end, whose amounts it would be taken for."""
    pages = [
        [["项目", "合计", "基本支出"], ["甲类", "1.00", "1.00"]],
        [["乙类", "2.00", "2.00"], ["丙类", "3.00", "3.00"]],
    ]
    result = _read_pages(pages, headings=(1, 0))
    assert texts(result, "subject_name", "total") == [("甲类", "1.00"), ("乙类", "2.00"), ("丙类", "3.00")]


def test_reports_of_two_units_in_one_file_are_said_and_not_mixed(tmp_path: Path) -> None:
    """The same table again, at once or after another one."""
    other = [
        ("收入决算表",),
        ("单位：万元",),
        ("科目编码", "科目名称", "本年收入合计", "财政拨款收入"),
        ("201", "某支出", "1", "1"),
    ]
    at_once = read_sheets(tmp_path, HEAD + ROWS, HEAD + ROWS).tables[0]
    assert "page 3: 201 is printed twice" in at_once.problems
    apart = read_sheets(tmp_path, HEAD + ROWS, other, HEAD + ROWS).tables[0]
    assert "it is printed again on page 4: only the first was read" in apart.problems
    assert len(apart.rows) == 2


def test_a_table_of_another_kind_ends_the_one_before_it(tmp_path: Path) -> None:
    """Its rows are none of the table that stands above it."""
    other = [("机关运行经费支出情况表",), *HEAD[1:], ("302", "商品和服务支出", "9.00", "4.00", "5.00")]
    (table,) = read_sheets(tmp_path, HEAD + ROWS, other).tables
    assert (len(table.rows), table.pages) == (2, [2])


@pytest.mark.parametrize(
    ("line", "is_other"),
    [
        ("机构运行信息表", True),
        ("机关运行经费支出情况表", True),
        ("国有资产占用情况表", True),
        ("2023年度部门决算公开报表", False),
        ("公开06表", False),
        ("收入支出决算总表反映部门收支情况。", False),
        ("部门决算表", False),
        ("财政拨款支出决算表（功能科目）", True),
        ("一般公共预算“三公”经费、会议费、培训费支出决算表", True),
    ],
)
def test_what_is_the_title_of_another_table(line: str, is_other: bool) -> None:
    """What all tables together are called is not."""
    assert is_other_title(line) is is_other


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("附件2：部门收支总体情况表", "01"),
        ("表七 一般公共预算“三公”经费支出决算表", "09"),
        ("2019年度国有资本经营预算收入支出决算表", "08"),
        ("收 入 支 出 决 算 总 表", "01"),
        ("２０２３年度收入决算表", "02"),
        ("支出决算表（单位：元）", "03"),
        ("支出决算表（公开03表）", "03"),
        ("“三公”经费公共预算财政拨款支出决算表", "09"),
        ("2021年度国有资本经营支出决算表", "08"),
        ("一般公共预算财政拨款支出决算表（按功能分类科目）（续）", "05"),
    ],
)
def test_titles_of_other_provinces_are_known(line: str, number: str) -> None:
    """Number, year, white space and full-width digits make no difference."""
    assert title_of(line)[0] == number


def test_a_table_that_says_in_a_sentence_that_it_is_empty_is_empty(tmp_path: Path) -> None:
    """The sentence stands in the table, without the word 注."""
    rows = [
        ("政府性基金预算财政拨款收入支出决算表",),
        ("单位：万元",),
        ("科目编码", "科目名称", "年初结转和结余", "本年收入", "小计", "基本支出", "项目支出", "年末结转和结余"),
        ("本部门2021年度无政府性基金预算财政拨款收支",),
    ]
    (table,) = read_sheets(tmp_path, rows).tables
    assert (table.rows, table.says_it_is_empty, table.problems) == ([], True, [])


def test_a_table_that_says_it_is_empty_and_is_not_is_said(tmp_path: Path) -> None:
    """The sentence may belong to another table."""
    (table,) = read_sheets(tmp_path, [*HEAD, *ROWS, ("注：本表为空表",)]).tables
    assert "it says that it is empty, and has 6 amounts" in table.problems


def test_columns_that_the_raw_table_does_not_have_are_kept_apart(tmp_path: Path) -> None:
    """Amounts of the year before and shares, which offices print beside any table, are no point; others are."""
    head = [*HEAD[:2], ("科目编码", "科目名称", "2020年决算数", "合计", "基本支出", "项目支出", "占比", "教育费")]
    row = ("201", "某支出", "9.00", "10.00", "4.00", "6.00", "100%", "3.00")
    (table,) = read_sheets(tmp_path, [*head, row]).tables
    assert texts(table, "total", "basic", "project") == [("10.00", "4.00", "6.00")]
    assert [(own.heading, own.cell.text) for own in table.apart] == [
        ("2020年决算数", "9.00"),
        ("占比", "100%"),
        ("教育费", "3.00"),
    ]
    strangers = [problem for problem in table.problems if "no column for" in problem]
    assert ["3.00" in problem for problem in strangers] == [True]


@pytest.mark.parametrize(
    "headings",
    [
        ("2020年决算数", "2021年决算数"),
        ("年初预算数", "决算数"),
        ("上年决算数", "决算数"),
        ("全年预算数", "2021年决算数"),
    ],
)
def test_the_final_amounts_of_the_year_are_told_from_those_of_other_stages_and_years(
    headings: tuple[str, str], tmp_path: Path
) -> None:
    """The others are kept apart, and go into no column."""
    head = [("一般公共预算财政拨款基本支出决算表",), ("单位：万元",), ("科目编码", "科目名称", *headings)]
    (table,) = read_sheets(tmp_path, [*head, ("301", "工资福利支出", "9.00", "8.00")]).tables
    assert texts(table, "subject_code", "amount") == [("301", "8.00")]
    assert [(own.heading, own.cell.text) for own in table.apart] == [(headings[0], "9.00")]


def test_a_heading_that_stands_there_twice_is_no_column(tmp_path: Path) -> None:
    """What would tell the budgets from the final amounts stands above the first column of each only."""
    head = [*HEAD[:2], ("科目编码", "科目名称", "年初预算数", "基本支出", "项目支出", "合计", "基本支出", "项目支出")]
    (table,) = read_sheets(tmp_path, [*head, ("201", "某支出", "9.00", "3.00", "6.00", "10.00", "4.00", "6.00")]).tables
    assert texts(table, "total", "basic", "project") == [("10.00", "", "")]
    assert "no heading was found for the column basic" in table.problems
    assert sum("«3.00»" in p or "«4.00»" in p for p in table.problems) == 2


def test_the_unit_beside_the_title_is_that_of_the_table(tmp_path: Path) -> None:
    """In brackets behind the title."""
    (table,) = read_sheets(tmp_path, [("支出决算表（单位：元）",), HEAD[2], *ROWS]).tables
    assert (table.title, table.amount_unit, len(table.rows)) == ("支出决算表", "元", 2)


LINES = [("收入支出决算总表",), ("单位：万元",), ("收入", None, "支出", None), ("项目", "决算数", "项目", "决算数")]


@pytest.mark.parametrize(
    ("label", "is_known"),
    [
        ("一、财政拨款收入", True),
        ("收入合计", False),
        ("上年结转", False),
        ("一、一般公共预算拨款收入", True),
        ("一、本年收入", True),
        ("使用非财政拨款结余（含专用结余）", True),
        ("上年结转和结余", True),
        ("收 入 总 计", True),
    ],
)
def test_a_label_of_other_provinces_is_known_or_said(label: str, is_known: bool, tmp_path: Path) -> None:
    """Where its meaning is not certain it is a point to look at, and its amount stays beside it."""
    (table,) = read_sheets(tmp_path, [*LINES, (label, "1.00", "一、一般公共服务支出", "2.00")]).tables
    assert [(row["panel"].text, row["amount"].text) for row in table.rows] == [
        ("revenue", "1.00"),
        ("expenditure", "2.00"),
    ]
    said = [problem for problem in table.problems if "is no line of table 01" in problem]
    assert said == ([] if is_known else [f"page 2: «{label}» is no line of table 01"])


@pytest.mark.parametrize("amount", ["1.00", "1", "-"])
def test_a_line_that_is_called_like_a_heading_is_a_line(amount: str, tmp_path: Path) -> None:
    """«本年收入» stands above columns in other tables."""
    rows = [
        ("一、一般公共预算财政拨款收入", amount, "一、一般公共服务支出", amount),
        ("本年收入", amount, "本年支出", amount),
    ]
    (table,) = read_sheets(tmp_path, [*LINES, *rows]).tables
    assert texts(table, "item", "amount")[1::2] == [("本年收入", amount), ("本年支出", amount)]
    assert [problem for problem in table.problems if "总计" not in problem] == []


def test_one_panel_with_kinds_gives_the_totals_of_both_kinds(tmp_path: Path) -> None:
    """The total row shows them side by side; a difference is said, one that rounding explains is not."""
    head = [
        ("一般公共预算财政拨款基本支出决算表",),
        ("单位：万元",),
        ("科目编码", "科目名称", "合计", "人员经费", "公用经费"),
    ]
    rows = [("301", "工资福利支出", "50.00", "50.00", None), ("302", "商品和服务支出", "10.01", None, "10.01")]
    (table,) = read_sheets(tmp_path, [*head, *rows, ("合计", None, "60.02", "50.00", "10.01")]).tables
    assert texts(table, "panel_no", "subject_code", "subject_name", "amount") == [
        ("1", "301", "工资福利支出", "50.00"),
        ("1", "302", "商品和服务支出", "10.01"),
        ("", "", "人员经费合计", "50.00"),
        ("", "", "公用经费合计", "10.01"),
    ]
    assert table.problems == []
    assert [(own.row_label, own.heading, own.cell.text) for own in table.apart] == [
        ("301 工资福利支出", "人员经费", "50.00"),
        ("302 商品和服务支出", "公用经费", "10.01"),
        ("合计", "合计", "60.02"),
    ]
    (wrong,) = read_sheets(tmp_path, [*head, ("301", "工资福利支出", "50.00", "5.00", None), *rows[1:]]).tables
    assert wrong.problems == ["page 2: «50.00» of 301 is not what its kinds show (5.00)"]


def test_of_two_budgets_the_adjusted_one_is_taken_and_the_other_kept_apart(tmp_path: Path) -> None:
    """The budget of the national form is that of the whole year."""
    rows = [("一般公共预算“三公”经费支出决算表",), ("单位：万元",), ("项目", "年初预算数", "全年预算数", "决算数")]
    rows += [
        ("合计", "6.00", "5.00", "4.00"),
        ("1.因公出国（境）费用", None, None, None),
        ("2.公务接待费", "1.00", "1.00", "1.00"),
    ]
    rows += [
        ("3.公务用车费", "5.00", "4.00", "3.00"),
        ("其中：（1）公务用车运行维护费", "5.00", "4.00", "3.00"),
        ("（2）公务用车购置", None, None, None),
    ]
    (table,) = read_sheets(tmp_path, rows).tables
    assert texts(table, "budget_total", "final_total", "budget_vehicle_operation") == [("5.00", "4.00", "4.00")]
    assert ("年初预算数", "6.00") in [(own.heading, own.cell.text) for own in table.apart]


def test_numbers_of_trips_and_cars_are_no_expenses(tmp_path: Path) -> None:
    """They stand below the expenses in some forms, and begin with the same words; nor are numbers of columns."""
    rows = [("一般公共预算“三公”经费支出决算表",), ("单位：万元",), ("项目", "预算数", "决算数"), ("栏次", "1", "2")]
    rows += [
        ("因公出国（境）团组数（个）", None, "7"),
        ("合计", "6.00", "5.00"),
        ("1.因公出国（境）费用", "1.00", "1.00"),
    ]
    rows += [("2.公务用车购置及运行维护费", "5.00", "4.00"), ("其中：（1）公务用车购置费", None, None)]
    rows += [
        ("（2）公务用车运行维护费", "5.00", "4.00"),
        ("3.公务接待费", None, None),
        ("公务用车保有量（辆）", None, "3"),
    ]
    (table,) = read_sheets(tmp_path, rows).tables
    assert texts(table, "final_overseas_trips", "final_vehicle_purchase") == [("1.00", "")]
    assert [p for p in table.problems if "is no expense" in p] == []
    assert [(own.heading, own.cell.text) for own in table.apart] == [
        ("因公出国(境)团组数(个)", "7"),
        ("公务用车保有量(辆)", "3"),
    ]


@pytest.mark.parametrize("title", ["“三公”经费等相关信息统计表（单位：元）", "一般公共预算“三公”经费支出决算表"])
@pytest.mark.parametrize("total", ["“三公”经费支出合计", "三公经费合计", "合　计"])
def test_the_three_public_expenses_are_known_by_any_of_their_titles_and_totals(
    title: str, total: str, tmp_path: Path
) -> None:
    """Statistics of them, too, with the unit behind the title."""
    rows = [(title,), ("项目", "预算数", "决算数"), (total, "6.00", "5.00"), ("一、因公出国（境）费", "0.00", "0.00")]
    rows += [("二、公务用车购置及运行维护费", "5.00", "5.00"), ("其中：公务用车购置费", "0.00", "0.00")]
    rows += [("公务用车运行维护费", "5.00", "5.00"), ("三、公务接待费", "1.00", "0.00")]
    (table,) = read_sheets(tmp_path, rows).tables
    assert texts(table, "budget_total", "final_total", "final_receptions") == [("6.00", "5.00", "0.00")]
    assert (table.table_no, table.amount_unit, table.problems) == ("09", "元" if "单位" in title else "", [])


def test_three_public_expenses_of_final_amounts_only_are_read_and_the_counts_below_kept_apart(
    tmp_path: Path,
) -> None:
    """Some provinces print no budgets, meetings and training beside the three, and numbers of trips and cars below."""
    rows = [("财政拨款“三公”经费、会议费和培训费支出决算表",), ("单位：万元",)]
    rows += [("“三公”经费", None, None, None, None, None, "会议费", "培训费")]
    rows += [("合计", "因公出国（境）费", "公务用车购置及运行维护费", None, None, "公务接待费", None, None)]
    rows += [(None, None, "小计", "公务用车购置费", "公务用车运行维护费", None, None, None)]
    rows += [("3.00", None, "2.00", None, "2.00", "1.00", "0.50", None), ("相关统计数",)]
    rows += [("国内公务接待批次（个）", None, None, "3", "国内公务接待人次（人）", None, None, "30")]
    (table,) = read_sheets(tmp_path, rows).tables
    columns = ("budget_total", "final_total", "final_overseas_trips", "final_vehicles_total", "final_receptions")
    assert texts(table, *columns) == [("", "3.00", "", "2.00", "1.00")]
    assert [p for p in table.problems if "was found for the column" not in p] == []
    assert [(own.heading, own.cell.text) for own in table.apart] == [
        ("会议费", "0.50"),
        ("国内公务接待批次(个)", "3"),
        ("国内公务接待人次(人)", "30"),
    ]


def test_a_layout_that_has_ended_is_not_taken_for_a_later_year() -> None:
    """Eight tables were all there was before 2020; later the ninth is missing."""
    order = ["01", "02", "03", "04", "05", "06", "09", "07"]
    assert choose_layout(order, "2018年度部门决算 公开01表 行次").name == "national_eight"
    assert choose_layout(order, "2023年度部门决算 公开01表 行次").name != "national_eight"


def _words(top: float, *words: tuple[float, str]) -> list[Word]:
    return [
        Word(
            text,
            Box(x, top, x + 9 * len(text), top + 9),
            tuple((x + 9 * n, x + 9 * n + 9) for n in range(len(text))),
        )
        for x, text in words
    ]


def _page(number: int, *lines: list[Word]) -> Page:
    return Page(number, [Line(" ".join(w.text for w in words), number, words[0].box, words) for words in lines])


@pytest.mark.parametrize("shift", [0, -6, 6])
def test_lines_of_a_name_without_rules_belong_to_the_figures_they_stand_around(shift: int) -> None:
    """A name of two lines beside its figure in the middle, at the top, or at the bottom."""
    names = [_words(0, (50, "甲" * 5))[0], *(_words(20, (50, "乙" * 5)) + _words(32, (50, "丙")))]
    figures = _words(0, (10, "201")) + _words(26 + shift, (10, "202")) + _words(54 + shift, (10, "203"))
    names += _words(48, (50, "丁" * 5)) + _words(60, (50, "戊"))
    body = Body({1: [[word] for word in names]}, figures, 9)
    anchors, owners = rows_of(body, set(), alignment_of([body], set()))
    assert len(anchors) == 3
    assert owners[1] == [(0, None), (1, None), (1, None), (2, None), (2, None)]


def test_labels_of_the_form_say_which_lines_are_one_name() -> None:
    """Two labels below each other, neither with a figure."""
    lines = [
        _words(12 * n, (50, text))
        for n, text in enumerate(["政府性基金预算财", "政拨款", "国有资本经营预算财", "政拨款"])
    ]
    labels = {"政府性基金预算财政拨款", "国有资本经营预算财政拨款"}
    anchors, owners = rows_of(Body({0: lines}, [], 9), labels, "centre")
    assert (len(anchors), [owner for owner, _ in owners[0]]) == (2, [0, 0, 1, 1])


def test_headings_that_touch_are_parted_where_their_lines_are() -> None:
    """«政府性基金国有资本» is two headings: on both lines there is a gap at the same place."""

    def glued(top: float, left: str, right: str) -> list[Word]:
        a, b = _words(top, (200, left), (204 + 9 * len(left), right))
        return [Word(left + right, a.box.joined(b.box), a.edges + b.edges)]

    document = Document("x", "pdf", "", [_page(
        1,
        _words(0, (100, "国有资本经营预算财政拨款支出决算表")),
        _words(20, (10, "科目编码"), (80, "科目名称")) + glued(20, "合", "基本"),
        glued(32, "计", "支出"),
        _words(50, (10, "223"), (80, "国有资本经营"), (168, "1.00")),
        _words(70, (10, "22301"), (80, "解决历史遗留"), (168, "1.00")),
    )])  # fmt: skip
    (table,), *_ = read_tables(document)
    assert texts(table, "subject_code", "total", "basic") == [("223", "1.00", ""), ("22301", "1.00", "")]


def test_a_row_with_a_figure_for_every_column_has_them_in_their_order() -> None:
    """Headings stand in the middle, dashes at the right: the third stands nearer to the fourth heading."""
    document = Document("x", "pdf", "", [_page(
        1,
        _words(0, (100, "支出决算表")),
        _words(20, (10, "科目编码"), (80, "科目名称"), (160, "合计"), (220, "基本支出"), (290, "项目支出")),
        _words(40, (80, "合计"), (192, "-"), (262, "-"), (289, "-")),
    )])  # fmt: skip
    (table,), *_ = read_tables(document)
    assert texts(table, "subject_name", "total", "basic", "project") == [("合计", "-", "-", "-")]
    assert not any("two amounts" in problem for problem in table.problems)


@pytest.mark.slow
@pytest.mark.parametrize(
    "style",
    [
        Style(extra=True),
        Style(extra=True, ruled=False),
        Style("workbook", "shanghai", extra=True),
        Style("lined-up text", extra=True),
    ],
)
def test_columns_that_the_raw_tables_do_not_have_shift_no_amount(style: Style, tmp_path: Path) -> None:
    """Each of their amounts is named, or kept apart where forms are known to have it; no other moves."""
    path, expected = print_report(report(), tmp_path, "report", style)
    found, points = differences(expected, path)
    assert found == []
    headings = [heading for _, heading in EXTRA.values()]
    assert all(any(heading in point for heading in headings) for point in points)
    kept = Counter(row["heading"] for row in raw_rows(read(path, GIVEN))["other_cells"])
    counts = {name: sum(count for heading, count in kept.items() if name in heading) for name in headings}
    # table 09 of this report is empty
    assert counts == {"其中：教育收费": 36, "上年决算数": 36, "比上年增减": 32, "会议费": 0}


def test_a_column_of_running_text_that_the_raw_table_does_not_have_is_said(tmp_path: Path) -> None:
    """Cells follow each other there: one column more may shift all others, and blank ones hide it."""
    path, _ = print_report(report(), tmp_path, "report", Style("running text", extra=True))
    points = read(path, GIVEN).open_points()
    assert [p for p in points if "all others may have shifted" in p] == [
        f"table {number}: a column below the heading «{heading}», which the raw table has no column for: "
        "all others may have shifted"
        for number, heading in (("02", "其中:教育收费"), ("03", "上年决算数"), ("05", "比上年增减"))
    ]


def test_a_row_of_running_text_with_more_amounts_than_columns_is_left_out() -> None:
    """Which of them is too many cannot be told."""
    row = read_subjects([TextLine("201 一般公共服务支出 10.00 4.00 6.00 2.50", 1)], ["total", "basic", "project"])[0]
    assert [row[c].text for c in ("total", "basic", "project")] == ["", "", ""]
    assert row["total"].doubt == LEFT_OUT


def _half(page: int, *rows: tuple[float, dict[str, str]], headings_end: float | None = 50.0) -> Part:
    made = [
        (height, {name: Cell(text, page, Box(0, height - 4, 9, height + 4)) for name, text in cells.items()})
        for height, cells in rows
    ]
    return Part(page, headings_end, made)


def test_rows_of_half_pages_belong_together_by_their_height() -> None:
    """The second row of the other half is blank, and its headings end higher; the total tells by how much."""
    left = [("", "合计"), ("201", "甲"), ("20101", "乙"), ("2010101", "丙")]
    rows = [(60.0 + 12 * n, {"subject_code": code, "subject_name": name}) for n, (code, name) in enumerate(left)]
    first = [_half(1, *rows)]
    other = [
        _half(2, (43.0, {"project": "3.00"}), (67.0, {"project": "1.00"}), (79.0, {"project": "2.00"}), headings_end=31)
    ]
    result = ReadTable("03", "支出决算表", [1, 2])
    put_together(result, ["project"], first, other)
    assert [row["project"].text for _, row in first[0].rows] == ["3.00", "", "1.00", "2.00"]
    assert result.problems == []


def test_rows_of_half_pages_that_do_not_match_are_said_and_left_out() -> None:
    """No row of the other half stands between two rows of the first."""
    first = [
        _half(
            1,
            (60.0, {"subject_code": "", "subject_name": "合计"}),
            (72.0, {"subject_code": "201", "subject_name": "甲"}),
        )
    ]
    other = [_half(2, (60.0, {"project": "3.00"}), (66.0, {"project": "1.00"}), (72.0, {"project": "1.00"}))]
    result = ReadTable("03", "支出决算表", [1, 2])
    put_together(result, ["project"], first, other)
    assert [row["project"].text for _, row in first[0].rows] == ["", ""]
    (problem,) = result.problems
    assert "its 3 amounts are not matched and were left out" in problem


def _read_pages(pages: list[list[list[str]]], headings: tuple[int, ...]) -> ReadTable:
    """Table 03 as read from the texts of its pages, of which so many rows are headings."""
    grids = [
        Grid(number, Box(0, 0, 99, 99), [[Cell(text, number) for text in texts] for texts in rows], [], count)
        for number, (rows, count) in enumerate(zip(pages, headings, strict=True), 1)
    ]
    result = ReadTable("03", "支出决算表", [1, 2])
    read_column_grids(result, tables()["03"], grids)
    return result


def test_a_name_that_the_page_end_cuts_twice_is_one_name() -> None:
    """Its second line stands alone at the end of the page, its third at the top of the next."""
    rows = [
        [["科目编码", "科目名称", "合计"], ["201", "其他第", "1.00"], ["", "零一类", ""]],
        [["", "支出", ""], ["202", "甲", "2.00"]],
    ]
    result = _read_pages(rows, headings=(1, 0))
    assert texts(result, "subject_code", "subject_name", "total") == [
        ("201", "其他第零一类支出", "1.00"),
        ("202", "甲", "2.00"),
    ]


def test_several_lines_of_a_name_that_stand_alone_on_the_next_page_are_one_name() -> None:
    """Nothing but the end of the last name is left for the last page, without any figure."""
    rows = [
        [["科目编码", "科目名称", "合计"], ["201", "甲", "1.00"], ["20101", "其他第", "1.00"]],
        [["科目编码", "科目名称", "合计"], ["", "零一类", ""], ["", "支出", ""]],
    ]
    result = _read_pages(rows, headings=(1, 1))
    assert texts(result, "subject_code", "subject_name", "total") == [
        ("201", "甲", "1.00"),
        ("20101", "其他第零一类支出", "1.00"),
    ]


def test_hidden_rows_and_columns_are_not_read_and_said(tmp_path: Path) -> None:
    """They are not on the paper, and somebody may have hidden what belongs to it."""
    book = Workbook()
    book.active.append(COVER[0])
    sheet = book.create_sheet()
    for row in [*HEAD[:2], ("科目编码", "科目名称", "合计", "上年数", "基本支出", "项目支出")]:
        sheet.append(row)
    sheet.append(("201", "一般公共服务支出", "10.00", "7.00", "4.00", "6.00"))
    sheet.append(("202", "外交支出", "1.00", "1.00", "1.00", "1.00"))
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["D"].hidden = True
    book.save(tmp_path / "report.xlsx")
    reading = read(tmp_path / "report.xlsx", {})
    (table,) = reading.tables
    assert texts(table, "subject_code", "total", "basic", "project") == [("201", "10.00", "4.00", "6.00")]
    assert not any("上年数" in problem for problem in table.problems)
    assert "sheet 2 «Sheet1» hides rows or columns with 5 amounts, which were not read" in reading.open_points()


@pytest.mark.parametrize(
    ("heading", "order", "is_sure"),
    [
        ("预算数 决算数 合计 因公出国（境）费 公务用车购置及运行维护费 公务接待费", ("budget_overseas_trips",), True),
        (f"合计 因公出国（境）费 公务用车购置及运行费 公务接待费 {'预算数 决算数 ' * 6}", ("final_total",), True),
        ("预算数 决算数 合计 因公出国（境）费 公务接待费 公务用车购置及运行维护费", ("budget_overseas_trips",), False),
        ("合计 因公出国（境）费 公务用车购置及运行费 公务接待费", ("budget_overseas_trips",), False),
    ],
)
def test_the_three_public_expenses_of_running_text_stand_as_the_headings_say(
    heading: str, order: tuple[str], is_sure: bool
) -> None:
    """Budget and final amounts by stage or beside each other, whatever the layout is; another order is said."""
    for layout in layouts().values():
        found, problem = stages_order(tables()["09"], layout, heading)
        assert (found[1], problem is None) == (order[0], is_sure)


def test_amounts_without_any_total_may_have_shifted(tmp_path: Path) -> None:
    """Headings at the left of their columns, amounts at the right, as far as the next heading."""
    (table,) = read_sheets(tmp_path, [*HEAD, ("201", "一般公共服务支出", None, "10.00", "4.00")]).tables
    assert "nothing stands in the column of totals, and something beside it: it may have shifted" in table.problems


@pytest.mark.parametrize("number", ["12", "— 12 —"])
def test_a_page_with_nothing_but_its_number_is_blank(number: str) -> None:
    """As before a table that is set sideways."""
    document = Document("x", "pdf", "", [_page(1, _words(400, (150, number)))])
    assert read_tables(document) == ([], None, [])


@pytest.mark.parametrize("number", ["— 12 —", "第 12 页 共 30 页", "12/30", "12"])
def test_the_number_of_a_page_is_no_row_and_no_note(number: str) -> None:
    """Below a table without rules, or below its note."""
    head = _words(20, (10, "科目编码"), (80, "科目名称"), (160, "合计"), (220, "基本支出"), (290, "项目支出"))
    rows = [_words(40 + 15 * n, (10, f"2010{n}"), (80, "某支出"), (160, "1.00"), (220, "1.00")) for n in range(4)]
    footer = _words(300, *((150.0 + 30 * n, word) for n, word in enumerate(number.split())))
    for note in ([], [_words(110, (10, "注：本表反映支出情况。"))]):
        page = _page(1, _words(0, (100, "支出决算表")), head, *rows, *note, footer)
        (table,), *_ = read_tables(Document("x", "pdf", "", [page]))
        assert texts(table, "subject_code", "total") == [(f"2010{n}", "1.00") for n in range(4)]
        assert table.notes == ([("注", "本表反映支出情况。")] if note else [])


def test_a_running_title_is_no_row_of_a_table_that_goes_on() -> None:
    """It stands at the head of every page."""
    title = _words(0, (100, "成都市武侯区财政局二〇二一年度"))
    head = _words(20, (10, "科目编码"), (80, "科目名称"), (160, "合计"), (220, "基本支出"), (290, "项目支出"))
    rows = [_words(40, (10, f"2010{n}"), (80, "某支出"), (160, "1.00"), (220, "1.00")) for n in range(3)]
    pages = [
        _page(1, title, _words(10, (100, "支出决算表")), head, rows[0]),
        _page(2, title, rows[1]),
        _page(3, title, rows[2]),
    ]
    (table,), *_ = read_tables(Document("x", "pdf", "", pages))
    assert texts(table, "subject_code", "subject_name") == [(f"2010{n}", "某支出") for n in range(3)]


def test_an_expense_without_an_amount_is_a_row_of_its_own() -> None:
    """Below each other and without rules: the number at its beginning parts it from the next."""
    rows = [
        ("合计", "9.00", "8.00"),
        ("1.因公出国（境）费",),
        ("2.公务接待费", "3.00", "2.50"),
        ("3.公务用车购置及运行维护费", "6.00", "5.50"),
        ("其中：（1）公务用车购置费",),
        ("（2）公务用车运行维护费", "6.00", "5.50"),
    ]
    places = (10, 200, 300)
    lines = [_words(50 + 15 * n, *zip(places, row, strict=False)) for n, row in enumerate(rows)]
    head = _words(30, *zip(places, ("项目", "预算数", "决算数"), strict=True))
    page = _page(1, _words(0, (100, "一般公共预算财政拨款“三公”经费支出决算表")), head, *lines)
    (table,), *_ = read_tables(Document("x", "pdf", "", [page]))
    assert {name: cell.text for name, cell in table.rows[0].items() if cell.text} == {
        "budget_total": "9.00",
        "final_total": "8.00",
        "budget_receptions": "3.00",
        "final_receptions": "2.50",
        "budget_vehicles_total": "6.00",
        "final_vehicles_total": "5.50",
        "budget_vehicle_operation": "6.00",
        "final_vehicle_operation": "5.50",
    }
    assert table.problems == []


def test_a_table_goes_on_after_a_blank_page_with_title_and_unit_again() -> None:
    """The unit stands again at the right, above the last column."""
    head = _words(30, (10, "科目编码"), (80, "科目名称"), (160, "合计"), (220, "基本支出"), (290, "项目支出"))
    top = [_words(0, (100, "支出决算表")), _words(15, (285, "单位：万元")), head]
    rows = [_words(50, (10, f"2010{n}"), (80, "某支出"), (160, "3.00"), (220, "1.00"), (290, "2.00")) for n in (1, 2)]
    pages = [_page(1, *top, rows[0]), _page(2, _words(400, (150, "— 2 —"))), _page(3, *top, rows[1])]
    (table,), *_ = read_tables(Document("x", "pdf", "", pages))
    assert texts(table, "subject_code", "total", "basic", "project") == [
        ("20101", "3.00", "1.00", "2.00"),
        ("20102", "3.00", "1.00", "2.00"),
    ]
    assert not any("printed again" in problem for problem in table.problems)


def test_numbers_of_columns_that_stand_beside_their_headings_are_no_columns() -> None:
    """Headings in the middle, the numbers below them at the right like the amounts."""
    lines = [
        _words(0, (100, "支出决算表")),
        _words(20, (10, "科目编码"), (80, "科目名称"), (160, "合计"), (240, "基本支出"), (340, "项目支出")),
        _words(40, (10, "栏次"), (215, "1"), (315, "2"), (415, "3")),
        _words(60, (10, "201"), (80, "某支出"), (190, "3.00"), (290, "1.00"), (390, "2.00")),
    ]
    (table,), *_ = read_tables(Document("x", "pdf", "", [_page(1, *lines)]))
    assert texts(table, "subject_code", "total", "basic", "project") == [("201", "3.00", "1.00", "2.00")]


def test_the_heading_above_three_columns_of_codes_is_no_column() -> None:
    """It stands in the middle of them and reaches from the first code to the second."""
    lines = [
        _words(0, (100, "支出决算表")),
        _words(20, (93, "科目代码")),
        _words(40, (70, "类"), (118, "款"), (158, "项"), (294, "科目名称"), (497, "合计"), (598, "基本支出")),
        _words(60, (81, "201"), (188, "一般公共服务支出"), (520, "2.00"), (650, "2.00")),
        _words(80, (81, "201"), (128, "01"), (169, "03"), (188, "机关服务"), (520, "2.00"), (650, "2.00")),
    ]
    (table,), *_ = read_tables(Document("x", "pdf", "", [_page(1, *lines)]))
    assert texts(table, "subject_code", "total", "basic") == [("201", "2.00", "2.00"), ("2010103", "2.00", "2.00")]


def test_amounts_at_the_end_of_their_column_are_no_codes_of_the_next_panel() -> None:
    """They stand nearer to the heading of the codes than to their own."""
    head = [(47, "科目编码"), (127, "科目名称"), (236, "决算数"), (307, "科目编码"), (387, "科目名称"), (496, "决算数")]
    rows = [
        [(43, "301"), (93, "工资福利支出"), (261, "9.00"), (303, "302"), (353, "商品和服务支出"), (521, "3.00")],
        [(43, "30101"), (93, "基本工资"), (261, "9.00"), (303, "30201"), (353, "办公费"), (521, "3.00")],
    ]
    lines = [_words(0, (100, "一般公共预算财政拨款基本支出决算表")), _words(20, *head)]
    lines += [_words(40 + 15 * n, *row) for n, row in enumerate(rows)]
    (table,), *_ = read_tables(Document("x", "pdf", "", [_page(1, *lines)]))
    assert texts(table, "subject_code", "amount") == [
        ("301", "9.00"),
        ("30101", "9.00"),
        ("302", "3.00"),
        ("30201", "3.00"),
    ]


def test_a_dash_that_begins_where_its_heading_ends_is_below_it() -> None:
    """The middle of the next heading is nearer, as that is shorter."""
    head = [
        (10, "科目编码"),
        (80, "科目名称"),
        (140, "合计"),
        (200, "对附属单位补助支出"),
        (295, "基本支出"),
        (380, "项目支出"),
    ]
    lines = [
        _words(0, (100, "支出决算表")),
        _words(20, *head),
        _words(40, (10, "201"), (80, "某支出"), (140, "3.00"), (281, "-"), (298, "1.00"), (383, "2.00")),
        _words(55, (10, "202"), (80, "某支出"), (140, "3.00"), (281, "-"), (298, "1.00"), (383, "2.00")),
    ]
    (table,), *_ = read_tables(Document("x", "pdf", "", [_page(1, *lines)]))
    assert texts(table, "affiliate_subsidy", "basic", "project") == [("-", "1.00", "2.00")] * 2


EXPENSES = ("小计", "因公出国（境）费用", "公务接待费", "小计", "公务用车购置费", "公务用车运行维护费", "会议费")


def test_stages_of_the_public_expenses_may_stand_below_each_other(tmp_path: Path) -> None:
    """«小计» is the total of what stands beside it; how far a budget was missed, and meetings, are kept apart."""
    rows = [("一般公共预算“三公”经费、会议费支出决算表",), ("单位：万元",), ("项目", *EXPENSES), ("栏次", *"1234567")]
    rows += [("预算数", "13.40", "5.60", "2.10", "5.70", "0", "5.70", "5.79")]
    rows += [("决算数", "11.37", "4.26", "1.78", "5.33", "0", "5.33", "4.60"), ("增减额", "-2.03", *[None] * 6)]
    (table,) = read_sheets(tmp_path, rows).tables
    assert texts(table, "budget_total", "budget_vehicles_total", "final_total", "final_vehicles_total") == [
        ("13.40", "5.70", "11.37", "5.33")
    ]
    assert [(own.heading, own.cell.text) for own in table.apart] == [
        ("会议费", "5.79"),
        ("会议费", "4.60"),
        ("增减额", "-2.03"),
    ]
    assert table.problems == []


def test_a_subtotal_is_of_what_follows_it_and_not_of_a_group_that_stands_above_it_by_chance() -> None:
    """The group over all columns of an unruled table stands above the middle of them, which are the vehicles."""
    group, stages = "财政拨款“三公”经费", ("预算数", "决算数")
    head = [["合计", stage] for stage in stages] + [["因公出国（境）费", stage] for stage in stages]
    head += [[group, "小计", stage] for stage in stages]
    head += [[name, stage] for name in ("公务用车购置费", "公务用车运行维护费", "公务接待费") for stage in stages]
    named = column_of(["".join(texts) for texts in named_subtotals(head)], tables()["09"].columns)
    assert [named[c] for c in (0, 1, 4, 5)] == [
        "budget_total",
        "final_total",
        "budget_vehicles_total",
        "final_vehicles_total",
    ]


def test_a_form_of_final_amounts_only_lacks_no_budget(tmp_path: Path) -> None:
    """Its headings speak of none; what is not printed is unknown."""
    rows = [("“三公”经费、会议费支出情况表",), ("单位：万元",), ("合计", *EXPENSES)]
    rows += [("15.97", "11.37", "4.26", "1.78", "5.33", "0", "5.33", "4.60")]
    (table,) = read_sheets(tmp_path, rows).tables
    assert texts(table, "budget_total", "final_total", "final_vehicles_total") == [("", "11.37", "5.33")]
    assert table.problems == []


def test_a_line_that_is_kept_apart_keeps_its_number(tmp_path: Path) -> None:
    """The numbers of the lines around it do not jump then."""
    rows = [("收入支出决算总表",), ("单位：万元",), ("项目", "行次", "金额", "项目", "行次", "金额")]
    rows += [
        ("一、一般公共预算财政拨款收入", "1", "3.00", "一、一般公共服务支出", "29", "3.00"),
        ("年初结转和结余", "2", "1.00", "年末结转和结余", "30", "1.00"),
        ("其中：经营结余", "3", "0.50", "其中：经营结余", "31", "0.20"),
    ]
    (table,) = read_sheets(tmp_path, rows).tables
    assert [(own.heading, own.cell.text) for own in table.apart] == [
        ("其中：经营结余", "0.50"),
        ("行次", "3"),
        ("其中：经营结余", "0.20"),
        ("行次", "31"),
    ]


def test_a_half_of_a_half_page_without_names_is_no_crash(tmp_path: Path) -> None:
    """A table that is cut in three has parts without codes and names between its ends."""
    nameless = Part(2, None, [(10.0, {"total": Cell("1.00", 2)})])
    assert _shift([(nameless, nameless)], nameless) is None


def test_a_code_in_two_cells_is_whole(tmp_path: Path) -> None:
    """Below one heading stand class and section in one column, the item in another; what is left out is doubted."""
    rows = [("支出决算表",), ("单位：万元",), ("科目编码", "科目编码", "科目名称", "合计", "基本支出", "项目支出")]
    rows += [
        ("201", None, "一般公共服务支出", *["3.00", "1.00", "2.00"]),
        ("20129", None, "群众团体事务", "3.00", "1.00", "2.00"),
    ]
    rows += [("20129", "01", "行政运行", "3.00", "1.00", "2.00"), (None, "02", "事业运行", "0", "0", "0")]
    (table,) = read_sheets(tmp_path, [*rows, ("合计", None, None, "3.00", "1.00", "2.00")]).tables
    assert [code for (code,) in texts(table, "subject_code")] == ["201", "20129", "2012901", "2012902", ""]
    assert table.problems == ["1 cells: class and section are those of the row above"]


@pytest.mark.parametrize(("total", "is_said"), [("60.01", False), ("66.01", True)])
def test_the_total_of_both_panels_may_span_them(total: str, is_said: bool, tmp_path: Path) -> None:
    """Its amount stands in the last column, and is that of no subject."""
    panel = ("科目编码", "科目名称", "决算数")
    rows = [("一般公共预算财政拨款基本支出决算表",), ("单位：万元",), (*panel, *panel)]
    rows += [("301", "工资福利支出", "50.00", "302", "商品和服务支出", "10.01")]
    rows += [("人员经费合计", None, "50.00", "公用经费合计", None, "10.01"), ("合计", *[None] * 4, total)]
    (table,) = read_sheets(tmp_path, rows).tables
    assert [own.cell.text for own in table.apart] == [total]
    said = [f"page 2: «{total}» of 合计 is not the sum of the totals of 人员经费 and 公用经费"]
    assert table.problems == (said if is_said else [])


def _merged(row: tuple[str, ...], page: int) -> list[Cell]:
    """The cells of a row; the same words side by side are one cell that is merged."""
    cells: list[Cell] = []
    for text in row:
        is_one = cells and text == cells[-1].text and text and not text[0].isdigit()
        cells.append(cells[-1] if is_one else Cell(text, page))
    return cells


def _cut_in_three(pages: dict[int, list[tuple[str, ...]]], lines: dict[int, list[str]]) -> Document:
    """A report of one table over several pages: the rows of each as drawn, the lines above them and below («-注：»)."""
    document = Document("report.pdf", "pdf", "", [])
    for number in sorted(pages.keys() | lines.keys()):
        page = Page(number)
        own = lines.get(number, [])
        page.parts = [Line(text, number, Box(9, 9, 99, 18)) for text in own if text[0] != "-"]
        if number in pages:
            page.parts.append(Grid(number, Box(9, 30, 99, 90), [_merged(row, number) for row in pages[number]]))
        page.parts += [Line(text[1:], number, Box(9, 95, 99, 99)) for text in own if text[0] == "-"]
        document.pages.append(page)
    return document


_CUT = {
    1: [
        ("项目", "项目", "年初结转和结余", "本年收入"),
        ("功能分类科目编码", "科目名称", "年初结转和结余", "本年收入"),
        ("栏次", "栏次", "1", "2"),
        ("合计", "合计", "1.00", "5.00"),
        ("212", "城乡社区支出", "1.00", "5.00"),
    ],
    2: [("21208", "国有土地使用权出让收入安排的支出", "1.00", "5.00"), ("2120803", "城市建设支出", "1.00", "5.00")],
    3: [("本年支出", "本年支出"), ("小计", "基本支出"), ("3", "4"), ("4.00", ""), ("4.00", "")],
    4: [("4.00", ""), ("4.00", "")],
    5: [("本年支出", ""), ("项目支出", "年末结转和结余"), ("5", "6"), ("4.00", "2.00"), ("4.00", "2.00")],
    6: [("4.00", "2.00"), ("4.00", "2.00")],
}


@pytest.mark.parametrize("order", [(1, 2, 3, 4, 5, 6), (1, 3, 5, 2, 4, 6)], ids=["down, then over", "over, then down"])
def test_a_table_that_is_cut_in_three_is_read_as_one(order: tuple[int, ...]) -> None:
    """Names stand on the first pages, the title across the pages, and the numbers of the columns go on on each."""
    pages = {order.index(number) + 1: rows for number, rows in _CUT.items()}
    title = {1: ["政府性基金预算财政拨款收", "单位：万元"], order.index(3) + 1: ["入支出决算表"]}
    (table,), _, others = read_tables(_cut_in_three(pages, title))
    assert (table.table_no, table.problems, others) == ("07", [], [])
    names = ("opening_balance", "revenue", "expenditure_total", "expenditure_basic", "expenditure_project")
    assert {tuple(row[name].text for name in (*names, "closing_balance")) for row in table.rows} == {
        ("1.00", "5.00", "4.00", "", "4.00", "2.00")
    }
    assert len(table.rows) == 4


def test_the_title_may_stand_on_another_page_than_the_names() -> None:
    """It stands in the middle of a wide sheet; on the page before is a piece of it, and the note ends that page."""
    lines = {
        1: ["政府", "单位：万元"],
        2: ["-注：本表反映政府性基金收支。"],
        3: ["政府性基金预算财政拨款收入支出决算表"],
    }
    (table,), _, others = read_tables(_cut_in_three(_CUT, lines | {5: ["公开07表"]}))
    assert (table.title, table.pages, others) == ("政府性基金预算财政拨款收入支出决算表", [1, 2, 3, 4, 5, 6], [])
    assert [row["closing_balance"].text for row in table.rows] == ["2.00"] * 4


def test_a_heading_of_a_part_is_no_column_of_the_whole() -> None:
    """«合计» below the opening balance on the first page is no expenditure: the headings of all pages tell that."""
    codes = ("功能分类科目编码", "科目名称")
    pages = {
        1: [
            (*codes, "年初结转和结余", "年初结转和结余"),
            (*codes, "合计", "基本支出结转"),
            ("合计", "合计", "1.00", ""),
        ],
        2: [("本年支出", "本年支出", "本年支出"), ("合计", "基本支出", "项目支出"), ("4.00", "1.00", "3.00")],
    }
    pages[1].append(("201", "一般公共服务支出", "1.00", ""))
    pages[2].append(("4.00", "1.00", "3.00"))
    (table,), _, _ = read_tables(_cut_in_three(pages, {1: ["一般公共预算财政拨款收入支出决算表", "单位：万元"]}))
    assert [row["total"].text for row in table.rows] == ["4.00", "4.00"]
    assert [own.cell.text for own in table.apart] == ["1.00", "1.00"]


@pytest.mark.parametrize("code", ["213", ""], ids=["another code", "a row too many"])
def test_a_table_with_a_half_that_does_not_match_is_kept_apart(code: str) -> None:
    """Without these amounts it would say that there are none, and the text beside it would be accused."""
    codes = ("功能分类科目编码", "科目名称")
    pages = {
        1: [(*codes, "本年收入合计", "财政拨款收入"), ("合计", "合计", "5.00", "4.00"), ("212", "甲", "5.00", "4.00")],
        2: [(*codes, "事业收入", "其他收入"), ("合计", "合计", "1.00", ""), (code or "212", "乙", "1.00", "")],
        3: [(*codes, "合计", "基本支出"), ("201", "甲", "4.00", "4.00")],
    }
    pages[2] += [] if code else [("21201", "丙", "1.00", "")]
    lines = {1: ["收入决算表", "单位：万元"], 3: ["支出决算表", "单位：万元"]}
    found, _, (other,) = read_tables(_cut_in_three(pages, lines))
    assert [table.table_no for table in found] == ["03"]
    assert other.table_no == "02"
    assert "not matched" in other.problem
    assert sorted(own.cell.text for own in other.cells if own.heading == "institutional") == sorted(
        cell for row in pages[2][1:] for cell in row[2:3]
    )


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("/三、国防支出", ["/", "三、国防支出"]),
        ("／十一、其他支出", ["／", "十一、其他支出"]),
        ("—二、外交支出", ["—", "二、外交支出"]),
        ("（64．68）", ["（64．68）"]),
        ("（242,447.80）", ["（242,447.80）"]),
        ("公务接待费3.00", ["公务接待费", "3.00"]),
    ],
)
def test_signs_beside_labels_and_figures_are_what_they_mean(printed: str, meant: list[str]) -> None:
    """The stroke for nothing touches the label of the next panel; wide brackets are of the amount between them."""
    edges = tuple((10.0 * n, 10.0 * n + 10) for n in range(len(printed)))
    word = Word(printed, Box(0, 0, 10 * len(printed), 10), edges)
    assert [part.text for part in parted([word], "lines")] == meant


@pytest.mark.parametrize("head", ["{0}／奈曼旗教育体育局", "奈曼旗教育体育局 第{1}页"])
def test_the_number_of_the_page_beside_the_department_is_no_row(head: str) -> None:
    """It stands at the head of every page, and ends no table on the page before; a name alone is «科目»."""
    lines = {n: [head.format(n, n - 1)] for n in range(1, 5)}
    lines[1] += ["收入决算表", "单位：千元"]
    pages = {1: [("项目", "项目", "本年收入合计"), ("科目代码", "科目", "本年收入合计"), ("201", "甲", "5.00")]}
    pages |= {n: [(f"2010{n}", "乙", "5.00")] for n in (2, 3)}
    (table,), _, others = read_tables(_cut_in_three(pages, lines))
    assert texts(table, "subject_code", "subject_name", "total") == [
        ("201", "甲", "5.00"),
        ("20102", "乙", "5.00"),
        ("20103", "乙", "5.00"),
    ]
    assert (table.pages, table.apart, others) == ([1, 2, 3], [], [])


def test_amounts_in_wide_brackets_are_no_labels(tmp_path: Path) -> None:
    """What was less than the year before stands in brackets beside the three public expenses."""
    rows = [("“三公”经费支出决算表",), ("单位：万元",), ("项目", "预算数", "决算数", "上年决算数", "增减额")]
    rows += [("“三公”经费支出合计", "230.00", "164.26", "228.94", "（64.68）"), ("一、因公出国（境）费", *"////")]
    rows += [("二、公务用车购置及运行维护费", "210.00", "161.05", "225.03", "（63.98）")]
    rows += [("其中：公务用车购置费", *"////"), ("公务用车运行维护费", "210.00", "161.05", "225.03", "（63.98）")]
    rows += [("三、公务接待费", "20.00", "3.21", "3.92", "（0.70）")]
    (table,) = read_sheets(tmp_path, rows).tables
    assert texts(table, "budget_total", "final_total", "final_vehicle_operation", "final_receptions") == [
        ("230.00", "164.26", "161.05", "3.21")
    ]
    assert table.problems == []
