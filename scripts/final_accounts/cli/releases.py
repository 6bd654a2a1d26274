"""scripts/releases: the releases that are kept; going back to one, checking one, removing old ones."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from final_accounts.language import Parser, told
from final_accounts.release.audit import audit
from final_accounts.release.compare import compare, relations_in
from final_accounts.release.errors import NotReleasedError
from final_accounts.release.history import (
    KEPT,
    History,
    Kept,
    history,
    prune,
    roll_back,
    target_of_rollback,
    withdrawn_by,
)
from final_accounts.release.lock import locked
from final_accounts.release.publish import clear, given_to_readers, published_id
from final_accounts.release.record import sha256_of
from final_accounts.terminal import plain_streams, printable
from final_accounts.warehouse.paths import PUBLISHED, TOP, Warehouse
from final_accounts.warehouse.stopping import Stop, StoppedError, stoppable

DONE, NOT_DONE, WRONG_USAGE, UNFINISHED = 0, 1, 2, 5

EPILOG = """\
exit status: 0 done, 5 done with something left undone (named), 1 not done (what readers have is unchanged), 2 wrong
usage, 128 and the number of a signal: stopped by it, not done
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
    past = _history(warehouse)
    print("\n".join(map(line_of, past.kept)) or "No release is kept yet; scripts/build makes the first.")
    if past.kept and not past.published:
        print(f"{warehouse.published} is none of these.")
    return DONE


def show(warehouse: Warehouse, release_id: str | None) -> int:
    """Prints the summary of a release."""
    each = _named(_history(warehouse), release_id)
    print((each.folder / "summary.txt").read_text(encoding="utf-8", errors="replace"), end="")
    return DONE


def check(warehouse: Warehouse, release_id: str | None) -> int:
    """Audits a release again, and the published file if it is that one."""
    each = _named(_history(warehouse), release_id)
    problems = audit(each.folder)
    if each.is_published and sha256_of(warehouse.published) != each.record["file_sha256"]:
        problems.append(f"{warehouse.published} is not the file of release {each.release_id}")
    if problems:
        raise NotReleasedError(f"{'; '.join(problems)}.")
    print(f"Release {each.release_id} is what was checked when it was built.")
    return DONE


def _history(warehouse: Warehouse) -> History:
    """What is kept; whatever else lies there is named."""
    past = history(warehouse)
    for sentence in past.left_aside:
        print(f"{sentence}.", file=sys.stderr)
    return past


def _named(past: History, release_id: str | None) -> Kept:
    """The release of this name; without one, that which readers have."""
    if release_id is not None:
        return past.named(release_id)
    if past.published is None:
        raise NotReleasedError("no release that readers have is kept.")
    return past.published


def go_back(warehouse: Warehouse, given: argparse.Namespace) -> int:
    """Says what readers lose and gain if they are given an earlier release, and does it once that is wanted."""
    past, current = _history(warehouse), published_id(warehouse)
    target = target_of_rollback(past, current, given.release)
    print("\n".join(preview(warehouse, past, current, target)))
    reason = (given.reason or "").strip()
    if not reason:
        print("Not done: say why, with --reason; it is kept with what is withdrawn.", file=sys.stderr)
        return WRONG_USAGE
    if not given.yes and not _is_wanted():
        print("Not done: give --yes, or answer yes, once that is right.", file=sys.stderr)
        return NOT_DONE
    with locked(warehouse):
        undone = clear(warehouse)
        if published_id(warehouse) != current:
            raise NotReleasedError("readers have another release by now; look again.")
        taken = withdrawn_by(past, current, target)
        roll_back(warehouse, target, taken, reason)
    print(f"Readers have release {target.release_id} again. Its data was built at {target.record['released_at']}.")
    return _done(undone)


def preview(warehouse: Warehouse, past: History, current: str | None, target: Kept) -> list[str]:
    """What a rollback to a release does, one thing a line."""
    lines = [f"Going back from release {current or '(unknown)'} to {target.release_id}:"]
    try:
        changes = compare(warehouse.published, target.folder / PUBLISHED.name, relations_in(warehouse.published))
        lines += [f"  {printable(sentence)}" for sentence in changes.sentences()]
        lines += [f"  lost: {printable(sentence)}" for sentence in changes.losses()]
    except NotReleasedError as error:
        lines.append(f"  what readers lose and gain cannot be told: {error}")
    lines += [
        f"  release {each.release_id} is withdrawn, and its data not released again"
        for each in withdrawn_by(past, current, target)
    ]
    if target.record["personal_data"]:
        has_it = past.published is None or past.published.record["personal_data"]
        lines.append(
            f"  release {target.release_id} has personal data"
            f"{', as what readers have now' if has_it else '; what readers have now HAS NONE'}"
        )
    if not (target.folder / warehouse.site.name).is_dir():
        lines.append("  that release has no pages: warehouse/site is gone until scripts/site writes them")
    return lines


def _is_wanted() -> bool:
    """Asks whoever sits at the terminal; where there is none, nobody wants anything."""
    if not sys.stdin or not sys.stdin.isatty():
        return False
    print("Type yes to do it: ", end="", flush=True)
    return sys.stdin.readline().strip().lower() in ("yes", "y", "是")


def remove_old(warehouse: Warehouse, keep: int) -> int:
    """Removes old releases."""
    with locked(warehouse):
        clear(warehouse)
        gone, problems = prune(warehouse, keep)
    print(f"Removed: {', '.join(gone) or 'none'}.")
    return _done(problems)


def _done(undone: list[str]) -> int:
    """The exit status of what is done, but for some things, which are named."""
    if undone:
        print(f"Done. Left undone: {'; '.join(undone)}.")
    return UNFINISHED if undone else DONE


def main(arguments: list[str] | None = None) -> int:
    """Parses the command line."""
    parser = Parser(
        prog="scripts/releases",
        description="List, show and check the releases of the warehouse; go back to one; remove old ones.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--warehouse", type=Path, default=Warehouse.of(TOP).folder, metavar="DIR", help="default: %(default)s"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help=told("the releases that are kept; an asterisk marks what readers have"))
    for name, text in (("show", "the summary of a release"), ("check", "audit the file of a release again")):
        commands.add_parser(name, help=told(text)).add_argument(
            "release", nargs="?", help="default: the release that readers have"
        )
    rollback = commands.add_parser(
        "rollback", help=told("give readers an earlier release; those after it are withdrawn, and not released again")
    )
    rollback.add_argument("release", nargs="?", help="default: the one before that which readers have")
    rollback.add_argument("--reason", help="why: kept with the releases that are withdrawn")
    rollback.add_argument("--yes", action="store_true", help="do it without asking (where there is no terminal)")
    commands.add_parser("prune", help=told("remove all but the latest releases")).add_argument(
        "--keep", type=int, default=KEPT, metavar="N", help="releases to keep (default: %(default)s)"
    )
    given = parser.parse_args(arguments)
    if given.command == "prune" and given.keep < 1:
        parser.error(f"--keep {given.keep}: expected a number from 1")
    with plain_streams(), stoppable() as stop:
        return _told(given, Warehouse(given.warehouse.resolve()), stop)


def _told(given: argparse.Namespace, warehouse: Warehouse, stop: Stop) -> int:
    """Does a command; what readers have afterwards, and not how far the program came, decides what is said."""
    before = given_to_readers(warehouse)
    commands: dict[str, Callable[[], int]] = {
        "list": lambda: list_releases(warehouse),
        "show": lambda: show(warehouse, given.release),
        "check": lambda: check(warehouse, given.release),
        "rollback": lambda: go_back(warehouse, given),
        "prune": lambda: remove_old(warehouse, given.keep),
    }
    try:
        return commands[given.command]()
    except StoppedError:
        why, status = str(stop), stop.status
    except NotReleasedError as error:
        why, status = printable(error).removesuffix("."), NOT_DONE
    except OSError as error:
        why, status = printable(f"{error.filename or warehouse.folder}: {error.strerror or error}"), NOT_DONE
    stop.raises = False
    after = given_to_readers(warehouse)
    if given.command == "rollback" and after != before:
        print(f"Readers have release {after} again. Left undone: {why}.")
        return UNFINISHED
    print(f"Not done: {why}.", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
