"""Releases made in seconds: what dbt built and found is kept once, and everything after it is real."""

import fcntl
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import duckdb
import pytest
from final_accounts.release.history import History, history
from final_accounts.warehouse import build
from final_accounts.warehouse.build import Built, Options
from final_accounts.warehouse.paths import PUBLISHED, Warehouse
from projects import Outcome, Project

T = TypeVar("T")


def once(folder: Path, make: Callable[[Path], T]) -> T:
    """What is made below a folder by whoever of the workers of a run asks for it first."""
    folder.mkdir(exist_ok=True)
    made = folder / "made.pickle"
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            # a new place each time: the one before may have failed half way
            content = pickle.dumps(make(Path(tempfile.mkdtemp(dir=folder))))
            made.write_bytes(content)
        return pickle.loads(made.read_bytes())


@dataclass(frozen=True)
class Whole:
    """A whole build, and what its release was made of."""

    project: Project
    outcome: Outcome
    built: Built
    kept: Path  # what dbt built, Data Docs and the dbt docs, out of the reach of a build

    @classmethod
    def make(cls, folder: Path) -> "Whole":
        """A build of the shipped report and the made-up ones, with all that belongs to it."""
        for name in ("project", "kept"):
            (folder / name).mkdir()
        project = Project.copy(folder / "project")
        project.add_reports()
        outcome, built = build_and_keep(project, folder / "kept")
        assert outcome.status == 0, outcome.err
        return cls(project, outcome, built, folder / "kept")


def build_and_keep(project: Project, kept: Path, options: Options | None = None) -> tuple[Outcome, Built]:
    """A whole build; keeps what it has built before it goes on."""
    written, found = build._written, []

    def keeping(work: build.Build, built: Built) -> Any:
        shutil.copyfile(built.file, kept / PUBLISHED.name)
        for path, copy in ((built.data_docs, shutil.copytree), (built.dbt_docs, shutil.copyfile)):
            if path:
                copy(path, kept / path.name)
        found.append(built)
        return written(work, built)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "_written", keeping)
        outcome = project.build(options)
    return outcome, found[0]


@dataclass
class Quick:
    """A copy of the project whose builds begin with models that dbt has built already."""

    project: Project
    built: Built
    kept: Path
    digest: str  # of the first release

    @classmethod
    def of(cls, whole: Whole, top: Path) -> "Quick":
        """A copy of a whole build, with its release."""
        project = Project.copy(top)
        for name in ("seeds", "warehouse"):
            shutil.rmtree(top / name, ignore_errors=True)
            subprocess.run(["cp", "-a", whole.project.top / name, top], check=True)
        return cls(project, whole.built, whole.kept, project.digest)

    @property
    def warehouse(self) -> Warehouse:
        """Where its releases are."""
        return Warehouse.of(self.project.top)

    @property
    def past(self) -> History:
        """The releases that are kept."""
        return history(self.warehouse)

    @property
    def published(self) -> str:
        """The release that readers have."""
        return self.past.published.release_id

    @contextmanager
    def models(self, *statements: str, expectations: bool = False) -> Iterator[None]:
        """Lets builds begin with what was kept, changed by some statements; expectations are asked if that is said."""

        def run_dbt(_project: Path, file: Path, *_: Any) -> Any:
            shutil.copyfile(self.kept / file.name, file)
            with duckdb.connect(str(file)) as connection:
                for statement in statements:
                    connection.execute(statement)
            return SimpleNamespace(results=[])

        def checked(_database: Path, docs: Path | None) -> Any:
            if docs:
                shutil.copytree(self.kept / "data_docs", docs)
            return self.built.reports, []

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(build, "_run_dbt", run_dbt)
            patch.setattr(build, "write_docs", lambda *_, **__: self.kept / "static_index.html")
            patch.setattr(build, "relations_of", lambda _nodes: self.built.relations)
            patch.setattr(build, "dbt_results", lambda _result: self.built.checks)
            if not expectations:
                patch.setattr(build, "expectations_checker", lambda: nullcontext(checked))
            yield

    def release(self, title: str, options: Options | None = None) -> Outcome:
        """A build of reports with another title."""
        with self.models(f"update marts.dim_reports set title = '{title}'"):
            return self.project.build(options)


def main(pickled: str, title: str) -> int:
    """A release in a process of its own: what a file says is its first argument, the title its second."""
    outcome = pickle.loads(Path(pickled).read_bytes()).release(title)
    print(outcome.out)
    print(outcome.err, file=sys.stderr)
    return outcome.status


if __name__ == "__main__":
    # by its name, which is the one in the file
    import quick

    sys.exit(quick.main(*sys.argv[1:]))
