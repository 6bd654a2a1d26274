"""The cells of the sums of a report: what the search for wrong cells reads."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter


@dataclass(frozen=True)
class Term:
    """A row of the model int_explained_terms: a cell in a sum of a report, in millionths."""

    report_no: int
    instance_no: int
    cell_no: int
    table_no: str
    row_key: str
    column_name: str
    coefficient: int
    printed_text: str | None
    is_blank: bool
    can_be_wrong: bool
    value: int
    half: int
    half_of_parts: int
    place: int
    miss: int  # what the changes of the cells must add up to
    slack: int
    is_at_most: bool


def unit_of(terms: Iterable[Term]) -> int:
    """The largest unit that counts everything."""
    counted = attrgetter("value", "half", "half_of_parts", "place", "miss", "slack")
    return math.gcd(*chain.from_iterable({counted(term) for term in terms})) or 1


def broken_instances(terms: Iterable[Term]) -> set[int]:
    """The sums that are broken by themselves, in whatever way a report prints."""
    bounds: Counter[int] = Counter()
    last: dict[int, Term] = {}
    for term in terms:
        # cutting digits takes twice what rounding does, from one side
        bounds[term.instance_no] += max(2 * term.half, term.half_of_parts)
        last[term.instance_no] = term
    return {
        instance_no
        for instance_no, term in last.items()
        if term.miss < -bounds[instance_no] - term.slack
        or (term.miss > bounds[instance_no] + term.slack and not term.is_at_most)
    }
