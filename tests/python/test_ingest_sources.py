"""The real reports, where they are: they are public documents and no part of this repository.

Set FINAL_ACCOUNTS_SOURCES to the folder that holds them, or put it beside the repository as ../shared/source.
"""

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from final_accounts.ingest.batch import Result, judge, read_file
from final_accounts.ingest.files.office import convert, converted, office
from final_accounts.ingest.proof import prove
from final_accounts.landing.raw_files import contract_columns
from final_accounts.proving.printing.portable import print_pdf
from final_accounts.proving.printing.styles import Style
from final_accounts.registry import TABLE_NAMES
from final_accounts.warehouse.paths import TOP
from projects import SHIPPED, read_rows
from test_ingest_tables import GIVEN, report

SOURCES = Path(os.environ.get("FINAL_ACCOUNTS_SOURCES", TOP.parent / "shared" / "source"))
FIRST = SOURCES / "000_9ab8174854570465.txt"
SHANGHAI = SOURCES / "putuo_shegong_2024.pdf"
PRINTED = "140405-m1-2023"

# Whether a text is cut off is a judgement of the person who typed it (see transcription_notes).
# who typed the first report had no file to name
JUDGED = {"cut_columns", "source_file", "source_url"}

needs_first = pytest.mark.skipif(
    not FIRST.is_file(), reason=f"the first report is not in {SOURCES}: set FINAL_ACCOUNTS_SOURCES"
)
needs_shanghai = pytest.mark.skipif(
    not SHANGHAI.is_file(), reason=f"the Shanghai report is not in {SOURCES}: set FINAL_ACCOUNTS_SOURCES"
)


@pytest.fixture(scope="module")
def first() -> Result:
    """The first report as read."""
    return read_file(FIRST, {})


@needs_first
@pytest.mark.parametrize(
    "table",
    sorted(
        f.stem
        for f in (TOP / "seeds" / "accounts").glob("*.yml")
        if f.stem not in ("transcription_notes", "corrections", "cell_places")
    ),
)
def test_the_text_of_the_first_report_gives_the_rows_that_were_typed(table: str, first: Result) -> None:
    """The text of the first report gives the rows that were typed."""
    columns = [c for c in contract_columns(TOP / "seeds" / "accounts" / f"{table}.yml") if c not in JUDGED]
    typed = [
        [row[c] for c in columns]
        for row in read_rows(TOP / "seeds" / "accounts" / f"{table}.csv")
        if row["report_id"] == SHIPPED
    ]
    assert [[row[c] for c in columns] for row in first.rows[table]] == typed


@needs_first
def test_nothing_of_the_first_report_is_doubtful(first: Result) -> None:
    """Nothing of the first report is doubtful."""
    assert (first.report_id, first.points, first.missing) == (SHIPPED, [], [])


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """The Shanghai report where it is, and a printed copy of the shipped one, proved in one build."""
    folder = tmp_path_factory.mktemp("proof")
    rows = {name: own for name, own in report().items() if not name.startswith("narrative")}
    print_pdf(rows, folder / "printed.pdf", Style())
    results = [read_file(folder / "printed.pdf", GIVEN | {"department_code": "m1"})]
    if SHANGHAI.is_file():
        results.append(read_file(SHANGHAI, {}))
    damaged = read_file(folder / "printed.pdf", GIVEN | {"department_code": "m2"})
    damaged.rows["revenue"][1]["total"] = "1436.65"
    orphan = dict.fromkeys(damaged.rows["revenue"][1], "")
    orphan |= {"report_id": damaged.report_id, "row_no": "99", "subject_code": "2290101", "subject_name": "其他支出"}
    damaged.rows["revenue"].append(orphan)
    results.append(damaged)
    unreadable = read_file(folder / "printed.pdf", GIVEN | {"department_code": "m3"})
    unreadable.rows["revenue_expenditure_summary"][0]["line_no"] = "二、外交支出"
    results.append(unreadable)
    for result, verdict in zip(results, prove({r.report_id: r.rows for r in results}, folder).values(), strict=True):
        judge(result, verdict)
    shutil.rmtree(folder)
    return {result.report_id: result for result in results}


@pytest.mark.slow
def test_a_printed_report_that_adds_up_has_every_amount_proved(verdicts: dict[str, Result]) -> None:
    """A printed report that adds up has every amount proved."""
    result = verdicts[PRINTED]
    assert result.points == []
    assert result.cells_proved == 295
    # the numbers of table 10 jump in print
    assert [point for point in result.contradictions if "Line numbers" not in point] == []


def test_a_wrong_amount_is_found_and_never_proved(verdicts: dict[str, Result]) -> None:
    """A wrong amount is found and never proved."""
    result = verdicts["140405-m2-2023"]
    assert result.outcome == "to review"
    cell = next(cell for cell in result.read_cells if cell.key == ("02", "2", "total"))
    assert cell.verdict.broken > 0
    assert cell.verdict.proposed == "1436.56"


def test_a_row_that_breaks_the_contract_is_told_of_its_own_report_only(verdicts: dict[str, Result]) -> None:
    """A subject without its parent is a point of the report that has it."""
    points = [point for point in verdicts["140405-m2-2023"].points if point.startswith("contract: ")]
    assert len(points) == 1
    assert "has no parent; expected a row" in points[0]


def test_a_text_where_only_a_number_can_stand_stops_the_proof_of_no_other_report(verdicts: dict[str, Result]) -> None:
    """The models cannot be built over a line number that is none: its report is proved by nothing, the others are."""
    result = verdicts["140405-m3-2023"]
    assert (result.outcome, result.cells_proved, result.breaks_contract) == ("to review", 0, True)
    assert verdicts[PRINTED].cells_proved == 295


@needs_shanghai
def test_every_amount_of_the_shanghai_report_is_proved(verdicts: dict[str, Result]) -> None:
    """Every amount of the shanghai report is proved."""
    result = next(result for result in verdicts.values() if result.layout == "shanghai")
    assert (result.points, result.missing, sorted(result.empty)) == ([], [], ["07", "08", "09"])
    assert result.cells_proved == 205
    assert result.contradictions == []
    # rates of growth over a year in which the department did not exist are a habit, and told once with their places
    habits = [remark for remark in result.remarks if remark.endswith("a rate over zero does not exist")]
    assert len(habits) == 1
    assert "page 17: 收入支出总计 100.00%" in habits[0]
    # the initial budget is zero, and the rate that is called its completion is that of the budget of the year
    (other,) = set(result.remarks) - set(habits)
    assert "95.89%" in other
    assert other.endswith("the rate is that of the budget of the year; the initial budget is zero")


# A figure as another reader's text has it: grouped or with decimals, so that no code, year or number of a line is one.
FIGURE = re.compile(r"(?<![\d.,-])-?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|(?<![\d.,])-?\d+\.\d{1,6}(?![\d.])")
# What begins the text behind or before the tables, where a file has no pages.
TEXT = {FIRST.name: "第三部分"}


def figures(texts: Iterator[str]) -> Counter[str]:
    """The figures of texts, without what parts thousands."""
    return Counter(found.replace(",", "") for text in texts for found in FIGURE.findall(text))


def printed(path: Path, result: Result, work: Path) -> Counter[str]:
    """The figures of the pages with tables, as another program than ours takes them from the file."""
    if path.suffix == ".pdf":
        pages = sorted({page for table in result.tables for page in table["pages"]} | pages_apart(result))
        document = pypdfium2.PdfDocument(path)
        return figures(document[page - 1].get_textpage().get_text_bounded() for page in pages)
    if path.suffix == ".txt":
        text = path.read_text(encoding="utf-8")
        return figures(iter([text[: text.index(TEXT[path.name])]]))
    copy = Path(shutil.copy(path, work))
    made = convert(copy, "txt:Text (encoded):UTF8")
    assert made is not None
    return figures(iter([made.read_text(encoding="utf-8")]))


def pages_apart(result: Result) -> set[int]:
    """The pages of what is kept apart."""
    return {int(row["page_no"]) for row in result.rows.get("other_cells", []) if row["page_no"]}


def rows_read(result: Result) -> Counter[str]:
    """The figures of the raw rows of the tables, and of what is kept apart of them."""
    own = (text for name in TABLE_NAMES.values() for row in result.rows.get(name, []) for text in row.values())
    return figures((*own, *(row["printed_text"] for row in result.rows.get("other_cells", []))))


@pytest.mark.slow
@pytest.mark.parametrize("name", [path.name for path in sorted(SOURCES.glob("*")) if path.is_file()])
def test_no_printed_figure_of_a_real_report_is_lost_or_made_up(name: str, tmp_path: Path) -> None:
    """Of a document without pages the text has figures of its own; the tables have those of the rows at least."""
    path = SOURCES / name
    if path.suffix == ".doc" and not office():
        pytest.skip("LibreOffice is not installed, so .doc cannot be read.")
    result = read_file(path, {}, converted(path, tmp_path) if path.suffix == ".doc" else None)
    there, read = printed(path, result, tmp_path), rows_read(result)
    assert sum(read.values()) > 100
    assert read - there == Counter()
    text = figures(iter([row["paragraph_text"] for row in result.rows.get("narrative_paragraphs", [])]))
    assert there - read - (text if path.suffix == ".doc" else Counter()) == Counter()
