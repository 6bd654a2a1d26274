"""Builds that several test files look at. Each takes half a minute, so there are few.

With --fast nothing is built and no other program is started: a test that needs either is left out when it asks for it,
and so is one that is marked as slow.
With -n (pytest-xdist) a file stays with one worker, and so do all files that look at the builds through the shell; the
whole build is made by one worker for all.
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
from final_accounts.language import VARIABLE
from final_accounts.warehouse.paths import TOP
from projects import Outcome, Project
from quick import Quick, Whole, once
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# fixtures that are built once for each worker
SHARED = ("first_run", "second_run")


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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files of few tests come first: theirs take longest. With --fast those that are marked as slow are left out."""
    if config.getoption("--fast"):
        items[:] = [item for item in items if not item.get_closest_marker("slow")]
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
            # nobody copies the project but to build it
            patch.setattr(Project, "copy", _left_out)
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
def in_english() -> Iterator[None]:
    """Lets commands speak English, whatever the locale of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "en")
        yield


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
def whole(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Whole:
    """A build of the shipped report and the made-up ones, the same for all workers: nobody may change it."""
    own = tmp_path_factory.getbasetemp()
    return once((own if worker_id == "master" else own.parent) / "whole", Whole.make)


@pytest.fixture(scope="session")
def many(whole: Whole) -> Run:
    """The same, as what was built and said."""
    return Run(whole.project, whole.outcome, whole.project.published)


@pytest.fixture(scope="module")
def released(whole: Whole, tmp_path_factory: pytest.TempPathFactory) -> Quick:
    """A copy of it, in which the next release takes seconds."""
    return Quick.of(whole, tmp_path_factory.mktemp("released"))


@pytest.fixture
def quick(released: Quick, tmp_path: Path) -> Iterator[Quick]:
    """The same, with its warehouse put in order again afterwards."""
    folder = released.warehouse.folder
    subprocess.run(["cp", "-a", folder, tmp_path / "kept"], check=True)
    yield released
    if folder.is_symlink():
        folder.unlink()
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["cp", "-a", tmp_path / "kept", folder], check=True)
