"""Puts a release where readers find it: its file and its pages, in one step.

Every step is one rename, so a kill leaves either what was or what is to be: the candidate becomes a release by a
rename of its folder, and a release becomes what readers have by a rename of one link, which the links to the file and
to the pages lead through.
"""

import contextlib
import os
import shutil
from pathlib import Path

import duckdb

from final_accounts.release.errors import NotReleasedError
from final_accounts.warehouse.disk import sync
from final_accounts.warehouse.paths import Warehouse

# Set, and not inherited: others open what is released, whoever built it.
READ_ONLY, OPEN_FOLDER = 0o444, 0o755
REMOVED = ".removed-"


def check_folder(warehouse: Warehouse) -> None:
    """Stops before any work where a release could not be published."""
    for journal in warehouse.journals:
        if journal.exists():
            raise NotReleasedError(
                f"{journal} lies beside the published file: somebody opened it for writing, or did and was broken off. "
                "DuckDB would replay it into what readers have. If nobody has the file open, remove the journal and "
                "run this again."
            )


def make_folder(folder: Path) -> None:
    """Makes a folder, and those above it, that others can look into; one that is there keeps its mode."""
    missing = [each for each in (folder, *folder.parents) if not each.is_dir()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in missing:
        each.chmod(OPEN_FOLDER)


def clear(warehouse: Warehouse) -> list[str]:
    """Removes what an interrupted build, swap or removal left; returns a sentence for each that cannot be removed."""
    left = [warehouse.candidate, warehouse.incoming]
    left += [*warehouse.releases.glob(f"{REMOVED}*"), *warehouse.folder.glob(f"{REMOVED}*")]
    sentences = [sentence for path in left for sentence in remove(path)]
    with contextlib.suppress(OSError):
        # no release yet: the folder was made for the candidate, and is kept where anything lies in it
        warehouse.releases.rmdir()
    return sentences


def remove(path: Path) -> list[str]:
    """Removes a file, a link or a folder; returns a sentence if that cannot be done."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        return [f"{error.filename or path} could not be removed: {error.strerror or error}"]
    return []


def open_to_all(folder: Path) -> None:
    """Lets everybody read what is in a folder and nobody write it, and waits until it is on the disk."""
    for path in [*folder.rglob("*"), folder]:
        path.chmod(OPEN_FOLDER if path.is_dir() else READ_ONLY)
        sync(path)


def keep(warehouse: Warehouse, release_id: str) -> Path:
    """Makes the audited candidate a release."""
    open_to_all(warehouse.candidate)
    folder = warehouse.release(release_id)
    warehouse.candidate.rename(folder)
    sync(warehouse.releases)
    return folder


def publish(warehouse: Warehouse, folder: Path) -> None:
    """Gives readers the file and the pages of a release, in one step: the rename of a link."""
    check_folder(warehouse)
    file_is_linked, site_is_linked = _is_linked(warehouse, warehouse.published), _is_linked(warehouse, warehouse.site)
    if not (file_is_linked and site_is_linked):
        # The first release, or something put there by hand: no page may be seen beside the file of another release.
        _set_aside(warehouse, warehouse.site)
    # This changes both, or, where the file is not linked yet, nothing; then the link to the file does it.
    _link(warehouse, warehouse.current, folder.relative_to(warehouse.folder))
    for path in (warehouse.published, warehouse.site):
        if not _is_linked(warehouse, path):
            _link(warehouse, path, _through_current(warehouse, path))
    sync(warehouse.folder)


def confirm(warehouse: Warehouse) -> None:
    """Notes that what readers have was found to be as it should be: the date of the link says when that was last so."""
    if warehouse.current.is_symlink():
        os.utime(warehouse.current, follow_symlinks=False)


def given_to_readers(warehouse: Warehouse) -> str | None:
    """The release that the links of a warehouse lead to, whatever became of the program that set them."""
    if _is_linked(warehouse, warehouse.published) and warehouse.current.is_symlink():
        return warehouse.current.readlink().name
    return None


def _through_current(warehouse: Warehouse, path: Path) -> Path:
    """Where the link to the file or to the pages leads."""
    return Path(warehouse.current.name, path.name)


def _is_linked(warehouse: Warehouse, path: Path) -> bool:
    """Whether it is that link."""
    return path.is_symlink() and path.readlink() == _through_current(warehouse, path)


def _link(warehouse: Warehouse, path: Path, target: Path) -> None:
    """Makes a path a link, whatever file or link is there."""
    warehouse.incoming.unlink(missing_ok=True)
    warehouse.incoming.symlink_to(target)
    warehouse.incoming.replace(path)


def _set_aside(warehouse: Warehouse, path: Path) -> None:
    """Takes something away from readers in one step; `clear` removes it."""
    if os.path.lexists(path):
        aside = warehouse.folder / f"{REMOVED}{path.name}"
        remove(aside)
        path.rename(aside)


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
