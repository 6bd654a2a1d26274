"""What a command is doing, while it does it: on the screen with the time it takes, and in a log that rotates."""

import contextlib
import logging
import logging.handlers
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from final_accounts.terminal import Plain, plain_streams, printable
from final_accounts.warehouse.stopping import Stop

LOG_BYTES = 1_000_000
LOGS_KEPT = 9


class Steps:
    """The steps of a command, each with its seconds."""

    def __init__(self, stop: Stop) -> None:
        self.seconds: dict[str, float] = {}
        self._stop = stop
        self._started = time.monotonic()

    @contextlib.contextmanager
    def step(self, name: str, text: str) -> Iterator[None]:
        """Says what begins, and keeps how long it took; a command that was told to stop begins no other."""
        self._stop.check()
        print(f"[{self.total:5.1f} s] {text} …", file=sys.stderr, flush=True)
        start = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(time.monotonic() - start, 3)

    @property
    def total(self) -> float:
        """Seconds since the first step could begin."""
        return time.monotonic() - self._started


class _Copied(Plain):
    """A stream whose lines are written to a log as well; what moves over a terminal is of no use there."""

    def __init__(self, stream: TextIO, logger: logging.Logger) -> None:
        super().__init__(stream)
        self._logger, self._begun = logger, ""

    def write(self, text: str) -> int:
        """Writes to the stream, and to the log what makes a whole line."""
        super().write(text)
        *lines, self._begun = (self._begun + text).split("\n")
        for line in filter(None, lines):
            self._logger.info("%s", printable(line))
        return len(text)


class _Forgiving(logging.handlers.RotatingFileHandler):
    """A log that says nothing where it cannot be written: a disk that is full spoils the log, not the screen."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's own name
        pass


@contextlib.contextmanager
def logged(file: Path) -> Iterator[None]:
    """Copies what a command says into a log, which begins anew when it is full; the last ones are kept.

    A log that cannot be written does not stop anything: it is said, and the command goes on.
    """
    logger = logging.Logger("final_accounts")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = _Forgiving(file, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8", delay=False)
    except OSError as error:
        with plain_streams():
            print(f"No log is kept: {error}", file=sys.stderr)
            yield
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(message)s"))
    logger.addHandler(handler)
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Copied(out, logger), _Copied(err, logger)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = out, err
        handler.close()
