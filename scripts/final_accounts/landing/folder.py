"""A landing folder: raw tables of many reports, as <folder>/<table>/*.parquet or *.csv, with the columns of the seeds.

dbt reads it with macros/landing.sql; this is how Python reads and writes it. What belongs together goes in by one
rename: files are prepared in a folder of their own, and whoever opens the landing folder next ends what was begun.
The folder of the seeds, <table>.csv, is written in the same way.
"""

import fcntl
import logging
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from final_accounts.warehouse.disk import sync

log = logging.getLogger(__name__)

# How each kind of file is read: every column as text, and nothing guessed.
READERS = {
    ".csv": "read_csv(?, all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', comment = '', "
    "skip = 0, strict_mode = true)",
    ".parquet": "read_parquet(?)",
}

# The report of a row, as staging reads it (macro trimmed).
REPORT = "nullif(regexp_replace(report_id, '^[\\s\\x{00A0}\\x{3000}]+|[\\s\\x{00A0}\\x{3000}]+$', '', 'g'), '')"

# What the folder holds beside raw tables: what has landed, why something has not, and what is on its way.
RECORD, SET_ASIDE, PREPARED, GOING_IN = "landed.jsonl", "set_aside", ".prepared", ".going_in"
_REMOVED = "removed.txt"
_OF_THE_SWAP = {RECORD, _REMOVED}


def sources_of(folder: Path) -> Path:
    """Where the files of the reports in a landing folder are kept: beside it, as all in it is rows."""
    return folder.with_name(f"{folder.name}.sources")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Waits until no other run writes into a folder, and ends what one that was stopped had begun."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        finish(folder)
        yield
    finally:
        # what was prepared and did not go in
        shutil.rmtree(folder / PREPARED, ignore_errors=True)
        os.close(descriptor)


class Swap:
    """Files that go into a folder of raw tables together, or not at all; used by who is alone in it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._folder = folder
        self._place = folder / PREPARED / name
        shutil.rmtree(self._place, ignore_errors=True)
        self._place.mkdir(parents=True)

    def file(self, *parts: str) -> Path:
        """Where to write a file of a raw table: its folder and name, or its name."""
        place = self._place.joinpath(*parts)
        place.parent.mkdir(exist_ok=True)
        return place

    def remember(self, lines: Iterable[str]) -> None:
        """Lines of the record of what has landed."""
        (self._place / RECORD).write_text("".join(line + "\n" for line in lines), encoding="utf-8")

    def remove(self, files: Iterable[Path]) -> None:
        """Files that are no longer there afterwards."""
        names = [file.relative_to(self._folder).as_posix() for file in files]
        (self._place / _REMOVED).write_text("".join(name + "\n" for name in names), encoding="utf-8")

    def go(self) -> None:
        """Everything goes in: with the rename it is decided, and the rest can be done again."""
        for file in self._place.rglob("*"):
            sync(file)
        going = self._folder / GOING_IN
        going.mkdir(exist_ok=True)
        self._place.rename(going / self._place.name)
        try:
            sync(going)
            finish(self._folder)
        except OSError as error:
            log.warning("%s: what goes in is put in place when the folder is opened next (%s)", self._folder, error)


def finish(folder: Path) -> None:
    """Puts in place what was decided to go in, and removes what was only prepared."""
    shutil.rmtree(folder / PREPARED, ignore_errors=True)
    going = folder / GOING_IN
    if not going.is_dir():
        return
    for place in sorted(going.iterdir()):
        for file in sorted(path for path in place.rglob("*.*") if path.is_file() and path.name not in _OF_THE_SWAP):
            target = folder / file.relative_to(place)
            target.parent.mkdir(exist_ok=True)
            file.replace(target)
        if (place / _REMOVED).is_file():
            for name in (place / _REMOVED).read_text(encoding="utf-8").splitlines():
                (folder / name).unlink(missing_ok=True)
        if (place / RECORD).is_file():
            _add_to_record(folder / RECORD, recorded(place / RECORD))
        shutil.rmtree(place)
    going.rmdir()


def recorded(record: Path) -> list[str]:
    """The lines of a record, without the end of one that was not written to its end."""
    if not record.is_file():
        return []
    text = record.read_text(encoding="utf-8", errors="replace")
    return [line for line in text[: text.rfind("\n") + 1].splitlines() if line]


def _add_to_record(record: Path, lines: list[str]) -> None:
    known = recorded(record)
    draft = record.with_name(f".{record.name}.draft")
    whole = dict.fromkeys([*known, *lines])
    draft.write_text("".join(line + "\n" for line in whole), encoding="utf-8")
    draft.replace(record)


def write_rows(
    connection: duckdb.DuckDBPyConnection,
    file: Path,
    table: str,
    columns: list[str],
    condition: str,
    parameters: dict[str, Any],
) -> None:
    """Writes the rows of a raw table that fulfil a condition as Parquet, if there are any; whole or not at all."""
    rows = f"from raw.{table} where {condition}"
    if not connection.execute(f"select 1 {rows} limit 1", parameters).fetchall():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.stem}.{os.getpid()}.unfinished")
    target = str(unfinished).replace("'", "''")
    order = "report_id" + (", try_cast(row_no as integer)" if "row_no" in columns else "")
    try:
        connection.execute(
            f"copy (select {', '.join(columns)} {rows} order by {order}) to '{target}' (format parquet)", parameters
        )
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
