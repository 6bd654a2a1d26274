"""Runs a function over a file from outside in a process of its own, with bounded time and memory and no right to write.

Whatever a hostile file does to a PDF or XML library, it ends with that process.
"""

import contextlib
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from final_accounts.ingest.document.pages import Refused

# Of processor time.
SECONDS = 240
# How many seconds on the clock may pass for each: beside other work a reading waits, and is no worse for it.
PATIENCE = 6
# How much longer a call may take at most that has said why.
MOST_MORE = 3600
# Beside what the process had that asks.
BYTES = 3_000_000_000


# Where a process of its own says that it takes longer.
_sender: Connection | None = None


def allow(seconds: int) -> None:
    """Gives the call that goes on in this process more time; in a process without limits there is nothing to give."""
    if _sender is not None:
        soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (min(soft + seconds, hard), hard))
        _sender.send(("more", min(seconds, MOST_MORE)))


def _child(receiver: Connection, sender: Connection, function: Callable, arguments: tuple, seconds: int) -> None:
    global _sender
    _sender = sender
    # with this end open a result that nobody waits for any more would be waited with for ever
    receiver.close()
    bytes_at_most = _taken() + BYTES
    resource.setrlimit(resource.RLIMIT_AS, (bytes_at_most, bytes_at_most))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + MOST_MORE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError), open(os.devnull, "w") as nothing:  # noqa: PTH123 - a descriptor is wanted
        os.dup2(nothing.fileno(), 2)
    try:
        sender.send(("done", function(*arguments)))
    except Refused as refused:
        sender.send(("refused", str(refused)))
    except (MemoryError, RecursionError):
        sender.send(("refused", "reading it takes more memory or deeper nesting than a report does"))
    except Exception as error:  # a fault of this program over an odd file must not end the batch
        sender.send(("refused", f"reading it failed ({type(error).__name__}: {str(error)[:200]})"))
    finally:
        sender.close()


def _taken() -> int:
    """The address space that this process has from the one that it is a copy of, where the system tells it."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0


class Task:
    """One call that goes on in a process of its own."""

    def __init__(self, function: Callable, arguments: tuple, seconds: int = SECONDS):
        context = multiprocessing.get_context("fork")
        self.receiver, sender = context.Pipe(duplex=False)
        self.seconds = seconds
        ends = (self.receiver, sender)
        self.process = context.Process(target=_child, args=(*ends, function, arguments, seconds), daemon=True)
        self.process.start()
        sender.close()

    def _received(self) -> tuple[str, Any]:
        seconds, kind, value = self.seconds, "more", 0
        while kind == "more":
            seconds += value
            if not self.receiver.poll(PATIENCE * seconds):
                raise Refused(f"reading it takes more than {seconds} seconds")
            kind, value = self.receiver.recv()
        return kind, value

    def result(self) -> Any:
        """What the function returned; raises Refused where the file was too much for it."""
        try:
            kind, value = self._received()
        except EOFError:
            raise Refused("reading it takes more time or memory than a report does") from None
        finally:
            self.receiver.close()
            if self.process.is_alive():
                self.process.join(1)
            if self.process.is_alive():
                self.process.kill()
            self.process.join()
        if kind == "refused":
            raise Refused(value)
        return value
