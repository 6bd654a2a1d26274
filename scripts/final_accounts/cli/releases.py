"""scripts/releases: the releases that are kept; going back to one, checking one, removing old ones."""

import argparse
import sys
from pathlib import Path

from final_accounts.release.audit import audit
from final_accounts.release.errors import NotReleasedError
from final_accounts.release.lock import locked
from final_accounts.release.publish import KEPT, Kept, clear, prune, releases, roll_back
from final_accounts.warehouse.paths import TOP, Warehouse

DONE, NOT_DONE = 0, 1

EPILOG = """\
exit status: 0 done, 1 not done (what readers have is unchanged), 2 wrong usage
"""


def line_of(each: Kept) -> str:
    """A release on one line."""
    record = each.record
    mark = "*" if each.is_published else " "
    text = (
        f"{mark} {each.release_id}  {record['released_at']}  reports {record['reports_released']:,}"
        f" (held back {len(record['held_back']):,})"
    )
    if not record["personal_data"]:
        text += "  without personal data"
    return f"{text}  withdrawn: {each.withdrawn}" if each.withdrawn else text


def list_releases(warehouse: Warehouse) -> int:
    """Prints the releases that are kept, the latest first; an asterisk marks what readers have."""
    kept = releases(warehouse)
    print("\n".join(map(line_of, kept)) or "No release is kept yet; scripts/build makes the first.")
    if kept and not any(each.is_published for each in kept):
        print(f"{warehouse.published} is none of these.")
    return DONE


def show(warehouse: Warehouse, release_id: str | None) -> int:
    """Prints the summary of a release."""
    print((_named(warehouse, release_id).folder / "summary.txt").read_text(encoding="utf-8"), end="")
    return DONE


def check(warehouse: Warehouse, release_id: str | None) -> int:
    """Audits a release again, and the published file if it is that one."""
    each = _named(warehouse, release_id)
    problems = audit(each.folder)
    if each.is_published and warehouse.published.read_bytes() != (each.folder / warehouse.published.name).read_bytes():
        problems.append(f"{warehouse.published} is not the file of release {each.release_id}")
    if problems:
        raise NotReleasedError(f"{'; '.join(problems)}.")
    print(f"Release {each.release_id} is what was checked when it was built.")
    return DONE


def _named(warehouse: Warehouse, release_id: str | None) -> Kept:
    """The release of this name; without one, that which readers have."""
    kept = releases(warehouse)
    for each in kept:
        if each.release_id == release_id or (release_id is None and each.is_published):
            return each
    known = ", ".join(each.release_id for each in kept) or "none"
    raise NotReleasedError(f"no release {release_id or 'that readers have'} is kept; there are: {known}.")


def go_back(warehouse: Warehouse, release_id: str | None, reason: str) -> int:
    """Gives readers an earlier release."""
    with locked(warehouse):
        clear(warehouse)
        target = roll_back(warehouse, release_id, reason)
    print(f"Readers have release {target.release_id} again. Its data was built at {target.record['released_at']}.")
    return DONE


def remove(warehouse: Warehouse, keep: int) -> int:
    """Removes old releases."""
    with locked(warehouse):
        clear(warehouse)
        gone = prune(warehouse, keep)
    print(f"Removed: {', '.join(gone) or 'none'}.")
    return DONE


def main(arguments: list[str] | None = None) -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/releases",
        description="List, show and check the releases of the warehouse; go back to one; remove old ones.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--warehouse", type=Path, default=Warehouse.of(TOP).folder, metavar="DIR", help="default: %(default)s"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="the releases that are kept; an asterisk marks what readers have")
    for name, text in (("show", "the summary of a release"), ("check", "audit the file of a release again")):
        commands.add_parser(name, help=text).add_argument(
            "release", nargs="?", help="default: the release that readers have"
        )
    rollback = commands.add_parser(
        "rollback", help="give readers an earlier release; those after it are withdrawn, and not released again"
    )
    rollback.add_argument("release", nargs="?", help="default: the one before that which readers have")
    rollback.add_argument("--reason", default="no reason given", help="kept with the releases that are withdrawn")
    commands.add_parser("prune", help="remove all but the latest releases").add_argument(
        "--keep", type=int, default=KEPT, metavar="N", help="releases to keep (default: %(default)s)"
    )
    given = parser.parse_args(arguments)
    warehouse = Warehouse(given.warehouse.resolve())
    try:
        if given.command == "list":
            return list_releases(warehouse)
        if given.command == "show":
            return show(warehouse, given.release)
        if given.command == "check":
            return check(warehouse, given.release)
        if given.command == "rollback":
            return go_back(warehouse, given.release, given.reason)
        if given.keep < 1:
            parser.error(f"--keep {given.keep}: expected a number from 1")
        return remove(warehouse, given.keep)
    except NotReleasedError as error:
        print(f"Not done: {error}", file=sys.stderr)
    except OSError as error:
        print(f"Not done: {error.filename or warehouse.folder}: {error.strerror or error}.", file=sys.stderr)
    return NOT_DONE


if __name__ == "__main__":
    sys.exit(main())
