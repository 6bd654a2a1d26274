"""scripts/measure_ingest: prints random reports in every layout and with every trap, reads them, and counts cells.

What is printed is known, so every cell that is read is right, wrong or missing. All readings are proved together, to
see how many come out as proved, and whether a wrong cell is among them.
"""

import argparse
import random
import re
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, fields, replace
from itertools import zip_longest
from pathlib import Path

import duckdb
from tqdm import tqdm

from final_accounts.ingest.batch import PROVED, Result, choose_readings, judge, read_file
from final_accounts.ingest.document.pages import Refused
from final_accounts.ingest.files.office import converted, needs_office
from final_accounts.ingest.files.pictured import is_pdf
from final_accounts.ingest.proof import prove
from final_accounts.ingest.scans import INSTALL, can_read
from final_accounts.proving.printing.paper import Rows
from final_accounts.proving.printing.printers import PRINTERS, available, print_report
from final_accounts.proving.printing.scanner import QUALITIES, scanned
from final_accounts.proving.printing.styles import STYLES, Style, random_style
from final_accounts.proving.synthetic import add_synthetic_reports
from final_accounts.registry import TABLE_NAMES
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.prepared import prepared

LABELS = ("report_id", "row_no", "panel", "panel_no", "section", "item", "line_no", "subject_code", "subject_name")
DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")


TEXT = "text"
KINDS = (TEXT, *QUALITIES)
# How many standard deviations around a share hold it with 95 %.
Z = 1.96


@dataclass
class Count:
    """What came of the reports of one kind."""

    reports: int = 0
    pages: int = 0
    seconds: float = 0.0
    right: int = 0
    wrong: int = 0
    missing: int = 0
    refused: int = 0
    proved: int = 0
    wrong_among_proved: int = 0
    seen_wrong_among_proved: int = 0
    digits_among_proved: int = 0
    amounts: int = 0
    held: int = 0
    seen: int = 0
    narrated: int = 0
    narratives: int = 0
    examples: list[str] = field(default_factory=list)
    proved_and_wrong: list[str] = field(default_factory=list)

    def add(self, other: "Count") -> None:
        """Adds what came of other reports."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def look_for_narrative(self, expected: Rows, result: Result) -> None:
        """Counts the narratives that were printed, and those that were found."""
        if expected.get("narrative_paragraphs"):
            self.narrated += 1
            self.narratives += result.paragraphs > 0


def synthetic_rows(number: int, seed: int, folder: Path) -> list[Rows]:
    """Random consistent reports as raw rows, with names in Chinese as departments print them."""
    database = folder / "final_accounts.duckdb"
    if not database.exists() and not run_dbt(["seed"], database).success:
        raise RuntimeError("the seeds could not be loaded")
    with duckdb.connect(str(database)) as connection:
        connection.execute("begin")
        names = dict(
            connection.execute(
                "select subject_code, any_value(subject_name) from raw.expenditure group by 1"
            ).fetchall()
        )
        add_synthetic_reports(connection, number, seed)
        ids = [
            r
            for (r,) in connection.execute(
                "select report_id from raw.reports where origin = 'synthetic' order by 1"
            ).fetchall()
        ]
        reports: dict[str, Rows] = {report_id: {} for report_id in ids}
        for table in ["reports", *TABLE_NAMES.values()]:
            order = "report_id" if table == "reports" else "report_id, try_cast(row_no as integer)"
            cursor = connection.execute(
                f"select * from raw.{table} where report_id in (select unnest($1)) order by {order}",  # noqa: S608
                [ids],
            )
            columns = [d[0] for d in cursor.description]
            for values in cursor.fetchall():
                row = {c: v or "" for c, v in zip(columns, values, strict=True)}
                if row.get("subject_name", "").startswith("Subject"):
                    row["subject_name"] = (
                        names.get(row["subject_code"]) or f"其他第{row['subject_code'][3:].translate(DIGITS)}类支出"
                    )
                reports[row["report_id"]].setdefault(table, []).append(row)
        connection.execute("rollback")
    return list(reports.values())


def named(rows: Rows, number: int) -> tuple[Rows, dict[str, str]]:
    """The report as one of a real division with a department of its own, so that many can be proved together."""
    report = rows["reports"][0]
    name = f"长治市屯留区第{str(number).translate(DIGITS)}局"
    given = {
        "division_code": "140405",
        "department_code": f"m{number}",
        "department_name": name,
        "fiscal_year": report["fiscal_year"],
    }
    report_id = f"140405-m{number}-{report['fiscal_year']}"
    result = {table: [row | {"report_id": report_id} for row in own] for table, own in rows.items()}
    result["reports"] = [report | {"report_id": report_id, **given}]
    return result, given


CHINESE = [
    *"一二三四五六七八九十",
    *("十" + c for c in "一二三四五六七八九"),
    "二十",
    *("二十" + c for c in "一二三四五六七八九"),
]
BLANK_LINE = {
    "item": "",
    "amount": "",
    "total": "",
    "general_public_budget": "",
    "government_fund": "",
    "state_capital_operations": "",
}


def as_in_the_form(rows: Rows) -> Rows:
    """The report as the form prints it: numbered lines and sections, panels of equal length, empty tables named."""
    result = dict(rows)
    for number in ("01", "04"):
        lines = _numbered_panels(rows[TABLE_NAMES[number]])
        result[TABLE_NAMES[number]] = [row | {"row_no": str(n), "line_no": str(n)} for n, row in enumerate(lines, 1)]
    sections = list(dict.fromkeys(row["section"] for row in rows["disclosure_statistics"]))
    result["disclosure_statistics"] = [
        row | {"section": f"{CHINESE[sections.index(row['section'])]}、{row['section']}"}
        for row in rows["disclosure_statistics"]
    ]
    result["table_notes"] = [_note(number, "1", "注", "本表反映部门本年度情况。") for number in TABLE_NAMES]
    result["table_notes"] += [
        _note(number, "2", "说明", "本表无数据")
        for number, name in TABLE_NAMES.items()
        if not any(v for r in rows[name] for c, v in r.items() if c not in LABELS)
    ]
    return result


def _numbered_panels(own: list[dict[str, str]]) -> list[dict[str, str]]:
    """The lines of both panels, numbered up to the total, with blank ones above it where a panel is the shorter one."""
    panels = [[dict(r) for r in own if r["panel"] == panel] for panel in ("revenue", "expenditure")]
    longest = max(map(len, panels))
    for lines in panels:
        end = next(n for n, r in enumerate(lines) if r["item"].startswith(("本年收入合计", "本年支出合计")))
        for n, row in enumerate(lines[:end]):
            row["item"] = f"{CHINESE[n]}、{row['item']}"
        short = longest - len(lines)
        lines[end:end] = [lines[0] | {c: "" for c in BLANK_LINE if c in lines[0]} for _ in range(short)]
    return [row for lines in panels for row in lines]


def _note(table_no: str, note_no: str, kind: str, text: str) -> dict[str, str]:
    """A note below a table."""
    return {"table_no": table_no, "note_no": note_no, "note_kind": kind, "note_text": text}


@dataclass(frozen=True)
class Pair:
    """A cell as it is printed and as it was read, blank where there is none."""

    table_no: str
    row_no: int
    column: str
    printed: str
    read: str

    @property
    def has_digits(self) -> bool:
        """Whether a figure stands there; else a dash was taken for a blank, or for another dash."""
        return re.search(r"\d", self.printed + self.read) is not None

    def __str__(self) -> str:
        """Where it stands, and both."""
        place = f"{TABLE_NAMES[self.table_no]}, row {self.row_no}, {self.column}"
        return f"{place}: printed «{self.printed}», read «{self.read}»"


def pairs(expected: Rows, result: Result) -> Iterator[Pair]:
    """The cells of the tables."""
    for table_no, name in TABLE_NAMES.items():
        wanted, got = expected.get(name, []), result.rows.get(name, [])
        for n, (left, right) in enumerate(zip_longest(wanted, got, fillvalue={}), 1):
            for column in left or right:
                if column not in ("report_id", "row_no"):
                    yield Pair(table_no, n, column, left.get(column, ""), right.get(column, ""))


def compare(expected: Rows, result: Result, count: Count) -> list[Pair]:
    """Counts the cells of the tables; returns those of amounts that are wrong or missing."""
    bad = []
    for pair in pairs(expected, result):
        if pair.printed == pair.read:
            count.right += bool(pair.printed)
            continue
        if pair.read:
            count.wrong += 1
        else:
            count.missing += 1
        if pair.column not in LABELS:
            bad.append(pair)
        if len(count.examples) < 5:
            count.examples.append(str(pair))
    return bad


def cases(reports: int, seed: int) -> Iterator[tuple[str, Style]]:
    """Name and style of each print: every named trap by turns, then combinations by chance."""
    chance = random.Random(seed)  # noqa: S311
    printers = available()
    fixed = [(name, style) for name, style in STYLES.items() if style.printer in printers]
    for number in range(reports):
        if number < len(fixed) or number % 2 == 0:
            yield fixed[(number if number < len(fixed) else number // 2) % len(fixed)]
        else:
            style = random_style(chance, printers)
            rules = {"pdf": ", ruled" if style.ruled else ", no rules"}.get(style.printer, "")
            yield f"any combination, {style.printer}, {style.layout}{rules}", style


def measure(reports: int, seed: int) -> dict[str, Count]:
    """Prints, reads and proves; what came of the reports by what printed them."""
    counts: dict[str, Count] = defaultdict(Count)
    outcomes: list[tuple[str, Count, Result, list[Pair]]] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        sources = synthetic_rows(reports, seed, folder)
        plan = list(cases(reports, seed))
        for number, (source, (name, style)) in enumerate(
            tqdm(zip(sources, plan, strict=True), total=reports, desc="reading", file=sys.stderr, disable=None)
        ):
            rows, given = named(as_in_the_form(source), number)
            path, expected = print_report(rows, folder, str(number), replace(style, narrated=True))
            count = counts[style.printer]
            count.reports += 1
            # that LibreOffice opens what only it can read is no part of the reading
            other = converted(path, folder) if needs_office(path) else None
            started = time.monotonic()
            try:
                result = read_file(path, given, other)
            except Refused as refused:
                count.refused += 1
                count.examples.append(f"{name}: refused: {refused}")
                continue
            finally:
                path.unlink()
            count.seconds += time.monotonic() - started
            count.pages += result.pages
            count.look_for_narrative(expected, result)
            outcomes.append((name, count, result, compare(expected, result, count)))
        verdicts = prove({result.report_id: result.rows for _, _, result, _ in outcomes})
        for name, count, result, bad in outcomes:
            judge(result, verdicts[result.report_id])
            if result.outcome == PROVED:
                count.proved += 1
                count.wrong_among_proved += len(bad)
            else:
                reasons = [*result.points[:2], *result.contradictions[:2]]
                count.examples += [f"{name}: {reason}" for reason in reasons]
    return counts


def measure_scans(reports: int, seed: int) -> dict[str, Count]:
    """Prints reports with random traps, reads each with its text and as scans of two qualities, and proves them."""
    with tempfile.TemporaryDirectory() as temporary:
        sources = synthetic_rows(reports, seed, Path(temporary))
    return _side_by_side(_measure_scan, sources, range(reports), [seed] * reports)


def measure_documents(files: list[Path], seed: int) -> dict[str, Count]:
    """Reads PDFs as scans of two qualities, and proves them; what their text says is what is to be read."""
    return _side_by_side(_measure_document, files, [seed] * len(files))


def _side_by_side(measure_one: Callable[..., dict[str, Count]], *arguments: Sequence) -> dict[str, Count]:
    """What came of all reports, one process each."""
    counts: dict[str, Count] = defaultdict(Count)
    # made once, before several processes ask for it
    prepared()
    with ProcessPoolExecutor() as pool:
        parts = pool.map(measure_one, *arguments)
        for part in tqdm(parts, total=len(arguments[0]), desc="reading", file=sys.stderr, disable=None):
            for kind, count in part.items():
                counts[kind].add(count)
    return dict(counts)


def _measure_scan(source: Rows, number: int, seed: int) -> dict[str, Count]:
    """What came of one report, by how it was read."""
    counts = {kind: Count() for kind in KINDS}
    chance = random.Random(f"{seed}/{number}")  # noqa: S311
    style = random_style(chance, tuple(name for name in available() if PRINTERS[name][1] == ".pdf"))
    with tempfile.TemporaryDirectory() as temporary:
        rows, given = named(as_in_the_form(source), number)
        path, expected = print_report(rows, Path(temporary), str(number), replace(style, narrated=True))
        for kind, count in counts.items():
            file = path if kind == TEXT else scanned(path, kind, seed + number)
            _count_scan(file, given, expected, count)
    return counts


def _measure_document(path: Path, seed: int) -> dict[str, Count]:
    """What came of one PDF with text, by the quality of its scan."""
    counts = {kind: Count() for kind in QUALITIES}
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(shutil.copy(path, temporary))
        expected = read_file(copy, {}).rows
        for kind, count in counts.items():
            _count_scan(scanned(copy, kind, seed), {}, expected, count)
    return counts


def _count_scan(file: Path, given: dict[str, str], expected: Rows, count: Count) -> None:
    """Reads and proves one file, and counts what came of it."""
    count.reports += 1
    started = time.process_time()
    try:
        result = read_file(file, given)
    except Refused as refused:
        count.refused += 1
        count.examples.append(f"refused: {refused}")
        return
    count.seconds += time.process_time() - started
    count.pages += result.pages
    count.look_for_narrative(expected, result)
    verdict = prove({result.report_id: result.rows})[result.report_id]
    if choose_readings(result, verdict):
        verdict = prove({result.report_id: result.rows})[result.report_id]
    judge(result, verdict)
    bad = compare(expected, result, count)
    count.amounts += result.cells
    count.held += result.cells_proved
    count.seen += result.cells_seen
    if result.outcome == PROVED:
        count.proved += 1
        seen = sum(is_only_seen(pair, result) for pair in bad)
        count.wrong_among_proved += len(bad) - seen
        count.seen_wrong_among_proved += seen
        count.digits_among_proved += sum(pair.has_digits for pair in bad)
        count.proved_and_wrong += map(str, bad)
    else:
        count.examples += result.points[:3]


def is_only_seen(pair: Pair, result: Result) -> bool:
    """Whether a cell was read from a picture, and no identity holds it."""
    return bool(pair.read) and any(
        cell.key == (pair.table_no, str(pair.row_no), pair.column)
        and cell.again is not None
        and not (cell.verdict and cell.verdict.is_exact)
        for cell in result.read_cells
    )


def share(part: int, whole: int) -> str:
    """A share with the interval that holds it with 95 % (Wilson)."""
    if not whole:
        return "–"
    p, extra = part / whole, Z * Z / whole
    middle = (p + extra / 2) / (1 + extra)
    half = Z * (p * (1 - p) / whole + extra / whole / 4) ** 0.5 / (1 + extra)
    return f"{p:.2%} ({max(middle - half, 0):.2%} to {min(middle + half, 1):.2%})"


def show_scans(counts: dict[str, Count], seed: int) -> str:
    """The numbers of the scans as a table in Markdown, and what went wrong."""
    rows: list[tuple[str, Callable[[Count], str]]] = [
        ("reports, pages", lambda c: f"{c.reports}, {c.pages}"),
        ("cells right", lambda c: share(c.right, c.right + c.wrong + c.missing)),
        ("cells wrong, missing", lambda c: f"{c.wrong}, {c.missing}"),
        ("reports proved", lambda c: share(c.proved, c.reports)),
        ("wrong cells among proved, held / seen", lambda c: f"{c.wrong_among_proved} / {c.seen_wrong_among_proved}"),
        ("… that have a digit, printed or read", lambda c: f"{c.digits_among_proved}"),
        ("amounts proved", lambda c: share(c.held, c.amounts)),
        ("amounts seen, not held", lambda c: share(c.seen, c.amounts)),
        ("narratives found", lambda c: share(c.narratives, c.narrated)),
        ("processor seconds a page", lambda c: f"{c.seconds / max(c.pages, 1):.1f}"),
    ]
    lines = [f"| seed {seed} | {' | '.join(counts)} |", "| --- " * (len(counts) + 1) + "|"]
    lines += [f"| {name} | {' | '.join(map(say, counts.values()))} |" for name, say in rows]
    for kind, count in counts.items():
        lines += [f"\n{kind}: proved, and wrong: {cell}" for cell in count.proved_and_wrong]
        lines += [f"\n{kind}: {example}" for example in count.examples[:12]]
    return "\n".join(lines)


def show(counts: dict[str, Count], seed: int) -> str:
    """The numbers by what printed as a table in Markdown, and what went wrong."""
    total = Count()
    for count in counts.values():
        total.add(count)
    columns: list[tuple[str, Callable[[Count], str]]] = [
        ("reports", lambda c: f"{c.reports:,}"),
        ("cells right", lambda c: f"{c.right:,}"),
        ("wrong", lambda c: f"{c.wrong:,}"),
        ("missing", lambda c: f"{c.missing:,}"),
        ("proved", lambda c: f"{c.proved:,}"),
        ("wrong among proved", lambda c: f"{c.wrong_among_proved:,}"),
        ("narratives found", lambda c: f"{c.narratives:,} of {c.narrated:,}"),
        ("seconds a page", lambda c: f"{c.seconds / max(c.pages, 1):.2f}"),
    ]
    lines = [
        f"Cells right {share(total.right, total.right + total.wrong + total.missing)}, reports proved "
        f"{share(total.proved, total.reports)}, narratives found {share(total.narratives, total.narrated)}.\n",
        f"| printed as, seed {seed} | {' | '.join(name for name, _ in columns)} |",
        "| --- " * (len(columns) + 1) + "|",
    ]
    for name, count in [*counts.items(), ("all", total)]:
        lines.append(f"| {name} | {' | '.join(say(count) for _, say in columns)} |")
    for name, count in counts.items():
        lines += [f"\n{name}: {example}" for example in count.examples]
    return "\n".join(lines)


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/measure_ingest",
        description="Print random reports in every layout and with every trap, read them, and count cells read right.",
        epilog="Exit status: 0 no wrong cell came out as proved, 1 one did, 2 wrong usage.",
    )
    parser.add_argument("--reports", type=int, default=300, metavar="N", help="reports to print (default: 300)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed of everything random (default: 1)")
    pictures = parser.add_mutually_exclusive_group()
    pictures.add_argument(
        "--scans",
        type=int,
        metavar="N",
        help="instead, print N reports as PDF with random traps, and read each with its text and as scans of two "
        "qualities (some minutes a report; needs scripts/setup scan)",
    )
    pictures.add_argument(
        "--documents",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="instead, read these PDFs as scans of two qualities, and compare with what is read of their text (needs "
        "scripts/setup scan)",
    )
    arguments = parser.parse_args()
    if arguments.scans or arguments.documents:
        if not can_read():
            parser.error(f"--{'scans' if arguments.scans else 'documents'}: {INSTALL}")
        for file in arguments.documents or []:
            if not file.is_file() or not is_pdf(file):
                parser.error(f"--documents: {file} is no PDF")
        if arguments.documents:
            counts = measure_documents(arguments.documents, arguments.seed)
        else:
            counts = measure_scans(arguments.scans, arguments.seed)
        print(show_scans(counts, arguments.seed))
    else:
        counts = measure(arguments.reports, arguments.seed)
        print(show(counts, arguments.seed))
    wrong = sum(count.wrong_among_proved + count.seen_wrong_among_proved for count in counts.values())
    print("No wrong cell came out as proved." if not wrong else f"WRONG CELLS CAME OUT AS PROVED: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
