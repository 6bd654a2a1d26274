"""The smallest sets of cells whose change alone makes all identities of a report possible.

Every conflict names cells of which one is wrong, whatever else is: those left in its sum. So a set of changes hits
every conflict, and a tree that branches over the cells of a conflict not hit yet meets every smallest set
(Reiter 1987).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from final_accounts.explaining.system import Key, Multipliers, System


@dataclass(frozen=True)
class Explanations:
    """All smallest sets with the system that each mends, and whether the search came to its end.

    If it did not, others of this size or smaller may exist.
    """

    sets: dict[frozenset[Key], System]
    is_complete: bool


class BoundReachedError(Exception):
    """The search asked as many questions as it may."""


class Search:
    """What was learned of a report so far: the conflicts met, and which changes leave some."""

    def __init__(self, system: System, most_questions: int) -> None:
        self.system = system
        self.questions_left = most_questions
        self.conflicts: list[frozenset[Key]] = []
        self.mends: set[frozenset[Key]] = set()
        for multipliers in system.broken():
            self._learn(multipliers)

    def sets_of(self, size: int, is_candidate: Callable[[Key], bool] = lambda _: True) -> Iterator[frozenset[Key]]:
        """Sets of `size` cells that mend everything, or fewer where those do."""
        yield from self._extended(size, frozenset(), set(), is_candidate)

    def _extended(
        self, size: int, changed: frozenset[Key], seen: set[frozenset[Key]], is_candidate: Callable[[Key], bool]
    ) -> Iterator[frozenset[Key]]:
        if changed in seen:
            return
        seen.add(changed)
        conflict = self._unhit(changed, size - len(changed))
        if conflict is None:
            if changed in self.mends:
                yield changed
            return
        for cell in sorted(conflict):
            if is_candidate(cell):
                yield from self._extended(size, changed | {cell}, seen, is_candidate)

    def _unhit(self, changed: frozenset[Key], left: int) -> frozenset[Key] | None:
        """Cells of which one must change, too; none where nothing more has to, or too much."""
        known = [conflict for conflict in self.conflicts if not conflict & changed]
        if not known and changed not in self.mends:
            if not self.questions_left:
                raise BoundReachedError
            self.questions_left -= 1
            found = self.system.conflicts(changed)
            if not found:
                self.mends.add(changed)
            known = [self._learn(each) for each in found]
        if not known or _at_least(known) > left:
            return None
        # with one change left it must hit them all
        return frozenset.intersection(*known) if left == 1 else min(known, key=len)

    def _learn(self, multipliers: Multipliers) -> frozenset[Key]:
        cells = self.system.suspects(multipliers)
        self.conflicts.append(cells)
        return cells


def _at_least(conflicts: list[frozenset[Key]]) -> int:
    """How many changes are needed at least: conflicts that share no cell need one each."""
    taken: set[Key] = set()
    number = 0
    for conflict in sorted(conflicts, key=len):
        if not conflict & taken:
            taken |= conflict
            number += 1
    return number


def smallest_change_sets(searches: Sequence[Search], most_changes: int = 6) -> Explanations:
    """All sets of the fewest cells, each checked exactly; the empty set alone where the report is possible.

    The systems of the searches have the same cells and differ in what these can stand for: a set has to mend one.
    """
    found: dict[frozenset[Key], System] = {}
    try:
        for size in range(most_changes + 1):
            for search in searches:
                # conflicts met on the way only prune what cannot be a set, so that none is missed
                for each in search.sets_of(size):
                    found.setdefault(each, search.system)
            if found:
                return Explanations(found, is_complete=True)
    except BoundReachedError:
        pass
    return Explanations(found, is_complete=False)
