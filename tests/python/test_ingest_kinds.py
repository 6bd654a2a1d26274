"""Files of every kind that departments publish: what can be read is read, and the rest says what it is."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from final_accounts.ingest import batch
from final_accounts.ingest.document.pages import Document, Grid, Line, Refused
from final_accounts.ingest.document.reading import Reading, open_document, read
from final_accounts.ingest.files import office
from final_accounts.ingest.files.ink import STRUCK, UNSEEN
from final_accounts.ingest.files.numbered_paragraphs import chinese
from openpyxl import Workbook
from openpyxl.styles import Font

TITLE = "成都市武侯区财政局2021年度部门决算"
HEAD = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
ROW = ["201", "一般公共服务支出", "10.00", "4.00", "6.00"]

needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed: apt-get install libreoffice-writer"
)


def cells(reading: Reading) -> list[str]:
    """The first row of table 03 as it was read."""
    (table,) = reading.tables
    row = table.rows[0]
    return [row[name].text for name in ("subject_code", "subject_name", "total", "basic", "project")]


def doubts(reading: Reading) -> list[str]:
    """What is said of single cells."""
    return [problem for problem in reading.tables[0].problems if " cells: " in problem]


# Documents of Word

WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def paragraph(text: str, look: str = "", own: str = "") -> str:
    """A paragraph with one run."""
    return f"<w:p><w:pPr>{own}</w:pPr><w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def word_table(rows: list[list[str]]) -> str:
    """A table whose cells are text, or paragraphs."""
    own = "".join(
        "<w:tr>" + "".join(f"<w:tc>{c if c.startswith('<') else paragraph(c)}</w:tc>" for c in row) + "</w:tr>"
        for row in rows
    )
    columns = '<w:gridCol w:w="1500"/>' * len(rows[0])
    return f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{own}</w:tbl>"


def word(folder: Path, body: str, numbering: str = "") -> Path:
    """A document of Word with a body."""
    path = folder / "report.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONS)
        archive.writestr("word/document.xml", WORD.format(body))
        if numbering:
            archive.writestr("word/numbering.xml", numbering)
    return path


def word_report(folder: Path, *changed: str) -> Path:
    """A report with table 03, whose row ends in other cells."""
    row = [*ROW[: 5 - len(changed)], *changed]
    head = paragraph(TITLE) + paragraph("支出决算表") + paragraph("单位：万元")
    return word(folder, head + word_table([HEAD, row]) + paragraph("注：本表反映支出情况。"))


def lines(document: Document) -> list[str]:
    """The lines of a document."""
    return [part.text for part in document.parts() if isinstance(part, Line)]


def test_a_document_of_word_is_read(tmp_path: Path) -> None:
    """Title, unit and table."""
    reading = read(word_report(tmp_path), {})
    assert cells(reading) == ROW
    assert (reading.report.row["fiscal_year"], reading.report.row["amount_unit"]) == ("2021", "万元")


def test_a_table_among_the_text_is_kept(tmp_path: Path) -> None:
    """No title announces it; the heading above it names it, and none of its figures is lost."""
    head = paragraph(TITLE) + paragraph("支出决算表") + paragraph("单位：万元")
    body = head + word_table([HEAD, ROW]) + paragraph("注：本表反映支出情况。")
    body += paragraph("三、支出决算情况说明") + paragraph("（一）具体情况")
    body += word_table([["科目", "年初预算", "支出决算"], ["行政运行", "5.00", "4.00"]])
    (other,) = read(word(tmp_path, body), {}).others
    assert (other.title, [own.cell.text for own in other.cells][-2:]) == ("（一）具体情况", ["5.00", "4.00"])


@pytest.mark.parametrize(
    ("cell", "text", "doubt"),
    [
        (paragraph("6.00", "<w:strike/>"), "", "«6.00» is struck out"),
        (paragraph("6.00", '<w:color w:val="FFFFFF"/>'), "6.00", UNSEEN),
        ("<w:p><w:r><w:t>6.00</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr>"
         "<w:t>1</w:t></w:r></w:p>",
         "6.00", "a raised «1» stands beside it"),
        ("<w:p><w:del><w:r><w:delText>9.00</w:delText></w:r></w:del><w:ins><w:r><w:t>6.00</w:t></w:r></w:ins></w:p>",
         "6.00", None),
        ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>9</w:t></w:r><w:r><w:t>6.00</w:t></w:r></w:p>", "6.00", None),
    ],
)  # fmt: skip
def test_what_a_document_strikes_out_or_hides_is_none_of_it(
    cell: str, text: str, doubt: str | None, tmp_path: Path
) -> None:
    """What is seen is read, what is doubtful is said."""
    reading = read(word_report(tmp_path, cell), {})
    assert cells(reading)[-1] == text
    assert doubts(reading) == ([f"1 cells: {doubt}"] if doubt else [])


def test_merged_cells_of_a_document_stand_where_they_are_drawn(tmp_path: Path) -> None:
    """Over columns, and over rows."""
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{paragraph("a")}</w:tc><w:tc>{paragraph("b")}</w:tc>'
    high = f'<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{paragraph("c")}</w:tc>'
    rest = f"<w:tc><w:tcPr><w:vMerge/></w:tcPr>{paragraph('')}</w:tc>"
    two = f"<w:tc>{paragraph('d')}</w:tc><w:tc>{paragraph('e')}</w:tc>"
    body = f"<w:tbl><w:tr>{wide}</w:tr><w:tr>{high}{two}</w:tr><w:tr>{rest}{two}</w:tr></w:tbl>"
    (grid,) = open_document(word(tmp_path, body)).parts()
    assert isinstance(grid, Grid)
    assert [[cell.text for cell in row] for row in grid.slots] == [["a", "a", "b"], ["c", "d", "e"], ["c", "d", "e"]]
    assert grid.slots[1][0] is grid.slots[2][0]


@pytest.mark.parametrize(("width", "is_said"), [(5_000_000, True), (500_000, False)])
def test_a_picture_in_a_document_that_may_be_a_table_is_a_point(width: int, is_said: bool, tmp_path: Path) -> None:
    """A seal or a logo is smaller."""
    picture = (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        f'<wp:extent cx="{width}" cy="{width}"/><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )
    document = open_document(word(tmp_path, paragraph("收入支出决算总表") + picture))
    assert [len(page.pictures) for page in document.pages] == [int(is_said)]


def test_numbers_of_paragraphs_are_read_though_they_stand_nowhere(tmp_path: Path) -> None:
    """Word counts them when it shows them."""
    numbering = (
        '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
        '<w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%2."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )
    own = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr>'
    texts = [("甲", 0), ("乙", 1), ("丙", 1), ("丁", 0), ("戊", 1)]
    body = "".join(paragraph(text, own=own.format(level)) for text, level in texts)
    assert lines(open_document(word(tmp_path, body, numbering))) == ["一、甲", "1.乙", "2.丙", "二、丁", "1.戊"]


@pytest.mark.parametrize(("number", "text"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (21, "二十一")])
def test_numbers_in_chinese_characters(number: int, text: str) -> None:
    """As headings are numbered."""
    assert chinese(number) == text


def test_a_page_of_a_document_ends_where_it_says(tmp_path: Path) -> None:
    """By a break that somebody set, or one that the program left."""
    body = paragraph("a") + '<w:p><w:r><w:br w:type="page"/><w:t>b</w:t></w:r></w:p>'
    body += "<w:p><w:r><w:lastRenderedPageBreak/><w:t>c</w:t></w:r></w:p>"
    document = open_document(word(tmp_path, body))
    assert [[part.text for part in page.parts] for page in document.pages] == [["a"], ["b"], ["c"]]


# Web pages


def web_page(folder: Path, last: str = "<td>6.00</td>", encoding: str = "utf-8") -> Path:
    """A saved page whose report stands in a table that sets the page."""
    row = "".join(f"<td>{text}</td>" for text in ROW[:-1]) + last
    head = "".join(f"<th>{text}</th>" for text in HEAD)
    text = (
        f'<!DOCTYPE html><html><head><meta charset="{encoding}"><title>决算</title><script>var a = "x";</script></head>'
        f"<body><table><tr><td><p>{TITLE}</p><p>支出决算表</p><div>单位：万元</div>"
        f"<table><tr>{head}</tr><tr>{row}</tr></table><div style='display:none'>99.00</div></td></tr></table>"
        "</body></html>"
    )
    path = folder / "report.html"
    path.write_bytes(text.encode("gb18030" if encoding == "gb2312" else encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
def test_a_web_page_is_read(encoding: str, tmp_path: Path) -> None:
    """In both character sets of Chinese pages; what it hides and its scripts are none of it."""
    path = web_page(tmp_path, encoding=encoding)
    assert cells(read(path, {})) == ROW
    assert not any("99.00" in line or "var" in line for line in lines(open_document(path)))


@pytest.mark.parametrize(
    ("last", "text", "doubt"),
    [
        ("<td><del>6.00</del></td>", "", "«6.00» is struck out"),
        ("<td>6.00<sup>1</sup></td>", "6.00", "a raised «1» stands beside it"),
        ("<td style='color:#fff'>6.00</td>", "6.00", UNSEEN),
        ("<td><span style='display:none'>9</span>6.00</td>", "6.00", None),
    ],
)
def test_what_a_page_strikes_out_or_hides_is_none_of_it(
    last: str, text: str, doubt: str | None, tmp_path: Path
) -> None:
    """As in every other kind."""
    reading = read(web_page(tmp_path, last), {})
    assert cells(reading)[-1] == text
    assert doubts(reading) == ([f"1 cells: {doubt}"] if doubt else [])


def test_a_page_saved_with_its_pictures_is_read(tmp_path: Path) -> None:
    """One file with several parts (.mht)."""
    page = web_page(tmp_path).read_bytes()
    head = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"
    part = b'--x\nContent-Type: text/html; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n\n'
    (tmp_path / "report.mht").write_bytes(head + part + page + b"\n--x--\n")
    assert cells(read(tmp_path / "report.mht", {})) == ROW


# OpenDocument

ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"><office:automatic-styles>'
    '<style:style style:name="struck" style:family="table-cell">'
    '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="white" style:family="table-cell">'
    '<style:text-properties fo:color="#ffffff"/></style:style>'
    "</office:automatic-styles><office:body><office:spreadsheet><table:table table:name='a'>{}</table:table>"
    "</office:spreadsheet></office:body></office:document-content>"
)


def sheet(folder: Path, style: str = "", columns: str = "") -> Path:
    """A workbook of LibreOffice with table 03, the last amount in a style."""

    def row(texts: list[str], own: str = "") -> str:
        ends = [*texts[:-1], texts[-1]]
        made = [f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in ends]
        made[-1] = made[-1].replace("<table:table-cell>", f"<table:table-cell {own}>")
        return f"<table:table-row>{''.join(made)}</table:table-row>"

    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    rows = [row([TITLE]), row(["支出决算表"]), row(["单位：万元"]), row(HEAD)]
    rows += [row(ROW, f'table:style-name="{style}"' if style else ""), empty]
    path = folder / "report.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(columns + "".join(rows)))
    return path


@pytest.mark.parametrize(("style", "doubt"), [("", None), ("struck", STRUCK), ("white", UNSEEN)])
def test_a_workbook_of_libreoffice_is_read_as_it_shows(style: str, doubt: str | None, tmp_path: Path) -> None:
    """A million empty rows below are none."""
    reading = read(sheet(tmp_path, style), {})
    assert cells(reading) == ROW
    assert doubts(reading) == ([f"1 cells: {doubt}"] if doubt else [])


def test_a_hidden_column_of_libreoffice_is_a_point(tmp_path: Path) -> None:
    """As in every other workbook."""
    columns = '<table:table-column table:number-columns-repeated="4"/><table:table-column table:visibility="collapse"/>'
    reading = read(sheet(tmp_path, columns=columns), {})
    assert "sheet 1 «a» hides rows or columns with 1 amounts, which were not read" in reading.open_points()


# What other programs wrote before


def _office(path: Path, ending: str) -> Path:
    """A file as LibreOffice saves it in another kind."""
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{path.parent}/profile", "--convert-to", ending]
    subprocess.run([*command, "--outdir", str(path.parent), str(path)], check=True, capture_output=True)
    return path.with_suffix(f".{ending}")


@needs_office
def test_a_workbook_of_before_2007_is_read_as_it_shows(tmp_path: Path) -> None:
    """Formats, marks and merged cells are in it, too."""
    book = Workbook()
    own = book.active
    for row in ([TITLE], ["支出决算表"], ["单位：万元"], HEAD, [*ROW[:2], 100000, 4.0000000001, "6.00"]):
        own.append(row)
    own["C5"].number_format = "0\\.0000"
    own["E5"].font = Font(strike=True)
    own.merge_cells("A1:E1")
    book.save(tmp_path / "report.xlsx")
    reading = read(_office(tmp_path / "report.xlsx", "xls"), {})
    assert cells(reading) == [*ROW[:2], "10.0000", "4", "6.00"]
    assert doubts(reading) == [f"1 cells: {STRUCK}"]


@needs_office
@pytest.mark.parametrize("ending", ["doc", "rtf"])
def test_a_document_of_before_2007_is_read_through_libreoffice(ending: str, tmp_path: Path) -> None:
    """Its hash is that of the file that was given."""
    path = _office(word_report(tmp_path), ending)
    (tmp_path / "work").mkdir()
    result = batch.read_file(path, {}, office.converted(path, tmp_path / "work"))
    assert [row["project"] for row in result.rows["expenditure"]] == ["6.00"]
    assert result.rows["reports"][0]["source_sha256"] == batch.sha256_of(path)


def test_without_libreoffice_one_sentence_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which package it is, and what else helps."""
    monkeypatch.setattr(office.shutil, "which", lambda name: None)
    (tmp_path / "report.rtf").write_text("{\\rtf1 x}")
    assert office.converted(tmp_path / "report.rtf", tmp_path) == tmp_path / "report.rtf"
    with pytest.raises(Refused, match="apt-get install libreoffice-writer"):
        read(tmp_path / "report.rtf", {})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (office.BINARY + "EncryptedPackage".encode("utf-16-le"), "a password is needed"),
        (office.BINARY + "WordDocument".encode("utf-16-le"), "read through LibreOffice"),
        (office.BINARY + "PowerPoint Document".encode("utf-16-le"), "neither text nor workbook"),
        (b"<html><body>404</body></html>", "this is an HTML page"),
        (b"\x89PNG\r\n\x1a\n", r"a picture \(PNG\)"),
        (b"Rar!\x1a\x07", r"an archive \(RAR\); expected it unpacked"),
    ],
)
def test_a_file_is_refused_for_its_own_reason(content: bytes, reason: str, tmp_path: Path) -> None:
    """Whatever its name says."""
    (tmp_path / "report.pdf").write_bytes(content)
    with pytest.raises(Refused, match=reason):
        open_document(tmp_path / "report.pdf")


@pytest.mark.parametrize("part", ["OFD.xml", "xl/workbook.bin", "ppt/presentation.xml"])
def test_packages_that_nothing_reads_are_named(part: str, tmp_path: Path) -> None:
    """By what lies in them."""
    with zipfile.ZipFile(tmp_path / "report", "w") as archive:
        archive.writestr(part, "x")
    with pytest.raises(Refused, match=r"OFD|xlsb|presentation"):
        open_document(tmp_path / "report")


# Archives


def test_the_files_of_an_archive_are_files_of_their_own(tmp_path: Path) -> None:
    """With Chinese names that no mark tells, in folders, and with what systems keep beside them."""
    page = web_page(tmp_path).read_bytes()
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(tmp_path / "in" / "all.zip", "w") as archive:
        for name in ("2021/NAME.html", "../../up.html", "__MACOSX/x", ".DS_Store"):
            archive.writestr(name, page)
    packed = (tmp_path / "in" / "all.zip").read_bytes()
    (tmp_path / "in" / "all.zip").write_bytes(packed.replace(b"NAME", "决算".encode("gb18030")))
    files, left = batch.files_of([tmp_path / "in"], tmp_path / "work")
    assert [file.name for file in files] == ["决算.html", "up.html"]
    assert all(file.resolve().is_relative_to(tmp_path / "work") for file in files)
    assert left == []


def test_an_archive_that_cannot_be_unpacked_is_refused_itself(tmp_path: Path) -> None:
    """One that unpacks to far more than it is."""
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"0" * 60_000_000)
    assert batch.files_of([tmp_path / "bomb.zip"], tmp_path / "work") == ([tmp_path / "bomb.zip"], [])
    assert not list((tmp_path / "work" / "unpacked").iterdir())
