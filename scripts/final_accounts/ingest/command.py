"""scripts/ingest: published reports to raw rows, proved.

Three outcomes: proved (every amount is held by identities, nothing is missing or doubtful), to review (with the list),
refused (with the reason).
"""

import argparse
import csv
import json
import logging
import os
import sys
from pathlib import Path

from final_accounts.ingest import batch
from final_accounts.ingest.batch import PROVED, REFUSED, TO_REVIEW, Result
from final_accounts.ingest.corrections import apply_corrections, read_corrections
from final_accounts.ingest.review import write_review
from final_accounts.ingest.writing import write_landing, write_seeds
from final_accounts.paths import SEEDS, TOP

EXIT = {PROVED: 0, TO_REVIEW: 3, REFUSED: 4}
WORK = TOP / "target" / "ingest"
REGISTER_COLUMNS = ("division_code", "department_code", "department_name", "fiscal_year", "government_level")


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/ingest",
        description="Read published final accounts (PDF with a text layer, text, .xlsx) into raw rows, and prove them.",
        epilog="Exit status: 0 all proved, 3 something to review, 4 something refused, 2 wrong usage.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a report, or a folder of reports")
    parser.add_argument(
        "--landing", type=Path, metavar="DIR", help="write DIR/<table>/<report_id>.csv instead of seeds/accounts/"
    )
    parser.add_argument(
        "--json", action="store_true", help="print JSON on standard output: a list with one object a file"
    )
    parser.add_argument("--replace", action="store_true", help="replace a report that is there already")
    parser.add_argument("--dry-run", action="store_true", help="read and prove, write no rows")
    parser.add_argument(
        "--review",
        type=Path,
        default=WORK / "review",
        metavar="DIR",
        help="folder of the review pages (target/ingest/review)",
    )
    parser.add_argument("--no-review", action="store_true", help="write no review page")
    parser.add_argument(
        "--corrections", type=Path, metavar="FILE", help="CSV of corrections that a person has made on the review page"
    )
    parser.add_argument(
        "--division", metavar="CODE", help="six-digit code of the administrative division, for all files"
    )
    parser.add_argument("--department", metavar="NAME", help="name of the department, for all files")
    parser.add_argument("--department-code", metavar="CODE", help="code of the department in its budget, for all files")
    parser.add_argument("--year", metavar="YYYY", help="fiscal year, for all files")
    parser.add_argument(
        "--register",
        type=Path,
        metavar="FILE",
        help=f"CSV with the column file_name and any of {', '.join(REGISTER_COLUMNS)}",
    )
    parser.add_argument(
        "--jobs", type=int, default=min(4, os.cpu_count() or 1), metavar="N", help="files read at a time"
    )
    parser.add_argument(
        "--seconds", type=int, default=batch.SECONDS, metavar="N", help=f"longest time for one file ({batch.SECONDS})"
    )
    parser.add_argument("--again", action="store_true", help="read files again that were read before")
    arguments = parser.parse_args(given)
    for path in arguments.files:
        if not path.exists():
            parser.error(f"{path}: there is no such file or folder")
    if arguments.division and not (
        arguments.division.isascii() and arguments.division.isdigit() and len(arguments.division) == 6
    ):
        parser.error(f"--division {arguments.division}: expected six digits, such as 140405")
    if arguments.year and not (arguments.year.isascii() and arguments.year.isdigit() and len(arguments.year) == 4):
        parser.error(f"--year {arguments.year}: expected four digits")
    if arguments.jobs < 1 or arguments.seconds < 1:
        parser.error("--jobs and --seconds are at least 1")
    for path in (arguments.register, arguments.corrections):
        if path and not path.is_file():
            parser.error(f"{path}: there is no such file")
    return arguments


def _given(arguments: argparse.Namespace) -> dict[str, dict[str, str]]:
    """What the caller knows of the reports: for all of them under the empty name, for one under its file name."""
    common = {
        "division_code": arguments.division,
        "department_name": arguments.department,
        "department_code": arguments.department_code,
        "fiscal_year": arguments.year,
    }
    given = {"": {name: value for name, value in common.items() if value}}
    if arguments.register:
        with arguments.register.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                given[row.get("file_name", "")] = {n: row[n] for n in REGISTER_COLUMNS if row.get(n)}
    return given


def main(given: list[str] | None = None) -> int:
    """Parses the command line and does it."""
    arguments = _arguments(given)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    logging.getLogger("pdfplumber").setLevel(logging.ERROR)
    paths = batch.files_of(arguments.files)
    if not paths:
        print("no file of a report (.pdf, .txt, .xlsx) is in the folder", file=sys.stderr)
        return 2
    corrections = read_corrections(arguments.corrections)
    work = Path(os.environ.get("FINAL_ACCOUNTS_INGEST", WORK))
    results = batch.run(paths, _given(arguments), work, arguments.jobs, arguments.seconds, arguments.again)
    if corrections:
        apply_corrections(results, corrections)
    for result in results:
        if result.outcome == REFUSED:
            continue
        if not arguments.no_review:
            result.review = str(write_review(result, arguments.review))
        if not arguments.dry_run:
            _write(result, arguments, corrections)
    _say(results, arguments.json)
    return max((EXIT[result.outcome] for result in results), default=0)


def _write(result: Result, arguments: argparse.Namespace, corrections: list[dict[str, str]]) -> None:
    if result.breaks_contract:
        result.written = "nothing: the rows do not follow the contract"
        return
    if arguments.landing:
        written, differences = write_landing(arguments.landing, result, arguments.replace, corrections)
    else:
        written, differences = write_seeds(SEEDS / "accounts", result, arguments.replace, corrections)
    result.written = written
    if differences:
        print(f"{Path(result.file).name}: differences from report {result.report_id} as it is there:", file=sys.stderr)
        for line in differences[:200]:
            print(f"  {line}", file=sys.stderr)
        if not arguments.replace:
            result.outcome = TO_REVIEW
            result.points.append(
                f"report {result.report_id} is there already and differs in {len(differences)} cells: "
                "--replace writes this one"
            )


def _say(results: list[Result], as_json: bool) -> None:
    if as_json:
        print(json.dumps([result.shown() for result in results], ensure_ascii=False, indent=1))
    for result in results:
        name = Path(result.file).name
        if result.outcome == REFUSED:
            print(f"refused    {name}: {result.reason}", file=sys.stderr)
            continue
        print(
            f"{result.outcome:<10} {name}: report {result.report_id} ({result.department}, {result.fiscal_year}), "
            f"layout {result.layout}, "
            f"{len(result.tables)} tables, {result.cells_proved} of {result.cells} amounts proved; "
            f"{result.written or 'nothing written'}",
            file=sys.stderr,
        )
        if result.review:
            print(f"             review page: {result.review}", file=sys.stderr)
        for point in result.points[:60]:
            print(f"             look at: {point}", file=sys.stderr)
        for point in result.contradictions[:60]:
            print(f"             printed so: {point}", file=sys.stderr)
        more = max(len(result.points) - 60, 0) + max(len(result.contradictions) - 60, 0)
        if more:
            print(f"             and {more} more (--json has all)", file=sys.stderr)
    pages = sum(result.pages for result in results)
    seconds = sum(result.seconds for result in results)
    counts = {outcome: sum(result.outcome == outcome for result in results) for outcome in (PROVED, TO_REVIEW, REFUSED)}
    print(
        "\n"
        + "\n".join(f"{outcome:<10} {count:>6,}" for outcome, count in counts.items())
        + f"\npages      {pages:>6,}\nseconds a page {seconds / pages if pages else 0:.2f}",
        file=sys.stderr,
    )


if __name__ == "__main__":
    sys.exit(main())
