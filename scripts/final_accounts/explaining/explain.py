"""What explains a report whose figures cannot all be true: the smallest sets of wrong cells and what they should be."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from final_accounts.explaining.blame import clusters_of
from final_accounts.explaining.change_sets import BoundReachedError, Search, smallest_change_sets
from final_accounts.explaining.slips import COSTS, SINGLE_SLIP, kind_of, slips
from final_accounts.explaining.system import Cell, Identity, Key, System, UndecidedError


@dataclass(frozen=True)
class Bounds:
    """How far a search goes."""

    changes: int
    questions: int
    listed: int


@dataclass(frozen=True)
class Printed:
    """A cell as a report prints it, in integers of one unit; nothing printed is zero."""

    key: Key
    value: int
    half: int  # of its last place; zero where it stands for its value alone
    half_of_parts: int  # the same where totals are sums of rounded parts
    place: int
    is_blank: bool
    can_be_wrong: bool

    @property
    def figure(self) -> int | None:
        """The print, counted in its last place."""
        return None if self.is_blank else self.value // self.place

    @property
    def rounded(self) -> Cell:
        """By how far the true value may be from the print where it was rounded."""
        return Cell(self.key, -self.half, self.half, self.can_be_wrong)

    @property
    def cut(self) -> Cell:
        """The same where digits were cut off: that takes every amount towards zero."""
        below, above = (2 * self.half, 0) if self.value < 0 else (0, 2 * self.half)
        return Cell(self.key, -below, above, self.can_be_wrong)

    @property
    def summed(self) -> Cell:
        """The same where a total is the sum of its parts as they are printed."""
        return Cell(self.key, -self.half_of_parts, self.half_of_parts, self.can_be_wrong)


@dataclass(frozen=True)
class Change:
    """A cell that is taken to be wrong: the ends of its true value, if it has any, and what it should print.

    What it could print is counted in its last place.
    """

    key: Key
    lowest: Fraction | None
    highest: Fraction | None
    first: int | None  # print that a possible value can have
    last: int | None
    figure: int | None
    kind: str
    cost: int  # the more, the less likely


@dataclass(frozen=True)
class Explanation:
    """Changes that mend everything together."""

    changes: tuple[Change, ...]

    @property
    def meant(self) -> frozenset[tuple[Key, int | None]]:
        """Its cells with what they should print."""
        return frozenset((change.key, change.figure) for change in self.changes)

    @property
    def keys(self) -> frozenset[Key]:
        """Its cells."""
        return frozenset(change.key for change in self.changes)

    @property
    def cost(self) -> int:
        """That of its changes."""
        return sum(change.cost for change in self.changes)

    @property
    def has_only_slips(self) -> bool:
        """Whether a single slip explains each of the changes."""
        return all(change.cost <= SINGLE_SLIP for change in self.changes)


@dataclass(frozen=True)
class Cluster:
    """Cells that explain a part of a report: one alone is blamed, of several some are wrong."""

    cells: frozenset[Key]
    is_complete: bool  # whether all explanations of the part were looked for


@dataclass(frozen=True)
class Explained:
    """Explanations, the likeliest first, how many there are (not all are listed), and if all were looked for."""

    explanations: Sequence[Explanation]
    number: int
    is_complete: bool
    clusters: Sequence[Cluster] = ()


class Report:
    """The printed cells of a report and its identities, over changes of the cells; or a part that shares no cell."""

    def __init__(self, cells: Iterable[Printed], slacks: Iterable[Cell], identities: Iterable[Identity]) -> None:
        self.printed = {each.key: each for each in cells}
        self.slacks, self.identities = list(slacks), list(identities)
        self.uses: dict[Key, list[Identity]] = {}
        for identity in self.identities:
            for key in identity.terms:
                self.uses.setdefault(key, []).append(identity)

    def explained(self, bounds: Bounds) -> Explained:
        """What explains it, in whichever way of printing needs the fewest changes."""
        try:
            return self._explained(bounds)
        except (UndecidedError, OverflowError):
            # OverflowError: figures that no department has
            return Explained([], 0, is_complete=False)

    def _explained(self, bounds: Bounds) -> Explained:
        searches = [Search(system, bounds.questions) for system in self._systems()]
        smallest = smallest_change_sets(searches, bounds.changes)
        sets = sorted(smallest.sets, key=sorted)
        if sets and len(sets[0]) > _findings(smallest.sets[sets[0]]):
            # the figures agree among themselves, and one rule does not hold: they are meant as they are printed
            return Explained([], 0, smallest.is_complete)
        found = [self._explanation(each, smallest.sets[each]) for each in sets[: bounds.listed]]
        is_complete = smallest.is_complete
        if is_complete and len(sets) == 1 and not found[0].has_only_slips:
            try:
                rivals = self._rivals(searches, found[0])
                sets += [each.keys for each in rivals]
                found = [*found, *rivals][: bounds.listed]
            except BoundReachedError:
                is_complete = False
        unlisted = frozenset().union(*sets[bounds.listed :])
        no_slips = {change.key for each in found for change in each.changes if change.cost > SINGLE_SLIP}
        certain = self.printed.keys() - unlisted - no_slips
        clusters = [Cluster(each, is_complete) for each in clusters_of(sets, certain)]
        return Explained(sorted(found, key=lambda each: each.cost), len(sets), is_complete, clusters)

    def completed(self, lost: frozenset[Key]) -> Explanation | None:
        """What some cells should be, if true values exist where these may have any."""
        try:
            for system in self._systems():
                if not system.conflicts(lost):
                    return self._explanation(lost, system)
        except (UndecidedError, OverflowError):
            pass
        return None

    def _systems(self) -> list[System]:
        """One for each way of printing."""
        cells = self.printed.values()
        ways = [[each.rounded for each in cells], [each.cut for each in cells]]
        if any(each.half_of_parts > each.half for each in cells):
            ways.append([each.summed for each in cells])
        return [System([*each, *self.slacks], self.identities) for each in ways]

    def _rivals(self, searches: Iterable[Search], blamed: Explanation) -> list[Explanation]:
        """With one change more, but all of them single slips: likelier, perhaps, than what is no slip."""
        keys = blamed.keys
        sets = {
            each: search.system
            for search in searches
            for each in search.sets_of(len(keys) + 1, lambda key: not self.printed[key].is_blank)
            if not keys <= each
        }
        rivals = (self._explanation(each, sets[each]) for each in sorted(sets, key=sorted))
        return [each for each in rivals if each.has_only_slips]

    def _explanation(self, keys: frozenset[Key], system: System) -> Explanation:
        """What the cells of a set that mends everything should be."""
        return Explanation(tuple(self._change(key, keys, system) for key in sorted(keys)))

    def _change(self, key: Key, changed: frozenset[Key], system: System) -> Change:
        printed = self.printed[key]
        ends = [system.bound(key, changed, side) for side in ("lowest", "highest")]
        lowest, highest = (None if end is None else printed.value + end for end in ends)
        half = Fraction(printed.place, 2) if printed.half or printed.is_blank else 0
        first = None if lowest is None else math.ceil((lowest - half) / printed.place)
        last = None if highest is None else math.floor((highest + half) / printed.place)
        figure = self._meant(printed, first, last, changed)
        kind = kind_of(printed.figure, figure)
        return Change(key, lowest, highest, first, last, figure, kind, COSTS[kind])

    def _meant(self, printed: Printed, first: int | None, last: int | None, changed: frozenset[Key]) -> int | None:
        """The likeliest figure from the first to the last: a slip comes first, then what makes most sums exact."""
        ends = -math.inf if first is None else first, math.inf if last is None else last
        middle = Fraction(printed.value, printed.place) if None in (first, last) else Fraction(first + last, 2)
        votes = self._votes(printed, changed)
        likely = slips(printed.figure) if printed.figure is not None else {}
        for figures in (likely, votes, [] if None in (first, last) else [round(middle)]):
            possible = [each for each in figures if ends[0] <= each <= ends[1]]
            if possible:
                return min(possible, key=lambda each: (-votes[each], abs(each - middle), each))
        return None

    def _votes(self, printed: Printed, changed: frozenset[Key]) -> Counter[int]:
        """How many sums each figure would make exact, of those in which nothing else is wrong."""
        votes: Counter[int] = Counter()
        for identity in self.uses[printed.key]:
            if not identity.at_most and len(changed & identity.terms.keys()) == 1:
                change = Fraction(identity.right, identity.terms[printed.key])
                votes[round((printed.value + change) / printed.place)] += 1
        return votes


def _findings(system: System) -> int:
    """How much is wrong in a report: identities that no true values satisfy, or conflicts that share no cell.

    A wrong figure breaks something. Where mending takes more changes than something is broken, more figures would have
    to be wrong together in such a way that all other identities hold.
    """
    return len(system.broken()) or len(system.conflicts())


def together(parts: Iterable[Explained], most: int) -> Explained:
    """The explanations of a report whose parts share no cell: one of each part that has some, in every combination.

    Of more combinations than `most` the likeliest are listed, and each explanation of a part in its likeliest one.
    """
    whole = Explained([Explanation(())], 1, is_complete=True)
    for part in parts:
        lefts, rights = whole.explanations, part.explanations or [Explanation(())]
        pairs = sorted(product(lefts, rights), key=lambda pair: pair[0].cost + pair[1].cost)
        listed = pairs[:most]
        listed += [(lefts[0], each) for each in rights if not any(right is each for _, right in listed)]
        listed += [(each, rights[0]) for each in lefts if not any(left is each for left, _ in listed)]
        whole = Explained(
            [Explanation(left.changes + right.changes) for left, right in listed],
            whole.number * max(part.number, 1),
            whole.is_complete and part.is_complete,
            [*whole.clusters, *part.clusters],
        )
    return whole
