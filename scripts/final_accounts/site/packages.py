"""What the page that asks SQL runs on: DuckDB-Wasm and Arrow from npm, pinned with hashes, fetched by one command.

python -m final_accounts.site.packages FOLDER
"""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

PINNED = Path(__file__).with_name("packages.json")


def integrity(file: Path) -> str:
    """The hash of a file as npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode()


def is_whole(folder: Path, pinned: Path = PINNED) -> bool:
    """Whether a folder has what is pinned now."""
    made_from = folder / pinned.name
    return made_from.exists() and made_from.read_bytes() == pinned.read_bytes()


def fetch(folder: Path, packages: Path = PINNED) -> None:
    """Fetches the packages through npm, and puts their files into a folder once each hash is right."""
    npm = shutil.which("npm")
    if npm is None:
        raise OSError("npm is not installed; it comes with Node.js.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        for package, pinned in json.loads(packages.read_text(encoding="utf-8")).items():
            command = [npm, "pack", package, "--silent", "--pack-destination", place]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
            (archive,) = Path(place).glob("*.tgz")
            unpack(archive, pinned, folder)
            archive.unlink()
    shutil.copy(packages, folder / packages.name)


def unpack(archive: Path, pinned: dict[str, Any], folder: Path) -> None:
    """Takes the pinned files out of a package; one with another hash is refused."""
    if integrity(archive) != pinned["integrity"]:
        raise OSError(f"{archive.name} is not the package that is pinned: {integrity(archive)}")
    with tarfile.open(archive) as packed:
        for name in pinned["files"]:
            source = packed.extractfile(f"package/{name}")
            if source is None:
                raise OSError(f"{archive.name} has no {name}.")
            (folder / Path(name).name).write_bytes(source.read())


def main() -> int:
    """Fetches them, unless they are there."""
    folder = Path(sys.argv[1])
    if is_whole(folder):
        return 0
    try:
        fetch(folder)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"Not installed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
