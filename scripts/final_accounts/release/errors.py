"""What stops a release before readers have it."""


class NotReleasedError(Exception):
    """Readers keep what they have; the message says why."""
