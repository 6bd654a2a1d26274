"""The pages of the reports as pictures, so that a reader sees the printed cell, once per file.

Only pages with tables, and those whose words a finding quotes.

They are drawn from the files that were kept when the reports were read. What a picture is drawn from and how is in its
name: one that stands in the site before is taken over.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import yaml

from final_accounts.ingest.document.pages import Refused
from final_accounts.ingest.files import pictured
from final_accounts.ingest.files.pictured import Picture
from final_accounts.ingest.files.upright import turns_of
from final_accounts.ingest.limits import Task
from final_accounts.site.contents import PICTURES, write_whole
from final_accounts.warehouse.paths import TOP

SECONDS = 120
# Why a page is named and not shown.
MAY_NAME, TOO_LARGE, TOO_MANY, UNREADABLE = "may_name", "too_large", "too_many", "unreadable"


@dataclass(frozen=True)
class Limits:
    """How large a picture is, and all of a release together, in bytes."""

    page: int
    release: int

    @classmethod
    def of_settings(cls) -> "Limits":
        """Those of dbt_project.yml."""
        settings = yaml.safe_load((TOP / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
        return cls(settings["page_picture_kilobytes"] * 1000, settings["page_pictures_megabytes"] * 1_000_000)


class PrintedPages:
    """The pictures in the folder of a site.

    sources   folders with files of reports, each under its SHA-256
    before    the site that readers have, whose pictures are taken over
    personal  whether pages are shown at all: a name may stand in a margin, a cell or a stamp, and no search finds all
    """

    def __init__(
        self, out: Path, sources: Iterable[Path], before: Path | None, personal: bool, limits: Limits | None = None
    ) -> None:
        self.out, self.before, self.personal = out, before, personal
        self.limits = limits or Limits.of_settings()
        self.files = {
            file.stem: file
            for folder in sources
            if folder.is_dir()
            for file in folder.iterdir()
            if file.suffix == ".pdf"
        }
        self.names: set[str] = set()
        self._bytes = 0

    def of(self, sha256: str | None, numbers: list[int]) -> dict[str, Any] | None:
        """The pictures of a report's pages: file, width and height in points of each, and why others are not shown."""
        path = self.files.get(sha256 or "")
        if path is None or not numbers:
            return None
        if not self.personal:
            return {"pages": {}, "hidden": dict.fromkeys(numbers, MAY_NAME)}
        turns = turns_of(path)
        pages: dict[int, str] = {}
        hidden: dict[int, str] = {}
        missing: list[int] = []
        for number in numbers:
            if name := self._taken_over(self._stem(path, number, turns)):
                pages[number] = name
            else:
                missing.append(number)
        drawn = self._drawn(path, missing, turns)
        for number in missing:
            picture = drawn.get(number, UNREADABLE)
            name = picture if isinstance(picture, str) else self._written(self._stem(path, number, turns), picture)
            (pages if name.startswith(PICTURES) else hidden)[number] = name
        return {"pages": {page: [name, *_size(name)] for page, name in pages.items()}, "hidden": hidden}

    def _stem(self, path: Path, number: int, turns: dict[int, int]) -> str:
        """The begin of a picture's name: the file, the page, and a digest of how it is drawn."""
        how = [pypdfium2.PYPDFIUM_INFO, pictured.WIDTH, pictured.SHADES, turns.get(number, 0)]
        digest = hashlib.sha256("|".join(map(str, how)).encode()).hexdigest()[:8]
        return f"{PICTURES}/{path.stem[:16]}/{number}-{digest}"

    def _taken_over(self, stem: str) -> str | None:
        """The picture where it is drawn already, here or in the site before."""
        for site in filter(None, (self.out, self.before)):
            for file in (site / stem).parent.glob(f"{Path(stem).name}-*.png"):
                name = str(file.relative_to(site))
                if self._objection(name, file.stat().st_size) is None:
                    _link(file, self.out / name)
                    return name
        return None

    def _objection(self, name: str, size: int) -> str | None:
        """Why a picture is one too many; it is counted where nothing is."""
        if name in self.names:
            return None
        if size > self.limits.page:
            return TOO_LARGE
        if self._bytes + size > self.limits.release:
            return TOO_MANY
        self._bytes += size
        self.names.add(name)
        return None

    def _written(self, stem: str, picture: Picture) -> str:
        """Writes a picture; returns its name, or why it is not shown."""
        name = f"{stem}-{picture.width:.1f}x{picture.height:.1f}.png"
        why = self._objection(name, len(picture.png))
        if why is None:
            write_whole(self.out / name, picture.png)
        return why or name

    def _drawn(self, path: Path, numbers: list[int], turns: dict[int, int]) -> dict[int, Picture | str]:
        """Draws pages in a process of its own, as the file is from outside; or says why not."""
        if self._bytes >= self.limits.release:
            return dict.fromkeys(numbers, TOO_MANY)
        if not numbers:
            return {}
        try:
            found: dict[int, Picture | str] = Task(pictured.pictures, (path, numbers, turns), SECONDS).result()
        except Refused:
            return dict.fromkeys(numbers, UNREADABLE)
        return found


def _size(name: str) -> list[float]:
    """Width and height of the page in points: the name of its picture ends with them."""
    width, height = Path(name).stem.rsplit("-", 1)[1].split("x")
    return [float(width), float(height)]


def _link(file: Path, to: Path) -> None:
    """Gives a picture another name, so that the releases that are kept have it once; a copy where that cannot be."""
    if to.exists():
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, to)
    except OSError:
        shutil.copyfile(file, to)
