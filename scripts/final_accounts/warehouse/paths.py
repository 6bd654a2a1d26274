"""Where things are in the repository, and around a published file."""

import os
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
SEEDS = TOP / "seeds"
PUBLISHED = TOP / "warehouse" / "final_accounts.duckdb"


@dataclass(frozen=True)
class Warehouse:
    """The folder that readers open their file in.

    What readers open are links that lead through `current` to one release: file and pages change with it, in one step.
    The candidate lies among the releases, and so on their file system: it becomes one of them by a rename. Its file has
    the name of the published one, because DuckDB's views keep the name of the file that they were made in.
    """

    folder: Path

    @classmethod
    def of(cls, project: Path) -> "Warehouse":
        """The warehouse of a project."""
        return cls(project / PUBLISHED.parent.relative_to(TOP))

    @property
    def published(self) -> Path:
        """The file that readers open: a link to that of the current release."""
        return self.folder / PUBLISHED.name

    @property
    def site(self) -> Path:
        """The pages of the published release: a link to those of the current one, if it has any."""
        return self.folder / "site"

    @property
    def sources(self) -> Path:
        """The files of the reports in the seeds, each under its SHA-256: they are no part of the repository."""
        return self.folder / "sources"

    @property
    def current(self) -> Path:
        """The one link that says which release readers have."""
        return self.folder / "current"

    @property
    def incoming(self) -> Path:
        """A link, for the moment before it takes the place of another."""
        return self.folder / ".incoming"

    @property
    def journals(self) -> list[Path]:
        """DuckDB's logs of changes to the published file, which nobody may make, wherever it may lie."""
        files = dict.fromkeys((self.published, self.published.resolve()))
        return [file.with_name(f"{file.name}.wal") for file in files]

    @property
    def lock(self) -> Path:
        """The file that the running build holds."""
        return self.folder / ".lock"

    @property
    def releases(self) -> Path:
        """The folder of the releases that are kept."""
        return self.folder / "releases"

    @property
    def candidate(self) -> Path:
        """The folder of what is being built."""
        return self.releases / ".candidate"

    def release(self, release_id: str) -> Path:
        """The folder of a release."""
        return self.releases / release_id


def target_folder(project: Path) -> Path:
    """Where dbt keeps what it makes of a project."""
    return Path(os.environ.get("DBT_TARGET_PATH", project / "target"))
