"""Documents of Word before 2007 (.doc, .wps, .rtf), which LibreOffice turns into ones that are read."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

BINARY = b"\xd0\xcf\x11\xe0"
NEEDS_OFFICE = (
    "a document of Word before 2007 (.doc, .rtf), which is read through LibreOffice: install it "
    "(on Debian and Ubuntu: apt-get install libreoffice-writer), or save the document as .docx or PDF"
)
SECONDS = 180


def needs_office(path: Path) -> bool:
    """Whether a file is one that LibreOffice must turn into another first."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(8)
        if start.startswith(b"{\\rtf"):
            return True
        return start.startswith(BINARY) and "WordDocument".encode("utf-16-le") in start + file.read(200_000_000)


def office() -> str | None:
    """The program that converts documents, where it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert(source: Path, kind: str, read_as: str = "") -> Path | None:
    """A document as another kind beside it, made by LibreOffice without a network or a script; None where it cannot be.

    `kind` is an ending, and after a colon the filter that writes it where there are several; `read_as` is the one that
    reads the source, where its ending does not say.
    """
    program = office()
    if program is None:
        return None
    place = source.parent
    profile = f"-env:UserInstallation=file://{place}/profile"
    command = [program, "--headless", "--norestore", "--nolockcheck", profile]
    command += [f"--infilter={read_as}"] * bool(read_as)
    command += ["--convert-to", kind, "--outdir", str(place), str(source)]
    try:
        subprocess.run(  # noqa: S603 - a program of the system, over a file of our own
            command, capture_output=True, timeout=SECONDS, check=False, env=os.environ | {"HOME": str(place)}
        )
    except (subprocess.TimeoutExpired, OSError):
        return None
    made = source.with_suffix("." + kind.partition(":")[0])
    return made if made.is_file() else None


def converted(path: Path, work: Path) -> Path:
    """The document as .docx, made by LibreOffice; the file itself where it cannot be."""
    target = work / f"{hashlib.sha256(path.read_bytes()).hexdigest()}.docx"
    if target.is_file():
        return target
    with tempfile.TemporaryDirectory(dir=work) as place:
        source = Path(place, "report.rtf" if path.read_bytes()[:5] == b"{\\rtf" else "report.doc")
        shutil.copyfile(path, source)
        made = convert(source, "docx:MS Word 2007 XML")
        if made is None:
            return path
        made.replace(target)
    return target
