"""The command as an operator meets it: what cannot be used is said at once, and nothing is written by halves."""

import copy
import errno
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pypdfium2
import pytest
from final_accounts.chromium import CHROMIUM, chromium
from final_accounts.cli import ingest as command
from final_accounts.ingest import batch, writing
from final_accounts.ingest.batch import Result, judge, read_file
from final_accounts.ingest.proof import CellVerdict, Verdict
from final_accounts.ingest.review import corrections
from final_accounts.ingest.review.corrections import COLUMNS, apply_corrections, read_corrections
from final_accounts.ingest.review.page import write_review
from final_accounts.ingest.writing import write_landing, write_seeds
from final_accounts.proving.printing.printers import print_report
from final_accounts.proving.printing.styles import Style
from test_ingest_tables import GIVEN, report

HEADER = ",".join(COLUMNS)
CELL = "140405-031-2023,02,1,total,1.00,2.00"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped report without its narrative, as a workbook."""
    rows = {name: own for name, own in report().items() if not name.startswith("narrative")}
    return print_report(rows, tmp_path_factory.mktemp("printed"), "report", Style("workbook"))[0]


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, and a proof that takes no time."""
    monkeypatch.setenv("FINAL_ACCOUNTS_INGEST", str(tmp_path / "work"))
    monkeypatch.setattr(batch, "prove", lambda rows: {report_id: Verdict() for report_id in rows})
    return tmp_path


@pytest.mark.parametrize(
    ("option", "content", "reason"),
    [
        ("--register", b"name;code\n", "the columns are name;code; expected file_name and any of"),
        ("--register", b"\xff\xfe\x00", "no CSV file in UTF-8"),
        ("--corrections", b"a,b\n1,2\n", "column report_id is missing"),
        ("--corrections", f"{HEADER}\n{CELL},me\n".encode(), "line 2: expected 8 cells"),
        ("--corrections", f"{HEADER}\n{CELL},me,2024-13-45\n".encode(), "expected a name and a date"),
        ("--corrections", f"{HEADER}\n{CELL},a,2024-10-31\n{CELL},b,2024-10-31\n".encode(), "is corrected twice"),
        ("--landing", b"", "no folder to write into"),
        ("--review", b"", "no folder to write into"),
    ],
)
def test_what_cannot_be_used_is_said_before_anything_is_read(
    option: str, content: bytes, reason: str, printed: Path, quick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the sentence that says what was expected, and the exit status of wrong usage."""
    (quick / "file").write_bytes(content)
    with pytest.raises(SystemExit) as stopped:
        command.main([str(printed), option, str(quick / "file")])
    assert stopped.value.code == 2
    assert reason in capsys.readouterr().err
    assert not (quick / "work").exists()


@pytest.mark.parametrize("name", ["two\nlines.xlsx", "no text \udcff.xlsx"])
def test_each_file_has_one_line_of_the_log_whatever_its_name(
    name: str, printed: Path, quick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where a library has set the logging up before."""
    logging.basicConfig(level=logging.WARNING)
    (quick / "in").mkdir()
    (quick / "in" / name).write_bytes(printed.read_bytes())
    assert command.main([str(quick / "in"), "--dry-run", "--no-review", "--json", "--jobs", "1"]) == 3
    lines = capsys.readouterr().err.splitlines()
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name)
    assert any(f"{shown}: read in" in line for line in lines)


def test_two_files_that_say_they_are_one_report_and_differ_are_not_written_over_each_other(
    printed: Path, quick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not even where reports that are there are to be replaced; each has its own page."""
    (quick / "in").mkdir()
    for name in "ab":
        (quick / "in" / f"{name}.xlsx").write_bytes(printed.read_bytes() + name.encode())
    given = [str(quick / "in"), "--landing", str(quick / "out"), "--review", str(quick / "pages"), "--replace"]
    command.main([*given, "--jobs", "1"])
    assert "a.xlsx says that it is the same report, and differs" in capsys.readouterr().err
    assert len(list((quick / "pages").iterdir())) == 2


def test_corrections_of_a_report_that_is_not_there_are_said(
    printed: Path, quick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are left out."""
    (quick / "c.csv").write_text(f"{HEADER}\n{CELL.replace('031', '999')},me,2024-10-31\n", encoding="utf-8")
    command.main([str(printed), "--dry-run", "--no-review", "--corrections", str(quick / "c.csv")])
    assert "corrections of report 140405-999-2023 are left out" in capsys.readouterr().err


@pytest.mark.parametrize("write", [write_landing, write_seeds])
def test_a_full_disk_leaves_what_was_there_as_it_was(
    write: object, printed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many tables were drafted before it was full."""
    result = read_file(printed, GIVEN)
    write(tmp_path, result, False, [])
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.csv")}
    drafted = []

    def full(path: Path, columns: list[str], rows: list[dict[str, str]]) -> Path:
        if len(drafted) == 3:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        drafted.append(path)
        return draft(path, columns, rows)

    draft = writing.draft_csv
    monkeypatch.setattr(writing, "draft_csv", full)
    result.rows["revenue"][0]["total"] = "9.99"
    with pytest.raises(OSError, match="No space"):
        write(tmp_path, result, True, [])
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_what_could_not_be_written_ends_with_1(
    printed: Path, quick: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And with a sentence, not with a trace of the program."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "revenue.csv")

    monkeypatch.setattr(command, "write_landing", full)
    assert command.main([str(printed), "--no-review", "--landing", str(quick / "out")]) == 1
    assert "NOT WRITTEN (No space left on device: revenue.csv)" in capsys.readouterr().err


def test_two_runs_that_write_into_the_same_seeds_lose_nothing(printed: Path, tmp_path: Path) -> None:
    """Each adds its report to the files that the other adds to."""
    first = read_file(printed, GIVEN)
    results = [Result("f", report_id=f"140405-m{n}-2023") for n in range(8)]
    for result in results:
        result.rows = {
            name: [row | {"report_id": result.report_id} for row in rows] for name, rows in first.rows.items()
        }
    runs = [threading.Thread(target=write_seeds, args=(tmp_path, result, False, [])) for result in results]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    text = (tmp_path / "reports.csv").read_text(encoding="utf-8")
    assert all(result.report_id in text for result in results)


def test_a_run_that_is_interrupted_ends_soon_and_says_how_to_go_on(printed: Path, tmp_path: Path) -> None:
    """Not after all files that are still to come."""
    (tmp_path / "in").mkdir()
    for number in range(20):
        (tmp_path / "in" / f"{number}.xlsx").write_bytes(printed.read_bytes() + b"%d" % number)
    program = "import sys; from final_accounts.cli.ingest import main; sys.exit(main(sys.argv[1:]))"
    run = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "in"), "--jobs", "1", "--dry-run", "--no-review"],
        env={**os.environ, "FINAL_ACCOUNTS_INGEST": str(tmp_path / "work")},
        stderr=subprocess.PIPE,
        text=True,
    )
    while not list((tmp_path / "work").glob("*.json")):
        assert run.poll() is None
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=20)
    assert run.returncode == 130
    assert "the same command goes on from there" in said
    assert len(list((tmp_path / "work").glob("*.json"))) < 20


def test_a_folder_is_read_file_by_file_and_what_is_not_is_said(tmp_path: Path) -> None:
    """A folder that somebody sent may hold links to files of the machine that opens it, and pipes."""
    (tmp_path / "elsewhere.txt").touch()
    folder = tmp_path / "reports"
    (folder / "more").mkdir(parents=True)
    names = ["a.pdf", "b.doc", "c.ofd", "d.XLS", "e", "more/f.docx"]
    for name in [*names, ".DS_Store", "~$b.doc"]:
        (folder / name).touch()
    (folder / "link.txt").symlink_to(tmp_path / "elsewhere.txt")
    os.mkfifo(folder / "pipe.pdf")
    files, left = batch.files_of([folder], tmp_path / "work")
    assert files == [folder / name for name in names]
    assert [(sentence.split(": ")[0].rsplit("/", 1)[1], sentence.split(": ")[1]) for sentence in left] == [
        (".DS_Store", "a file of a system or program"),
        ("link.txt", "a link, which may lead elsewhere; name it, or what it leads to"),
        ("pipe.pdf", "a pipe; name it, or what it leads to"),
        ("~$b.doc", "a file of a system or program"),
    ]


def test_a_damaged_file_is_refused_with_what_can_be_done(tmp_path: Path) -> None:
    """Most damaged files are downloads that broke off."""
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.7\n")
    result = batch.run([tmp_path / "cut.pdf"], {}, tmp_path / "work", 1)[0]
    assert "was not downloaded to its end" in result.reason


def held(result: Result) -> dict[tuple[str, str, str], CellVerdict]:
    """A verdict on each amount: an identity holds it."""
    amounts = [cell for cell in result.read_cells if cell.is_amount]
    return {cell.key: CellVerdict("amount" if cell.text else "blank", 1, 0, 0) for cell in amounts}


@pytest.fixture(scope="module")
def misread(printed: Path) -> Result:
    """A report with one text that is no amount, one amount that an identity breaks over, and one that none holds."""
    result = read_file(printed, GIVEN)
    first, second, third = [cell for cell in result.read_cells if cell.is_amount and cell.text][:3]
    first.text = result.rows["revenue_expenditure_summary"][int(first.row_no) - 1]["amount"] = "12.3O"
    result.points.append(f"table {first.table_no}: page 2: «12.3O» is no amount")
    cells = held(result)
    cells[first.key] = CellVerdict("rejected", 0, 0, 0)
    cells[second.key] = CellVerdict("amount", 0, 1, 0, "5.00")
    cells[third.key] = CellVerdict("amount", 0, 0, 0)
    contract = ["seeds/accounts/x.csv, row 1, column amount: «12.3O»; expected an amount such as 1,234.56"]
    judge(result, Verdict(cells, rejected=["x, row 1, amount: «12.3O», expected an amount"], contract=contract))
    return result


def test_a_text_that_is_no_amount_is_one_point_and_not_three(misread: Result) -> None:
    """The reader, the contract and the models say the same of it."""
    assert sum("12.3O" in point for point in misread.points) == 1


def test_correcting_the_cells_settles_what_was_said_of_them(misread: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the identities said of other cells is asked again, what a person has read is not."""
    result = copy.deepcopy(misread)
    place = next(cell for cell in result.read_cells if cell.text == "12.3O")
    cell = dict(zip(COLUMNS, [result.report_id, *place.key, "12.3O", "12.30", "me", "2024-10-31"], strict=True))
    verdict = Verdict(held(result))
    monkeypatch.setattr(corrections, "prove", lambda rows: dict.fromkeys(rows, verdict))
    apply_corrections([result], [cell])
    assert [point for point in result.points if "amounts were read" not in point] == []


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed, so no page can be opened.")
def test_the_review_page_is_worked_through_with_the_keyboard(misread: Result, tmp_path: Path) -> None:
    """The doubtful cells come first; the proposed value is taken, a text corrected, and what is saved is accepted."""
    page = write_review(misread, tmp_path)
    with chromium() as browser:
        browser.open(page, width=390)
        assert browser.ask("document.documentElement.scrollWidth") == 390
        assert browser.ask("document.querySelector('h2').textContent") == "Cells to check first (3)"
        name = "who.value = 'Li, \"Q\"'; who.dispatchEvent(new Event('input'))"
        browser.ask(f"(() => {{ const who = document.getElementById('who'); {name} }})()")
        browser.click("[data-take]")
        cells = "[...document.querySelectorAll('.first td[data-cell]')]"
        browser.ask(f"{cells}.find(cell => cell.textContent === '12.3O').focus()")
        browser.press("Enter")
        browser.ask("(() => { document.activeElement.value = '12.30' })()")
        browser.press("Enter")
        browser.press("Enter")
        browser.ask("(() => { document.activeElement.value = 'nonsense' })()")
        browser.press("Escape")
        assert browser.ask("document.getElementById('count').textContent") == "2"
        (tmp_path / "saved.csv").write_text(browser.ask("csv()"), encoding="utf-8")
        assert browser.problems == []
    saved = read_corrections(tmp_path / "saved.csv")
    assert {(row["text_corrected"], row["corrected_by"]) for row in saved} == {
        ("5.00", 'Li, "Q"'),
        ("12.30", 'Li, "Q"'),
    }


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed, so no page can be opened.")
def test_each_doubtful_cell_is_shown_as_it_is_printed(tmp_path: Path) -> None:
    """Cut out of the picture of its page, also where the page is printed sideways."""
    rows = {name: own for name, own in report().items() if not name.startswith("narrative")}
    path = print_report(rows, tmp_path, "report", Style())[0]
    document = pypdfium2.PdfDocument(path)
    for page in document:
        page.set_rotation(90)
    document.save(tmp_path / "sideways.pdf")
    result = read_file(tmp_path / "sideways.pdf", GIVEN)
    amounts = [cell.key for cell in result.read_cells if cell.is_amount and cell.text]
    judge(result, Verdict({key: CellVerdict("amount", 0, 0, 0) for key in amounts}))
    with chromium() as browser:
        browser.open(write_review(result, tmp_path))
        assert browser.ask("document.querySelectorAll('.cut img').length") == result.cells
        upright = "document.querySelector('.picture img')"
        assert browser.ask(f"{upright}.naturalHeight > {upright}.naturalWidth")
