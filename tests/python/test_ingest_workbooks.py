"""Workbooks as people keep them: what a sheet shows is read, and what it does not show is said."""

import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from final_accounts.ingest.document.pages import Grid, Refused, amount_in, figure
from final_accounts.ingest.document.reading import Reading, read
from final_accounts.ingest.files.ink import STRUCK, UNSEEN
from final_accounts.ingest.files.number_format import NoFigure, show
from final_accounts.ingest.files.workbook import shown
from final_accounts.proving.printing.printers import print_report
from final_accounts.proving.printing.styles import Style
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.worksheet.worksheet import Worksheet
from test_ingest_tables import GIVEN, report

COVER = ("成都市武侯区财政局2021年度部门决算",)
HEAD = [("支出决算表",), ("单位：万元",), ("科目编码", "科目名称", "合计", "基本支出", "项目支出")]


def sheet_of(*rows: tuple, unit: str = "万元") -> Workbook:
    """A workbook of a cover and table 03, whose first row is the fourth of its sheet."""
    book = Workbook()
    book.active.append(COVER)
    sheet = book.create_sheet("支出")
    for row in (HEAD[0], (f"单位：{unit}",), HEAD[2], *rows):
        sheet.append(row)
    return book


def read_book(book: Workbook, folder: Path) -> Reading:
    """A workbook as read."""
    book.save(folder / "report.xlsx")
    return read(folder / "report.xlsx", {})


def totals(reading: Reading) -> list[str]:
    """The column of totals of table 03."""
    return [row["total"].text for row in reading.tables[0].rows]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.125, "0.00", "0.13"),
        (1.005, "0.00", "1.01"),
        (1234.5, "#,##0.00_ ", "1,234.50"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        (-12.5, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-12.50"),
        (0, "#,##0.00;-#,##0.00;", ""),
        (-1.23, "#,##0.00_);[Red]\\(#,##0.00\\)", "(1.23)"),
        (-1234.5, "0.00;[Red]0.00", "1234.50"),
        (5.1, "General", "5.1"),
        (5.1, "G/通用格式", "5.1"),
        (6275.47, '0.00"元"', "6275.47元"),
        (6275.47, "[$¥-804]#,##0.00", "¥6,275.47"),
        (0.9589, "0.00%", "95.89%"),
        (12, "0000", "0012"),
        (0.5, "#.##", ".5"),
        # yuan as 万元: a point that stands in the figure and divides nothing
        (113791702, "0\\.0000", "11379.1702"),
        (113791702, '0"."0000', "11379.1702"),
        (113791702, "0!.0000", "11379.1702"),
        (113791702, "[>=10000]0\\.0000;0", "11379.1702"),
        (50, "[>=10000]0\\.0000;0", "50"),
        (1500, "0!.0000", "0.1500"),
        (113791702, "0\\.0,", "11379.2"),
        (113791702, "#,##0.00,", "113,791.70"),
        # what sums of binary fractions leave
        (440.8600000000001, "General", "440.86"),
        (0.1 + 0.2, "General", "0.3"),
        (123456789.126, "General", "123456789.1"),
    ],
)
def test_a_number_is_read_as_its_format_shows_it(value: float, number_format: str, text: str) -> None:
    """Digits in the places of the format, literals among them, rounded as a spreadsheet rounds."""
    assert show(value, number_format) == text


@pytest.mark.parametrize(
    ("value", "number_format"), [(5.5, "# ?/?"), (5.5, "0.00E+00"), (5.5, "yyyy"), (1e15, "General"), (5.5, "0.0.0")]
)
def test_a_format_that_shows_no_plain_figure_is_a_doubt(value: float, number_format: str) -> None:
    """A fraction, a power of ten, a date."""
    with pytest.raises(NoFigure):
        show(value, number_format)
    cell = Workbook().active.cell(1, 1, value)
    cell.number_format = number_format
    assert f"in the format {number_format}, which may be another figure" in shown(cell)[1]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("(1,346.23)", "-1346.23"),
        ("（1346.23）", "-1346.23"),
        ("1346.23-", "-1346.23"),
        ("- 1346.23", "-1346.23"),
        ("‐1346.23", "-1346.23"),
        ("△ 1346.23", "-1346.23"),
        ("▲1346.23", "-1346.23"),
        ("-¥1346.23", "-1346.23"),
        ("￥ 1346.23", "1346.23"),
        ("1346.23元", "1346.23"),
        ("+1346.23", "1346.23"),
    ],
)
def test_the_signs_of_accounts_are_signs(text: str, amount: str) -> None:
    """Whatever stands for below zero is a minus; what money it is says the unit."""
    assert amount_in(figure(text)) == Decimal(amount)


@pytest.mark.parametrize("text", ["(1)", "(-5.00)", "1.00 2.00", "1 2", "5.00万元", "—5.00", "────", "--5.00", "(5.00"])
def test_what_is_no_sign_is_left_as_it_is(text: str) -> None:
    """The number of a column, two amounts, another unit, a dash before a figure."""
    assert figure(text) == text


def test_signs_are_read_out_of_cells_of_text(tmp_path: Path) -> None:
    """Typed as they are printed."""
    book = sheet_of(("２０１", "一般公共服务支出", "(10.00)", "△4.00", "6.00-"))
    (row,) = read_book(book, tmp_path).tables[0].rows
    assert [row[name].text for name in ("subject_code", "total", "basic", "project")] == [
        "201",
        "-10.00",
        "-4.00",
        "-6.00",
    ]


def _struck(sheet: Worksheet) -> None:
    sheet["C4"].font = Font(strike=True)


def _white(sheet: Worksheet) -> None:
    sheet["C4"].font = Font(color="FFFFFFFF")


def _white_of_the_theme(sheet: Worksheet) -> None:
    sheet["C4"].font = Font(color=Color(theme=0))


def _nearly_white_by_tint(sheet: Worksheet) -> None:
    sheet["C4"].font = Font(color=Color(theme=1, tint=0.98))


def _black_on_black(sheet: Worksheet) -> None:
    sheet["C4"].fill = PatternFill("solid", fgColor="FF000000")


def _shown_by_no_format(sheet: Worksheet) -> None:
    sheet["C4"].value, sheet["C4"].number_format = 10, ";;;"


def _half_struck(sheet: Worksheet) -> None:
    sheet["C4"].value = CellRichText(TextBlock(InlineFont(strike=True), "99.00"), "10.00")


def _raised(sheet: Worksheet) -> None:
    sheet["C4"].value = CellRichText("10.00", TextBlock(InlineFont(vertAlign="superscript"), "1"))


@pytest.mark.parametrize(
    ("change", "doubt"),
    [
        (_struck, STRUCK),
        (_white, UNSEEN),
        (_white_of_the_theme, UNSEEN),
        (_nearly_white_by_tint, UNSEEN),
        (_black_on_black, UNSEEN),
        (_shown_by_no_format, UNSEEN),
        (_half_struck, "«99.00» is struck out"),
        (_raised, "a raised «1» stands beside it"),
    ],
)
def test_what_nobody_sees_or_somebody_struck_out_is_a_point(
    change: Callable[[Worksheet], None], doubt: str, tmp_path: Path
) -> None:
    """As in a PDF; the amount that is left is read."""
    book = sheet_of(("201", "一般公共服务支出", "10.00", "4.00", "6.00"))
    change(book["支出"])
    reading = read_book(book, tmp_path)
    assert f"table 03: 1 cells: {doubt}" in reading.open_points()
    assert totals(reading)[0].rstrip("0.") == "1"


def test_light_letters_on_a_dark_cell_are_seen(tmp_path: Path) -> None:
    """As headings and totals are often set."""
    book = sheet_of(("201", "一般公共服务支出", "10.00", "4.00", "6.00"))
    for cell in book["支出"][4]:
        cell.font, cell.fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF1F4E79")
    assert not any("cells" in point for point in read_book(book, tmp_path).open_points())


@pytest.mark.parametrize("size", ["hidden", "width"])
def test_a_column_that_is_not_shown_is_a_point(size: str, tmp_path: Path) -> None:
    """Hidden, or of no width."""
    book = sheet_of(("201", "一般公共服务支出", "10.00", "4.00", "6.00"))
    setattr(book["支出"].column_dimensions["E"], size, True if size == "hidden" else 0.1)
    assert "sheet 2 «支出» hides rows or columns with 1 amounts, which were not read" in (
        read_book(book, tmp_path).open_points()
    )


@pytest.mark.parametrize("place", ["A6000", "A1048576", "XFD4"])
def test_cells_that_are_only_formatted_hold_nothing(place: str, tmp_path: Path) -> None:
    """Far below, or far to the right."""
    book = sheet_of(("201", "一般公共服务支出", "10.00", "4.00", "6.00"))
    book["支出"][place].fill = PatternFill("solid", fgColor="FFFFFF00")
    assert totals(read_book(book, tmp_path)) == ["10.00"]


def test_formulas_that_no_program_has_computed_are_said(tmp_path: Path) -> None:
    """How many, on which sheet, and what to do."""
    book = sheet_of(("201", "一般公共服务支出", "=D4+E4", "4.00", "6.00"))
    (first, *_) = read_book(book, tmp_path).open_points()
    assert first.startswith("1 cells of sheet «支出» hold formulas without values: open and save the workbook")


@pytest.mark.parametrize(
    ("unit", "amount", "is_doubtful"),
    [
        ("元", "6,275.47", True),
        ("元", "12,346,275.47", False),
        ("万元", "6,275.47", False),
        ("萬元", "6,275.47", False),
        ("万元", "12,346,275.47", True),
        ("千元", "6,275.47", True),
    ],
)
def test_a_unit_that_only_a_label_claims_goes_with_its_figures(
    unit: str, amount: str, is_doubtful: bool, tmp_path: Path
) -> None:
    """A department of some thousand yuan a year, or of a hundred thousand million."""
    reading = read_book(sheet_of(("201", "一般公共服务支出", amount, amount, "0.00"), unit=unit), tmp_path)
    assert any("only its label says" in point for point in reading.open_points()) is is_doubtful
    assert reading.report.row["amount_unit"] == unit.replace("萬", "万")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped report as a workbook."""
    rows = {name: own for name, own in report().items() if not name.startswith("narrative")}
    return print_report(rows, tmp_path_factory.mktemp("printed"), "report", Style("workbook"))[0]


def _with_backslashes(name: str, part: bytes) -> tuple[str, bytes]:
    return name.replace("/", "\\"), part


def _strict(name: str, part: bytes) -> tuple[str, bytes]:
    part = part.replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    )
    return name, part.replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/"
    )


@pytest.mark.parametrize("change", [_with_backslashes, _strict])
def test_archives_that_other_programs_write_are_read(
    change: Callable[[str, bytes], tuple[str, bytes]], printed: Path, tmp_path: Path
) -> None:
    """Backslashes in the names of the parts; Strict Open XML."""
    with zipfile.ZipFile(printed) as archive, zipfile.ZipFile(tmp_path / "odd.xlsx", "w") as odd:
        for name in archive.namelist():
            info = zipfile.ZipInfo("x")
            info.filename, part = change(name, archive.read(name))
            odd.writestr(info, part)
    usual, other = read(printed, GIVEN), read(tmp_path / "odd.xlsx", GIVEN)
    assert [(table.table_no, table.amounts) for table in other.tables] == [
        (table.table_no, table.amounts) for table in usual.tables
    ]
    assert other.open_points() == usual.open_points()


def test_an_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    """It says what it is not."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("readme.md", "no report")
    (tmp_path / "report.xlsx").write_bytes(content.getvalue())
    with pytest.raises(Refused, match="archive"):
        read(tmp_path / "report.xlsx", {})


def test_a_saved_value_of_a_formula_is_read(printed: Path, tmp_path: Path) -> None:
    """What a spreadsheet program computed stands beside the formula, and nothing is said."""
    book = load_workbook(printed)
    book.save(tmp_path / "plain.xlsx")
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as plain, zipfile.ZipFile(tmp_path / "with.xlsx", "w") as copy:
        for name in plain.namelist():
            part = plain.read(name)
            copy.writestr(name, part.replace(b"<v>", b"<f>1+1</f><v>", 1) if name.endswith("sheet4.xml") else part)
    assert not any("formulas" in point for point in read(tmp_path / "with.xlsx", GIVEN).open_points())


TEXT = [
    "第二部分 2021年度部门决算情况说明",
    "一、收入支出决算总体情况说明",
    "　　2021年度收入总计10.00万元，支出总计10.00万元。与上年相比，收、支总计各增加1.00万元，增长11.11%。",
    "二、支出决算情况说明",
    "　　本年支出合计10.00万元，其中：基本支出4.00万元，占40.00%；项目支出6.00万元，占60.00%。",
]
ROWS = [("201", "一般公共服务支出", "10.00", "4.00", "6.00"), ("合计", None, "10.00", "4.00", "6.00")]


def _a_row_each(book: Workbook) -> None:
    sheet = book.create_sheet("说明")
    for line in ["某局2021年度部门决算说明", *TEXT]:
        sheet.append((line,))


def _merged_rows(book: Workbook) -> None:
    _a_row_each(book)
    for row in range(1, len(TEXT) + 2):
        book["说明"].merge_cells(f"A{row}:H{row}")


def _one_cell(book: Workbook) -> None:
    book.create_sheet("说明").append(("\n".join(TEXT),))


def _below_the_table(book: Workbook) -> None:
    for line in ["注：本表反映本年度支出情况。", None, *TEXT]:
        book["支出"].append((line,))


@pytest.mark.parametrize("write", [_a_row_each, _merged_rows, _one_cell, _below_the_table])
def test_the_text_of_a_workbook_is_its_narrative(write: Callable[[Workbook], None], tmp_path: Path) -> None:
    """In rows or one cell of a sheet of its own, or below a table; a table ends on its own sheet."""
    book = sheet_of(*ROWS)
    write(book)
    reading = read_book(book, tmp_path)
    assert [paragraph.section for paragraph in reading.narrative.paragraphs] == [TEXT[1], TEXT[3]]
    assert [claim["value_text"] for claim in reading.narrative.claims][-4:] == ["4.00", "40.00", "6.00", "60.00"]
    assert [table.pages for table in reading.tables] == [[2]]
    assert totals(reading) == ["10.00", "10.00"]


def test_a_text_that_was_not_found_is_told_where_a_sheet_speaks_of_one(tmp_path: Path) -> None:
    """It stands in a column beside its numbers, where nothing tells it from a table."""
    book = sheet_of(*ROWS)
    for number, line in enumerate(TEXT, 1):
        book["支出"].append((number, line))
    assert "narrative: it was not found, though headings speak of it" in read_book(book, tmp_path).open_points()
    assert not any("narrative" in point for point in read_book(sheet_of(*ROWS), tmp_path).open_points())


def test_a_sheet_of_a_title_and_a_sentence_is_an_empty_table(tmp_path: Path) -> None:
    """It has rows of one cell, and is no text."""
    book = sheet_of(*ROWS)
    sheet = book.create_sheet("基金")
    for row in ("政府性基金预算财政拨款收入支出决算表", "单位：万元", "本单位没有政府性基金收支，本表无数据。"):
        sheet.append((row,))
    reading = read_book(book, tmp_path)
    assert [part for part in reading.document.pages[2].parts if not isinstance(part, Grid)] == []


def test_what_stands_above_a_table_is_read_below_the_number_of_its_form(tmp_path: Path) -> None:
    """«表3» is one as «公开03表» is: the unit is looked for below it."""
    book = sheet_of(*ROWS, unit="元")
    book["支出"].insert_rows(2)
    book["支出"]["E2"] = "表3"
    reading = read_book(book, tmp_path)
    (table,) = reading.tables
    assert (table.form_no, table.amount_unit) == ("表3", "元")
    assert not any("amount unit" in point for point in reading.open_points())


def test_a_note_that_speaks_of_state_capital_adds_no_column(tmp_path: Path) -> None:
    """Forms of before 2020 have none, and the note below the table is that of later ones."""
    book = Workbook()
    book.active.append(COVER)
    sheet = book.create_sheet("财政拨款")
    for row in (
        ("财政拨款收入支出决算总表",),
        ("单位：万元",),
        ("收入", None, "支出"),
        ("项目", "决算数", "项目", "合计", "一般公共预算财政拨款", "政府性基金预算财政拨款"),
        ("一、一般公共预算财政拨款", "10.00", "一、一般公共服务支出", "10.00", "10.00", None),
        ("总计", "10.00", "总计", "10.00", "10.00", None),
        ("注：本表反映一般公共预算、政府性基金预算和国有资本经营预算财政拨款的收支。",),
    ):
        sheet.append(row)
    (table,) = read_book(book, tmp_path).tables
    assert not any("state_capital_operations" in problem for problem in table.problems)


def _sheets_in_a_format(number_format: str, unit: str, folder: Path) -> Reading:
    """Tables 03 and 05 of amounts in yuan, shown in a format."""
    book = Workbook()
    book.active.append(("成都市武侯区财政局2021年度部门决算",))
    for title in ("支出决算表", "一般公共预算财政拨款支出决算表"):
        sheet = book.create_sheet()
        for row in ((title,), (f"单位：{unit}",), ("科目编码", "科目名称", "合计", "基本支出", "项目支出")):
            sheet.append(row)
        for row in (("201", "一般公共服务支出"), ("合计", None)):
            sheet.append((*row, 113791702.34, 113000000, 791702.34))
            for cell in sheet[sheet.max_row][2:]:
                cell.number_format = number_format
    book.save(folder / "report.xlsx")
    return read(folder / "report.xlsx", {})


@pytest.mark.parametrize(
    ("number_format", "unit", "text", "is_said"),
    [
        ('0!.0,"万"', "万元", "11379.2", False),
        ("0!.0000", "万元", "11379.1702", False),
        ("#,##0.00,", "千元", "113,791.70", False),
        ("#,##0.00", "元", "113,791,702.34", False),
        # thousands, and 万 above or behind them: one of the two is wrong by ten times
        ('0.00,"万"', "万元", "113791.70", True),
        ("#,##0.00,", "万元", "113,791.70", True),
        ("0.00,,", "万元", "113.79", True),
        ("0.00,", "元", "113791.70", True),
        ('0!.0,"万"', "元", "11379.2", True),
        # a format for large numbers alone, beside others as they are
        ('[>=1000000]0!.0,"万";0.00', "万元", "11379.2", True),
    ],
)
def test_a_format_that_divides_is_of_the_unit_above_it(
    number_format: str, unit: str, text: str, is_said: bool, tmp_path: Path
) -> None:
    """What is shown is what is printed; where format and unit contradict each other, that is one sentence."""
    reading = _sheets_in_a_format(number_format, unit, tmp_path)
    assert [table.rows[0]["total"].text for table in reading.tables] == [text, text]
    said = [point for point in reading.open_points() if "contradict each other" in point]
    assert len(said) == is_said
    assert all(point.startswith("tables 03, 05: the format of the cells") for point in said)
    assert not any("is no amount" in point for point in reading.open_points())
