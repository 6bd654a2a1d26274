"""scripts/expect: what must hold in a finished warehouse, checked by Great Expectations and shown in Data Docs."""

import argparse
import sys
import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from final_accounts.expectations.validation import (
    SUITES,
    CouldNotRunError,
    Reports,
    SuiteResult,
    holds_back,
    name_of,
    opened,
    reason_raised,
    reports_of,
    rows_not_met,
    severity_of,
    suites_of,
    title_of,
    validate,
    wrongly_judged,
)
from final_accounts.language import Parser
from final_accounts.terminal import plain_streams
from final_accounts.warehouse.paths import PUBLISHED

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult

MET, NOT_MET, COULD_NOT_RUN = 0, 1, 4
# The gravest first.
SEVERITIES = ("critical", "warning", "info")

EPILOG = """\
suites:
  raw, staging, marts  structure, keys, ranges, completeness, sums against printed totals
  identities           one expectation for each accounting identity, over all reports
  gate                 one expectation for everything else that holds a report back
  They are the files tests/expectations/SUITE.json; --write-suites makes them anew.

severity of an expectation:
  critical  (identities: fatal)  not met, it stops a release; of an identity or the gate, it holds back the report:
                                 the reports that fail are exactly those that are held back, or nothing is released
  warning   (identities: error)  what a publisher printed contradicts itself: it is shown with its rows, stops nothing
  info      (identities: info)   as warning
  A report that is held back never stops the others.

exit status:
  0  all critical expectations are met
  1  some are not
  2  wrong usage
  4  could not run: the file is missing, locked, unfinished or no warehouse, or an expectation could not be evaluated
     (a check that raised is not a check that passed)
"""


def summary(reports: Reports, results: list[SuiteResult]) -> str:
    """What came of each suite, and what is not met."""
    width = max(len(result.suite.name) for result in results)
    counts = f"{reports.known:,}, released {reports.released:,}, held back {reports.held_back:,}"
    suites = [_line_of(result, width) for result in results]
    not_met = [line for severity in SEVERITIES for line in _not_met(severity, results)]
    return "\n".join([f"Reports: {counts}. Expectations:", *suites, *not_met])


def _line_of(result: SuiteResult, width: int) -> str:
    """How many expectations of a suite are met, and how grave those are that are not."""
    line = f"  {result.suite.name:<{width}}  {len(result.met):>4,} of {len(result.results):,} met"
    if result.empty:
        line += f"; nothing to check: {len(result.empty):,}"
    counts = Counter(severity_of(each) for each in result.not_met)
    missed = ", ".join(f"{counts[severity]} {severity}" for severity in SEVERITIES if counts[severity])
    return f"{line}; not met: {missed}" if missed else line


def _not_met(severity: str, results: list[SuiteResult]) -> list[str]:
    """The expectations of a severity that are not met: of the critical ones each in a line."""
    not_met = [(result.suite, each) for result in results for each in result.not_met if severity_of(each) == severity]
    if severity == "critical":
        return [f"  {suite.name} {name_of(each)}: {title_of(each)}{_rows(each)}" for suite, each in not_met]
    # A publisher contradicts himself in many ways; what each is about stands in Data Docs.
    named = ", ".join(f"{name_of(each)}{_rows(each)}" for _, each in not_met)
    return [f"  {severity}: {named}"] if named else []


def _rows(result: "ExpectationValidationResult") -> str:
    """How many rows break an expectation, as the end of a sentence."""
    return f" ({rows_not_met(result):,})" if rows_not_met(result) else ""


def expect(database: Path, docs: Path | None = None, names: tuple[str, ...] = SUITES) -> int:
    """Runs suites over a warehouse and writes Data Docs; returns the exit status.

    `docs` is the folder for the pages; left out, data_docs beside the warehouse.
    """
    docs = docs or database.with_name("data_docs")
    try:
        reports = reports_of(database)
        results = validate(database, suites_of(database, names))
    except CouldNotRunError as error:
        print(f"Could not run: {error}", file=sys.stderr)
        return COULD_NOT_RUN

    from final_accounts.expectations.data_docs import write_data_docs

    try:
        index = write_data_docs(docs, database, reports, results)
    except OSError as error:
        print(f"Could not run: Data Docs cannot be written to {docs}. {error}", file=sys.stderr)
        return COULD_NOT_RUN
    print(summary(reports, results))
    print(f"Data Docs: {index.resolve()}")

    not_evaluated = [(result.suite.name, each) for result in results for each in result.not_evaluated]
    if not_evaluated:
        reasons: dict[str | None, list[str]] = {}
        for suite, each in not_evaluated:
            reasons.setdefault(reason_raised(each), []).append(f"{suite} {name_of(each)}")
        for reason, expectations in reasons.items():
            print(f"Could not be evaluated: {', '.join(expectations)}. {reason}", file=sys.stderr)
        print(f"Could not run: expectations that could not be evaluated: {len(not_evaluated):,}.", file=sys.stderr)
        return COULD_NOT_RUN
    severities = [severity_of(each) for result in results for each in result.not_met if not holds_back(each)]
    critical = severities.count("critical")
    if critical:
        print(f"Not met: critical expectations that failed: {critical:,}.", file=sys.stderr)
        return NOT_MET
    judged = wrongly_judged(database)
    if judged:
        print("\n".join(judged), file=sys.stderr)
        print(f"Not met: reports on which the expectations and the gate disagree: {len(judged):,}.", file=sys.stderr)
        return NOT_MET
    others = f" Others that are not met, which stops nothing: {len(severities):,}." if severities else ""
    print(f"All critical expectations are met.{others}")
    return MET


def write_files(database: Path) -> int:
    """Makes the files of the suites from a warehouse; returns the exit status."""
    from final_accounts.expectations.files import write_suites

    with opened(database) as connection:
        for file in write_suites(connection):
            print(file)
    return MET


def main() -> int:
    """Parses the command line."""
    parser = Parser(
        prog="scripts/expect",
        description="Check a finished warehouse against its expectations (Great Expectations), and write Data Docs.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--database", type=Path, default=PUBLISHED, metavar="FILE", help="the warehouse (default: %(default)s)"
    )
    parser.add_argument(
        "--docs", type=Path, metavar="DIR", help="where the pages go (default: data_docs beside the warehouse)"
    )
    parser.add_argument(
        "--suite",
        choices=SUITES,
        action="append",
        metavar="NAME",
        help=f"run this suite only, may be given more than once: {', '.join(SUITES)}",
    )
    parser.add_argument("--write-suites", action="store_true", help="write the files of the suites anew, and stop")
    arguments = parser.parse_args()
    try:
        if arguments.write_suites:
            return write_files(arguments.database)
        return expect(arguments.database, arguments.docs, tuple(arguments.suite or SUITES))
    except Exception:  # whatever it is, it must not look like an expectation that is not met
        traceback.print_exc()
        print("Could not run: the reason stands above.", file=sys.stderr)
        return COULD_NOT_RUN


if __name__ == "__main__":
    with plain_streams():
        status = main()
    sys.exit(status)
