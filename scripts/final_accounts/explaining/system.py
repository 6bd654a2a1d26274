"""All identities of one report as one linear system in integers, and whether true values within the print satisfy it.

HiGHS searches in floats; what it says is believed only once it was checked exactly. That true values exist is shown by
such values; that none exist by Farkas: a sum of identities, each times a number, that no values within the print can
satisfy. Where neither check succeeds the question stays undecided, which is an exception and never an accusation.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction

import highspy

# Coefficients are 1 and -1, so that corners of the system have small denominators.
DENOMINATOR = 1000


@dataclass(frozen=True)
class Cell:
    """The values that a print stands for, from lowest to highest, in integers of one unit for the whole report."""

    key: str
    lowest: int
    highest: int
    can_be_wrong: bool = True


@dataclass(frozen=True)
class Identity:
    """Sum of coefficient times cell equals `right`, or is at most that."""

    key: str
    terms: Mapping[str, int]
    right: int = 0
    at_most: bool = False


class UndecidedError(ArithmeticError):
    """What the solver says could not be checked exactly."""


class System:
    """The cells and identities of one report."""

    def __init__(self, cells: Iterable[Cell], identities: Sequence[Identity]) -> None:
        self.cells = {cell.key: cell for cell in cells}
        self.identities = list(identities)
        self._columns = {key: column for column, key in enumerate(self.cells)}
        self._freed: set[str] = set()
        self._solver = self._made()

    def conflict(self, freed: Set[str] = frozenset()) -> dict[str, Fraction] | None:
        """None if true values exist when the cells of `freed` may have any; else how often to take which identities."""
        self._free(freed)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise UndecidedError(self._solver.modelStatusToString(self._solver.getModelStatus()))
        solution = self._solver.getSolution()
        values = dict(zip(self.cells, map(_exact, solution.col_value), strict=False))
        if self.holds(values, freed):
            return None
        duals = [_exact(dual) for dual in solution.row_dual]
        for sign in (1, -1):
            multipliers = {
                identity.key: sign * dual for identity, dual in zip(self.identities, duals, strict=True) if dual
            }
            if self.refutes(multipliers, freed):
                return multipliers
        raise UndecidedError("neither true values nor a conflict could be shown exactly")

    def holds(self, values: Mapping[str, Fraction], freed: Set[str]) -> bool:
        """Whether values lie within the print, but for freed cells, and satisfy every identity."""
        within = all(key in freed or cell.lowest <= values[key] <= cell.highest for key, cell in self.cells.items())
        return within and all(self._satisfies(identity, values) for identity in self.identities)

    def refutes(self, multipliers: Mapping[str, Fraction], freed: Set[str]) -> bool:
        """Whether the identities, each times its number, add up to what no values within the print can satisfy."""
        taken = [identity for identity in self.identities if identity.key in multipliers]
        if any(identity.at_most and multipliers[identity.key] < 0 for identity in taken):
            return False
        combined = self.combined(multipliers)
        if freed & combined.keys():
            return False
        least = sum(
            factor * (self.cells[key].lowest if factor > 0 else self.cells[key].highest)
            for key, factor in combined.items()
        )
        return least > sum(multipliers[identity.key] * identity.right for identity in taken)

    def combined(self, multipliers: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """The cells that are left in a sum of identities: one of them is wrong wherever the sum refutes the print."""
        sums: dict[str, Fraction] = {}
        for identity in self.identities:
            for key, coefficient in identity.terms.items():
                sums[key] = sums.get(key, Fraction(0)) + coefficient * multipliers.get(identity.key, 0)
        return {key: factor for key, factor in sums.items() if factor}

    def _satisfies(self, identity: Identity, values: Mapping[str, Fraction]) -> bool:
        left = sum(coefficient * values[key] for key, coefficient in identity.terms.items())
        return left <= identity.right if identity.at_most else left == identity.right

    def _made(self) -> highspy.Highs:
        """Least sum of what the identities miss: zero where all can hold, and there are always dual values."""
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        infinity = highspy.kHighsInf
        for cell in self.cells.values():
            solver.addCol(0, cell.lowest, cell.highest, 0, [], [])
        for identity in self.identities:
            columns = [self._columns[key] for key in identity.terms]
            lower = -infinity if identity.at_most else identity.right
            solver.addRow(lower, identity.right, len(columns), columns, list(identity.terms.values()))
        for row in range(len(self.identities)):
            for direction in (1, -1):
                solver.addCol(1, 0, infinity, 1, [row], [direction])
        return solver

    def _free(self, freed: Set[str]) -> None:
        for key in self._freed - freed:
            cell = self.cells[key]
            self._solver.changeColBounds(self._columns[key], cell.lowest, cell.highest)
        for key in freed - self._freed:
            self._solver.changeColBounds(self._columns[key], -highspy.kHighsInf, highspy.kHighsInf)
        self._freed = set(freed)


def _exact(number: float) -> Fraction:
    return Fraction(number).limit_denominator(DENOMINATOR)


def irreducible(system: System) -> list[Identity]:
    """Identities that cannot hold together though all but any one of them can; none where the report is possible."""
    found = system.conflict()
    if found is None:
        return []
    kept = [identity for identity in system.identities if identity.key in found]
    for identity in list(kept):
        fewer = [each for each in kept if each is not identity]
        if System(system.cells.values(), fewer).conflict() is not None:
            kept = fewer
    return kept
