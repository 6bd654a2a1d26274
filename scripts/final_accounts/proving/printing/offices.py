"""Has LibreOffice write a report: prints, documents and workbooks of other programs than ours."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from final_accounts.ingest.files.office import convert
from final_accounts.proving.printing.paper import Rows
from final_accounts.proving.printing.spreadsheet import print_workbook
from final_accounts.proving.printing.styles import Style
from final_accounts.proving.printing.webpage import print_page

Printer = Callable[[Rows, Path, Style], Rows]


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
