"""Pages that are pictures: what is seen on them, what identities say of it, and what is said where nobody can look."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pdfplumber
import pypdfium2
import pytest
from final_accounts.ingest import limits, scans
from final_accounts.ingest.batch import PROVED, TO_REVIEW, Result, choose_readings, judge
from final_accounts.ingest.document.pages import Box, Cell, Grid, Line, Refused, Seen, Word
from final_accounts.ingest.document.reading import _settle_code, _together, read
from final_accounts.ingest.files import pdf
from final_accounts.ingest.limits import Task, allow
from final_accounts.ingest.proof import CellVerdict, Verdict
from final_accounts.ingest.read_cells import ReadCell
from final_accounts.ingest.scans.vocabulary import mend, mended
from final_accounts.ingest.scans.wording import worded
from final_accounts.ingest.tables.ruled.table import ReadTable
from final_accounts.proving.printing.scanner import CLEAN, DEGRADED, scanned
from final_accounts.warehouse.paths import TOP
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas
from test_ingest_pages import ROWS, Sheet, cells

looks = pytest.mark.skipif(not scans.can_read(), reason="what reads pictures is not installed: scripts/setup scan")
has_fonts = pytest.mark.skipif(
    not shutil.which("fc-list")
    or not subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout.strip(),
    reason="no Chinese font is installed that a page could be drawn with",
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of a cover and a table, with text."""
    sheet = Sheet(tmp_path_factory.mktemp("scan") / "report.pdf")
    sheet.read()
    return sheet.path


def pages(path: Path, *files: tuple[Path, int, int]) -> Path:
    """A PDF of pages of others: the file, the page, and by how many degrees it is turned."""
    document = pypdfium2.PdfDocument.new()
    for file, page, quarter in files:
        document.import_pages(pypdfium2.PdfDocument(file), [page])
        own = document[len(document) - 1]
        own.set_rotation(quarter)
    document.save(path)
    return path


@looks
@has_fonts
@pytest.mark.parametrize("quality", [CLEAN, DEGRADED])
def test_a_scan_is_read_as_the_text_is(quality: str, report: Path) -> None:
    """Both pages are pictures, one of them askew."""
    reading = read(scanned(report, quality, seed=3), {})
    assert cells(reading) == ROWS
    amounts = [row[name] for row in reading.tables[0].rows for name in ("total", "basic", "project")]
    assert all(cell.seen and cell.seen.is_twice for cell in amounts)
    assert reading.report.row["department_name"] == "长治市屯留区教育局"


@looks
@has_fonts
def test_a_document_of_text_and_pictures_is_read_page_by_page(report: Path, tmp_path: Path) -> None:
    """The cover has text; the page of the table is a picture that lies on its side."""
    picture = scanned(report, CLEAN, seed=3)
    reading = read(pages(tmp_path / "mixed.pdf", (report, 0, 0), (picture, 1, 90)), {})
    assert cells(reading) == ROWS
    assert reading.document.turned == {2: 270}


@looks
@has_fonts
def test_what_a_scanner_believes_to_be_on_its_picture_is_not_taken(report: Path, tmp_path: Path) -> None:
    """Invisible text of a page that is a picture: other figures than are to be seen."""
    path = tmp_path / "believed.pdf"
    canvas = Canvas(str(path), pagesize=landscape(A4))
    for drawn in pypdfium2.PdfDocument(report):
        canvas.drawInlineImage(drawn.render(scale=200 / 72).to_pil(), 0, 0, *landscape(A4))
        believed = canvas.beginText(60, 400)
        believed.setFont("STSong-Light", 9)
        believed.setTextRenderMode(3)
        for _ in range(9):
            believed.textLine("2010601 行政运行 9999.99 9999.99")
        canvas.drawText(believed)
        canvas.showPage()
    canvas.save()
    assert cells(read(path, {})) == ROWS


@looks
def test_a_text_that_says_nothing_is_looked_at(report: Path, tmp_path: Path) -> None:
    """Fonts without maps to Unicode: numbers of glyphs are all that the text has."""
    from final_accounts.ingest.scans.pictures import is_picture

    path = tmp_path / "silent.pdf"
    path.write_bytes(report.read_bytes().replace(b"(GB1)", b"(XX1)"))
    for own, expected in (report, False), (path, True):
        with pdfplumber.open(own) as text, pypdfium2.PdfDocument(own) as drawn:
            assert is_picture(text.pages[1], drawn[1]) is expected


def test_where_nobody_can_look_the_one_command_is_named(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The packages are a group of their own."""
    monkeypatch.setattr(pdf, "can_read", lambda: False)
    with pytest.raises(Refused, match=r"^no text layer: .*; scripts/setup scan installs what reads them"):
        read(scanned(report, CLEAN, seed=1), {})


def test_the_command_that_is_named_says_what_it_does() -> None:
    """scripts/setup installs a group that it is given, and nothing without one."""
    for arguments, status in (["--help"], 0), ([], 2):
        found = subprocess.run([TOP / "scripts/setup", *arguments], capture_output=True, text=True, check=False)
        assert found.returncode == status
        assert "scripts/setup scan" in found.stdout + found.stderr


def page(turn: float = 0.0) -> np.ndarray:
    """A picture of a small table with a level 一 in a cell, turned by some degrees."""
    image = Image.new("L", (900, 700), 255)
    draw = ImageDraw.Draw(image)
    for x in (100, 300, 500, 800):
        draw.line((x, 100, x, 500), fill=0, width=3)
    for y in range(100, 501, 50):
        draw.line((100, y, 800, y), fill=0, width=3)
    for y in range(115, 480, 50):
        draw.line((110, y + 10, 135, y + 10), fill=0, width=3)
        draw.text((420, y), "1234.56", fill=0)
    return np.asarray(image.rotate(turn, Image.Resampling.BICUBIC, fillcolor=255))


@looks
@pytest.mark.parametrize("turn", [0.0, 0.6, -1.7])
def test_rules_are_found_on_a_page_that_is_askew(turn: float) -> None:
    """Each by its place; a stroke of a character is none."""
    from final_accounts.ingest.scans.geometry import on_white_paper, rules_of, skew_of, turned

    picture = page(turn)
    angle = skew_of(picture)
    assert angle == pytest.approx(-turn, abs=0.06)
    rules, rest = rules_of(on_white_paper(turned(picture, angle)))
    assert sorted(round(rule.at) for rule in rules if not rule.is_level) == pytest.approx([100, 300, 500, 800], abs=3)
    assert sorted(round(rule.at) for rule in rules if rule.is_level) == pytest.approx(range(100, 501, 50), abs=3)
    assert (rest[121:129, 110:135] < 128).any()


@looks
def test_a_long_dash_is_no_rule_and_a_short_rule_is_one() -> None:
    """Both stand between two rules of a cell; the dash ends before them."""
    from final_accounts.ingest.scans.geometry import on_white_paper, rules_of

    image = Image.fromarray(page())
    draw = ImageDraw.Draw(image)
    draw.line((306, 225, 494, 225), fill=0, width=2)
    draw.line((300, 325, 500, 325), fill=0, width=2)
    rules, _ = rules_of(on_white_paper(np.asarray(image)))
    between = [round(rule.at) for rule in rules if rule.is_level and rule.length < 300]
    assert between == pytest.approx([325], abs=3)


@looks
def test_a_stroke_of_a_character_above_a_table_is_no_part_of_its_rule() -> None:
    """The line above the table stands close to it."""
    from final_accounts.ingest.scans.geometry import on_white_paper, rules_of

    image = Image.fromarray(page())
    ImageDraw.Draw(image).line((300, 76, 300, 100), fill=0, width=3)
    rules, _ = rules_of(on_white_paper(np.asarray(image)))
    assert [rule.start for rule in rules if not rule.is_level] == pytest.approx([100] * 4, abs=3)


@looks
def test_the_paper_is_white_however_the_light_fell() -> None:
    """A shade over the page is no ink."""
    from final_accounts.ingest.scans.geometry import INK, on_white_paper

    shade = np.linspace(255, 120, 900)[None, :] * np.ones((700, 1))
    picture = (page() * (shade / 255)).astype(np.uint8)
    white = on_white_paper(picture)
    assert ((white < INK) == (page() < INK)).mean() > 0.99


@looks
def test_a_seal_across_a_figure_is_taken_off() -> None:
    """It is red and large; what is small and red is text."""
    from final_accounts.ingest.scans.geometry import grey_without_seals

    image = Image.fromarray(page()).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.ellipse((380, 130, 620, 370), outline=(230, 20, 30), width=8)
    draw.text((150, 30), "12.00", fill=(200, 0, 0))
    grey = grey_without_seals(np.asarray(image)[:, :, ::-1].copy())
    assert (grey[130:370, 380:620] > 128).mean() > (page()[130:370, 380:620] > 128).mean() - 0.01
    assert (grey[30:45, 150:200] < 128).any()


@looks
def test_ink_that_a_model_left_out_belongs_to_the_line_beside_it() -> None:
    """A lost 一 in a label is a label still; what stands in the next cell is none of its."""
    from final_accounts.ingest.scans.geometry import Rule
    from final_accounts.ingest.scans.lettering import spans_of

    white = np.full((100, 400), 255, np.uint8)
    white[48:51, 20:40] = 0  # 一
    white[40:60, 60:160] = 0  # what was found
    white[48:51, 190:210] = 0  # in the next cell
    spans, _ = spans_of(white, [(55, 35, 165, 65)], [Rule(False, 175, 0, 100)])
    first, second = sorted(spans, key=lambda span: span.x0)
    assert (first.x0, first.x1, second.x0) == (20, 160, 190)


@looks
def test_a_speck_beside_a_figure_is_no_text() -> None:
    """It stands apart in what a model took for one line; a short dash is text."""
    from final_accounts.ingest.scans.lettering import spans_of

    white = np.full((100, 400), 255, np.uint8)
    white[40:56, 20:80] = 0  # a figure
    white[50:54, 120:124] = 0  # a speck
    white[48:51, 160:167] = 0  # a dash of eight points
    spans, _ = spans_of(white, [(15, 35, 175, 60)], [])
    assert [(span.x0, span.x1) for span in spans] == [(20, 80), (160, 167)]


@looks
def test_a_dash_among_specks_is_a_dash() -> None:
    """What stands above and below it makes it no character; a figure with what is left of a rule stays one."""
    from final_accounts.ingest.scans.dirt import dash_of, without_specks
    from final_accounts.ingest.scans.lettering import Span

    ink = np.zeros((40, 60), bool)
    ink[18:21, 10:35] = True
    ink[8:11, 20:23] = ink[28:30, 30:33] = True
    span = Span(10, 8, 35, 30)
    assert dash_of(without_specks(span, ink), 25) == "—"
    figure = np.zeros((40, 60), bool)
    figure[10:26, 20:23] = figure[28:30, 10:35] = True
    assert not dash_of(without_specks(Span(10, 10, 35, 30), figure), 25)


@looks
def test_specks_side_by_side_are_no_line() -> None:
    """None of them is text; beside text they may be signs of it."""
    from final_accounts.ingest.scans.lettering import spans_of

    white = np.full((100, 400), 255, np.uint8)
    white[40:56, 20:80] = 0
    for x0 in (200, 215, 230):
        white[48:51, x0 : x0 + 4] = 0
    spans, _ = spans_of(white, [(15, 35, 85, 60)], [])
    assert [(span.x0, span.x1) for span in spans] == [(20, 80)]


@looks
def test_a_small_figure_beside_large_text_is_text() -> None:
    """A digit of six points on a page of headings."""
    from final_accounts.ingest.scans.lettering import spans_of

    white = np.full((300, 400), 255, np.uint8)
    boxes = [(20, 12 + 80 * n, 380, 68 + 80 * n) for n in range(3)]
    for x0, top, x1, bottom in boxes:
        white[top + 5 : bottom - 5, x0 : x1 - 100] = 0
    white[34:45, 360:366] = 0
    spans, _ = spans_of(white, boxes, [])
    assert (360, 366) in [(span.x0, span.x1) for span in spans]


@looks
@pytest.mark.parametrize(("wide", "high", "text"), [(7, 2, True), (6, 3, True), (4, 2, False), (6, 5, False)])
def test_a_hyphen_of_the_smallest_print_is_text_and_a_speck_is_none(wide: int, high: int, text: bool) -> None:
    """At 200 dots an inch the hyphen of eight points is a third as high as its line, and its cell is not blank."""
    from final_accounts.ingest.scans.lettering import Span, is_text

    assert is_text(Span(0, 0, wide, high), 21) == text


@looks
@pytest.mark.parametrize(("wide", "high", "dash"), [(8, 3, "-"), (20, 3, "—"), (5, 4, ""), (20, 12, "")])
def test_a_flat_piece_of_ink_by_itself_is_a_dash(wide: int, high: int, dash: str) -> None:
    """Beside text of 25 pixels; what is as high as it is wide is a speck or a character."""
    from final_accounts.ingest.scans.dirt import dash_of
    from final_accounts.ingest.scans.lettering import Span

    assert dash_of(Span(0, 0, wide, high), 25) == dash


@looks
def test_a_thin_stroke_that_is_pale_is_ink() -> None:
    """The 一 of a bad scan: hardly one of its pixels is dark by itself. Pale noise is none."""
    from final_accounts.ingest.scans.lettering import spans_of

    white = np.full((100, 400), 255, np.uint8)
    white[48:50, 40:60] = 199  # 一
    white[40:60, 66:160] = 0
    white[::7, 200:] = 215  # noise
    spans, _ = spans_of(white, [(35, 35, 165, 65), (200, 35, 300, 65)], [])
    assert [(span.x0, span.x1) for span in spans] == [(40, 160)]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("1419.06.", "1419.06"),
        ("903,93", "903.93"),
        ("1,419.06", "1,419.06"),
        ("0.0]", "0.01"),
        ("2376:73", "2376.73"),
        ("I", "1"),
        ("因公出国(境)费", "因公出国（境）费"),
        ("部门名称:教育局", "部门名称：教育局"),
        ("15.16%;", "15.16%；"),
        ("行政运行（项）o主要用于", "行政运行（项）。主要用于"),
        ("SHA-256", "SHA-256"),
        ("2023年度", "2023年度"),
    ],
)
def test_a_line_says_what_a_report_prints(read: str, meant: str) -> None:
    """Signs that no figure has are those that look like them."""
    assert worded(read) == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("支出決算表", "支出决算表"),
        ("般公共预算财政拨款收入", "一般公共预算财政拨款收入"),
        # a title that is no word of the form here
        ("般公共预算财政拨款基本支出决算表", "一般公共预算财政拨款基本支出决算表"),
        ("一般公共服务支出", "一般公共服务支出"),
        ("房屋建筑物购建", "房屋建筑物购建"),
        ("二、政府性基金预算财政拨款收人", "二、政府性基金预算财政拨款收入"),
        ("部内名称：教育局", "部门名称：教育局"),
        ("行政运行", "行政运行"),
        ("资本性支出（基本建设)", "资本性支出（基本建设）"),
        ("本年收入合计", "本年收入合计"),
        ("休费", "休费"),
        ("1000.00", "1000.00"),
    ],
)
def test_words_of_the_forms_are_mended_and_others_are_not(read: str, meant: str) -> None:
    """One character away from one word of the forms is that word; between two it is neither."""
    assert mended(read) == meant


@pytest.mark.parametrize("lost", ["、卫生健康支出", "八、卫生健康支出"])
def test_lost_numerals_and_codes_come_from_their_neighbours(lost: str) -> None:
    """A numeral from those above and below, an economic code from its name; a code that is one stays."""
    labels = ["八、社会保障和就业支出", lost, "十、节能环保支出"]
    rows = [
        [label, code, name]
        for label, (code, name) in zip(
            labels, [("0101", "基本工资"), ("30102", "基本工资"), ("01", "住房公积金")], strict=True
        )
    ]
    grid = Grid(1, Box(0, 0, 9, 9), [[Cell(text, 1) for text in row] for row in rows])
    mend([grid])
    assert [row[0].text for row in grid.slots] == ["八、社会保障和就业支出", "九、卫生健康支出", "十、节能环保支出"]
    # the last part of a functional code in three columns is no economic code that was misread
    assert [row[1].text for row in grid.slots] == ["30101", "30102", "01"]


@looks
@pytest.mark.parametrize(
    ("text", "again", "first"),
    [("H1", "11", "11"), ("11", "H1", "11"), ("12.84", "12.34", "12.84"), ("A类", "12", "A类"), ("PM2.5", "", "PM2.5")],
)
def test_of_two_readings_the_one_without_a_letter_is_the_figure(text: str, again: str, first: str) -> None:
    """It is still one reading of two: nothing is said to be seen twice."""
    from final_accounts.ingest.scans.page import _figure_first

    assert _figure_first(text, again) == (first, text if first == again else again)


@pytest.mark.parametrize(
    ("table_no", "read", "again", "taken"),
    [
        ("05", "21011", "210H1", "21011"),
        ("05", "210H1", "21011", "21011"),
        ("06", "30199", "30190", "30199"),
        ("05", "21011", "21017", None),
        ("06", "30101", "30102", None),
    ],
)
def test_of_two_readings_of_a_code_the_one_that_is_one_is_taken(
    table_no: str, read: str, again: str, taken: str | None
) -> None:
    """Where both are, a person must look."""
    cell = Cell(read, 1, seen=Seen(Box(0, 0, 9, 9), read, again))
    problems = _settle_code(cell, ReadTable(table_no, "表", [1]))
    assert (cell.text, len(problems)) == (taken or read, int(taken is None))


def test_a_stroke_at_the_end_of_the_line_above_is_not_lost() -> None:
    """A line may break behind a 一; where none stands above, it was left out."""
    texts = ["其中：一", "般公共预算财政拨款收入增加。", "般公共预算财政拨款收入"]
    lines = [Line(text, 1, Box(0, n, 9, n + 1), [Word(text, Box(0, n, 9, n + 1))]) for n, text in enumerate(texts)]
    mend(lines)
    assert [line.text for line in lines] == [*texts[:2], "一般公共预算财政拨款收入"]


@pytest.mark.parametrize(
    ("text", "figures", "is_amount", "is_twice"),
    [
        ("12.34", ["12.34"], True, True),
        ("-12.34", ["-12.34"], True, True),
        ("-12.34", ["(12.34)"], True, True),
        ("-12.34", ["12.34"], True, False),
        ("112.34", ["1", "12.34"], True, False),
        ("2010101", ["201", "01", "01"], False, True),
    ],
)
def test_a_speck_beside_a_figure_is_seen_twice_by_nobody(
    text: str, figures: list[str], is_amount: bool, is_twice: bool
) -> None:
    """A speck that counts as a minus or a digit of an amount was not read twice with it; a code has several parts."""
    box = Box(0, 0, 9, 9)
    seen = _together([Seen(box, each, each) for each in figures], Cell(text, 1, box), is_amount=is_amount)
    assert seen.is_twice is is_twice


def test_a_numbered_paragraph_is_one_without_the_sign_behind_its_number() -> None:
    """Between its neighbours; a number that counts the word behind it stays, and so does one within a sentence."""
    texts = ["6、卫生健康支出。", "7住房保障支出。", "8台设备。", "其中：车辆", "8其他支出。"]
    lines = [Line(text, 1, Box(0, n, 9, n + 1), [Word(text, Box(0, n, 9, n + 1))]) for n, text in enumerate(texts)]
    mend(lines)
    assert [line.text for line in lines] == [texts[0], "7、住房保障支出。", *texts[2:]]
    assert lines[1].words[0].text == "7、住房保障支出。"


KEY = ("03", "1", "total")


def seen(text: str, again: str, is_twice: bool) -> Result:
    """A report of one amount that was read from a picture."""
    cell = ReadCell(*KEY, text, page=2, is_amount=True, again=again, is_twice=is_twice)
    return Result("scan.pdf", cells=1, read_cells=[cell], rows={"expenditure": [{"total": text}]})


@pytest.mark.parametrize(
    ("is_twice", "exact", "holding", "outcome", "proved", "alone"),
    [
        (True, 1, 1, PROVED, 1, 0),
        (False, 1, 1, PROVED, 1, 0),
        (True, 0, 1, PROVED, 0, 1),
        (True, 0, 0, PROVED, 0, 1),
        (False, 0, 1, TO_REVIEW, 0, 0),
        (False, 0, 0, TO_REVIEW, 0, 0),
    ],
)
def test_an_amount_of_a_picture_is_proved_only_where_its_digits_are_held(
    is_twice: bool, exact: int, holding: int, outcome: str, proved: int, alone: int
) -> None:
    """A rounding difference would hide a digit that was misread; read twice alike is seen, and is not proved."""
    result = seen("12.34", "12.34" if is_twice else "12.84", is_twice)
    judge(result, Verdict({KEY: CellVerdict("amount", holding, 0, 0, None, exact)}))
    assert (result.outcome, result.cells_proved, result.cells_seen) == (outcome, proved, alone)
    assert ("1 amounts of pictures seen, not held" in result.verdict) is bool(alone)
    assert bool(result.points) is (outcome == TO_REVIEW)


@pytest.mark.parametrize(
    ("again", "proposed", "broken", "is_taken"),
    [
        ("12.84", "12.84", 1, True),
        # as a table with separators would print it
        ("12.84", "0,012.84", 1, True),
        ("12.84", "12.94", 1, False),
        ("12.84", None, 1, False),
        ("12.84", "12.84", 0, False),
    ],
)
def test_a_second_reading_is_taken_only_where_identities_ask_for_it(
    again: str, proposed: str | None, broken: int, is_taken: bool
) -> None:
    """Never by itself."""
    result = seen("12.34", again, is_twice=False)
    verdict = Verdict({KEY: CellVerdict("amount", 1, broken, 0, proposed)})
    assert choose_readings(result, verdict) is is_taken
    assert result.rows["expenditure"][0]["total"] == ("12.84" if is_taken else "12.34")
    assert result.read_cells[0].text == result.rows["expenditure"][0]["total"]


@pytest.mark.slow
def test_a_reading_that_takes_longer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures take seconds a page."""
    monkeypatch.setattr(limits, "PATIENCE", 1)
    assert Task(_slow, (), seconds=1).result() == "done"
    with pytest.raises(Refused, match="more than 1 seconds"):
        Task(_slow_in_silence, (), seconds=1).result()


@pytest.mark.slow
def test_a_reading_that_waits_for_others_is_not_stopped() -> None:
    """What it takes is processor time: beside other work a scan of twenty pages was refused."""
    assert Task(_slow_in_silence, (), seconds=1).result() == "done"


def _slow() -> str:
    import time

    allow(5)
    time.sleep(2)
    return "done"


def _slow_in_silence() -> str:
    import time

    time.sleep(3)
    return "done"


def test_a_figure_is_seen_in_the_cell_where_its_middle_is() -> None:
    """Its ends may reach over a rule that was found a little beside its place."""
    figure = Seen(Box(8, 0, 20, 10), "1.00", "1.00")
    assert figure.is_twice
    assert figure.is_in(Box(10, 0, 30, 10))
    assert not figure.is_in(Box(0, 0, 10, 10))
    assert not Seen(figure.box, "1.00", "7.00").is_twice
    assert not Seen(figure.box, "1.00", "1.00", is_sure=False).is_twice
