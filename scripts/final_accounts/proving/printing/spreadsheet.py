"""Writes a report as .xlsx, a sheet a table."""

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Border, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
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
        _set_page(sheet, table)
        start = _write_headings(sheet, table, sheet.max_row + 1)
        _write_body(sheet, table, start)
        end = start + len(table.body)
        for n, note in enumerate(table.notes):
            sheet.cell(end + n, 1, note)
            sheet.merge_cells(start_row=end + n, start_column=1, end_row=end + n, end_column=width)
        if style.ruled:
            _rule(sheet, start - _depth(table), end - 1, width)
    told = list(lines_of(expected))
    if told:
        sheet = book.create_sheet("说明")
        for line in told:
            sheet.append([line])
    book.save(path)
    return expected


def _set_page(sheet: Worksheet, table: Table) -> None:
    """Columns as wide as what stands in them, and a page as wide as the columns."""
    for c, column in enumerate(table.columns):
        texts = [column.path[-1] if column.path else "", *(row[c] for row in table.body)]
        widest = max(sum(1 + (ord(each) > 0xFF) for each in text) for text in texts)
        sheet.column_dimensions[get_column_letter(c + 1)].width = max(9, min(widest + 2, 60))
    sheet.page_setup.orientation = "landscape"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def _depth(table: Table) -> int:
    """How many rows of headings a table has."""
    return max(last_row for _, _, last_row, _, _ in header_cells(table.columns, table.numbering)[1]) + 1


def _rule(sheet: Worksheet, first: int, last: int, width: int) -> None:
    """Draws rules around the cells of headings and body."""
    side = Side(style="thin")
    for row in sheet.iter_rows(first, last, 1, width):
        for cell in row:
            cell.border = Border(left=side, right=side, top=side, bottom=side)


def _write_headings(sheet: Worksheet, table: Table, first: int) -> int:
    """Writes the headings of a table from this row on, merged; returns the row below them."""
    _, cells = header_cells(table.columns, table.numbering)
    for row, column, last_row, last, text in cells:
        sheet.cell(first + row, column + 1, text)
        if (row, column) != (last_row, last):
            sheet.merge_cells(
                start_row=first + row, start_column=column + 1, end_row=first + last_row, end_column=last + 1
            )
    return first + _depth(table)


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
