"""Texts as programs take them out of PDF files: what can be told is read, and everything else is said."""

from pathlib import Path

import pytest
from final_accounts.ingest.files.text import read_text
from final_accounts.ingest.tables.read import read_tables
from final_accounts.ingest.tables.table import ReadTable


def tables_of(path: Path, text: str) -> dict[str, ReadTable]:
    """The tables of a text, by number."""
    path.write_text(text, encoding="utf-8")
    return {table.table_no: table for table in read_tables(read_text(path))[0]}


def amounts(table: ReadTable, *columns: str) -> list[tuple[str, ...]]:
    """The texts of some columns, row by row."""
    return [tuple(row[c].text if c in row else "" for c in columns) for row in table.rows]


LINED_UP = [
    ((2, "科目代码"), (12, "科目名称"), (40, "合计"), (48, "基本支出"), (58, "项目支出")),
    ((2, "201"), (12, "一般公共服务支出"), (38, "110.00"), (60, "110.00")),
    ((2, "20101"), (12, "人大"), (38, "110.00"), (60, "110.00")),
    ((2, "208"), (12, "社会保障和就业支出"), (39, "20.00"), (51, "20.00")),
]


@pytest.mark.parametrize("width", [1, 2])
def test_columns_are_lined_up_by_characters_or_by_what_they_take_on_a_screen(width: int, tmp_path: Path) -> None:
    """Chinese names of different length stand before the amounts: counted wrongly, they shift those."""
    lines = ["支出决算表", "单位：万元"]
    for words in LINED_UP:
        line = ""
        for at, word in words:
            line += " " * (at - sum(width if ord(c) > 0x2E80 else 1 for c in line)) + word
        lines.append(line)
    table = tables_of(tmp_path / "report.txt", "\n".join(lines) + "\f")["03"]
    assert amounts(table, "total", "basic", "project") == [
        ("110.00", "", "110.00"),
        ("110.00", "", "110.00"),
        ("20.00", "20.00", ""),
    ]
