"""scripts/alarm: sends a message to the webhook, and proves that a broken release would set off an alarm."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

from final_accounts.release.audit import audit
from final_accounts.release.bell import VARIABLE, AlarmError, ring, webhook
from final_accounts.release.publish import releases
from final_accounts.release.record import sha256_of
from final_accounts.warehouse.paths import PUBLISHED, TOP, Warehouse

DONE, NOT_DONE = 0, 1
LOST_ROW = "delete from quality.fct_report_cells where rowid = 0"


def canary(warehouse: Warehouse, address: str) -> str:
    """Takes one row out of a copy of what readers have, lets the audit find it, and rings for it.

    Returns what was found. An audit that finds nothing is the worst of all, and raises.
    """
    published = [each for each in releases(warehouse) if each.is_published]
    if not published:
        raise AlarmError("there is no release yet to try it on; run scripts/build")
    with tempfile.TemporaryDirectory(prefix="canary-") as name:
        folder = Path(name)
        for file in ("release.json", PUBLISHED.name):
            shutil.copyfile(published[0].folder / file, folder / file)
        with duckdb.connect(str(folder / PUBLISHED.name)) as connection:
            connection.execute(LOST_ROW)
        # The hash of the file would tell already; the tables shall.
        record = (folder / "release.json").read_text(encoding="utf-8")
        changed = sha256_of(folder / PUBLISHED.name)
        record = record.replace(published[0].record["file_sha256"], changed)
        (folder / "release.json").write_text(record, encoding="utf-8")
        problems = audit(folder)
    if not problems:
        raise AlarmError("the audit did not notice that a row was missing")
    text = f"Canary: a damaged copy was refused as it should be ({'; '.join(problems)}). Nothing is wrong."
    ring(address, "canary", 0, text)
    return text


def main(arguments: list[str] | None = None) -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/alarm",
        description=f"Alarms go to the address in {VARIABLE}, as JSON: source, host, event (not_released, held_back, "
        "message, canary), status, text.",
        epilog="Exit status: 0 the webhook accepted it, 1 it did not or there was no reason to ring, 2 wrong usage.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser(
        "canary", help="damage a copy of the release that readers have; the audit must notice, the webhook must accept"
    )
    commands.add_parser("send", help="send a message, such as a scheduler's own").add_argument("text")
    given = parser.parse_args(arguments)
    address = webhook()
    if not address:
        print(f"Not sent: {VARIABLE} is not set.", file=sys.stderr)
        return NOT_DONE
    try:
        if given.command == "canary":
            print(canary(Warehouse.of(TOP), address))
        else:
            ring(address, "message", 0, given.text)
            print("Sent.")
    except AlarmError as error:
        print(f"Not sent: {error}.", file=sys.stderr)
        return NOT_DONE
    return DONE


if __name__ == "__main__":
    sys.exit(main())
