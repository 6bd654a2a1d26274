"""A command that is told to stop puts its things away, and says that it was stopped."""

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StoppedError(KeyboardInterrupt):
    """Raised where the command is, when a signal tells it to stop: of the kind that libraries know and let pass."""


@dataclass
class Stop:
    """The signal that a command was stopped with, if one was."""

    by: signal.Signals | None = None
    raises: bool = True  # not while things are put away, and the verdict is told

    @property
    def status(self) -> int:
        """The exit status of a command that the signal stopped."""
        return 128 + (self.by or 0)

    def check(self) -> None:
        """Stops here, too: a library may have kept the signal to itself."""
        if self.by:
            raise StoppedError

    def __str__(self) -> str:
        return f"stopped by a signal ({self.by.name if self.by else 'none'})"


@contextlib.contextmanager
def stoppable() -> Iterator[Stop]:
    """Lets the first signal stop what is done meanwhile; more of them do not keep it from putting its things away.

    A signal that is ignored (nohup) stays so.
    """
    stop = Stop()

    def handle(number: int, _frame: FrameType | None) -> None:
        first, stop.by = stop.by is None, stop.by or signal.Signals(number)
        if first and stop.raises:
            raise StoppedError

    handled = {number: signal.getsignal(number) for number in SIGNALS}
    handled = {number: handler for number, handler in handled.items() if handler is not signal.SIG_IGN}
    for number in handled:
        signal.signal(number, handle)
    try:
        yield stop
    finally:
        for number, handler in handled.items():
            signal.signal(number, handler)
