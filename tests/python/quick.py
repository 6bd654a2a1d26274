"""Releases made in seconds: what dbt built and found is kept once, and everything after it is real."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest
from final_accounts.release.history import History, history
from final_accounts.warehouse import build
from final_accounts.warehouse.build import Built, Options
from final_accounts.warehouse.paths import Warehouse
from projects import Outcome, Project


@dataclass
class Quick:
    """A copy of the project whose builds begin with models that dbt has built already."""

    project: Project
    built: Built
    kept: Path  # what dbt built and Data Docs, out of the reach of a build

    @classmethod
    def prepare(cls, top: Path, kept: Path) -> "Quick":
        """A first release, by a whole build."""
        project, found = Project.copy(top), []
        project.add_reports()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(build, "_written", keep_first(build._written, kept, found))
            outcome = project.build()
        assert outcome.status == 0, outcome.err
        return cls(project, found[0], kept)

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
    def models(self, *statements: str) -> Iterator[None]:
        """Lets builds begin with what was kept, changed by some statements."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(build, "_built", lambda work: self._copied(work, statements))
            patch.setattr(build, "code_hash", lambda _project: self.built.code)
            yield

    def release(self, title: str, options: Options | None = None) -> Outcome:
        """A build of reports with another title."""
        with self.models(f"update marts.dim_reports set title = '{title}'"):
            return self.project.build(options)

    def _copied(self, work: build.Build, statements: tuple[str, ...]) -> Built:
        """What dbt would have built."""
        file = work.warehouse.candidate / "built" / self.built.file.name
        file.parent.mkdir()
        shutil.copyfile(self.kept / file.name, file)
        with duckdb.connect(str(file)) as connection:
            for statement in statements:
                connection.execute(statement)
        docs = None
        if work.options.personal_data:
            docs = work.warehouse.candidate / "data_docs"
            shutil.copytree(self.kept / "data_docs", docs)
        return replace(self.built, file=file, data_docs=docs)


def keep_first(written, kept: Path, found: list[Built]):
    """Keeps what a build has built before it goes on."""

    def keeping(work: build.Build, built: Built):
        shutil.copyfile(built.file, kept / built.file.name)
        shutil.copytree(built.data_docs, kept / "data_docs")
        found.append(built)
        return written(work, built)

    return keeping
