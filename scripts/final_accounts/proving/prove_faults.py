"""scripts/prove_faults: lets everything that builds and rollbacks do to files fail in turn, and kills them before it.

A library is preloaded (faults.c) that counts the calls with which a program opens, writes, renames, links, syncs and
removes files of the warehouse, of its logs and of the temporary folder: the program's own, its children's and those of
the libraries it uses. Each command is run once to count, and then once for every call, which fails, and once more,
killed before the call. Of the calls inside the candidate's database and the copies that dbt reads some are drawn by
chance. The builds are real from the reading of the raw files to the end, but for dbt: see prove_publishing.

After each: readers have the release of before or the new one, whole, and its pages; what was said, and the exit
status, is true; the next run works, and leaves nothing behind.
"""

import argparse
import json
import mmap
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas  # noqa: F401 - DuckDB wants it; imported once here, not in every fork

from final_accounts.cli import releases
from final_accounts.proving.prove_publishing import Forks, Proof, copy_project, environment, fork, wait
from final_accounts.release.history import history
from final_accounts.release.publish import given_to_readers
from final_accounts.release.record import sha256_of
from final_accounts.warehouse.paths import PUBLISHED, Warehouse

TRUE, UNTRUE, NO_COMPILER = 0, 1, 4
SOURCE = Path(__file__).with_name("faults.c")
CONTROL, CONTROL_BYTES = "FAULTS_CONTROL", 48
OUTSIDE, WITHIN = 0, 1
LEFT = {".lock", "current", "final_accounts.duckdb", "releases", "site"}
SEED = 20231
PAGE = re.compile(r'<meta name="release-id" content="([^"]*)">')


class Control:
    """Steers the library: the struct `control` of faults.c in a file that all processes share."""

    def __init__(self, file: Path) -> None:
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), CONTROL_BYTES)

    def arm(self, kind: int = OUTSIDE, at: int = 0, *, kills: bool = False, logs: bool = False) -> None:
        """Counts from now on, and hits one call."""
        self._shared[:] = struct.pack("6q", 2 if logs else 1, kind, at, kills, 0, 0)

    def disarm(self) -> tuple[int, int]:
        """Lets all calls pass; returns how many there were outside and within the candidate."""
        _, _, _, _, outside, within = struct.unpack("6q", self._shared[:])
        self._shared[:] = bytes(CONTROL_BYTES)
        return outside, within


@dataclass
class Command:
    """What is run again and again."""

    name: str
    start: Callable[[], int]  # forks it; returns the process
    done: tuple[int, ...]  # the exit statuses that say that readers have another release
    prepare: Callable[[], None] = lambda: None  # what has to be there before


@dataclass
class Faults:
    """A run in a copy of the project that has two releases."""

    top: Path
    control: Control
    proof: Proof
    forks: Forks
    rounds: int = 0
    untrue: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)

    @property
    def warehouse(self) -> Warehouse:
        """The warehouse of the copy."""
        return self.proof.warehouse

    def commands(self) -> list[Command]:
        """A build that publishes another release, a rollback, and a removal."""
        return [
            Command("build", self.forks.start, (0, 5)),
            Command("rollback", self._roll_back, (0, 5)),
            Command("prune", lambda: self._releases("prune", "--keep", "2"), (), self._add_old_release),
        ]

    def _roll_back(self) -> int:
        """Goes to the latest release that readers do not have."""
        kept = sorted(folder.name for folder in self.warehouse.releases.glob("[!.]*"))
        other = [name for name in kept if name != given_to_readers(self.warehouse)][-1]
        return self._releases("rollback", other, "--reason", "a try", "--yes")

    def _add_old_release(self) -> None:
        """A release that can be removed."""
        old = self.warehouse.releases / "20200101-000000-00000000"
        shutil.rmtree(old, ignore_errors=True)
        shutil.copytree(self.warehouse.release(given_to_readers(self.warehouse)), old)
        file = old / "release.json"
        record = json.loads(file.read_text(encoding="utf-8")) | {"release_id": old.name, "previous_release_id": None}
        file.chmod(0o644)
        file.write_text(json.dumps(record), encoding="utf-8")

    def _releases(self, *arguments: str) -> int:
        """Forks scripts/releases."""
        given = ["--warehouse", str(self.warehouse.folder), *arguments]
        return fork(lambda: releases.main(given), self.forks.said)

    def count(self, command: Command) -> tuple[int, int]:
        """Runs a command to its end; returns its calls outside and within the candidate."""
        log = Path(os.environ["FAULTS_LOG"])
        log.write_bytes(b"")
        self._clean(command)
        command.prepare()
        self.control.arm(logs=True)
        status = wait(command.start())
        found = self.control.disarm()
        if status:
            raise RuntimeError(f"{command.name}, without any fault: {self._said()}")
        self.calls.update(
            line.split()[1] for line in log.read_text("utf-8", "replace").splitlines() if line.startswith("0 ")
        )
        return found

    def round(self, command: Command, kind: int, at: int, *, kills: bool) -> None:
        """Lets one call of a command fail, or kills it there, and looks at what came of it."""
        command.prepare()
        before = given_to_readers(self.warehouse)
        self.control.arm(kind, at, kills=kills)
        status = wait(command.start())
        self.control.disarm()
        self.rounds += 1
        said = self._said()
        place = f"{command.name}, {'killed before' if kills else 'failed'} call {at} of kind {kind}"
        for problem in [*self._problems(command, before, status, said), *self._clean(command)]:
            self.untrue.append(f"{place}: {problem} (status {status}, said: {said[-600:]})")
            print(self.untrue[-1], file=sys.stderr, flush=True)

    def _problems(self, command: Command, before: str, status: int | None, said: str) -> list[str]:
        """What is not true, or not whole, after a command that was hit."""
        now = given_to_readers(self.warehouse)
        problems = []
        if wait(fork(lambda: self._look(now), self.top / "look.log")):
            problems.append((self.top / "look.log").read_text("utf-8")[-600:])
        if status is None:
            problems.append("it hangs")
        elif status >= 0:
            if "Traceback" in said:
                problems.append("a traceback in place of a sentence")
            if command.done and (status in command.done) != (now != before):
                problems.append(f"it ended with {status}, and readers have {now}, before {before}")
            if status not in (0, 1, 5):
                problems.append("an exit status that means nothing")
            if status == 1 and not re.search(r"^Not (released|done): ", said, re.MULTILINE):
                problems.append("no verdict")
        elif status != -signal.SIGKILL:
            problems.append("it was ended by another signal")
        return problems

    def _look(self, now: str | None) -> int:
        """Raises where readers do not have that release, whole, with its pages and no others."""
        record = json.loads((self.warehouse.release(now) / "release.json").read_text(encoding="utf-8"))
        published = history(self.warehouse).published
        if published is None or published.release_id != now:
            raise ValueError(f"the file is that of {published}, the link leads to {now}")
        if sha256_of(self.warehouse.published) != record["file_sha256"]:
            raise ValueError("the published file is not the one that was audited")
        pages = list(self.warehouse.site.rglob("*.html"))
        shown = {name for page in pages for name in PAGE.findall(page.read_text(encoding="utf-8"))}
        if shown != {now} or len(pages) < 3:
            raise ValueError(f"{len(pages)} pages show {shown}, readers have {now}")
        return 0

    def _clean(self, command: Command) -> list[str]:
        """Runs a command without a fault; says what keeps it from working, and what is left lying about."""
        status = wait(command.start())
        problems = [f"the next run ended with {status}: {self._said()[-600:]}"] if status else []
        left = {path.name for path in self.warehouse.folder.iterdir()} - LEFT
        left |= {path.name for path in self.warehouse.releases.iterdir() if path.name.startswith(".")}
        left |= {path.name for path in (self.top / "tmp").iterdir()}
        return [*problems, *(f"{name} is left behind" for name in sorted(left))]

    def _said(self) -> str:
        """What the last process said."""
        return self.forks.said.read_text("utf-8", "replace")


def prove(top: Path, every: int, within: int) -> int:
    """Hits every n-th call of each command, and some of those within the candidate."""
    control = Control(Path(os.environ[CONTROL]))
    chance = random.Random(SEED)  # noqa: S311 - which calls, no secrets
    proof = Proof(top, chance)
    forks = Forks(proof, site=True)
    for _ in range(2):
        if wait(forks.start()):
            raise RuntimeError(f"a build without any fault: {forks.said.read_text('utf-8')}")
    faults = Faults(top, control, proof, forks)
    points, drawn = {}, 0
    for command in faults.commands():
        outside, inside = faults.count(command)
        points[command.name] = outside
        some = sorted(chance.sample(range(1, inside + 1), min(inside, within)))
        drawn += len(some)
        hits = [(OUTSIDE, at) for at in range(1, outside + 1, every)] + [(WITHIN, at) for at in some]
        for number, (kind, at) in enumerate(hits, 1):
            for kills in (False, True):
                faults.round(command, kind, at, kills=kills)
            if number % 20 == 0 or number == len(hits):
                print(f"  {command.name}: {number:,} of {len(hits):,}, untrue {len(faults.untrue)}", file=sys.stderr)
    print(f"points outside the candidate's database: {sum(points.values()):,} ({points}), every {every}. tried")
    print(f"of these: {', '.join(f'{name} {count:,}' for name, count in faults.calls.most_common())}")
    print(f"points within it and the copies that dbt reads: {drawn:,}, drawn by the seed {SEED}")
    print(f"commands hit: {faults.rounds:,}, each followed by one that was not")
    print(f"untrue: {len(faults.untrue):,}")
    return UNTRUE if faults.untrue else TRUE


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/prove_faults",
        description="Let every call with which builds, rollbacks and removals change files fail, and kill them before "
        "it; say whether anything that they said is untrue. Works on a copy of the project; needs a C compiler (cc).",
        epilog="Exit status: 0 nothing is untrue, 1 something is, 2 wrong usage, 4 there is no compiler.",
    )
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try every N-th call only (default: all)")
    parser.add_argument(
        "--within", type=int, default=100, metavar="N", help="calls within the candidate, of each command (%(default)s)"
    )
    parser.add_argument("--in", type=Path, dest="top", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.top:
        return prove(given.top, given.every, given.within)
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler:
        print("There is no C compiler: install gcc, and run this again.", file=sys.stderr)
        return NO_COMPILER
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        return _start(Path(folder), compiler, given)


def _start(folder: Path, compiler: str, given: argparse.Namespace) -> int:
    """Makes the library and a copy of the project, and goes on in a process that has the library loaded."""
    library, top = folder / "faults.so", folder / "project"
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], check=True)  # noqa: S603
    (top / "tmp").mkdir(parents=True)
    copy_project(top)
    warehouse = Warehouse.of(top)
    candidate = warehouse.candidate
    steered = environment(top) | {
        "LD_PRELOAD": str(library),
        "FAULTS_ROOTS": f"{warehouse.folder}:{top / 'logs'}:{top / 'tmp'}",
        "FAULTS_WITHIN": f"{candidate / 'built'}/:{candidate / PUBLISHED.name}",
        CONTROL: str(folder / "control"),
        "FAULTS_LOG": str(folder / "calls"),
        "TMPDIR": str(top / "tmp"),
    }
    (folder / "control").write_bytes(bytes(CONTROL_BYTES))
    again = [sys.executable, "-m", "final_accounts.proving.prove_faults", "--in", str(top)]
    again += [f"--every={given.every}", f"--within={given.within}"]
    return subprocess.run(again, env=steered, check=False).returncode  # noqa: S603 - ourselves


if __name__ == "__main__":
    sys.exit(main())
