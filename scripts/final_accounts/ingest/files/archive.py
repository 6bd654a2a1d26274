"""Archives that hold several reports (.zip): each file of one is a file of its own."""

import hashlib
import re
import shutil
import zipfile
from pathlib import Path, PurePosixPath

from final_accounts.ingest.files.kinds import is_package

MOST_FILES, MOST_BYTES, MOST_RATIO = 2_000, 2_000_000_000, 200


def is_archive(path: Path) -> bool:
    """Whether a file is an archive of files, and not one document."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04" and not is_package(path)
    except OSError:
        return False


def unpacked(path: Path, work: Path) -> list[Path]:
    """The files of an archive, unpacked below a folder; the archive itself where that cannot be done."""
    place = work / hashlib.sha256(path.read_bytes()).hexdigest()
    if not place.is_dir():
        draft = place.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        try:
            _unpack(path, draft)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError, EOFError):
            # one that is damaged or asks for a password is refused where it is opened
            shutil.rmtree(draft)
            return [path]
        draft.rename(place)
    return sorted(file for file in place.rglob("*") if file.is_file()) or [path]


def _unpack(path: Path, place: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = [part for part in archive.infolist() if not part.is_dir() and not _is_aside(part.filename)]
        size = sum(part.file_size for part in parts)
        packed = sum(part.compress_size for part in parts) or 1
        if len(parts) > MOST_FILES or size > MOST_BYTES or (size > 50_000_000 and size / packed > MOST_RATIO):
            raise ValueError
        folders: dict[str, int] = {}
        for number, part in enumerate(parts):
            # nothing of a name can point to another folder, and names that are the same stay apart; files of one folder
            # stay in one
            folder = folders.setdefault(_name(part).rpartition("/")[0], number)
            target = (
                place / str(folder) / str(number) / re.sub(r"[/\\\x00]", "_", PurePosixPath(_name(part)).name)[-80:]
            )
            target.parent.mkdir(parents=True)
            with archive.open(part) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file)


def _is_aside(name: str) -> bool:
    """Whether a file is what a system keeps beside others."""
    parts = name.replace("\\", "/").split("/")
    return parts[0] == "__MACOSX" or parts[-1].startswith((".", "~$")) or parts[-1] in ("Thumbs.db", "desktop.ini")


def _name(part: zipfile.ZipInfo) -> str:
    """The name of a file; without a mark that it is UTF-8, Chinese systems write theirs."""
    name = part.filename.replace("\\", "/")
    if part.flag_bits & 0x800:
        return name
    try:
        return name.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return name
