"""What a process took, and how it is measured."""

import os
import resource
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from final_accounts.paths import TOP


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


def measured(arguments: list[str], environment: dict[str, str], log: Path) -> Cost:
    """Runs a process and says what it took.

    Raises:
        BenchmarkError: it failed; the end of its output says why.

    """
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(arguments, env=os.environ | environment, stdout=output, stderr=output, cwd=TOP)  # noqa: S603
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        end = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise BenchmarkError(f"{' '.join(arguments[:6])} ended with {process.returncode}:\n{end}")
    return cost_of(usage, time.monotonic() - started)


def cost_of(usage: resource.struct_rusage, wall: float) -> Cost:
    """The cost of a process that ended, and of the largest of those that it waited for."""
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
