"""scripts/prove_publishing: kills builds at any moment while readers look on, and measures what a build takes.

A copy of the project is built in a folder of its own. Two versions of the raw files take turns, so that every build
publishes another release than the one before. Builds are real processes, killed with SIGKILL:

  whole       scripts/build from its start, at a random moment
  publishing  forked with the models and tables already built, so that hundreds are quick: comparing, recording,
              auditing and publishing are real; killed at a random moment, or exactly before the n-th thing it does to
              files while it publishes

Readers open the published file again and again, all the while, each in a process of its own. A look is bad if the file
cannot be opened, if any table is missing or holds other rows than the release says that it belongs to, or if that
release was never audited.
"""

import argparse
import contextlib
import itertools
import json
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any

import duckdb
import pandas  # noqa: F401 - DuckDB wants it; imported once here, not in every fork

from final_accounts.expectations.validation import reports_of
from final_accounts.release.audit import READ_ONLY_SETTINGS
from final_accounts.release.manifest import Relation, relations_of
from final_accounts.release.record import CheckResult, read_record
from final_accounts.release.results import dbt_results
from final_accounts.release.tables import columns_of, contents, write_release
from final_accounts.release.taking import Taken
from final_accounts.warehouse import build
from final_accounts.warehouse.paths import PUBLISHED, TOP, Warehouse
from final_accounts.warehouse.steps import logged

KEPT, BROKEN = 0, 1
COPIED = ("dbt_project.yml", "macros", "models", "profiles", "requirements.txt", "scripts", "seeds", "tests")
# Everything that Python tells of what is done to files; a build is killed before it is done.
EVENTS = {
    "open",
    "os.rename",
    "os.symlink",
    "os.remove",
    "os.rmdir",
    "os.chmod",
    "os.mkdir",
    "os.listdir",
    "shutil.rmtree",
}
SEED = 20231
PAGES = 200
TABLES_AGAIN = 5
OURSELVES = (sys.executable, "-m", "final_accounts.proving.prove_publishing")
# A process that takes longer hangs.
PATIENCE_SECONDS = 600
# Between two looks: readers that leave builds no processor would see little of them.
PAUSE_SECONDS = 0.05


def copy_project(top: Path, prepared: Path | None = None) -> None:
    """Copies what a build needs; the seeds are those of what was prepared, if something was."""
    for name in COPIED:
        source = prepared / name if prepared and name == "seeds" else TOP / name
        if source.is_dir():
            shutil.copytree(source, top / name, ignore=shutil.ignore_patterns("__pycache__", "python"))
        else:
            shutil.copyfile(source, top / name)


def write_version(top: Path, version: int) -> None:
    """Turns the raw files into one of two versions, which differ in a page number."""
    file = top / "seeds" / "accounts" / "reports.csv"
    header, line, *rest = file.read_text(encoding="utf-8").splitlines()
    cells = line.split(",")
    cells[header.split(",").index("page_count")] = str(PAGES + version)
    file.write_text("\n".join([header, ",".join(cells), *rest]) + "\n", encoding="utf-8")


def command() -> list[str]:
    """A build of the copy that this process is told to be in."""
    return [sys.executable, "-m", "final_accounts.warehouse.build", "--allow-withdrawn"]


def environment(top: Path) -> dict[str, str]:
    """The environment of a build in a copy."""
    foreign = ("DBT_", "FINAL_ACCOUNTS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    # what Python compiles on the way is nothing that a command leaves behind
    own = {"PYTHONPATH": str(top / "scripts"), "PYTHONDONTWRITEBYTECODE": "1", "DBT_LOG_LEVEL_FILE": "none"}
    return kept | own


@dataclass
class Looks:
    """What readers saw."""

    looks: int = 0
    releases: int = 0
    not_opened_seconds: float = 0.0
    bad: list[str] = field(default_factory=list)


def look(warehouse: Warehouse, seen: set[str] = frozenset()) -> str:
    """Opens the published file as a reader does; returns its release. Raises if anything is wrong with it.

    Every table is read whole the first time that a release is seen; later a few, and of the others that they are there.
    """
    with duckdb.connect(str(warehouse.published), read_only=True, config=READ_ONLY_SETTINGS) as connection:
        ((release_id, tables),) = connection.execute(
            "select release_id, (select count(*) from quality.release_tables) from quality.releases where is_this_file"
        ).fetchall()
        columns = columns_of(connection, warehouse.published.stem)
        expected = connection.execute(
            "select table_name, rows, fingerprint from quality.release_tables where not is_view"
        ).fetchall()
        if not expected or tables < len(expected):
            raise ValueError(f"{release_id} lists no tables")
        few = random.sample(expected, TABLES_AGAIN) if release_id in seen else expected
        missing = [table for table, *_ in expected if table not in columns]
        if missing:
            raise ValueError(f"release {release_id} has no {missing}")
        for table, rows, fingerprint in few:
            held = contents(connection, warehouse.published.stem, table, columns[table], False)
            if (held.rows, held.fingerprint) != (rows, fingerprint):
                raise ValueError(f"{table} is not that of release {release_id}")
        ((department,),) = connection.execute("select count(*) from reporting.rpt_department_years").fetchall()
        if department < 1:
            raise ValueError("reporting.rpt_department_years is empty")
    return release_id


def read_on(warehouse: Warehouse, report: Path) -> None:
    """Looks until it is told to stop, then writes down what it saw."""
    stopped = []

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.append(True)

    signal.signal(signal.SIGTERM, stop)
    seen: set[str] = set()
    looks = Looks()
    while not stopped:
        start = time.monotonic()
        try:
            release_id = look(warehouse, seen)
        except Exception as error:  # whatever a reader could meet
            looks.not_opened_seconds += time.monotonic() - start
            looks.bad.append(f"{type(error).__name__}: {error}")
            time.sleep(0.01)
            continue
        looks.looks += 1
        time.sleep(PAUSE_SECONDS)
        if release_id not in seen:
            seen.add(release_id)
            # A release has its folder only after the audit; an old one may have been removed since.
            folder = warehouse.release(release_id)
            with contextlib.suppress(FileNotFoundError):
                if read_record(folder)["release_id"] != release_id:
                    looks.bad.append(f"{release_id} was not audited")
            if not folder.exists() and look(warehouse) == release_id:
                looks.bad.append(f"{release_id} was not audited")
    looks.releases = len(seen)
    report.write_text(json.dumps(looks.__dict__), encoding="utf-8")


@dataclass
class Proof:
    """A run: builds, kills and readers in a copy of the project."""

    top: Path
    chance: random.Random
    whole: int = 0
    publishing: int = 0
    finished: int = 0
    failures: list[str] = field(default_factory=list)
    versions: "itertools.cycle[int]" = field(default_factory=lambda: itertools.cycle((0, 1)))

    @property
    def warehouse(self) -> Warehouse:
        """The warehouse of the copy."""
        return Warehouse.of(self.top)

    def build(self) -> tuple[float, dict[str, Any]]:
        """A whole build of the other version; returns its seconds and its record."""
        write_version(self.top, next(self.versions))
        start = time.monotonic()
        run = subprocess.run(  # noqa: S603 - our own module
            command(), env=environment(self.top), capture_output=True, text=True, check=False
        )
        seconds = time.monotonic() - start
        if run.returncode:
            raise RuntimeError(f"a build that nobody killed was not released: {run.stderr}")
        self.finished += 1
        return seconds, read_record(self.warehouse.current)

    def kill_whole(self, most_seconds: float) -> None:
        """Starts scripts/build, and kills it at a random moment."""
        write_version(self.top, next(self.versions))
        with subprocess.Popen(  # noqa: S603 - our own module
            command(), env=environment(self.top), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                process.wait(self.chance.uniform(0, most_seconds))
                self.finished += 1
            except subprocess.TimeoutExpired:
                process.kill()
                self.whole += 1

    def after_kill(self) -> None:
        """Whatever was killed, what readers have is a whole release that is kept."""
        if wait(fork(self._check_published, self.top / "look.log")):
            self.failures.append("after a kill, the published file was not a whole release that is kept")

    def _check_published(self) -> int:
        """0 if so."""
        return 0 if self.warehouse.release(look(self.warehouse)).is_dir() else 1


def fork(work: Callable[[], int], said: Path) -> int:
    """Does something in a process of its own, what it prints goes to a file; its exit status is what the work returns.

    The one that forks must have no threads, and so must not have opened a database.
    """
    process = os.fork()
    if process:
        return process
    try:
        output = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os._exit(work())
    except BaseException:
        traceback.print_exc()
        os._exit(99)


def wait(process: int, seconds: float = PATIENCE_SECONDS) -> int | None:
    """The exit status of a process, negative for the signal that ended it; none if it goes on for longer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.001)
    return None


def prepare(top: Path, folder: Path) -> None:
    """Lets dbt build one version, and prepares both of it."""
    write_version(top, 0)
    built = folder / PUBLISHED.name
    folder.mkdir(parents=True)
    result = build._run_dbt(top, built, build.Options(), Taken(top))
    relations = relations_of(each.node.to_dict(omit_none=False) for each in result.results)
    prepare_of(built, relations, list(dbt_results(result)), top / "seeds", folder)
    built.unlink()


def prepare_of(built: Path, relations: list[Relation], checks: list[CheckResult], seeds: Path, folder: Path) -> None:
    """Makes both versions of what dbt has built of some seeds; keeps each as it is built and written, and the rest."""
    shutil.copytree(seeds, folder / "seeds")
    for version in (0, 1):
        copy = folder / str(version) / built.name
        written = copy.parent / "written" / built.name
        written.parent.mkdir(parents=True)
        shutil.copyfile(built, copy)
        _turn_into(copy, version)
        tables = write_release(copy, written, relations, personal=True)
        with (copy.parent / "found.pickle").open("wb") as found:
            pickle.dump((relations, checks, tables), found)


def _turn_into(built: Path, version: int) -> None:
    """Makes what dbt would have built of another version: what is made of `page_count` is nothing but itself."""
    with duckdb.connect(str(built)) as connection:
        holding = connection.execute(
            "select schema_name || '.' || table_name from duckdb_columns() join duckdb_tables() "
            "using (schema_name, table_name) where column_name = 'page_count'"
        ).fetchall()
        for (table,) in holding:
            connection.execute(f"update {table} set page_count = $1", [PAGES + version])  # noqa: S608 - our own


class Forks:
    """Builds that begin after dbt, forked from this process."""

    def __init__(self, proof: Proof, prepared: Path | None, *, site: bool = False) -> None:
        self.proof, self.folder, self.said = proof, prepared or proof.top / "prepared", proof.top / "build.log"
        self.site = site
        if not prepared:
            subprocess.run(  # noqa: S603 - our own module
                [*OURSELVES, "--prepare", str(self.folder), "--in", str(proof.top)],
                env=environment(proof.top),
                check=True,
            )
        self.versions = itertools.cycle((0, 1))

    def start(self, kill_before: int | None = None) -> int:
        """Forks a build; it kills itself before the n-th thing that it does to files while it publishes."""
        version = next(self.versions)
        write_version(self.proof.top, version)
        return fork(lambda: self._build(self.folder / str(version), kill_before), self.said)

    def _build(self, prepared: Path, kill_before: int | None) -> int:
        """A build with prepared models, expectations and tables; it compares, records, audits and publishes."""
        with (prepared / "found.pickle").open("rb") as found:
            relations, checks, tables = pickle.load(found)  # noqa: S301 - our own

        def copy_built(_project: Path, target: Path, *_: Any) -> Any:
            shutil.copyfile(prepared / target.name, target)
            return SimpleNamespace(results=[])

        def copy_written(_built: Path, target: Path, *_: Any) -> Any:
            shutil.copyfile(prepared / "written" / target.name, target)
            return tables

        build._run_dbt = copy_built
        build.write_release = copy_written
        build.relations_of = lambda _nodes: relations
        build.dbt_results = lambda _result: checks
        build.expectations_checker = lambda: contextlib.nullcontext(lambda database, _docs: (reports_of(database), []))
        if kill_before is not None:
            self._count_to(kill_before)
        build.write_docs = lambda *_arguments, **_named: None
        options = build.Options(allow_withdrawn=True, keep=3, site=self.site)
        with logged(self.proof.top / "logs" / "build.log"):
            return build.build(self.proof.top, options)

    def _count_to(self, kill_before: int) -> None:
        """Arranges that the n-th thing done to files, from the moment that the candidate is kept, is not done."""
        keep, done = build.keep, itertools.count(1)
        publishing = []

        def watch(event: str, _arguments: tuple[Any, ...]) -> None:
            if publishing and event in EVENTS and next(done) == kill_before:
                os.kill(os.getpid(), signal.SIGKILL)

        def watched(*arguments: Any) -> Any:
            publishing.append(True)
            return keep(*arguments)

        sys.addaudithook(watch)
        build.keep = watched

    def kill_at(self, seconds: float) -> bool:
        """Forks a build and kills it after some seconds; says whether it was still running."""
        process = self.start()
        if wait(process, seconds) is not None:
            return False
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        return True

    def run(self, kill_before: int | None = None) -> int | None:
        """Forks a build; returns its exit status, negative for the signal that ended it."""
        return wait(self.start(kill_before))

    def release(self) -> float:
        """Forks a build, which must end well; returns its seconds."""
        start = time.monotonic()
        if self.run():
            raise RuntimeError(f"a quick build that nobody killed was not released: {self.said.read_text('utf-8')}")
        self.proof.finished += 1
        return time.monotonic() - start


def kill_while_publishing(proof: Proof, forks: Forks, kills: int, most_seconds: float) -> None:
    """Kills builds with prepared tables: half of them at every step of the publishing in turn, half at random."""
    step = 1
    while proof.publishing < kills:
        if proof.publishing % 2:
            proof.publishing += forks.kill_at(proof.chance.uniform(0, most_seconds))
        else:
            status = forks.run(step)
            if status == -signal.SIGKILL:
                proof.publishing += 1
                step += 1
            elif status != 0:
                proof.failures.append(f"a build after a kill ended with {status}: {forks.said.read_text('utf-8')}")
                step += 1
            else:
                # It came to its end: all steps have been tried.
                proof.finished += 1
                step = 1
        proof.after_kill()
        _progress(f"killed while publishing: {proof.publishing:,} of {kills:,}")


def kill_whole_builds(proof: Proof, kills: int, most_seconds: float) -> None:
    """Kills whole builds, and lets one in ten come to its end."""
    while proof.whole < kills:
        proof.kill_whole(most_seconds)
        proof.after_kill()
        if proof.whole % 10 == 0:
            proof.build()
        _progress(f"killed as a whole: {proof.whole:,} of {kills:,}")


def _progress(text: str) -> None:
    """Says how far it is: on a line that moves, or every now and then."""
    if sys.stderr.isatty():
        print(f"\r\033[K  {text}", end="", file=sys.stderr, flush=True)
    elif text.split(" of ")[0].endswith("0"):
        print(f"  {text}", file=sys.stderr, flush=True)


def times(name: str, seconds: float, record: dict[str, Any]) -> str:
    """One line on what a build took."""
    shares = record["seconds"]
    parts = ", ".join(
        f"{what} {shares[key] / seconds:.0%}"
        for what, key in (("dbt", "dbt"), ("expectations", "expectations"), ("audit and comparison", "audit"))
    )
    return f"{name}: {seconds:.1f} s ({parts})"


def prove(top: Path, publishing: int, whole: int, readers: int, prepared: Path | None) -> int:
    """Runs all of it in an empty folder; returns the exit status. Whole builds are measured if some are killed."""
    copy_project(top, prepared)
    proof = Proof(top, random.Random(SEED))  # noqa: S311 - moments, not secrets
    print("A first build …", file=sys.stderr)
    measured = [proof.build() for _ in range(2 if whole else 0)]
    forks = Forks(proof, prepared)
    quick_seconds = forks.release()
    reports = [top / f"reader{number}.json" for number in range(readers)]
    with looking_on(top, reports):
        start = time.monotonic()
        kill_while_publishing(proof, forks, publishing, quick_seconds)
        if measured:
            kill_whole_builds(proof, whole, measured[-1][0])
            proof.build()
        else:
            forks.release()
    seconds = time.monotonic() - start
    saw = [Looks(**json.loads(report.read_text(encoding="utf-8"))) for report in reports]
    for name, (took, record) in zip(("a build, cold", "a build, warm"), measured, strict=False):
        print(times(name, took, record))
    bad = [*proof.failures, *(problem for each in saw for problem in each.bad)]
    show(proof, saw, seconds, bad)
    return BROKEN if bad else KEPT


@contextlib.contextmanager
def looking_on(top: Path, reports: list[Path]) -> Iterator[None]:
    """Has as many readers as there are reports look at what is published, each of which writes one in the end."""
    looking = [
        subprocess.Popen(  # noqa: S603 - our own module
            [*OURSELVES, "--look", str(report), "--in", str(top)],
            env=environment(top),
        )
        for report in reports
    ]
    try:
        yield
    finally:
        for process in looking:
            process.terminate()
        for process in looking:
            process.wait()


def show(proof: Proof, saw: list[Looks], seconds: float, bad: list[str]) -> None:
    """Prints how many builds were killed and what readers saw of it."""
    print(
        f"builds killed: {proof.whole + proof.publishing:,} "
        f"({proof.whole:,} from the start, {proof.publishing:,} while publishing)"
    )
    print(f"builds that came to their end among them: {proof.finished:,}, in {seconds:,.0f} s")
    print(f"reads checked: {sum(each.looks for each in saw):,}, of {max(each.releases for each in saw):,} releases")
    print(f"seconds readers could not open the file: {sum(each.not_opened_seconds for each in saw):g}")
    print(f"bad reads: {len(bad):,}")
    print("\n".join(bad[:20]), file=sys.stderr)


def main(arguments: list[str] | None = None) -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/prove_publishing",
        description="Kill builds at any moment while readers look on; print what readers saw and what a build takes. "
        "Works on a copy of the project; what readers have is not touched.",
        epilog="Exit status: 0 no bad read, 1 some, 2 wrong usage.",
    )
    parser.add_argument("--publishing", type=int, default=300, metavar="N", help="kills while publishing (%(default)s)")
    parser.add_argument("--whole", type=int, default=40, metavar="N", help="kills of whole builds (%(default)s)")
    parser.add_argument("--readers", type=int, default=2, metavar="N", help="readers at a time (%(default)s)")
    parser.add_argument("--look", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--prepared", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--in", type=Path, dest="top", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.look:
        read_on(Warehouse.of(given.top), given.look)
        return KEPT
    if given.prepare:
        prepare(given.top, given.prepare)
        return KEPT
    with tempfile.TemporaryDirectory(prefix="publishing-") as folder:
        return prove(Path(folder), given.publishing, given.whole, given.readers, given.prepared)


if __name__ == "__main__":
    sys.exit(main())
