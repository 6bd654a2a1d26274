"""What a build and a rollback say of themselves is what readers have, whatever happens, and whenever."""

import hashlib
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from final_accounts.cli import releases
from final_accounts.release import history as past
from final_accounts.release import publish
from final_accounts.release.export import main as export
from final_accounts.warehouse import build
from final_accounts.warehouse.build import Options
from final_accounts.warehouse.stopping import SIGNALS
from projects import Outcome, query
from quick import Quick

NOT_RELEASED = "What readers have is unchanged."


@pytest.fixture(autouse=True, scope="module")
def heard() -> Iterator[None]:
    """Signals reach the tests, also where nohup or a shell in the background has them ignored."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def shows(quick: Quick) -> set[str]:
    """The releases that the file and the pages of a warehouse say that they are of."""
    found = {
        release
        for (release,) in query(quick.project.published, "select release_id from quality.releases where is_this_file")
    }
    for page in quick.warehouse.site.rglob("*.html"):
        found |= set(re.findall(r'<meta name="release-id" content="([^"]*)">', page.read_text(encoding="utf-8"))) or {
            str(page)
        }
    return found


def last(outcome: Outcome) -> str:
    """The last line of a build."""
    return (outcome.out if outcome.status in (0, 3, 5) else outcome.err).splitlines()[-1]


def command(quick: Quick, *arguments: str, capsys: pytest.CaptureFixture[str]) -> Outcome:
    """scripts/releases in this process."""
    capsys.readouterr()
    status = releases.main(["--warehouse", str(quick.warehouse.folder), *arguments])
    said = capsys.readouterr()
    return Outcome(status, said.out, said.err)


def raising(error: BaseException) -> Callable[..., Any]:
    """A function that raises."""

    def function(*_: Any, **__: Any) -> Any:
        raise error

    return function


def told_to_stop(number: signal.Signals, then: Callable[..., Any]) -> Callable[..., Any]:
    """A function before which the process gets a signal."""

    def function(*arguments: Any, **named: Any) -> Any:
        os.kill(os.getpid(), number)
        return then(*arguments, **named)

    return function


@pytest.mark.parametrize("error", [PermissionError(1, "Not permitted"), RuntimeError("strange")])
def test_what_fails_after_the_swap_is_named_and_the_release_is_said_as_done(
    quick: Quick, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Readers have it, so it is released: 5, not 1."""
    before = quick.published
    monkeypatch.setattr(build, "prune", raising(error))
    outcome = quick.release("甲")
    assert outcome.status == 5, outcome.err
    assert last(outcome).startswith(f"Released as {quick.published}. Left undone: ")
    assert quick.published != before
    assert shows(quick) == {quick.published}


def test_an_old_release_that_cannot_be_removed_is_left_undone(quick: Quick, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only that, and by its name; the next build tries again."""
    first = quick.published
    rename = Path.rename
    monkeypatch.setattr(
        Path, "rename", lambda self, to: raising(OSError(16, "Busy"))() if self.name == first else rename(self, to)
    )
    assert quick.release("甲").status == 0
    outcome = quick.release("乙", Options(keep=2))
    assert outcome.status == 5
    assert f"Left undone: release {first} could not be removed: Busy." in last(outcome)
    monkeypatch.undo()
    assert quick.release("丙", Options(keep=2)).status == 0
    assert first not in [each.release_id for each in quick.past.kept]


def test_five_also_where_reports_are_held_back(quick: Quick, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are said."""
    monkeypatch.setattr(build, "prune", raising(OSError(16, "Busy")))
    held = ["Held back: report 990101-117-2018, fatal identities broken: 1."]
    written = build._written

    def holding(work: build.Build, built: build.Built) -> tuple[str, str]:
        built.held_back[:] = held
        return written(work, built)

    monkeypatch.setattr(build, "_written", holding)
    outcome = quick.release("甲")
    assert outcome.status == 5
    assert re.search(r"Released as \S+; reports held back: 1. Left undone: .*Busy", last(outcome))


@pytest.mark.parametrize(
    ("step", "number"),
    [("write_release", signal.SIGINT), ("write_site", signal.SIGTERM), ("publish", signal.SIGHUP)],
)
def test_a_signal_before_the_swap_stops_the_build(
    quick: Quick, monkeypatch: pytest.MonkeyPatch, step: str, number: signal.Signals
) -> None:
    """With 128 and its number; it says so, and nothing else went wrong."""
    before, digest = quick.published, quick.project.digest
    monkeypatch.setattr(build, step, told_to_stop(number, getattr(build, step)))
    outcome = quick.release("甲")
    assert outcome.status == 128 + number
    assert last(outcome) == f"Not released: stopped by a signal ({number.name}). {NOT_RELEASED}"
    assert "Traceback" not in outcome.err
    assert (quick.published, quick.project.digest) == (before, digest)
    assert shows(quick) == {before}


@pytest.mark.parametrize("step", ["prune", "_ending"])
def test_a_signal_after_the_swap_takes_nothing_back(quick: Quick, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Released, and at most something left undone."""
    before = quick.published
    sound = getattr(build, step)

    def late(*arguments: Any, **named: Any) -> Any:
        if quick.published != before:
            os.kill(os.getpid(), signal.SIGTERM)
        return sound(*arguments, **named)

    monkeypatch.setattr(build, step, late)
    outcome = quick.release("甲")
    assert outcome.status in (0, 5)
    assert last(outcome).startswith("Released as ")
    assert quick.published != before
    assert shows(quick) == {quick.published}


def test_a_signal_between_the_swap_and_its_return(quick: Quick, monkeypatch: pytest.MonkeyPatch) -> None:
    """What readers have is asked of what they open, not of how far the program came."""
    monkeypatch.setattr(
        publish, "sync", lambda path: os.kill(os.getpid(), signal.SIGINT) if path == quick.warehouse.folder else None
    )
    outcome = quick.release("甲")
    assert outcome.status == 5
    assert re.match(r"Released as \S+. Left undone: stopped by a signal \(SIGINT\).", last(outcome))


def test_a_second_signal_does_not_keep_a_build_from_putting_its_things_away(
    quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it is told."""
    monkeypatch.setattr(build, "audit", told_to_stop(signal.SIGINT, build.audit))

    def second(warehouse: Any) -> Any:
        if warehouse.candidate.exists():
            os.kill(os.getpid(), signal.SIGTERM)
        return publish.clear(warehouse)

    monkeypatch.setattr(build, "clear", second)
    outcome = quick.release("甲")
    assert outcome.status == 128 + signal.SIGINT
    assert not quick.warehouse.candidate.exists()


def told_while_dbt_builds(quick: Quick, number: signal.Signals) -> tuple[int, str]:
    """What scripts/build returns and says that gets a signal while dbt builds."""
    quick.project._link_environment()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DBT_P", "FINAL_", "PYTHONPATH"))
    }
    with subprocess.Popen(
        [quick.project.top / "scripts" / "build"],
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as process:
        said = ""
        for line in process.stderr:
            said += line
            if "Building and testing" in line:
                time.sleep(6)
                process.send_signal(number)
    return process.returncode, said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_dbt_builds_is_not_called_a_failing_model(quick: Quick, number: signal.Signals) -> None:
    """Dbt keeps signals to itself, and calls what it did not finish failed."""
    status, said = told_while_dbt_builds(quick, number)
    assert status == 128 + number, said
    assert said.splitlines()[-1] == f"Not released: stopped by a signal ({number.name}). {NOT_RELEASED}"


def test_a_build_that_is_killed_while_dbt_builds_leaves_nothing_that_counts(quick: Quick) -> None:
    """Readers have what they had, and the next build puts away what is left."""
    before = quick.published
    assert told_while_dbt_builds(quick, signal.SIGKILL)[0] == -signal.SIGKILL
    assert (quick.project.digest, shows(quick)) == (quick.digest, {before})
    assert quick.warehouse.candidate.exists()
    assert quick.release("甲").status == 0
    assert not quick.warehouse.candidate.exists()
    assert shows(quick) == {quick.published} != {before}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"{}", b"[]", b"null", b"\xff\xfe", b'{"release_id": 1}', None], ids=repr
)
def test_a_record_that_cannot_be_read_is_named(
    quick: Quick, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    """Empty, half, of another kind, or not there."""
    old = quick.warehouse.releases / "20240101-000000-00000000"
    old.mkdir()
    if content is not None:
        (old / "release.json").write_bytes(content)
    listed = command(quick, "list", capsys=capsys)
    assert listed.status == 0
    assert f"{old.name} in {old.parent} is left aside" in listed.err
    assert old.name not in listed.out


def test_a_damaged_record_of_an_old_release_stops_nothing(
    quick: Quick, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """No list, no export, no rollback and no build."""
    first = quick.published
    assert quick.release("甲").status == 0
    second = quick.published
    assert quick.release("乙").status == 0
    record = quick.warehouse.release(second) / "release.json"
    record.unlink()
    record.write_bytes(b"")
    listed = command(quick, "list", capsys=capsys)
    assert listed.status == 0
    assert second in listed.err
    assert "left aside" in listed.err
    assert second not in listed.out
    outcome = quick.release("丙")
    assert (outcome.status, second in outcome.err) == (0, True)
    arguments = ["--warehouse", str(quick.warehouse.folder), "--to", str(tmp_path), "--format", "csv"]
    assert export(arguments) == 0
    # the one before it is found all the same: what readers have knows the chain
    third = command(quick, "rollback", "--reason", "x", "--yes", capsys=capsys)
    assert third.status == 0
    back = command(quick, "rollback", "--reason", "x", "--yes", capsys=capsys)
    assert (back.status, quick.published) == (0, first), back.err


def test_stray_files_among_the_releases_are_named_and_left_aside(
    quick: Quick, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file, a folder, a link to nowhere, a pipe; with a name that a terminal would obey."""
    (quick.warehouse.releases / "notes.txt").write_text("?")
    (quick.warehouse.releases / "backup").mkdir()
    (quick.warehouse.releases / "gone").symlink_to("nowhere")
    (quick.warehouse.releases / "a\x1b[2Jb\nc").mkdir()
    os.mkfifo(quick.warehouse.releases / "a\x1b[2Jb\nc" / "release.json")
    listed = command(quick, "list", capsys=capsys)
    assert listed.status == 0
    assert len(listed.err.splitlines()) == 4
    assert "\x1b" not in listed.err
    assert quick.release("甲").status == 0


@pytest.mark.parametrize("days", [-3, 365])
def test_the_history_is_a_chain_and_no_clock(
    quick: Quick, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], days: int
) -> None:
    """With the clock set back, or forward and back again, the release before is the one that was before."""
    from datetime import datetime, timedelta

    from final_accounts.release import record

    class Clock(datetime):
        """Set wrong."""

        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + timedelta(days=days)

    monkeypatch.setattr(record, "datetime", Clock)
    assert quick.release("甲").status == 0
    second = quick.published
    monkeypatch.undo()
    assert quick.release("乙", Options(keep=2)).status == 0
    third = quick.published
    # the oldest of the chain went, not the one with the oldest date
    assert [each.release_id for each in quick.past.kept] == [third, second]
    assert command(quick, "rollback", "--reason", "x", "--yes", capsys=capsys).status == 0
    assert quick.published == second
    assert [each.release_id for each in quick.past.kept if each.withdrawn] == [third]


def test_a_rollback_says_first_what_readers_lose_and_gain(quick: Quick, capsys: pytest.CaptureFixture[str]) -> None:
    """And waits for a reason, and for a word."""
    first = quick.published
    assert quick.release("甲").status == 0
    second = quick.published
    for arguments, status in (([], 2), (["--reason", " "], 2), (["--yes"], 2), (["--reason", "wrong"], 1)):
        outcome = command(quick, "rollback", *arguments, capsys=capsys)
        assert outcome.status == status
        assert "marts.dim_reports: 0 rows added, 0 removed, 4 changed" in outcome.out
        assert f"Going back from release {second} to {first}" in outcome.out
        assert f"release {second} is withdrawn" in outcome.out
        assert outcome.err.startswith("Not done: ")
        assert quick.published == second
    assert command(quick, "rollback", "--reason", "wrong", "--yes", capsys=capsys).status == 0
    assert quick.published == first
    assert shows(quick) == {first}


@pytest.mark.parametrize(("answer", "done"), [("yes\n", True), ("no\n", False), ("", False)])
def test_a_terminal_is_asked(
    quick: Quick, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str, done: bool
) -> None:
    """Only yes is yes."""
    import io

    first = quick.published
    assert quick.release("甲").status == 0
    terminal = io.StringIO(answer)
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stdin", terminal)
    assert command(quick, "rollback", "--reason", "wrong", capsys=capsys).status == (0 if done else 1)
    assert (quick.published == first) is done


def test_going_back_to_personal_data_is_said(quick: Quick, capsys: pytest.CaptureFixture[str]) -> None:
    """A release without it takes the place of the pages, too; a rollback brings both back."""
    first = quick.published
    assert quick.release("甲", Options(personal_data=False)).status == 0
    assert shows(quick) == {quick.published}
    assert not (quick.warehouse.site / "data_docs").exists()
    outcome = command(quick, "rollback", capsys=capsys)
    assert f"release {first} has personal data; what readers have now HAS NONE" in outcome.out
    assert command(quick, "rollback", "--reason", "x", "--yes", capsys=capsys).status == 0
    assert shows(quick) == {first}


def test_a_release_without_pages_shows_none(quick: Quick) -> None:
    """Better none than those of another release."""
    assert quick.release("甲", Options(site=False)).status == 0
    assert not quick.warehouse.site.exists()
    assert shows(quick) == {quick.published}
    assert quick.release("乙").status == 0
    assert shows(quick) == {quick.published}


def test_pages_and_a_file_of_before_there_were_links(quick: Quick) -> None:
    """Taken over: no page of the old folder is seen beside the new file."""
    warehouse = quick.warehouse
    content = warehouse.published.read_bytes()
    pages = warehouse.site.resolve()
    for link in (warehouse.published, warehouse.site, warehouse.current):
        link.unlink()
    warehouse.published.write_bytes(content)
    shutil.copytree(pages, warehouse.site)
    (warehouse.site / "reports" / "gone.html").write_text("a page of a report that is withdrawn")
    assert quick.release("甲").status == 0
    assert shows(quick) == {quick.published}
    assert sorted(path.name for path in warehouse.folder.iterdir()) == [
        ".lock",
        "current",
        "final_accounts.duckdb",
        "releases",
        "site",
    ]


def test_a_rollback_that_was_broken_off_withdraws_nothing(
    quick: Quick, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Readers have the release still, so it is none that was taken from them."""
    assert quick.release("甲").status == 0
    second = quick.published
    monkeypatch.setattr(past, "publish", raising(OSError(28, "No space left on device")))
    outcome = command(quick, "rollback", "--reason", "wrong", "--yes", capsys=capsys)
    assert (outcome.status, quick.published) == (1, second)
    assert [each for each in quick.past.kept if each.withdrawn] == []


def test_a_rollback_after_whose_swap_something_fails_is_done(
    quick: Quick, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """5, and the release that readers have is named."""
    first = quick.published
    assert quick.release("甲").status == 0
    sound = publish.sync
    monkeypatch.setattr(
        publish,
        "sync",
        lambda path: raising(OSError(5, "Input/output error"))() if path == quick.warehouse.folder else sound(path),
    )
    outcome = command(quick, "rollback", "--reason", "wrong", "--yes", capsys=capsys)
    assert outcome.status == 5
    assert outcome.out.splitlines()[-1].startswith(f"Readers have release {first} again. Left undone: ")


def test_others_can_open_what_is_released_whatever_the_umask(quick: Quick) -> None:
    """Modes are set, not inherited."""
    shutil.rmtree(quick.warehouse.folder)
    before = os.umask(0o077)
    try:
        assert quick.release("甲").status == 0
        assert (
            export(
                [
                    "--warehouse",
                    str(quick.warehouse.folder),
                    "--to",
                    str(quick.warehouse.folder / "exports"),
                    "--format",
                    "csv",
                ]
            )
            == 0
        )
    finally:
        os.umask(before)
    for path in quick.warehouse.folder.rglob("*"):
        if path.name != ".lock" and path.name != "exports":
            wanted = 0o755 if path.is_dir() else 0o444
            assert path.stat().st_mode & 0o777 == wanted, path
    assert quick.warehouse.folder.stat().st_mode & 0o777 == 0o755


def test_a_screen_that_is_gone_stops_nothing(quick: Quick) -> None:
    """The output of a build is not worth more than the build: the pipe is closed, the disk behind it is full."""
    quick.project._link_environment()
    script = (
        "import sys; sys.path.insert(0, 'scripts'); from final_accounts.warehouse.steps import logged\n"
        "from pathlib import Path\n"
        "with logged(Path('logs/try.log')):\n    print('x' * 100000); print('y', file=sys.stderr)\n"
    )
    for target in ("/dev/full", "| true"):
        line = f'{sys.executable} -c "$SCRIPT" {">" if target.startswith("/") else ""} {target}'
        run = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            env={**os.environ, "SCRIPT": script},
            cwd=quick.project.top,
            capture_output=True,
            text=True,
        )
        assert (run.returncode, run.stderr) == (0, "y\n"), target


def test_the_pages_say_which_release_they_are_of(quick: Quick) -> None:
    """By name, date and hash, each of them; and the file is the one that the hash is of."""
    record = json.loads((quick.warehouse.current / "release.json").read_text(encoding="utf-8"))
    pages = list(quick.warehouse.site.rglob("*.html"))
    assert len(pages) > 8
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for name in ("release_id", "released_at", "data_sha256", "file_sha256"):
            assert f'<meta name="{name.replace("_", "-")}" content="{record[name]}">' in text, page


def test_what_is_hashed_is_what_is_loaded(quick: Quick, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is edited after it was checked is one for the next build; a pipe and a device are named and left."""
    reports = quick.project.seed("reports")
    sound, digest = reports.read_bytes(), hashlib.sha256(reports.read_bytes()).hexdigest()
    run_dbt = build._run_dbt
    pipe = quick.project.top / "seeds" / "accounts" / "pipe.csv"
    os.mkfifo(pipe)

    def edited(*arguments: Any) -> Any:
        reports.write_bytes(sound.replace(b"2023", b"2099"))
        return run_dbt(*arguments)

    monkeypatch.setattr(build, "_run_dbt", edited)
    try:
        outcome = quick.project.build(Options(site=False))
    finally:
        reports.write_bytes(sound)
        pipe.unlink()
    assert outcome.status == 0, outcome.err
    assert "accounts/pipe.csv is no plain file, and is left out." in outcome.err
    assert query(
        quick.project.published,
        "select sha256, (select count(*) from raw.reports where fiscal_year = '2099') from quality.release_inputs "
        "where file = 'seeds/accounts/reports.csv'",
    ) == [(digest, 0)]


def test_code_that_is_changed_meanwhile_releases_nothing(quick: Quick, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its hash would be that of other code than the one that built."""
    with quick.models():
        hashes = itertools.count()
        monkeypatch.setattr(build, "code_hash", lambda _project: str(next(hashes)))
        outcome = quick.project.build()
    assert outcome.status == 1
    assert last(outcome).startswith("Not released: the code, or what describes the raw files, was changed while")
