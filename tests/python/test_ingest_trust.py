"""What no identity can see, and is said all the same: other departments, years and names, rows and ink not there."""

import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from final_accounts.ingest import proof as proving
from final_accounts.ingest.document.pages import plain
from final_accounts.ingest.document.reading import raw_rows, read
from final_accounts.ingest.files.ink import STRUCK, UNSEEN
from final_accounts.ingest.proof import Verdict, prove
from final_accounts.ingest.tables.infer.agreement import same_department
from final_accounts.proving.printing.paper import Rows, as_printed
from final_accounts.proving.printing.portable import Printer, print_pdf, width_of
from final_accounts.proving.printing.printers import print_report
from final_accounts.proving.printing.styles import Style
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from test_ingest_tables import GIVEN, report

OTHER = "长治市屯留区教育局"


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped report without its narrative, a sheet a table."""
    rows = {name: own for name, own in report().items() if not name.startswith("narrative")}
    return print_report(rows, tmp_path_factory.mktemp("printed"), "report", Style("workbook"))[0]


def points(path: Path, change: Callable[[Workbook], None], folder: Path) -> list[str]:
    """What is to be looked at in a workbook that was changed."""
    book = load_workbook(path)
    change(book)
    book.save(folder / "changed.xlsx")
    return read(folder / "changed.xlsx", GIVEN).open_points()


def sheet_of(book: Workbook, number: str) -> Worksheet:
    """The sheet of a table."""
    return next(sheet for sheet in book.worksheets if sheet.title.startswith(f"Z{number}"))


def reword(number: str, before: str, after: str) -> Callable[[Workbook], None]:
    """A change of the cells of a sheet that begin with a text."""

    def change(book: Workbook) -> None:
        for row in sheet_of(book, number).iter_rows():
            for cell in row:
                if str(cell.value or "").startswith(before):
                    cell.value = after

    return change


def without_row(number: str, text: str) -> Callable[[Workbook], None]:
    """A change that takes out the row of a sheet that has a text."""

    def change(book: Workbook) -> None:
        sheet = sheet_of(book, number)
        sheet.delete_rows(next(c.row for row in sheet.iter_rows() for c in row if str(c.value) == text))

    return change


def names_swapped(book: Workbook) -> None:
    """Two subjects of table 03 with the name of the other."""
    sheet = sheet_of(book, "03")
    one, other = (next(c.row for c in sheet["A"] if str(c.value) == code) for code in ("2080505", "2080506"))
    sheet.cell(one, 2).value, sheet.cell(other, 2).value = sheet.cell(other, 2).value, sheet.cell(one, 2).value


def no_statistics(book: Workbook) -> None:
    """Table 10 without a figure."""
    for cell in sheet_of(book, "10")["C"][4:]:
        if str(cell.value or "").replace(".", "").isdigit():
            cell.value = None


def classes_only(book: Workbook) -> None:
    """Table 02 without sections and items."""
    sheet = sheet_of(book, "02")
    for number in range(sheet.max_row, 0, -1):
        if len(str(sheet.cell(number, 1).value or "")) in (5, 7) and str(sheet.cell(number, 1).value).isdigit():
            sheet.delete_rows(number)


@pytest.mark.parametrize(
    ("change", "point"),
    [
        (reword("09", "部门名称", f"部门名称：{OTHER}"), "the tables are of different departments"),
        (reword("09", "金额单位", ""), None),
        (without_row("02", "2210201"), "table 02: no subject below 22102 is there"),
        (without_row("05", "22102"), "table 05: the subjects 22102 are not there"),
        (without_row("10", "工程"), "table 10: lines of the form are not there, so the table may be cut off: 工程"),
        (without_row("04", "总计"), "table 04: the line «总计» of the side revenue is not there"),
        (no_statistics, "table 10: no amount was read, and the table does not say that it is empty"),
        (classes_only, "table 02: its subjects have 3 digits at most, those of table 03, 05, 08 7"),
        (names_swapped, "subject 2080505 is «机关事业单位基本养老保险缴费支出» in table 02 and"),
        (reword("06", "基本工资", "津贴补贴"), "table 06: subject 30101 has the name «津贴补贴» of subject 30102"),
    ],
)
def test_what_leaves_every_sum_as_it_is_is_a_point(
    change: Callable[[Workbook], None], point: str | None, workbook: Path, tmp_path: Path
) -> None:
    """Sums hold, and a row, a name or a department is another one; table 09 of the shipped report has no money."""
    found = points(workbook, change, tmp_path)
    assert any(text.startswith(point) for text in found) if point else found == []


def test_a_table_whose_unit_nothing_proves_prints_it(tmp_path: Path) -> None:
    """Table 09 is tied to the others from one side only."""
    rows = report("140405-031-2024")
    path = print_report(rows, tmp_path, "report", Style("workbook"))[0]
    found = points(path, reword("09", "金额单位", ""), tmp_path)
    assert any(text.startswith("table 09: no amount unit is printed above it") for text in found)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("长治市屯留区工业和信息化局", "屯留区工信局", True),
        ("长治市屯留区教育局（本级）", "长治市屯留区教育局", True),
        ("长治市屯留区教育局", "长治市屯留区财政局", False),
    ],
)
def test_a_name_that_is_shortened_is_the_same_department(one: str, other: str, is_same: bool) -> None:
    """Headers of tables shorten what the cover spells out."""
    assert same_department(one, other) is is_same


@pytest.mark.parametrize(
    ("name", "point"),
    [(OTHER, "the title is of"), ("长治市工业和信息化局", "the title is of"), ("屯留区工业和信息化局", None)],
    ids=["another one", "the one above it", "the same, shortened"],
)
def test_tables_of_another_department_than_the_title_are_a_point(
    name: str, point: str | None, workbook: Path, tmp_path: Path
) -> None:
    """As where a department prints the tables of the one above it."""

    def change(book: Workbook) -> None:
        for sheet in book.worksheets[1:]:
            reword(sheet.title[1:3], "部门名称", f"部门名称：{name}")(book)

    found = [text for text in points(workbook, change, tmp_path) if "title" in text]
    assert bool(found) == bool(point)


def test_a_text_that_speaks_of_another_year_is_a_point(workbook: Path, tmp_path: Path) -> None:
    """The cover of one year over the report of another."""

    def change(book: Workbook) -> None:
        for sheet in book.worksheets[1:]:
            reword(sheet.title[1:3], "2023年度", "")(book)
        for text in ("2022年度收入", "2022年度支出"):
            sheet_of(book, "10").append([f"注：{text}"])

    book = load_workbook(workbook)
    change(book)
    book.save(tmp_path / "changed.xlsx")
    document_points = read(tmp_path / "changed.xlsx", GIVEN).open_points()
    assert "report: the year is 2023, and the text speaks more often of 2022" in document_points


def test_years_that_a_text_compares_with_are_not_its_own(workbook: Path, tmp_path: Path) -> None:
    """Every paragraph compares with the year before, and that speaks of no other year."""
    book = load_workbook(workbook)
    for text in (
        "与2022年度相比",
        "比2022年度",
        "同2022年度比较",
        "和2022年度的12.00万元相比",
        "2022年度决算数比较",
    ) * 20:
        sheet_of(book, "10").append([f"注：{text}增加1.00万元"])
    book.save(tmp_path / "changed.xlsx")
    assert not any("speaks more often" in point for point in read(tmp_path / "changed.xlsx", GIVEN).open_points())


def test_a_soft_hyphen_is_the_sign_of_an_amount() -> None:
    """Fonts name their hyphen so; without it a negative amount is a positive one."""
    assert plain("\u00ad1.00") == "-1.00"


class Struck(Printer):
    """Draws a line through each amount."""

    def text(self, x: float, top: float, text: str, size: float | None = None, twice: bool = False) -> None:
        """As any other text, and the line."""
        super().text(x, top, text, size, twice)
        if re.fullmatch(r"\d+\.\d\d", text):
            size = size or self.style.size
            self.line(x - 1, top + size * 0.5, x + width_of(text, size) + 1, top + size * 0.5)


class Hidden(Printer):
    """Draws amounts in the colour of the paper."""

    def text(self, x: float, top: float, text: str, size: float | None = None, twice: bool = False) -> None:
        """As any other text, in white."""
        self.canvas.setFillGray(1 if re.fullmatch(r"\d+\.\d\d", text) else 0)
        super().text(x, top, text, size, twice)


@pytest.mark.slow
@pytest.mark.parametrize(("printer", "doubt"), [(Struck, STRUCK), (Hidden, UNSEEN)])
@pytest.mark.parametrize("ruled", [True, False])
def test_an_amount_that_is_struck_out_or_not_to_be_seen_is_doubtful(
    printer: type[Printer], doubt: str, ruled: bool, tmp_path: Path
) -> None:
    """The text of a PDF says more than its paper shows."""
    style = Style(ruled=ruled)
    printer(tmp_path / "report.pdf", style).report(as_printed(report(), style))
    reading = read(tmp_path / "report.pdf", GIVEN)
    for table in reading.tables:
        if table.table_no in ("01", "02", "03", "04", "05"):
            assert f"{table.amounts} cells: {doubt}" in table.problems


@pytest.mark.slow
@pytest.mark.parametrize("turn", [0, 90])
def test_a_page_of_which_a_part_is_shown_is_read_and_seen_there(turn: int, tmp_path: Path) -> None:
    """Its corner is not where the paper begins."""
    expected = print_pdf(report(), tmp_path / "report.pdf", Style())
    document = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    for page in document:
        page.set_mediabox(-30, -40, 600, 850)
        page.set_cropbox(10, 15, 590, 835)
        page.set_rotation(turn)
    document.save(tmp_path / "part.pdf")
    reading = read(tmp_path / "part.pdf", GIVEN)
    assert reading.open_points() == []
    assert raw_rows(reading)["revenue"] == raw_rows(read(tmp_path / "report.pdf", GIVEN))["revenue"]
    assert len(expected["revenue"]) == len(raw_rows(reading)["revenue"])


def test_one_report_over_which_the_models_break_does_not_end_the_proof_of_the_others(
    workbook: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The number of a row is none."""

    def rows(year: str, row_no: str) -> Rows:
        own = raw_rows(read(workbook, GIVEN | {"fiscal_year": year}))
        own["basic_expenditure"][0]["row_no"] = row_no
        return own

    found = prove({"140405-031-2023": rows("2023", "1"), "140405-031-2022": rows("2022", "一")})
    assert found["140405-031-2023"].proved_amounts > 100
    assert found["140405-031-2022"].contract
    monkeypatch.setattr(proving, "_prove", lambda batch, _: {name: Verdict() for name in batch})
    verdicts = {"a": Verdict(), "b": Verdict(), "c": Verdict()}
    assert (
        proving._without_the_unbuildable({name: {} for name in verdicts}, verdicts, tmp_path).keys() == verdicts.keys()
    )
