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
        """The file that readers open."""
        return self.folder / PUBLISHED.name

    @property
    def site(self) -> Path:
        """The pages of the published release."""
        return self.folder / "site"

    @property
    def incoming(self) -> Path:
        """A second name of a release's file, for the moment before it takes the place of the published one."""
        return self.folder / f".{PUBLISHED.name}.incoming"

    @property
    def journal(self) -> Path:
        """DuckDB's log of changes to the published file, which nobody may make."""
        return self.folder / f"{PUBLISHED.name}.wal"

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
