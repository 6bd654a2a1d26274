"""scripts/benchmark --against COMMIT: what is committed now beside what was then, as ratios.

Both are clones with environments of their own. They take turns, so that what else the machine does meets both alike;
each job is done once before it counts, as the first time reads all files anew, and then several times. Medians count.
"""

import csv
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rivals.costs import BenchmarkError, Cost, measured

ROUNDS = 5
READY = ". scripts/environment.sh && use_environment requirements.txt"
# What is timed in each clone, as the shell is told.
JOBS = {
    "dbt build": "dbt --quiet build --exclude-resource-type unit_test",
    "scripts/build": "scripts/build",
}
# 3: something is left to review
INGEST = "scripts/ingest --again --dry-run --no-review {file} || test $? = 3"


@dataclass(frozen=True)
class Compared:
    """What a job took in each round, then and now."""

    job: str
    then: list[Cost]
    now: list[Cost]

    def medians(self, what: str) -> tuple[float, float, float]:
        """Seconds of `wall` or `processor` time then and now, and how many times the one is the other."""
        then, now = (median(getattr(cost, what) for cost in costs) for costs in (self.then, self.now))
        return then, now, now / then


def compare_with(
    project: Path, commit: str, work: Path, report: Path | None = None, rounds: int = ROUNDS
) -> list[Compared]:
    """Measures the jobs in clones of a project, at a commit and as it is committed now.

    Args:
        project: the repository
        commit: what it is compared with
        work: where the clones lie; they are used again
        report: a published report that is read as well
        rounds: how often each job is timed

    Raises:
        BenchmarkError: there is no such commit, or a job failed.

    """
    clones = [_clone(project, each, work) for each in (commit, "HEAD")]
    jobs = JOBS | ({"scripts/ingest": INGEST.format(file=shlex.quote(str(report)))} if report else {})
    found = []
    for job, command in jobs.items():
        costs: tuple[list[Cost], list[Cost]] = [], []
        for turn in range(rounds + 1):
            # who comes first takes turns, too
            for which in (0, 1) if turn % 2 else (1, 0):
                _other_title(clones[which], turn)
                costs[which].append(_timed(command, clones[which]))
        found.append(Compared(job, costs[0][1:], costs[1][1:]))
    return found


def _clone(project: Path, commit: str, work: Path) -> Path:
    """A clone of a commit, named by it, with its environment."""
    sha = _git(project, "rev-parse", "--verify", "--end-of-options", f"{commit}^{{commit}}")
    folder = work / sha[:12]
    if not (folder / "scripts").is_dir():
        shutil.rmtree(folder, ignore_errors=True)
        _git(project, "clone", "--quiet", "--no-checkout", "--shared", str(project), str(folder))
        _git(folder, "checkout", "--quiet", "--detach", sha)
    _timed("true", folder)
    return folder


def _git(folder: Path, *arguments: str) -> str:
    run = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)  # noqa: S603, S607
    if run.returncode:
        raise BenchmarkError(run.stderr.strip())
    return run.stdout.strip()


def _other_title(clone: Path, turn: int) -> None:
    """Gives the first report another title: a build that finds nothing new stops before it releases."""
    file = clone / "seeds" / "accounts" / "reports.csv"
    if not file.is_file():
        return
    with file.open(encoding="utf-8", newline="") as text:
        header, *rows = csv.reader(text)
    rows[0][header.index("title")] = f"第{turn}次"
    with file.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text, lineterminator="\n").writerows([header, *rows])


def _timed(command: str, clone: Path) -> Cost:
    """What a command takes in a clone, in its environment."""
    own = clone / "warehouse" / "plain"
    own.mkdir(parents=True, exist_ok=True)
    # nothing of this process may lead to another project
    environment = {"FINAL_ACCOUNTS_DATABASE": str(own / "final_accounts.duckdb"), "FINAL_ACCOUNTS_LANDING": ""}
    return measured(["bash", "-c", f"{READY} && {{ {command}; }}"], environment, own / "log", folder=clone)


def table_of(found: Sequence[Compared], commit: str) -> str:
    """The medians as a table in Markdown."""
    lines = [
        f"| job | {commit}: wall, processor | now: wall, processor | ratio of wall | of processor |",
        "| --- | --- | --- | --- | --- |",
    ]
    for each in found:
        (wall, wall_now, wall_ratio), (used, used_now, used_ratio) = map(each.medians, ("wall", "processor"))
        lines.append(
            f"| {each.job} | {wall:.1f} s, {used:.1f} s | {wall_now:.1f} s, {used_now:.1f} s "
            f"| {wall_ratio:.2f} | {used_ratio:.2f} |"
        )
    return "\n".join(lines)
