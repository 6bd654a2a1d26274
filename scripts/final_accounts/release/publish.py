"""Puts a release where readers find it, keeps earlier ones, and goes back to them.

Every step is one rename, so a kill leaves either what was or what is to be: the candidate becomes a release by a
rename of its folder, and a release becomes the published file by a rename of a second name of its file.
"""

import contextlib
import errno
import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from final_accounts.release.audit import audit
from final_accounts.release.errors import NotReleasedError
from final_accounts.release.record import read_record
from final_accounts.warehouse.paths import Warehouse

KEPT = 5
READ_ONLY = 0o444
_REMOVED = ".removed-"


@dataclass(frozen=True)
class Kept:
    """A release that is kept."""

    folder: Path
    record: dict[str, Any]
    is_published: bool
    withdrawn: str | None  # why readers do not have it any more

    @property
    def release_id(self) -> str:
        """Its name."""
        return self.folder.name


def check_folder(warehouse: Warehouse) -> None:
    """Stops before any work where a release could not be published."""
    if warehouse.journal.exists():
        raise NotReleasedError(
            f"{warehouse.journal} lies beside the published file: somebody opened it for writing, or did and was "
            "broken off. DuckDB would replay it into whatever takes the place of the file. If nobody has the file "
            "open, remove the journal and run this again."
        )


def clear(warehouse: Warehouse) -> None:
    """Removes what an interrupted build, swap or removal left."""
    shutil.rmtree(warehouse.candidate, ignore_errors=True)
    warehouse.incoming.unlink(missing_ok=True)
    for removed in warehouse.releases.glob(f"{_REMOVED}*"):
        shutil.rmtree(removed, ignore_errors=True)


def _sync(path: Path) -> None:
    """Waits until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep(warehouse: Warehouse, release_id: str) -> Path:
    """Makes the audited candidate a release."""
    for path in warehouse.candidate.rglob("*"):
        if path.is_file():
            path.chmod(READ_ONLY)
            _sync(path)
    _sync(warehouse.candidate)
    folder = warehouse.release(release_id)
    warehouse.candidate.rename(folder)
    _sync(warehouse.releases)
    return folder


def publish(warehouse: Warehouse, folder: Path) -> None:
    """Gives readers the file of a release, in one step."""
    check_folder(warehouse)
    source = folder / warehouse.published.name
    warehouse.incoming.unlink(missing_ok=True)
    try:
        os.link(source, warehouse.incoming)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK):
            raise
        # Releases on another file system, or one without second names: a copy does as well.
        shutil.copyfile(source, warehouse.incoming)
        warehouse.incoming.chmod(READ_ONLY)
    _sync(warehouse.incoming)
    warehouse.incoming.replace(warehouse.published)
    _sync(warehouse.folder)


def published_id(warehouse: Warehouse) -> str | None:
    """The release that readers have, as its file says; none if there is no file, or one that says nothing."""
    if not warehouse.published.exists():
        return None
    try:
        with duckdb.connect(str(warehouse.published), read_only=True) as connection:
            found = connection.execute("select release_id from quality.releases where is_this_file").fetchone()
    except duckdb.Error:
        return None
    return found[0] if found else None


def releases(warehouse: Warehouse) -> list[Kept]:
    """The releases that are kept, the latest first."""
    published = published_id(warehouse)
    found = []
    for folder in sorted(warehouse.releases.glob("[!.]*"), reverse=True):
        with contextlib.suppress(FileNotFoundError):
            withdrawn = folder / "withdrawn.json"
            found.append(
                Kept(
                    folder,
                    read_record(folder),
                    folder.name == published,
                    json.loads(withdrawn.read_text(encoding="utf-8"))["reason"] if withdrawn.exists() else None,
                )
            )
    return found


def roll_back(warehouse: Warehouse, release_id: str | None, reason: str) -> Kept:
    """Gives readers an earlier release again, after auditing it; the ones after it are marked as withdrawn.

    release_id   the release to go back to; left out, the one before that which readers have
    """
    check_folder(warehouse)
    kept = releases(warehouse)
    current = published_id(warehouse)
    if release_id is None:
        if current is None:
            raise NotReleasedError("the published file does not say which release it is; name the one to go back to.")
        earlier = [each for each in kept if each.release_id < current and not each.withdrawn]
        if not earlier:
            raise NotReleasedError(f"no earlier release than {current} is kept.")
        target = earlier[0]
    else:
        named = [each for each in kept if each.release_id == release_id]
        if not named:
            known = ", ".join(each.release_id for each in kept) or "none"
            raise NotReleasedError(f"no release {release_id} is kept; there are: {known}.")
        target = named[0]
    problems = audit(target.folder)
    if problems:
        raise NotReleasedError(f"release {target.release_id} cannot be given to readers: {'; '.join(problems)}.")
    for each in kept:
        if each.release_id > target.release_id and not each.withdrawn:
            mark = {"withdrawn_at": datetime.now(UTC).isoformat(timespec="seconds"), "reason": reason}
            text = each.folder / ".withdrawn.json"
            text.write_text(json.dumps(mark, ensure_ascii=False) + "\n", encoding="utf-8")
            text.replace(each.folder / "withdrawn.json")
    (target.folder / "withdrawn.json").unlink(missing_ok=True)
    publish(warehouse, target.folder)
    return target


def prune(warehouse: Warehouse, keep_last: int) -> list[str]:
    """Removes all but the latest releases; never the one that readers have. Returns what went."""
    gone = []
    for each in releases(warehouse)[keep_last:]:
        if not each.is_published:
            # Renamed first: a release that is half removed must not look like one.
            removed = warehouse.releases / f"{_REMOVED}{each.release_id}"
            each.folder.rename(removed)
            shutil.rmtree(removed, ignore_errors=True)
            gone.append(each.release_id)
    return gone
