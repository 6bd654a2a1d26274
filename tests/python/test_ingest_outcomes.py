"""What comes of a file: proved, to review or refused; what is written; and that hostile files do no harm."""

import csv
import json
import os
import subprocess
import sys
import time
import zipfile
import zlib
from copy import deepcopy
from pathlib import Path

import pytest
from final_accounts.cli import ingest as command
from final_accounts.cli.ingest import exit_status
from final_accounts.ingest import batch
from final_accounts.ingest.batch import PROVED, REFUSED, TO_REVIEW, Result, judge, read_file
from final_accounts.ingest.document.pages import Refused
from final_accounts.ingest.document.reading import open_document, safe_name
from final_accounts.ingest.files.pdf import read_pdf
from final_accounts.ingest.limits import Task
from final_accounts.ingest.proof import CellVerdict, Verdict
from final_accounts.ingest.review.corrections import COLUMNS, read_corrections
from final_accounts.ingest.review.page import write_review
from final_accounts.ingest.writing import write_landing, write_seeds
from final_accounts.landing.reader import tables as raw_tables
from final_accounts.proving.printing.portable import print_pdf
from final_accounts.proving.printing.styles import Style
from openpyxl import Workbook
from pdfplumber.utils.exceptions import PdfminerException
from projects import Project
from reportlab.pdfgen.canvas import Canvas
from test_ingest_tables import GIVEN, report


def refusal(path: Path) -> str:
    """Why a file is refused."""
    with pytest.raises(Refused) as refused:
        Task(read_file, (path, {}), 30).result()
    return str(refused.value)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped report without its narrative, printed as PDF."""
    path = tmp_path_factory.mktemp("printed") / "report.pdf"
    print_pdf({name: rows for name, rows in report().items() if not name.startswith("narrative")}, path, Style())
    return path


@pytest.fixture(scope="module")
def read_once(printed: Path) -> Result:
    """That report as read."""
    return read_file(printed, GIVEN)


@pytest.fixture
def read(read_once: Result) -> Result:
    """The same, to be judged."""
    return deepcopy(read_once)


@pytest.fixture(scope="module")
def result(read_once: Result) -> Result:
    """The same, with a verdict that proves every amount."""
    read = deepcopy(read_once)
    judge(read, proving(read))
    return read


def proving(read: Result) -> Verdict:
    """A verdict that holds every amount that was read."""
    cells = {}
    for cell in read.read_cells:
        if cell.is_amount:
            status = "amount" if cell.has_digits else "not_applicable" if cell.text else "blank"
            cells[cell.key] = CellVerdict(status, 2, 0, 0)
    return Verdict(cells)


def test_pages_without_text_are_refused(tmp_path: Path) -> None:
    """Nothing is to be seen on them either."""
    canvas = Canvas(str(tmp_path / "scan.pdf"))
    for _ in range(3):
        canvas.rect(50, 50, 400, 600, fill=1)
        canvas.showPage()
    canvas.save()
    assert refusal(tmp_path / "scan.pdf").startswith("no text layer")


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    """An encrypted file is refused."""
    canvas = Canvas(str(tmp_path / "locked.pdf"), encrypt="secret")
    canvas.drawString(100, 700, "final accounts")
    canvas.save()
    assert "encrypted" in refusal(tmp_path / "locked.pdf")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n%%EOF", "damaged"),
        (b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 1 0 R >> endobj\ntrailer << /Root 1 0 R >>", "damaged"),
        (b"%PDF-1.4\n" + b"[" * 200_000, "damaged"),
        (b"PK\x03\x04nothing", "damaged"),
        (b"\xd0\xcf\x11\xe0old", "neither text nor workbook"),
        (b"\x00\x01\x02\xff\xfe\x00", "neither text"),
        ("天气预报：明天晴。".encode(), "not a final accounts report"),
        ("部门决算公开的通知，请各单位执行。".encode(), "no table of final accounts"),
    ],
)
def test_a_file_that_is_no_report_is_refused_with_the_reason(content: bytes, reason: str, tmp_path: Path) -> None:
    """A file that is no report is refused with the reason."""
    path = tmp_path / "file.pdf"
    path.write_bytes(content)
    assert reason in refusal(path)


def test_a_damaged_copy_of_a_report_is_refused_or_has_something_to_review(printed: Path, tmp_path: Path) -> None:
    """A damaged copy of a report is refused or has something to review."""
    path = tmp_path / "half.pdf"
    path.write_bytes(printed.read_bytes()[: printed.stat().st_size // 2])
    try:
        read = Task(read_file, (path, GIVEN), 60).result()
    except Refused:
        return
    assert read.points


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """A zip bomb is refused before it is unpacked."""
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 80_000_000)
    assert "unpacks to 80,000,000 bytes" in refusal(tmp_path / "bomb.xlsx")


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    """Too many pages are refused."""
    canvas = Canvas(str(tmp_path / "long.pdf"))
    for _ in range(700):
        canvas.showPage()
    canvas.save()
    assert refusal(tmp_path / "long.pdf") == "700 pages; expected a report of at most 600"


def pdf_of(objects: list[bytes]) -> bytes:
    """A PDF of these objects; the first is the catalogue."""
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = b"xref\n0 %d\n0000000000 65535 f \n%btrailer << /Size %d /Root 1 0 R >>\n" % (
        len(objects) + 1, table, len(objects) + 1,
    )  # fmt: skip
    return out + start + b"startxref\n%d\n%%%%EOF" % len(out)


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGE = b"<< /Type /Page /MediaBox [0 0 100 100] >>"
NESTED = [b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % n for n in range(3, 5000)]


@pytest.mark.parametrize(
    ("objects", "reason"),
    [
        ([CATALOGUE, *NESTED, PAGE], "deeper nesting than a report"),
        ([CATALOGUE, b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"], "no page"),
        ([CATALOGUE, b"<< /Type /Pages /Count 100000000 /Kids [3 0 R] >>", PAGE], "no text layer"),
    ],
    ids=["pages nested five thousand deep", "pages within themselves", "a false count of pages"],
)
def test_a_tree_of_pages_that_leads_nowhere_is_refused(objects: list[bytes], reason: str, tmp_path: Path) -> None:
    """However deep it is nested, and whatever it says of itself."""
    (tmp_path / "tree.pdf").write_bytes(pdf_of(objects))
    assert reason in refusal(tmp_path / "tree.pdf")


@pytest.mark.slow
def test_a_page_that_unpacks_to_far_more_than_it_is_is_stopped(tmp_path: Path) -> None:
    """Four hundred megabytes of text from one."""
    packed = zlib.compress(b"BT (a) Tj ET\n" * 30_000_000, 1)
    contents = b"<< /Length %d /Filter /FlateDecode >> stream\n%b\nendstream" % (len(packed), packed)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R >>"
    pages = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    (tmp_path / "bomb.pdf").write_bytes(pdf_of([CATALOGUE, pages, page, contents]))
    with pytest.raises(Refused, match=r"seconds|memory"):
        Task(read_file, (tmp_path / "bomb.pdf", {}), 4).result()


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("macros/amounts.sql", True),
        ("macros/contract_problems.sql", True),
        ("seeds/identities/identities.csv", True),
        ("scripts/final_accounts/registry.py", True),
        ("seeds/classification/divisions.csv", True),
        ("requirements.txt", True),
        ("seeds/accounts/revenue.csv", False),
    ],
)
def test_a_file_is_read_again_where_anything_that_reading_rests_on_changed(
    file: str, counts: bool, tmp_path: Path
) -> None:
    """Not where another report was added."""
    project = Project.copy(tmp_path)
    before = batch.program(project.top)
    with (project.top / file).open("a", encoding="utf-8") as changed:
        changed.write("\n")
    batch.program.cache_clear()
    assert (batch.program(project.top) != before) == counts


@pytest.mark.parametrize(
    "error", [MemoryError(), PdfminerException(MemoryError()), PdfminerException(RecursionError())]
)
def test_a_file_for_which_memory_ends_is_not_called_damaged(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever in the reading that is."""

    def full(_path: Path) -> None:
        raise error

    (tmp_path / "large.pdf").write_bytes(b"%PDF-1.4")
    monkeypatch.setattr("final_accounts.ingest.files.pdf.pdfplumber.open", full)
    with pytest.raises(Refused, match="needs more memory"):
        read_pdf(tmp_path / "large.pdf")


def test_nothing_that_a_pdf_would_start_is_started(tmp_path: Path) -> None:
    """Scripts, commands and files that go with a report are not looked at: it is read as without them."""
    made = tmp_path / "made"
    canvas = Canvas(str(tmp_path / "scripts.pdf"))
    canvas.setCatalogEntry("OpenAction", {"S": "/JavaScript", "JS": "(app.alert(1))"})
    canvas.setCatalogEntry("AA", {"WC": f"<< /S /Launch /F (/usr/bin/touch) /P ({made}) >>"})
    canvas.linkURL(f"file://{made}", (0, 0, 500, 800))
    canvas.drawString(100, 700, "nothing of final accounts, " * 3)
    canvas.save()
    assert b"/JavaScript" in (tmp_path / "scripts.pdf").read_bytes()
    assert refusal(tmp_path / "scripts.pdf").startswith("not a final accounts report")
    assert [path.name for path in tmp_path.iterdir()] == ["scripts.pdf"]


@pytest.mark.parametrize(
    ("sheet", "reason"),
    [
        (
            '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
            + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
            + ']><worksheet xmlns="{0}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>'
            "</sheetData></worksheet>",
            "damaged",
        ),
        (
            '<worksheet xmlns="{0}"><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
            "</worksheet>",
            "1,048,576 rows and 16,384 columns",
        ),
    ],
    ids=["entities within entities", "a cell at the far end of the sheet"],
)
def test_a_sheet_that_would_grow_without_end_is_refused(sheet: str, reason: str, tmp_path: Path) -> None:
    """A few bytes that stand for billions of characters or cells."""
    Workbook().save(tmp_path / "plain.xlsx")
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as plain, zipfile.ZipFile(tmp_path / "odd.xlsx", "w") as odd:
        for part in plain.namelist():
            is_sheet = part == "xl/worksheets/sheet1.xml"
            odd.writestr(part, sheet.replace("{0}", name) if is_sheet else plain.read(part))
    assert reason in refusal(tmp_path / "odd.xlsx")


def _for_ever() -> None:
    while True:
        pass


def _all_memory() -> int:
    return len(b"0" * 9_000_000_000)


def _writes(path: Path) -> None:
    path.write_text("x" * 100_000)


@pytest.mark.slow
def test_a_reading_that_does_not_end_is_stopped() -> None:
    """A reading that does not end is stopped."""
    with pytest.raises(Refused, match=r"seconds|more time or memory"):
        Task(_for_ever, (), 2).result()


def test_a_reading_that_takes_all_memory_is_stopped() -> None:
    """A reading that takes all memory is stopped."""
    with pytest.raises(Refused, match="memory"):
        Task(_all_memory, (), 30).result()


def test_a_reading_can_write_nothing(tmp_path: Path) -> None:
    """A reading can write nothing."""
    with pytest.raises(Refused):
        Task(_writes, (tmp_path / "out",), 30).result()
    assert not (tmp_path / "out").exists() or (tmp_path / "out").stat().st_size == 0


def test_a_formula_is_text_and_a_name_is_no_path(tmp_path: Path) -> None:
    """A formula is text and a name is no path."""
    book = Workbook()
    book.active["A1"] = '=HYPERLINK("file:///etc/passwd")'
    book.active["A2"] = "收入支出决算总表"
    book.save(tmp_path / "formula.xlsx")
    document = open_document(tmp_path / "formula.xlsx")
    assert "passwd" not in "".join(c.text for page in document.pages for row in page.parts[0].slots for c in row)
    assert safe_name("../../etc/passwd") == "______etc_passwd"


def test_every_amount_held_and_nothing_open_is_proved(result: Result) -> None:
    """Every amount held and nothing open is proved."""
    assert (result.outcome, result.points, result.contradictions) == (PROVED, [], [])
    assert result.cells_proved == sum(cell.is_amount and cell.has_digits for cell in result.read_cells)


def test_one_amount_that_no_identity_holds_is_to_review(read: Result) -> None:
    """One amount that no identity holds is to review."""
    verdict = proving(read)
    next(cell for cell in verdict.cells.values() if cell.status == "amount").holding = 0
    judge(read, verdict)
    assert read.outcome == TO_REVIEW
    assert len(read.points) == 1


def test_one_identity_of_the_tables_that_breaks_is_to_review(read: Result) -> None:
    """A sum that does not hold may be a figure that was misread."""
    verdict = proving(read)
    next(cell for cell in verdict.cells.values() if cell.status == "amount").broken = 1
    judge(read, verdict)
    assert read.outcome == TO_REVIEW


def test_what_the_print_contradicts_is_counted_beside_proved(read: Result) -> None:
    """What was read is what is printed; who wants another exit status for it says --strict."""
    verdict = proving(read)
    next(cell for cell in verdict.cells.values() if cell.status == "amount").contradicted = 1
    verdict.contradictions = ["a share is not the part divided by the whole", "another"]
    verdict.remarks = ["a rate over zero"]
    judge(read, verdict)
    assert (read.outcome, read.points) == (PROVED, [])
    assert read.verdict == "proved; the print contradicts itself in 2 places"
    assert read.shown()["contradictions"] == verdict.contradictions
    assert read.shown()["remarks"] == verdict.remarks
    assert [exit_status(read, is_strict) for is_strict in (False, True)] == [0, 3]


@pytest.mark.slow
def test_a_table_that_is_not_found_is_missing_and_not_empty(tmp_path: Path) -> None:
    """A table that is not found is missing and not empty."""
    rows = report() | {"general_public_budget_expenditure": []}
    print_pdf(rows, tmp_path / "report.pdf", Style())
    read = read_file(tmp_path / "report.pdf", GIVEN)
    assert read.missing == ["05"]
    assert "05" not in read.empty
    assert "table 05 was not found" in read.points
    judge(read, proving(read))
    assert read.outcome == TO_REVIEW


def test_a_report_that_is_there_is_replaced_only_when_asked(result: Result, tmp_path: Path) -> None:
    """A report that is there is replaced only when asked."""
    assert write_landing(tmp_path, result, False, [])[1] == []
    file = tmp_path / "revenue" / f"{result.report_id}.csv"
    assert write_landing(tmp_path, result, False, [])[0] == "it is there already, the same"
    file.write_text(file.read_text(encoding="utf-8").replace("145599.25", "145599.26"), encoding="utf-8")
    written, differences = write_landing(tmp_path, result, False, [])
    assert written == "nothing: it is there already"
    assert differences == ["revenue, row 1, fiscal_appropriation: «145599.26» becomes «145599.25»"]
    write_landing(tmp_path, result, True, [])
    assert "145599.26" not in file.read_text(encoding="utf-8")


def test_seeds_get_the_report_appended_and_others_stay(result: Result, tmp_path: Path) -> None:
    """Seeds get the report appended and others stay."""
    other = ",".join(raw_tables()["state_capital_operations"]) + "\n990101-117-2018,1,,合计,,,1.00,1.00,,\n"
    (tmp_path / "state_capital_operations.csv").write_text(other, encoding="utf-8")
    write_seeds(tmp_path, result, False, [])
    text = (tmp_path / "state_capital_operations.csv").read_text(encoding="utf-8")
    assert text.startswith(other)
    assert text.count("140405-031-2023") == 5


def test_the_landing_folder_has_the_columns_of_the_contract(result: Result, tmp_path: Path) -> None:
    """The landing folder has the columns of the contract."""
    write_landing(tmp_path, result, False, [])
    with (tmp_path / "three_public" / f"{result.report_id}.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert header[:3] == ["report_id", "row_no", "budget_total"]
    assert len(header) == 14


def test_the_review_page_shows_each_cell_once_and_runs_no_text_of_the_report(result: Result, tmp_path: Path) -> None:
    """The review page shows each cell once and runs no text of the report."""
    result.department = "<script>alert(1)</script>"
    path = write_review(result, tmp_path)
    html = path.read_text(encoding="utf-8")
    assert "<script>alert(1)" not in html
    assert html.count("data:image/png;base64,") >= 10
    assert html.count('class="a proved"') == result.cells_proved
    assert "http" not in html.replace("Content-Security-Policy", "").replace("http-equiv", "")


def test_a_correction_says_who_and_when(tmp_path: Path) -> None:
    """A correction says who and when."""
    path = tmp_path / "corrections.csv"
    path.write_text(",".join(COLUMNS) + "\n140405-031-2023,02,1,total,1,2,,2024-10-31\n", encoding="utf-8")
    with pytest.raises(ValueError, match="corrected_by"):
        read_corrections(path)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["/no/such/file"],
        ["--division", "14040", "."],
        ["--year", "20x4", "."],
        ["--jobs", "0", "."],
        ["--nonsense", "."],
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    """Wrong usage exits with 2."""
    with pytest.raises(SystemExit) as stopped:
        command.main(arguments)
    assert stopped.value.code == 2


@pytest.mark.slow
def test_the_command_reads_a_folder_once_and_says_what_became_of_each_file(
    printed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command reads a folder once and says what became of each file."""
    monkeypatch.setenv("FINAL_ACCOUNTS_INGEST", str(tmp_path / "work"))
    monkeypatch.setattr(batch, "prove", lambda rows: {report_id: Verdict() for report_id in rows})
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.pdf").write_bytes(printed.read_bytes())
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7")
    arguments = [
        str(folder),
        "--landing",
        str(tmp_path / "out"),
        "--json",
        "--no-review",
        "--jobs",
        "2",
        "--division",
        "140405",
    ]
    assert command.main(arguments) == 4
    shown = json.loads(capsys.readouterr().out)
    assert [(Path(one["file"]).name, one["outcome"]) for one in shown] == [
        ("bad.pdf", REFUSED),
        ("good.pdf", TO_REVIEW),
    ]
    assert shown[1]["layout"] == "national"
    assert [table["table_no"] for table in shown[1]["tables"]] == [f"{n:02}" for n in range(1, 11)]
    assert (tmp_path / "out" / "revenue").is_dir()
    # the second time nothing is read again
    monkeypatch.setattr(batch, "Task", lambda *_: pytest.fail("it was read again"))
    assert command.main(arguments) == 4


def test_a_reader_whose_batch_was_killed_ends(tmp_path: Path) -> None:
    """It has more to tell than a pipe holds, and nobody is there to take it."""
    program = (
        "import os, signal; from final_accounts.ingest.limits import Task; "
        "print(Task(str.ljust, ('', 1_000_000)).process.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    with (tmp_path / "pid").open("w") as file:
        subprocess.run([sys.executable, "-c", program], stdout=file, check=False)
    reader = Path("/proc") / (tmp_path / "pid").read_text().strip() / "cmdline"
    until = time.monotonic() + 20
    while reader.exists() and b"limits" in reader.read_bytes():
        assert time.monotonic() < until, "the reader waits for a batch that is gone"
        time.sleep(0.1)


def test_a_batch_that_is_killed_goes_on_where_it_was(
    printed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was read before SIGKILL is whole and is not read again; every file is in the summary."""
    folder, work = tmp_path / "in", tmp_path / "work"
    folder.mkdir()
    for number in range(6):
        # each file is another one
        (folder / f"{number}.pdf").write_bytes(printed.read_bytes() + b"\n%% %d" % number)
    program = f"import sys; from final_accounts.cli.ingest import main; sys.exit(main(['{folder}', '--jobs', '1']))"
    environment = {**os.environ, "FINAL_ACCOUNTS_INGEST": str(work)}
    killed = subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.DEVNULL)
    while len(list(work.glob("*.json"))) < 2:
        assert killed.poll() is None, "it ended before it could be killed"
        time.sleep(0.05)
    killed.kill()
    killed.wait()
    kept = [json.loads(path.read_text(encoding="utf-8")) for path in work.glob("*.json")]
    assert 2 <= len(kept) < 6
    again = []
    monkeypatch.setenv("FINAL_ACCOUNTS_INGEST", str(work))
    monkeypatch.setattr(batch, "prove", lambda rows: {report_id: Verdict() for report_id in rows})
    monkeypatch.setattr(batch, "Task", lambda *call: again.append(call[1][0].name) or Task(*call))
    assert command.main([str(folder), "--jobs", "1", "--no-review", "--dry-run"]) == 3
    assert sorted(again) == sorted({f"{n}.pdf" for n in range(6)} - {Path(one["file"]).name for one in kept})
    summary = capsys.readouterr().err
    assert "to review       6" in summary
    assert "seconds a page" in summary


def test_drafts_of_a_run_that_was_killed_are_removed(tmp_path: Path) -> None:
    """Those of one that goes on stay."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, own = tmp_path / f"a.{ended.pid}.draft", tmp_path / f"b.{os.getpid()}.draft"
    for draft in (left, own):
        draft.write_text("{}")
    assert batch.run([], {}, tmp_path, 1) == []
    assert (left.exists(), own.exists()) == (False, True)
