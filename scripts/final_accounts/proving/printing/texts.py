"""Writes a report as text in the two ways of PDF readers."""

from dataclasses import replace
from pathlib import Path

from final_accounts.proving.printing.paper import ORDER, Rows, as_printed, header_cells, table_of
from final_accounts.proving.printing.styles import Style


def print_lined_up_text(rows: Rows, path: Path, style: Style) -> Rows:
    """Writes a report as `pdftotext -layout` does: columns lined up with spaces, a form feed after each page."""
    expected = as_printed(rows, replace(style, ruled=False))
    report = expected["reports"][0]
    pages = [f"{report['department_name']}\n\n{report['fiscal_year']}年度部门决算\n"]
    for number in ORDER[style.layout]:
        table = table_of(number, expected, style)
        if not table:
            continue
        lines = ["            " + table.title]
        if style.layout == "national":
            lines.append(" " * 60 + f"公开{number}表")
            lines.append(
                f"部门名称：{report['department_name']}          {report['fiscal_year']}年度          "
                f"金额单位：{report['amount_unit']}"
            )
        else:
            lines.append(" " * 60 + f"单位：{report['amount_unit']}")
        depth, cells = header_cells(table.columns, table.numbering)
        texts = [
            [
                row[c]
                for row in table.body
                if c not in {m for a, b in table.spans.get(table.body.index(row), []) for m in range(a, b + 1)}
            ]
            for c in range(len(table.columns))
        ]
        texts = [own + [t for _, column, _, last, t in cells if last == column == c] for c, own in enumerate(texts)]
        widths = [max(_columns(t) for t in own) + 3 for own in texts]
        at = [sum(widths[:c]) for c in range(len(widths) + 1)]
        for level in range(depth):
            placed = [
                (at[column], at[last + 1] - 3, text, "c")
                for row, column, last_row, last, text in cells
                if (row + last_row) // 2 == level and text
            ]
            lines.append(_line(placed))
        for n, row in enumerate(table.body):
            spans = dict(table.spans.get(n, []))
            placed = []
            for c, text in enumerate(row):
                if text:
                    right = table.columns[c].role not in ("item", "subject_name", "subject_code")
                    placed.append(
                        (at[c], at[spans.get(c, c) + 1] - 3, text, "c" if c in spans else "r" if right else "l")
                    )
            if placed:
                lines.append(_line(placed))
        lines += table.notes
        pages.append("\n".join(lines) + "\n")
    path.write_text("\f".join(pages) + "\f", encoding="utf-8")
    return expected


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
    national = style.layout == "national"
    out = [f"{report['department_name']}{report['fiscal_year']}年部门决算公开报告"]
    for number in ORDER[style.layout]:
        table = table_of(number, expected, style)
        if not table:
            continue
        out += [" " + (table.title if style.spaced else table.title * 2), ""]
        if national:
            out += [f"公开{number}表", f"部门名称：{report['department_name']} {report['fiscal_year']}年度", ""]
        out += [f"金额单位：{report['amount_unit']}", ""]
        depth, cells = header_cells(table.columns, table.numbering)
        for level in range(depth):
            texts = [t for row, _, _, _, t in cells if row == level and t]
            twice = [t if t.isdigit() or t == "栏次" or style.spaced else t * 2 for t in texts]
            out += [" ".join(twice), ""]
        for n, row in enumerate(table.body):
            spans = {m for a, b in table.spans.get(n, []) for m in range(a + 1, b + 1)}
            texts = [t for c, t in enumerate(row) if c not in spans]
            line = " ".join(texts)
            out += [line + (" " if not texts[-1] else ""), ""]
        out += table.notes
    path.write_text("\n".join(out) + "\n", encoding="utf-8")
    return expected
