"""The scheduler's side: units that systemd accepts, a crontab line that runs, logs that rotate, alarms that ring."""

import contextlib
import errno
import http.server
import json
import os
import re
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Run
from final_accounts.cli import alarm
from final_accounts.release import bell
from final_accounts.release.bell import VARIABLE, AlarmError, ring
from final_accounts.warehouse.paths import TOP, Warehouse
from final_accounts.warehouse.steps import LOG_BYTES, LOGS_KEPT, logged
from projects import Project

SCHEDULE = TOP / "scripts" / "schedule"
BELL = SCHEDULE / "bell"
UNITS = [path.name for path in sorted(SCHEDULE.glob("final-accounts*"))]


class _Webhook(http.server.BaseHTTPRequestHandler):
    """Keeps what it is sent, and answers with the status that the path asks for."""

    received: list[dict]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append(json.loads(body))
        self.send_response(int(self.path.strip("/") or 200))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def webhook(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict]]:
    """A server that alarms go to; what it received."""
    handler = type("Webhook", (_Webhook,), {"received": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv(VARIABLE, f"http://127.0.0.1:{server.server_port}/200")
    yield handler.received
    server.shutdown()
    server.server_close()


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    """With the folder of this project in place of that in the example."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed")
    for unit in UNITS:
        text = (SCHEDULE / unit).read_text(encoding="utf-8").replace("/srv/final_accounts", str(TOP))
        text = text.replace("/usr/local/bin/final-accounts-bell", str(BELL))
        (tmp_path / unit).write_text(text.replace("User=final_accounts", "User=root"), encoding="utf-8")
    run = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(tmp_path / unit for unit in UNITS)], capture_output=True, text=True
    )
    ours = [line for line in run.stderr.splitlines() if "final-accounts" in line or str(tmp_path) in line]
    assert (run.returncode, ours) == (0, []), run.stderr


def nightly(tmp_path: Path, folder: Path, address: str) -> list[subprocess.CompletedProcess[str]]:
    """Runs the lines of the crontab as cron does, for a project in a folder."""
    (tmp_path / "final-accounts-bell").symlink_to(BELL)
    lines = [line for line in (SCHEDULE / "crontab").read_text().splitlines() if re.match(r"\d", line)]
    assert len(lines) == 3
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", VARIABLE: address}
    commands = [line.split(maxsplit=5)[5].replace("/srv/final_accounts", str(folder)) for line in lines]
    return [
        subprocess.run(["sh", "-c", each], env=environment, cwd="/", capture_output=True, text=True)
        for each in commands
    ]


def test_a_nightly_that_cannot_start_rings(webhook: list[dict], tmp_path: Path) -> None:
    """Without its folder, or with packages that are broken: cron's own lines ring, and the age of the release does."""
    folder = tmp_path / "project"
    nightly(tmp_path, folder, os.environ[VARIABLE])
    assert [message["event"] for message in webhook] == ["message", "stale", "message"]
    webhook.clear()
    (folder / "scripts").mkdir(parents=True)
    (tmp_path / "final-accounts-bell").unlink()
    for name in ("build", "alarm"):
        (folder / "scripts" / name).write_text("#!/bin/sh\nexec no_such_python\n")
        (folder / "scripts" / name).chmod(0o755)
    nightly(tmp_path, folder, os.environ[VARIABLE])
    assert [message["event"] for message in webhook] == ["message", "stale", "message"]


@pytest.mark.parametrize("status", [0, 3, 5])
def test_a_nightly_that_was_released_does_not_ring_again(webhook: list[dict], tmp_path: Path, status: int) -> None:
    """The build has rung by itself; the release is young."""
    folder = tmp_path / "project"
    (folder / "scripts").mkdir(parents=True)
    (folder / "warehouse").mkdir()
    (folder / "warehouse" / "current").symlink_to("releases/some")
    for name, ends in (("build", status), ("alarm", 0)):
        (folder / "scripts" / name).write_text(f"#!/bin/sh\nexit {ends}\n")
        (folder / "scripts" / name).chmod(0o755)
    nightly(tmp_path, folder, os.environ[VARIABLE])
    assert webhook == []


def test_the_last_bell_needs_sh_and_curl_only(webhook: list[dict], tmp_path: Path) -> None:
    """An empty environment, a folder that nothing can be written into, a text that is no JSON, and no project."""
    bell = tmp_path / "bell"
    shutil.copy(BELL, bell)
    text = 'it said "no"\\ \n\x1b[2J 决算 $(id) %s'
    command = ["env", "-i", f"{VARIABLE}={os.environ[VARIABLE]}", "sh", bell, "send", text]
    run = subprocess.run(command, cwd="/proc", capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (0, "Sent.\n"), run.stderr
    ((message),) = webhook
    assert message["text"] == text.replace("\n", " ").replace("\x1b", " ")
    assert message["source"] == "final_accounts"


@pytest.mark.parametrize("address", ["", "nowhere", "file:///etc/passwd", "http://[", 'http://127.0.0.1:1/a"b\\'])
def test_the_last_bell_says_when_nobody_was_told(address: str) -> None:
    """And does not say the address."""
    environment = {"PATH": "/usr/bin:/bin", VARIABLE: address}
    run = subprocess.run(["sh", BELL, "send", "x"], env=environment, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr.startswith("Not sent: ")
    assert not address or address not in run.stderr


@pytest.mark.parametrize(("hours", "stale"), [(29, False), (31, True)])
def test_a_release_that_is_old_rings(webhook: list[dict], tmp_path: Path, hours: int, stale: bool) -> None:
    """What counts is the link that the last release set, or the last build that found nothing new touched."""
    link = tmp_path / "current"
    link.symlink_to("releases/some")
    then = time.time() - hours * 3600
    os.utime(link, (then, then), follow_symlinks=False)
    run = subprocess.run(
        ["sh", BELL, "stale", "--hours", "30", "--warehouse", tmp_path], capture_output=True, text=True
    )
    assert run.returncode == (1 if stale else 0)
    assert [message["event"] for message in webhook] == (["stale"] if stale else [])


@pytest.mark.parametrize("example", ["airflow_dag.py", "dagster_job.py"])
def test_the_examples_are_sound_python(example: str) -> None:
    """Airflow and Dagster are not installed here."""
    compile((SCHEDULE / example).read_text(encoding="utf-8"), example, "exec")


def test_a_build_that_is_not_released_rings(
    webhook: list[dict], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the last line that it says."""
    project = Project.copy(tmp_path)
    project.seed("funds").unlink()
    outcome = project.build()
    assert outcome.status == 1
    ((message),) = webhook
    assert (message["event"], message["status"], message["source"]) == ("not_released", 1, "final_accounts")
    assert message["text"] == outcome.err.splitlines()[-1]


def test_a_webhook_that_refuses_changes_no_exit_status(
    webhook: list[dict], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said that nobody was alarmed, without the address: it may hold a key."""
    address = os.environ[VARIABLE].replace("/200", "/500")
    monkeypatch.setenv(VARIABLE, address)
    project = Project.copy(tmp_path)
    project.seed("funds").unlink()
    outcome = project.build()
    assert outcome.status == 1
    assert any(line.startswith("Nobody was alarmed: ") for line in outcome.err.splitlines())
    assert address not in outcome.err


ANSWERS = {
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "nothing": b"",
    "300 headers": b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % number for number in range(300)) + b"\r\n",
    "an endless line": b"HTTP/1.1 200 " + b"x" * 100_000,
    "a status that is no number": b"HTTP/1.1 fine OK\r\n\r\n",
    "a redirect": b"HTTP/1.1 302 Found\r\nLocation: /swallowed\r\nContent-Length: 0\r\n\r\n",
    "a redirect that keeps the method": b"HTTP/1.1 308 P\r\nLocation: /swallowed\r\nContent-Length: 0\r\n\r\n",
}


@pytest.fixture
def server() -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers everything with some bytes, one after the other where they are many; and its address."""
    answers: list[bytes] = []

    class Handler(socketserver.BaseRequestHandler):
        """Answers."""

        def handle(self) -> None:
            request = self.request.recv(65536)
            answer = b"HTTP/1.1 200 OK\r\n\r\n" if b"/swallowed" in request else answers[0]
            with contextlib.suppress(OSError):
                for part in [answer] if len(answers) == 1 else answers:
                    self.request.sendall(part)
                    time.sleep(0 if len(answers) == 1 else 0.2)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_address[1]}/hook", answers
        listening.shutdown()


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_that_is_none_is_an_error(server: tuple[str, list[bytes]], answer: str) -> None:
    """Nobody shall believe that somebody was told; and nothing else is raised."""
    address, answers = server
    answers.append(ANSWERS[answer])
    with pytest.raises(AlarmError) as error:
        ring(address, "message", 0, "a text")
    assert address not in str(error.value)
    run = subprocess.run(["sh", BELL, "send", "x"], env={**os.environ, VARIABLE: address}, capture_output=True)
    # curl takes any number of headers
    assert run.returncode == (0 if answer == "300 headers" else 1)


def test_a_server_that_drips_is_not_waited_for(
    server: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time is for all of the answer, not for each of its bytes."""
    address, answers = server
    answers.extend([b"HTTP/1.1 200 OK\r\n", *[b"X: 1\r\n"] * 90, b"\r\n"])
    monkeypatch.setattr(bell, "SECONDS", 1)
    start = time.monotonic()
    with pytest.raises(AlarmError, match="in time"):
        ring(address, "message", 0, "a text")
    assert time.monotonic() - start < 3


def test_the_verdict_comes_before_the_alarm(
    server: tuple[str, list[bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And stays what it is."""
    address, answers = server
    answers.append(ANSWERS["no HTTP"])
    monkeypatch.setenv(VARIABLE, address)
    project = Project.copy(tmp_path)
    project.seed("funds").unlink()
    outcome = project.build()
    assert outcome.status == 1
    assert [line.partition(":")[0] for line in outcome.err.splitlines()[-2:]] == ["Not released", "Nobody was alarmed"]


ADDRESSES = """
file:///etc/passwd nowhere http://127.0.0.1:1/closed http://[ http://:x/ http://\x00/ http:/// http://例子.invalid/键
HTTP://127.0.0.1:99999/ http://127.0.0.1:1/\u2028
"""


@pytest.mark.parametrize("address", ["http://a b/", "http://" + "a" * 300 + ".invalid/", *ADDRESSES.split()])
def test_an_address_that_cannot_be_reached_is_an_error(address: str) -> None:
    """Nobody shall believe that somebody was told."""
    with pytest.raises(AlarmError):
        ring(address, "message", 0, "a text")


def test_the_canary_rings(
    webhook: list[dict], first_run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A damaged copy is refused by the audit, and the webhook hears of it; what readers have is not touched."""
    before = first_run.project.published.read_bytes()
    text = alarm.canary(Warehouse(first_run.project.published.parent), os.environ[VARIABLE])
    assert re.search(r"quality.fct_report_cells has ([\d,]+) rows, ([\d,]+) were checked", text)
    assert [message["event"] for message in webhook] == ["canary"]
    assert first_run.project.published.read_bytes() == before


def test_a_canary_that_nobody_misses_is_an_error(
    webhook: list[dict], first_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An audit that does not notice is what the canary is for."""
    monkeypatch.setattr(alarm, "LOST_ROW", "select 1")
    with pytest.raises(AlarmError, match="did not notice"):
        alarm.canary(Warehouse(first_run.project.published.parent), os.environ[VARIABLE])
    assert webhook == []


def test_without_an_address_nothing_is_sent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command says so."""
    monkeypatch.delenv(VARIABLE, raising=False)
    assert alarm.main() == 1
    assert f"{VARIABLE} is not set" in capsys.readouterr().err


def test_a_full_temporary_folder_is_a_sentence(
    webhook: list[dict], first_run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the alarm that is tried, which copies a release there."""

    def full(*_: object, **__: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(alarm, "TOP", first_run.project.top)
    monkeypatch.setattr(tempfile, "TemporaryDirectory", full)
    assert alarm.main() == 1
    assert capsys.readouterr().err.startswith("Not sent: a temporary folder: No usable temporary directory found")


def test_logs_rotate(tmp_path: Path) -> None:
    """However much is said, the logs stay within bounds; the last lines are there, with their time."""
    log = tmp_path / "logs" / "build.log"
    line = "行" * 3000
    with logged(log):
        for number in range(LOG_BYTES * (LOGS_KEPT + 3) // 9000):
            print(line, number, file=sys.stderr)
    files = sorted(log.parent.iterdir())
    assert len(files) == LOGS_KEPT + 1
    assert max(file.stat().st_size for file in files) <= LOG_BYTES * 1.01
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ 行", log.read_text(encoding="utf-8").splitlines()[-1])


def test_what_a_build_says_is_in_its_log(first_run: Run) -> None:
    """The last line too."""
    log = (first_run.project.top / "logs" / "build.log").read_text(encoding="utf-8")
    assert first_run.outcome.out.splitlines()[-1] in log
