"""Reports in two files, of which one has the tables and the other the text: they are read as one where it is clear."""

import zipfile
from pathlib import Path

import pytest
from final_accounts.ingest import batch
from final_accounts.ingest.batch import REFUSED, Result, read_file
from final_accounts.ingest.document.reading import raw_rows, read
from final_accounts.ingest.texts_apart import Tables, Text, read_text_apart, texts_of
from test_ingest_kinds import paragraph, word
from test_ingest_workbooks import ROWS, TEXT, sheet_of

DEPARTMENT, OTHER = "成都市武侯区财政局", "成都市武侯区民政局"
TABLES, WORDS = Path("in/tables.xlsx"), Path("in/text.docx")


def tables(department: str = DEPARTMENT, year: str = "2021", *, is_bare: bool = True) -> Tables:
    """A report read from its tables."""
    return Tables(department, year, is_bare)


@pytest.mark.parametrize(
    ("text", "is_its_own"),
    [
        (Text("", ""), True),
        (Text("", "2021"), True),
        (Text("武侯区财政局", "2021"), True),
        (Text(DEPARTMENT, "2020"), False),
        (Text(OTHER, "2021"), False),
        (Text("武侯区财政局", ""), True),
        (Text("成都市青羊区财政局", "2021"), False),
    ],
)
def test_a_text_beside_one_report_is_of_it_where_it_names_no_other(text: Text, is_its_own: bool) -> None:
    """In a folder or archive that holds the two alone."""
    found = texts_of({TABLES: tables()}, {WORDS: text}, is_folder=True)
    assert found == ({TABLES: WORDS} if is_its_own else {})


@pytest.mark.parametrize(
    ("text", "is_its_own"),
    [
        (Text(DEPARTMENT, "2021"), True),
        (Text("武侯区财政局", "2021"), False),
        (Text(DEPARTMENT, ""), False),
        (Text("", "2021"), False),
    ],
)
def test_files_that_nothing_holds_together_belong_together_by_department_and_year(text: Text, is_its_own: bool) -> None:
    """As two files on one command line, or among others in a folder."""
    expected = {TABLES: WORDS} if is_its_own else {}
    assert texts_of({TABLES: tables()}, {WORDS: text}, is_folder=False) == expected
    assert texts_of({TABLES: tables(), Path("b"): tables(OTHER)}, {WORDS: text}, is_folder=True) == expected


def test_a_text_that_may_be_of_several_or_of_none_stays_alone() -> None:
    """Two reports of one year, two texts of one report, a report with a narrative of its own."""
    told = Text(DEPARTMENT, "2021")
    assert texts_of({TABLES: tables(), Path("b"): tables()}, {WORDS: told}, is_folder=True) == {}
    assert texts_of({TABLES: tables()}, {WORDS: told, Path("b"): told}, is_folder=True) == {}
    assert texts_of({TABLES: tables(is_bare=False)}, {WORDS: told}, is_folder=True) == {}


def files(folder: Path, title: str = "") -> tuple[Path, Path]:
    """Tables as a workbook, and their text as a document with a title or without one."""
    folder.mkdir(parents=True, exist_ok=True)
    sheet_of(*ROWS).save(folder / "公开表.xlsx")
    made = word(folder, "".join(map(paragraph, [title, *TEXT])))
    return folder / "公开表.xlsx", made.rename(folder / "说明.docx")


def test_a_text_tells_whose_it_is_by_its_title_or_the_name_of_its_file(tmp_path: Path) -> None:
    """Behind the number of an annex, too; a file without a narrative is none."""
    _, text = files(tmp_path, f"{OTHER}2020年度部门决算说明")
    assert read_text_apart(text) == Text(OTHER, "2020")
    _, text = files(tmp_path)
    assert read_text_apart(text) == Text("", "")
    assert read_text_apart(text.rename(tmp_path / f"附件2：{DEPARTMENT}2021年度部门决算公开说明.docx")) == Text(
        DEPARTMENT, "2021"
    )


def test_what_a_text_apart_says_goes_in_without_a_place(tmp_path: Path) -> None:
    """The file of the report, which is kept and shown, is that of the tables."""
    book, text = files(tmp_path)
    reading = read(book, {}, text)
    assert [own.section for own in reading.narrative.paragraphs] == [TEXT[1], TEXT[3]]
    rows = raw_rows(reading)
    assert {row["page_no"] for row in rows["narrative_paragraphs"]} == {""}
    assert {row["raw_table"] for row in rows["cell_places"]} == {"expenditure"}
    assert rows["reports"][0]["source_sha256"] == read_file(book, {}).rows["reports"][0]["source_sha256"]


def run(given: list[Path], work: Path) -> list[Result]:
    """What became of files as the command reads them, without what a build would say of them."""
    paths, _ = batch.files_of(given, work)
    return batch.run(paths, {}, work, 1, named=[path for path in given if not path.is_dir()])


def pack(folder: Path, path: Path) -> Path:
    """A folder as an archive."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    return path


@pytest.fixture
def _unproved(monkeypatch: pytest.MonkeyPatch) -> None:
    """No verdict: it takes a build, and says nothing of which files belong together."""
    monkeypatch.setattr(batch, "prove", lambda reports: dict.fromkeys(reports))
    monkeypatch.setattr(batch, "choose_readings", lambda *_: False)
    monkeypatch.setattr(batch, "judge", lambda result, _: setattr(result, "outcome", "to review"))


@pytest.mark.usefixtures("_unproved")
def test_two_files_of_an_archive_or_folder_are_one_report(tmp_path: Path) -> None:
    """A folder inside of an archive is one; the same command again takes what was kept."""
    book, text = files(tmp_path / "in" / "财政局")
    archive = pack(tmp_path / "in", tmp_path / "all.zip")
    for given in ([book.parent], [tmp_path / "in"], [archive], [archive]):
        (result,) = run(given, tmp_path / "work")
        assert (Path(result.file).name, Path(result.text_file).name) == (book.name, text.name)
        assert (result.paragraphs, result.outcome) == (2, "to review")


@pytest.mark.usefixtures("_unproved")
def test_two_files_named_at_once_are_one_report_where_they_say_so(tmp_path: Path) -> None:
    """A text without a title may be of any report."""
    book, text = files(tmp_path / "in", f"{DEPARTMENT}2021年度部门决算说明")
    (result,) = run([book, text], tmp_path / "work")
    assert (result.text_file, result.paragraphs) == (str(text), 2)
    book, text = files(tmp_path / "in")
    apart = run([book, text], tmp_path / "work")
    assert [(result.text_file, result.paragraphs, result.outcome) for result in apart] == [
        ("", 0, "to review"),
        ("", 0, REFUSED),
    ]


@pytest.mark.usefixtures("_unproved")
def test_an_archive_of_several_reports_goes_on_being_several(tmp_path: Path) -> None:
    """Each with its own text, whatever their files are called."""
    files(tmp_path / "in" / "一")
    files(tmp_path / "in" / "二", f"{DEPARTMENT}2021年度部门决算说明")
    _, text = files(tmp_path / "in" / "三")
    text.unlink()
    found = run([pack(tmp_path / "in", tmp_path / "all.zip")], tmp_path / "work")
    assert sorted(result.paragraphs for result in found) == [0, 2, 2]
