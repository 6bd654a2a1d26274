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
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import duckdb
from tqdm import tqdm

from final_accounts.ingest.batch import PROVED, Result, choose_readings, judge, read_file
from final_accounts.ingest.document.pages import Refused
from final_accounts.ingest.files.office import converted, needs_office
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
    amounts: int = 0
    held: int = 0
    seen: int = 0
    narrated: int = 0
    narratives: int = 0
    examples: list[str] = field(default_factory=list)

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


def compare(expected: Rows, result: Result, count: Count) -> int:
    """Counts the cells of the tables; returns how many amounts are wrong or missing."""
    bad = 0
    for name in TABLE_NAMES.values():
        wanted, got = expected.get(name, []), result.rows.get(name, [])
        for n in range(max(len(wanted), len(got))):
            left = wanted[n] if n < len(wanted) else {}
            right = got[n] if n < len(got) else {}
            for column in left or right:
                if column in ("report_id", "row_no"):
                    continue
                one, other = left.get(column, ""), right.get(column, "")
                if one == other:
                    count.right += bool(one)
                    continue
                if not other:
                    count.missing += 1
                else:
                    count.wrong += 1
                bad += column not in LABELS
                if len(count.examples) < 5:
                    count.examples.append(f"{name}, row {n + 1}, {column}: printed «{one}», read «{other}»")
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
    outcomes: list[tuple[str, Count, Result, int]] = []
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
                count.wrong_among_proved += bad
            else:
                reasons = [*result.points[:2], *result.contradictions[:2]]
                count.examples += [f"{name}: {reason}" for reason in reasons]
    return counts


def measure_scans(reports: int, seed: int) -> dict[str, Count]:
    """Prints reports with random traps, reads each with its text and as scans of two qualities, and proves them."""
    counts = {kind: Count() for kind in KINDS}
    with tempfile.TemporaryDirectory() as temporary:
        sources = synthetic_rows(reports, seed, Path(temporary))
        # made once, before several processes ask for it
        prepared()
        numbers = range(reports)
        with ProcessPoolExecutor() as pool:
            parts = pool.map(_measure_scan, sources, numbers, [seed] * reports)
            for part in tqdm(parts, total=reports, desc="reading", file=sys.stderr, disable=None):
                for kind, count in part.items():
                    counts[kind].add(count)
    return counts


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
            _count_scan(file, kind, given, expected, count)
    return counts


def _as_seen(rows: Rows) -> Rows:
    """Rows as far as a picture can say: not how wide a comma is, nor of how many dashes a line is made."""
    return {
        name: [{c: re.sub("[-–—─━]+$", "—", value.replace("，", ",")) for c, value in row.items()} for row in own]
        for name, own in rows.items()
    }


def measure_documents(files: list[Path], seed: int) -> dict[str, Count]:
    """Reads PDFs with their text and as scans of two qualities; what the text says is what is to be read."""
    counts = {kind: Count() for kind in KINDS}
    prepared()
    with ProcessPoolExecutor() as pool:
        parts = pool.map(_measure_document, files, [seed] * len(files))
        for part in tqdm(parts, total=len(files), desc="reading", file=sys.stderr, disable=None):
            for kind, count in part.items():
                counts[kind].add(count)
    return counts


def _measure_document(path: Path, seed: int) -> dict[str, Count]:
    """What came of one PDF with text, by how it was read."""
    counts = {kind: Count() for kind in KINDS}
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(shutil.copy(path, temporary))
        expected = read_file(copy, {}).rows
        for kind, count in counts.items():
            _count_scan(copy if kind == TEXT else scanned(copy, kind, seed), kind, {}, expected, count)
    return counts


def _count_scan(file: Path, kind: str, given: dict[str, str], expected: Rows, count: Count) -> None:
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
    if kind != TEXT:
        expected, result = _as_seen(expected), replace(result, rows=_as_seen(result.rows))
    compare(expected, result, count)
    count.amounts += result.cells
    count.held += result.cells_proved
    count.seen += result.cells_seen
    if result.outcome == PROVED:
        count.proved += 1
        bad = wrong_amounts(expected, result)
        held, seen = ([said for is_seen, said in bad if is_seen == seen] for seen in (False, True))
        count.wrong_among_proved += len(held)
        count.seen_wrong_among_proved += len(seen)
        count.examples += [f"PROVED, AND WRONG: {said}" for said in held + seen]
    else:
        count.examples += result.points[:3]


def wrong_amounts(expected: Rows, result: Result) -> list[tuple[bool, str]]:
    """The amounts that were read wrong, lost or made up, and whether each was only seen; the others count as held.

    A dash in place of a blank is a cell that is wrong, and no amount.
    """
    pictured = [cell for cell in result.read_cells if cell.again is not None]
    alone = {cell.key for cell in pictured if not (cell.verdict and cell.verdict.is_exact)}
    found = []
    for table_no, name in TABLE_NAMES.items():
        wanted, got = expected.get(name, []), result.rows.get(name, [])
        for n in range(max(len(wanted), len(got))):
            left, right = (own[n] if n < len(own) else {} for own in (wanted, got))
            for column in sorted((left or right).keys() - set(LABELS)):
                one, other = left.get(column, ""), right.get(column, "")
                if one != other and re.search(r"\d", one + other):
                    is_seen = (table_no, str(n + 1), column) in alone and bool(other)
                    found.append((is_seen, f"{name}, row {n + 1}, {column}: printed «{one}», read «{other}»"))
    return found


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
        ("wrong amounts among proved, held / seen", lambda c: f"{c.wrong_among_proved} / {c.seen_wrong_among_proved}"),
        ("amounts proved", lambda c: share(c.held, c.amounts)),
        ("amounts seen, not held", lambda c: share(c.seen, c.amounts)),
        ("narratives found", lambda c: share(c.narratives, c.narrated)),
        ("processor seconds a page", lambda c: f"{c.seconds / max(c.pages, 1):.1f}"),
    ]
    lines = [f"| seed {seed} | {' | '.join(counts)} |", "| --- " * (len(counts) + 1) + "|"]
    lines += [f"| {name} | {' | '.join(map(say, counts.values()))} |" for name, say in rows]
    for kind, count in counts.items():
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
        epilog="Exit status: 0 no wrong amount came out as proved, 1 one did, 2 wrong usage.",
    )
    parser.add_argument("--reports", type=int, default=300, metavar="N", help="reports to print (default: 300)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed of everything random (default: 1)")
    parser.add_argument(
        "--scans",
        type=int,
        metavar="N",
        help="instead, print N reports as PDF with random traps, and read each with its text and as scans of two "
        "qualities (some minutes a report; needs scripts/setup scan)",
    )
    parser.add_argument(
        "--documents",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="instead, read these PDFs with their text and as scans of two qualities, and compare with what their text "
        "says (needs scripts/setup scan)",
    )
    arguments = parser.parse_args()
    if arguments.scans or arguments.documents:
        if not can_read():
            parser.error(f"--{'scans' if arguments.scans else 'documents'}: {INSTALL}")
        for file in arguments.documents or []:
            if not file.is_file():
                parser.error(f"--documents: {file} is no file")
        if arguments.documents:
            counts = measure_documents(arguments.documents, arguments.seed)
        else:
            counts = measure_scans(arguments.scans, arguments.seed)
        print(show_scans(counts, arguments.seed))
    else:
        counts = measure(arguments.reports, arguments.seed)
        print(show(counts, arguments.seed))
    wrong = sum(count.wrong_among_proved + count.seen_wrong_among_proved for count in counts.values())
    print("No wrong amount came out as proved." if not wrong else f"WRONG AMOUNTS CAME OUT AS PROVED: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
