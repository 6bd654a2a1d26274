"""The releases that are kept, in the order in which they followed each other; going back to one, removing old ones.

The order is the chain of `previous_release_id`: no clock has a say in it.
"""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from final_accounts.release.audit import audit
from final_accounts.release.errors import NotReleasedError
from final_accounts.release.publish import REMOVED, check_folder, publish, published_id, remove
from final_accounts.release.record import read_record
from final_accounts.terminal import printable
from final_accounts.warehouse.paths import Warehouse

KEPT = 5
WITHDRAWN = "withdrawn.json"


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


@dataclass(frozen=True)
class History:
    """What lies in the folder of the releases."""

    kept: list[Kept]  # the latest first
    left_aside: list[str]  # a sentence for everything else
    before: dict[str, str | None]  # the release that each known one followed, whether it is kept or not

    @property
    def published(self) -> Kept | None:
        """The release that readers have, if it is kept."""
        return next((each for each in self.kept if each.is_published), None)

    def named(self, release_id: str) -> Kept:
        """The release of this name."""
        for each in self.kept:
            if each.release_id == release_id:
                return each
        known = ", ".join(each.release_id for each in self.kept) or "none"
        raise NotReleasedError(f"release {printable(release_id)} is not kept; there are: {known}.")

    def chain(self, release_id: str | None) -> Iterator[str]:
        """A release and those before it."""
        passed = set()
        while release_id and release_id not in passed:
            passed.add(release_id)
            yield release_id
            release_id = self.before.get(release_id)


def history(warehouse: Warehouse) -> History:
    """Reads what is kept; a release that cannot be read is left aside, and stops nothing."""
    published = published_id(warehouse)
    records: dict[Path, dict[str, Any]] = {}
    left_aside = []
    for folder in sorted(warehouse.releases.glob("[!.]*"), reverse=True):
        try:
            record = read_record(folder)
            if record["release_id"] != folder.name:
                raise ValueError(f"its record is that of release {record['release_id']}")
            records[folder] = record
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            place = f"{printable(folder.name)} in {warehouse.releases}"
            left_aside.append(f"{place} is left aside, as no whole release: {printable(reason)}")
    before = _written_in(warehouse) | {folder.name: record["previous_release_id"] for folder, record in records.items()}
    since = set(History([], [], before).chain(published))
    kept = [
        Kept(
            folder,
            record,
            folder.name == published,
            # Withdrawn is what readers had and no longer have, not what somebody began to take from them.
            None if folder.name in since else _reason(folder),
        )
        for folder, record in records.items()
    ]
    return History(_latest_first(kept), left_aside, before)


def _written_in(warehouse: Warehouse) -> dict[str, str | None]:
    """What the published file knows of the releases before it, kept or not."""
    with contextlib.suppress(duckdb.Error):
        if warehouse.published.exists():
            with duckdb.connect(str(warehouse.published), read_only=True) as connection:
                return dict(
                    connection.execute("select release_id, previous_release_id from quality.releases").fetchall()
                )
    return {}


def _reason(folder: Path) -> str | None:
    """Why a release was withdrawn; none if it was not."""
    file = folder / WITHDRAWN
    if not file.exists():
        return None
    try:
        return str(json.loads(file.read_text(encoding="utf-8"))["reason"])
    except (OSError, ValueError, KeyError, TypeError):
        return "the reason cannot be read"


def _latest_first(kept: list[Kept]) -> list[Kept]:
    """Each release before that which it followed; of those that none follows the ones not withdrawn first, by name."""
    waiting, ordered = list(kept), []
    while waiting:
        followed = {each.record["previous_release_id"] for each in waiting}
        latest = [each for each in waiting if each.release_id not in followed] or waiting
        ordered.append(max(latest, key=lambda each: (each.withdrawn is None, each.release_id)))
        waiting.remove(ordered[-1])
    return ordered


def target_of_rollback(past: History, current: str | None, release_id: str | None) -> Kept:
    """The release to go back to: the one that is named, or the one before that which readers have."""
    if release_id is not None:
        return past.named(release_id)
    if current is None:
        raise NotReleasedError("the published file does not say which release it is; name the one to go back to.")
    kept = {each.release_id: each for each in past.kept}
    for name in list(past.chain(current))[1:]:
        if name in kept:
            return kept[name]
    raise NotReleasedError(f"no earlier release than {current} is kept.")


def withdrawn_by(past: History, current: str | None, target: Kept) -> list[Kept]:
    """The releases that a rollback takes from readers: those that led to what they have and not to the target."""
    stay = set(past.chain(target.release_id))
    taken = set(past.chain(current)) - stay
    return [each for each in past.kept if each.release_id in taken]


def roll_back(warehouse: Warehouse, target: Kept, taken: list[Kept], reason: str) -> None:
    """Gives readers an earlier release again, after auditing it; what is taken from them is marked as withdrawn."""
    check_folder(warehouse)
    problems = audit(target.folder)
    if problems:
        raise NotReleasedError(f"release {target.release_id} cannot be given to readers: {'; '.join(problems)}.")
    mark = {"withdrawn_at": datetime.now(UTC).isoformat(timespec="seconds"), "reason": reason}
    for each in taken:
        # A mark counts once readers have another release: see `history`.
        text = each.folder / f".{WITHDRAWN}"
        text.write_text(json.dumps(mark, ensure_ascii=False) + "\n", encoding="utf-8")
        text.chmod(0o644)
        text.replace(each.folder / WITHDRAWN)
    publish(warehouse, target.folder)


def prune(warehouse: Warehouse, keep_last: int) -> tuple[list[str], list[str]]:
    """Removes all but the latest releases; never the one that readers have.

    Returns the names of those that went, and a sentence for each that could not be removed.
    """
    gone, problems = [], []
    for each in history(warehouse).kept[keep_last:]:
        if each.is_published:
            continue
        # Renamed first: a release that is half removed must not look like one.
        removed = warehouse.releases / f"{REMOVED}{each.release_id}"
        try:
            each.folder.rename(removed)
        except OSError as error:
            problems.append(f"release {each.release_id} could not be removed: {error.strerror or error}")
            continue
        gone.append(each.release_id)
        problems += remove(removed)
    return gone, problems
