"""Writes raw rows into seeds/accounts/ or a landing folder; a report that is there is replaced only when asked.

All files of a report go in together, wherever the program is stopped.
"""

import csv
import json
import shutil
from pathlib import Path

import duckdb

from final_accounts.ingest.batch import Result
from final_accounts.ingest.document.reading import columns_of, draft_csv, raw_tables, safe_name
from final_accounts.ingest.files.upright import turned_in
from final_accounts.ingest.review.corrections import COLUMNS
from final_accounts.landing.folder import Swap, alone, sources_of
from final_accounts.landing.reader import look, reports_in

# What a person has written about the report is none of the reader's.
KEPT = ("transcription_notes", "corrections")
# Where a cell was found is no part of what it says: another version of the reader is no difference.
PLACES = "cell_places"


def _read(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def differences(old: dict[str, list[dict[str, str]]], new: dict[str, list[dict[str, str]]]) -> list[str]:
    """Sentences for each cell that differs, table by table and row by row."""
    found: list[str] = []
    for name in sorted(set(old) | set(new)):
        before, after = old.get(name, []), new.get(name, [])
        for number in range(max(len(before), len(after))):
            if number >= len(before):
                found.append(f"{name}, row {number + 1}: new: {_brief(after[number])}")
            elif number >= len(after):
                found.append(f"{name}, row {number + 1}: no longer there: {_brief(before[number])}")
            else:
                for column in after[number]:
                    left, right = before[number].get(column, ""), after[number][column]
                    if left != right:
                        found.append(f"{name}, row {number + 1}, {column}: «{left}» becomes «{right}»")
    return found


def _differences(old: dict[str, list[dict[str, str]]], result: Result) -> list[str]:
    """How a report differs from what is there of it, if anything is."""
    if not any(old.values()):
        return []
    compared = [table for table in old if table != PLACES]
    new = {table: result.rows.get(table, []) for table in compared}
    # Under which name a file lies says nothing of the report, nor that its address was not given again.
    new["reports"] = [
        {name: text for name, text in row.items() if name != "source_file" and (text or name != "source_url")}
        for row in new.get("reports", [])
    ]
    return differences({table: old[table] for table in compared}, new)


def _brief(row: dict[str, str]) -> str:
    return ", ".join(value for name, value in row.items() if value and name != "report_id")[:120]


def keep_source(folder: Path, result: Result) -> None:
    """Keeps the file of a report under its SHA-256, so that the page and box of a cell can be shown later."""
    (report,) = result.rows["reports"]
    path = Path(result.file)
    kept = folder / f"{report['source_sha256']}{path.suffix.lower()}"
    if not kept.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        draft = kept.with_name(f".{kept.name}.draft")
        try:
            if result.turned:
                draft.write_text(json.dumps(dict(result.turned)), encoding="utf-8")
                draft.replace(turned_in(kept))
            shutil.copyfile(path, draft)
            draft.replace(kept)
        finally:
            draft.unlink(missing_ok=True)


def write_landing(
    folder: Path, result: Result, replace: bool, corrections: list[dict[str, str]]
) -> tuple[str, list[str]]:
    """Writes `<folder>/<table>/<report_id>.csv`; returns what was written, and how it differs from what was there."""
    keep_source(sources_of(folder.resolve()), result)
    with alone(folder):
        return _write_landing(folder, result, replace, corrections)


def _write_landing(
    folder: Path, result: Result, replace: bool, corrections: list[dict[str, str]]
) -> tuple[str, list[str]]:
    name = safe_name(result.report_id) + ".csv"
    elsewhere = _in_another_file(folder, result.report_id, name)
    if elsewhere:
        return f"nothing: it is in {elsewhere} already", []
    tables = [table for table in raw_tables() if table not in KEPT]
    old = {table: _read(folder / table / name) for table in tables}
    found = _differences(old, result)
    if why := _why_nothing(old, found, replace):
        return why, found
    swap = Swap(folder, safe_name(result.report_id))
    for table in tables:
        if result.rows.get(table):
            _write(swap.file(table, name), columns_of(table), result.rows[table])
    if own := _corrections_of(result, corrections):
        _write(swap.file("corrections", name), list(COLUMNS), own)
    swap.remove(folder / table / name for table in tables if not result.rows.get(table))
    swap.go()
    return f"written to {folder}", found


def _why_nothing(old: dict[str, list[dict[str, str]]], found: list[str], replace: bool) -> str:
    """Why a report that is there already is not written: it is the same, or may not be replaced."""
    if any(old.values()) and not found:
        return "it is there already, the same"
    return "nothing: it is there already" if found and not replace else ""


def _corrections_of(result: Result, corrections: list[dict[str, str]]) -> list[dict[str, str]]:
    """The corrections of one report, without what else their file may hold."""
    own = [row for row in corrections if row["report_id"] == result.report_id]
    return [{column: row[column] for column in COLUMNS} for row in own]


def _write(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    draft_csv(path, columns, rows).replace(path)


def _in_another_file(folder: Path, report_id: str, name: str) -> str:
    """The file of another name in a landing folder that has the report, as scripts/land writes them."""
    with duckdb.connect() as connection:
        for file in look(folder)[0]:
            is_other = file.table == "reports" and file.path.name != name
            if is_other and report_id in reports_in(connection, file.path):
                return file.name
    return ""


def write_seeds(
    folder: Path, result: Result, replace: bool, corrections: list[dict[str, str]]
) -> tuple[str, list[str]]:
    """Appends the report to the files of seeds/accounts, or replaces it there in its place."""
    with alone(folder):
        return _write_seeds(folder, result, replace, corrections)


def _write_seeds(
    folder: Path, result: Result, replace: bool, corrections: list[dict[str, str]]
) -> tuple[str, list[str]]:
    tables = [table for table in raw_tables() if table not in KEPT]
    files = {table: _read(folder / f"{table}.csv") for table in tables}
    old = {table: [row for row in rows if row["report_id"] == result.report_id] for table, rows in files.items()}
    found = _differences(old, result)
    if why := _why_nothing(old, found, replace):
        return why, found
    swap = Swap(folder, safe_name(result.report_id))
    for table in tables:
        new = result.rows.get(table, [])
        if new or old[table]:
            _write(swap.file(f"{table}.csv"), columns_of(table), _with_report(files[table], result.report_id, new))
    if own := _corrections_of(result, corrections):
        others = [row for row in _read(folder / "corrections.csv") if row["report_id"] != result.report_id]
        _write(swap.file("corrections.csv"), list(COLUMNS), others + own)
    swap.go()
    return f"written to {folder.parent.name}/{folder.name}", found


def _with_report(rows: list[dict[str, str]], report_id: str, new: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows of a file with those of one report in the place of its old ones, or behind all others."""
    at = next((n for n, row in enumerate(rows) if row["report_id"] == report_id), len(rows))
    return rows[:at] + new + [row for row in rows[at:] if row["report_id"] != report_id]
