"""Runs dbt in this process, with its progress on one line and its complaints in full."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt_common.events.base_types import EventMsg

from final_accounts.paths import TOP


class _Progress:
    """Turns dbt's events into one moving line on a terminal, and into plain lines elsewhere only for problems."""

    def __init__(self) -> None:
        self.moves = sys.stderr.isatty()

    def __call__(self, event: EventMsg) -> None:
        name = event.info.name
        if name == "NodeStart" and self.moves:
            self._line(f"{event.data.node_info.node_name}")
        elif name in ("LogSeedResult", "LogModelResult", "LogTestResult", "LogHookEndLine") and self.moves:
            self._line(f"{event.data.index}/{event.data.total}")
        elif name in (
            "JinjaLogInfo",
            "RunResultError",
            "RunResultErrorNoMessage",
            "MainEncounteredError",
            "RunResultFailure",
        ):
            self.clear()
            print(event.info.msg, file=sys.stderr)

    def _line(self, text: str) -> None:
        print(f"\r\033[K  {text[:100]}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self.moves:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


@contextmanager
def _database(path: Path) -> Iterator[None]:
    """Points the development target at a file for as long as dbt runs, and lets go of it afterwards."""
    before = os.environ.get("FINAL_ACCOUNTS_DATABASE")
    os.environ["FINAL_ACCOUNTS_DATABASE"] = str(path)
    try:
        yield
    finally:
        DuckDBConnectionManager.close_all_connections()
        if before is None:
            del os.environ["FINAL_ACCOUNTS_DATABASE"]
        else:
            os.environ["FINAL_ACCOUNTS_DATABASE"] = before


@contextmanager
def landing_of(folder: Path | None, synthetic: bool) -> Iterator[None]:
    """Lets dbt read a landing folder beside the seeds, with or without its synthetic reports."""
    variables = {"FINAL_ACCOUNTS_LANDING": str(folder or ""), "FINAL_ACCOUNTS_SYNTHETIC": "1" if synthetic else ""}
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def run_dbt(arguments: list[str], database: Path, project: Path = TOP) -> dbtRunnerResult:
    """Runs one dbt command over a database file; problems are printed, the caller reads `success`."""
    progress = _Progress()
    # dbt's own console is off, not only quiet: it would print every problem a second time.
    console = ["--quiet", "--log-level", "none", "--no-use-colors"]
    places = ["--project-dir", str(project), "--profiles-dir", str(project / "profiles")]
    with _database(database):
        result = dbtRunner(callbacks=[progress]).invoke([*arguments, *console, *places])
    progress.clear()
    return result
