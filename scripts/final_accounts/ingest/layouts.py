"""The layouts as data (layouts.yml): titles, headings and order of the tables, and the labels of their lines."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import yaml

from final_accounts.ingest.document.pages import joined, key, undoubled
from final_accounts.registry import PRINTED_TABLES
from final_accounts.warehouse.paths import SEEDS

FILE = Path(__file__).with_name("layouts.yml")

# What may stand before a title on its line: a number, a year, a department.
_BEFORE = re.compile(
    r"^(?:[^,。;:]{0,40}?(?:20\d\d|[二〇○零一三四五六七八九]{4})年度?)?"
    r"(?:[^,。;:]{0,40}(?:局|委|办|部|院|厅|中心|会|室|队|所|学|校|站|处|府|社|馆|园|团|党|镇|乡|街道|场|台|宫|库|机关|公司)"
    r"(?:\(?本级\)?|\(机关\))?)?(?:部门|单位|本级)?$"
)
_NUMBER = re.compile(
    r"^(?:附?[表件]?[0-9一二三四五六七八九十]+(?:[-—.][0-9]+)?[、,.:)]?|\((?:附?[表件])?[0-9一二三四五六七八九十]+\)|附?[表件]:?)"
)
_FORM = re.compile(r"\(?(?:财决公开|财决|公开)\s*(?:[0-9０-９]{1,2}(?:-[0-9])?|[一二三四五六七八九十]{1,3})\s*表\)?")
_OTHER_TITLE = re.compile(r"^[^,。;:]{0,48}(?:决算|经费|支出|收入|采购|资产|绩效|统计|信息|情况)[^,。;:、]{0,12}表$")
# what all tables together are called, as it runs along at the head of their pages
_COLLECTION = re.compile(r"(?:部门|单位|收支)决算(?:公开)?(?:报)?表$")
# what may stand behind a title: that it goes on, whose it is, its unit, a footnote as in (按经济分类)
_BEHIND = re.compile(
    r"(?:[.…·]{3,}\d*|\(?续表?\)?|\(?(?:金额)?单位:[^,。;:]{0,5}元\)?|\((?:按[^)]*|[^)]*(?:科目|分类))\)"
    r"|(?:编制|填报|编报|公开)?(?:单位|部门)(?:名称)?:[^,。;:]{2,40})$"
)
VEHICLES = "公务用车购置及运行"


@dataclass(frozen=True)
class Table:
    """What is the same of a table in every layout."""

    table_no: str
    rows: str
    titles: tuple[str, ...]
    columns: dict[str, list[list[str]]]
    panels: dict[str, dict[str, list[list[str]]]]
    stages: dict[str, list[str]]
    items: dict[str, list[str]]
    kinds: dict[str, list[str]]
    newer: dict[str, str]
    optional: tuple[str, ...]
    apart: tuple[str, ...]

    @property
    def added(self) -> list[str]:
        """Its columns that only some provinces print."""
        return PRINTED_TABLES[self.table_no].added

    @property
    def amounts(self) -> list[str]:
        """Its amount columns in the order of the raw table."""
        if self.panels:
            return list(dict.fromkeys(name for columns in self.panels.values() for name in columns))
        return list(self.columns)


@dataclass(frozen=True)
class Layout:
    """The tables that a layout prints, in printed order."""

    name: str
    description: str
    tables: tuple[str, ...]
    marks: tuple[str, ...]
    columns: dict[str, list[str | None]]
    last_year: int = 9999
    only: tuple[str, ...] = ()
    level: str = ""


@cache
def _data() -> dict:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


@cache
def tables() -> dict[str, Table]:
    """The tables by number of the national form."""
    return {
        number: Table(
            number,
            data["rows"],
            tuple(data["titles"]),
            data.get("columns", {}),
            data.get("panels", {}),
            data.get("stages", {}),
            data.get("items", {}),
            data.get("kinds", {}),
            data.get("newer", {}),
            tuple(data.get("optional", ())),
            tuple(data.get("apart", ())),
        )
        for number, data in _data()["tables"].items()
    }


@cache
def layouts() -> dict[str, Layout]:
    """The layouts by name."""
    return {
        name: Layout(
            name,
            data["description"],
            tuple(data["tables"]),
            tuple(data["marks"]),
            data.get("columns", {}),
            data.get("last_year", 9999),
            tuple(data.get("only", ())),
            data.get("level", ""),
        )
        for name, data in _data()["layouts"].items()
    }


@cache
def _stages() -> dict:
    return _data()["stages"]


@cache
def _form_lines(table_no: str) -> list[dict[str, str]]:
    """The lines that the forms of a table have in one year or another."""
    with (SEEDS / "classification" / "form_lines.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["table_no"] == table_no]


@cache
def form_labels(table_no: str) -> dict[str, list[str]]:
    """Labels of the lines of a table as `label_key` gives them, each with the panels it stands in."""
    labels: dict[str, list[str]] = {}
    for row in _form_lines(table_no):
        labels.setdefault(row["label"], []).append(row["panel"])
    return labels


def is_line_label(table_no: str, label: str) -> bool:
    """Whether a label is that of a line, or one character away from that of one line (macro misprinted_labels)."""
    return label in form_labels(table_no) or len(_meant_lines(table_no, label)) == 1


@cache
def _meant_lines(table_no: str, label: str) -> set[str]:
    """Keys of the lines that a label has, or is one character away from; short labels are too much alike for that."""
    same = {row["row_key"] for row in _form_lines(table_no) if row["label"] == label}
    close = (row for row in _form_lines(table_no) if _is_one_character_apart(label, row["label"]))
    return same or ({row["row_key"] for row in close} if len(label) >= 5 else set())


def _is_one_character_apart(one: str, other: str) -> bool:
    """Whether two labels are the same but for one character: another one, one too many, or one that is lost."""
    start = next((n for n, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), None)
    start = min(len(one), len(other)) if start is None else start
    rests = {
        (one[start + 1 :], other[start + 1 :]),
        (one[start:], other[start + 1 :]),
        (one[start + 1 :], other[start:]),
    }
    return one != other and any(left == right for left, right in rests)


def form_gaps(table_no: str, printed: set[str]) -> list[str]:
    """Labels of the lines that a form has beside those that are printed: the older form where one of its lines is."""
    rows = _form_lines(table_no)
    is_older = any(row["last_year"] and row["label"] in printed for row in rows)
    there = {line for label in printed for line in _meant_lines(table_no, label)}
    own = [row for row in rows if not row["first_year" if is_older else "last_year"] and row["row_key"] not in there]
    return list({row["row_key"]: row["label"] for row in reversed(own)}.values())[::-1]


@cache
def form_totals(table_no: str) -> list[tuple[str, list[str]]]:
    """The totals that every form of a table has: panel, and the labels it goes by, that of the national form first."""
    totals: dict[str, tuple[str, list[str]]] = {}
    for row in _form_lines(table_no):
        if row["line_role"] == "total":
            totals.setdefault(row["row_key"], (row["panel"], []))[1].append(row["label"])
    return list(totals.values())


@cache
def form_classes(table_no: str) -> dict[str, str]:
    """Codes of the functional classes by the labels of their lines in a table."""
    return {row["label"]: row["class_code"] for row in _form_lines(table_no) if row["class_code"]}


@cache
def _titles() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(rf"(?:{'|'.join(table.titles)})$"), number) for number, table in tables().items()]


def title_of(text: str) -> tuple[str, str] | None:
    """Number and printed title of the table whose title a line is; None for every other line."""
    if len(text) > 120:
        return None
    line = _bare(text)
    found = [(match.start(), number) for title, number in _titles() if (match := title.search(line))]
    if not found:
        return None
    start, number = min(found)
    before = line[:start]
    if _BEFORE.match(before) or _BEFORE.match(_NUMBER.sub("", before)):
        return number, _printed_title(text, line[start:])
    return None


def _bare(text: str) -> str:
    """A line as it is compared with titles, without what may stand behind one."""
    line = _FORM.sub("", key(undoubled(text.strip()))).replace("()", "")
    while (match := _BEHIND.search(line)) and match.start():
        line = line[: match.start()]
    return line


def is_other_title(text: str) -> bool:
    """Whether a line is the title of a table that is none of those known: it ends the table before it."""
    line = _bare(text)
    return any(map(_OTHER_TITLE.match, (line, _NUMBER.sub("", line)))) and not _COLLECTION.search(line)


def _printed_title(text: str, title: str) -> str:
    """The title as it stands on the line, without number, year and department."""
    line = joined(undoubled(text.strip()))
    for start in range(len(line)):
        for end in range(len(line), start, -1):
            if key(line[start:end]) == title:
                return line[start:end]
    return line


def of_another_stage(headings: list[str]) -> set[int]:
    """Which headings stand above budgets, or above the amounts of a year before: none of them is a final amount."""
    years = {
        n: max(found) for n, heading in enumerate(headings) if (found := re.findall(r"20\d\d(?=年)", key(heading)))
    }
    last = max(years.values(), default="")
    before = {n for n, year in years.items() if year < last}
    return before | {n for n, heading in enumerate(headings) if _names_another_stage(key(heading))}


def _names_another_stage(heading: str) -> bool:
    for word in _stages()["but"]:
        heading = heading.replace(key(word), "")
    return any(key(word) in heading for word in _stages()["others"])


def is_beside(heading: str) -> bool:
    """Whether a column shows another stage or year, or how an amount compares: no form of final accounts needs it."""
    text = key(heading)
    is_of_a_year = re.search(r"20\d\d年", text)
    return bool(is_of_a_year) or _names_another_stage(text) or any(key(word) in text for word in _data()["beside"])


class Agreement(NamedTuple):
    """A heading that names a column: how long the name is, below zero, for the longest to come first; and which."""

    below_zero: int
    order: int
    position: int
    name: str


def column_of(headings: list[str], names: dict[str, list[list[str]]]) -> dict[int, str]:
    """Which heading is which column: the longest agreement first, each used once.

    Headings of another stage or year are none, and neither is one that stands there twice.
    """
    headings, left_out = _with_stages(headings, names)
    possible = [position for position in range(len(headings)) if position not in left_out]
    agreements = sorted(each for position in possible for each in _agreements(position, headings[position], names))
    found: dict[int, str] = {}
    unclear: set[str] = set()
    for each in agreements:
        if each.position in found or each.name in found.values() or each.name in unclear:
            continue
        if any(_are_alike(each, other, headings) for other in agreements):
            unclear.add(each.name)
        else:
            found[each.position] = each.name
    return found


def _with_stages(headings: list[str], names: dict[str, list[list[str]]]) -> tuple[list[str], set[int]]:
    """Headings that say their stage where columns are told by it, and which of them are of another stage or year."""
    has_stages = any(_stages()["budget"] in way for ways in names.values() for way in ways)
    if has_stages and _names_no_stage(headings):
        headings = [_stages()["final"] + heading for heading in headings]
        has_stages = False
    return headings, set() if has_stages else of_another_stage(headings)


def _agreements(position: int, heading: str, names: dict[str, list[list[str]]]) -> Iterator[Agreement]:
    """The columns that a heading names in one of their ways."""
    text = key(heading)
    # the group of the vehicles' columns would count as a column of its own
    own = text.replace(key(VEHICLES + "维护费"), "").replace(key(VEHICLES + "费"), "")
    for order, (name, ways) in enumerate(names.items()):
        for way in ways:
            parts = [key(part) for part in way]
            where = text if any(VEHICLES in part for part in way) else own
            if where and all(part in where for part in parts):
                yield Agreement(-sum(map(len, parts)), order, position, name)


def _are_alike(one: Agreement, other: Agreement, headings: list[str]) -> bool:
    """Whether the same heading names a column again, further on: what would tell the two apart was not found."""
    return (
        (one.below_zero, one.name) == (other.below_zero, other.name)
        and abs(one.position - other.position) > 1
        and key(headings[one.position]) == key(headings[other.position])
    )


def _names_no_stage(headings: list[str]) -> bool:
    """Whether a form of final accounts prints final amounts only, and does not say so above each."""
    texts = [key(heading) for heading in headings if heading]
    return len(set(texts)) == len(texts) and not any(re.search("预算|决算", text) for text in texts)


def choose_layout(order: list[str], text: str) -> Layout:
    """The layout that agrees best with the order of the tables found and with the marks in the text."""
    letters = key(text)
    years = Counter(re.findall(r"(20\d\d)年度?(?=[^0-9]{0,30}决算)", letters) or re.findall(r"(20\d\d)年", letters))
    year = int(years.most_common(1)[0][0]) if years else 0

    def score(layout: Layout) -> tuple:
        places = [layout.tables.index(number) for number in order if number in layout.tables]
        in_order = sum(1 for left, right in pairwise(places) if left < right)
        strangers = sum(1 for number in order if number not in layout.tables)
        marks = sum(1 for mark in layout.marks if key(mark) in letters)
        named = sum(1 for number in layout.tables if any(re.search(t, letters) for t in tables()[number].titles))
        return (in_order - 3 * strangers, named - len(layout.tables), marks, len(layout.tables))

    possible = [layout for layout in layouts().values() if all(title in letters for title in layout.only)]
    return max((layout for layout in possible if year <= layout.last_year), key=score)
