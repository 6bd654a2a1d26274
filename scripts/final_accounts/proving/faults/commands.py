"""The commands that are hit: what each leaves to readers, and which of its exit statuses say so.

Every command can be run again and again: `prepare` sets up what it needs, `start` forks it.
"""

import json
import re
import shutil
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from final_accounts.cli import ingest, releases
from final_accounts.landing import land
from final_accounts.landing.folder import READERS, alone
from final_accounts.proving.prove_publishing import Forks, Proof, fork, wait
from final_accounts.release.history import history
from final_accounts.release.publish import given_to_readers
from final_accounts.release.record import sha256_of
from final_accounts.warehouse.paths import Warehouse

PAGE = re.compile(r'<meta name="release-id" content="([^"]*)">')


class Command(ABC):
    """What is run again and again."""

    name: str
    # The exit statuses that say that it was done, and those that say in a sentence of its own that it was not.
    done: tuple[int, ...]
    not_done: tuple[int, ...]
    verdict: re.Pattern[str]

    @abstractmethod
    def start(self) -> int:
        """Forks it; returns the process."""

    @abstractmethod
    def state(self) -> Any:
        """What readers have, to be compared with what they had before."""

    @abstractmethod
    def problem(self) -> str:
        """What is not whole of what readers have; nothing where all is well."""

    @abstractmethod
    def left(self) -> set[str]:
        """What lies about."""

    def prepare(self) -> None:  # noqa: B027 - most need nothing
        """Makes what has to be there before."""

    def is_done(self, before: Any) -> bool:
        """Whether readers have what the command was to give them."""
        return self.state() != before


class OfReleases(Command):
    """A command that changes releases."""

    done, not_done = (0, 5), (1,)
    verdict = re.compile(r"^Not (released|done): ", re.MULTILINE)
    # What belongs into the folder of a warehouse.
    FOLDER = frozenset({".lock", "current", "final_accounts.duckdb", "releases", "site", "sources"})

    def __init__(self, proof: Proof, forks: Forks) -> None:
        self.proof, self.forks = proof, forks

    @property
    def warehouse(self) -> Warehouse:
        """The warehouse of the copy of the project."""
        return self.proof.warehouse

    def state(self) -> str:
        """The release that readers have."""
        return given_to_readers(self.warehouse)

    def problem(self) -> str:
        """Where readers do not have that release, whole, with its pages and no others."""
        said = self.proof.top / "look.log"
        return said.read_text("utf-8")[-600:] if wait(fork(self._look, said)) else ""

    def _look(self) -> int:
        """Raises where it is not so; in a process of its own, as it opens databases."""
        now = self.state()
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

    def left(self) -> set[str]:
        """What lies in the folder of the warehouse, and among its releases."""
        left = {path.name for path in self.warehouse.folder.iterdir()} - self.FOLDER
        return left | {path.name for path in self.warehouse.releases.iterdir() if path.name.startswith(".")}

    def _releases(self, *arguments: str) -> int:
        """Forks scripts/releases."""
        given = ["--warehouse", str(self.warehouse.folder), *arguments]
        return fork(lambda: releases.main(given), self.forks.said)


class Build(OfReleases):
    """Builds and publishes another release; real from the reading of the raw files on, but for dbt."""

    name = "build"

    def start(self) -> int:
        """Forks a build of the version whose turn it is."""
        return self.forks.start()


class Rollback(OfReleases):
    """Goes to the latest release that readers do not have."""

    name = "rollback"

    def start(self) -> int:
        """Forks scripts/releases rollback."""
        kept = sorted(folder.name for folder in self.warehouse.releases.glob("[!.]*"))
        other = [name for name in kept if name != self.state()][-1]
        return self._releases("rollback", other, "--reason", "a try", "--yes")


class Prune(OfReleases):
    """Removes an old release; readers notice nothing."""

    # what is done, but for something that is named, changes nothing for readers either
    name, done, not_done = "prune", (), (1, 5)
    verdict = re.compile(r"^Not done: |^Done\. Left undone: ", re.MULTILINE)

    def prepare(self) -> None:
        """A release that can be removed."""
        old = self.warehouse.releases / "20200101-000000-00000000"
        shutil.rmtree(old, ignore_errors=True)
        shutil.copytree(self.warehouse.release(self.state()), old)
        file = old / "release.json"
        record = json.loads(file.read_text(encoding="utf-8")) | {"release_id": old.name, "previous_release_id": None}
        file.chmod(0o644)
        file.write_text(json.dumps(record), encoding="utf-8")

    def start(self) -> int:
        """Forks scripts/releases prune."""
        return self._releases("prune", "--keep", "2")


class OfRows(Command):
    """A command that puts a report into a folder of raw tables: readers have all of its rows, or none."""

    not_done = (1,)
    verdict = re.compile(r"^(Nothing landed|Set aside|Not done): |NOT WRITTEN", re.MULTILINE)

    def __init__(self, top: Path, said: Path, folder: Path) -> None:
        self.top, self.said, self.folder = top, said, folder
        self.whole: dict[str, list[str]] = {}

    def state(self) -> dict[str, list[str]]:
        """The lines of the report by table, as whoever opens the folder finds them."""
        with alone(self.folder):
            files = [file for file in sorted(self.folder.rglob("*.*")) if file.suffix in READERS]
            return {str(file): lines for file in files if (lines := self.lines(file))}

    @abstractmethod
    def lines(self, file: Path) -> list[str]:
        """What a file has of the report."""

    def is_done(self, _before: object) -> bool:
        """Whether all rows are there, once it is known which they are."""
        return bool(self.whole) and self.state() == self.whole

    def problem(self) -> str:
        """Where some rows are there and others are not."""
        found = self.state()
        self.whole = self.whole or found
        return "" if found in ({}, self.whole) else f"a part of the report is there: {sorted(found)}"

    def left(self) -> set[str]:
        """What was on its way."""
        own = {path.name for path in self.folder.rglob(".*")}
        return own | {path.name for path in self.folder.parent.rglob("*.draft")}


class Land(OfRows):
    """Lands a delivery of one report in an empty landing folder."""

    name, done = "land", (0,)

    def prepare(self) -> None:
        """An empty landing folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def start(self) -> int:
        """Forks scripts/land."""
        return fork(lambda: land.main([str(self.top / "delivery"), "--to", str(self.folder)]), self.said)

    def lines(self, file: Path) -> list[str]:
        """The file as a whole: there is no other report."""
        return [file.read_bytes().hex()]

    def left(self) -> set[str]:
        """What was on its way, and the database of a run that is over."""
        return super().left() | {path.name for path in (self.top / "target" / "land").iterdir()}


class Ingest(OfRows):
    """Writes a report that was read before into a folder: that of the seeds, or a landing folder."""

    # a report that is printed by us may have to be reviewed; what is asked here is whether it is written
    done = (0, 3)

    def __init__(self, top: Path, said: Path, folder: Path, *, into_seeds: bool) -> None:
        super().__init__(top, said, folder)
        self.name = "ingest" if into_seeds else "ingest --landing"
        self.arguments = [str(top / "report.txt"), "--review", str(top / "review"), "--division", "140405"]
        self.arguments += [] if into_seeds else ["--landing", str(folder)]
        self.rows = {file: file.read_bytes() for file in folder.glob("*.csv")}

    def prepare(self) -> None:
        """The folder without the report."""
        for file in self.folder.rglob("*.csv"):
            if file not in self.rows:
                file.unlink()
        for file, text in self.rows.items():
            file.write_bytes(text)

    def start(self) -> int:
        """Forks scripts/ingest."""
        return fork(lambda: ingest.main(self.arguments), self.said)

    def lines(self, file: Path) -> list[str]:
        """The lines that the folder did not have."""
        known = set(self.rows.get(file, b"").decode().splitlines())
        return [line for line in file.read_text("utf-8").splitlines() if line not in known]
