"""What a build is made from, taken once: what is checked and hashed is what is loaded, whatever is edited meanwhile."""

import shutil
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from final_accounts.landing import reader
from final_accounts.landing.folder import alone
from final_accounts.release.record import CODE
from final_accounts.terminal import printable


@dataclass(frozen=True)
class Taken:
    """Copies of a project and of a landing folder."""

    project: Path
    landing: Path | None = None
    passed_over: tuple[str, ...] = ()  # a sentence for everything in the project that is no plain file
    left_out: tuple[str, ...] = ()  # a sentence for everything in the landing folder that cannot be loaded


def take(project: Path, landing: Path | None, folder: Path) -> Taken:
    """Copies what a release is made from, code and raw files, into a folder."""
    said: list[str] = []
    copied = folder / "project"
    copied.mkdir(parents=True)
    seeds = project / "seeds" / "accounts"
    with alone(seeds) if seeds.is_dir() else nullcontext():
        for name in CODE:
            if (project / name).is_dir():
                shutil.copytree(project / name, copied / name, ignore=_pass_over(project, said))
            else:
                shutil.copy2(project / name, copied / name)
    if landing is None:
        return Taken(copied, None, tuple(said))
    return Taken(copied, folder / "landing", tuple(said), tuple(reader.take(landing, folder / "landing")))


def _pass_over(top: Path, said: list[str]) -> Callable[[str, list[str]], set[str]]:
    """Tells shutil what to pass over in a folder, and says so: a pipe would be waited for, a device has no end."""

    def passed_over(folder: str, names: list[str]) -> set[str]:
        passed = {"__pycache__"} & set(names)
        for path in sorted(Path(folder, name) for name in set(names) - passed):
            if not (path.is_file() or path.is_dir()):
                passed.add(path.name)
                said.append(f"{printable(path.relative_to(top))} is no plain file, and is left out")
        return passed

    return passed_over
