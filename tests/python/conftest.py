"""Builds that several test files look at. Each takes half a minute, so there are few.

With --fast nothing is built and no other program is started: a test that needs either is left out when it asks for it.
With -n (pytest-xdist) a file stays with one worker, and so do all files that look at the builds of this one.
"""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner
from final_accounts.warehouse.paths import TOP
from projects import Outcome, Project
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# fixtures that are built once for all files
SHARED = ("first_run", "second_run", "many")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds --fast."""
    parser.addoption("--fast", action="store_true", help="leave out what needs dbt or another program")


class ByBuilds(LoadScopeScheduling):
    """Gives workers whole files, and one of them all files that look at the builds of this one."""

    def _split_scope(self, nodeid: str) -> str:
        return _scope(nodeid.split("::")[0])


@cache
def _scope(file: str) -> str:
    text = (TOP / file).read_text(encoding="utf-8")
    return "shared builds" if re.search(rf"\b({'|'.join(SHARED)}): ", text) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """How tests are dealt out where several workers run them (-n)."""
    return ByBuilds(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files of few tests come first: theirs take longest."""
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (tests[item.path], item.path))


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


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Path]:
    """A copy of the project for the next two, and a folder outside of it."""
    folder = tmp_path_factory.mktemp("shell")
    for name in ("示例 project", "first", "second"):
        (folder / name).mkdir()
    return Project.copy(folder / "示例 project"), folder


@pytest.fixture(scope="session")
def first_run(shell: tuple[Project, Path]) -> Run:
    """scripts/build over the shipped report."""
    project, folder = shell
    return _run_in_shell(project, folder / "first")


@pytest.fixture(scope="session")
def second_run(shell: tuple[Project, Path], first_run: Run) -> Run:
    """scripts/build once more, over files with byte order marks and CRLF."""
    project, folder = shell
    return _run_with_byte_order_marks(project, folder / "second")


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A build of the shipped report and the made-up ones."""
    project = Project.copy(tmp_path_factory.mktemp("many"))
    project.add_reports()
    outcome = project.build()
    assert outcome.status == 0, outcome.err
    return Run(project, outcome, project.published)
