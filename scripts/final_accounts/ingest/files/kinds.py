"""What a file is, by its bytes and not by its name, and which reader opens it; what none reads says why."""

import email
import re
import stat
import zipfile
from pathlib import Path

from final_accounts.ingest.document.pages import Document, Refused
from final_accounts.ingest.files.office import BINARY, NEEDS_OFFICE
from final_accounts.ingest.files.old_workbook import read_old_workbook
from final_accounts.ingest.files.open_document import read_open_document
from final_accounts.ingest.files.pdf import read_pdf
from final_accounts.ingest.files.text import read_text
from final_accounts.ingest.files.web_page import read_web_page
from final_accounts.ingest.files.word import read_word
from final_accounts.ingest.files.workbook import read_workbook

MOST_BYTES = 200_000_000
PASSWORD = "a password is needed to open it; expected a file that opens without one"  # noqa: S105 - a sentence

# What a compressed archive holds tells what it is.
_ARCHIVES = {
    "xl/workbook.xml": read_workbook,
    "word/document.xml": read_word,
    "content.xml": read_open_document,
}
_OTHER_ARCHIVES = {
    "xl/workbook.bin": "a workbook in binary form (.xlsb); expected it saved as .xlsx, or as PDF",
    "OFD.xml": "an OFD document, which no library at hand reads; expected it printed to PDF",
    "ppt/presentation.xml": "a presentation; expected the report as PDF, document or workbook",
}
_PICTURES = {b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"II*\x00": "TIFF", b"MM\x00*": "TIFF", b"GIF8": "GIF"}
_PACKED = {b"Rar!": "RAR", b"7z\xbc\xaf": "7z", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
_WEB_PAGE = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|div|meta)\b", re.I | re.S
)


def open_file(path: Path) -> Document:
    """The document in a file; raises Refused with the reason."""
    _refuse_odd_file(path)
    with path.open("rb") as file:
        start = file.read(4096)
    if b"%PDF-" in start[:1024]:
        return read_pdf(path)
    if start.startswith(b"PK\x03\x04"):
        return _open_archive(path)
    if start.startswith(BINARY):
        return _open_binary(path)
    for beginnings, sentence in ((_PICTURES, "a picture ({})"), (_PACKED, "an archive ({}); expected it unpacked")):
        for beginning, name in beginnings.items():
            if start.startswith(beginning):
                raise Refused(sentence.format(name))
    if start.startswith(b"{\\rtf"):
        raise Refused(NEEDS_OFFICE)
    if _WEB_PAGE.match(start.removeprefix(b"\xef\xbb\xbf")):
        return read_web_page(path, path.read_bytes())
    if re.match(rb"(?i)(?:from|mime-version|subject|date|snapshot-content-location):", start):
        return _open_saved_page(path)
    return read_text(path)


def _refuse_odd_file(path: Path) -> None:
    """Raises Refused where it is no plain file, empty, or larger than a report is."""
    try:
        status = path.stat()
    except OSError:
        raise Refused("there is no such file") from None
    if not stat.S_ISREG(status.st_mode):
        raise Refused("no plain file")
    if status.st_size == 0:
        raise Refused("the file is empty")
    if status.st_size > MOST_BYTES:
        raise Refused(f"{status.st_size:,} bytes; expected a report of at most {MOST_BYTES:,}")


def is_package(path: Path) -> bool:
    """Whether an archive is one document, and not several files."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/") for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError):
        return True
    return bool(names & (_ARCHIVES.keys() | _OTHER_ARCHIVES.keys() | {"[Content_Types].xml", "mimetype"}))


def _open_archive(path: Path) -> Document:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/") for name in archive.namelist()}
            is_locked = any(part.flag_bits & 1 for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError):
        raise Refused("the file is damaged: it begins like an archive and is none") from None
    if is_locked:
        raise Refused(PASSWORD)
    for part, reader in _ARCHIVES.items():
        if part in names:
            return reader(path)
    for part, sentence in _OTHER_ARCHIVES.items():
        if part in names:
            raise Refused(sentence)
    raise Refused("an archive without a document of a kind that is read")


def _open_binary(path: Path) -> Document:
    """A compound file, whose streams tell which program wrote it."""
    content = path.read_bytes()

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        raise Refused(PASSWORD)
    if has("WordDocument"):
        raise Refused(NEEDS_OFFICE)
    if has("Workbook") or has("Book"):
        return read_old_workbook(path)
    raise Refused("a document of an office program that is neither text nor workbook; expected it saved as PDF")


def _open_saved_page(path: Path) -> Document:
    """A web page saved with everything that belongs to it (.mht)."""
    content = path.read_bytes()
    for part in email.message_from_bytes(content).walk():
        if part.get_content_type() == "text/html":
            charset = part.get_content_charset()
            return read_web_page(path, part.get_payload(decode=True) or b"", charset)
    return read_text(path)
