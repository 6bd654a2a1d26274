"""The page that asks SQL in the browser, served as scripts/site --serve does, and what it runs on."""

import io
import json
import shutil
import tarfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Run
from final_accounts.chromium import CHROMIUM, Browser, chromium
from final_accounts.site import packages
from final_accounts.site.pages import write_site
from final_accounts.site.server import server_of
from final_accounts.warehouse.paths import TOP
from projects import SHIPPED, query

in_browser = pytest.mark.skipif(
    CHROMIUM is None or not packages.is_whole(TOP / ".browser"),
    reason="Chromium, or DuckDB for the browser (scripts/setup browser), is not installed.",
)


@pytest.fixture(scope="module")
def served(first_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the pages of the shipped report."""
    site = tmp_path_factory.mktemp("site")
    write_site(first_run.database, site, progress=False)
    server = server_of(site, first_run.database, TOP / ".browser", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this file."""
    with chromium() as started:
        yield started


def answered(browser: Browser) -> None:
    """Waits for an answer or an error."""
    browser.wait("document.querySelector('#answer table, #error') !== null", 60)


@in_browser
def test_a_query_in_the_browser_gives_what_the_file_holds(first_run: Run, served: str, browser: Browser) -> None:
    """By a link to it, exact to the cent; nothing is asked of another machine, and an error is told."""
    sql = "select subject_code, sum(amount_yuan) as yuan from marts.fct_expenditure group by all order by 2 desc, 1"
    browser.open(f"{served}/query.html", "#q=" + sql.replace(" ", "+"))
    answered(browser)
    rows = browser.ask(
        "[...document.querySelectorAll('#answer tbody tr')].map((row) => [...row.cells].map((cell) => cell.innerText))"
    )
    assert rows == [[code, str(amount)] for code, amount in query(first_run.database, sql)]
    assert {url.split("/")[2] for url in browser.requests if url.startswith("http")} == {served.split("/")[2]}
    assert browser.problems == []
    browser.ask("document.getElementById('sql').value = 'select nothing'; document.getElementById('run').click()")
    browser.wait("document.getElementById('error') !== null")
    assert "nothing" in browser.ask("document.getElementById('error').innerText")
    assert browser.ask("location.hash") == "#q=select+nothing"


@in_browser
def test_each_query_to_start_from_has_an_answer(served: str, browser: Browser) -> None:
    """A click on each, in the browser's own DuckDB; the tables beside it have their comments."""
    browser.open(f"{served}/query.html")
    browser.wait("document.querySelector('.starts button') !== null", 60)
    for number in range(browser.ask("document.querySelectorAll('.starts button').length")):
        browser.ask("document.getElementById('answer').textContent = ''")
        browser.ask(f"document.querySelectorAll('.starts button')[{number}].click()")
        answered(browser)
        assert browser.ask("document.querySelectorAll('#answer tbody tr').length") > 0, number
    tables = browser.ask("document.querySelector('.tables').textContent")
    assert "marts.fct_expenditure" in tables
    assert "One row per" in tables


@in_browser
def test_what_leaves_the_file_is_not_run_in_the_browser(served: str, browser: Browser) -> None:
    """Neither another address nor an extension from the web."""
    browser.open(f"{served}/query.html", "#q=select+*+from+read_csv('https://example.org/a.csv')")
    answered(browser)
    assert browser.ask("document.getElementById('error') !== null")
    assert not [url for url in browser.requests if "example.org" in url or "extensions.duckdb" in url]


def test_only_pages_file_and_packages_are_served(served: str) -> None:
    """No other file of the disk, no list of a folder; a page may ask nobody else."""
    with urllib.request.urlopen(f"{served}/reports/{SHIPPED}.json") as answer:
        assert json.load(answer)["report"]["report_id"] == SHIPPED
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    for path in (
        "/reports/",
        "/../pyproject.toml",
        "/packages/../pyproject.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/packages/",
    ):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(served + path)


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed.")
def test_opened_from_a_file_the_page_says_the_commands(first_run: Run, tmp_path: Path, browser: Browser) -> None:
    """A browser lets no such page read the database; nothing is loaded in vain."""
    write_site(first_run.database, tmp_path, progress=False)
    browser.open(tmp_path / "query.html")
    assert "scripts/site --serve" in browser.ask("document.getElementById('view').innerText")
    assert browser.problems == []


def test_a_package_with_another_hash_is_refused(tmp_path: Path) -> None:
    """Nothing of it is unpacked; the one that is pinned is, and no file that is not named."""
    archive = tmp_path / "package.tgz"
    with tarfile.open(archive, "w:gz") as packed:
        for name in ("package/dist/wanted.js", "package/dist/other.js"):
            content = b"text"
            about = tarfile.TarInfo(name)
            about.size = len(content)
            packed.addfile(about, io.BytesIO(content))
    pinned = {"integrity": "sha512-other", "files": ["dist/wanted.js"]}
    with pytest.raises(OSError, match="is not the package that is pinned"):
        packages.unpack(archive, pinned, tmp_path)
    assert not (tmp_path / "wanted.js").exists()
    packages.unpack(archive, pinned | {"integrity": packages.integrity(archive)}, tmp_path)
    assert (tmp_path / "wanted.js").read_text() == "text"
    assert not (tmp_path / "other.js").exists()


def test_the_packages_are_made_anew_when_others_are_pinned(tmp_path: Path) -> None:
    """What was installed before is told by the list that it was installed from."""
    assert not packages.is_whole(tmp_path)
    shutil.copy(packages.PINNED, tmp_path)
    assert packages.is_whole(tmp_path)
    (tmp_path / packages.PINNED.name).write_text("{}", encoding="utf-8")
    assert not packages.is_whole(tmp_path)


def test_a_browser_that_goes_away_is_not_told_as_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who leaves the page before the file has come has asked no more; anything else is told."""
    server = server_of(tmp_path, tmp_path / "file", TOP / ".browser", 0)
    for error in (ConnectionResetError(104, "Connection reset by peer"), ValueError("something else")):
        try:
            raise error
        except (ConnectionError, ValueError):
            server.handle_error(None, ("127.0.0.1", 1))
    server.server_close()
    said = capsys.readouterr().err
    assert "something else" in said
    assert "Connection reset" not in said
