"""Whether the identities of each report that hold one by one can hold together: asked of many reports at once.

Reports share no cell, so that a linear program over some of them together is possible where each is, and one start of
the solver answers for all. Only where it is not each report is asked by itself, by its System.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal

import highspy
import numpy as np

from final_accounts.explaining.system import DENOMINATORS, Cell, Identity, System

REPORTS_AT_ONCE = 20

# how a report prints: each amount rounded, digits cut off, or totals as sums of rounded parts
Way = Literal["rounded", "cut", "summed"]


@dataclass(frozen=True)
class Terms:
    """The terms of the sums of some reports, ordered by report and instance: arrays of one length, in one unit.

    What differs by instance or by cell stands in each of its terms. A cell is told by how far its true value can be
    from its print, a sum by what that must add up to.
    """

    report: np.ndarray
    instance: np.ndarray
    cell: np.ndarray  # a number of its own in each report
    coefficient: np.ndarray
    half: np.ndarray  # of the last printed place
    half_of_parts: np.ndarray  # the same where totals are sums of rounded parts
    sign: np.ndarray  # -1 where the print is below zero
    right: np.ndarray  # what the changes of the cells must add up to
    slack: np.ndarray  # by how much they may miss it
    at_most: np.ndarray

    def of(self, chosen: np.ndarray | slice) -> "Terms":
        """Some of the terms."""
        return Terms(*(getattr(self, each.name)[chosen] for each in fields(self)))

    @property
    def unit(self) -> int:
        """The largest unit that counts everything."""
        return int(np.gcd.reduce(np.r_[self.half, self.half_of_parts, self.right, self.slack], initial=0)) or 1

    def counted_in(self, unit: int) -> "Terms":
        """The same in another unit."""
        counted = {name: getattr(self, name) // unit for name in ("half", "half_of_parts", "right", "slack")}
        return replace(self, **counted)

    def ends(self, way: Way) -> tuple[np.ndarray, np.ndarray]:
        """How far below and above its print each true value can be."""
        if way == "rounded":
            return -self.half, self.half
        if way == "summed":
            return -self.half_of_parts, self.half_of_parts
        return np.where(self.sign < 0, -2 * self.half, 0), np.where(self.sign < 0, 0, 2 * self.half)


def impossible_reports(terms: Terms) -> Iterator[Terms]:
    """The terms of each report whose sums cannot all hold, in whatever way its amounts are printed."""
    likely = _likely_ways(terms)
    ways: tuple[Way, ...] = ("rounded", "cut", "summed")
    for way in ways:
        some = terms.of(likely == way)
        starts = _starts(some.report)
        others = tuple(each for each in ways if each != way)
        for first in range(0, len(starts) - 1, REPORTS_AT_ONCE):
            yield from _impossible(some, starts[first : first + REPORTS_AT_ONCE + 1], (way, *others))


def _likely_ways(terms: Terms) -> np.ndarray:
    """How each report prints, at a glance: alike ones are asked together."""
    starts = _starts(terms.report)
    if len(starts) < 2:
        return np.zeros(0, str)
    # no whole is less than its parts where digits are cut
    looks_cut = np.maximum.reduceat(np.where(terms.at_most, 0, terms.right), starts[:-1]) <= 0
    may_be_summed = np.logical_or.reduceat(terms.half_of_parts > terms.half, starts[:-1])
    return np.repeat(np.select([looks_cut, may_be_summed], ["cut", "summed"], "rounded"), np.diff(starts))


def _impossible(terms: Terms, starts: np.ndarray, ways: Sequence[Way]) -> Iterator[Terms]:
    some = terms.of(slice(starts[0], starts[-1]))
    counted = some.counted_in(some.unit)
    if _are_possible(counted, ways[0]):
        return
    if len(starts) > 2:
        middle = len(starts) // 2
        yield from _impossible(terms, starts[: middle + 1], ways)
        yield from _impossible(terms, starts[middle:], ways)
    elif not any(_are_possible(counted, way) for way in ways[1:]):
        yield some


def _starts(keys: np.ndarray) -> np.ndarray:
    return np.r_[0, np.flatnonzero(np.diff(keys)) + 1, len(keys)] if len(keys) else np.zeros(1, np.int64)


def _are_possible(terms: Terms, way: Way) -> bool:
    """Whether true values were found, and are true exactly; not found, they may still be there."""
    rows = _starts(terms.instance)
    first = rows[:-1]
    cells, columns = np.unique(terms.cell, return_inverse=True)
    lowest, highest = np.zeros((2, len(cells)), np.int64)
    lowest[columns], highest[columns] = terms.ends(way)
    at_most, right, slack = terms.at_most[first], terms.right[first], terms.slack[first]
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = len(first), len(lowest)
    program.col_cost_ = np.zeros(len(lowest))
    program.col_lower_, program.col_upper_ = lowest.astype(float), highest.astype(float)
    program.row_lower_ = np.where(at_most, -highspy.kHighsInf, right - slack)
    program.row_upper_ = (right + slack).astype(float)
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = rows.astype(np.int32)
    program.a_matrix_.index_ = columns.astype(np.int32)
    program.a_matrix_.value_ = terms.coefficient.astype(float)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    # a row that is printed twice has its cells twice in one sum, which the solver does not take
    if solver.passModel(program) != highspy.HighsStatus.kOk or solver.run() != highspy.HighsStatus.kOk:
        return False
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return False
    values = np.array(solver.getSolution().col_value)
    for denominator in DENOMINATORS:
        whole = np.rint(values * denominator).astype(np.int64)
        off = np.add.reduceat(terms.coefficient * whole[columns], first) - right * denominator
        if (
            np.all((lowest * denominator <= whole) & (whole <= highest * denominator))
            and np.all(off <= slack * denominator)
            and np.all(at_most | (off >= -slack * denominator))
        ):
            return True
    return False


def system_of(terms: Terms) -> System:
    """The system of one report; true values are told by how far they are from their print."""
    halves: dict[int, int] = {}
    sums: dict[int, dict[int, int]] = {}
    instances: dict[int, tuple[int, int, bool]] = {}
    columns = (terms.instance, terms.cell, terms.coefficient, terms.half, terms.right, terms.slack, terms.at_most)
    for instance, cell, coefficient, half, right, slack, at_most in zip(
        *(each.tolist() for each in columns), strict=True
    ):
        halves[cell] = max(half, halves.get(cell, 0))
        of_instance = sums.setdefault(instance, {})
        of_instance[cell] = of_instance.get(cell, 0) + coefficient
        instances[instance] = right, slack, at_most
    cells = [Cell(cell, -half, half) for cell, half in halves.items()]
    identities = []
    for instance, (right, slack, at_most) in instances.items():
        cells.append(Cell(-instance, -slack, slack, can_be_wrong=False))
        identities.append(Identity(instance, sums[instance] | {-instance: 1}, right, at_most))
    return System(cells, identities)
