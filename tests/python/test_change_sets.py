"""The search for wrong cells agrees with trying every set of cells on small reports."""

import random
from itertools import combinations

import pytest
from final_accounts.explaining.change_sets import Explanations, Search, smallest_change_sets
from final_accounts.explaining.system import Cell, Identity, System, irreducible

COLUMNS = ("total", "basic", "project")


def report(wrong: int, seed: int) -> System:
    """A table of a total row and three children with three columns; amounts print 100 units as one, some are wrong."""
    chance = random.Random(seed)
    true = {(row, column): chance.randint(0, 90_000) for row in "abc" for column in COLUMNS[1:]}
    true |= {(row, "total"): true[row, "basic"] + true[row, "project"] for row in "abc"}
    true |= {("sum", column): sum(true[row, column] for row in "abc") for column in COLUMNS}
    prints = {key: (value + 50) // 100 * 100 for key, value in true.items()}
    for key in chance.sample(sorted(prints), wrong):
        prints[key] += chance.choice((-9_000, -700, 400, 3_000))
    cells = [Cell("/".join(key), value - 50, value + 50) for key, value in prints.items()]
    rows = [
        Identity(f"row {row}", {f"{row}/total": 1, f"{row}/basic": -1, f"{row}/project": -1})
        for row in ("a", "b", "c", "sum")
    ]
    sums = [
        Identity(f"sum {column}", {f"sum/{column}": 1} | {f"{row}/{column}": -1 for row in "abc"}) for column in COLUMNS
    ]
    parts = [Identity(f"part {row}", {f"{row}/basic": 1, f"{row}/total": -1}, at_most=True) for row in "abc"]
    return System(cells, rows + sums + parts)


def explained(system: System, most_questions: int = 2000) -> Explanations:
    """What the search finds."""
    return smallest_change_sets([Search(system, most_questions)])


def tried(system: System, most: int) -> list[frozenset[str]]:
    """Every smallest set by trying all of them."""
    for size in range(most + 1):
        sets = [frozenset(each) for each in combinations(system.cells, size)]
        found = [each for each in sets if not system.conflicts(each)]
        if found:
            return found
    return []


@pytest.mark.parametrize("wrong", [0, 1, 2])
def test_the_search_finds_exactly_the_sets_that_trying_all_of_two_cells_finds(wrong: int) -> None:
    """Reports without an error, with one and with two."""
    for seed in range(30):
        system = report(wrong, seed)
        explanations = explained(system)
        assert explanations.is_complete
        assert sorted(map(sorted, explanations.sets)) == sorted(map(sorted, tried(system, 2))), seed


def three_prints() -> System:
    """One figure printed three times, each 10 units (one place) above the one before: pairs of neighbours agree."""
    cells = [Cell(name, value - 5, value + 5) for name, value in (("first", 0), ("second", 10), ("third", 20))]
    ties = [("first", "second"), ("second", "third")]
    return System(cells, [Identity(f"{left}={right}", {left: 1, right: -1}) for left, right in ties])


def test_identities_that_hold_one_by_one_can_be_impossible_together() -> None:
    """Each pair of neighbours is within its rounding; the first and the third are not."""
    system = three_prints()
    (found,) = system.conflicts()
    assert sorted(irreducible(system, found)) == ["first=second", "second=third"]


def test_either_end_explains_prints_that_drift_apart_and_the_middle_does_not() -> None:
    """The middle may stay: without one end the two others agree."""
    assert sorted(map(sorted, explained(three_prints()).sets)) == [["first"], ["third"]]


def test_a_cell_of_the_year_before_is_never_changed() -> None:
    """It is proved in the report of its own year."""
    cells = [Cell("prior", -5, 5, can_be_wrong=False), Cell("opening", 45, 55)]
    system = System(cells, [Identity("same", {"prior": 1, "opening": -1})])
    assert list(explained(system).sets) == [frozenset({"opening"})]


def test_a_search_that_may_not_ask_enough_says_that_it_is_not_complete() -> None:
    """What was not searched to the end is never told as if it were."""
    assert not explained(report(2, 1), most_questions=1).is_complete
