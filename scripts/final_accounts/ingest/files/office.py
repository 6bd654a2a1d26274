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


def converted(path: Path, work: Path) -> Path:
    """The document as .docx, made by LibreOffice without a network or a script; the file itself where it cannot be."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return path
    target = work / f"{hashlib.sha256(path.read_bytes()).hexdigest()}.docx"
    if target.is_file():
        return target
    with tempfile.TemporaryDirectory(dir=work) as place:
        source = Path(place, "report.rtf" if path.read_bytes()[:5] == b"{\\rtf" else "report.doc")
        shutil.copyfile(path, source)
        command = [
            program,
            "--headless",
            "--norestore",
            "--nolockcheck",
            f"-env:UserInstallation=file://{place}/profile",
        ]
        command += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", place, str(source)]
        try:
            subprocess.run(  # noqa: S603 - a program of the system, over a copy of the file
                command, capture_output=True, timeout=SECONDS, check=False, env=os.environ | {"HOME": place}
            )
        except (subprocess.TimeoutExpired, OSError):
            return path
        made = source.with_suffix(".docx")
        if not made.is_file():
            return path
        made.replace(target)
    return target
