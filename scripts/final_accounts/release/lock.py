"""One build at a time: a lock that the operating system lets go of when its holder dies."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from datetime import datetime

from final_accounts.release.errors import NotReleasedError
from final_accounts.release.publish import make_folder
from final_accounts.warehouse.paths import Warehouse

# A holder that has the lock and has not yet written who it is.
PATIENCE_SECONDS = 0.5


@contextlib.contextmanager
def locked(warehouse: Warehouse) -> Iterator[None]:
    """Holds the lock of a warehouse; says who does if it is held already.

    The file stays: were it removed, a third build could lock a new one while a second holds the old.
    """
    make_folder(warehouse.folder)
    make_folder(warehouse.releases)
    descriptor = os.open(warehouse.lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = _holder(descriptor) or "another process"
            raise NotReleasedError(f"{holder} is building or changing releases in {warehouse.folder}.") from error
        os.ftruncate(descriptor, 0)
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        os.pwrite(descriptor, f"process {os.getpid()}, since {now},".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    """Who holds the lock, as it wrote it down."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not (text := os.pread(descriptor, 200, 0).decode()) and time.monotonic() < end:
        time.sleep(0.05)
    return text
