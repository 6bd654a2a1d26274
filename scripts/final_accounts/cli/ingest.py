"""scripts/ingest: published reports to raw rows, proved.

Three outcomes: proved (every amount is held by identities, nothing is missing or doubtful; what the print contradicts
is counted beside it), to review (with the list), refused (with the reason).
"""

import argparse
import csv
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb

from final_accounts.ingest import batch
from final_accounts.ingest.batch import PROVED, REFUSED, TO_REVIEW, Result
from final_accounts.ingest.review.corrections import apply_corrections, read_corrections
from final_accounts.ingest.review.page import write_review
from final_accounts.ingest.review.summary import as_json, say
from final_accounts.ingest.writing import keep_source, write_landing, write_seeds
from final_accounts.landing.reader import survey
from final_accounts.language import Parser, told
from final_accounts.terminal import printable
from final_accounts.warehouse.paths import SEEDS, TOP, Warehouse

NOT_DONE = 1
EXIT = {PROVED: 0, TO_REVIEW: 3, REFUSED: 4}
WORK = TOP / "target" / "ingest"
REGISTER_COLUMNS = (
    "division_code",
    "department_code",
    "department_name",
    "fiscal_year",
    "government_level",
    "source_url",
)


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = Parser(
        prog="scripts/ingest",
        description="Read published final accounts (PDF, also of pictures after scripts/setup scan, "
        "text, workbooks .xlsx .xlsm .xls .et .ods, documents .docx .odt, .doc and .rtf where LibreOffice is there, "
        "saved web pages, archives .zip of them) into raw rows, and prove them.",
        epilog="Exit status: 0 all proved, 3 something to review (with --strict also where the print contradicts "
        "itself), 4 something refused, 2 wrong usage, 1 something could not be written, or not done to the end.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a report, or a folder of reports")
    parser.add_argument(
        "--landing", type=Path, metavar="DIR", help="write DIR/<table>/<report_id>.csv instead of seeds/accounts/"
    )
    parser.add_argument(
        "--json", action="store_true", help="print JSON on standard output: a list with one object a file"
    )
    parser.add_argument(
        "--strict", action="store_true", help="exit with 3 also where the print of a proved report contradicts itself"
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
        "--jobs",
        type=int,
        default=min(4, os.cpu_count() or 1),
        metavar="N",
        help="files read at a time (%(default)s)",
    )
    parser.add_argument(
        "--seconds", type=int, default=batch.SECONDS, metavar="N", help=f"longest time for one file ({batch.SECONDS})"
    )
    parser.add_argument("--again", action="store_true", help="read files again that were read before")
    arguments = parser.parse_args(given)
    _refuse_wrong_usage(parser, arguments)
    try:
        arguments.given, arguments.corrections = _given(arguments), read_corrections(arguments.corrections)
    except ValueError as error:
        parser.error(str(error))
    return arguments


def _refuse_wrong_usage(parser: Parser, arguments: argparse.Namespace) -> None:
    """Ends the command where an argument cannot be used."""
    for path in arguments.files:
        if not path.exists():
            parser.error(f"{path}: there is no such file or folder")
    if arguments.division and not _has_digits(arguments.division, 6):
        parser.error(f"--division {arguments.division}: expected six digits, such as 140405")
    if arguments.year and not _has_digits(arguments.year, 4):
        parser.error(f"--year {arguments.year}: expected four digits")
    if arguments.jobs < 1 or arguments.seconds < 1:
        parser.error("--jobs and --seconds are at least 1")
    for path in (arguments.register, arguments.corrections):
        if path and not path.is_file():
            parser.error(f"{path}: there is no such file")
    # what cannot be used is said before anything is read, which takes long
    for path in _written_to(arguments):
        if problem := _no_folder(path):
            parser.error(f"{path}: {problem}")


def _written_to(arguments: argparse.Namespace) -> Iterator[Path]:
    """The folders that something is to be written to."""
    if arguments.landing and not arguments.dry_run:
        yield arguments.landing
    if arguments.review and not arguments.no_review:
        yield arguments.review


def _has_digits(text: str, count: int) -> bool:
    """Whether a text is so many digits, and nothing else."""
    return text.isascii() and text.isdigit() and len(text) == count


def _no_folder(path: Path) -> str:
    """Why nothing can be written into a folder, which need not be there yet; nothing where it can."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f"no folder to write into ({error.strerror})"
    return "" if os.access(path, os.W_OK | os.X_OK) else "the folder cannot be written into"


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
        given |= _register(arguments.register)
    return given


def _register(path: Path) -> dict[str, dict[str, str]]:
    """What a register knows, by file name; raises ValueError where it is none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows, header = list(reader), reader.fieldnames or []
    except (UnicodeDecodeError, csv.Error):
        raise ValueError(f"{path}: no CSV file in UTF-8") from None
    if "file_name" not in header or not set(REGISTER_COLUMNS) & set(header):
        raise ValueError(
            f"{path}: the columns are {', '.join(header) or 'none'}; "
            f"expected file_name and any of {', '.join(REGISTER_COLUMNS)}"
        )
    return {row["file_name"]: {n: row[n] for n in REGISTER_COLUMNS if row.get(n)} for row in rows}


def main(given: list[str] | None = None) -> int:
    """Parses the command line and does it."""
    arguments = _arguments(given)
    _log_to_stderr()
    try:
        return _ingest(arguments)
    except (OSError, duckdb.Error, RuntimeError) as error:
        print(
            told(f"Not done: {printable(str(error))}. What was written stays; run the same command again."),
            file=sys.stderr,
        )
        return NOT_DONE


def _ingest(arguments: argparse.Namespace) -> int:
    """Reads, proves and writes; returns the exit status."""
    work = Path(os.environ.get("FINAL_ACCOUNTS_INGEST", WORK))
    paths, left = batch.files_of(arguments.files, work)
    for sentence in left:
        print(told(f"left out   {sentence}"), file=sys.stderr)
    if not paths:
        print(told("no file of a report is in the folder"), file=sys.stderr)
        return 2
    try:
        named = [path for path in arguments.files if not path.is_dir()]
        results = batch.run(paths, arguments.given, work, arguments.jobs, arguments.seconds, arguments.again, named)
    except KeyboardInterrupt:
        print(told("stopped: what was read is kept, and the same command goes on from there"), file=sys.stderr)
        return 130
    if arguments.corrections:
        apply_corrections(results, arguments.corrections)
        _say_unused(results, arguments.corrections)
    failed = _write_all(results, arguments)
    if arguments.landing and not arguments.dry_run:
        _survey(arguments.landing)
    if arguments.json:
        print(as_json(results))
    say(results, len(left), arguments.language)
    return NOT_DONE if failed else max((exit_status(result, arguments.strict) for result in results), default=0)


def _survey(folder: Path) -> None:
    """Names what a build would not load from a landing folder; that it cannot be looked at changes no verdict."""
    name = printable(str(folder))
    try:
        for sentence in survey(folder):
            print(told(f"not loaded from {name}: {sentence}"), file=sys.stderr)
    except (OSError, duckdb.Error) as error:
        print(f"{name} was not looked through for what cannot be loaded: {printable(str(error))}", file=sys.stderr)


def exit_status(result: Result, is_strict: bool) -> int:
    """The exit status that one file asks for; `is_strict` where what the print contradicts is to be seen in it."""
    if is_strict and result.outcome == PROVED and result.contradictions:
        return EXIT[TO_REVIEW]
    return EXIT[result.outcome]


def _log_to_stderr() -> None:
    """One line a file on standard error, whatever the libraries have made of the logging."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    log = logging.getLogger("ingest")
    log.handlers, log.propagate = [handler], False
    log.setLevel(logging.INFO)
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    logging.getLogger("pdfplumber").setLevel(logging.ERROR)


def _say_unused(results: list[Result], corrections: list[dict[str, str]]) -> None:
    known = {result.report_id for result in results}
    for report_id in sorted({row["report_id"] for row in corrections} - known):
        print(
            told(f"corrections of report {report_id} are left out: none of the files is that report"), file=sys.stderr
        )


def _write_all(results: list[Result], arguments: argparse.Namespace) -> bool:
    """Writes review pages and rows; returns whether anything could not be written."""
    failed = False
    before: dict[str, list[Result]] = {}
    for result in results:
        if result.outcome == REFUSED:
            continue
        same = before.setdefault(result.report_id, [])
        rival = next((other for other in same if other.rows != result.rows), None)
        same.append(result)
        if rival is not None:
            result.outcome = TO_REVIEW
            result.points.append(f"{printable(Path(rival.file).name)} says that it is the same report, and differs")
        try:
            if not arguments.no_review:
                suffix = f"-{len(same)}" if len(same) > 1 else ""
                result.review = str(write_review(result, arguments.review, suffix, arguments.language))
            if rival is not None:
                result.written = "nothing: another file is the same report"
            elif not arguments.dry_run:
                _write(result, arguments, arguments.corrections)
        except OSError as error:
            failed = True
            result.written = f"NOT WRITTEN ({error.strerror}: {error.filename})"
    return failed


def _write(result: Result, arguments: argparse.Namespace, corrections: list[dict[str, str]]) -> None:
    if result.breaks_contract:
        result.written = "nothing: the rows do not follow the contract"
        return
    if arguments.landing:
        written, differences = write_landing(arguments.landing, result, arguments.replace, corrections)
    else:
        keep_source(Warehouse.of(SEEDS.parent).sources, result)
        written, differences = write_seeds(SEEDS / "accounts", result, arguments.replace, corrections)
    result.written = written
    if differences:
        print(
            told(f"{printable(Path(result.file).name)}: differences from report {result.report_id} as it is there:"),
            file=sys.stderr,
        )
        for line in differences[:200]:
            print(f"  {printable(line)}", file=sys.stderr)
        if not arguments.replace:
            result.outcome = TO_REVIEW
            result.points.append(
                f"report {result.report_id} is there already and differs in {len(differences)} cells: "
                "--replace writes this one"
            )


if __name__ == "__main__":
    sys.exit(main())
