"""Has LibreOffice write a report: prints, documents and workbooks of other programs than ours."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from final_accounts.ingest.files.office import convert
from final_accounts.proving.printing.paper import Rows, as_printed
from final_accounts.proving.printing.spreadsheet import print_workbook
from final_accounts.proving.printing.styles import Style
from final_accounts.proving.printing.webpage import page_of

Printer = Callable[[Rows, Path, Style], Rows]


def print_page(rows: Rows, path: Path, style: Style) -> Rows:
    """Writes a report as the page that a department publishes on the web: of a blank row nothing is left there."""
    expected = as_printed(rows, replace(style, ruled=False))
    path.write_text(page_of(expected, style), encoding="utf-8")
    return expected


def from_page(kind: str) -> Printer:
    """A printer that opens the page of a report as a document, and saves it as a kind of file (office.convert)."""
    return lambda rows, path, style: _saved(print_page, ".html", kind, rows, path, style)


def from_workbook(kind: str) -> Printer:
    """A printer that opens the workbook of a report, and saves it as a kind of file."""
    return lambda rows, path, style: _saved(print_workbook, ".xlsx", kind, rows, path, style)


def _saved(printer: Printer, ending: str, kind: str, rows: Rows, path: Path, style: Style) -> Rows:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"report{ending}"
        expected = printer(rows, source, style)
        made = convert(source, kind, "HTML (StarWriter)" if ending == ".html" else "")
        if made is None:
            raise RuntimeError(f"LibreOffice did not write {kind}")
        path.write_bytes(made.read_bytes())
    return expected
