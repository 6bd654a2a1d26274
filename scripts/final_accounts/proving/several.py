"""How well reports with several errors are explained: clean reports get wrong cells, and what explains them is judged.

The errors are made in the terms of the sums, as the warehouse has them, so that thousands of reports need no build.
"""

import random
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import duckdb

from final_accounts.explaining.explain import Bounds, Explained
from final_accounts.explaining.explanations import Term, explain, reports_of
from final_accounts.proving.mutants import errors_of

BOUNDS = Bounds(changes=6, questions=600, listed=24)
ERRORS = (1, 2, 3, 5)


@dataclass
class Outcomes:
    """What came of the reports with so many errors."""

    errors: int
    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def line(self) -> str:
        """As a row of the table."""
        broken = self.counts.total() - self.counts["nothing to see"]
        shares = (f"{100 * self.counts[name] / max(broken, 1):.1f} %" for name in COLUMNS)
        median = f"{statistics.median(self.seconds or [0]):.2f} s"
        return " ".join(f"{text:>16}" for text in (self.errors, broken, *shares, self.counts["nothing to see"], median))


# outcomes of a report that is broken; each is one of these, but for «among several», which are alternatives
COLUMNS = ("one, true", "one, part of it", "one, wrong", "among several", "not among them", "none")
HEAD = " ".join(f"{text:>16}" for text in ("errors", "reports", *COLUMNS, "nothing to see", "median"))


def judged(explained: Explained, true: frozenset[int]) -> str:
    """How the explanations of a report compare with the cells that were made wrong."""
    sets = [frozenset(change.key for change in each.changes) for each in explained.explanations]
    if not any(sets):
        return "none"
    if explained.number > 1 or not explained.is_complete:
        return "among several" if true in sets else "not among them"
    if sets[0] == true:
        return "one, true"
    # a second error that breaks nothing cannot be seen
    return "one, part of it" if sets[0] < true else "one, wrong"


def prove_several(connection: duckdb.DuckDBPyConnection, reports: int, seed: int) -> list[Outcomes]:
    """Makes errors in synthetic reports that print rounded amounts, and explains them."""
    clean = list(reports_of(connection.sql(CLEAN)))
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    found = []
    for errors in ERRORS:
        outcomes = Outcomes(errors)
        while len(outcomes.seconds) < reports:
            terms, true = with_errors(chance.choice(clean), errors, chance)
            if not is_broken(terms):
                outcomes.counts["nothing to see"] += 1
                continue
            started = time.process_time()
            _, explained = explain(terms, BOUNDS)
            outcomes.seconds.append(time.process_time() - started)
            outcomes.counts[judged(explained, true)] += 1
        found.append(outcomes)
    return found


def with_errors(terms: Sequence[Term], errors: int, chance: random.Random) -> tuple[list[Term], frozenset[int]]:
    """The terms of a report with so many wrong cells, and these."""
    amounts = sorted({term.cell_no: term for term in terms if term.value and term.can_be_wrong}.items())
    wrong = {cell: _wrong(term, chance) for cell, term in chance.sample(amounts, errors)}
    misses: Counter[int] = Counter()
    for term in terms:
        if term.cell_no in wrong:
            misses[term.instance_no] -= term.coefficient * (wrong[term.cell_no][1] - term.value)
    changed = []
    for term in terms:
        text, value = wrong.get(term.cell_no, (term.printed_text, term.value))
        changed.append(replace(term, printed_text=text, value=value, miss=term.miss + misses[term.instance_no]))
    return changed, frozenset(wrong)


def _wrong(term: Term, chance: random.Random) -> tuple[str, int]:
    """A text and value that a slip makes of a printed amount: every kind as often as any other."""
    amount = Decimal(term.printed_text.replace(",", ""))
    texts: dict[str, list[str]] = {}
    for kind, text in errors_of(term.printed_text, chance):
        if any(digit.isdigit() for digit in text) and Decimal(text) != amount:
            texts.setdefault(kind, []).append(text)
    text = chance.choice(texts[chance.choice(sorted(texts))])
    return text, int(Decimal(text) * term.value / amount)


def is_broken(terms: Sequence[Term]) -> bool:
    """Whether a sum is broken by itself."""
    bounds: Counter[int] = Counter()
    for term in terms:
        bounds[term.instance_no] += term.half
    return any(
        term.miss < -bounds[term.instance_no] - term.slack
        or (term.miss > bounds[term.instance_no] + term.slack and not term.is_at_most)
        for term in terms
    )


CLEAN = """
    select
        terms.report_no, terms.instance_no, terms.cell_no, terms.table_no, terms.row_key, terms.column_name,
        terms.coefficient, terms.printed_text, terms.cell_status <> 'amount' as is_blank, true as can_be_wrong,
        cast(coalesce(terms.cell_value, 0) * 1000000 as decimal(38, 0)) as value,
        cast(case when terms.cell_status = 'amount' then terms.half_unit * 1000000 else 0 end as bigint) as half_unit,
        cast(case
            when terms.cell_status = 'amount' then greatest(terms.half_unit, coalesce(totals.half_unit, 0)) * 1000000
            else 0
        end as bigint) as half_of_parts,
        cast(terms.place * 1000000 as bigint) as place,
        cast(-instances.residual * 1000000 as decimal(38, 0)) as miss,
        cast(instances.slack * 1000000 as decimal(38, 0)) as slack,
        instances.is_at_most
    from intermediate.int_joint_terms as terms
    inner join intermediate.int_joint_instances as instances using (report_no, instance_no)
    inner join (
        select reports.report_no
        from intermediate.int_joint_reports as asked
        inner join staging.stg_accounts__reports as reports using (report_no)
        where reports.report_id like 'synthetic-%' and not asked.has_a_break and asked.half_units = 1
        order by reports.report_id
        limit 100
    ) as clean using (report_no)
    left join intermediate.int_joint_totals as totals using (report_no, cell_no)
"""
