"""Which cells of the explanations of a report are blamed, and which are one of several that explain it equally."""

import math
from collections.abc import Sequence, Set

from final_accounts.explaining.system import Key


def clusters_of(sets: Sequence[frozenset[Key]], certain: Set[Key]) -> list[frozenset[Key]]:
    """The cells of all explanations of a part of a report in groups: one alone is blamed, of several some are wrong.

    Where there is one explanation, each of its cells is blamed. Of several explanations those cells are that stand in
    each, if they are `certain`; the others are told in groups which vary apart from each other, so that each
    explanation takes one choice of each group.
    """
    if not sets:
        return []
    in_all = frozenset.intersection(*sets)
    blamed = in_all if len(sets) == 1 else in_all & certain
    others = frozenset().union(*sets) - blamed
    return [frozenset({key}) for key in sorted(blamed)] + (_groups(sets, others) if others else [])


def _groups(sets: Sequence[frozenset[Key]], cells: frozenset[Key]) -> list[frozenset[Key]]:
    groups: list[frozenset[Key]] = []
    for key in sorted(cells):
        rivals = cells.difference(*(each for each in sets if key in each)) | {key}
        groups = [each for each in groups if not each & rivals] + [
            rivals.union(*(each for each in groups if each & rivals))
        ]
    choices = math.prod(len({each & group for each in sets}) for group in groups)
    # they vary apart from each other if and only if each choice of one goes with each of the others
    is_apart = choices == len({each & cells for each in sets}) and all(len(group) > 1 for group in groups)
    return groups if is_apart else [cells]
