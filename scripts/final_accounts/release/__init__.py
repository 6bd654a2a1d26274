"""Write, audit, publish: how a warehouse that dbt has built becomes the file that readers open."""


class NotReleasedError(Exception):
    """Readers keep what they have; the message says why."""
