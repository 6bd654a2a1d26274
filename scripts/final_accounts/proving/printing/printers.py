"""The printers by name: each takes rows, a path and a style, and returns the rows that a faithful reading gives."""

from pathlib import Path

from final_accounts.chromium import CHROMIUM
from final_accounts.proving.printing.paper import Rows
from final_accounts.proving.printing.portable import print_pdf
from final_accounts.proving.printing.spreadsheet import print_workbook
from final_accounts.proving.printing.styles import Style
from final_accounts.proving.printing.texts import print_lined_up_text, print_running_text
from final_accounts.proving.printing.webpage import print_in_browser

PRINTERS = {
    "pdf": (print_pdf, ".pdf"),
    "browser": (print_in_browser, ".pdf"),
    "workbook": (print_workbook, ".xlsx"),
    "lined-up text": (print_lined_up_text, ".txt"),
    "running text": (print_running_text, ".txt"),
}


def available() -> tuple[str, ...]:
    """The printers that this machine has: the browser is no package."""
    return tuple(name for name in PRINTERS if name != "browser" or CHROMIUM)


def print_report(rows: Rows, folder: Path, name: str, style: Style) -> tuple[Path, Rows]:
    """Prints a report into a folder; returns the file and the rows that a faithful reading gives."""
    printer, ending = PRINTERS[style.printer]
    path = folder / f"{name}{ending}"
    return path, printer(rows, path, style)
