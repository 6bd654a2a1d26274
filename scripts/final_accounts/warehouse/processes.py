"""Who else is at work on this machine."""

import os


def is_running(process: int) -> bool:
    """Whether a process is there: what one that is not has left behind is nobody's."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
