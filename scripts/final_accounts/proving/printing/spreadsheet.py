"""Writes a report as .xlsx, a sheet a table."""

from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from final_accounts.proving.printing.narratives import lines_of
from final_accounts.proving.printing.paper import Rows, Table, as_printed, header_cells, tables_of
from final_accounts.proving.printing.styles import Style


def print_workbook(rows: Rows, path: Path, style: Style) -> Rows:
    """Writes a report as .xlsx, a sheet a table, headings merged, amounts as text or numbers by turns."""
    expected = as_printed(rows, style)
    report = expected["reports"][0]
    book = Workbook()
    book.active.title = "封面"
    book.active.append([report["department_name"]])
    book.active.append([f"{report['fiscal_year']}年度"])
    book.active.append(["部门决算"])
    for table in tables_of(expected, style):
        sheet = book.create_sheet(f"Z{table.table_no} {table.title[:20]}")
        width = len(table.columns)
        sheet.append([table.title])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
        if style.layout == "national":
            sheet.append([""] * (width - 1) + [f"公开{table.table_no}表"])
            sheet.append(
                [
                    f"部门名称：{report['department_name']}",
                    f"{report['fiscal_year']}年度",
                    f"金额单位：{report['amount_unit']}",
                ]
            )
        else:
            sheet.append([""] * (width - 1) + [f"单位：{report['amount_unit']}"])
        start = _write_headings(sheet, table, sheet.max_row + 1)
        _write_body(sheet, table, start)
        end = start + len(table.body)
        for n, note in enumerate(table.notes):
            sheet.cell(end + n, 1, note)
            sheet.merge_cells(start_row=end + n, start_column=1, end_row=end + n, end_column=width)
    told = list(lines_of(expected))
    if told:
        sheet = book.create_sheet("说明")
        for line in told:
            sheet.append([line])
    book.save(path)
    return expected


def _write_headings(sheet: Worksheet, table: Table, first: int) -> int:
    """Writes the headings of a table from this row on, merged; returns the row below them."""
    _, cells = header_cells(table.columns, table.numbering)
    for row, column, last_row, last, text in cells:
        sheet.cell(first + row, column + 1, text)
        if (row, column) != (last_row, last):
            sheet.merge_cells(
                start_row=first + row, start_column=column + 1, end_row=first + last_row, end_column=last + 1
            )
    return first + max(c[2] for c in cells) + 1


def _write_body(sheet: Worksheet, table: Table, start: int) -> None:
    """Writes the rows of a table from this row on, every other amount as a number."""
    for n, texts in enumerate(table.body):
        for c, text in enumerate(texts):
            if text:
                cell = sheet.cell(start + n, c + 1, text)
                is_number = text.replace(".", "", 1).isdigit() and "." in text and (n + c) % 2 == 0
                if is_number:
                    cell.value = float(text)
                    cell.number_format = "0." + "0" * len(text.partition(".")[2])
        for a, b in table.spans.get(n, []):
            sheet.merge_cells(start_row=start + n, start_column=a + 1, end_row=start + n, end_column=b + 1)
