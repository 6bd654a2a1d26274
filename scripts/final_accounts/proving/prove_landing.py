# ruff: noqa: S608 - names of our own
"""scripts/prove_landing: no amount that lies in a folder of raw tables vanishes without a word.

Odd folders (odd_folders.py) are given to the three doors that read such folders: a build that reads a landing folder,
`scripts/ingest --landing`, which looks at the folder that it writes into, and `scripts/land`. Of every amount that was
put in, each door has loaded it where it was put, or named its file or its report; and nothing is loaded that was not
put there.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

import duckdb
from tqdm import tqdm

from final_accounts.landing.folder import READERS
from final_accounts.landing.reader import survey, take
from final_accounts.language import VARIABLE
from final_accounts.proving.odd_folders import PUT_IN, WIDE, WORDS, Drawn, Put, odd_folder

SEED = 20231
BATCH = 100
DOORS = ("a build", "scripts/ingest --landing", "scripts/land")
SPACES = " \t\r\n\u00a0\u3000"
NARROW = {wide: narrow for narrow, wide in WIDE.items()}

Place = tuple[str, ...]


@dataclass
class Found:
    """What came of some folders at each door; by oddity: amounts put in, and those that a build loaded."""

    folders: int = 0
    put: Counter[str] = field(default_factory=Counter)
    built: Counter[str] = field(default_factory=Counter)
    loaded: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    untrue: list[str] = field(default_factory=list)

    def add(self, other: "Found") -> None:
        """Adds what came of others."""
        self.folders += other.folders
        for name in ("put", "built", "loaded", "named"):
            getattr(self, name).update(getattr(other, name))
        self.untrue += other.untrue


def _plain(text: str | None) -> str:
    """A cell without spaces around it and wide digits."""
    return (text or "").strip(SPACES).translate(NARROW)


def loaded(folder: Path) -> set[Place]:
    """The amounts that a build loads of a landing folder, with table, column and report."""
    found: set[Place] = set()
    with duckdb.connect() as connection:
        for table in PUT_IN[1:]:
            for suffix, reader in READERS.items():
                for file in (folder / table).glob(f"*{suffix}"):
                    rows = connection.execute(f"select * from {reader}", [str(file)])
                    columns = [name for name, *_ in rows.description or ()]
                    for row in rows.fetchall():
                        cells = dict(
                            zip(columns, (_plain(None if cell is None else str(cell)) for cell in row), strict=True)
                        )
                        found |= {
                            (table, name, cells["report_id"], cell)
                            for name, cell in cells.items()
                            if cell and name not in WORDS
                        }
    return found


def _judged(door: str, put: Iterable[Put], there: set[Place], said: str, found: Found, where: str) -> None:
    """Counts what a door loaded and named; what it did neither with, and what nobody put there, is untrue."""
    places = set()
    for each in put:
        place = tuple(map(_plain, each.place))
        places.add(place)
        if place in there:
            found.loaded[door] += 1
        elif any(name in said for name in each.names):
            found.named[door] += 1
        else:
            found.untrue.append(f"{door}, {where}: {each.amount} vanished ({each.oddity}; {each.names[0]})")
    found.untrue += [f"{door}, {where}: {'/'.join(place)} was not put there" for place in sorted(there - places)]


def _batch(number: int, folders: int) -> Found:
    """Makes some folders and gives each to a build and to ingest, and all of them as one delivery to land."""
    found, drawn = Found(folders=folders), Drawn(SEED + number)
    everything: list[Put] = []
    with tempfile.TemporaryDirectory(prefix="odd-") as top:
        delivery, landed = Path(top) / "delivery", Path(top) / "landed"
        for no in range(folders):
            folder, where = delivery / f"{no:04}", f"folder {no} of batch {number}"
            folder.mkdir(parents=True)
            put = odd_folder(folder, drawn)
            everything += [replace(each, names=(*each.names, *_deliveries_of(each, folder.name))) for each in put]
            taken = Path(top) / f"taken{no}"
            said = "\n".join(take(folder, taken))
            there = loaded(taken)
            found.put.update(each.oddity for each in put)
            found.built.update(each.oddity for each in put if tuple(map(_plain, each.place)) in there)
            _judged(DOORS[0], put, there, said, found, where)
            # ingest loads nothing; it names what a build would not load
            _judged(DOORS[1], put, there, "\n".join(survey(folder)), found, where)
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "final_accounts.landing.land", str(delivery), "--to", str(landed)],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            env=os.environ | {VARIABLE: "en"},
        )
        if "Traceback" in done.stderr:
            found.untrue.append(f"{DOORS[2]}, batch {number}: {done.stderr[-600:]}")
        _judged(DOORS[2], everything, loaded(landed), done.stdout + done.stderr, found, f"batch {number}")
    return found


def _deliveries_of(put: Put, folder: str) -> tuple[str, ...]:
    """What land may call the files of one name: set aside together, for a reason that one of them gives."""
    file = PurePath(put.names[0])
    return tuple(
        f"{folder}/{place}: nothing of it lands" for place in (file.parent.parent / file.stem, file.parent / "all")
    )


def prove(folders: int, batches: Iterable[tuple[int, int]]) -> Found:
    """Asks every door about so many folders, batch by batch, in parallel."""
    found = Found()
    numbers, sizes = zip(*batches, strict=True)
    with ProcessPoolExecutor() as pool, tqdm(total=folders, unit=" folders", disable=not sys.stderr.isatty()) as bar:
        for part in pool.map(_batch, numbers, sizes):
            found.add(part)
            bar.update(part.folders)
    return found


def batches_of(folders: int) -> Iterator[tuple[int, int]]:
    """Batches by number, with how many folders each has."""
    for number, first in enumerate(range(0, folders, BATCH)):
        yield number, min(BATCH, folders - first)


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/prove_landing",
        description="Make odd folders of raw tables and say whether an amount vanishes in one of them without a word.",
        epilog="Exit status: 0 none vanishes, 1 one does, 2 wrong usage.",
    )
    parser.add_argument("--folders", type=int, default=10_000, metavar="N", help="how many (default: 10,000)")
    given = parser.parse_args()
    found = prove(given.folders, batches_of(given.folders))
    put = sum(found.put.values())
    print(f"{found.folders:,} odd folders with {put:,} amounts, drawn by the seed {SEED}.\n")
    print("| door | amounts loaded | not loaded, and named |\n| --- | --- | --- |")
    for door in DOORS:
        print(f"| {door} | {found.loaded[door]:,} | {found.named[door]:,} |")
    print("\n| promise | promised | reached |\n| --- | --- | --- |")
    print(f"| amounts that vanish without a word, or stand where nobody put them | 0 | {len(found.untrue):,} |")
    for each in found.untrue[:20]:
        print(each, file=sys.stderr)
    print("\n| oddity | amounts | loaded by a build |\n| --- | --- | --- |")
    for oddity, amounts in sorted(found.put.items()):
        print(f"| {oddity.replace('|', '/')} | {amounts:,} | {found.built[oddity]:,} |")
    return 1 if found.untrue else 0


if __name__ == "__main__":
    sys.exit(main())
