"""scripts/classify: a workbook or table of subject codes and names, beside the known rules and what reports print."""

import argparse
import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from final_accounts.ingest.document.pages import Grid, Refused, joined, key
from final_accounts.ingest.files.kinds import open_file
from final_accounts.language import Parser, told
from final_accounts.warehouse.paths import PUBLISHED, SEEDS

RULES = SEEDS / "classification" / "subject_rules.csv"
LEVELS, PART = (3, 5, 7), 2
NO_NAMES = ("类", "款", "项")
_CODE = re.compile(r"\d{2,7}$")
_PRINTED = """
select subject_code, subject_name, report_count
from marts.dim_subject_names
where classification = ? and fiscal_year = ?
order by subject_code, report_count desc, subject_name
"""


@dataclass(frozen=True)
class Subject:
    """A code and its name."""

    code: str
    name: str


def classification_of(code: str) -> str:
    """What a code classifies: revenue begins with 1, functions with 2, economic subjects with 3 or 5."""
    return {"1": "revenue", "2": "functional"}.get(code[0], "economic")


def rows_of(path: Path) -> Iterator[list[str]]:
    """The rows of a file, each its cells without white space."""
    if path.suffix.lower() == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from ([joined(cell) for cell in row] for row in csv.reader(file))
        return
    for page in open_file(path).pages:
        for part in page.parts:
            if isinstance(part, Grid):
                yield from ([joined(cell.text) if cell else "" for cell in row] for row in part.slots)
            else:
                yield [joined(word) for word in part.text.split()]


def subjects_of(rows: Iterator[list[str]]) -> list[Subject]:
    """The codes and names of a table, whether a code stands in one cell or in one for each level.

    Where it stands in several (201 | 03 | 01), an empty cell repeats the one above it.
    """
    found: dict[str, Subject] = {}
    above = ""
    for row in rows:
        code, place = _code_of(row, above)
        name = next((cell for cell in row[place:] if cell and not cell[0].isdigit() and cell not in NO_NAMES), "")
        if len(code) in LEVELS and name:
            found[code] = Subject(code, name)
            above = code
    return list(found.values())


def _code_of(row: list[str], above: str) -> tuple[str, int]:
    """The code of a row, and the place behind it."""
    code = ""
    for place, cell in enumerate(row):
        if not cell:
            continue
        if not _CODE.match(cell):
            return code, place
        # the level of a part is told by the column that it stands in
        code = (code or above[: 2 * place + 1]) + cell if len(cell) == PART else cell
    return code, len(row)


def known_names(year: int) -> dict[str, str]:
    """The names that the rules have for a year, by code."""
    with RULES.open(encoding="utf-8", newline="") as file:
        return {
            row["subject_code"]: row["official_name"]
            for row in csv.DictReader(file)
            if int(row["first_year"] or 0) <= year <= int(row["last_year"] or 9999)
        }


def changes(subjects: list[Subject], year: int) -> tuple[list[Subject], list[tuple[Subject, str]]]:
    """What a list adds to the rules of a year, and what it names otherwise, with the known name."""
    known = known_names(year)
    new = [subject for subject in subjects if subject.code not in known]
    other = [
        (subject, known[subject.code])
        for subject in subjects
        if subject.code in known and key(known[subject.code]) != key(subject.name)
    ]
    return new, other


def printed_otherwise(subjects: list[Subject], year: int, database: Path) -> list[tuple[Subject | None, str, str, int]]:
    """What released reports of a year print for these codes under another name, and codes that the list does not have.

    Of these only the ones of classes that the list has: a list of one class says nothing of the others.
    """
    by_code = {subject.code: subject for subject in subjects}
    classes = {subject.code[:3] for subject in subjects}
    with duckdb.connect(str(database), read_only=True) as connection:
        return [
            (by_code.get(code), code, name, reports)
            for classification in sorted({classification_of(subject.code) for subject in subjects})
            for code, name, reports in connection.execute(_PRINTED, [classification, year]).fetchall()
            if code[:3] in classes and (code not in by_code or key(by_code[code].name) != key(name))
        ]


def add_rules(new: list[Subject], other: list[tuple[Subject, str]], year: int, rule: str) -> None:
    """Writes new codes and names into the rules; a name that changes ends the year before."""
    renamed = {subject.code for subject, _ in other}
    with RULES.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or []), list(reader)
    for row in rows:
        if row["subject_code"] in renamed and int(row["first_year"] or 0) < year <= int(row["last_year"] or 9999):
            row["last_year"] = str(year - 1)
    added = [*new, *(subject for subject, _ in other)]
    # a name that the same year's rule had is the one that was wrong
    rows = [row for row in rows if row["subject_code"] not in renamed or row["first_year"] != str(year)]
    rows += [
        {
            "classification": classification_of(subject.code),
            "subject_code": subject.code,
            "official_name": subject.name,
            "fund": "",
            "first_year": str(year),
            "last_year": "",
            "source": rule,
        }
        for subject in added
    ]
    rows.sort(key=lambda row: (row["classification"], row["subject_code"], row["first_year"]))
    with RULES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _say(subjects: list[Subject], arguments: argparse.Namespace) -> None:
    new, other = changes(subjects, arguments.year)
    counts = f"{len(new):,} are new for {arguments.year}, {len(other):,} have another name there."
    print(told(f"{len(subjects):,} codes; {counts}"))
    for subject in new:
        print(f"  new        {subject.code}  {subject.name}")
    for subject, known in other:
        print(f"  renamed    {subject.code}  {known} → {subject.name}")
    if not arguments.database.is_file():
        print(told(f"What reports print is not compared: there is no {arguments.database}."))
        return
    for found, code, name, reports in printed_otherwise(subjects, arguments.year, arguments.database):
        instead = f"not {found.name}" if found else "not in the list"
        print(f"  printed    {code}  {name} ({reports:,} reports), {instead}")


def main() -> int:
    """Parses the command line."""
    parser = Parser(
        prog="scripts/classify",
        description="Compare a list of subject codes and names (科目) with the rules that are known for a year, and "
        "with the names that released reports of the year print.",
        epilog="Exit status: 0 compared (and written), 1 the file has no codes or cannot be read, 2 wrong usage.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a workbook, document or CSV with codes and names")
    parser.add_argument("--year", type=int, required=True, metavar="N", help="first fiscal year that it holds for")
    parser.add_argument("--database", type=Path, default=PUBLISHED, metavar="FILE", help="a finished warehouse")
    parser.add_argument("--rule", default="", metavar="TEXT", help="the rule, by its number, as in 财预〔2023〕83号")
    parser.add_argument("--write", action="store_true", help="add what is new to the seed subject_rules")
    arguments = parser.parse_args()
    if arguments.write and not arguments.rule:
        parser.error("--write needs --rule")
    try:
        subjects = subjects_of(rows_of(arguments.file))
    except (Refused, OSError, UnicodeDecodeError) as error:
        print(f"scripts/classify: {arguments.file}: {error}", file=sys.stderr)
        return 1
    if not subjects:
        print(f"scripts/classify: {arguments.file}: no codes with names", file=sys.stderr)
        return 1
    _say(subjects, arguments)
    if arguments.write:
        add_rules(*changes(subjects, arguments.year), arguments.year, arguments.rule)
    return 0


if __name__ == "__main__":
    sys.exit(main())
