"""What the tables of a report must have in common, and what each must have of its form.

Identities add amounts up; a row whose parent has it alone, a name at another code and a table of another department
leave every sum as it is. What is said here is to be looked at.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations

from final_accounts.ingest.document.pages import Document, amount_in, joined, key, label_key
from final_accounts.ingest.layouts import form_gaps, form_totals, tables
from final_accounts.ingest.tables.ruled.table import ECONOMIC_TOTAL, ReadTable, Row
from final_accounts.warehouse.paths import SEEDS

SUBJECT_RULES = SEEDS / "classification" / "subject_rules.csv"
BY_SUBJECT = ("02", "03", "05", "07", "08")
# No identity ties the amounts of these to those of another table from both sides, so their unit must be printed.
UNIT_IS_NOT_PROVED = ("09", "10")
# Accounts in yuan have hardly an amount below a hundred, accounts of less than a thousand million in 万元 hardly none.
SMALL, LARGE = 100, 100_000
# In 万元 no department has this much.
TOO_MUCH = 10_000_000


def same_department(one: str, other: str) -> bool:
    """Whether two names can be of one department: one of them shortens the other, as 工信局 does 工业和信息化局."""
    short, long = sorted((re.sub(r"\(.*?\)", "", key(name)) for name in (one, other)), key=len)
    rest = iter(long)
    return all(character in rest for character in short)


def disagreements(found: list[ReadTable], year: str) -> Iterator[str]:
    """Sentences about tables that do not go together."""
    yield from _departments(found)
    yield from _names(found)
    yield from _depths(found)
    for table in found:
        if table.table_no == "06":
            yield from (f"table 06: {each}" for each in _names_of_others(table, year))
    units = {table.amount_unit for table in found if table.amount_unit}
    for table in found:
        if units and not table.amount_unit and table.has_money and table.table_no in UNIT_IS_NOT_PROVED:
            yield (
                f"table {table.table_no}: no amount unit is printed above it: that it is the one of the other tables "
                f"({', '.join(sorted(units))}) is a guess"
            )


def unit_that_only_labels_claim(found: list[ReadTable], unit: str) -> Iterator[str]:
    """A unit that does not go with its figures; asked where no text beside the tables tells amounts with their unit."""
    figures = sorted(
        abs(amount)
        for table in found
        if table.table_no != "10"
        for row in table.rows
        for name in tables()[table.table_no].amounts
        if name in row and (amount := amount_in(row[name].text))
    )
    if not figures:
        return
    is_in_yuan = figures[-1] >= TOO_MUCH or (figures[-1] >= LARGE and figures[len(figures) // 20] >= SMALL)
    if unit not in ("元", "万元") or (unit == "元") != is_in_yuan:
        yield (
            f"only its label says that the amounts are in {unit}, and figures from {figures[0]:,} to {figures[-1]:,} "
            "speak against it: another unit changes every amount"
        )


# How many powers of ten a unit is of a yuan; behind a figure stands its beginning.
_POWERS = {"元": 0, "千元": 3, "万元": 4, "百万元": 6, "千万元": 7, "亿元": 8}


def formats_against_units(found: list[ReadTable], document: Document, unit: str) -> Iterator[str]:
    """One sentence about the sheets that show their numbers in another unit than the one above them says."""
    scales = {page.number: page.scales for page in document.pages if page.scales}
    wrong: dict[str, list[str]] = {}
    for table in found:
        printed = table.amount_unit or unit
        own = {scale: text for page in table.pages for scale, text in scales.get(page, {}).items()}
        if shown := _shown_in_another_unit(own, printed):
            wrong.setdefault(f"{shown}, in {printed}", []).append(table.table_no)
    if wrong:
        first, own_tables = next(iter(wrong.items()))
        numbers = ", ".join(dict.fromkeys(number for own in wrong.values() for number in own))
        yield (
            f"tables {numbers}: the format of the cells and the unit above them contradict each other (table "
            f"{own_tables[0]} shows {first}): the amounts may be many times what they are"
        )


def _shown_in_another_unit(scales: dict[tuple[int, str], str], printed: str) -> str:
    """The first amount of a table that is shown in another unit than is printed above it; blank where none is.

    A format that shows a number smaller makes yuan amounts of the unit that it divides by. What is shown so beside
    amounts as they are, or with a unit of its own behind it, is of that unit and no other.
    """
    is_mixed = len({power for power, _ in scales}) > 1
    for (power, behind), text in scales.items():
        own_unit = f"{behind.replace('萬', '万').replace('億', '亿')}元"
        is_other = bool(behind) and _POWERS.get(own_unit) != _POWERS.get(printed)
        if is_other or (power and (is_mixed or power != _POWERS.get(printed))):
            shown = f"«{text}{behind}»"
            return f"{shown} for a number {10**power:,} times as large" if power else shown
    return ""


def is_of_all_expenditure(found: list[ReadTable]) -> bool:
    """Whether the table by economic subject is of all that table 05 has, and does not say that it is of the basic part.

    Before 2018 some forms had one (一般公共预算财政拨款支出决算表（二）): its amounts are no basic expenditure.
    """
    by_number = {table.table_no: table for table in found}
    one, other = by_number.get("05"), by_number.get("06")
    if one is None or other is None or "基本支出" in other.title:
        return False
    totals = next((row for row in one.rows if row["subject_name"].text == "合计"), {})
    whole, basic = (amount_in(totals[name].text) if name in totals else None for name in ("total", "basic"))
    kinds = [amount_in(row["amount"].text) for row in other.rows if ECONOMIC_TOTAL.match(row["subject_name"].text)]
    return None not in (whole, basic, *kinds) and whole != basic and sum(kinds) == whole


def _departments(found: list[ReadTable]) -> Iterator[str]:
    numbers: dict[str, list[str]] = {}
    for table in found:
        if table.department_name:
            numbers.setdefault(table.department_name, []).append(table.table_no)
    if any(not same_department(one, other) for one, other in combinations(numbers, 2)):
        names = "; ".join(f"«{name}» above {', '.join(sorted(own))}" for name, own in numbers.items())
        yield f"the tables are of different departments: {names}"


def _names(found: list[ReadTable]) -> Iterator[str]:
    """Subjects that two tables call differently: the name, or the code, may be that of another row."""
    first: dict[str, tuple[str, str]] = {}
    for table in sorted(found, key=lambda table: table.table_no):
        for row in table.rows if table.table_no in BY_SUBJECT else ():
            code, name = row["subject_code"].text, row["subject_name"].text
            if not code or not name:
                continue
            known, number = first.setdefault(code, (name, table.table_no))
            if key(known) != key(name) and number != table.table_no:
                yield f"subject {code} is «{known}» in table {number} and «{name}» in table {table.table_no}"


def _depths(found: list[ReadTable]) -> Iterator[str]:
    """Tables that end at classes or sections where others go on to items."""
    depths = {
        table.table_no: max((len(row["subject_code"].text) for row in table.rows), default=0)
        for table in found
        if table.table_no in BY_SUBJECT and table.has_money
    }
    deepest = max(depths.values(), default=0)
    for number, depth in sorted(depths.items()):
        if depth < deepest:
            others = ", ".join(other for other in sorted(depths) if depths[other] == deepest)
            yield f"table {number}: its subjects have {depth} digits at most, those of table {others} {deepest}"


def gaps(table: ReadTable) -> Iterator[str]:
    """Sentences about rows that a table must have beside those that were read."""
    if table.rows and tables()[table.table_no].rows in ("subjects", "economic"):
        yield from _chain_gaps(table)
    labels = {label_key(row["item"].text) for row in table.rows if "item" in row}
    if labels and tables()[table.table_no].rows == "sections":
        missing = form_gaps(table.table_no, labels)
        if missing:
            yield f"lines of the form are not there, so the table may be cut off: {', '.join(missing)}"
    if labels and tables()[table.table_no].rows == "lines":
        printed = {(row["panel"].text, label_key(row["item"].text)) for row in table.rows if "panel" in row}
        for panel, ways in form_totals(table.table_no):
            if not printed & {(panel, label) for label in ways}:
                yield f"the line «{ways[0]}» of the side {panel} is not there, so the table may be cut off"


def _chain_gaps(table: ReadTable) -> Iterator[str]:
    """Subjects without the subjects that they are made of, or without those that they belong to."""
    rows = {
        _code(row, table): row for row in table.rows if re.fullmatch(r"\d{3}|\d{5}|\d{7}", row["subject_code"].text)
    }
    deepest = max(map(len, rows), default=0)
    above = {code[:end] for code in rows for end in range(3, len(code), 2)}
    bare = [code for code, row in rows.items() if len(code) < deepest and code not in above and _has_money(row, table)]
    if bare:
        yield f"no subject below {', '.join(bare)} is there, and the amounts must be of one: rows may be missing"
    lost = sorted(above - rows.keys())
    if lost:
        yield f"the subjects {', '.join(lost)} are not there, and subjects below them are: rows may be missing"


def _code(row: Row, table: ReadTable) -> str:
    """The code of a row; forms before 2018 print some economic classes with five digits (30400 for 304)."""
    code = row["subject_code"].text
    return re.sub(r"^(\d{3})00$", r"\1", code) if table.table_no == "06" else code


def _has_money(row: Row, table: ReadTable) -> bool:
    names = tables()[table.table_no].amounts
    return any(re.search(r"[1-9]", row[name].text) for name in names if name in row)


@cache
def economic_names(year: int = 9999) -> dict[str, str]:
    """Names of the economic subjects that have basic expenditure in a year (部门预算支出经济分类科目), by code."""
    with SUBJECT_RULES.open(encoding="utf-8", newline="") as file:
        return {
            row["subject_code"]: key(row["official_name"])
            for row in csv.DictReader(file)
            if row["classification"] == "economic"
            and int(row["first_year"] or 0) <= year <= int(row["last_year"] or 9999)
        }


@cache
def _ended_classes() -> set[str]:
    """Economic classes of an older classification, in which codes had other names."""
    with (SEEDS / "classification" / "economic_classes.csv").open(encoding="utf-8", newline="") as file:
        return {row["class_code"] for row in csv.DictReader(file) if row["last_year"]}


def _names_of_others(table: ReadTable, year: str) -> Iterator[str]:
    if any(_code(row, table) in _ended_classes() for row in table.rows):
        return
    known = economic_names(int(year) if year.isdigit() else 9999)
    for row in table.rows:
        code, name = _code(row, table), key(joined(row["subject_name"].text))
        if code in known and name != known[code]:
            owners = [other for other, own in known.items() if own == name]
            if owners:
                yield f"subject {code} has the name «{name}» of subject {', '.join(owners)}"
