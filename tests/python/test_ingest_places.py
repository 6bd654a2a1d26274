"""Where each cell stands in the file of its report: page and box lead back to what is printed there."""

from copy import deepcopy
from pathlib import Path

import pdfplumber
import pytest
from final_accounts.ingest.batch import Result, read_file
from final_accounts.ingest.document.pages import Box, Line, Word, joined
from final_accounts.ingest.document.reading import NOT_PRINTED
from final_accounts.ingest.narrative.places import places_of
from final_accounts.ingest.review import corrections
from final_accounts.ingest.review.corrections import apply_corrections
from final_accounts.ingest.writing import sources_of, write_landing
from final_accounts.proving.printing.portable import print_pdf
from final_accounts.proving.printing.styles import Style
from final_accounts.registry import TABLE_NAMES
from test_ingest_tables import GIVEN, report

CORRECTION = {"corrected_by": "me", "corrected_at": "2024-10-31"}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped report as a PDF."""
    path = tmp_path_factory.mktemp("places") / "report.pdf"
    print_pdf(report(), path, Style())
    return path


@pytest.fixture(scope="module")
def read_once(printed: Path) -> Result:
    """What is read of it."""
    return read_file(printed, GIVEN)


@pytest.fixture
def result(read_once: Result) -> Result:
    """The same, which a test may change."""
    return deepcopy(read_once)


def test_what_stands_in_the_box_of_a_cell_is_what_was_read(result: Result, printed: Path) -> None:
    """Of every cell of the tables, and of every figure of the narrative."""
    texts = {("narrative_claims", row["claim_no"]): row for row in result.rows["narrative_claims"]}
    texts |= {(name, row["row_no"]): row for name in TABLE_NAMES.values() for row in result.rows[name]}
    with pdfplumber.open(printed) as pdf:
        chars = {page.page_number: page.dedupe_chars().chars for page in pdf.pages}
    found = []
    for place in result.rows["cell_places"]:
        text = texts[place["raw_table"], place["row_no"]][place["column_name"]]
        x0, top, x1, bottom = map(float, place["box"].split())
        middles = [
            (char["text"], (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2)
            for char in chars[int(place["page_no"])]
        ]
        inside = joined("".join(c for c, x, y in middles if x0 <= x <= x1 and top <= y <= bottom))
        found += [] if sorted(inside) == sorted(joined(text)) else [(place, text, inside)]
    assert found == []
    amounts = sum(cell.is_amount and cell.has_digits for cell in result.read_cells)
    kept = [place for place in result.rows["cell_places"] if place["raw_table"] in TABLE_NAMES.values()]
    assert amounts > 200
    assert len(kept) == sum(bool(cell.text.strip()) and cell.column not in NOT_PRINTED for cell in result.read_cells)
    claims = [place for place in result.rows["cell_places"] if place["raw_table"] == "narrative_claims"]
    assert len(claims) == sum(1 for row in result.rows["narrative_claims"] if row["value_text"])


def test_a_figure_that_stands_twice_in_a_paragraph_has_two_places() -> None:
    """One after the other; one that the end of a line parts has its page alone."""
    edges = tuple((10.0 * n, 10.0 * n + 9) for n in range(10))
    line = Line("甲5.0元乙5.0元", 3, Box(0, 0, 99, 10), [Word("甲5.0元乙5.0元", Box(0, 0, 99, 10), edges)])
    below = Line("丙1", 3, Box(0, 12, 19, 22), [Word("丙1", Box(0, 12, 19, 22))])
    found = places_of([line, below, Line("7.0元", 4)], ["5.0", "5.0", "17.0"])
    assert [(cell.page, cell.box) for cell in found] == [
        (3, Box(10, 0, 39, 10)),
        (3, Box(60, 0, 89, 10)),
        (3, None),
    ]


def test_the_file_of_a_report_is_kept_beside_the_landing_folder(result: Result, printed: Path, tmp_path: Path) -> None:
    """Under its SHA-256, as the row of the report names it."""
    landing = tmp_path / "landing"
    write_landing(landing, result, replace=False, corrections=[])
    (kept,) = sources_of(landing).iterdir()
    assert kept.name == f"{result.rows['reports'][0]['source_sha256']}.pdf"
    assert kept.read_bytes() == printed.read_bytes()
    assert {path.name for path in landing.iterdir()} <= result.rows.keys()


def test_another_version_of_the_reader_is_no_difference(result: Result, tmp_path: Path) -> None:
    """A report that says the same is there already."""
    write_landing(tmp_path / "landing", result, replace=False, corrections=[])
    for place in result.rows["cell_places"]:
        place["reader"] = "another"
    assert write_landing(tmp_path / "landing", result, False, []) == ("it is there already, the same", [])


@pytest.mark.parametrize("column", ["total", "affiliate_remittance"])
def test_a_cell_that_a_person_corrected_was_read_by_hand(
    column: str, result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one in which nothing was read."""
    monkeypatch.setattr(corrections, "prove", lambda rows: dict.fromkeys(rows))
    monkeypatch.setattr(corrections, "judge", lambda *_: None)
    cell = {"table_no": "02", "row_no": "1", "column_name": column}
    read = {"text_read": result.rows["revenue"][0][column], "text_corrected": "9.99"}
    apply_corrections([result], [{"report_id": result.report_id} | cell | read | CORRECTION])
    by_hand = [p for p in result.rows["cell_places"] if p["read_as"] == "by hand"]
    assert [(p["raw_table"], p["row_no"], p["column_name"]) for p in by_hand] == [("revenue", "1", column)]
