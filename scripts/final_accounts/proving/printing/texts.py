"""Writes a report as text in the two ways of PDF readers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from final_accounts.proving.printing.narratives import lines_of
from final_accounts.proving.printing.paper import Column, Rows, Table, as_printed, header_cells, tables_of
from final_accounts.proving.printing.styles import Style


def print_lined_up_text(rows: Rows, path: Path, style: Style) -> Rows:
    """Writes a report as `pdftotext -layout` does: columns lined up with spaces, a form feed after each page."""
    expected = as_printed(rows, replace(style, ruled=False))
    report = expected["reports"][0]
    pages = [f"{report['department_name']}\n\n{report['fiscal_year']}年度部门决算\n"]
    for table in tables_of(expected, style):
        lines = [*_lines_above(table, report, style), *_lined_up(table), *table.notes]
        pages.append("\n".join(lines) + "\n")
    pages.append("".join(f"{line}\n" for line in lines_of(expected)))
    path.write_text("\f".join(filter(None, pages)) + "\f", encoding="utf-8")
    return expected


def _lines_above(table: Table, report: dict[str, str], style: Style) -> list[str]:
    """Title, form, department, year and unit above a table."""
    title = "            " + table.title
    if style.layout != "national":
        return [title, " " * 60 + f"单位：{report['amount_unit']}"]
    return [
        title,
        " " * 60 + f"公开{table.table_no}表",
        f"部门名称：{report['department_name']}          {report['fiscal_year']}年度          "
        f"金额单位：{report['amount_unit']}",
    ]


def _lined_up(table: Table) -> Iterator[str]:
    """Headings and body of a table in columns as wide as the widest text that stands in one alone."""
    depth, cells = header_cells(table.columns, table.numbering)
    widths = [max(map(_columns, _texts_in(table, c, cells))) + 3 for c in range(len(table.columns))]
    at = [sum(widths[:c]) for c in range(len(widths) + 1)]
    for level in range(depth):
        yield _line(
            [
                (at[column], at[last + 1] - 3, text, "c")
                for row, column, last_row, last, text in cells
                if (row + last_row) // 2 == level and text
            ]
        )
    for n, row in enumerate(table.body):
        spans = dict(table.spans.get(n, []))
        placed = [
            (at[c], at[spans.get(c, c) + 1] - 3, text, "c" if c in spans else _side(table.columns[c]))
            for c, text in enumerate(row)
            if text
        ]
        if placed:
            yield _line(placed)


def _texts_in(table: Table, column: int, cells: list[tuple[int, int, int, int, str]]) -> list[str]:
    """The texts of body and headings that stand in one column and in no other."""
    spans = ({m for a, b in table.spans.get(n, []) for m in range(a, b + 1)} for n in range(len(table.body)))
    body = [row[column] for row, covered in zip(table.body, spans, strict=True) if column not in covered]
    return body + [text for _, first, _, last, text in cells if last == first == column]


def _side(column: Column) -> str:
    """Where the texts of a column stand in it: names and codes at the left, amounts at the right."""
    return "l" if column.role in ("item", "subject_name", "subject_code") else "r"


def _columns(text: str) -> int:
    return sum(2 if ord(c) > 0x2000 else 1 for c in text)


def _line(placed: list[tuple[int, int, str, str]]) -> str:
    line, width = "", 0
    for left, right, text, how in sorted(placed):
        start = {"l": left, "r": right - _columns(text), "c": (left + right - _columns(text)) // 2}[how]
        start = max(start, width + 1 if width else 0)
        line += " " * (start - width) + text
        width = start + _columns(text)
    return line


def print_running_text(rows: Rows, path: Path, style: Style) -> Rows:
    """Writes a report as readers do that put cells one after the other, an empty one as nothing between two spaces."""
    expected = as_printed(rows, style)
    report = expected["reports"][0]
    out = [f"{report['department_name']}{report['fiscal_year']}年部门决算公开报告"]
    for table in tables_of(expected, style):
        out += [" " + (table.title if style.spaced else table.title * 2), ""]
        if style.layout == "national":
            out += [f"公开{table.table_no}表", f"部门名称：{report['department_name']} {report['fiscal_year']}年度", ""]
        out += [f"金额单位：{report['amount_unit']}", ""]
        for line in (*_running_headings(table, style), *_running_body(table)):
            out += [line, ""]
        out += table.notes
    out += lines_of(expected)
    path.write_text("\n".join(out) + "\n", encoding="utf-8")
    return expected


def _running_headings(table: Table, style: Style) -> Iterator[str]:
    """The headings, level by level; each is there twice, as bold ones that are drawn twice are read."""
    depth, cells = header_cells(table.columns, table.numbering)
    for level in range(depth):
        texts = [t for row, _, _, _, t in cells if row == level and t]
        yield " ".join(t if t.isdigit() or t == "栏次" or style.spaced else t * 2 for t in texts)


def _running_body(table: Table) -> Iterator[str]:
    """The rows of a table; one whose last cell is empty ends with two spaces."""
    for n, row in enumerate(table.body):
        spans = {m for a, b in table.spans.get(n, []) for m in range(a + 1, b + 1)}
        texts = [t for c, t in enumerate(row) if c not in spans]
        yield " ".join(texts) + ("" if texts[-1] else " ")
