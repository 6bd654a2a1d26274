"""Rings when a build was not released, or not whole: a JSON message to a webhook, for people who do not read logs."""

import http.client
import json
import os
import socket
import threading
import urllib.error
import urllib.request
from urllib.parse import urlsplit

VARIABLE = "FINAL_ACCOUNTS_WEBHOOK"
SECONDS = 20


class AlarmError(Exception):
    """Nobody was told; the message says why, without the address: it often carries a key."""


def webhook() -> str | None:
    """The address that alarms go to; none if nobody wants them."""
    return os.environ.get(VARIABLE, "").strip() or None


def ring(address: str, event: str, status: int, text: str) -> None:
    """Sends a message, and waits until it is accepted: in 20 seconds for all of it, however slowly a server answers.

    event   `not_released`, `held_back`, `unfinished` or `canary`
    status  the exit status of a build; 0 where there was none
    text    what happened
    """
    body = {"source": "final_accounts", "host": socket.gethostname(), "event": event, "status": status, "text": text}
    data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    refused: list[str] = ["it did not answer in time"]

    def send() -> None:
        refused[0] = _refusal(address, data)

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    sender.join(SECONDS)
    if refused[0]:
        raise AlarmError(f"the webhook did not accept it: {refused[0]}")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """What is sent elsewhere as a GET without its message has not arrived."""

    def redirect_request(self, *_: object) -> None:
        """Follows none."""


def _refusal(address: str, data: bytes) -> str:
    """Sends a message once; returns why it was not accepted, or nothing."""
    try:
        if urlsplit(address).scheme not in ("http", "https"):
            return f"{VARIABLE} is no address of http or https"
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "final_accounts"}
        request = urllib.request.Request(address, data, headers, method="POST")  # noqa: S310 - as was checked
        urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS).close()
    except urllib.error.HTTPError as error:
        return f"it answered {error.code}"
    except http.client.InvalidURL:
        return f"{VARIABLE} is no address that can be called"
    except http.client.HTTPException as error:
        return f"its answer is no HTTP ({type(error).__name__})"
    except OSError as error:
        return str(getattr(error, "reason", None) or error.strerror or error)
    except Exception as error:  # an address that no library understands must not change how a build ended
        return f"{VARIABLE} cannot be called ({type(error).__name__})"
    return ""
