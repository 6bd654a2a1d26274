"""Finds the columns of amounts in running text that shows no blank cells, where only one way adds up.

Of a row with fewer amounts than columns, the text tells their order and not their columns. Each way to place them is
tried against what must hold in print: the total of a row is the sum of its parts, a subject that of the subjects below
it in every column, and the tables agree with each other. Where one way is left the amounts stand there; where several
are, what they differ in stays doubtful. Nothing is placed where the print does not add up, or where it has amounts
below zero, which would let too many ways add up.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import combinations

from final_accounts.ingest.document.pages import Cell, amount_in, label_key
from final_accounts.ingest.layouts import form_classes
from final_accounts.ingest.layouts import tables as known_tables
from final_accounts.ingest.tables.ruled.table import ECONOMIC_TOTAL, TOTAL, ReadTable, Row
from final_accounts.ingest.tables.running.stream import UNSURE
from final_accounts.registry import ROW_SUMS

# Ways to sum up the rows below one subject that are looked at before it is given up.
MOST_SUMS = 20_000
TOTAL_KEY = "合计"

Way = tuple[int, ...]
# What a way to place the amounts of a row has to agree with: its amounts by column, and the columns that are filled.
Test = Callable[[dict[str, int]], bool]


@dataclass
class _Placed:
    """A row whose amounts are placed, or to be placed: each way as amounts by column, 0 where it is blank."""

    row: Row
    order: list[str]
    is_open: bool
    ways: list[Way]
    below: list["_Placed"] = field(default_factory=list)
    filled: dict[Way, set[tuple[int, ...]]] = field(default_factory=dict)

    def amounts(self, way: Way) -> dict[str, int]:
        """A way as amounts by name of the column."""
        return dict(zip(self.order, way, strict=True))

    def known(self) -> dict[str, int]:
        """The amounts of columns in which all ways agree."""
        return {
            name: self.ways[0][n]
            for n, name in enumerate(self.order)
            if self.ways and len({way[n] for way in self.ways}) == 1
        }


def place_amounts(found: list[ReadTable]) -> None:
    """Puts the amounts of doubtful rows where they must stand; what stays open stays doubtful."""
    by_number = {table.table_no: table for table in found}
    if not any(_is_open(row) for table in found for row in table.rows):
        return
    places = _places(found)
    known: dict[str, dict[str, dict[str, int]]] = {}

    def settled(number: str) -> dict[str, dict[str, int]]:
        return known.get(number, {})

    for number in ("05", "03", "02", "08", "07"):
        table = by_number.get(number)
        if table is None or not table.order or None in table.order:
            continue
        tests = _tests(number, by_number, settled, places)
        known[number] = _place_subjects(table, places, tests)
    if "04" in by_number:
        _place_funds(by_number["04"], places, settled)
    if "09" in by_number and by_number["09"].order:
        for row in by_number["09"].rows:
            _settle(_placed(row, by_number["09"], places))


def rows_that_break(table: ReadTable) -> int:
    """How many rows of a table do not add up as they stand."""
    places = _places([table])
    count = 0
    for row in table.rows:
        amounts = {
            name: _number(cell.text, places)
            for name, cell in row.items()
            if name in known_tables()[table.table_no].amounts
        }
        filled = sum(1 for name in amounts if row[name].text)
        is_revenue = "panel" in row and row["panel"].text == "revenue"
        count += bool(filled and not is_revenue and not _adds_up(amounts, table.table_no, filled))
    return count


def _is_open(row: Row) -> bool:
    return any(cell.doubt == UNSURE for cell in row.values())


def _places(found: list[ReadTable]) -> int:
    """How many decimals amounts have at most."""
    texts = [cell.text for table in found if table.table_no != "10" for row in table.rows for cell in row.values()]
    return max((len(text.partition(".")[2]) for text in texts if amount_in(text) is not None), default=2)


def _number(text: str, places: int) -> int:
    return int((amount_in(text) or Decimal(0)).scaleb(places))


def _close(one: int, other: int, terms: int) -> bool:
    """Whether two sums of rounded amounts can be the same."""
    return 2 * abs(one - other) <= terms


def _placed(row: Row, table: ReadTable, places: int) -> _Placed:
    """A row with the ways to place its amounts that add up; one that is not doubtful has one way."""
    order = [name for name in table.order if name]
    texts = [row[name].text if name in row else "" for name in order]
    values = [text for text in texts if text]
    is_open = _is_open(row) and texts == values + [""] * (len(order) - len(values))
    placed = _Placed(row, order, is_open, [])
    choices: Iterable[tuple[int, ...]] = combinations(range(len(order)), len(values))
    if not is_open:
        choices = [tuple(n for n, text in enumerate(texts) if text)]
    for columns in choices:
        way = [0] * len(order)
        for n, text in zip(columns, values, strict=True):
            way[n] = _number(text, places)
        if not is_open or _adds_up(dict(zip(order, way, strict=True)), table.table_no, len(columns)):
            placed.filled.setdefault(tuple(way), set()).add(columns)
    placed.ways = list(placed.filled)
    return placed


def _adds_up(amounts: dict[str, int], number: str, terms: int) -> bool:
    """Whether amounts by column make up the sums of a row; a sum whose whole has no column here says nothing."""
    return all(
        _close(sum(amounts.get(n, 0) for n in row.wholes), sum(amounts.get(n, 0) for n in row.parts), terms)
        for row in ROW_SUMS.get(number, [])
        if amounts.keys() >= set(row.wholes)
    )


def _settle(placed: _Placed) -> None:
    """Writes into the row what all ways agree in."""
    if not placed.is_open or not placed.ways:
        return
    row, order = placed.row, placed.order
    fillings = {columns for way in placed.ways for columns in placed.filled[way]}
    texts = [row[name].text for name in order if row[name].text]
    shown = [
        dict(zip((order[n] for n in columns), texts, strict=True)) for columns in sorted(fillings, key=lambda c: c)
    ]
    for name in order:
        ways = {one.get(name, "") for one in shown}
        cell = row[name]
        text = shown[0].get(name, "")
        row[name] = Cell(text, cell.page, cell.box, None if len(ways) == 1 else UNSURE)


def _place_subjects(table: ReadTable, places: int, tests: dict[str, list[Test]]) -> dict[str, dict[str, int]]:
    """Settles the rows of a table by subject; what is known of each subject then."""
    nodes = _nodes_of(table, places)
    values = [amount for node in nodes.values() for way in node.ways for amount in way]
    if TOTAL_KEY not in nodes or any(amount < 0 for amount in values):
        return {}
    for key, node in nodes.items():
        _leave_what_agrees(node, tests.get(key, []))
        if key != TOTAL_KEY:
            nodes[_above(key, nodes)].below.append(node)
    top = nodes[TOTAL_KEY]
    if not _sum_up(top):
        return {}
    _agree(top)
    for node in nodes.values():
        _settle(node)
    return {key: node.known() for key, node in nodes.items()}


def _nodes_of(table: ReadTable, places: int) -> dict[str, _Placed]:
    """The first row of each subject of a table, and of its total, with the ways to place their amounts."""
    nodes: dict[str, _Placed] = {}
    for row in table.rows:
        code, name = row["subject_code"].text, row["subject_name"].text
        key = code or (TOTAL_KEY if TOTAL.match(name) else "")
        if key and key not in nodes:
            nodes[key] = _placed(row, table, places)
    return nodes


def _above(code: str, codes: Container[str]) -> str:
    """The subject that a subject is a part of: the longest code that it begins with, or else the total."""
    return next((code[:n] for n in (5, 3) if n < len(code) and code[:n] in codes), TOTAL_KEY)


def _leave_what_agrees(node: _Placed, tests: list[Test]) -> None:
    """Leaves the ways of a doubtful row that agree with what other tables say of it."""
    if node.is_open:
        node.ways = [way for way in node.ways if all(test(node.amounts(way)) for test in tests)]


def _sum_up(node: _Placed) -> bool:
    """Leaves the ways of a subject that can be the sums of those below it; False where none or too many are there."""
    if not all(_sum_up(child) for child in node.below):
        return False
    if node.below:
        node.ways = [way for way in node.ways if _supported(node, way)]
    return bool(node.ways)


def _agree(node: _Placed) -> None:
    """Leaves the ways below a subject that can make up one of its own."""
    if not node.below:
        return
    supported: list[set[Way]] = [set() for _ in node.below]
    for way in node.ways:
        for own, more in zip(supported, _supported(node, way), strict=True):
            own |= more
    for child, ways in zip(node.below, supported, strict=True):
        child.ways = [way for way in child.ways if way in ways]
        _agree(child)


def _supported(node: _Placed, whole: Way) -> list[set[Way]]:
    """The ways of each subject below that are part of a sum that is this one; nothing where there is no such sum."""
    sums = _sums_up_to(node, whole)
    if not sums:
        return []
    terms = [len(node.below) + 1] * len(whole)
    right = {total for total in sums[-1] if all(map(_close, total, whole, terms))}
    supported: list[set[Way]] = []
    for child, before in zip(node.below[::-1], sums[-2::-1], strict=True):
        steps = [(start, way) for start in before for way in child.ways if _added(start, way) in right]
        supported.append({way for _, way in steps})
        right = {start for start, _ in steps}
    return supported[::-1] if right else []


def _sums_up_to(node: _Placed, whole: Way) -> list[set[Way]]:
    """The sums that none, one, two … of the subjects below can make up, none more than the whole.

    Nothing where they cannot stay below it, or in too many ways.
    """
    terms = len(node.below) + 1
    sums: list[set[Way]] = [{(0,) * len(whole)}]
    for child in node.below:
        totals = {_added(before, way) for before in sums[-1] for way in child.ways}
        reached = {
            total
            for total in totals
            if all(2 * (part - most) <= terms for part, most in zip(total, whole, strict=True))
        }
        if not reached or len(reached) > MOST_SUMS:
            return []
        sums.append(reached)
    return sums


def _added(one: Way, other: Way) -> Way:
    """Two ways added up, column by column."""
    return tuple(map(sum, zip(one, other, strict=True)))


def _tests(
    number: str,
    by_number: dict[str, ReadTable],
    settled: Callable[[str], dict[str, dict[str, int]]],
    places: int,
) -> dict[str, list[Test]]:
    """What the other tables say of the rows of a table, by subject."""
    tests: dict[str, list[Test]] = defaultdict(list)
    if number == "05" and "06" in by_number:
        tests[TOTAL_KEY].append(_agrees_with(_basic(by_number["06"], places), 3))
    if number == "02" and "01" in by_number:
        tests[TOTAL_KEY].append(_agrees_with(_sources(by_number["01"], places), 4))
    if number == "03":
        for key, fiscal in settled("05").items():
            tests[key].append(partial(_holds, fiscal=fiscal))
    if number in ("07", "08"):
        prefix = "expenditure_" if number == "07" else ""
        for key, whole in settled("03").items():
            tests[key].append(partial(_is_part, whole=whole, prefix=prefix))
    if number == "07" and "04" in by_number:
        tests[TOTAL_KEY].append(_agrees_with(_government_fund(by_number["04"], places), 2))
    return tests


def _basic(table: ReadTable, places: int) -> dict[str, int]:
    """What table 06 says of the basic expenditure of table 05: its two totals; nothing where it has not both."""
    totals = [row for row in table.rows if ECONOMIC_TOTAL.match(row["subject_name"].text)]
    return {"basic": sum(_number(row["amount"].text, places) for row in totals)} if len(totals) == 2 else {}


def _agrees_with(amounts: dict[str, int], terms: int) -> Test:
    """Whether a row has these amounts, as far as it has their columns; `terms` are the rounded amounts compared."""
    return lambda own: all(_close(own[name], amount, terms) for name, amount in amounts.items() if name in own)


def _government_fund(summary: ReadTable, places: int) -> dict[str, int]:
    """What table 04 says of the columns of table 07; a column without its line is left out."""
    lines = _revenue_lines(summary, places)
    labels = {"revenue": "revenue", "opening_balance": "opening"}
    return {
        name: amount for name, label in labels.items() if (amount := lines.get((label, "government_fund"))) is not None
    }


def _holds(own: dict[str, int], fiscal: dict[str, int]) -> bool:
    """Whether all spending of a subject can hold what it spends of the general public budget."""
    if "total" not in fiscal:
        return True
    kinds = [name for name in ("basic", "project") if name in fiscal]
    if _close(own["total"], fiscal["total"], 2):
        return all(_close(own[name], fiscal[name], 2) for name in kinds)
    return all(2 * (fiscal[name] - own[name]) <= 2 for name in kinds)


def _is_part(own: dict[str, int], whole: dict[str, int], prefix: str) -> bool:
    """Whether the spending of a fund can be a part of all spending of the same subject."""
    return all(2 * (own[prefix + name] - whole[name]) <= 2 for name in ("basic", "project") if name in whole)


_SOURCES = {
    "fiscal_appropriation": ("一般公共预算", "政府性基金预算", "国有资本经营预算"),
    "superior_subsidy": ("上级补助收入",),
    "institutional": ("事业收入",),
    "business": ("经营收入",),
    "affiliate_remittance": ("附属单位",),
    "other": ("其他收入",),
}


def _sources(table: ReadTable, places: int) -> dict[str, int]:
    """What table 01 says of the columns of table 02; a column without its lines is left out."""
    lines = {
        label_key(row["item"].text): _number(row["amount"].text, places)
        for row in table.rows
        if row["panel"].text == "revenue" and row["item"].text
    }
    found: dict[str, int] = {}
    for name, starts in _SOURCES.items():
        own = [amount for label, amount in lines.items() if label.startswith(starts)]
        if own:
            found[name] = sum(own)
    return found


_FUNDS = {
    "general_public_budget": "一般公共预算",
    "government_fund": "政府性基金预算",
    "state_capital_operations": "国有资本经营预算",
}


def _revenue_lines(table: ReadTable, places: int) -> dict[tuple[str, str], int]:
    """Revenue and opening balance of each fund in table 04: its lines stand there twice."""
    found: dict[tuple[str, str], int] = {}
    for row in table.rows:
        label = label_key(row["item"].text)
        fund = next((fund for fund, start in _FUNDS.items() if label.startswith(start)), None)
        if row["panel"].text == "revenue" and fund:
            kind = "opening" if ("revenue", fund) in found else "revenue"
            found[kind, fund] = _number(row["amount"].text, places)
    return found


def _place_funds(table: ReadTable, places: int, settled: Callable[[str], dict[str, dict[str, int]]]) -> None:
    """Settles the expenditure of table 04: of each class, a fund spends what its own table says."""
    panel = [row for row in table.rows if row["panel"].text == "expenditure"]
    if not any(_is_open(row) for row in panel):
        return
    table.order = ["total", *_FUND_TABLES]
    for row in panel:
        if not any(row[name].text for name in table.order if name in row):
            _settle(_placed(row, table, places))
    names = form_classes("04")
    nodes = {label_key(row["item"].text): _placed(row, table, places) for row in panel if row["item"].text}
    for label, node in nodes.items():
        key = TOTAL_KEY if label.startswith("本年支出") else names.get(label)
        if key is not None:
            _spend_as_their_tables(node, key, settled)
    _balance(nodes, table, places)
    for node in nodes.values():
        _settle(node)


def _balance(nodes: dict[str, _Placed], table: ReadTable, places: int) -> None:
    """What a fund had in all is what came in, and what it spent and keeps: `nodes` are the expenditure of table 04."""
    whole = next((node for label, node in nodes.items() if label.endswith("总计")), None)
    spent = next((node for label, node in nodes.items() if label.startswith("本年支出")), None)
    kept = next((node for label, node in nodes.items() if label.startswith("年末")), None)
    if whole is not None:
        _hold_what_came_in(whole, _revenue_lines(table, places))
    if whole and spent and kept:
        _keep_what_is_left(kept, whole, spent)


def _spend_as_their_tables(node: _Placed, key: str, settled: Callable[[str], dict[str, dict[str, int]]]) -> None:
    """Of a class, and of all of them, each fund spends what its own table says; a class it does not name gets none."""
    for fund, (number, column) in _FUND_TABLES.items():
        own = settled(number)
        if own and (amount := own.get(key, {column: 0}).get(column)) is not None:
            node.ways = [way for way in node.ways if _close(node.amounts(way)[fund], amount, 2)]


def _hold_what_came_in(whole: _Placed, lines: dict[tuple[str, str], int]) -> None:
    """The grand total of a fund is its revenue and its opening balance, where both lines are there."""
    for fund in _FUND_TABLES:
        amounts = [lines.get((kind, fund)) for kind in ("revenue", "opening")]
        if None not in amounts:
            whole.ways = [way for way in whole.ways if _close(whole.amounts(way)[fund], sum(amounts), 3)]


def _keep_what_is_left(kept: _Placed, whole: _Placed, spent: _Placed) -> None:
    """What a fund keeps at the end of the year is its grand total less what it spent, where both are known."""
    kept.ways = [
        way
        for way in kept.ways
        if all(
            _close(whole.known()[fund], spent.known()[fund] + kept.amounts(way)[fund], 3)
            for fund in _FUND_TABLES
            if fund in whole.known() and fund in spent.known()
        )
    ]


_FUND_TABLES = {
    "general_public_budget": ("05", "total"),
    "government_fund": ("07", "expenditure_total"),
    "state_capital_operations": ("08", "total"),
}
