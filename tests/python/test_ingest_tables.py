"""Printed reports are read back exactly: each layout, each trap, each kind of file; and layouts as data."""

import random
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from final_accounts.ingest.document.pages import Box, Cell, Line, TextLine, Word, undoubled
from final_accounts.ingest.document.reading import open_document, raw_rows, read
from final_accounts.ingest.files.office import converted, needs_office
from final_accounts.ingest.layouts import choose_layout, column_of, layouts, tables, title_of
from final_accounts.ingest.tables.all_ten import read_tables
from final_accounts.ingest.tables.running.stream import read_economic, read_lines, read_subjects
from final_accounts.ingest.tables.unruled.grids import grids_of_lines
from final_accounts.proving.printing.paper import Rows
from final_accounts.proving.printing.portable import print_pdf
from final_accounts.proving.printing.printers import available, print_report
from final_accounts.proving.printing.styles import STYLES, Style, random_style
from final_accounts.registry import TABLE_NAMES
from final_accounts.warehouse.paths import TOP
from openpyxl import Workbook
from projects import REPORTS, SHIPPED, read_rows

GIVEN = {"division_code": "140405", "department_code": "031"}


def report(report_id: str = SHIPPED) -> Rows:
    """The raw rows of a report of the repository."""
    if report_id == SHIPPED:
        files = (TOP / "seeds" / "accounts").glob("*.csv")
        return {f.stem: [row for row in read_rows(f) if row["report_id"] == SHIPPED] for f in files}
    rows = {name: [] for name in [*TABLE_NAMES.values(), "table_notes"]}
    return rows | {f.stem: read_rows(f) for f in (REPORTS / report_id).glob("*.csv")}


def differences(expected: Rows, path: Path, given: dict[str, str] | None = None) -> tuple[list[str], list[str]]:
    """Cells of the ten tables that are read otherwise than printed, and what the reader says must be looked at."""
    reading = read(path, given or GIVEN)
    got = raw_rows(reading)
    found = []
    for name in TABLE_NAMES.values():
        wanted, rows = expected.get(name, []), got[name]
        if len(wanted) != len(rows):
            found.append(f"{name}: {len(wanted)} rows printed, {len(rows)} read")
        for n, (left, right) in enumerate(zip(wanted, rows, strict=False), 1):
            found += [
                f"{name}, row {n}, {c}: printed «{left[c]}», read «{right[c]}»"
                for c in left
                if c in right and left[c] != right[c] and c != "report_id"
            ]
    return found, reading.open_points()


def _marks(name: str) -> list[pytest.MarkDecorator]:
    """To read a whole PDF takes seconds."""
    return [pytest.mark.slow] if STYLES[name].printer == Style().printer else []


@pytest.mark.parametrize("name", [pytest.param(name, marks=_marks(name)) for name in STYLES])
def test_a_printed_report_is_read_back_cell_by_cell(name: str, tmp_path: Path) -> None:
    """Every layout, every kind of file and every trap that has a name."""
    if STYLES[name].printer not in available():
        pytest.skip("Chromium or LibreOffice is not installed, so nothing can be printed by it.")
    path, expected = print_report(report(), tmp_path, "report", STYLES[name])
    path = converted(path, tmp_path) if needs_office(path) else path
    assert differences(expected, path) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize("report_id", ["140405-031-2024", "990101-117-2018"])
def test_reports_of_other_years_and_units_are_read_back(report_id: str, tmp_path: Path) -> None:
    """Reports of other years and units are read back."""
    rows = report(report_id)
    expected = print_pdf(rows, tmp_path / "report.pdf", Style())
    head = rows["reports"][0]
    given = {"division_code": head["division_code"], "department_code": head["department_code"]}
    found, _ = differences(expected, tmp_path / "report.pdf", given)
    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_any_combination_of_ruled_traps_is_read_back(seed: int, tmp_path: Path) -> None:
    """Any combination of ruled traps is read back."""
    style = replace(random_style(random.Random(seed)), ruled=True)
    expected = print_pdf(report(), tmp_path / "report.pdf", style)
    assert differences(expected, tmp_path / "report.pdf") == ([], []), style


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("收入支出决算总表", "01"),
        ("收入支出决算总表收入支出决算总表", "01"),
        ("四、财政拨款收入支出决算总表", "04"),
        ("2024年度一般公共预算财政拨款支出决算表", "05"),
        ("长治市屯留区财政局2023年度支出决算表", "03"),
        ("政府性基金预算财政拨款收入支出决算表（续）", "07"),
        ('财政拨款"三公"经费支出决算表', "09"),
        ("附表1 收入支出决算总表", "01"),
        ("社会保险基金支出决算表", None),
        ("支出决算表反映部门本年度各项支出情况。", None),
        ("一、收入支出决算总体情况说明", None),
    ],
)
def test_a_title_is_known_by_its_words(line: str, number: str | None) -> None:
    """A title is known by its words."""
    found = title_of(line)
    assert (found[0] if found else None) == number


def test_a_heading_is_a_column_once_and_the_longest_agreement_comes_first() -> None:
    """A heading is a column once and the longest agreement comes first."""
    headings = [
        "预算数合计",
        "预算数公务用车购置及运行维护费小计",
        "预算数公务用车购置及运行维护费公务用车购置费",
        "决算数合计",
    ]
    assert column_of(headings, tables()["09"].columns) == {
        0: "budget_total", 1: "budget_vehicles_total", 2: "budget_vehicle_purchase", 3: "final_total",
    }  # fmt: skip


def test_headings_that_stand_twice_without_a_stage_are_no_final_amounts() -> None:
    """What would tell the budget from the final amount was not found, so neither is guessed."""
    assert column_of(["合计", "合计", "公务接待费", "公务接待费"], tables()["09"].columns) == {}


def test_of_two_years_without_a_stage_the_later_is_final() -> None:
    """A year before is no final amount, also where no heading names budget or final amount."""
    headings = ["2022年合计", "2022年公务接待费", "2023年合计", "2023年公务接待费"]
    assert column_of(headings, tables()["09"].columns) == {2: "final_total", 3: "final_receptions"}


def test_three_public_expenses_below_each_other_are_one_row(tmp_path: Path) -> None:
    """Each expense of each stage goes to its own column, whatever way round the table is set."""
    book = Workbook()
    rows = [("一般公共预算财政拨款“三公”经费支出决算表",), ("单位：万元",), ("项目", "行次", "预算数", "决算数")]
    rows += [
        ("合计", 1, "9.00", "8.00"),
        ("1.因公出国（境）费", 2, "", ""),
        ("2.公务用车购置及运行维护费", 3, "6.00", "5.50"),
    ]
    rows += [
        ("（1）公务用车购置费", 4, "", ""),
        ("（2）公务用车运行维护费", 5, "6.00", "5.50"),
        ("3.公务接待费", 6, "3.00", "2.50"),
    ]
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "report.xlsx")
    (found,), *_ = read_tables(open_document(tmp_path / "report.xlsx"))
    row = {name: cell.text for name, cell in found.rows[0].items() if cell.text}
    assert row == {
        "budget_total": "9.00",
        "final_total": "8.00",
        "budget_vehicles_total": "6.00",
        "final_vehicles_total": "5.50",
        "budget_vehicle_operation": "6.00",
        "final_vehicle_operation": "5.50",
        "budget_receptions": "3.00",
        "final_receptions": "2.50",
    }
    assert found.problems == []


def test_the_year_before_beside_three_public_expenses_is_kept_apart(tmp_path: Path) -> None:
    """Final amounts of the year before, and how much less: no column of the form, and no reason not to read it."""
    book = Workbook()
    rows = [
        ("一般公共预算财政拨款“三公”经费支出决算表",),
        ("单位：万元",),
        ("项目", "预算数", "决算数", "上年决算数", "增减额"),
    ]
    rows += [("合计", "9.00", "8.00", "8.50", "-0.50"), ("1.因公出国（境）费", "／", "／", "／", "／")]
    rows += [
        ("2.公务用车购置及运行维护费", "6.00", "5.50", "6.00", "-0.50"),
        ("（1）公务用车购置费", "/", "/", "/", "/"),
    ]
    rows += [
        ("（2）公务用车运行维护费", "6.00", "5.50", "6.00", "-0.50"),
        ("3.公务接待费", "3.00", "2.50", "2.50", "0.00"),
    ]
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "report.xlsx")
    (found,), *_ = read_tables(open_document(tmp_path / "report.xlsx"))
    row = {name: cell.text for name, cell in found.rows[0].items()}
    assert (row["budget_total"], row["final_total"], row["final_receptions"]) == ("9.00", "8.00", "2.50")
    assert (row["final_overseas_trips"], row["budget_vehicle_purchase"]) == ("／", "/")
    assert {own.heading for own in found.apart} == {"上年决算数", "增减额"}
    assert found.problems == []


@pytest.mark.parametrize(
    "name", ["workbook", "lined-up text", "running text", pytest.param("no rules", marks=pytest.mark.slow)]
)
def test_filled_three_public_expenses_side_by_side_are_read_back(name: str, tmp_path: Path) -> None:
    """Two groups of six columns are no two columns of amounts beside a list of expenses."""
    rows = report()
    row = rows["three_public"][0]
    amounts = {column: f"{n}.50" for n, column in enumerate(row) if column not in ("report_id", "row_no")}
    rows["three_public"] = [row | amounts]
    rows["table_notes"] = [note for note in rows["table_notes"] if note["table_no"] != "09"]
    path, expected = print_report(rows, tmp_path, "report", STYLES[name])
    assert differences(expected, path) == ([], [])


@pytest.mark.slow
def test_a_page_that_is_set_sideways_is_turned(tmp_path: Path) -> None:
    """Each page is drawn sideways on an upright sheet, as wide tables often are."""
    expected = print_pdf(report(), tmp_path / "upright.pdf", Style(landscape=True))
    document = pypdfium2.PdfDocument(tmp_path / "upright.pdf")
    turned = pypdfium2.PdfDocument.new()
    for number in range(len(document)):
        width, height = document[number].get_size()
        page = turned.new_page(height, width)
        form = document.page_as_xobject(number, turned).as_pageobject()
        form.set_matrix(pypdfium2.PdfMatrix(0, 1, -1, 0, height, 0))
        page.insert_obj(form)
        page.gen_content()
    turned.save(tmp_path / "turned.pdf")
    assert differences(expected, tmp_path / "turned.pdf") == ([], [])


def test_the_layout_is_chosen_by_order_and_a_table_that_is_named_but_not_found_counts_as_missing() -> None:
    """The layout is chosen by order and a table that is named but not found counts as missing."""
    order = ["01", "02", "03", "04", "05", "06", "07", "08", "09"]
    assert choose_layout(order, "公开01表 行次").name == "national_nine"
    assert choose_layout(order, "公开01表 行次 部门决算公开相关信息统计表").name == "national"
    assert choose_layout(["01", "02", "03", "04", "05", "06", "09", "07", "08"], "功能分类科目编码").name == "shanghai"


def test_every_layout_names_tables_and_columns_that_exist() -> None:
    """Every layout names tables and columns that exist."""
    for layout in layouts().values():
        for number in layout.tables:
            assert number in tables(), layout.name
        for number, columns in layout.columns.items():
            assert set(columns) - {None} <= set(tables()[number].columns), (layout.name, number)


def test_a_row_of_running_text_with_fewer_cells_than_columns_is_doubtful() -> None:
    """A row of running text with fewer cells than columns is doubtful."""
    lines = [TextLine("201 一般公共服务支出 10.00 10.00", 1)]
    row = read_subjects(lines, list(tables()["03"].columns))[0]
    assert row["total"].text == "10.00"
    assert row["total"].doubt


def test_blank_cells_of_running_text_keep_their_column() -> None:
    """Blank cells of running text keep their column."""
    lines = [TextLine("2010302 一般行政管理事务 102.64 85.14     17.50", 1)]
    row = read_subjects(lines, list(tables()["02"].columns))[0]
    assert [row[c].text for c in tables()["02"].columns] == ["102.64", "85.14", "", "", "", "", "17.50"]
    assert not any(cell.doubt for cell in row.values())


def test_an_amount_glued_to_the_next_label_is_set_free() -> None:
    """An amount glued to the next label is set free."""
    lines = [
        TextLine("三、国有资本经营预算财政拨款收入 1 773.07三、国防支出 2 1.00", 3),
        TextLine("", 3),
        TextLine("四、上级补助收入 2  四、公共安全支出 3  ", 3),
    ]
    panels = read_lines(lines, tables()["01"])
    assert panels["revenue"][0]["amount"].text == "773.07"
    assert panels["expenditure"][0]["item"].text == "三、国防支出"


def test_panels_of_the_economic_table_are_read_one_after_the_other() -> None:
    """Panels of the economic table are read one after the other."""
    lines = [TextLine("301301 工资福利支出工资福利支出 5.00 302302 商品和服务支出商品和服务支出 1.00", 1),
             TextLine("30101   基本工资 5.00 30201   办公费  ", 1),
             TextLine("人员经费合计人员经费合计 5.00 公用经费合计公用经费合计 1.00", 1)]  # fmt: skip
    rows = read_economic(lines, "科目代码科目代码 科目名称 决算数 科目代码科目代码 科目名称 决算数", tables()["06"])
    assert [(r["panel_no"].text, r["subject_code"].text, r["subject_name"].text, r["amount"].text) for r in rows] == [
        ("1", "301", "工资福利支出", "5.00"),
        ("1", "30101", "基本工资", "5.00"),
        ("2", "302", "商品和服务支出", "1.00"),
        ("2", "30201", "办公费", ""),
        ("", "", "人员经费合计", "5.00"),
        ("", "", "公用经费合计", "1.00"),
    ]


def _line(top: float, *words: tuple[float, str]) -> Line:
    made = [Word(text, Box(x, top, x + 9 * len(text), top + 9)) for x, text in words]
    return Line(" ".join(text for _, text in words), 1, made[0].box, made)


def test_two_amounts_that_fall_into_one_column_are_doubtful_and_never_one_number() -> None:
    """Two amounts that fall into one column are doubtful and never one number."""
    lines = [_line(0, (10, "科目编码"), (60, "科目名称"), (200, "合计")),
             _line(20, (10, "201"), (60, "支出"), (200, "1.00")),
             _line(40, (10, "202"), (60, "外交"), (190, "1"), (202, "2.00"))]  # fmt: skip
    grid = grids_of_lines([lines])[0]
    cell: Cell = grid.slots[2][2]
    assert cell.text == "1 2.00"
    assert cell.doubt


@pytest.mark.parametrize(
    ("text", "once"), [("项目项目", "项目"), ("附属单附属单", "附属单"), ("22", "22"), ("合计", "合计"), ("12", "12")]
)
def test_what_is_drawn_twice_is_read_once(text: str, once: str) -> None:
    """What is drawn twice is read once."""
    assert undoubled(text) == once
