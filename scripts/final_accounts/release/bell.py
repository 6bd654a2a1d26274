"""Rings when a build was not released, or not whole: a JSON message to a webhook, for people who do not read logs."""

import json
import os
import socket
import urllib.error
import urllib.request
from urllib.parse import urlsplit

VARIABLE = "FINAL_ACCOUNTS_WEBHOOK"
SECONDS = 20


class AlarmError(Exception):
    """Nobody was told; the message says why."""


def webhook() -> str | None:
    """The address that alarms go to; none if nobody wants them."""
    return os.environ.get(VARIABLE) or None


def ring(address: str, event: str, status: int, text: str) -> None:
    """Sends a message, and waits until it is accepted.

    event   `not_released`, `held_back`, `message` or `canary`
    status  the exit status of a build; 0 where there was none
    text    what happened
    """
    if urlsplit(address).scheme not in ("http", "https"):
        raise AlarmError(f"{VARIABLE} is no address of http or https")
    body = {"source": "final_accounts", "host": socket.gethostname(), "event": event, "status": status, "text": text}
    request = urllib.request.Request(  # noqa: S310 - http or https, as was checked
        address,
        data=json.dumps(body, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": "final_accounts"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310
            pass
    except (urllib.error.URLError, OSError, ValueError) as error:
        # Without the address: it often carries a key.
        raise AlarmError(f"the webhook did not accept it: {getattr(error, 'reason', None) or error}") from error
