"""Corrections that a person has made: rows of their own, beside what was read, which stays.

A correction names the cell and says what was read, what stands in print, who says so and when. The raw rows that are
written have the corrected text; the row in `corrections` keeps the other.
"""

import csv
import re
from datetime import date
from pathlib import Path

from final_accounts.ingest.batch import TO_REVIEW, UNDECIDED, Result, judge
from final_accounts.ingest.proof import prove
from final_accounts.registry import TABLE_NAMES

COLUMNS = (
    "report_id",
    "table_no",
    "row_no",
    "column_name",
    "text_read",
    "text_corrected",
    "corrected_by",
    "corrected_at",
)


def read_corrections(path: Path | None) -> list[dict[str, str]]:
    """The corrections of a file; raises ValueError with a sentence where one cannot be used."""
    if path is None:
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows, header = list(reader), reader.fieldnames or []
    except (UnicodeDecodeError, csv.Error):
        raise ValueError(f"{path}: no CSV file in UTF-8, as the review page saves it") from None
    if absent := [name for name in COLUMNS if name not in header]:
        raise ValueError(f"{path}: column {absent[0]} is missing; expected {','.join(COLUMNS)}")
    seen: set[tuple[str, ...]] = set()
    for number, row in enumerate(rows, 2):
        if wrong := _what_is_wrong(row):
            raise ValueError(f"{path}, line {number}: {wrong}")
        cell = tuple(row[name] for name in COLUMNS[:4])
        if cell in seen:
            raise ValueError(f"{path}, line {number}: {' '.join(cell)} is corrected twice")
        seen.add(cell)
    return rows


def _what_is_wrong(row: dict[str, str]) -> str:
    """Why a correction cannot be used by itself; nothing where it can."""
    if any(row[name] is None for name in COLUMNS) or None in row:
        return f"expected {len(COLUMNS)} cells, {','.join(COLUMNS)}"
    if not row["corrected_by"].strip() or not _is_date(row["corrected_at"]):
        return (
            f"corrected_by «{row['corrected_by']}», corrected_at «{row['corrected_at']}»; "
            "expected a name and a date such as 2024-10-31"
        )
    if row["table_no"] not in TABLE_NAMES:
        return f"table_no «{row['table_no']}»; expected one of {', '.join(TABLE_NAMES)}"
    return ""


def _is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text[:10]))
    except ValueError:
        return False


def apply_corrections(results: list[Result], corrections: list[dict[str, str]]) -> None:
    """Puts the corrected texts into the rows and asks the identities again.

    A correction that fits no cell is a point to look at.
    """
    touched: dict[str, Result] = {}
    for result in results:
        for correction in corrections:
            if correction["report_id"] == result.report_id and _correct(result, correction):
                touched[result.report_id] = result
    if not touched:
        return
    verdicts = prove({report_id: result.rows for report_id, result in touched.items()})
    for report_id, result in touched.items():
        _settle(result, [c for c in corrections if c["report_id"] == report_id])
        judge(result, verdicts[report_id])


def _correct(result: Result, correction: dict[str, str]) -> bool:
    """Puts a corrected text into its cell; False, and a point to look at, where it fits none."""
    rows = result.rows.get(TABLE_NAMES[correction["table_no"]], [])
    row = next((r for r in rows if r["row_no"] == correction["row_no"]), None)
    column = correction["column_name"]
    cell = f"table {correction['table_no']}, row {correction['row_no']}, {column}"
    if row is None or column not in row or column == "report_id":
        result.points.append(f"a correction names a cell that is not there: {cell}")
        result.outcome = TO_REVIEW
        return False
    if row[column] not in (correction["text_read"], correction["text_corrected"]):
        result.points.append(
            f"a correction is for another reading: {cell} reads «{row[column]}», not «{correction['text_read']}»"
        )
        result.outcome = TO_REVIEW
        return False
    row[column] = correction["text_corrected"]
    _say_by_hand(result, correction)
    return True


def _settle(result: Result, corrections: list[dict[str, str]]) -> None:
    """Takes the cells of a report's corrections for read: what the reader doubted in them, a person has looked at."""
    done = {(c["table_no"], c["row_no"], c["column_name"]): c["text_read"] for c in corrections}
    corrected = {(c["table_no"], c["row_no"], c["column_name"]): c["text_corrected"] for c in corrections}
    result.points = [p for p in result.points if not _is_settled(p, done, result)]
    for cell in result.read_cells:
        if cell.key in corrected:
            cell.text = corrected[cell.key]
            if cell.again is not None:
                # a person has looked at the picture
                cell.again, cell.is_twice = cell.text, True
    result.cells = sum(cell.is_amount and cell.has_digits for cell in result.read_cells)


def _say_by_hand(result: Result, correction: dict[str, str]) -> None:
    """Says of the place of a corrected cell that a person has read it."""
    cell = {"raw_table": TABLE_NAMES[correction["table_no"]]} | {n: correction[n] for n in ("row_no", "column_name")}
    known = [place for place in result.rows["cell_places"] if cell.items() <= place.items()]
    if not known:
        # nothing was read where something is printed
        blank = dict.fromkeys(("page_no", "box", "reader"), "")
        known = [{"report_id": result.report_id} | cell | blank]
        result.rows["cell_places"] += known
    known[0]["read_as"] = "by hand"


# What the identities say they say again of the corrected rows.
_ASKED_AGAIN = re.compile(
    r"^(an identity breaks|contract|not an amount): |: no identity holds this amount$"
    rf"|is in no row that the warehouse knows$|, {UNDECIDED}$"
    r"|^\d+ amounts were read, the warehouse has |^\d+ of \d+ amounts are not proved$"
)


def _is_settled(point: str, done: dict[tuple[str, str, str], str], result: Result) -> bool:
    """Whether a point is answered by the corrections, or is asked again by the identities."""
    if _ASKED_AGAIN.search(point):
        return True
    if any(point.startswith(f"table {t}, row {r}, {c}:") for t, r, c in done):
        return True
    unread = re.match(r"^table (\d\d): page \d+: «(.*)» is no amount$", point, re.DOTALL)
    if unread:
        # the same text may stand in another cell of the table, which nobody has corrected
        rows = result.rows.get(TABLE_NAMES[unread.group(1)], [])
        was_read = any(t == unread.group(1) and text == unread.group(2) for (t, _, _), text in done.items())
        return was_read and not any(unread.group(2) in row.values() for row in rows)
    doubtful = {cell.key for cell in result.read_cells if cell.doubt}
    return bool(re.match(r"^table \d\d: \d+ cells: ", point)) and doubtful <= done.keys()
