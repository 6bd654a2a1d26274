"""Writes raw rows into seeds/accounts/ or a landing folder; a report that is there is replaced only when asked.

Every file is written whole and put in place in one step.
"""

import csv
from pathlib import Path

from final_accounts.ingest.batch import Result
from final_accounts.ingest.corrections import COLUMNS
from final_accounts.ingest.reading import columns_of, raw_tables, safe_name, write_csv

# What a person has written about the report is none of the reader's.
KEPT = ("transcription_notes", "corrections")


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


def _brief(row: dict[str, str]) -> str:
    return ", ".join(value for name, value in row.items() if value and name != "report_id")[:120]


def write_landing(
    folder: Path, result: Result, replace: bool, corrections: list[dict[str, str]]
) -> tuple[str, list[str]]:
    """Writes `<folder>/<table>/<report_id>.csv`; returns what was written, and how it differs from what was there."""
    name = safe_name(result.report_id) + ".csv"
    tables = [table for table in raw_tables() if table not in KEPT]
    old = {table: _read(folder / table / name) for table in tables}
    found = differences(old, {table: result.rows.get(table, []) for table in tables}) if any(old.values()) else []
    if any(old.values()) and not found:
        return "it is there already, the same", []
    if found and not replace:
        return "nothing: it is there already", found
    for table in tables:
        target = folder / table / name
        if result.rows.get(table):
            target.parent.mkdir(parents=True, exist_ok=True)
            write_csv(target, columns_of(table), result.rows[table])
        else:
            target.unlink(missing_ok=True)
    own = [{column: row[column] for column in COLUMNS} for row in corrections if row["report_id"] == result.report_id]
    if own:
        (folder / "corrections").mkdir(parents=True, exist_ok=True)
        write_csv(folder / "corrections" / name, list(COLUMNS), own)
    return f"written to {folder}", found


def write_seeds(
    folder: Path, result: Result, replace: bool, corrections: list[dict[str, str]]
) -> tuple[str, list[str]]:
    """Appends the report to the files of seeds/accounts, or replaces it there in its place."""
    tables = [table for table in raw_tables() if table not in KEPT]
    files = {table: _read(folder / f"{table}.csv") for table in tables}
    old = {table: [row for row in rows if row["report_id"] == result.report_id] for table, rows in files.items()}
    found = differences(old, {table: result.rows.get(table, []) for table in tables}) if any(old.values()) else []
    if any(old.values()) and not found:
        return "it is there already, the same", []
    if found and not replace:
        return "nothing: it is there already", found
    for table in tables:
        new = result.rows.get(table, [])
        if not new and not old[table]:
            continue
        rows = files[table]
        at = next((n for n, row in enumerate(rows) if row["report_id"] == result.report_id), len(rows))
        rest = [row for row in rows[at:] if row["report_id"] != result.report_id]
        write_csv(folder / f"{table}.csv", columns_of(table), rows[:at] + new + rest)
    own = [{column: row[column] for column in COLUMNS} for row in corrections if row["report_id"] == result.report_id]
    if own:
        path = folder / "corrections.csv"
        others = [row for row in _read(path) if row["report_id"] != result.report_id]
        write_csv(path, list(COLUMNS), others + own)
    return f"written to {folder.parent.name}/{folder.name}", found
