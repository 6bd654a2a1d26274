"""The printers by name: each takes rows, a path and a style, and returns the rows that a faithful reading gives."""

from pathlib import Path

from final_accounts.chromium import CHROMIUM
from final_accounts.ingest.files.office import office
from final_accounts.proving.printing.offices import from_page, from_workbook
from final_accounts.proving.printing.paper import Rows
from final_accounts.proving.printing.portable import print_pdf
from final_accounts.proving.printing.spreadsheet import print_workbook
from final_accounts.proving.printing.styles import Style
from final_accounts.proving.printing.texts import print_lined_up_text, print_running_text
from final_accounts.proving.printing.webpage import print_in_browser, print_page

# By name: what prints, and the ending of its files. What begins with «office» needs LibreOffice.
PRINTERS = {
    "pdf": (print_pdf, ".pdf"),
    "browser": (print_in_browser, ".pdf"),
    "workbook": (print_workbook, ".xlsx"),
    "lined-up text": (print_lined_up_text, ".txt"),
    "running text": (print_running_text, ".txt"),
    "web page": (print_page, ".html"),
    "office print": (from_workbook("pdf"), ".pdf"),
    "office document": (from_page("docx:MS Word 2007 XML"), ".docx"),
    "office document of 2003": (from_page("doc:MS Word 97"), ".doc"),
    "office document, open": (from_page("odt"), ".odt"),
    "office document, printed": (from_page("pdf"), ".pdf"),
    "office workbook of 2003": (from_workbook("xls:MS Excel 97"), ".xls"),
    "office workbook, open": (from_workbook("ods"), ".ods"),
}


def available() -> tuple[str, ...]:
    """The printers that this machine has: browser and office are no packages."""
    there = {"browser": CHROMIUM, "office": office()}
    return tuple(name for name in PRINTERS if there.get(name.split()[0], True))


def print_report(rows: Rows, folder: Path, name: str, style: Style) -> tuple[Path, Rows]:
    """Prints a report into a folder; returns the file and the rows that a faithful reading gives."""
    printer, ending = PRINTERS[style.printer]
    path = folder / f"{name}{ending}"
    return path, printer(rows, path, style)
