"""Reports in two files, of which one has the tables and the other the text: which text belongs to which tables.

The text is that of the one report beside it in an archive or folder, or of the report that has the department and the
year which it names. Where it names another department or year, it is left alone; so is the text of a report that has a
narrative of its own. The file of a report is that of its tables: the figures of a text apart have no place in it.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from final_accounts.ingest.document.masthead import NO_NAME, NO_YEAR, division_of, told_by_title
from final_accounts.ingest.document.pages import Refused, key
from final_accounts.ingest.document.reading import open_document
from final_accounts.ingest.narrative.claims import read_narrative
from final_accounts.ingest.tables.infer.agreement import same_department


@dataclass(frozen=True)
class Text:
    """Whose report a file without tables explains, as far as it says; what it does not say is blank."""

    department: str
    fiscal_year: str


@dataclass(frozen=True)
class Tables:
    """A report that was read from its tables, without a narrative where `is_bare`."""

    department: str
    fiscal_year: str
    is_bare: bool


def read_text_apart(path: Path, converted_file: Path | None = None) -> Text:
    """What a file without tables says of itself; raises Refused where there is no narrative in it."""
    document = open_document(converted_file or path)
    if not read_narrative(document).paragraphs:
        raise Refused("there is no narrative in it")
    return Text(*told_by_title(document, path.stem))


def sets_of(files: list[Path], named: list[Path], unpacked: Path) -> list[tuple[list[Path], bool]]:
    """The files that came together, and whether one folder holds them: of a folder, of an archive, or named at once."""
    sets: dict[Path | None, list[Path]] = {}
    for file in files:
        folder = file.parent.parent if file.is_relative_to(unpacked) else None if file in named else file.parent
        sets.setdefault(folder, []).append(file)
    return [(own, folder is not None) for folder, own in sets.items()]


def texts_of(tables: dict[Path, Tables], texts: dict[Path, Text], *, is_folder: bool) -> dict[Path, Path]:
    """The text of each report among files that came together; one that may be of several belongs to none."""
    is_one = is_folder and len(tables) == len(texts) == 1
    found = {
        text: [path for path, own in tables.items() if own.is_bare and _belong_together(told, own, is_one)]
        for text, told in texts.items()
    }
    counts = Counter(path for paths in found.values() for path in paths)
    return {paths[0]: text for text, paths in found.items() if len(paths) == 1 and counts[paths[0]] == 1}


def _belong_together(text: Text, tables: Tables, is_one: bool) -> bool:
    """Whether a text is of a report: nothing it says is of another, or where `is_one` does not hold, it says which."""
    has_names = bool(text.department) and tables.department != NO_NAME
    has_years = bool(text.fiscal_year) and tables.fiscal_year != NO_YEAR
    if has_years and text.fiscal_year != tables.fiscal_year:
        return False
    if not is_one:
        return has_years and has_names and key(text.department) == key(tables.department)
    divisions = {division_of(text.department), division_of(tables.department)} - {None}
    return not has_names or (same_department(text.department, tables.department) and len(divisions) < 2)
