"""What a process took, and how it is measured."""

import os
import resource
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from final_accounts.warehouse.paths import TOP


@dataclass(frozen=True)
class Cost:
    """What one process took: seconds of wall and processor time, peak memory in MB."""

    wall: float
    processor: float
    memory: float

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.wall + other.wall, self.processor + other.processor, max(self.memory, other.memory))


class BenchmarkError(Exception):
    """A process failed, or a rival came to other results."""


class OutOfMemoryError(BenchmarkError):
    """A process asked for more memory than the machine has."""


# How programs and their libraries say it; the system itself kills.
OUT_OF_MEMORY = (
    "MemoryError",
    "Unable to allocate",
    "memory allocation of",
    "Out of Memory Error",
    "Cannot allocate memory",
)


def machine_memory() -> int:
    """The memory of this machine in bytes."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def measured(
    arguments: list[str], environment: dict[str, str], log: Path, most_memory: int = 0, folder: Path = TOP
) -> Cost:
    """Runs a process and says what it took.

    Args:
        arguments: the command
        environment: what it finds in its environment besides what is there
        log: the file that takes its output
        most_memory: the bytes that it may ask for; 0 for as many as it likes
        folder: where it is run

    Raises:
        OutOfMemoryError: it asked for more memory than it may, or than the machine has
        BenchmarkError: it failed; the end of its output says why.

    """
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(arguments, env=os.environ | environment, stdout=output, stderr=output, cwd=folder)  # noqa: S603
        if most_memory:
            resource.prlimit(process.pid, resource.RLIMIT_DATA, (most_memory, most_memory))
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        end = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        if process.returncode == -signal.SIGKILL or any(words in end for words in OUT_OF_MEMORY):
            raise OutOfMemoryError(f"{' '.join(arguments[:6])} ran out of memory")
        raise BenchmarkError(f"{' '.join(arguments[:6])} ended with {process.returncode}:\n{end}")
    return cost_of(usage, time.monotonic() - started)


def cost_of(usage: resource.struct_rusage, wall: float) -> Cost:
    """The cost of a process that ended, and of the largest of those that it waited for."""
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
