"""Texts as programs take them out of PDF files: what can be told is read, and everything else is said."""

from pathlib import Path

import pytest
from final_accounts.ingest.document.pages import TextLine
from final_accounts.ingest.files.text import _page_numbers, read_text
from final_accounts.ingest.layouts import layouts, tables
from final_accounts.ingest.tables.all_ten import read_tables
from final_accounts.ingest.tables.ruled.table import ReadTable
from final_accounts.ingest.tables.running.stream import (
    BELOW,
    amount_order,
    code_together,
    has_names_around_codes,
    names_together,
    read_economic,
    read_labels,
    read_lines,
    read_subjects,
    unknown_headings,
)
from final_accounts.ingest.tables.unruled.anchors import DOUBT


def tables_of(path: Path, text: str) -> dict[str, ReadTable]:
    """The tables of a text, by number."""
    path.write_text(text, encoding="utf-8")
    return {table.table_no: table for table in read_tables(read_text(path))[0]}


def amounts(table: ReadTable, *columns: str) -> list[tuple[str, ...]]:
    """The texts of some columns, row by row."""
    return [tuple(row[c].text if c in row else "" for c in columns) for row in table.rows]


LINED_UP = [
    ((2, "科目代码"), (12, "科目名称"), (40, "合计"), (48, "基本支出"), (58, "项目支出")),
    ((2, "201"), (12, "一般公共服务支出"), (38, "110.00"), (60, "110.00")),
    ((2, "20101"), (12, "人大"), (38, "110.00"), (60, "110.00")),
    ((2, "208"), (12, "社会保障和就业支出"), (39, "20.00"), (51, "20.00")),
]


@pytest.mark.parametrize("width", [1, 2])
def test_columns_are_lined_up_by_characters_or_by_what_they_take_on_a_screen(width: int, tmp_path: Path) -> None:
    """Chinese names of different length stand before the amounts: counted wrongly, they shift those."""
    lines = ["支出决算表", "单位：万元"]
    for words in LINED_UP:
        line = ""
        for at, word in words:
            line += " " * (at - sum(width if ord(c) > 0x2E80 else 1 for c in line)) + word
        lines.append(line)
    table = tables_of(tmp_path / "report.txt", "\n".join(lines) + "\f")["03"]
    assert amounts(table, "total", "basic", "project") == [
        ("110.00", "", "110.00"),
        ("110.00", "", "110.00"),
        ("20.00", "20.00", ""),
    ]


def test_headings_and_page_numbers_of_later_pages_are_no_rows(tmp_path: Path) -> None:
    """Page numbers have no mark, and a wrapped name ends in a word that is a heading elsewhere."""
    heading = ["项目", "本年支出", "科目代码 科目名称 合计 基本支出 项目支出", "栏次 1 2 3"]
    lines = ["1", "2", "3", "一般公共预算财政拨款支出决算表", "单位：万元", *heading, "合计 5.00 5.00  "]
    lines += ["201 一般公共服务", "支出", "5.00 5.00  ", "4", "公开05表", "单位：万元", *heading]
    lines += [
        "20101 人大事务 5.00 5.00  ",
        "5",
        *heading[2:],
        "2010101 行政运行 5.00 5.00  ",
        "注：本表反映支出情况。",
        "6",
    ]
    table = tables_of(tmp_path / "report.txt", "\n".join(lines))["05"]
    assert amounts(table, "subject_code", "subject_name", "total", "basic", "project") == [
        ("", "合计", "5.00", "5.00", ""),
        ("201", "一般公共服务支出", "5.00", "5.00", ""),
        ("20101", "人大事务", "5.00", "5.00", ""),
        ("2010101", "行政运行", "5.00", "5.00", ""),
    ]
    assert table.problems == []


def test_a_number_that_may_be_one_of_a_line_ends_no_page() -> None:
    """Of two fours between three and five, neither is surely the number of the page."""
    lines = ["1", "a", "2", "b", "3", "c", "4", "d", "4", "e", "5", "f", "6"]
    assert _page_numbers(lines) == {0, 2, 4, 10, 12}
    assert _page_numbers(lines[:7]) == set()


def test_a_heading_that_goes_on_in_the_next_line_is_known() -> None:
    """The second line of a cell stands below the heading that follows it."""
    order = list(tables()["03"].columns)
    heading = "项目 本年支出合计 基本支出 项目支出 上缴上级支出 经营支出 对附属单位补助支出科目编 码 科目名称"
    assert unknown_headings(tables()["03"], order, heading) == []
    assert "其中:工资" in unknown_headings(tables()["03"], order, heading + " 其中：工资")


def test_a_label_that_goes_on_in_the_next_line_is_one_label() -> None:
    """Lines without line numbers are known by their labels."""
    lines = [TextLine("一、一般公共预算财政拨款收 ", 1), TextLine("入 7.00 一、一般公共服务支出 1.00", 1),
             TextLine("二十二、灾害防治及应急管理支", 1), TextLine("出 6.00", 1)]  # fmt: skip
    panels = read_labels(lines, tables()["01"])
    assert [(row["item"].text, row["amount"].text) for rows in panels.values() for row in rows] == [
        ("一、一般公共预算财政拨款收入", "7.00"),
        ("一、一般公共服务支出", "1.00"),
        ("二十二、灾害防治及应急管理支出", "6.00"),
    ]


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("201   一般公共服务支出 5.00", "201 一般公共服务支出 5.00"),
        ("201 01  人大事务 5.00", "20101 人大事务 5.00"),
        ("201 01 01 行政运行 5.00", "2010101 行政运行 5.00"),
        ("201 01 人大事务 5.00", "20101 人大事务 5.00"),
        ("合计 5.00", "合计 5.00"),
    ],
)
def test_three_cells_of_a_code_are_one_code(line: str, whole: str) -> None:
    """Also where the text shows no blank cells."""
    assert code_together(line) == whole


def test_a_panel_that_goes_on_alone_keeps_its_rows() -> None:
    """The other panels have ended, and their cells leave no trace."""
    lines = [
        "301 工资福利支出 5.00 302 商品和服务支出 1.00 309 资本性支出（基本建设）",
        "30101 基本工资 5.00 30201 办公费 1.00 310 资本性支出 2.00",
        "31001 房屋建筑物购建",
        "31002 办公设备购置 2.00",
        "312 对企业补助",
        "31201 资本金注入",
    ]
    rows = read_economic([TextLine(line, 1) for line in lines], "科目编码 科目名称 决算数 " * 3, tables()["06"])
    assert [(row["panel_no"].text, row["subject_code"].text) for row in rows][4:] == [
        ("3", "309"),
        ("3", "310"),
        ("3", "31001"),
        ("3", "31002"),
        ("3", "312"),
        ("3", "31201"),
    ]


def test_headings_that_name_the_columns_of_the_raw_table_come_before_the_layout() -> None:
    """Of a layout that prints more columns in table 08, a report may print those of the national form."""
    table, layout = tables()["08"], layouts()["shanghai"]
    assert amount_order(table, layout, "科目编码 科目名称 合计 基本支出 项目支出") == ["total", "basic", "project"]
    more = "科目编码 科目名称 年初结转和结余 本年收入 合计 基本支出 项目支出 年末结转和结余"
    assert amount_order(table, layout, more) == layout.columns["08"]


def test_three_words_say_that_a_table_is_empty(tmp_path: Path) -> None:
    """The sentence stands below the total without a mark."""
    text = "\n".join(
        [
            "政府性基金预算财政拨款支出决算表",
            "项目 本年支出",
            "科目编码 科目名称 小计 基本支出 项目支出",
            "合计",
            "本表无数据",
        ]
    )
    table = tables_of(tmp_path / "report.txt", text)["07"]
    assert table.says_it_is_empty
    assert amounts(table, "subject_name") == [("合计",)]


HEADS = {
    "03": [
        "支出决算表",
        "单位：万元",
        "科目编码 科目名称",
        "本年支出合计 基本支出 项目支出 上缴上级支出 经营支出 对附属单位补助支出",
    ],
    "05": ["一般公共预算财政拨款支出决算表", "单位：万元", "科目编码 科目名称 合计 基本支出 项目支出"],
}


def without_blanks(*rows: str, number: str = "05") -> list[str]:
    """A table by subject of a text that shows no blank cells."""
    return [*HEADS[number], *rows, "注：本表反映支出情况。"]


def doubtful(table: ReadTable) -> list[tuple[str, str]]:
    """Subject and column of every doubtful cell."""
    return [(row["subject_code"].text, c) for row in table.rows for c, cell in row.items() if cell.doubt]


def test_amounts_without_blanks_stand_where_alone_the_table_adds_up(tmp_path: Path) -> None:
    """Of two classes with one amount each, the total tells which is basic and which is project expenditure."""
    rows = ["合计 10.00 4.00 6.00", "201 一般公共服务支出 6.00 6.00", "20101 人大事务 6.00 6.00"]
    rows += ["208 社会保障和就业支出 4.00 4.00", "20805 行政事业单位养老支出 4.00 4.00"]
    table = tables_of(tmp_path / "report.txt", "\n".join(without_blanks(*rows)))["05"]
    assert amounts(table, "total", "basic", "project") == [
        ("10.00", "4.00", "6.00"),
        ("6.00", "", "6.00"),
        ("6.00", "", "6.00"),
        ("4.00", "4.00", ""),
        ("4.00", "4.00", ""),
    ]
    assert (doubtful(table), table.problems) == ([], [])


@pytest.mark.parametrize(
    ("rows", "open_cells"),
    [
        # both ways to part them add up
        (
            ["合计 8.00 4.00 4.00", "201 一般公共服务支出 4.00 4.00", "208 社会保障和就业支出 4.00 4.00"],
            [("201", "basic"), ("201", "project"), ("208", "basic"), ("208", "project")],
        ),
        # no way adds up
        (
            ["合计 9.00 4.00 6.00", "201 一般公共服务支出 6.00 6.00", "208 社会保障和就业支出 4.00 4.00"],
            [(code, column) for code in ("201", "208") for column in ("total", "basic", "project")],
        ),
        # below zero, one can make up for another
        (
            ["合计 4.00 6.00 -2.00", "201 一般公共服务支出 6.00 6.00", "208 社会保障和就业支出 -2.00 -2.00"],
            [(code, column) for code in ("201", "208") for column in ("total", "basic", "project")],
        ),
    ],
)
def test_amounts_that_several_ways_or_none_place_stay_doubtful(
    rows: list[str], open_cells: list[tuple[str, str]], tmp_path: Path
) -> None:
    """What all ways agree in is sure, nothing else is."""
    table = tables_of(tmp_path / "report.txt", "\n".join(without_blanks(*rows)))["05"]
    assert doubtful(table) == open_cells


def test_amounts_without_blanks_agree_with_the_other_tables(tmp_path: Path) -> None:
    """What is basic and project expenditure of the budget cannot be business expenditure of the department."""
    own = ["合计 10.00 4.00 6.00", "201 一般公共服务支出 6.00 6.00", "208 社会保障和就业支出 4.00 4.00"]
    lines = without_blanks(*own, number="03")
    assert doubtful(tables_of(tmp_path / "report.txt", "\n".join(lines))["03"]) != []
    table = tables_of(tmp_path / "report.txt", "\n".join([*lines, *without_blanks(*own)]))["03"]
    assert amounts(table, "total", "basic", "project", "business") == [
        ("10.00", "4.00", "6.00", ""),
        ("6.00", "", "6.00", ""),
        ("4.00", "4.00", "", ""),
    ]
    assert doubtful(table) == []


def test_the_number_of_the_other_panel_is_no_amount() -> None:
    """A row without labels shows nothing but its two numbers where blank cells leave no trace."""
    lines = [TextLine("一、一般公共预算财政拨款收入 1 7.00 一、一般公共服务支出 3 7.00", 1), TextLine("2 4", 1)]
    panels = read_lines(lines, tables()["01"])
    assert [(row["line_no"].text, row["amount"].text) for rows in panels.values() for row in rows] == [
        ("1", "7.00"),
        ("2", ""),
        ("3", "7.00"),
        ("4", ""),
    ]


SHIFTED = """
            一般公共预算财政拨款支出决算表
单位：万元
科目编码    科目名称            合计       基本支出      项目支出
            合计                10.00      4.00       6.00
201         一般公共服务支出            6.00                 6.00
            人大事务及其他有关
20101                       6.00             6.00
            工作
208         社会保障和就业支出           4.00       4.00
"""


def test_columns_that_are_not_lined_up_over_the_table_are_told_by_their_sums(tmp_path: Path) -> None:
    """The amounts stand where the characters before them pushed them; a name stands around the line of its code."""
    table = tables_of(tmp_path / "report.txt", SHIFTED + "\f")["05"]
    assert amounts(table, "subject_code", "subject_name", "total", "basic", "project") == [
        ("", "合计", "10.00", "4.00", "6.00"),
        ("201", "一般公共服务支出", "6.00", "", "6.00"),
        ("20101", "人大事务及其他有关工作", "6.00", "", "6.00"),
        ("208", "社会保障和就业支出", "4.00", "4.00", ""),
    ]


def test_names_around_the_lines_of_their_codes_are_dealt_out_where_that_is_clear() -> None:
    """Between two codes without a name, each has as many lines below it as above it."""
    lines = [
        "201 一般公共服务支出 6.00",
        "人大事务及",
        "20101 4.00",
        "其他",
        "政协事务及",
        "20102 2.00",
        "其他有关",
        "208 其他 1.00",
    ]
    assert [text for text, _ in names_together([TextLine(line, 1) for line in lines])] == [
        "201 一般公共服务支出 6.00",
        "20101 人大事务及其他 4.00",
        "20102 政协事务及其他有关 2.00",
        "208 其他 1.00",
    ]
    unclear = ["201 一般公共服务支出 6.00", "一", "二", "20101 4.00", "三", "208 其他 1.00"]
    assert [text for text, _ in names_together([TextLine(line, 1) for line in unclear])] == unclear


def test_a_name_of_which_lined_up_lines_do_not_tell_the_row_is_said(tmp_path: Path) -> None:
    """A line of a name may stand above its row as well as below it."""
    text = SHIFTED.replace("            工作\n", "") + "\f"
    table = tables_of(tmp_path / "report.txt", text)["05"]
    assert any("may belong to the row above or below" in problem for problem in table.problems)


def test_names_of_running_text_that_stand_around_their_codes_are_put_there(tmp_path: Path) -> None:
    """Programs that sort words by height put the first line of a name above the line of its code."""
    rows = [
        "合计 10.00 4.00 6.00",
        "201 一般公共服务支出 6.00 6.00",
        "人大事务及其他",
        "20101 6.00 6.00",
        "有关工作",
        "208 其他 4.00 4.00",
        "20899 其他 4.00 4.00",
    ]
    table = tables_of(tmp_path / "report.txt", "\n".join(without_blanks(*rows)))["05"]
    assert amounts(table, "subject_name", "total", "basic", "project")[1:] == [
        ("一般公共服务支出", "6.00", "", "6.00"),
        ("人大事务及其他有关工作", "6.00", "", "6.00"),
        ("其他", "4.00", "4.00", ""),
        ("其他", "4.00", "4.00", ""),
    ]
    assert table.problems == []


def test_names_around_codes_are_told_from_names_below_them() -> None:
    """Where a name follows its code, more than one of its lines stand above the next code, or its amount does."""
    assert has_names_around_codes(["30307 医疗费补助", "对机关事业单位", "31304", "年金的补助"])
    assert not has_names_around_codes(["31304", "对机关事业单位", "年金的补助", "31305", "其他有关"])
    assert not has_names_around_codes(["31304", "对机关事业单位年金的补助", "31305", "其他有关"])


def test_a_name_that_goes_on_below_its_amounts_is_doubtful() -> None:
    """It could be the beginning of the next name."""
    lines = [TextLine("201 一般公共服务 5.00 5.00 ", 1), TextLine("支出", 1), TextLine("1.00", 1)]
    (row,) = read_subjects(lines, list(tables()["05"].columns))
    assert row["subject_name"].doubt == DOUBT
    assert row["total"].doubt == BELOW


@pytest.mark.parametrize(("printed", "written"), [(" ", "\t"), (" ", "\u00a0"), ("4", "４"), ("\n", "\r\n")])
def test_other_signs_for_spaces_and_digits_are_read_as_those(printed: str, written: str, tmp_path: Path) -> None:
    """The cells are the same whatever program wrote them."""
    rows = ["合计 10.00 4.00 6.00", "201 一般公共服务支出 6.00  6.00", "208 其他 4.00 4.00 "]
    text = "\n".join(without_blanks(*rows)).replace(printed, written)
    table = tables_of(tmp_path / "report.txt", text)["05"]
    assert amounts(table, "total", "basic", "project") == [
        ("10.00", "4.00", "6.00"),
        ("6.00", "", "6.00"),
        ("4.00", "4.00", ""),
    ]


LINES = """长治市屯留区教育局2023年度部门决算
收入支出决算总表
单位：万元
收入 支出
项目 决算数 项目 决算数
一、一般公共预算财政拨款收入 500.00 一、一般公共服务支出 400.00
二、政府性基金预算财政拨款收入 二、外交支出
WRAPPED
本年收入合计 500.00 本年支出合计 500.00
总计 500.00 总计 500.00
注：本表反映部门本年度的总收支和年末结转结余情况。
"""
DISASTERS = "四、灾害防治及应急管理支出"


@pytest.mark.parametrize(
    "wrapped",
    [
        "四、灾害防治及应急管理支\n100.00\n出",
        "四、灾害防治及应急\n管理\n100.00\n支\n出",
        "四、灾害防治及应急管理支\n四、事业收入 0.00 100.00\n出",
        "四、灾害防治及应急管理支\n四、事业收入  100.00\n出",
        "四、上级补助收 四、灾害防治及应急管理支\n0.00 100.00\n入 出",
        "四、上级补助收\n0.00 四、灾害防治及应急管理支出 100.00\n入",
    ],
)
def test_a_label_around_its_amount_is_one_line(wrapped: str, tmp_path: Path) -> None:
    """Its first and last words stand above and below the amount, which the cell shows in its middle."""
    table = tables_of(tmp_path / "report.txt", LINES.replace("WRAPPED", wrapped))["01"]
    amounts = {row["item"].text: row["amount"].text for row in table.rows if row["panel"].text == "expenditure"}
    assert (amounts[DISASTERS], table.problems) == ("100.00", [])


@pytest.mark.parametrize(
    ("lines", "lost"),
    [
        ("四、灾害防治及应急管理支\n四、事业收入 100.00\n出", "出"),
        ("四、某项新支出 100.00", "四、某项新支出 100.00"),
        ("100.00", "100.00"),
    ],
)
def test_what_is_in_no_row_of_a_form_is_said(lines: str, lost: str, tmp_path: Path) -> None:
    """Nothing says whose amount it is, or what the line is."""
    table = tables_of(tmp_path / "report.txt", LINES.replace("WRAPPED", lines))["01"]
    assert any(f"«{lost}» has something that belongs to no line of the form" in point for point in table.problems)


ECONOMIC = [
    ("301", "工资福利支出", "300.00", "302", "商品和服务支出", "50.00"),
    ("30101", "基本工资", "100.00", "30201", "办公费", "20.00"),
    ("30102", "津贴补贴", "150.00", "30202", "印刷费", ""),
    ("30103", "奖金", "50.00", "30211", "差旅费", "30.00"),
]


def economic_text(gap: str, is_lined_up: bool, panels: int) -> str:
    """Table 06 with its codes in two parts, in one or two panels."""
    head = ("经济分类科目编码", "科目名称", "决算数") * panels
    rows = [head, *ECONOMIC] if panels == 2 else [head, *(row[n : n + 3] for n in (0, 3) for row in ECONOMIC)]
    rows = [tuple(f"{t[:3]}{gap}{t[3:]}" if t.isdigit() and len(t) == 5 else t for t in row) for row in rows]
    total = ("人员经费合计", "300.00", "公用经费合计", "50.00") if panels == 2 else ("合计", "350.00")

    def line(cells: tuple[str, ...]) -> str:
        return "".join(cell + " " * (20 - len(cell)) for cell in cells) if is_lined_up else " ".join(cells)

    lines = [
        "长治市屯留区教育局2023年度部门决算",
        "\f" * is_lined_up + "一般公共预算财政拨款基本支出决算表",
        "单位：万元",
    ]
    return "\n".join([*lines, *map(line, [*rows, total]), "注：本表反映基本支出明细情况。"])


@pytest.mark.parametrize("panels", [1, 2])
@pytest.mark.parametrize("is_lined_up", [False, True], ids=["running", "lined up"])
@pytest.mark.parametrize("gap", [" ", "  "])
def test_a_code_in_two_parts_is_one_code(gap: str, is_lined_up: bool, panels: int, tmp_path: Path) -> None:
    """The class, a space and the number below it; and the total of one panel is no part of its last row."""
    table = tables_of(tmp_path / "report.txt", economic_text(gap, is_lined_up, panels))["06"]
    names = ("subject_code", "subject_name", "amount")
    read = [tuple(row[name].text for name in names) for row in table.rows if row["subject_code"].text]
    assert (read, table.problems) == ([row[n : n + 3] for n in (0, 3) for row in ECONOMIC], [])


@pytest.mark.parametrize("code", ["201 06 01", "201 06"])
def test_a_functional_code_in_parts_is_one_code(code: str, tmp_path: Path) -> None:
    """Also where no heading speaks of 类, 款 and 项."""
    head = "科目编码 科目名称 本年支出合计 基本支出 项目支出 上缴上级支出 经营支出 对附属单位补助支出"
    lines = [
        "长治市屯留区教育局2023年度部门决算",
        "支出决算表",
        "单位：万元",
        head,
        "合计 1.00 1.00 0.00 0.00 0.00 0.00",
    ]
    text = "\n".join([*lines, f"{code} 行政运行 1.00 1.00 0.00 0.00 0.00 0.00", ""])
    rows = tables_of(tmp_path / "report.txt", text)["03"].rows
    assert [row["subject_code"].text for row in rows] == ["", code.replace(" ", "")]
