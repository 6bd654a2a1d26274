"""scripts/alarm canary: proves that a broken release would set off an alarm."""

import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

from final_accounts.release.audit import audit
from final_accounts.release.bell import VARIABLE, AlarmError, ring, webhook
from final_accounts.release.history import history
from final_accounts.release.record import sha256_of
from final_accounts.terminal import plain_streams
from final_accounts.warehouse.paths import PUBLISHED, TOP, Warehouse

DONE, NOT_DONE = 0, 1
LOST_ROW = "delete from quality.fct_report_cells where rowid = 0"


def canary(warehouse: Warehouse, address: str) -> str:
    """Takes one row out of a copy of what readers have, lets the audit find it, and rings for it.

    Returns what was found. An audit that finds nothing is the worst of all, and raises.
    """
    published = history(warehouse).published
    if not published:
        raise AlarmError("there is no release yet to try it on; run scripts/build")
    with tempfile.TemporaryDirectory(prefix="canary-") as name:
        folder = Path(name)
        for file in ("release.json", PUBLISHED.name):
            shutil.copyfile(published.folder / file, folder / file)
        with duckdb.connect(str(folder / PUBLISHED.name)) as connection:
            connection.execute(LOST_ROW)
        # The hash of the file would tell already; the tables shall.
        record = (folder / "release.json").read_text(encoding="utf-8")
        changed = sha256_of(folder / PUBLISHED.name)
        record = record.replace(published.record["file_sha256"], changed)
        (folder / "release.json").write_text(record, encoding="utf-8")
        problems = audit(folder)
    if not problems:
        raise AlarmError("the audit did not notice that a row was missing")
    text = f"Canary: a damaged copy was refused as it should be ({'; '.join(problems)}). Nothing is wrong."
    ring(address, "canary", 0, text)
    return text


def main() -> int:
    """Tries the alarm."""
    address = webhook()
    if not address:
        print(f"Not sent: {VARIABLE} is not set.", file=sys.stderr)
        return NOT_DONE
    try:
        print(canary(Warehouse.of(TOP), address))
    except AlarmError as error:
        print(f"Not sent: {error}.", file=sys.stderr)
        return NOT_DONE
    except duckdb.Error as error:
        print(f"Not sent: the copy cannot be changed: {str(error).splitlines()[0]}.", file=sys.stderr)
        return NOT_DONE
    except OSError as error:
        print(f"Not sent: {error.filename or 'a temporary folder'}: {error.strerror or error}.", file=sys.stderr)
        return NOT_DONE
    return DONE


if __name__ == "__main__":
    with plain_streams():
        status = main()
    sys.exit(status)
