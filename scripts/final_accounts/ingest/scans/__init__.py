"""Pages that are pictures, read: whether it can be done here. The packages that do it are a group of their own."""

from functools import cache
from importlib.util import find_spec

INSTALL = "scripts/setup scan installs what reads them"


@cache
def can_read() -> bool:
    """Whether the packages of the group `scan` are installed."""
    return all(find_spec(name) for name in ("cv2", "onnxruntime", "rapidocr"))
