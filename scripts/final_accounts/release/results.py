"""What is checked before a release: dbt's tests, and the expectation suites over what dbt built."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from dbt.artifacts.schemas.results import NodeStatus, TestStatus
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.node_types import NodeType

from final_accounts.expectations.validation import (
    CouldNotRunError,
    Reports,
    SuiteResult,
    has_nothing_to_check,
    holds_back,
    name_of,
    reason_raised,
    reports_of,
    rows_not_met,
    severity_of,
    suites_of,
    title_of,
    validate,
    wrongly_judged,
)
from final_accounts.release.errors import NotReleasedError
from final_accounts.release.record import CheckResult

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult


def check_expectations(database: Path, docs: Path | None) -> tuple[Reports, list[CheckResult]]:
    """Runs every suite; stops where a critical expectation is not met or any could not be evaluated.

    docs   the folder for Data Docs; left out, none are written
    """
    try:
        reports, results = reports_of(database), validate(database, suites_of(database))
    except CouldNotRunError as error:
        raise NotReleasedError(f"the expectations could not run. {error}") from error
    every = [(result.suite.name, each) for result in results for each in result.results]
    raised = [f"{suite} {name_of(each)}: {reason_raised(each)}" for suite, each in every if reason_raised(each)]
    _stop_at("Could not be evaluated", raised, "expectations that could not be evaluated")
    critical = [
        f"{suite} {name_of(each)}: {title_of(each)} (rows: {rows_not_met(each):,})"
        for suite, each in every
        if _stops_a_release(each)
    ]
    _stop_at("Not met", critical, "critical expectations that are not met")
    _stop_at("Not met", wrongly_judged(database), "reports on which the expectations and the gate disagree")
    if docs:
        from final_accounts.expectations.data_docs import write_data_docs

        write_data_docs(docs, database, reports, results)
    return reports, list(_results(results))


def _stops_a_release(each: "ExpectationValidationResult") -> bool:
    """Whether an expectation is not met that is critical, and does not merely hold back a report."""
    return not each.success and severity_of(each) == "critical" and not holds_back(each)


def _stop_at(word: str, sentences: list[str], what: str) -> None:
    """Says each sentence and stops the release, where there is one."""
    for sentence in sentences:
        print(f"{word}: {sentence}", file=sys.stderr)
    if sentences:
        raise NotReleasedError(f"{what}: {len(sentences)}.")


def _results(results: list[SuiteResult]) -> Iterator[CheckResult]:
    """What came of the expectations."""
    for result in results:
        for each in result.results:
            came = "nothing" if has_nothing_to_check(each) else "passed" if each.success else "failed"
            name = f"{result.suite.name} {name_of(each)}"
            yield CheckResult("expectations", name, severity_of(each), came, rows_not_met(each))


def dbt_results(result: RunExecutionResult) -> Iterator[CheckResult]:
    """What came of dbt's tests."""
    for each in result.results:
        if each.node.resource_type == NodeType.Test:
            passed = each.status in (TestStatus.Pass, NodeStatus.Success)
            severity = str(each.node.config.severity).lower()
            yield CheckResult("dbt", each.node.name, severity, "passed" if passed else "failed", each.failures or 0)
