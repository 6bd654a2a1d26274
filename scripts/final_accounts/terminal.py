"""What is said on a terminal and in a log: texts of reports and names of files are shown there, and never obeyed."""

import contextlib
import io
import os
import sys
import unicodedata
from collections.abc import Iterator
from typing import TextIO

from final_accounts.language import told


def printable(text: object) -> str:
    """A text on one line: whatever moves a cursor, ends a line or cannot be seen stands as its code point."""
    return "".join(map(_shown, str(text)))


def _shown(character: str) -> str:
    """A character as it may stand on a terminal; spaces of every width may."""
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return f"\\u{ord(character):04x}"


class Plain(io.TextIOBase):
    """A stream whose lines hold nothing that a terminal obeys, and that nobody need be listening to.

    What is said is not worth more than what is done: a screen that is gone, or a full disk behind it, stops nothing.
    """

    def __init__(self, stream: TextIO) -> None:
        self.terminal = stream

    def write(self, text: str) -> int:
        """Writes a text in the language of whoever asked, its line breaks as they are."""
        self.move("\n".join(printable(told(line)) for line in text.split("\n")))
        return len(text)

    def move(self, text: str) -> None:
        """Writes a text of our own that may move the cursor."""
        with self._whoever_listens():
            self.terminal.write(text)

    def flush(self) -> None:
        """Flushes the stream."""
        with self._whoever_listens():
            self.terminal.flush()

    def isatty(self) -> bool:
        """Whether somebody watches."""
        return self.terminal.isatty()

    @contextlib.contextmanager
    def _whoever_listens(self) -> Iterator[None]:
        """Lets what follows go nowhere once the stream takes no more."""
        try:
            yield
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), self.terminal.fileno())


def move(text: str) -> None:
    """Writes a text of our own that may move the cursor to standard error."""
    stream = sys.stderr
    stream.move(text) if isinstance(stream, Plain) else stream.write(text)
    stream.flush()


@contextlib.contextmanager
def plain_streams() -> Iterator[None]:
    """Lets a command say things in that way, to its end."""
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Plain(out), Plain(err)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = out, err
