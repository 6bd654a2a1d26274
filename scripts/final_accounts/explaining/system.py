"""All identities of one report as one linear system in integers, and whether true values within the print satisfy it.

HiGHS searches in floats; what it says is believed only once it was checked exactly. That true values exist is shown by
such values; that none exist by Farkas: a sum of identities, each times a number, that no values within the print can
satisfy. Where neither check succeeds the question stays undecided, which is an exception and never an accusation.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import highspy
import numpy as np

# Coefficients are 1 and -1, so that corners of the system have small denominators: the common ones are tried first, on
# all values at once.
DENOMINATORS = (1, 2, 12, 2520)
LARGEST_DENOMINATOR = 1000
# what identities miss together is a whole number of parts, or nothing
SMALLEST_MISS = 1e-6
# what a float counts exactly
LARGEST_WHOLE = 2**53


# what cells and identities are called: a number or a name
Key = int | str
Number = int | Fraction
Multipliers = Mapping[Key, Number]


@dataclass(frozen=True)
class Cell:
    """The values that a print stands for, from lowest to highest, in integers of one unit for the whole report."""

    key: Key
    lowest: int
    highest: int
    can_be_wrong: bool = True


@dataclass(frozen=True)
class Identity:
    """Sum of coefficient times cell equals `right`, or is at most that."""

    key: Key
    terms: Mapping[Key, int]
    right: int = 0
    at_most: bool = False


class UndecidedError(ArithmeticError):
    """What the solver says could not be checked exactly."""


class System:
    """The cells and identities of one report."""

    def __init__(self, cells: Iterable[Cell], identities: Iterable[Identity]) -> None:
        self.cells = {cell.key: cell for cell in cells}
        self.identities = {identity.key: identity for identity in identities}
        self._columns = {key: column for column, key in enumerate(self.cells)}
        self._lowest = np.array([cell.lowest for cell in self.cells.values()], np.int64)
        self._highest = np.array([cell.highest for cell in self.cells.values()], np.int64)
        self._rows = _Rows(self.identities.values(), self._columns)
        self._freed: set[Key] = set()
        self._solver = self._made()

    def conflicts(self, freed: Set[Key] = frozenset()) -> list[dict[Key, Number]]:
        """None where true values exist when the cells of `freed` may have any; else how often to take which identities.

        Each conflict is one by itself, and none shares a cell with another.
        """
        self._free(freed)
        self._solver.run()
        _be_optimal(self._solver)
        solution = self._solver.getSolution()
        if self._solver.getObjectiveValue() > SMALLEST_MISS:
            found = [part for part in self._parts(self._multipliers(solution)) if self.refutes(part, freed)]
            if found:
                return found
        # the columns behind the cells are what the identities miss
        elif self._holds(np.array(solution.col_value[: len(self.cells)]), freed):
            return []
        raise UndecidedError("neither true values nor a conflict could be shown exactly")

    def broken(self) -> list[dict[Key, Number]]:
        """The identities that no values within the print can satisfy, even by themselves."""
        least, most = self._rows.ends(self._lowest, self._highest)
        above, below = least > self._rows.right, (most < self._rows.right) & ~self._rows.at_most
        keys = list(self.identities)
        return [{keys[row]: 1 if above[row] else -1} for row in np.flatnonzero(above | below)]

    def refutes(self, multipliers: Multipliers, freed: Set[Key] = frozenset()) -> bool:
        """Whether the identities, each times its number, add up to what no values within the print can satisfy."""
        if any(self.identities[key].at_most and number < 0 for key, number in multipliers.items()):
            return False
        return not freed & self.combined(multipliers).keys() and self.apart(multipliers) > 0

    def apart(self, multipliers: Multipliers) -> Number:
        """By how much the least that the cells of a sum of identities can come to is more than what it must come to."""
        right = sum(number * self.identities[key].right for key, number in multipliers.items())
        return self._least(self.combined(multipliers)) - right

    def combined(self, multipliers: Multipliers) -> dict[Key, Number]:
        """The cells that are left in a sum of identities: one of them is wrong wherever the sum refutes the print."""
        sums: dict[Key, Number] = {}
        for name, number in multipliers.items():
            for key, coefficient in self.identities[name].terms.items():
                sums[key] = sums.get(key, 0) + coefficient * number
        return {key: factor for key, factor in sums.items() if factor}

    def suspects(self, multipliers: Multipliers) -> frozenset[Key]:
        """Of the cells that are left in a sum, those that can be wrong."""
        return frozenset(key for key in self.combined(multipliers) if self.cells[key].can_be_wrong)

    def bound(self, key: Key, freed: Set[Key], side: Literal["lowest", "highest"]) -> Fraction | None:
        """The lowest, or highest, value of a freed cell with which everything can hold; none where there is no end.

        Everything must be able to hold. Shown exactly by a sum of identities: no value beyond it is possible.
        """
        self._free(freed)
        sign = 1 if side == "lowest" else -1
        solver, column = self._solver, self._columns[key]
        solver.changeColCost(column, sign)
        self._bound_misses(0)
        try:
            solver.run()
            status = solver.getModelStatus()
            multipliers = self._multipliers(solver.getSolution())
        finally:
            solver.changeColCost(column, 0)
            self._bound_misses(highspy.kHighsInf)
        if status != highspy.HighsModelStatus.kOptimal:
            return None
        return self._end(key, multipliers, freed, sign)

    def _end(self, key: Key, multipliers: Multipliers, freed: Set[Key], sign: int) -> Fraction | None:
        """What a sum of identities says of one cell, whatever the others are within their print."""
        for turned in (1, -1):
            numbers = {name: turned * number for name, number in multipliers.items()}
            if any(self.identities[name].at_most and number < 0 for name, number in numbers.items()):
                continue
            combined = self.combined(numbers)
            factor = combined.pop(key, 0)
            # factor * cell <= right - least of the others: an upper end where the factor is above zero
            if factor * sign >= 0 or (freed & combined.keys()):
                continue
            right = sum(number * self.identities[name].right for name, number in numbers.items())
            return Fraction(right - self._least(combined)) / factor
        return None

    def _least(self, combined: Mapping[Key, Number]) -> Number:
        return sum(
            factor * (self.cells[key].lowest if factor > 0 else self.cells[key].highest)
            for key, factor in combined.items()
        )

    def _holds(self, values: np.ndarray, freed: Set[Key]) -> bool:
        """Whether values that a solver found are true values, exactly, once they are rounded to common denominators."""
        bound = np.ones(len(self.cells), bool)
        bound[[self._columns[key] for key in freed]] = False
        largest = float(np.abs(values).max(initial=0))
        for denominator in DENOMINATORS:
            if largest * denominator * len(self.cells) < LARGEST_WHOLE:
                whole = np.rint(values * denominator).astype(np.int64)
                within = (self._lowest * denominator <= whole) & (whole <= self._highest * denominator)
                if np.all(within | ~bound) and self._rows.hold(whole, denominator):
                    return True
        exact = np.array([_exact(value) for value in values], object)
        within = (self._lowest <= exact) & (exact <= self._highest)
        return bool(np.all(within | ~bound)) and self._rows.hold(exact, 1)

    def _parts(self, multipliers: Multipliers) -> Iterator[dict[Key, Number]]:
        """The identities of a sum in groups that share no cell."""
        group_of: dict[Key, int] = {}
        groups: dict[int, list[Key]] = {}
        for number, name in enumerate(multipliers):
            met = {group_of[key] for key in self.identities[name].terms if key in group_of}
            groups[number] = [name, *(each for other in met for each in groups.pop(other))]
            for each in groups[number] if met else [name]:
                group_of.update(dict.fromkeys(self.identities[each].terms, number))
        for names in groups.values():
            part = {name: multipliers[name] for name in names}
            # which sign shows the conflict hangs on its direction
            yield part
            yield {name: -number for name, number in part.items()}

    def _multipliers(self, solution: highspy.HighsSolution) -> dict[Key, Number]:
        duals = zip(self.identities, solution.row_dual, strict=True)
        return {name: exact for name, dual in duals if (exact := _exact(dual))}

    def _made(self) -> highspy.Highs:
        """Least sum of what the identities miss: zero where all can hold, and there are always dual values."""
        rows, columns = len(self.identities), len(self.cells)
        infinity = highspy.kHighsInf
        program = highspy.HighsLp()
        program.num_row_, program.num_col_ = rows, columns + 2 * rows
        program.col_cost_ = np.r_[np.zeros(columns), np.ones(2 * rows)]
        program.col_lower_ = np.r_[self._lowest, np.zeros(2 * rows)].astype(float)
        program.col_upper_ = np.r_[self._highest, np.full(2 * rows, infinity)].astype(float)
        program.row_lower_ = np.where(self._rows.at_most, -infinity, self._rows.right)
        program.row_upper_ = self._rows.right.astype(float)
        # each row takes two more columns: what it misses, above and below
        first, numbers = self._rows.first, np.arange(rows, dtype=np.int64)
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.r_[first + 2 * np.arange(rows + 1)].astype(np.int32)
        ends = np.repeat(first[1:], 2)
        misses = columns + np.repeat(2 * numbers, 2) + np.tile([0, 1], rows)
        program.a_matrix_.index_ = np.insert(self._rows.columns, ends, misses).astype(np.int32)
        program.a_matrix_.value_ = np.insert(self._rows.factors, ends, np.tile([1, -1], rows)).astype(float)
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        # questions differ in a few bounds: each goes on from the basis of the one before
        solver.setOptionValue("presolve", "off")
        solver.passModel(program)
        return solver

    def _bound_misses(self, most: float) -> None:
        """What the identities miss is nothing, or whatever it takes."""
        first, last = len(self.cells), self._solver.getNumCol()
        numbers = np.arange(first, last, dtype=np.int32)
        self._solver.changeColsBounds(len(numbers), numbers, np.zeros(len(numbers)), np.full(len(numbers), most))

    def _free(self, freed: Set[Key]) -> None:
        for key in self._freed - freed:
            cell = self.cells[key]
            self._solver.changeColBounds(self._columns[key], cell.lowest, cell.highest)
        for key in freed - self._freed:
            self._solver.changeColBounds(self._columns[key], -highspy.kHighsInf, highspy.kHighsInf)
        self._freed = set(freed)


class _Rows:
    """The identities of a system as arrays."""

    def __init__(self, identities: Iterable[Identity], columns: Mapping[Key, int]) -> None:
        each = list(identities)
        self.first = np.cumsum([0, *(len(identity.terms) for identity in each)])
        self.columns = np.array([columns[key] for identity in each for key in identity.terms], np.int64)
        self.factors = np.array([factor for identity in each for factor in identity.terms.values()], np.int64)
        self.right = np.array([identity.right for identity in each], np.int64)
        self.at_most = np.array([identity.at_most for identity in each], bool)

    def ends(self, lowest: np.ndarray, highest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The least and the most that each sum can come to."""
        low, high = self.factors * lowest[self.columns], self.factors * highest[self.columns]
        return self._sums(np.minimum(low, high)), self._sums(np.maximum(low, high))

    def _sums(self, terms: np.ndarray) -> np.ndarray:
        parts = np.r_[np.zeros(1, terms.dtype), np.cumsum(terms)]
        return parts[self.first[1:]] - parts[self.first[:-1]]

    def hold(self, values: np.ndarray, denominator: int) -> bool:
        """Whether values, each as so many parts, satisfy every identity."""
        off = self._sums(self.factors * values[self.columns]) - self.right * denominator
        return bool(np.all((off == 0) | (self.at_most & (off < 0))))


def _exact(number: float) -> Number:
    """The simplest number that it can be: a whole one, mostly."""
    whole = round(number)
    if abs(number - whole) * LARGEST_DENOMINATOR**2 < 1:
        return whole
    return Fraction(number).limit_denominator(LARGEST_DENOMINATOR)


def _be_optimal(solver: highspy.Highs) -> None:
    status = solver.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise UndecidedError(solver.modelStatusToString(status))


def irreducible(system: System, found: Multipliers) -> dict[Key, Number]:
    """Of a conflict, as few identities as possible: without any one of them the others could hold together."""
    kept = dict(found)
    for name in found:
        fewer = [system.identities[each] for each in kept if each != name]
        smaller = System(_used(system, fewer), fewer).conflicts() if name in kept else []
        if smaller:
            kept = min(smaller, key=len)
    return kept


def _used(system: System, identities: Sequence[Identity]) -> Iterator[Cell]:
    """The cells that stand in some identities."""
    return (system.cells[key] for key in dict.fromkeys(key for identity in identities for key in identity.terms))
