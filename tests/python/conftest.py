"""Builds that several test files look at. Each takes half a minute, so there are few.

With --fast nothing is built and no other program is started: a test that needs either is left out when it asks for it.
With -n (pytest-xdist) a file stays with one worker, and so do all files that look at the builds of this one.
"""

import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner
from projects import Outcome, Project

# fixtures that are built once for all files
SHARED = {"first_run", "second_run", "many"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds --fast."""
    parser.addoption("--fast", action="store_true", help="leave out what needs dbt or another program")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Says which tests stay together where several workers run them; files of few tests come first, they take longest."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    for path, tests in files.items():
        shared = any(SHARED & set(test.fixturenames) for test in tests)
        for test in tests:
            test.add_marker(pytest.mark.xdist_group("shared builds" if shared else path.stem))
    items.sort(key=lambda item: len(files[item.path]))


def _left_out(*_: object, **__: object) -> None:
    pytest.skip("needs dbt or another program, and --fast was given")


@pytest.fixture(scope="session", autouse=True)
def nothing_slow(request: pytest.FixtureRequest) -> Iterator[None]:
    """With --fast, whatever would start dbt or another program leaves its test out."""
    with pytest.MonkeyPatch.context() as patch:
        if request.config.getoption("--fast"):
            patch.setattr(dbtRunner, "invoke", _left_out)
            patch.setattr(subprocess.Popen, "__init__", _left_out)
            # or its end complains that it never began
            patch.setattr(subprocess.Popen, "__del__", lambda *_: None)
        yield


@dataclass(frozen=True)
class Run:
    """A build: the copy it was done in, what it said, and the warehouse that it published."""

    project: Project
    outcome: Outcome
    database: Path


def _run_in_shell(project: Project, folder: Path) -> Run:
    """Runs scripts/build from another directory, and keeps what it published as the next run replaces it."""
    outcome = project.run("build", directory=folder)
    database = folder / project.published.name
    if outcome.status == 0:
        shutil.copy(project.published, database)
    return Run(project, outcome, database)


def _run_with_byte_order_marks(project: Project, folder: Path) -> Run:
    """Runs scripts/build again, over files as a spreadsheet on Windows saves them."""
    for file in (project.top / "seeds").rglob("*.csv"):
        project.write(file.stem, project.read(file.stem), encoding="utf-8-sig", line_end="\r\n")
    return _run_in_shell(project, folder)


@pytest.fixture(scope="session", autouse=True)
def no_log_files() -> Iterator[None]:
    """Keeps dbt from writing down everything it does, which is a fifth of its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_LOG_LEVEL_FILE", "none")
        yield


@pytest.fixture(scope="session", autouse=True)
def shell_runs(
    nothing_slow: None, no_log_files: None, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Future[Run], Future[Run]] | None]:
    """Two runs of scripts/build over the shipped report, in the background while other tests go on."""
    if not any({"first_run", "second_run"} & set(item.fixturenames) for item in request.session.items):
        yield None
        return
    folder = tmp_path_factory.mktemp("shell")
    for name in ("示例 project", "first", "second"):
        (folder / name).mkdir()
    project = Project.copy(folder / "示例 project")
    with ThreadPoolExecutor(max_workers=1) as background:
        yield (
            background.submit(_run_in_shell, project, folder / "first"),
            background.submit(_run_with_byte_order_marks, project, folder / "second"),
        )


@pytest.fixture(scope="session")
def first_run(shell_runs: tuple[Future[Run], Future[Run]]) -> Run:
    """scripts/build over the shipped report."""
    return shell_runs[0].result()


@pytest.fixture(scope="session")
def second_run(shell_runs: tuple[Future[Run], Future[Run]]) -> Run:
    """scripts/build once more, over files with byte order marks and CRLF."""
    return shell_runs[1].result()


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A build of the shipped report and the made-up ones."""
    project = Project.copy(tmp_path_factory.mktemp("many"))
    project.add_reports()
    outcome = project.build()
    assert outcome.status == 0, outcome.err
    return Run(project, outcome, project.published)
