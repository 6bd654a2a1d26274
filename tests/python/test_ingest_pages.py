"""What stands on a page of a PDF becomes cells as a person sees it: fonts, fills, notes and stamps change no amount."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from final_accounts.ingest.document.pages import Cell, Grid, Line, Refused
from final_accounts.ingest.document.reading import Reading, read
from final_accounts.ingest.files import pdf
from final_accounts.ingest.files.characters import HIDDEN, OVERLAPPING, UNSAID
from final_accounts.ingest.files.drawn import CROSSING
from final_accounts.ingest.files.ink import UNSEEN
from final_accounts.ingest.files.overlaid import NOTE, UNEVEN
from final_accounts.ingest.layouts import tables
from final_accounts.ingest.tables.find.headings import split_header
from final_accounts.ingest.tables.ruled.columns import read_column_grids
from final_accounts.ingest.tables.ruled.table import ReadTable
from final_accounts.proving.printing.portable import FONT, width_of
from PIL import Image
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

HEAD = [
    "科目编码",
    "科目名称",
    "本年支出合计",
    "基本支出",
    "项目支出",
    "上缴上级支出",
    "经营支出",
    "对附属单位补助支出",
]
ROWS = [
    ["", "合计", "1346.23", "1000.00", "346.23", "", "", ""],
    ["201", "一般公共服务支出", "1346.23", "1000.00", "346.23", "", "", ""],
    ["20106", "财政事务", "1346.23", "1000.00", "346.23", "", "", ""],
    ["2010601", "行政运行", "1346.23", "1000.00", "346.23", "", "", ""],
]
AS_READ = ROWS
EDGES = [40, 110, 260, 340, 420, 500, 580, 660, 780]
TOP, HEIGHT, SIZE = 140.0, 22.0, 9.0
Draw = Callable[[Canvas], None]


class Sheet:
    """A report of a cover and one small table 03, drawn by hand: in points from the top left corner of a page."""

    def __init__(self, path: Path):
        self.path = path
        self.height = landscape(A4)[1]
        self.canvas = Canvas(str(path), pagesize=landscape(A4), invariant=1, pageCompression=0)
        self.figures = FONT

    def text(self, x: float, baseline: float, text: str, size: float = SIZE, font: str = FONT) -> None:
        """A text from x on."""
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, self.height - baseline, text)

    def place(self, row: int, column: int, text: str) -> tuple[float, float]:
        """Where a text of a cell begins: headings are row 0; amounts stand to the right."""
        left, right = EDGES[column], EDGES[column + 1]
        x = right - 4 - stringWidth(text, self.font_of(text), SIZE) if column > 1 and row else left + 4
        return x, TOP + row * HEIGHT + 14

    def font_of(self, text: str) -> str:
        """The font of a text of the table."""
        return self.figures if text[:1].isdigit() else FONT

    def fill(self, box: tuple[float, float, float, float], colour: tuple[float, ...], stroke: int = 0) -> None:
        """A filled box of x0, top, x1, bottom."""
        x0, top, x1, bottom = box
        self.canvas.setFillColorRGB(*colour)
        self.canvas.rect(x0, self.height - bottom, x1 - x0, bottom - top, stroke=stroke, fill=1)
        self.canvas.setFillColorRGB(0, 0, 0)

    def cell(self, row: int, column: int) -> tuple[float, float, float, float]:
        """The box of a cell."""
        top = TOP + row * HEIGHT
        return EDGES[column], top, EDGES[column + 1], top + HEIGHT

    def rules(self) -> None:
        """The rules of the table."""
        bottom = TOP + HEIGHT * (len(ROWS) + 1)
        for x in EDGES:
            self.canvas.line(x, self.height - TOP, x, self.height - bottom)
        for row in range(len(ROWS) + 2):
            y = self.height - TOP - row * HEIGHT
            self.canvas.line(EDGES[0], y, EDGES[-1], y)

    def table(self) -> None:
        """The texts of the table."""
        for r, row in enumerate([HEAD, *ROWS]):
            for c, text in enumerate(row):
                x, baseline = self.place(r, c, text)
                self.text(x, baseline, text, font=self.font_of(text))

    def read(self, below: Draw | None = None, above: Draw | None = None) -> Reading:
        """The report as read; something may be drawn before the table or after it."""
        self.text(200, 100, "长治市屯留区教育局2023年度部门决算", 20)
        self.canvas.showPage()
        self.text(340, 90, "支出决算表", 14)
        self.text(660, 120, "金额单位：万元")
        for draw in (below, lambda _: self.rules(), lambda _: self.table(), above):
            if draw is not None:
                draw(self.canvas)
        self.canvas.save()
        return read(self.path, {})


PLACE = Sheet.place


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    """A report to draw on."""
    return Sheet(tmp_path / "report.pdf")


def cells(reading: Reading) -> list[list[str]]:
    """The rows of the table as read, in the order of its columns."""
    (table,) = reading.tables
    names = ["subject_code", "subject_name", "total", "basic", "project"]
    return [[row[name].text for name in names] + ["", "", ""] for row in table.rows]


def points(reading: Reading) -> list[str]:
    """What a person must look at in the table."""
    return [point for point in reading.open_points() if point.startswith("table 03: ")]


def test_digits_of_another_font_stand_on_the_line_of_their_baseline(tmp_path: Path) -> None:
    """Each font says by itself how far it reaches below the line: here they say a third of a character apart."""
    sheet = Sheet(tmp_path / "report.pdf")
    sheet.figures = "Courier"
    sheet.text(40, 400, "一般公共预算支出")
    sheet.text(40 + width_of("一般公共预算支出", SIZE), 400, "100", font="Courier")
    sheet.text(40 + width_of("一般公共预算支出", SIZE) + 16.2, 400, "万元")
    sheet.read()
    drawn = sheet.path.read_bytes()
    assert b"/Descent -271" in drawn
    sheet.path.write_bytes(drawn.replace(b"/Descent -271", b"/Descent -491"))
    reading = read(sheet.path, {})
    assert "一般公共预算支出100万元" in [part.text for part in reading.document.pages[0].parts]
    assert (reading.report.row["department_name"], cells(reading), points(reading)) == ("长治市屯留区教育局", ROWS, [])


def test_a_code_that_is_wider_than_its_cell_is_whole(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    """In wide digits it reaches over the begin of the name beside it."""
    monkeypatch.setattr(sys.modules[__name__], "EDGES", [40, 90, *EDGES[2:]])
    wide = {"201": "２０１", "20106": "２０１０６", "2010601": "２０１０６０１"}
    monkeypatch.setattr(sys.modules[__name__], "ROWS", [[wide.get(text, text) for text in row] for row in ROWS])
    reading = sheet.read()
    assert (cells(reading), points(reading)) == (AS_READ, [])


def box_of_text(sheet: Sheet, row: int, column: int) -> tuple[float, float, float, float]:
    """The box of a figure, as a word processor highlights it."""
    text = ROWS[row - 1][column]
    x, baseline = sheet.place(row, column, text)
    return x - 1, baseline - 8, x + stringWidth(text, sheet.font_of(text), SIZE) + 1, baseline + 3


YELLOW, GREY = (1.0, 1.0, 0.4), (0.75, 0.75, 0.75)
FILLS = {
    "one figure": lambda sheet: sheet.fill(box_of_text(sheet, 1, 4), YELLOW),
    "all figures": lambda sheet: [
        sheet.fill(box_of_text(sheet, r, c), YELLOW) for r in (1, 2, 3, 4) for c in (2, 3, 4)
    ],
    "one digit": lambda sheet: sheet.fill((488, 150, 492.5, 161), YELLOW),
    "outlined in its own colour": lambda sheet: [
        sheet.canvas.setStrokeColorRGB(*YELLOW),
        sheet.fill(box_of_text(sheet, 1, 4), YELLOW, stroke=1),
        sheet.canvas.setStrokeColorRGB(0, 0, 0),
    ],
    "cells and their lines": lambda sheet: [
        sheet.fill((x0 + inset, top + inset, x1 - inset, bottom - inset), GREY)
        for c in range(8)
        for inset in (0.5, 5)
        for x0, top, x1, bottom in [sheet.cell(1, c)]
    ],
    "every other row": lambda sheet: [
        sheet.fill((EDGES[0], TOP + r * HEIGHT, EDGES[-1], TOP + (r + 1) * HEIGHT), GREY) for r in (1, 3)
    ],
    "around the table": lambda sheet: sheet.fill((30, 130, 790, 260), GREY),
}


@pytest.mark.parametrize("fill", FILLS)
def test_what_is_filled_is_no_rule(fill: str, sheet: Sheet) -> None:
    """A shade or highlight parts no cells, whatever it stands behind."""
    reading = sheet.read(below=lambda _: FILLS[fill](sheet))
    assert (cells(reading), points(reading)) == (ROWS, [])


def test_thin_filled_boxes_are_rules(sheet: Sheet) -> None:
    """Word processors draw the rules of a table so, some of them thick."""

    def rules() -> None:
        bottom = TOP + HEIGHT * (len(ROWS) + 1)
        for x in EDGES:
            sheet.fill((x - 0.25, TOP, x + 0.25, bottom), (0, 0, 0))
        for row in range(len(ROWS) + 2):
            thick = 1.5 if row in (0, len(ROWS) + 1) else 0.25
            sheet.fill((EDGES[0], TOP + row * HEIGHT - thick, EDGES[-1], TOP + row * HEIGHT + thick), (0, 0, 0))

    sheet.rules = rules
    reading = sheet.read()
    assert (cells(reading), points(reading)) == (ROWS, [])


def test_the_edge_of_a_highlight_strikes_no_figure_out(sheet: Sheet) -> None:
    """One that begins in the middle of the figures behind it."""
    x0, top, x1, bottom = box_of_text(sheet, 1, 4)
    reading = sheet.read(below=lambda _: sheet.fill((x0, (top + bottom) / 2, x1, bottom), YELLOW))
    assert points(reading) == []


@pytest.mark.parametrize(
    ("numbers", "amounts"),
    [
        ("123", ["1346.23", "1000.00", "346.23"]),
        ("", ["1346.23", "1000.00", "346.23"]),
        ("123", ["1346", "1000", "346"]),
        ("", ["1346", "1000", "346"]),
        ("123", ["", "", ""]),
    ],
)
def test_headings_of_codes_may_reach_down_beside_the_total(numbers: str, amounts: list[str]) -> None:
    """类, 款 and 项 over the height of 栏次 and 合计, as the ministry draws the form."""
    codes, name, total = [Cell(text, 2) for text in ("类", "款", "项")], Cell("科目名称", 2), Cell("合计", 2)
    columns = [Cell(text, 2) for text in ("本年支出合计", "基本支出", "项目支出")]
    above = [Cell("项目", 2)] * 4 + columns
    rows = [[*codes, Cell("栏次", 2), *(Cell(text, 2) for text in numbers)]] if numbers else []
    rows.append([*codes, total, *(Cell(text, 2) for text in amounts)])
    grid = Grid(2, None, [above, [Cell("科目编码", 2)] * 3 + [name, *columns], *rows])
    assert split_header(grid, tables()["03"]) == len(grid.slots) - 1


AMOUNTS = "500.00 500.00 0.00 0.00 0.00 0.00 0.00"
TEXT = f"""长治市屯留区教育局2023年度部门决算
收入决算表
单位：万元
项目
本年收入合计 财政拨款收入 上级补助收入 事业收入 经营收入 附属单位上缴收入 其他收入
功能分类科目编码 科目名称
TOTAL
201 一般公共服务支出 {AMOUNTS}
20103 政府办公厅（室）及相关机构事务 {AMOUNTS}
2010301 行政运行 {AMOUNTS}
注：本表反映部门本年度取得的各项收入情况。
"""


@pytest.mark.parametrize(
    "total",
    [
        "类 款 项 合计",
        "类款项 合 计",
        "类\n款\n项 合计",
        "类 款 项合计",
        "栏次 1 2 3 4 5 6 7\n类 款 项 合计",
        "类 款 项 栏次 1 2 3 4 5 6 7\n合计",
        "功能分类科目编码 合计",
    ],
)
def test_headings_of_codes_beside_the_total_are_no_part_of_its_row(total: str, tmp_path: Path) -> None:
    """In running text they come before the total, on its line."""
    path = tmp_path / "report.txt"
    path.write_text(TEXT.replace("TOTAL", f"{total} {AMOUNTS}"))
    (table,) = read(path, {}).tables
    shown = [" ".join(row[name].text for name in tables()["02"].columns) for row in table.rows]
    assert (shown, table.rows[0]["subject_name"].text, table.problems) == ([AMOUNTS] * 4, "合计", [])


def slanted(sheet: Sheet, text: str, angle: float, size: float, colour: tuple[float, ...] = (0.8, 0.8, 0.8)) -> None:
    """A text across the table."""
    canvas = sheet.canvas
    canvas.saveState()
    canvas.setFillColorRGB(*colour)
    canvas.setFont(FONT, size)
    canvas.translate(300, sheet.height - 250)
    canvas.rotate(angle)
    canvas.drawString(0, 0, text)
    canvas.restoreState()


def seal(sheet: Sheet) -> None:
    """Letters around a circle, the topmost of them level, and a line of level ones inside."""
    canvas = sheet.canvas
    canvas.saveState()
    canvas.setFillColorRGB(1, 0, 0)
    canvas.setFont(FONT, 12)
    for n, letter in enumerate("长治市屯留区教育局"):
        canvas.saveState()
        canvas.translate(430, sheet.height - 200)
        canvas.rotate(120 - 30 * n)
        canvas.drawString(-6, 40, letter)
        canvas.restoreState()
    canvas.drawString(400, sheet.height - 225, "财务章")
    canvas.restoreState()


OVERLAYS = {
    "at 45 degrees": lambda sheet: slanted(sheet, "仅供内部使用", 45, 40),
    "at 20 degrees, small": lambda sheet: slanted(sheet, "草稿2024", 20, 12),
    "level": lambda sheet: slanted(sheet, "内部使用", 0, 60),
    "level, of digits": lambda sheet: slanted(sheet, "2024", 0, 60),
    "level, dark": lambda sheet: slanted(sheet, "内部", 0, 60, (0.4, 0.4, 0.4)),
    "level, small and pale": lambda sheet: slanted(sheet, "内部使用", 0, 16),
    "seal": seal,
}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_watermarks_and_seals_below_a_table_are_no_part_of_it(overlay: str, sheet: Sheet) -> None:
    """They are set at a slant, or large, or pale, and lie across the table."""
    reading = sheet.read(below=lambda _: OVERLAYS[overlay](sheet))
    assert (cells(reading), points(reading)) == (ROWS, [])


def test_a_figure_that_a_watermark_hides_is_read_and_doubted(sheet: Sheet) -> None:
    """Nobody can see whether it is what the text says."""
    x0, _, _, bottom = box_of_text(sheet, 1, 4)

    def cover(canvas: Canvas) -> None:
        canvas.setFillColorRGB(0.8, 0.8, 0.8)
        canvas.setFont(FONT, 200)
        canvas.drawString(x0 - 80, sheet.height - bottom - 60, "■")

    reading = sheet.read(above=cover)
    assert cells(reading) == ROWS
    assert [point.endswith(UNSEEN) for point in points(reading)] == [True]


def test_red_figures_and_large_titles_are_no_watermark(sheet: Sheet) -> None:
    """A colour or a size alone says nothing; these lie across nothing."""
    sheet.table = lambda: [
        sheet.canvas.setFillColorRGB(0.6, 0.6, 0.6),
        Sheet.table(sheet),
        sheet.canvas.setFillColorRGB(1, 0, 0),
        sheet.text(EDGES[5] + 4, sheet.place(2, 5, "")[1], "9.99"),
        sheet.canvas.setFillColorRGB(0, 0, 0),
        sheet.text(100, 500, "一个大标题", 30),
        sheet.text(300, 40, "另一个"),
    ]
    reading = sheet.read()
    assert reading.tables[0].rows[1]["superior_remittance"].text == "9.99"
    assert "一个大标题" in [part.text for part in reading.document.pages[1].parts if isinstance(part, Line)]


@pytest.mark.parametrize("rules", [True, False], ids=["ruled", "not ruled"])
@pytest.mark.parametrize(("mark", "rise"), [("1", 3.5), ("12", 4.5), ("*", 4)])
def test_the_mark_of_a_note_is_no_digit_of_a_figure(mark: str, rise: float, rules: bool, sheet: Sheet) -> None:
    """A small digit above the line, behind a figure."""
    _, _, x1, _ = box_of_text(sheet, 1, 4)
    if not rules:
        sheet.rules = lambda: None
    reading = sheet.read(above=lambda _: sheet.text(x1 - 0.5, sheet.place(1, 4, "")[1] - rise, mark, 5.4))
    shown = [cell.text for row in reading.tables[0].rows[:1] for cell in row.values()]
    assert "346.23" in shown
    assert [point for point in points(reading) if NOTE.format(mark) in point]


def test_a_mark_of_a_note_that_only_the_text_state_raises_is_told(sheet: Sheet) -> None:
    """The rise of a text is not in its place."""
    _, _, x1, _ = box_of_text(sheet, 1, 4)

    def raised(canvas: Canvas) -> None:
        text = canvas.beginText(x1 - 0.5, sheet.height - sheet.place(1, 4, "")[1])
        text.setFont(FONT, 5.4)
        text.setRise(3.5)
        text.textOut("1")
        canvas.drawText(text)

    reading = sheet.read(above=raised)
    assert (cells(reading), points(reading)) == (ROWS, [f"table 03: 1 cells: {NOTE.format(1)}"])


def test_a_small_digit_on_the_line_is_doubted(sheet: Sheet) -> None:
    """It may be one of the figure."""
    _, _, x1, _ = box_of_text(sheet, 1, 4)
    reading = sheet.read(above=lambda _: sheet.text(x1 - 0.5, sheet.place(1, 4, "")[1], "1", 5.4))
    assert points(reading) == [f"table 03: 1 cells: {UNEVEN.format(1)}"]


@pytest.mark.parametrize("behind", [True, False], ids=["behind", "before"])
def test_a_digit_that_is_not_to_be_seen_beside_a_figure_is_left_out(behind: bool, sheet: Sheet) -> None:
    """White on white, before a figure or behind it."""
    x0, _, x1, _ = box_of_text(sheet, 1, 4)

    def white(canvas: Canvas) -> None:
        canvas.setFillColorRGB(1, 1, 1)
        sheet.text(x1 - 1 if behind else x0 + 1 - stringWidth("1", FONT, SIZE), sheet.place(1, 4, "")[1], "1")
        canvas.setFillColorRGB(0, 0, 0)

    reading = sheet.read(above=white)
    assert (cells(reading), points(reading)) == (ROWS, [f"table 03: 1 cells: {HIDDEN.format(1)}"])


def test_a_figure_in_white_on_a_dark_shade_is_seen(sheet: Sheet) -> None:
    """The heading and the total of some tables."""
    sheet.table = lambda: [sheet.canvas.setFillColorRGB(1, 1, 1), Sheet.table(sheet)]
    reading = sheet.read(below=lambda _: sheet.fill((EDGES[0], TOP, EDGES[-1], TOP + 5 * HEIGHT), (0.1, 0.2, 0.5)))
    assert (cells(reading), points(reading)) == (ROWS, [])


def test_a_figure_below_a_cover_is_doubted(sheet: Sheet) -> None:
    """A white box, and nothing on it."""
    reading = sheet.read(above=lambda _: sheet.fill(box_of_text(sheet, 1, 4), (1, 1, 1)))
    assert (cells(reading), points(reading)) == (ROWS, [f"table 03: 1 cells: {UNSEEN}"])


def test_a_figure_over_another_one_is_doubted(sheet: Sheet) -> None:
    """One that was covered, and the one on the cover: the text has both."""

    def mended(_: Canvas) -> None:
        sheet.fill(box_of_text(sheet, 1, 4), (1, 1, 1))
        sheet.text(*sheet.place(1, 4, "999.99"), "999.99")

    assert f"table 03: 1 cells: {OVERLAPPING}" in points(sheet.read(above=mended))


@pytest.mark.parametrize("size", [5.5, 6.5])
def test_a_cell_with_smaller_figures_has_no_note(size: float, sheet: Sheet) -> None:
    """Spreadsheets shrink what does not fit, so that it stands close to the figure in the cell beside it."""
    place = EDGES[5] + 0.5, sheet.place(1, 5, "")[1] - 0.4 * (SIZE - size)

    def table() -> None:
        Sheet.table(sheet)
        sheet.text(*place, "12", size)

    sheet.place = lambda row, column, text: (
        EDGES[5] - 0.5 - stringWidth(text, FONT, SIZE)
        if (row, column) == (1, 4)
        else PLACE(sheet, row, column, text)[0],
        TOP + row * HEIGHT + 14,
    )
    sheet.table = table
    reading = sheet.read()
    row = reading.tables[0].rows[0]
    assert (row["project"].text, row["superior_remittance"].text, points(reading)) == ("346.23", "12", [])


def test_invisible_text_is_doubted(sheet: Sheet) -> None:
    """Text render mode 3, as programs lay it over pictures."""
    sheet.text = lambda x, baseline, text, size=SIZE, font=FONT: invisible(sheet, x, baseline, text, size, font)
    reading = sheet.read()
    assert points(reading) == [f"table 03: 12 cells: {UNSEEN}"]


def invisible(sheet: Sheet, x: float, baseline: float, text: str, size: float, font: str) -> None:
    """Figures that are not drawn, and everything else."""
    drawn = sheet.canvas.beginText(x, sheet.height - baseline)
    drawn.setFont(font, size)
    drawn.setTextRenderMode(3 if "." in text else 0)
    drawn.textOut(text)
    sheet.canvas.drawText(drawn)


def test_fonts_that_do_not_say_their_characters_are_the_reason_of_a_refusal(
    sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that prints without maps to Unicode: numbers of glyphs are all that the text has."""
    monkeypatch.setattr(pdf, "can_read", lambda: False)
    sheet.read()
    sheet.path.write_bytes(sheet.path.read_bytes().replace(b"(GB1)", b"(XX1)"))
    with pytest.raises(Refused, match="its fonts do not say which characters they draw"):
        read(sheet.path, {})


def test_a_figure_in_such_a_font_is_no_amount_and_said(sheet: Sheet) -> None:
    """The rest of the page can be read."""
    pdfmetrics.registerFont(UnicodeCIDFont("MSung-Light"))
    sheet.font_of = lambda text: "MSung-Light" if text == "1000.00" else FONT
    sheet.read()
    sheet.path.write_bytes(sheet.path.read_bytes().replace(b"(CNS1)", b"(XXX1)"))
    reading = read(sheet.path, {})
    lost = UNSAID * len("1000.00")
    assert cells(reading) == [[lost if text == "1000.00" else text for text in row] for row in ROWS]
    assert points(reading) == [f"table 03: page 2: «{lost}» is no amount"] * 4
    assert "page 2: 28 characters of fonts that do not say which ones they draw were not read" in reading.open_points()


@pytest.mark.parametrize("kind", ["note", "field"])
def test_notes_and_form_fields_are_named_and_not_read(kind: str, sheet: Sheet) -> None:
    """Each viewer shows them; the text of the page has them not."""

    def note(canvas: Canvas) -> None:
        if kind == "note":
            canvas.freeTextAnnotation("1346.23", DA="/Helv 9 Tf 0 g", Rect=(270, 400, 330, 412))
        else:
            canvas.acroForm.textfield(name="total", value="1346.23", x=270, y=400, width=60, height=12, fontSize=9)

    points = sheet.read(above=note).open_points()
    assert "page 2 shows notes or form fields, which were not read: «1346.23»" in points


def test_fields_that_nobody_filled_in_and_links_are_no_doubt(sheet: Sheet) -> None:
    """They show nothing."""

    def empty(canvas: Canvas) -> None:
        canvas.acroForm.textfield(name="total", value="", x=270, y=400, width=60, height=12, fontSize=9)
        canvas.linkURL("https://example.org", (270, 400, 330, 412))

    assert not [point for point in sheet.read(above=empty).open_points() if "notes" in point]


@pytest.mark.parametrize(("text", "is_said"), [("", True), ("这是图片上面的文字", False)])
def test_a_picture_where_a_table_may_be_is_named(
    text: str, is_said: bool, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody can look at it; a picture behind a text is none."""
    monkeypatch.setattr(pdf, "can_read", lambda: False)

    def picture(canvas: Canvas) -> None:
        canvas.drawInlineImage(Image.new("RGB", (40, 20), (200, 220, 240)), 40, 40, 700, 200)
        sheet.text(100, sheet.height - 100, text)

    points = sheet.read(above=picture).open_points()
    assert ("page 2 shows a picture, and what is on it was not read" in points) is is_said


def test_headings_that_the_page_end_cuts_go_on_on_the_next_page() -> None:
    """The rest of the heading of the codes, beside the numbers of the columns, begins no other table."""
    names = ["上年结转和结余", "本年收入", "合计", "基本支出", "项目支出", "年末结转和结余"]
    above = ["项目", "项目", *names[:2], *["本年支出"] * 3, names[5]]
    first = [above, ["支出功能分类", "科目名称", *names]]
    rest = [["科目编码", "", *[""] * 6], ["类款项", "栏次", *"123456"]]
    figures = ["1.00", "2.00", "3.00", "1.00", "2.00", "0.00"]
    rows = [["类款项", "合计", *figures], ["229", "其他支出", *figures]]
    grids = [
        Grid(n, None, [[Cell(text, n) for text in row] for row in own]) for n, own in ((1, first), (2, rest + rows))
    ]
    result = ReadTable("07", "", [1, 2])
    read_column_grids(result, tables()["07"], grids)
    amounts = [[row[name].text for name in tables()["07"].columns] for row in result.rows]
    assert amounts == [figures] * 2
    assert [row["subject_code"].text for row in result.rows] == ["", "229"]


@pytest.mark.parametrize("overhang", [2.0, 4.5, 9.0])
def test_a_figure_that_is_wider_than_its_cell_is_doubted(overhang: float, sheet: Sheet) -> None:
    """It is parted where the rule is, and an end of it stands in the cell beside it."""
    sheet.place = lambda row, column, text: (
        EDGES[5] + overhang - stringWidth(text, FONT, SIZE)
        if (row, column) == (1, 4)
        else PLACE(sheet, row, column, text)[0],
        TOP + row * HEIGHT + 14,
    )
    assert [point for point in points(sheet.read()) if point.endswith(CROSSING)]


def test_a_figure_that_leaves_its_table_is_doubted(sheet: Sheet) -> None:
    """Its last digits stand in no cell."""
    reading = sheet.read(above=lambda _: sheet.text(EDGES[-1] - 13.5, PLACE(sheet, 1, 5, "")[1], "12345"))
    assert f"table 03: 1 cells: {CROSSING}" in points(reading)


@pytest.mark.parametrize("padding", [0.0, 0.7])
def test_figures_that_fill_their_cells_are_no_doubt(padding: float, sheet: Sheet) -> None:
    """They end at the rule, and those beside them begin behind it."""

    def beside(_: Canvas) -> None:
        sheet.text(EDGES[5] + 0.7, PLACE(sheet, 1, 5, "")[1], "9.99")

    sheet.place = lambda row, column, text: (
        EDGES[5] - padding - stringWidth(text, FONT, SIZE)
        if (row, column) == (1, 4)
        else PLACE(sheet, row, column, text)[0],
        TOP + row * HEIGHT + 14,
    )
    assert points(sheet.read(above=beside)) == []
