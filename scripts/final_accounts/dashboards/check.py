"""scripts/superset/check: the dashboards, looked at in Chromium while the published file is swapped under them."""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from final_accounts.chromium import CHROMIUM, Browser, BrowserError, chromium, stop
from final_accounts.dashboards.bundle import CONFIG, both, read
from final_accounts.dashboards.start import FOLDER, PASSWORD
from final_accounts.warehouse.paths import PUBLISHED

GOOD, BAD = 0, 1
SWAPS_BETWEEN = 0.2  # seconds

# What each chart of a dashboard shows: drawn, empty (it says that there is nothing), failed, or nothing yet.
STATES = """
[...document.querySelectorAll('.dashboard-component-chart-holder')].map((chart) => {
    const title = chart.querySelector('[data-test="editable-title"], .header-title')?.innerText.trim() ?? '';
    const drawn = (canvas) => {
        if (!canvas.width || !canvas.height) return false;
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const colours = new Set(new Uint32Array(data.buffer));
        return colours.size > 3;
    };
    let state = 'nothing yet';
    if (chart.querySelector('.ant-alert-error, [data-test="error-container"], .ErrorAlert')) state = 'failed';
    else if (chart.querySelector('.ant-empty')) state = 'empty';
    else if (/[0-9]/.test(chart.querySelector('.header-line')?.innerText ?? '')) state = 'drawn';
    else if (chart.querySelector('tbody tr td')) state = 'drawn';
    else if ([...chart.querySelectorAll('canvas')].some(drawn)) state = 'drawn';
    return [title, state, chart.querySelector('.header-line')?.innerText ?? ''];
})
"""

EXPENDITURE = "select sum(expenditure_yuan) / 10000 from reporting.rpt_department_years"


class CheckError(Exception):
    """Something that the dashboards promise does not hold."""


@dataclass
class Swapper(threading.Thread):
    """Puts one of two files in the place of the published one, as a build does, until it is told to stop."""

    published: Path
    files: list[Path]
    times: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def run(self) -> None:
        """Swaps."""
        while not self.stopped.wait(SWAPS_BETWEEN):
            swap(self.files[self.times % 2], self.published)
            self.times += 1

    def stop(self) -> None:
        """Stops when the swap of the moment is done."""
        self.stopped.set()
        self.join()

    __hash__ = threading.Thread.__hash__


def swap(file: Path, published: Path) -> None:
    """Gives readers a file in one step."""
    incoming = published.with_name(f".{published.name}.incoming")
    incoming.unlink(missing_ok=True)
    os.link(file, incoming)
    incoming.replace(published)


def expenditure(file: Path) -> str:
    """The expenditure of all reports, as the dashboard prints it."""
    with duckdb.connect(str(file), read_only=True, config=CONFIG) as connection:
        ((amount,),) = connection.execute(EXPENDITURE).fetchall()
    return f"{amount:,.2f}"


def another(file: Path, folder: Path) -> Path:
    """A copy that says something else: the expenditure of every fund is 10,000 yuan more."""
    folder.mkdir()
    copy = folder / file.name
    shutil.copyfile(file, copy)
    with duckdb.connect(str(copy)) as connection:
        connection.execute("update marts.fct_fund_balances set expenditure_yuan = expenditure_yuan + 10000")
    return copy


@contextmanager
def served(folder: Path, database: Path, password: str) -> Iterator[tuple[str, int]]:
    """A Superset of its own for as long as it is needed: its address and the number of its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "final_accounts.dashboards.start",
        "--database",
        str(database),
        "--port",
        str(port),
    ]
    log = folder / "log"
    folder.mkdir()
    with log.open("wb") as text:
        process = subprocess.Popen(  # noqa: S603 - the command is this project's
            command, env={**os.environ, FOLDER: str(folder), PASSWORD: password}, stdout=text, stderr=text
        )
    try:
        address = f"http://127.0.0.1:{port}"
        end = time.monotonic() + 300
        while True:
            try:
                with urllib.request.urlopen(f"{address}/health", timeout=5):  # noqa: S310 - this machine
                    break
            except (urllib.error.URLError, OSError) as error:
                if process.poll() is not None or time.monotonic() > end:
                    raise CheckError(f"Superset did not start:\n{log.read_text(encoding='utf-8')[-3000:]}") from error
            time.sleep(0.5)
        yield address, process.pid
    finally:
        stop(process, 20)


def log_in(browser: Browser, address: str, password: str) -> None:
    """Logs in as a reader does."""
    browser.open(f"{address}/login/")
    browser.wait("!!document.querySelector('#username')", 120)
    for name, text in (("username", "admin"), ("password", password)):
        browser.ask(f"document.querySelector('#{name}').focus()")
        browser.call("Input.insertText", text=text)
    browser.press("Enter")
    browser.wait("!location.pathname.startsWith('/login')", 60)


def look(browser: Browser, address: str, slug: str, dashboard: dict[str, Any]) -> list[list[str]]:
    """Opens a dashboard and waits until each of its charts shows something; returns their titles, states and numbers.

    Raises CheckError where a chart fails, is missing or shows nothing, or where something was asked of another machine.
    """
    titles = sorted(both(chart["title"]) for row in dashboard["rows"] for chart in row["charts"])
    height = 400 + 9 * sum(row["height"] for row in dashboard["rows"])
    browser.open(f"{address}/superset/dashboard/{slug}/", width=1500, height=height)
    states = _drawn(browser, slug, len(titles))
    if sorted(title for title, *_ in states) != titles:
        raise CheckError(f"{slug}: it shows {[title for title, *_ in states]}, expected {titles}")
    outside = [url for url in browser.answered if not url.startswith((address, "data:", "blob:", "about:"))]
    if outside:
        raise CheckError(f"{slug}: something was asked of other machines: {outside}")
    return list(states)


def _drawn(browser: Browser, slug: str, charts: int) -> list[list[str]]:
    """The states of so many charts as soon as none is being drawn any more; waits two minutes at most."""
    end = time.monotonic() + 120
    while True:
        try:
            states: list[list[str]] = browser.ask(STATES)
        except BrowserError:
            states = []
        failed = [title for title, state, _ in states if state == "failed"]
        if failed:
            raise CheckError(f"{slug}: charts that failed: {', '.join(failed)}")
        # A filter that starts with its first value draws the charts once more.
        busy = browser.ask("!!document.querySelector('[data-test=loading-indicator], .loading')")
        missing = [f"{title}: {state}" for title, state, _ in states if state == "nothing yet"]
        if len(states) == charts and not missing and not busy:
            return states
        if time.monotonic() > end:
            raise CheckError(f"{slug}: {len(states)} of {charts} charts after two minutes; {', '.join(missing)}")
        time.sleep(0.25)


def shown_expenditure(states: list[list[str]], dashboard: dict[str, Any]) -> str:
    """The number on the tile of expenditure."""
    tiles = [chart for row in dashboard["rows"] for chart in row["charts"] if chart["kind"] == "number"]
    (title,) = (both(tile["title"]) for tile in tiles if tile["metrics"] == ["expenditure"])
    return next(number for name, _, number in states if name == title)


def open_files(pid: int) -> list[str]:
    """DuckDB files that a process and its children hold open."""
    found = []
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    for each in [pid, *children]:
        for handle in Path(f"/proc/{each}/fd").glob("*"):
            try:
                target = str(handle.readlink())
            except OSError:
                continue
            if ".duckdb" in target:
                found.append(target)
    return found


def check(database: Path, folder: Path, pictures: Path | None, rounds: int) -> None:
    """Looks at everything; raises CheckError at the first thing that does not hold."""
    described = read()["dashboards"]
    first = folder / "first" / PUBLISHED.name
    first.parent.mkdir()
    shutil.copyfile(database, first)
    second = another(first, folder / "second")
    published = folder / PUBLISHED.name
    swap(first, published)
    expected = [expenditure(first), expenditure(second)]
    if expected[0] == expected[1]:
        raise CheckError("the two files say the same: nothing could be seen of a swap")
    with served(folder / "superset", published, "looked-at") as (address, pid), chromium() as browser:
        log_in(browser, address, "looked-at")
        for slug, dashboard in described.items():
            states = look(browser, address, slug, dashboard)
            count = {state: sum(each[1] == state for each in states) for state in ("drawn", "empty")}
            print(f"{slug}: {count['drawn']} charts drawn, {count['empty']} without data.")
            if count["drawn"] * 2 < len(states):
                raise CheckError(f"{slug}: more charts are empty than drawn")
            if pictures:
                pictures.mkdir(parents=True, exist_ok=True)
                browser.picture(pictures / f"{slug}.png", whole=False)
        swapper = Swapper(published, [second, first])
        swapper.start()
        try:
            for number in range(rounds):
                slug = list(described)[number % len(described)]
                look(browser, address, slug, described[slug])
        finally:
            swapper.stop()
        print(f"{rounds} times opened while the file was swapped {swapper.times} times: every chart was there.")
        slug = "departments"
        for file, amount in ((second, expected[1]), (first, expected[0])):
            swap(file, published)
            shown = shown_expenditure(look(browser, address, slug, described[slug]), described[slug])
            if shown != amount:
                raise CheckError(f"after the swap the dashboard shows {shown}, the file says {amount}")
        print("After a swap, the dashboards show the new file.")
        browser.call("Page.navigate", url="about:blank")
        time.sleep(2)
        held = open_files(pid)
        if held:
            raise CheckError(f"files that Superset holds though nobody asks: {held}")
        print("Nothing was asked of another machine, and no file is held open.")


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/superset/check",
        description="Start a Superset of its own over a copy of the published file, open both dashboards in Chromium, "
        "swap the file under them as a build does, and see that every chart is drawn, shows the new file, and that "
        "nothing is asked of another machine. Takes three minutes.",
        epilog="Exit status: 0 all of it holds, 1 it does not (the reason is named), 2 wrong usage.",
    )
    parser.add_argument("--database", type=Path, default=PUBLISHED, metavar="FILE", help="default: %(default)s")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="leave a picture of each dashboard there")
    parser.add_argument("--rounds", type=int, default=6, metavar="N", help="loads under swaps (default: %(default)s)")
    options = parser.parse_args()
    if CHROMIUM is None:
        print("Chromium was not found on the PATH; on Debian and Ubuntu it is the package chromium.", file=sys.stderr)
        return BAD
    if not options.database.exists():
        print(f"{options.database} does not exist: run scripts/build, or name a file with --database.", file=sys.stderr)
        return BAD
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            check(options.database, Path(folder), options.pictures, options.rounds)
        except (CheckError, BrowserError) as error:
            print(f"The dashboards do not do: {error}", file=sys.stderr)
            return BAD
    return GOOD


if __name__ == "__main__":
    sys.exit(main())
