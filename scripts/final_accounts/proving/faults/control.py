"""Steers the library that counts the calls of programs on files, and hits one of them (calls.c)."""

import mmap
import os
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("calls.c")
CONTROL, LOG, ROOTS, PARTS = "FAULTS_CONTROL", "FAULTS_LOG", "FAULTS_ROOTS", "FAULTS_WITHIN"
CONTROL_BYTES = 56
OUTSIDE, WITHIN = 0, 1


def make(folder: Path, compiler: str) -> Path:
    """Compiles the library into a folder, and makes the file that steers it."""
    library = folder / "faults.so"
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], check=True)  # noqa: S603
    control_of(folder).write_bytes(bytes(CONTROL_BYTES))
    return library


def control_of(folder: Path) -> Path:
    """The file that steers the library."""
    return folder / "control"


class Control:
    """Steers the library: the struct `control` of calls.c in a file that all processes share."""

    def __init__(self, file: Path) -> None:
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), CONTROL_BYTES)

    def arm(self, kind: int = OUTSIDE, at: int = 0, *, kills: bool = False, logs: bool = False) -> None:
        """Counts from now on, and hits one call."""
        self._shared[:] = struct.pack("7q", 2 if logs else 1, kind, at, kills, os.getpid(), 0, 0)

    def disarm(self) -> tuple[int, int]:
        """Lets all calls pass; returns how many there were of each kind."""
        *_, outside, within = struct.unpack("7q", self._shared[:])
        self._shared[:] = bytes(CONTROL_BYTES)
        return outside, within
