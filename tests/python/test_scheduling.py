"""The scheduler's side: units that systemd accepts, a crontab line that runs, logs that rotate, alarms that ring."""

import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Run
from final_accounts.cli import alarm
from final_accounts.release.bell import VARIABLE, AlarmError, ring
from final_accounts.warehouse.paths import TOP, Warehouse
from final_accounts.warehouse.steps import LOG_BYTES, LOGS_KEPT, logged
from projects import Project

SCHEDULE = TOP / "scripts" / "schedule"
UNITS = ("final-accounts.service", "final-accounts.timer", "final-accounts-alarm.service")


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
        (tmp_path / unit).write_text(text.replace("User=final_accounts", "User=root"), encoding="utf-8")
    run = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(tmp_path / unit for unit in UNITS)], capture_output=True, text=True
    )
    ours = [line for line in run.stderr.splitlines() if "final-accounts" in line or str(tmp_path) in line]
    assert (run.returncode, ours) == (0, []), run.stderr


def test_every_line_of_the_crontab_names_a_command_that_is_there() -> None:
    """Five fields of time, then a shell command with commands of this project."""
    lines = [line for line in (SCHEDULE / "crontab").read_text().splitlines() if line and not line.startswith("#")]
    for line in lines:
        match = re.fullmatch(r"(?:[\d*]+\s+){5}cd /srv/final_accounts && FINAL_ACCOUNTS_WEBHOOK= (scripts/\w+).*", line)
        assert match, line
        assert os.access(TOP / match[1], os.X_OK)
    assert len(lines) == 2


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


@pytest.mark.parametrize("address", ["file:///etc/passwd", "nowhere", "http://127.0.0.1:1/closed"])
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
    assert alarm.main(["send", "a text"]) == 1
    assert f"{VARIABLE} is not set" in capsys.readouterr().err


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
