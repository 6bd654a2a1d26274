"""How well reports with several errors are explained: clean reports get wrong cells, and what explains them is judged.

The errors are made in the terms of the sums, as the warehouse has them, so that thousands of reports need no build.
"""

import random
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import duckdb

from final_accounts.explaining.explain import Bounds, Explained, Explanation
from final_accounts.explaining.explanations import explain, reports_of
from final_accounts.explaining.terms import Term
from final_accounts.proving.mutants import errors_of
from final_accounts.proving.structural import Made

BOUNDS = Bounds(changes=6, questions=600, listed=40)
ERRORS = (1, 2, 3, 5)


@dataclass(frozen=True)
class Table:
    """What is told of reports: shares of outcomes, of which each has one, and counts beside them."""

    what: str
    shares: tuple[str, ...]
    counts: tuple[str, ...]

    @property
    def head(self) -> str:
        """Its names."""
        return _in_columns((self.what, "reports", *self.shares, *self.counts, "median"))


# A cell is blamed that is right; an error breaks nothing by itself, and was not made.
SEVERAL = Table(
    "errors",
    ("one, true", "one, part of it", "one, wrong", "among several", "not among them", "none"),
    ("innocent blamed", "nothing to see"),
)
STRUCTURE = Table(
    "structure",
    ("one, true", "first of several", "among several", "otherwise", "not explained"),
    ("nothing to see",),
)


@dataclass
class Outcomes:
    """What came of the reports of a row of a table."""

    name: str
    table: Table
    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def line(self) -> str:
        """The row."""
        reports = len(self.seconds)
        shares = (f"{100 * self.counts[name] / max(reports, 1):.1f} %" for name in self.table.shares)
        median = f"{statistics.median(self.seconds or [0]):.2f} s"
        return _in_columns((self.name, reports, *shares, *(self.counts[name] for name in self.table.counts), median))


def _in_columns(texts: Iterable[object]) -> str:
    return " ".join(f"{text:>16}" for text in texts)


def judged(explained: Explained, true: frozenset[int]) -> str:
    """How the explanations of a report compare with the cells that were made wrong."""
    sets = [frozenset(change.key for change in each.changes) for each in explained.explanations]
    if not any(sets):
        return "none"
    # errors that together break less than each of them alone are not all to be seen
    is_among = any(each <= true for each in sets)
    if explained.number > 1 or not explained.is_complete:
        return "among several" if is_among else "not among them"
    if not is_among:
        return "one, wrong"
    return "one, true" if true in sets else "one, part of it"


def blames_the_innocent(explained: Explained, true: frozenset[int]) -> bool:
    """Whether a cell stands alone in its cluster that is right."""
    alone = (each.cells for each in explained.clusters if each.is_complete and len(each.cells) == 1)
    return any(not cells <= true for cells in alone)


def prove_several(connection: duckdb.DuckDBPyConnection, reports: int, seed: int) -> list[Outcomes]:
    """Makes errors in synthetic reports that print rounded amounts, and explains them."""
    clean = list(reports_of(connection, connection.sql(CLEAN)))
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    found = []
    for errors in ERRORS:
        outcomes = Outcomes(str(errors), SEVERAL)
        while len(outcomes.seconds) < reports:
            terms, true = with_errors(chance.choice(clean), errors, chance, outcomes.counts)
            started = time.process_time()
            _, _, explained = explain(terms, BOUNDS)
            outcomes.seconds.append(time.process_time() - started)
            outcomes.counts[judged(explained, true)] += 1
            outcomes.counts["innocent blamed"] += blames_the_innocent(explained, true)
        found.append(outcomes)
    return found


def prove_structure(connection: duckdb.DuckDBPyConnection, made: Iterable[Made]) -> list[Outcomes]:
    """Explains reports with an error of structure, of those that print rounded amounts."""
    rounded = {report_id for (report_id,) in connection.execute(ROUNDED).fetchall()}
    numbers = dict(connection.execute("select report_id, report_no from staging.stg_accounts__reports").fetchall())
    by_number = {numbers[each.report_id]: each for each in made if each.of in rounded}
    found = {kind: Outcomes(kind, STRUCTURE) for kind in dict.fromkeys(each.kind for each in by_number.values())}
    asked = set()
    terms_of = TERMS.format(of_reports="reports.report_id like 'structure-%' and asked.has_a_break")
    for terms in reports_of(connection, connection.sql(terms_of)):
        number = terms[0].report_no
        if number in by_number:
            asked.add(number)
            started = time.process_time()
            _, cells, explained = explain(terms, BOUNDS)
            outcome = found[by_number[number].kind]
            outcome.seconds.append(time.process_time() - started)
            outcome.counts[named(explained, cells, by_number[number])] += 1
    for number in by_number.keys() - asked:
        found[by_number[number].kind].counts["nothing to see"] += 1
    return list(found.values())


def named(explained: Explained, cells: Mapping[int, Term], made: Made) -> str:
    """Whether an error of structure is told as what it is."""
    is_right = [_is_named(explanation, cells, made) for explanation in explained.explanations]
    if not any(is_right):
        return "otherwise" if any(each.changes for each in explained.explanations) else "not explained"
    if explained.number == 1:
        return "one, true"
    return "first of several" if is_right[0] else "among several"


def _is_named(explanation: Explanation, cells: Mapping[int, Term], made: Made) -> bool:
    kinds = {change.kind for change in explanation.changes}
    places = [cells[change.key] for change in explanation.changes]
    # a row that stands there twice has a key of its own, one that is not printed may be told by the subject above
    is_again = all(place.row_key.startswith("repeated_") for place in places)
    return (
        (kinds == {made.kind} or (is_again and made.kind == "doubled_row" and kinds == {"extra_cell"}))
        and all(place.table_no == made.table_no for place in places)
        and (is_again or any(row.startswith(place.row_key) for place in places for row in made.rows))
    )


def with_errors(
    terms: Sequence[Term], errors: int, chance: random.Random, counts: Counter[str]
) -> tuple[Sequence[Term], frozenset[int]]:
    """The terms of a report with so many wrong cells, each of which breaks something by itself, and these."""
    amounts = sorted({term.cell_no: term for term in terms if term.value and term.can_be_wrong}.items())
    true: set[int] = set()
    changed = terms
    while len(true) < errors:
        cell_no, term = chance.choice(amounts)
        text, value = _wrong(term, chance)
        if cell_no in true:
            continue
        if not is_broken(_with(terms, cell_no, text, value)):
            counts["nothing to see"] += 1
            continue
        true.add(cell_no)
        changed = _with(changed, cell_no, text, value)
    return changed, frozenset(true)


def _with(terms: Sequence[Term], cell_no: int, text: str, value: int) -> list[Term]:
    """The terms with another print of a cell."""
    misses: Counter[int] = Counter()
    for term in terms:
        if term.cell_no == cell_no:
            misses[term.instance_no] -= term.coefficient * (value - term.value)
    changed = []
    for term in terms:
        own = {"printed_text": text, "value": value} if term.cell_no == cell_no else {}
        is_changed = own or misses[term.instance_no]
        changed.append(replace(term, miss=term.miss + misses[term.instance_no], **own) if is_changed else term)
    return changed


def _wrong(term: Term, chance: random.Random) -> tuple[str, int]:
    """A text and value that a slip makes of a printed amount: every kind as often as any other."""
    printed = term.printed_text.replace(",", "")
    amount = Decimal(printed)
    texts: dict[str, list[str]] = {}
    for kind, text in errors_of(printed, chance):
        if any(digit.isdigit() for digit in text) and Decimal(text) != amount:
            texts.setdefault(kind, []).append(text)
    text = chance.choice(texts[chance.choice(sorted(texts))])
    return text, int(Decimal(text) * term.value / amount)


def is_broken(terms: Sequence[Term]) -> bool:
    """Whether a sum is broken by itself where amounts are rounded."""
    bounds: Counter[int] = Counter()
    for term in terms:
        bounds[term.instance_no] += term.half
    return any(
        term.miss < -bounds[term.instance_no] - term.slack
        or (term.miss > bounds[term.instance_no] + term.slack and not term.is_at_most)
        for term in terms
    )


def _millionths(yuan: str) -> str:
    return f"cast(cast({yuan} as decimal(38, 6)) * 1000000 as decimal(38, 0))"


TERMS = f"""
    select
        terms.report_no, terms.instance_no, terms.cell_no, terms.table_no, terms.row_key, terms.column_name,
        terms.coefficient, terms.printed_text, terms.cell_status <> 'amount' as is_blank, true as can_be_wrong,
        {_millionths("coalesce(terms.cell_value, 0)")} as value,
        case when terms.cell_status = 'amount' then {_millionths("terms.half_unit")} else 0 end as half_unit,
        case
            when terms.cell_status = 'amount'
                then {_millionths("greatest(terms.half_unit, coalesce(totals.half_unit, 0))")}
            else 0
        end as half_of_parts,
        {_millionths("terms.place")} as place,
        {_millionths("-instances.residual")} as miss,
        {_millionths("instances.slack")} as slack,
        instances.is_at_most
    from intermediate.int_joint_terms as terms
    inner join intermediate.int_joint_instances as instances using (report_no, instance_no)
    inner join (
        select reports.report_no
        from intermediate.int_joint_reports as asked
        inner join staging.stg_accounts__reports as reports using (report_no)
        where {{of_reports}}
    ) as chosen using (report_no)
    left join intermediate.int_joint_totals as totals using (report_no, cell_no)
"""  # noqa: S608 - expressions of this file
# reports that print each amount rounded by itself
ROUNDED = """
    select reports.report_id
    from staging.stg_accounts__reports as reports
    left join intermediate.int_joint_reports as asked using (report_no)
    where coalesce(not asked.has_a_break and asked.half_units = 1, true)
"""
CLEAN = TERMS.format(
    of_reports="""
        reports.report_no in (
            select asked.report_no
            from intermediate.int_joint_reports as asked
            inner join staging.stg_accounts__reports as reports using (report_no)
            where reports.report_id like 'synthetic-%' and not asked.has_a_break and asked.half_units = 1
            order by reports.report_id
            limit 100
        )
    """
)
