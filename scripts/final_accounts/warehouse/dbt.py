"""Runs dbt in this process, with its progress on one line and its complaints in full."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt_common.events.base_types import EventMsg

from final_accounts.terminal import move, printable
from final_accounts.warehouse.paths import TOP, target_folder


class _Progress:
    """Turns dbt's events into one moving line on a terminal, and into plain lines elsewhere only for problems.

    quotes   whether the texts of reports may be told; without them a problem is told by its first line
    """

    def __init__(self, quotes: bool) -> None:
        self.moves, self.quotes = sys.stderr.isatty(), quotes

    def __call__(self, event: EventMsg) -> None:
        name, message = event.info.name, str(getattr(event.info, "msg", ""))
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
            if message.startswith("Held back: report "):
                # a plain dbt build says so; who runs it here asks the file, and knows what may be told
                return
            self.clear()
            if self.quotes:
                print(message, file=sys.stderr)
            # the sentences on rows are indented below the name of their test
            elif not message.startswith("  ") or name != "JinjaLogInfo":
                print(message.strip().split("\n")[0], file=sys.stderr)

    def _line(self, text: str) -> None:
        move(f"\r\033[K  {printable(text)[:100]}")

    def clear(self) -> None:
        if self.moves:
            move("\r\033[K")


@contextmanager
def _settings(**variables: str) -> Iterator[None]:
    """Sets environment variables for as long as dbt runs, and lets go of the database afterwards."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def run_dbt(
    arguments: list[str],
    database: Path,
    project: Path = TOP,
    *,
    landing: Path | str | None = None,
    synthetic: bool = False,
    base: Path | None = None,
    code: Path | None = None,
    quotes: bool = True,
) -> dbtRunnerResult:
    """Runs one dbt command over a database file; problems are printed, the caller reads `success`.

    `code` is a copy of the project to read in its place; what dbt remembers stays with the project. Only the landing
    folder (a path, or an address) that is named is read beside the seeds, whatever the environment says; `synthetic`
    lets its synthetic reports in. `base` is the file of the release that unchanged reports are taken over from. Without
    `quotes` no text of a report is told, on the screen or in dbt's log, written only if DBT_LOG_LEVEL_FILE is set.
    """
    progress = _Progress(quotes)
    # dbt's own console is off, not only quiet: it would print every problem a second time.
    console = ["--quiet", "--log-level", "none", "--no-use-colors"]
    places = ["--project-dir", str(code or project), "--profiles-dir", str((code or project) / "profiles")]
    if code:
        places += ["--target-path", str(target_folder(project)), "--log-path", str(project / "logs")]
    if not quotes or "DBT_LOG_LEVEL_FILE" not in os.environ:
        # to write down each statement is a tenth of dbt's time
        places += ["--log-level-file", "none"]
    with _settings(
        FINAL_ACCOUNTS_DATABASE=str(database),
        FINAL_ACCOUNTS_LANDING=str(landing or ""),
        FINAL_ACCOUNTS_SYNTHETIC="1" if synthetic else "",
        FINAL_ACCOUNTS_BASE=str(base or ""),
    ):
        result = dbtRunner(callbacks=[progress]).invoke([*arguments, *console, *places])
    progress.clear()
    return result


def results_of(ended: dbtRunnerResult) -> list[Any]:
    """What came of each node of a command; nothing where it did not come so far."""
    return list(ended.result.results) if isinstance(ended.result, RunExecutionResult) else []


def write_docs(
    database: Path,
    project: Path = TOP,
    *,
    target: Path | None = None,
    landing: Path | None = None,
    synthetic: bool = False,
    base: Path | None = None,
    code: Path | None = None,
) -> Path | None:
    """The models documented as one page that needs nothing else, without a look at the database.

    After a build of the same database, with the same options, dbt remembers what it has read, and it takes a second;
    `target` is a folder of its own for one that comes alone. Returns where the page is; None, with a sentence, if dbt
    cannot write it.
    """
    place = ["--target-path", str(target)] if target else []
    commands = [["docs", "generate", "--static", "--empty-catalog", "--no-compile", *place]]
    if target:
        commands.insert(0, ["parse", *place])
    for each in commands:
        if not run_dbt(each, database, project, landing=landing, synthetic=synthetic, base=base, code=code).success:
            print("The dbt docs could not be written; the site goes without them.", file=sys.stderr)
            return None
    page = (target or target_folder(project)) / "static_index.html"
    # Where the project lies on the machine that builds is nothing for readers.
    text = page.read_text(encoding="utf-8")
    for folder in filter(None, (code, project)):
        text = text.replace(str(folder), ".")
    page.write_text(text, encoding="utf-8")
    return page
