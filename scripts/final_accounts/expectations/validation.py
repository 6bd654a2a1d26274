"""Runs expectation suites over a finished warehouse, and tells what is not met from what could not be evaluated."""

import contextlib
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    # Great Expectations takes three seconds to import; --help and a missing file need not wait for it.
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.datasource.fluent import SQLDatasource
    from great_expectations.datasource.fluent.interfaces import Batch
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    from final_accounts.expectations.suites import Check, Suite

# Great Expectations would report its use to its makers.
os.environ["GX_ANALYTICS_ENABLED"] = "false"

SUITES = ("raw", "staging", "marts", "identities", "gate")
# The results that the suite of identities finds (suites.py), and the temporary table that holds them.
IS_BROKEN = "status in ('broken', 'blocked')"
BROKEN = "results_broken_or_blocked"
KEEP_BROKEN = f"create temp table {BROKEN} as from quality.fct_identity_results where {IS_BROKEN}"


class CouldNotRunError(Exception):
    """Nothing can be said about the warehouse; the message says why."""


@dataclass(frozen=True)
class Reports:
    """How many reports a warehouse holds."""

    known: int
    released: int

    @property
    def held_back(self) -> int:
        """Reports that are in quality only."""
        return self.known - self.released


@dataclass(frozen=True)
class SuiteResult:
    """What came of the expectations of a suite, in the order of the suite."""

    suite: "Suite"
    results: "tuple[ExpectationValidationResult, ...]"

    @property
    def met(self) -> "list[ExpectationValidationResult]":
        """The expectations that are met."""
        return [result for result in self.results if result.success and not has_nothing_to_check(result)]

    @property
    def empty(self) -> "list[ExpectationValidationResult]":
        """The expectations that nothing could break."""
        return [result for result in self.results if result.success and has_nothing_to_check(result)]

    @property
    def not_met(self) -> "list[ExpectationValidationResult]":
        """The expectations that were evaluated and are not met."""
        return [result for result in self.results if not result.success and not reason_raised(result)]

    @property
    def not_evaluated(self) -> "list[ExpectationValidationResult]":
        """The expectations that could not be evaluated."""
        return [result for result in self.results if reason_raised(result)]


def config_of(result: "ExpectationValidationResult") -> "ExpectationConfiguration":
    """What was expected; Great Expectations always says it of what it has run."""
    if result.expectation_config is None:
        raise CouldNotRunError("an expectation came back without its name")
    return result.expectation_config


def meta_of(result: "ExpectationValidationResult") -> dict[str, Any]:
    """What the expectation carries beside its rule."""
    return config_of(result).meta or {}


def name_of(result: "ExpectationValidationResult") -> str:
    """The short name of an expectation: the identity, the report, or what is checked."""
    return str(meta_of(result)["name"])


def title_of(result: "ExpectationValidationResult") -> str:
    """What is expected, in Chinese and English."""
    return str(config_of(result).description)


def severity_of(result: "ExpectationValidationResult") -> str:
    """`critical`, `warning` or `info`."""
    return str(config_of(result).severity.value)


def rows_not_met(result: "ExpectationValidationResult") -> int:
    """How many rows break an expectation; 0 where it is about no rows."""
    found = result.result
    if config_of(result).type == "unexpected_rows_expectation":
        return found.get("observed_value") or 0
    # none where all values are null: a mart may have no row
    return found.get("unexpected_count") or 0


def has_nothing_to_check(result: "ExpectationValidationResult") -> bool:
    """Whether it is an identity that no released report prints the cells of: then nothing is proved by it."""
    instances = meta_of(result).get("instances")
    return instances is not None and instances.keys() <= {"not_evaluable"}


def reason_raised(result: "ExpectationValidationResult") -> str | None:
    """Why an expectation could not be evaluated, on one line; Great Expectations calls that not met."""
    exceptions = result.exception_info or {}
    # One entry for each metric that raised, or one without a name.
    for exception in [exceptions] if "raised_exception" in exceptions else exceptions.values():
        if exception["raised_exception"]:
            message = exception["exception_message"] or "no reason given"
            # Without the query: it stands in Data Docs.
            return " ".join(re.split(r"\s+LINE \d+:|\[SQL:", message)[0].split())
    return None


@contextlib.contextmanager
def opened(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Opens a finished warehouse for reading; says what is wrong with a file that is none."""
    if not database.is_file():
        raise CouldNotRunError(f"{database}: no such file; scripts/build makes the warehouse.")
    journal = database.with_name(f"{database.name}.wal")
    if journal.exists():
        # DuckDB would replay it, and what is checked would not be what stands in the file.
        raise CouldNotRunError(f"{database}: {journal.name} lies beside it, so somebody is writing or was broken off.")
    try:
        connection = duckdb.connect(str(database), read_only=True)
    except duckdb.Error as error:
        reason = str(error).split("\n")[0]
        problem = "locked by a writer" if "Could not set lock" in reason else "cannot be opened as a DuckDB file"
        raise CouldNotRunError(f"{database}: {problem}. {reason}") from error
    try:
        yield connection
    except duckdb.Error as error:
        reason = str(error).split("\n")[0]
        raise CouldNotRunError(f"{database}: no warehouse of this project. {reason}") from error
    finally:
        connection.close()


KNOWN = "select report_id from staging.stg_accounts__reports union select report_id from quality.fct_hold_reasons"


def reports_of(database: Path) -> Reports:
    """Counts the reports of a warehouse."""
    with opened(database) as connection:
        (counts,) = connection.execute(
            f"select (select count(*) from ({KNOWN})), (select count(*) from marts.dim_reports)"  # noqa: S608 - of our own
        ).fetchall()
    return Reports(*counts)


def suites_of(database: Path, names: tuple[str, ...] = SUITES) -> "list[Suite]":
    """The suites that a warehouse is held to, from their files."""
    from final_accounts.expectations.files import add_counts, read_suite

    suites = [read_suite(name) for name in SUITES if name in names]
    with opened(database) as connection:
        for suite in suites:
            if suite.name == "identities":
                add_counts(suite, connection)
    return suites


def holds_back(result: "ExpectationValidationResult") -> bool:
    """Whether a report that breaks the expectation is held back, so that it stops no other one."""
    return bool(meta_of(result).get("holds_back"))


def wrongly_judged(database: Path) -> list[str]:
    """A sentence for each report that is held back though no expectation says so, or the other way round."""
    from final_accounts.expectations.files import read_suite
    from final_accounts.expectations.suites import query_of

    failing: dict[str, str] = {}
    with opened(database) as connection:
        connection.execute(KEEP_BROKEN)
        for suite in map(read_suite, ("identities", "gate")):
            for check in filter(lambda each: each.holds_back, suite.checks):
                rows = query_of(check.expectation, rows_of(suite.name, check.table))
                query = f"select distinct report_id from ({rows})"  # noqa: S608 - of our own
                failing |= {report_id: check.name for (report_id,) in connection.execute(query).fetchall()}
        known = {name for (name,) in connection.execute(KNOWN).fetchall()}
        released = {name for (name,) in connection.execute("select report_id from marts.dim_reports").fetchall()}
    held_back = known - released
    return [
        *(f"report {name} is released, and fails {failing[name]}" for name in sorted(failing.keys() - held_back)),
        *(f"report {name} is held back, and fails nothing" for name in sorted(held_back - failing.keys())),
    ]


def validate(database: Path, suites: "list[Suite]") -> list[SuiteResult]:
    """Runs suites over a warehouse, and lets go of it again."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    from final_accounts.expectations.duckdb_dialect import read_only_url

    # What it has to say is in the results.
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("great_expectations")]:
        logging.getLogger(name).setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_sql(
        "warehouse", connection_string=read_only_url(database), create_temp_table=False
    )
    batches: dict[str, Batch] = {}
    try:
        _keep_broken(source)
        return [SuiteResult(suite, _results(source, batches, suite)) for suite in suites]
    finally:
        # Either of the two would keep the file closed to writers.
        source.get_execution_engine().close()
        source.get_engine().dispose()


def rows_of(suite: str, table: str) -> str:
    """What a suite asks in place of a table: of all results the identities want only those that are broken."""
    return BROKEN if suite == "identities" else table


def _keep_broken(source: "SQLDatasource") -> None:
    """Lets each connection begin with the results that are broken or blocked, under a name of their own.

    Each identity asks for its own of them: from the view of all results that would be as many joins as identities.
    """
    from sqlalchemy import event

    def keep(connection: Any, _: object) -> None:
        connection.execute(KEEP_BROKEN)

    engine = source.get_execution_engine().engine
    event.listen(engine, "connect", keep)
    # those that are open already are opened anew
    engine.dispose()


def _results(
    source: "SQLDatasource", batches: "dict[str, Batch]", suite: "Suite"
) -> "tuple[ExpectationValidationResult, ...]":
    """Runs a suite table by table, as Great Expectations wants it; the results come in the order of the suite."""
    from great_expectations import ExpectationSuite

    tables: dict[str, list[Check]] = {}
    for check in suite.checks:
        tables.setdefault(check.table, []).append(check)
    results: dict[str, ExpectationValidationResult] = {}
    for table, checks in tables.items():
        rows = rows_of(suite.name, table)
        if rows not in batches:
            asset = source.add_query_asset(rows, query=f"select * from {rows}")  # noqa: S608 - a name of our own
            batches[rows] = asset.add_batch_definition_whole_table("all").get_batch()
        # One list: added one by one, a hundred expectations would take seconds.
        expectations = ExpectationSuite(f"{suite.name} {table}", [check.expectation for check in checks])
        for result in batches[rows].validate(expectations, result_format=_result_format(table)).results:
            results[name_of(result)] = result
    return tuple(results[check.name] for check in suite.checks)


def _result_format(table: str) -> dict[str, Any]:
    """Asks for the rows that break an expectation, and for the columns that name them."""
    from final_accounts.expectations.layers import ROW_NAMES

    names = {"unexpected_index_column_names": ROW_NAMES[table]} if table in ROW_NAMES else {}
    return {"result_format": "COMPLETE", **names}
