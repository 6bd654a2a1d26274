"""Whether raw CSV files can be loaded at all: encoding, columns, number of fields.

What stands in the cells is checked after loading, in SQL (tests/generic/follows_the_contract.sql). A file that fails
here could not be loaded, or would be loaded wrong, so it is named before anything is built.
"""

import csv
from pathlib import Path

import yaml

BOM = b"\xef\xbb\xbf"


def contract_columns(contract: Path) -> list[str]:
    """Columns of a seed in file order, from the .yml beside it."""
    (seed,) = yaml.safe_load(contract.read_text(encoding="utf-8"))["seeds"]
    return list(seed["config"]["column_types"])


def problems_of_file(file: Path, name: str, columns: list[str]) -> list[str]:
    """Everything that keeps one CSV file from being loaded, each as a sentence; empty for a sound file.

    `name` is what the sentences call the file, `columns` its contract.
    """
    content = file.read_bytes()
    if not content.strip():
        return [f"{name}: the file is empty; expected a header row {','.join(columns)}"]
    try:
        text = content.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        found = content[error.start : error.start + 4].hex(" ")
        return [
            f"{name}, line {row}: not UTF-8 (bytes {found}), perhaps GBK or GB18030; expected a file saved as UTF-8"
        ]
    if "\x00" in text:
        return [f"{name}, line {text.count(chr(10), 0, text.index(chr(0))) + 1}: a NUL character; expected text"]

    # DuckDB reads quotes as this does; a stray one is better named than guessed at.
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    problems = []
    try:
        header = next(reader)
        missing = [column for column in columns if column not in header]
        unknown = [column for column in header if column not in columns]
        if missing or unknown:
            problems += [f"{name}, header: column {column} is missing" for column in missing]
            problems += [
                f"{name}, header: column «{column}» is not in the contract; expected {','.join(columns)}"
                for column in unknown
            ]
        elif len(header) != len(columns):
            problems.append(f"{name}, header: a column stands twice; expected {','.join(columns)}")
        for row in reader:
            if len(row) not in (0, len(header)):
                problems.append(
                    f"{name}, line {reader.line_num}: {len(row)} fields ({','.join(row)[:80]}); "
                    f"expected {len(header)}, as in the header"
                )
    except csv.Error as error:
        problems.append(f"{name}, line {reader.line_num}: {error}; expected fields quoted as in RFC 4180")
    return problems


def problems_of_folder(folder: Path) -> list[str]:
    """The problems of every CSV file below a seeds folder that has a contract beside it, and of missing files."""
    problems = []
    for contract in sorted(folder.rglob("*.yml")):
        file = contract.with_suffix(".csv")
        name = file.relative_to(folder.parent).as_posix()
        if file.is_file():
            problems += problems_of_file(file, name, contract_columns(contract))
        else:
            problems.append(f"{name}: the file is missing; its contract is {contract.name}")
    for file in sorted(folder.rglob("*.csv")):
        if not file.with_suffix(".yml").is_file():
            problems.append(
                f"{file.relative_to(folder.parent).as_posix()}: no contract beside it; expected a .yml file"
            )
    return problems
