"""What is written and what is on the disk are two things."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Waits until a file or folder is on the disk. OSError where it cannot be."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
