"""Has a browser print a report: rules, breaks and wraps are the browser's own."""

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from final_accounts.chromium import CHROMIUM
from final_accounts.proving.printing.narratives import lines_of
from final_accounts.proving.printing.paper import Rows, Table, as_printed, header_cells, tables_of
from final_accounts.proving.printing.styles import Style

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-pdf-header-footer"]


def print_in_browser(rows: Rows, path: Path, style: Style) -> Rows:
    """Writes a report as HTML and has Chromium print it as PDF."""
    expected = as_printed(rows, style)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page = Path(folder) / "report.html"
        page.write_text(page_of(expected, style), encoding="utf-8")
        subprocess.run(  # noqa: S603 - our own page
            [CHROMIUM, *FLAGS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={path}", page.as_uri()],
            check=True,
            timeout=120,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    return expected


def print_page(rows: Rows, path: Path, style: Style) -> Rows:
    """Writes a report as the page that a department publishes on the web: of a blank row nothing is left there."""
    expected = as_printed(rows, replace(style, ruled=False))
    path.write_text(page_of(expected, style), encoding="utf-8")
    return expected


def page_of(expected: Rows, style: Style) -> str:
    """The report as a page, which a browser prints and an office opens."""
    report = expected["reports"][0]
    border = "1px solid black" if style.ruled else "none"
    parts = [
        "<meta charset=utf-8><style>body{font-family:'Noto Serif CJK SC';font-size:9pt}",
        f"table{{border-collapse:collapse;width:100%}}td,th{{border:{border};padding:2px 4px;font-weight:normal}}",
        "td.n{text-align:right;white-space:nowrap}h1{font-size:14pt;text-align:center;break-before:page}",
        f"@page{{size:A4 {'landscape' if style.landscape else 'portrait'};margin:15mm}}"
        + ("" if style.repeat_header else "thead{display:table-row-group}")
        + "</style>",
        f"<p style='text-align:center'>{report['department_name']}{report['fiscal_year']}年度部门决算</p>",
    ]
    for table in tables_of(expected, style):
        parts += [f"<h1>{table.title}</h1>", _above(table, report, style)]
        parts += [
            f"<table border={int(style.ruled)}><thead>",
            *_headings(table),
            "</thead><tbody>",
            *_body(table),
            "</tbody></table>",
        ]
        parts += [f"<p>{note}</p>" for note in table.notes]
    told = "".join(f"<p>{line}</p>" for line in lines_of(expected))
    return "".join(parts) + (told and f"<div style='break-before:page'>{told}</div>")


def _above(table: Table, report: dict[str, str], style: Style) -> str:
    """What stands between the title of a table and its headings."""
    if style.layout != "national":
        return f"<div style='text-align:right'>单位：{report['amount_unit']}</div>"
    return (
        f"<div style='text-align:right'>公开{table.table_no}表</div><div>部门名称：{report['department_name']}"
        f"&emsp;&emsp;{report['fiscal_year']}年度&emsp;&emsp;金额单位：{report['amount_unit']}</div>"
    )


def _headings(table: Table) -> Iterator[str]:
    """The rows of headings, those above several columns or over several rows merged."""
    depth, cells = header_cells(table.columns, table.numbering)
    for level in range(depth):
        own = sorted(c for c in cells if c[0] == level)
        texts = (f"<th rowspan={lr - r + 1} colspan={lc - c + 1}>{t}</th>" for r, c, lr, lc, t in own)
        yield f"<tr>{''.join(texts)}</tr>"


def _body(table: Table) -> Iterator[str]:
    """The rows of the body, amounts at the right."""
    for n, row in enumerate(table.body):
        spans = dict(table.spans.get(n, []))
        hidden = {m for a, b in spans.items() for m in range(a + 1, b + 1)}
        texts = (
            f"<td colspan={spans.get(c, c) - c + 1} class={'n' if table.columns[c].weight < 3 else 't'}>"
            f"{t or '&nbsp;'}</td>"
            for c, t in enumerate(row)
            if c not in hidden
        )
        yield f"<tr>{''.join(texts)}</tr>"
