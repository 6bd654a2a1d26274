"""Headless Chromium, spoken to through its own pipe: pages are opened, asked and clicked as a reader would.

No driver package is needed: Chromium reads commands of its DevTools protocol from file 3 and answers on file 4.
"""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-extensions", "--no-first-run", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--remote-debugging-pipe", "--accept-lang=zh-CN",
]  # fmt: skip


class BrowserError(Exception):
    """The browser did not answer, or a script in a page failed."""


@dataclass
class Browser:
    """One page of a headless Chromium, and what happened in it since it was last opened."""

    process: subprocess.Popen[bytes]
    to_browser: int
    from_browser: int
    session: str = ""
    buffer: bytes = b""
    last_id: int = 0
    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)

    def call(self, method: str, *, in_page: bool = True, seconds: float = 30, **params: Any) -> dict[str, Any]:
        """Sends a command and waits for its answer; events that arrive meanwhile are kept."""
        self.last_id += 1
        message: dict[str, Any] = {"id": self.last_id, "method": method, "params": params}
        if in_page:
            message["sessionId"] = self.session
        os.write(self.to_browser, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + seconds
        while True:
            answer = self._read(end - time.monotonic())
            if answer is None:
                raise BrowserError(f"Chromium did not answer {method} in {seconds} s")
            if answer.get("id") == self.last_id:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                result: dict[str, Any] = answer["result"]
                return result
            self._note(answer)

    def _read(self, seconds: float) -> dict[str, Any] | None:
        end = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.from_browser], [], [], left)[0]:
                return None
            data = os.read(self.from_browser, 1 << 20)
            if not data:
                raise BrowserError("Chromium has gone")
            self.buffer += data
        message, _, self.buffer = self.buffer.partition(b"\0")
        event: dict[str, Any] = json.loads(message)
        return event

    def _note(self, event: dict[str, Any]) -> None:
        method, params = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.problems.append(" ".join(str(each.get("value", each.get("description"))) for each in params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.problems.append(params["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Network.responseReceived":
            self.answered.append(params["response"]["url"])
        elif method == "Page.javascriptDialogOpening":
            self.problems.append(f"dialog: {params['message']}")
            self.last_id += 1
            command = {"id": self.last_id, "sessionId": self.session, "method": "Page.handleJavaScriptDialog"}
            os.write(self.to_browser, json.dumps({**command, "params": {"accept": True}}).encode() + b"\0")

    def open(self, page: Path | str, anchor: str = "", width: int = 1280, height: int = 900) -> None:
        """Opens a file, or an address, and waits until it stands still."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 640
        )
        self.call("Page.navigate", url="about:blank")
        self.problems.clear()
        self.requests.clear()
        self.answered.clear()
        self.call("Page.navigate", url=(page if isinstance(page, str) else page.resolve().as_uri()) + anchor)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")
        self.settle()

    def settle(self) -> None:
        """Waits until two pictures have been drawn after all that was asked."""
        self.ask(
            "new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 150))"
        )

    def wait(self, condition: str, seconds: float = 15) -> None:
        """Waits until an expression is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.ask(condition):
                return
            time.sleep(0.05)
        raise BrowserError(f"never true: {condition}")

    def ask(self, expression: str) -> Any:
        """The value of an expression in the page."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise BrowserError(details.get("exception", {}).get("description") or details["text"])
        return answer["result"].get("value")

    def click(self, selector: str) -> None:
        """Clicks an element with the mouse, where it stands."""
        box = self.ask(
            f"""(() => {{
                const element = document.querySelector({json.dumps(selector)});
                if (!element) return null;
                element.scrollIntoView({{block: "center", inline: "center", behavior: "instant"}});
                const box = element.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
            }})()"""
        )
        if box is None:
            raise BrowserError(f"nothing to click: {selector}")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)
        self.settle()

    def press(self, key: str) -> None:
        """Presses a key."""
        text: dict[str, Any] = {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, code=key)
        self.settle()

    def picture(self, file: Path, whole: bool = True) -> None:
        """Takes a picture of the page."""
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole, seconds=60)["data"]
        file.write_bytes(base64.b64decode(data))

    def printed(self) -> bytes:
        """The page as it is printed: a PDF."""
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True, seconds=60)["data"])


def stop(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Asks a process to end, and ends it if it has not within these seconds."""
    process.terminate()
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium for as long as it is needed; nothing that it could read from outside is allowed."""
    command_out, command_in = os.pipe()
    answer_out, answer_in = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        shell = f'exec "$0" "$@" 3<&{command_out} 4>&{answer_in}'
        process = subprocess.Popen(  # noqa: S603 - the shell only moves two pipes to where Chromium wants them
            ["/bin/bash", "-c", shell, CHROMIUM or "chromium", *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(command_out, answer_in),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(command_out)
        os.close(answer_in)
        browser = Browser(process, command_in, answer_out)
        try:
            pages = browser.call("Target.getTargets", in_page=False, seconds=60)["targetInfos"]
            target = next(each["targetId"] for each in pages if each["type"] == "page")
            attached = browser.call("Target.attachToTarget", in_page=False, targetId=target, flatten=True)
            browser.session = attached["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                browser.call(f"{domain}.enable")
            # Every page starts as for a reader who comes for the first time.
            browser.call("Page.addScriptToEvaluateOnNewDocument", source="try { localStorage.clear(); } catch { }")
            yield browser
        finally:
            stop(process, 10)
            os.close(command_in)
            os.close(answer_out)
