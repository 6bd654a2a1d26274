"""scripts/prove_faults: lets everything that our programs do to files fail in turn, and kills them before it.

A library is preloaded (faults/calls.c) that counts the calls with which a program opens, writes, renames, links, syncs
and removes files of the warehouse, of the raw files, of its logs and of the temporary folder: the program's own, its
children's and those of the libraries it uses. Each command (faults/commands.py) is run once to count, and then once
for every call, which fails, and once more, killed before the call. Of the calls inside the candidate's database and the
copies that dbt reads some are drawn by chance. The builds are real from the reading of the raw files to the end, but
for dbt (see prove_publishing); `ingest` writes a report that it has read before.

After each: readers have what they had or the new, whole; what was said, and the exit status, is true; the next run
works, and leaves nothing behind.
"""

import argparse
import csv
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pandas  # noqa: F401 - DuckDB wants it; imported once here, not in every fork

from final_accounts.ingest.writing import draft_csv
from final_accounts.language import VARIABLE as LANGUAGE
from final_accounts.proving.faults.commands import Build, Command, Ingest, Land, Prune, Rollback
from final_accounts.proving.faults.control import CONTROL, LOG, OUTSIDE, PARTS, ROOTS, WITHIN, Control, control_of, make
from final_accounts.proving.measure_ingest import named
from final_accounts.proving.printing.printers import print_report
from final_accounts.proving.printing.styles import Style
from final_accounts.proving.prove_publishing import Forks, Proof, copy_project, environment, wait
from final_accounts.warehouse.paths import PUBLISHED, SEEDS, Warehouse

TRUE, UNTRUE, NO_COMPILER = 0, 1, 4
SEED = 20231
# In the copy of the project: where land and ingest write.
LANDED, READ = "landed", "read"
NAMES = ("build", "rollback", "prune", "land", "ingest --landing", "ingest")


@dataclass
class Faults:
    """A run in a copy of the project that has two releases."""

    top: Path
    control: Control
    said: Path  # what the command says
    rounds: int = 0
    untrue: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)

    def count(self, command: Command) -> tuple[int, int]:
        """Runs a command to its end; returns its calls outside and within the candidate."""
        log = Path(os.environ[LOG])
        command.prepare()
        # what is read for the first time, and what it leaves, is none of the calls
        if problems := self._clean(command):
            raise RuntimeError(f"{command.name}, without any fault: {problems}")
        log.write_bytes(b"")
        command.prepare()
        before = command.state()
        self.control.arm(logs=True)
        status = wait(command.start())
        found = self.control.disarm()
        if status not in (0, *command.done) or (command.done and not command.is_done(before)):
            raise RuntimeError(f"{command.name}, without any fault: {self._said()}")
        self.calls.update(
            line.split()[1] for line in log.read_text("utf-8", "replace").splitlines() if line.startswith("0 ")
        )
        return found

    def round(self, command: Command, kind: int, at: int, *, kills: bool) -> None:
        """Lets one call of a command fail, or kills it there, and looks at what came of it."""
        command.prepare()
        before = command.state()
        self.control.arm(kind, at, kills=kills)
        status = wait(command.start())
        self.control.disarm()
        self.rounds += 1
        said = self._said()
        place = f"{command.name}, {'killed before' if kills else 'failed'} call {at} of kind {kind}"
        for problem in [*self._problems(command, before, status, said), *self._clean(command)]:
            self.untrue.append(f"{place}: {problem} (status {status}, said: {said[-600:]})")
            print(self.untrue[-1], file=sys.stderr, flush=True)

    def _problems(self, command: Command, before: object, status: int | None, said: str) -> list[str]:
        """What is not true, or not whole, after a command that was hit."""
        problems = [problem] if (problem := command.problem()) else []
        if status is None:
            problems.append("it hangs")
        elif status >= 0:
            if "Traceback" in said:
                problems.append("a traceback in place of a sentence")
            if command.done and (status in command.done) != command.is_done(before):
                problems.append(f"it ended with {status}, and readers have what that does not say")
            if status not in (0, *command.done, *command.not_done):
                problems.append("an exit status that means nothing")
            if status in command.not_done and not command.verdict.search(said):
                problems.append("no verdict")
        elif status != -signal.SIGKILL:
            problems.append("it was ended by another signal")
        return problems

    def _clean(self, command: Command) -> list[str]:
        """Runs a command without a fault; says what keeps it from working, and what is left lying about."""
        status = wait(command.start())
        problems = []
        if status not in (0, *command.done):
            problems.append(f"the next run ended with {status}: {self._said()[-600:]}")
        problems += [problem] if (problem := command.problem()) else []
        left = command.left() | {path.name for path in (self.top / "tmp").iterdir()}
        return [*problems, *(f"{name} is left behind" for name in sorted(left))]

    def _said(self) -> str:
        """What the last process said."""
        return self.said.read_text("utf-8", "replace")


def commands_in(top: Path, chance: random.Random, prepared: Path | None) -> tuple[list[Command], Path]:
    """The commands in a copy of the project, which gets two releases; and where each says what it says."""
    proof = Proof(top, chance)
    forks = Forks(proof, prepared, site=True)
    for _ in range(2):
        if wait(forks.start()):
            raise RuntimeError(f"a build without any fault: {forks.said.read_text('utf-8')}")
    seeds = top / "seeds" / "accounts"
    own: list[Command] = [Build(proof, forks), Rollback(proof, forks), Prune(proof, forks)]
    own += [
        Land(top, forks.said, top / LANDED),
        Ingest(top, forks.said, top / READ, into_seeds=False),
        Ingest(top, forks.said, seeds, into_seeds=True),
    ]
    return own, forks.said


def prove(top: Path, given: argparse.Namespace) -> int:
    """Hits every n-th call of each command, and some of those within the candidate."""
    every, only, since = given.every, given.only, given.since
    chance = random.Random(SEED)  # noqa: S311 - which calls, no secrets
    commands, said = commands_in(top, chance, given.prepared)
    faults = Faults(top, Control(Path(os.environ[CONTROL])), said)
    points, drawn = {}, 0
    for command in (each for each in commands if only in (None, each.name)):
        outside, inside = faults.count(command)
        points[command.name] = outside
        some = sorted(chance.sample(range(1, inside + 1), min(inside, given.within)))
        drawn += len(some)
        hits = [(OUTSIDE, at) for at in range(1, outside + 1, every)] + [(WITHIN, at) for at in some]
        for number, (kind, at) in enumerate(hits[since - 1 :], since):
            for kills in (False, True):
                faults.round(command, kind, at, kills=kills)
            if number % 20 == 0 or number == len(hits):
                print(f"  {command.name}: {number:,} of {len(hits):,}, untrue {len(faults.untrue)}", file=sys.stderr)
    print(f"points outside the candidate's database: {sum(points.values()):,} ({points}), every {every}. tried")
    if since > 1:
        print(f"begun with the {since:,}. point of each command")
    print(f"of these: {', '.join(f'{name} {count:,}' for name, count in faults.calls.most_common())}")
    print(f"points within it and the copies that dbt reads: {drawn:,}, drawn by the seed {SEED}")
    print(f"commands hit: {faults.rounds:,}, each followed by one that was not")
    print(f"untrue: {len(faults.untrue):,}")
    return UNTRUE if faults.untrue else TRUE


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/prove_faults",
        description="Let every call with which builds, rollbacks, removals, land and ingest touch files fail, "
        "and kill them before it; say whether anything that they said is untrue. Works on a copy of the project; needs "
        "a C compiler (cc).",
        epilog="Exit status: 0 nothing is untrue, 1 something is, 2 wrong usage, 4 there is no compiler.",
    )
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try every N-th call only (default: all)")
    parser.add_argument(
        "--within", type=int, default=100, metavar="N", help="calls within the candidate, of each command (%(default)s)"
    )
    parser.add_argument(
        "--from",
        type=int,
        default=1,
        dest="since",
        metavar="N",
        help="begin with the N-th point of each command, where a run was stopped before",
    )
    parser.add_argument("--only", metavar="NAME", choices=NAMES, help=f"hit one command only: {', '.join(NAMES)}")
    parser.add_argument("--prepared", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--in", type=Path, dest="top", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.top:
        return prove(given.top, given)
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler:
        print("There is no C compiler: install gcc, and run this again.", file=sys.stderr)
        return NO_COMPILER
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        return _start(Path(folder), compiler, given)


def _start(folder: Path, compiler: str, given: argparse.Namespace) -> int:
    """Makes the library and a copy of the project, and goes on in a process that has the library loaded."""
    library, top = make(folder, compiler), folder / "project"
    (top / "tmp").mkdir(parents=True)
    copy_project(top, given.prepared)
    _write_report(top)
    warehouse = Warehouse.of(top)
    candidate = warehouse.candidate
    roots = [warehouse.folder, top / "logs", top / "tmp", top / "target" / "land", top / "target" / "ingest"]
    roots += [top / LANDED, top / READ, top / f"{READ}.sources", top / "review", top / "seeds" / "accounts"]
    inside = [candidate / "built", candidate / PUBLISHED.name, top / "target" / "land"]
    steered = environment(top) | {
        "LD_PRELOAD": str(library),
        ROOTS: ":".join(map(str, roots)),
        PARTS: ":".join(map(str, inside)),
        CONTROL: str(control_of(folder)),
        LOG: str(folder / "calls"),
        # what is said is read
        LANGUAGE: "en",
        "TMPDIR": str(top / "tmp"),
    }
    again = [sys.executable, "-m", "final_accounts.proving.prove_faults", "--in", str(top)]
    again += [f"--every={given.every}", f"--within={given.within}", f"--from={given.since}"]
    again += [f"--only={given.only}"] if given.only else []
    again += [f"--prepared={given.prepared}"] if given.prepared else []
    return subprocess.run(again, env=steered, check=False).returncode  # noqa: S603 - ourselves


def _write_report(top: Path) -> None:
    """Writes the shipped report under another name: as a text that is read, and as raw tables that are delivered."""
    shipped = {}
    for file in (SEEDS / "accounts").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as opened:
            shipped[file.stem] = list(csv.DictReader(opened))
    rows, _ = named(shipped, 1)
    for table, own in rows.items():
        if own:
            folder = top / "delivery" / table
            folder.mkdir(parents=True)
            draft_csv(folder / "one.csv", list(own[0]), own).replace(folder / "one.csv")
    print_report(rows, top, "report", Style(printer="lined-up text"))


if __name__ == "__main__":
    sys.exit(main())
