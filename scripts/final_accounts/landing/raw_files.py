"""Whether raw CSV files can be loaded at all: encoding, line ends, columns, number of fields.

What stands in the cells is checked after loading, in SQL (macros/contract_problems.sql). A file that fails
here could not be loaded, or would be loaded wrong, so it is named before anything is built.
"""

import csv
import io
import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

BOM = b"\xef\xbb\xbf"

# How files begin that somebody took for CSV.
OTHER_FORMATS = {
    b"\xff\xfe": "a file in UTF-16",
    b"\xfe\xff": "a file in UTF-16",
    b"PK\x03\x04": "an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
}
OTHER_SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars", "，": "full-width commas"}
LINE_ENDS = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}


@cache
def _config_of(contract: Path) -> dict[str, Any]:
    """How a seed is configured, by the .yml beside it: read once, however many files are checked against it."""
    (seed,) = yaml.safe_load(contract.read_text(encoding="utf-8"))["seeds"]
    config: dict[str, Any] = seed["config"]
    return config


def contract_columns(contract: Path) -> list[str]:
    """Columns of a seed in file order, from the .yml beside it."""
    return list(_config_of(contract)["column_types"])


def added_columns(contract: Path) -> list[str]:
    """Columns of a seed that were added to it later: a file that was written before leaves them out."""
    return list(_config_of(contract).get("meta", {}).get("added_columns", []))


def may_be_empty(contract: Path) -> bool:
    """Whether a seed may have no rows: a table that no report prints may, and lists that people add to.

    Reports and classifications may not.
    """
    return contract.stem in ("waivers", "department_successors") or (
        contract.parent.name == "accounts" and contract.stem != "reports"
    )


def shown(text: str) -> str:
    """A text as sentences quote it: at most 80 characters, what cannot be seen as its code point."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:80])


class _Lines:
    """Iterates over the lines of a text, and remembers how many there were and how the last one ended."""

    def __init__(self, text: str) -> None:
        # Unlike splitlines(), this takes only LF, CRLF and CR for line ends, as DuckDB does.
        self.lines = io.StringIO(text, newline="")
        self.number = 0
        self.end = ""

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            self.number += 1
            self.end = line[len(line.rstrip("\r\n")) :]
            yield line


def _problem_of_content(content: bytes, expected: str) -> str | None:
    """What keeps a file from being read as text, as the end of a sentence."""
    for start, found in OTHER_FORMATS.items():
        if content.startswith(start):
            return f": {found}; expected CSV in UTF-8"
    if not content.removeprefix(BOM).strip():
        return f": the file is empty; expected a header row {expected}"
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        found = content[error.start : error.start + 4].hex(" ")
        return f", line {row}: not UTF-8 (bytes {found}), perhaps GBK or GB18030; expected a file saved as UTF-8"
    if "\x00" in text:
        return f", line {text.count(chr(10), 0, text.index(chr(0))) + 1}: a NUL character; expected text"
    return None


def _problems_of_header(header: list[str], columns: list[str], added: Collection[str]) -> Iterator[str]:
    """What is wrong with the header row, as the ends of sentences."""
    expected = ",".join(columns)
    missing = [column for column in columns if column not in header and column not in added]
    if not set(columns) & set(header):
        found = ",".join(header)
        separators = [name for separator, name in OTHER_SEPARATORS.items() if separator in found]
        hint = f", separated by {separators[0]}" if separators else ""
        yield f", header: «{shown(found)}»{hint}; expected {expected}"
        return
    for column in missing:
        yield f", header: column {column} is missing; expected {expected}"
    for column in dict.fromkeys(header):
        if column not in columns:
            yield f", header: column «{shown(column)}» is not in the contract; expected {expected}"
        elif header.count(column) > 1:
            yield f", header: column {column} stands {header.count(column)} times; expected {expected}"


def _problems_of_rows(text: str, columns: list[str], added: Collection[str], needs_rows: bool) -> Iterator[str]:
    """What is wrong with the header and the rows of a readable text, as the ends of sentences."""
    lines = _Lines(text)
    reader = csv.reader(lines, strict=True)
    header: list[str] | None = None
    header_end = ""
    count = 0
    start = 1
    try:
        for row in reader:
            if header is None:
                header, header_end = row, lines.end
                header_problems = list(_problems_of_header(header, columns, added))
                yield from header_problems
                if header_problems:
                    return
            elif lines.end not in ("", header_end):
                # DuckDB refuses the whole file without saying where.
                found, expected = LINE_ENDS[lines.end], LINE_ENDS[header_end]
                yield f", line {start}: ends in {found}, the header in {expected}; expected one kind of line end"
                return
            elif len(row) not in (0, len(header)):
                found = f"{len(row)} fields («{shown(','.join(row))}»)"
                yield f", line {start}: {found}; expected {len(header)}, as in the header"
            elif spaced := [cell for cell in row if re.match(r" +\"", cell)]:
                # DuckDB would take the quote for one that opens a cell.
                yield f", line {start}: «{shown(spaced[0])}»; expected no space between a comma and a quote"
            count += len(row) > 0
            start = lines.number + 1
    except csv.Error as error:
        # DuckDB reads quotes as this does, or guesses; a stray one is better named.
        yield f", line {start}: {error}; expected fields quoted as in RFC 4180, and at most 131,072 characters in one"
        return
    if needs_rows and count < 2:
        yield ": a header and no rows; expected at least one row"


def problems_of_file(
    file: Path, name: str, columns: list[str], added: Collection[str] = (), needs_rows: bool = False
) -> list[str]:
    """Everything that keeps one CSV file from being loaded, each as a sentence; empty for a sound file.

    `name` is what the sentences call the file, `columns` its contract, `added` those of them that it may leave out.
    """
    content = file.read_bytes()
    problem = _problem_of_content(content, ",".join(columns))
    if problem:
        return [name + problem]
    text = content.removeprefix(BOM).decode()
    return [name + problem for problem in _problems_of_rows(text, columns, added, needs_rows)]


def problems_of_folder(folder: Path) -> list[str]:
    """The problems of every CSV file below a seeds folder that has a contract beside it, and of missing files."""
    problems = []
    for contract in sorted(folder.rglob("*.yml")):
        file = contract.with_suffix(".csv")
        name = file.relative_to(folder.parent).as_posix()
        if file.is_file():
            problems += problems_of_file(file, name, contract_columns(contract), needs_rows=not may_be_empty(contract))
        else:
            problems.append(f"{name}: the file is missing; its contract is {contract.name}")
    for file in sorted(folder.rglob("*.csv")):
        if not file.with_suffix(".yml").is_file():
            problems.append(
                f"{file.relative_to(folder.parent).as_posix()}: no contract beside it; expected a .yml file"
            )
    return problems
