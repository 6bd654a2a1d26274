"""The smallest sets of cells whose change alone makes all identities of a report possible.

Every conflict names cells of which one is wrong, whatever else is: those left in its sum. So a set of changes hits
every conflict, and a tree that branches over the cells of a conflict not hit yet meets every smallest set
(Reiter 1987).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from final_accounts.explaining.system import System


@dataclass(frozen=True)
class Explanations:
    """All smallest sets, and whether the search came to its end: if not, others of this size or smaller may exist."""

    sets: list[frozenset[str]]
    is_complete: bool


class _BoundReachedError(Exception):
    pass


class _Search:
    def __init__(self, system: System, most_questions: int) -> None:
        self.system = system
        self.questions_left = most_questions
        self.conflicts: list[frozenset[str]] = []
        self.answers: dict[frozenset[str], frozenset[str] | None] = {}

    def sets_of(self, size: int, changed: frozenset[str], seen: set[frozenset[str]]) -> Iterator[frozenset[str]]:
        """Sets of `size` cells that contain `changed` and mend everything."""
        if changed in seen:
            return
        seen.add(changed)
        left = size - len(changed)
        if self._at_least(changed) > left:
            return
        conflict = self._unhit(changed)
        if conflict is None:
            yield changed
            return
        if left:
            for cell in sorted(conflict):
                yield from self.sets_of(size, changed | {cell}, seen)

    def _at_least(self, changed: frozenset[str]) -> int:
        """How many more changes are needed at least: conflicts that share no cell need one each."""
        taken: set[str] = set()
        number = 0
        for conflict in self.conflicts:
            if not conflict & changed and not conflict & taken:
                taken |= conflict
                number += 1
        return number

    def _unhit(self, changed: frozenset[str]) -> frozenset[str] | None:
        known = [conflict for conflict in self.conflicts if not conflict & changed]
        if known:
            return min(known, key=len)
        if changed not in self.answers:
            if not self.questions_left:
                raise _BoundReachedError
            self.questions_left -= 1
            found = self.system.conflict(changed)
            self.answers[changed] = None if found is None else self._suspects(found)
            if found is not None:
                self.conflicts.append(self.answers[changed])
                self.conflicts.sort(key=len)
        return self.answers[changed]

    def _suspects(self, multipliers: dict) -> frozenset[str]:
        return frozenset(key for key in self.system.combined(multipliers) if self.system.cells[key].can_be_wrong)


def smallest_change_sets(system: System, most_changes: int = 6, most_questions: int = 2000) -> Explanations:
    """All sets of the fewest cells, each checked exactly; the empty set alone where the report is possible."""
    search = _Search(system, most_questions)
    found: list[frozenset[str]] = []
    try:
        for size in range(most_changes + 1):
            # conflicts met on the way only prune what cannot be a set, so that none is missed
            for each in search.sets_of(size, frozenset(), set()):
                found.append(each)
            if found:
                return Explanations(found, is_complete=True)
    except _BoundReachedError:
        pass
    return Explanations(found, is_complete=False)
