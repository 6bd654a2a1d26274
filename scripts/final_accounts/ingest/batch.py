"""Reads many files side by side, keeps what was read, proves it together, and says what became of each file.

A file that was read before with the same program and options is not read again: a batch can be stopped and resumed.
"""

import contextlib
import hashlib
import json
import logging
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from tqdm import tqdm

from final_accounts.ingest.document.masthead import NO_NAME, NO_YEAR
from final_accounts.ingest.document.pages import Refused, amount_in
from final_accounts.ingest.document.reading import NO_TABLE, raw_rows, read
from final_accounts.ingest.files.archive import is_archive, unpacked
from final_accounts.ingest.files.office import converted, needs_office
from final_accounts.ingest.layouts import tables as known_tables
from final_accounts.ingest.limits import SECONDS, Task
from final_accounts.ingest.proof import Verdict, prove
from final_accounts.ingest.read_cells import ReadCell
from final_accounts.ingest.scans import can_read
from final_accounts.ingest.texts_apart import Tables, Text, read_text_apart, sets_of, texts_of
from final_accounts.landing.reader import entries
from final_accounts.registry import TABLE_NAMES
from final_accounts.release.record import code_hash, sha256_of
from final_accounts.terminal import printable
from final_accounts.warehouse.paths import TOP
from final_accounts.warehouse.processes import is_running

PROVED, TO_REVIEW, REFUSED = "proved", "to review", "refused"
REPORTS_A_PROOF = 200
# Where the files of archives are put, below the folder of the work.
UNPACKED = "unpacked"
UNDECIDED = "and no identity says which it is"
log = logging.getLogger("ingest")


@dataclass
class Result:
    """What became of one file, and of that of its text where it has one of its own.

    `points` are what a person must look at to be sure of the reading, `contradictions` what the print itself gets
    wrong, `remarks` habits of print that say less than they seem to, `apart` what is printed and has no raw table of
    its own; each of the `explanations` would mend what breaks: cells, and what they should be. `cells_seen` counts the
    amounts that were read from a picture twice alike, and that no identity holds to the digit.
    """

    file: str
    outcome: str = ""
    reason: str = ""
    report_id: str = ""
    department: str = ""
    fiscal_year: str = ""
    layout: str = ""
    pages: int = 0
    seconds: float = 0.0
    tables: list[dict] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    paragraphs: int = 0
    cells: int = 0
    cells_proved: int = 0
    cells_seen: int = 0
    points: list[str] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    explanations: list[list[tuple[str, ...]]] = field(default_factory=list)
    written: str = ""
    review: str = ""
    text_file: str = ""
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    read_cells: list[ReadCell] = field(default_factory=list)
    turned: list[tuple[int, int]] = field(default_factory=list)
    breaks_contract: bool = False

    def __post_init__(self) -> None:
        # as they come back from a file
        self.read_cells = [ReadCell(**each) if isinstance(each, dict) else each for each in self.read_cells]

    @property
    def verdict(self) -> str:
        """The outcome as a sentence says it: what the print contradicts is counted beside it."""
        count = len(self.contradictions)
        parts = [self.outcome]
        parts += [f"{self.cells_seen} amounts of pictures seen, not held"] if self.cells_seen else []
        parts += [f"the print contradicts itself in {count} place{'s' if count > 1 else ''}"] if count else []
        return "; ".join(parts)

    def shown(self) -> dict:
        """What --json prints."""
        hidden = ("rows", "read_cells", "turned", "breaks_contract", "explanations")
        return {name: value for name, value in asdict(self).items() if name not in hidden}


@cache
def program(project: Path = TOP) -> str:
    """What reading and proving depend on, as one digest: a file that was read by another program is read again.

    The code that makes a release, and every list that it goes by; not the raw rows of reports.
    """
    digest = hashlib.sha256(code_hash(project).encode())
    for path in sorted([*(project / "scripts").rglob("*.csv"), *(project / "seeds").rglob("*.csv")]):
        if path.parent.name != "accounts":
            digest.update(sha256_of(path).encode())
    return digest.hexdigest()


def files_of(paths: list[Path], work: Path) -> tuple[list[Path], list[str]]:
    """The files that are meant: those named, those in the folders named, and those in archives.

    And what is left out of a folder: links, which may lead elsewhere, other things that are no plain files, and what
    systems and programs keep beside documents.
    """
    files: list[Path] = []
    left: list[str] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        for inside, problem in entries(path):
            if problem:
                left.append(f"{printable(str(inside))}: {problem}; name it, or what it leads to")
            elif inside.name.startswith((".", "~$")) or inside.name in ("Thumbs.db", "desktop.ini"):
                left.append(f"{printable(str(inside))}: a file of a system or program")
            else:
                files.append(inside)
    unpacked_files = (unpacked(path, work / UNPACKED) if is_archive(path) else [path] for path in files)
    return list(dict.fromkeys(file for own in unpacked_files for file in own)), left


def read_file(
    path: Path, given: dict[str, str], converted_file: Path | None = None, text: Path | None = None
) -> Result:
    """One file as a Result without a verdict; raises Refused.

    Where its kind is not read, `converted_file` holds it as one that is; `text` is the file of its narrative.
    """
    started = time.monotonic()
    reading = read(converted_file or path, given, text)
    if converted_file:
        reading.report.row["source_sha256"] = sha256_of(path)
    reading.report.row["source_file"] = path.name
    rows = raw_rows(reading)
    for place in rows["cell_places"]:
        place["reader"] = program()[:12]
    result = Result(
        str(path),
        report_id=reading.report_id,
        department=reading.report.row["department_name"],
        fiscal_year=reading.report.row["fiscal_year"],
        layout=reading.layout.name,
        pages=len(reading.document.pages),
        missing=reading.missing,
        empty=reading.empty,
        paragraphs=len(reading.narrative.paragraphs),
        points=reading.open_points(),
        apart=reading.apart(),
        rows=rows,
        turned=[*reading.document.turned.items()],
    )
    corners = {page.number: page.corner for page in reading.document.pages}
    for table in reading.tables:
        result.cells += table.amounts
        result.tables.append(
            {
                "table_no": table.table_no,
                "title": table.title,
                "pages": table.pages,
                "rows": len(table.rows),
                "amounts": table.amounts,
                "is_empty": not table.amounts,
            }
        )
        names = known_tables()[table.table_no].amounts
        for number, row in enumerate(table.rows, 1):
            for column, cell in row.items():
                seen = cell.box.seen_from(corners[cell.page]) if cell.box else None
                box = [round(v, 1) for v in (seen.x0, seen.top, seen.x1, seen.bottom)] if seen else None
                read_cell = ReadCell(
                    table.table_no, str(number), column, cell.text, cell.page, box, cell.doubt, column in names
                )
                if cell.seen:
                    read_cell.again, read_cell.is_twice = cell.seen.again, cell.seen.is_sure
                result.read_cells.append(read_cell)
    result.seconds = time.monotonic() - started
    return result


def _key(path: Path, given: dict[str, str]) -> str:
    digest = hashlib.sha256(
        path.read_bytes() if path.is_file() and path.stat().st_size < 300_000_000 else str(path).encode()
    )
    digest.update(json.dumps([given, program(), can_read()], sort_keys=True).encode())
    return digest.hexdigest()


def run(
    paths: list[Path],
    given: dict[str, dict[str, str]],
    work: Path,
    jobs: int,
    seconds: int = SECONDS,
    again: bool = False,
    named: list[Path] | None = None,
) -> list[Result]:
    """Reads and proves the files; `given` has values for each file by its name, or for all under the empty name.

    A text whose tables are in another file has no result of its own. Which files came together tells `named`: those
    that are no part of a folder or archive.
    """
    work.mkdir(parents=True, exist_ok=True)
    _clear(work)
    batch = _Batch(given, work, seconds, again)
    batch.read(paths, jobs)
    batch.add_texts(paths, paths if named is None else named)
    apart = {result.text_file for result in batch.results.values()}
    paths = [path for path in paths if str(path) not in apart]
    batch.prove([path for path in paths if not batch.results[path].outcome])
    return [batch.results[path] for path in paths]


@dataclass
class _Batch:
    """Files that are read and proved together: what became of each, and where that is kept.

    `old` are those that were read before and are not read again.
    """

    given: dict[str, dict[str, str]]
    work: Path
    seconds: int
    again: bool
    results: dict[Path, Result] = field(default_factory=dict)
    kept: dict[Path, Path] = field(default_factory=dict)
    old: set[Path] = field(default_factory=set)
    running: set[Task] = field(default_factory=set)
    started: float = field(default_factory=time.monotonic)

    def _given_for(self, path: Path) -> dict[str, str]:
        return self.given.get("", {}) | self.given.get(path.name, {})

    def read(self, paths: list[Path], jobs: int) -> None:
        """Reads the files side by side, and keeps each result as soon as it is there."""
        pool = ThreadPoolExecutor(max_workers=jobs)
        try:
            waiting = {pool.submit(self._read_one, path): path for path in paths}
            bar = tqdm(
                as_completed(waiting), total=len(paths), desc="reading", unit="file", file=sys.stderr, disable=None
            )
            for future in bar:
                path = waiting[future]
                self.results[path] = future.result()
                _keep(self.kept[path], self.results[path])
                done = f"read {'before, ' if path in self.old else ''}in {self.results[path].seconds:.1f} s"
                log.info("%s: %s", printable(path.name), self.results[path].reason or done)
        finally:
            # whoever stops it does not wait for the files that are still to come
            pool.shutdown(wait=False, cancel_futures=True)
            for task in tuple(self.running):
                task.process.kill()

    def _read_one(self, path: Path) -> Result:
        """What is kept of a file, or what reading it gives."""
        own = self._given_for(path)
        self.kept[path] = self.work / f"{_key(path, own)}.json"
        if self.kept[path].is_file() and not self.again:
            result = Result(**json.loads(self.kept[path].read_text(encoding="utf-8")))
            result.file = str(path)
            self.old.add(path)
            return result
        began = time.monotonic()
        # the reading itself may write nothing, and other programs must
        task = Task(read_file, (path, own, _readable(path, self.work)), self.seconds)
        self.running.add(task)
        try:
            return task.result()
        except Refused as refused:
            return Result(str(path), outcome=REFUSED, reason=str(refused), seconds=time.monotonic() - began)
        finally:
            self.running.discard(task)

    def add_texts(self, paths: list[Path], named: list[Path]) -> None:
        """Reads the reports whose texts are in files of their own together with them."""
        for path, (text, told) in _texts_apart(paths, named, self.results, self.work).items():
            own = _told(told, self.results[path]) | self._given_for(path)
            self.kept[path] = kept = self.work / f"{_key(path, own)}-{sha256_of(text)[:16]}.json"
            alone = self.results[path]
            self.results[path] = _with_text(alone, text, own, None if self.again else kept, self.work, self.seconds)
            _keep(kept, self.results[path])

    def prove(self, paths: list[Path]) -> None:
        """Proves the reports, as many at once as one database takes, and keeps what came of it."""
        groups = _groups(paths, self.results)
        for number, group in enumerate(groups, 1):
            passed = time.monotonic() - self.started
            log.info("proving %d reports (%d of %d), %.0f s", len(group), number, len(groups), passed)
            own = {report_id: self.results[path] for report_id, path in group.items()}
            verdicts = prove({report_id: result.rows for report_id, result in own.items()})
            changed = {r: result.rows for r, result in own.items() if choose_readings(result, verdicts[r])}
            verdicts |= prove(changed) if changed else {}
            for report_id, path in group.items():
                judge(self.results[path], verdicts[report_id])
                _keep(self.kept[path], self.results[path])


def _groups(paths: list[Path], results: dict[Path, Result]) -> list[dict[str, Path]]:
    """The reports that are proved at once: the same one in two files cannot be proved in one database."""
    groups: list[dict[str, Path]] = []
    for path in paths:
        report_id = results[path].report_id
        group = next((g for g in groups if report_id not in g and len(g) < REPORTS_A_PROOF), None)
        if group is None:
            group = {}
            groups.append(group)
        group[report_id] = path
    return groups


def _readable(path: Path, work: Path) -> Path | None:
    """A file as one of a kind that is read, where it is of another."""
    other = converted(path, work) if needs_office(path) else path
    return other if other != path else None


def _texts_apart(
    paths: list[Path], named: list[Path], results: dict[Path, Result], work: Path
) -> dict[Path, tuple[Path, Text]]:
    """The file of the text of each report that has its text in a file of its own, and what that says of itself."""
    found: dict[Path, tuple[Path, Text]] = {}
    for files, is_folder in sets_of(paths, named, work / UNPACKED):
        reports = {path: results[path] for path in files if results[path].outcome != REFUSED}
        refused = [path for path in files if results[path].reason == NO_TABLE]
        if not refused or all(result.paragraphs for result in reports.values()):
            continue
        texts: dict[Path, Text] = {}
        for path in refused:
            with contextlib.suppress(Refused):
                texts[path] = Task(read_text_apart, (path, _readable(path, work))).result()
        tables = {path: Tables(own.department, own.fiscal_year, not own.paragraphs) for path, own in reports.items()}
        found |= {path: (text, texts[text]) for path, text in texts_of(tables, texts, is_folder=is_folder).items()}
    return found


def _told(text: Text, result: Result) -> dict[str, str]:
    """What only the text of a report says of it."""
    said = {"department_name": text.department if result.department == NO_NAME else ""}
    said |= {"fiscal_year": text.fiscal_year if result.fiscal_year == NO_YEAR else ""}
    return {name: value for name, value in said.items() if value}


def _with_text(alone: Result, text: Path, given: dict[str, str], kept: Path | None, work: Path, seconds: int) -> Result:
    """A report with its text from a file of its own, as it was kept or read anew; without it where that cannot be."""
    path = Path(alone.file)
    if kept is not None and kept.is_file():
        result = Result(**json.loads(kept.read_text(encoding="utf-8")))
    else:
        arguments = (path, given, _readable(path, work), _readable(text, work) or text)
        try:
            result = Task(read_file, arguments, seconds).result()
        except Refused:
            return alone
    result.file, result.text_file = str(path), str(text)
    return result


def _keep(path: Path, result: Result) -> None:
    # another run over the same files keeps the same results: each writes a draft of its own
    draft = path.with_suffix(f".{os.getpid()}.draft")
    try:
        draft.write_text(json.dumps(asdict(result)), encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _clear(work: Path) -> None:
    """Removes the drafts of runs that were killed."""
    for draft in work.glob("*.*.draft"):
        process = draft.suffixes[-2][1:]
        if process.isdecimal() and not is_running(int(process)):
            draft.unlink(missing_ok=True)


def _is_said(point: str, points: list[str]) -> bool:
    """Whether the reader has said of the same text that it is no amount, or no line of the form."""
    if not point.startswith(("contract: ", "not an amount: ")):
        return False
    texts = re.findall("«(.+?)»", point)
    said = [f"«{text}» {words}" for text in texts for words in ("is no amount", "is no line of table")]
    return any(words in other for words in said for other in points)


def choose_readings(result: Result, verdict: Verdict) -> bool:
    """Takes the second reading of a figure of a picture where identities break over the first and ask for it.

    Returns whether one was taken: the report must be proved again.
    """
    is_changed = False
    for cell in result.read_cells:
        said = verdict.cells.get(cell.key)
        if cell.again is None or cell.is_twice or said is None or not said.broken or said.proposed is None:
            continue
        wanted = amount_in(said.proposed)
        if wanted is not None and amount_in(cell.again) == wanted:
            cell.text, cell.again = cell.again, cell.text
            result.rows[TABLE_NAMES[cell.table_no]][int(cell.row_no) - 1][cell.column] = cell.text
            is_changed = True
    return is_changed


def _judge_pictures(result: Result, verdict: Verdict) -> tuple[frozenset[tuple[str, str, str]], int]:
    """The amounts of pictures, and how many of them identities hold, but not to the digit: they are not proved.

    Of those that no digits are held of, the ones that were read twice alike are counted as seen; the rest a person
    must look at.
    """
    found: set[tuple[str, str, str]] = set()
    loose = 0
    for cell in result.read_cells:
        said = verdict.cells.get(cell.key)
        if cell.again is None or said is None or said.status != "amount":
            continue
        found.add(cell.key)
        loose += said.is_proved and not said.is_exact
        if not said.is_exact and not said.broken and cell.is_twice:
            result.cells_seen += 1
        elif not said.is_exact and not said.broken:
            place = f"table {cell.table_no}, row {cell.row_no}, {cell.column}: page {cell.page}"
            result.points.append(f"{place}, read as «{cell.text}», again as «{cell.again}», {UNDECIDED}")
    return frozenset(found), loose


def judge(result: Result, verdict: Verdict) -> None:
    """Proved where what was read is what is printed, whatever the print says against itself; else to review."""
    # A table that does not add up may be misread; a text that contradicts the tables is the publisher's own.
    result.contradictions, result.remarks = verdict.contradictions, verdict.remarks
    result.explanations = verdict.explanations
    result.cells_seen = 0
    seen, loose = _judge_pictures(result, verdict)
    result.points += [point for point in verdict.open_points(seen) if not _is_said(point, result.points)]
    result.cells_proved = verdict.proved_amounts - loose
    result.breaks_contract = bool(verdict.contract)
    for cell in result.read_cells:
        cell.verdict = verdict.cells.get(cell.key)
    rejected = sum(1 for cell in verdict.cells.values() if cell.status == "rejected")
    if result.cells != verdict.amounts + rejected and not verdict.lost and not verdict.contract:
        result.points.append(f"{result.cells} amounts were read, the warehouse has {verdict.amounts}")
    sure = result.cells_proved + result.cells_seen
    all_proved = verdict.amounts > 0 and sure == verdict.amounts
    if not all_proved and not result.points:
        result.points.append(f"{verdict.amounts - sure} of {verdict.amounts} amounts are not proved")
    result.outcome = PROVED if all_proved and not result.points else TO_REVIEW
